"""What people have instead of a model: named, and told what would do."""

import json
import struct
import zipfile
from pathlib import Path

import pytest

KEPT = Path(__file__).parents[2] / "data" / "instead"
TORCHINFO = """\
==========================================================================================
Layer (type:depth-idx)                   Output Shape              Param #
==========================================================================================
Net                                      [1, 10]                   --
├─Conv2d: 1-1                            [1, 6, 28, 28]            456
==========================================================================================
"""
TORCHSUMMARY = """\
----------------------------------------------------------------
        Layer (type)               Output Shape         Param #
================================================================
            Conv2d-1            [-1, 6, 28, 28]             456
================================================================
"""
KERAS = """\
Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ dense (Dense)                   │ (None, 64)             │           640 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
"""
KERAS_BEFORE = """\
Model: "sequential"
_________________________________________________________________
 Layer (type)                Output Shape              Param #
=================================================================
 dense (Dense)               (None, 64)                640
"""
LIGHTNING = """\
  | Name  | Type   | Params | Mode
-------------------------------------
0 | conv1 | Conv2d | 456    | train
"""


def sentence(run, path):
    result = run(["net", str(path), "--in", "3x8x8"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "print(model)" in result.stderr
    assert "source" in result.stderr
    return result.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("weights.pt", "holds weights, 7 tensors as torch.save stores them"),
        ("training.ckpt", "holds weights, 7 tensors as torch.save stores them"),
        ("old.pth", "holds weights, or something else that is pickled, which is never opened"),
        ("traced.pt", "holds a model of TorchScript"),
    ],
)
def test_what_torch_saves(name, words, run):
    assert f"{name} {words}" in sentence(run, KEPT / name)


def safetensors(header):
    words = json.dumps(header).encode()
    return struct.pack("<Q", len(words)) + words + bytes(16)


@pytest.mark.parametrize("name", ["model.safetensors", "renamed.pt", "without"])
def test_the_header_of_safetensors_counts_tensors(name, run, tmp_path):
    path = tmp_path / name
    entry = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}
    path.write_bytes(safetensors({"a": entry, "b": entry, "__metadata__": {"format": "pt"}}))
    assert f"{name} holds weights, 2 tensors by its header" in sentence(run, path)


def test_a_file_is_known_by_its_beginning_and_else_by_its_name(run, tmp_path):
    for name, content, words in [
        ("model.h5", b"\x89HDF\r\n\x1a\n\0\0", "HDF5"),
        ("weights.pt", b"\x89HDF\r\n\x1a\n\0\0", "HDF5"),
        ("net.onnx", b"\x08\x07\x12\x07pytorch\x1a\x05\xff\xfe\0", "ONNX"),
        ("net.tflite", b"\x1c\0\0\0TFL3\0\0", "TensorFlow Lite"),
        ("net.gguf", b"GGUF\x03\0\0\0", "weights (GGUF)"),
        ("net.safetensors", b"\xff\xff\xff\xff\0\0\0\0{\xff", "weights"),
        ("net.pth", b"PK\x03\x04\0\xff", "weights"),
        ("array.npy", b"\x93NUMPY\x01\0v\0", "NumPy"),
    ]:
        path = tmp_path / name
        path.write_bytes(content)
        assert f"{name} holds" in sentence(run, path)
        assert words in sentence(run, path)


def test_what_keras_saves(run, tmp_path):
    with zipfile.ZipFile(tmp_path / "net.keras", "w") as file:
        file.writestr("config.json", "{}")
        file.writestr("model.weights.h5", b"\x89HDF")
    assert "a model that Keras has saved" in sentence(run, tmp_path / "net.keras")


def test_nothing_of_a_pickle_is_run(run, tmp_path):
    class Loaded:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "touched",))

    import pickle

    (tmp_path / "net.pkl").write_bytes(pickle.dumps(Loaded()))
    sentence(run, tmp_path / "net.pkl")
    assert not (tmp_path / "touched").exists()


def test_a_text_under_the_name_of_weights_is_read(run, tmp_path):
    path = tmp_path / "net.pt"
    path.write_text((KEPT / "printed.txt").read_text())
    assert run(["net", str(path), "--in", "3"]).exit_code == 0


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("torchinfo", TORCHINFO), ("torchsummary", TORCHSUMMARY), ("Keras", KERAS),
        ("Keras", KERAS_BEFORE), ("Lightning", LIGHTNING),
    ],
    ids=["torchinfo", "torchsummary", "keras", "keras-2", "lightning"],
)  # fmt: skip
def test_tables_of_layers(kind, table, run, tmp_path):
    (tmp_path / "table.txt").write_text(table, encoding="utf-8")
    assert f"table.txt holds a {'summary' if kind == 'Keras' else 'table'} of {kind}'" in sentence(
        run, tmp_path / "table.txt"
    )
    piped = run("net --in 3x8x8", input=table)
    assert f"the text holds a {'summary' if kind == 'Keras' else 'table'} of {kind}'" in (
        piped.stderr
    )


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("Keras", "from tensorflow import keras\nmodel = keras.Sequential([])\n"),
        ("Keras", "import keras\nfrom keras import layers\n"),
        ("Flax", "import jax\nimport flax.linen as nn\nclass Net(nn.Module):\n    pass\n"),
        ("Flax", "from flax import linen as nn\n"),
        ("MLX", "import mlx.core as mx\nimport mlx.nn as nn\n"),
    ],
)
def test_sources_of_other_frameworks(kind, lines, run, tmp_path):
    (tmp_path / "net.py").write_text(lines)
    assert f"net.py is a{'n' * (kind == 'MLX')} {kind} source" in sentence(run, tmp_path / "net.py")


def test_a_source_of_pytorch_may_import_others_and_show_their_tables(run, tmp_path):
    (tmp_path / "net.py").write_text(
        f'"""A net.\n\n>>> Net()\n\n```\n{TORCHINFO}{KERAS_BEFORE}```\n"""\n'
        "import tensorflow as tf\nfrom torch import nn\nnet = nn.Sequential(nn.Linear(3, 2))\n",
        encoding="utf-8",
    )
    assert "3 → 2" in run(["net", str(tmp_path / "net.py"), "--in", "3"]).stdout
