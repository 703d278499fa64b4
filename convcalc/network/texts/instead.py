"""What people have instead of a model, met by its name, with what would do.

Nothing is unpickled or loaded: of a file the beginning is looked at, and the list of what a zip
holds.
"""

from __future__ import annotations

import re
from pathlib import Path

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.network.texts.wrapped import is_python

BEGINNING = 8192
"""How many bytes of a file say what it is."""
LONGEST_HEADER = 2**24
"""The most bytes of a header, or of a zip's list, that are read."""
MOST_ENTRIES = 100_000
"""The most entries of a zip that are counted."""

WOULD_DO = "what print(model) shows, or the model's source, would do"
IN_PYTORCH = "PyTorch's alone is read: print(model) of the same in PyTorch, or its source, would do"

SUFFIXES = {
    ".pt": "weights", ".pth": "weights", ".ckpt": "weights", ".bin": "weights",
    ".safetensors": "weights", ".gguf": "weights (GGUF)", ".pkl": "a pickle",
    ".npz": "arrays of NumPy's", ".npy": "an array of NumPy's", ".onnx": "an ONNX graph",
    ".h5": "HDF5, which Keras saves", ".hdf5": "HDF5, which Keras saves",
    ".keras": "a model that Keras has saved", ".pb": "a graph of TensorFlow's",
    ".tflite": "a model of TensorFlow Lite's", ".mlmodel": "a model of Core ML's",
}  # fmt: skip
"""What is in files that are no texts, by the ends of their names."""
MAGIC = (
    (0, b"\x89HDF\r\n\x1a\n", "HDF5, which Keras saves"),
    (0, b"GGUF", "weights (GGUF)"),
    (4, b"TFL3", "a model of TensorFlow Lite's"),
    (0, b"\x93NUMPY", "an array of NumPy's"),
)
"""What files begin with: from which byte, which bytes, and what they are."""
PICKLE = re.compile(rb"\x80[\x02-\x05]")
STORAGE = re.compile(r"(.*/)?data/\d+")
"""The place of a tensor's numbers in what torch.save writes."""


def check_file(path: Path) -> None:
    """Raise ConvcalcError where a file is no text but something known by name."""
    try:
        with open(path, "rb") as file:
            beginning = file.read(BEGINNING)
    except (OSError, ValueError):
        return  # who reads it says why it can't be read
    kind = _kind(path, beginning)
    if kind:
        raise ConvcalcError(f"{path.name} holds {kind}, and no layers to follow: {WOULD_DO}")


def _kind(path: Path, beginning: bytes) -> str:
    """Return what a file holds; nothing where it may be a text."""
    for start, magic, kind in MAGIC:
        if beginning[start : start + len(magic)] == magic:
            return kind
    if beginning.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if beginning[8:9] == b"{" and int.from_bytes(beginning[:8], "little") < LONGEST_HEADER:
        return _safetensors(path, int.from_bytes(beginning[:8], "little"))
    if PICKLE.match(beginning):
        return "weights, or something else that is pickled, which is never opened"
    if _is_text(beginning):
        return ""
    return SUFFIXES.get(path.suffix.lower(), "")


def _is_text(beginning: bytes) -> bool:
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        beginning[:-4].decode("utf-8")  # the last character may be cut
    except UnicodeDecodeError:
        return False
    return b"\0" not in beginning


def _zipped(path: Path) -> str:
    """Return what a zip holds, by the names in it."""
    import zipfile  # here, since it takes long to load, and few ask for it

    kind = SUFFIXES.get(path.suffix.lower(), "a zip file")
    try:
        if not _is_short(path):
            return kind
        with zipfile.ZipFile(path) as file:
            names = file.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return kind
    if any("/code/" in name for name in names):
        return "a model of TorchScript, whose classes have lost their forwards"
    if any(name.rpartition("/")[2] == "data.pkl" for name in names):
        count = sum(STORAGE.fullmatch(name) is not None for name in names)
        return f"weights, {text.counted(count, 'tensor')} as torch.save stores them"
    if "config.json" in names:
        return "a model that Keras has saved"
    return kind


def _is_short(path: Path) -> bool:
    """Return whether the list at the end of a zip is short enough to read."""
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 2**16 - 22))
        end = file.read()
    at = end.rfind(b"PK\x05\x06")
    entries = int.from_bytes(end[at + 10 : at + 12], "little")
    length = int.from_bytes(end[at + 12 : at + 16], "little")
    return at >= 0 and entries < min(MOST_ENTRIES, 2**16 - 1) and length < LONGEST_HEADER


def _safetensors(path: Path, length: int) -> str:
    """Return how many tensors there are, by the header that says where each stands."""
    import json  # here, since it takes long to load, and few ask for it

    with open(path, "rb") as file:
        file.seek(8)
        words = file.read(length)
    try:
        header = json.loads(words)
    except (ValueError, RecursionError):
        return SUFFIXES.get(path.suffix.lower(), "")
    count = len(header.keys() - {"__metadata__"}) if isinstance(header, dict) else 0
    return f"weights, {text.counted(count, 'tensor')} by its header"


# ---------------------------------------------------------------------------------------------
# Texts
# ---------------------------------------------------------------------------------------------

TABLES = (
    ("a table of torchinfo's", re.compile(r"Layer \(type[^)\n]{0,40}:depth-idx")),
    ("a table of torchsummary's", re.compile(r"^-{20,} *\n *Layer \(type\) +Output Shape", re.M)),
    ("a summary of Keras'", re.compile(r"^[^\w\n]*Layer \(type\)[^\w\n]+Output Shape", re.M)),
    ("a table of Lightning's", re.compile(r"^[^\S\n]*\| Name +\| Type +\| Params", re.M)),
)
"""Tables of layers, which leave out what their layers are made with; looked for line by line."""
SOURCES = {
    "tensorflow": "a Keras source", "keras": "a Keras source", "flax": "a Flax source",
    "mlx": "an MLX source", "haiku": "a Haiku source", "equinox": "an Equinox source",
    "paddle": "a Paddle source",
}  # fmt: skip
"""What a source is that imports this, and nothing of PyTorch's."""
IMPORTED = re.compile(r"^[^\S\n]*(?:import|from)[^\S\n]+(\w+)", re.M)
ALSO = re.compile(r"^[^\S\n]*import[^\n#]*,[^\S\n]*(\w+)", re.M)
OF_PYTORCH = {"torch", "torchvision", "timm", "pytorch_lightning", "lightning", "transformers"}


def check_text(words: str, name: str) -> None:
    """Raise ConvcalcError where a text is no model of PyTorch's but something known by name."""
    for kind, table in TABLES:
        if table.search(words) and not is_python(words):
            raise ConvcalcError(
                f"{name} holds {kind}, which doesn't show what the layers are made with: {WOULD_DO}"
            )
    imported = {*IMPORTED.findall(words), *ALSO.findall(words)}
    found = next((kind for module, kind in SOURCES.items() if module in imported), None)
    if found is not None and not imported & OF_PYTORCH:
        raise ConvcalcError(f"{name} is {found}, and {IN_PYTORCH}")
