"""Mend broken networks as convcalc says, and keep in mends.json whether PyTorch runs them.

Run with PyTorch 2.13.0: python tests/data/make_mends.py

A line per network: "target" and "input" as in models.json, "error", the first line of what
PyTorch raises, and "mends": the edits or inputs that convcalc names, the best first, each with
"runs", which is what PyTorch says of the changed file, on batches of two and of three.
"""

import json
import shutil
import sys
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import torch
from load_model import build
from run_pytorch import one_line, tensor

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parents[1]))

from convcalc.network.model import followed  # noqa: E402

KEYS = ("file", "line", "old", "new")
RGB, DIGIT = (3, 32, 32), (1, 28, 28)
CASES = [
    ("features.py:Digits()", DIGIT),
    ("features.py:Chained()", RGB),
    ("features.py:Hidden()", (40,)),
    ("features.py:Unflattened()", RGB),
    ("features.py:fixed", DIGIT),
    ("features.py:Two()", RGB),
    ("features.py:Backbone()", RGB),
    ("features.py:Recurrent()", (9, 12)),
    ("channels.py:Small()", RGB),
    ("channels.py:Several()", (1, 64, 64)),
    ("channels.py:Towers()", RGB),
    ("channels.py:Residual()", RGB),
    ("channels.py:Grey()", DIGIT),
    ("channels.py:Dense()", RGB),
    ("channels.py:Sum()", RGB),
    ("sizes.py:UNet()", (3, 50, 50)),
    ("sizes.py:UNet()", (3, 64, 70)),
    ("sizes.py:Bilinear()", (1, 33, 33)),
    ("sizes.py:Autoencoder()", DIGIT),
    ("sizes.py:Refine()", (8, 32, 32)),
    ("sizes.py:Critic()", (3, 16, 16)),
    ("sizes.py:Branches()", RGB),
    ("sizes.py:Valid()", (1, 41, 41)),
    ("sizes.py:Waves()", (2, 102)),
    ("sizes.py:Patches()", (3, 48, 48)),
    ("rows.py:Numbered()", DIGIT),
    ("rows.py:Everything()", (3, 8, 8)),
    ("rows.py:Method()", (3, 8, 8)),
    ("rows.py:Layer()", (3, 8, 8)),
    ("rows.py:Shaped()", (64,)),
    ("rows.py:Moved()", (6, 24)),
    ("rows.py:Compared()", (3, 8, 8), (10,)),
    ("axes.py:Last()", (20, 24, 3)),
    ("axes.py:Steps()", (50, 6)),
    ("axes.py:Normed()", (7, 5)),
    ("axes.py:Kind()", RGB),
    ("axes.py:Flat()", (10,)),
    ("axes.py:Heads()", (5, 90)),
    ("axes.py:Encoder()", (9, 16)),
    ("axes.py:Product()", (7, 32)),
    ("axes.py:Gate()", (6, 9, 9)),
    ("axes.py:Normal()", (3, 12, 12)),
    ("axes.py:Groups()", RGB),
    ("ways.py:Listed()", RGB),
    ("ways.py:Held()", RGB),
    ("ways.py:Above()", RGB),
    ("ways.py:Looped()", (20,)),
    ("ways.py:Squared()", RGB),
    ("ways.py:Halved()", (12,)),
    ("ways.py:Tupled()", (9, 12)),
    ("ways.py:Trailing()", (12,)),
    ("ways.py:Maps()", RGB),
    ("ways.py:Named()", RGB),
    ("ways.py:Unpacked()", RGB),
    ("heads.py:Checked()", (10, 64)),
    ("heads.py:Refusing()", (100,)),
    ("heads.py:Unchecked()", (10, 48)),
    ("heads.py:Positions()", (90, 16)),
    ("states.py:Reader()", (7, 10)),
    ("states.py:Deep()", (5, 6)),
    ("states.py:Flat()", (5, 6)),
    ("states.py:Turned()", (5, 6)),
    ("channels.py:Shuffled()", RGB),
    ("ways.py:Uncalled()", RGB),
]


def error_of(path, expression, shapes, build=build):
    """Return what PyTorch says of a model in a file: None where it runs, whatever the batch."""
    try:
        with redirect_stdout(StringIO()):
            model = build(path, expression).eval()
            for samples in (2, 3):
                inputs = [tensor(list(shape), "float", samples) for shape in shapes]
                with torch.no_grad():
                    model(*inputs)
    except Exception as error:
        return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
    return None


def put_in(root, edits):
    """Change files below a folder, as a mend says."""
    for file, line, old, new, _ in edits:
        path = root / file
        lines = path.read_text(encoding="utf-8").split("\n")
        assert lines[line - 1].count(old) == 1, (file, line, old)
        lines[line - 1] = lines[line - 1].replace(old, new)
        path.write_text("\n".join(lines), encoding="utf-8")


def tried(folder, root, file, expression, shapes, mend, build=build):
    """Return a mend with what PyTorch says of it, in a copy of a folder.

    The names of files in edits begin in `root`, a folder within that one.
    """
    with tempfile.TemporaryDirectory() as temporary:
        shutil.copytree(folder, temporary, dirs_exist_ok=True)
        if mend.inputs is None:
            put_in(Path(temporary) / root, mend.edits)
        shapes = mend.inputs or shapes
        runs = error_of(Path(temporary) / file, expression, shapes, build) is None
    if mend.inputs is not None:
        return {"inputs": [list(shape) for shape in mend.inputs], "runs": runs}
    return {"edits": [dict(zip(KEYS, each, strict=False)) for each in mend.edits], "runs": runs}


def answer(target, *shapes):
    """Return a case with what convcalc says, and what PyTorch says of that."""
    file, _, expression = target.partition(":")
    folder = FOLDER / "mends"
    error = error_of(folder / file, expression, shapes)
    assert error is not None, f"{target} fits"
    found = followed(folder / file, expression, [tuple(each) for each in shapes]).error
    assert found is not None, f"{target}: {error}"
    mends = [tried(folder, "", file, expression, shapes, each) for each in found.mends]
    return {"target": target, "input": [list(each) for each in shapes], "error": error,
            "mends": mends}  # fmt: skip


def summed_up(answers):
    """Print how many first mends run."""
    first = [each["mends"][0]["runs"] for each in answers if each["mends"]]
    every = [mend["runs"] for each in answers for mend in each["mends"]]
    print(f"{len(answers)} networks, {len(first)} of them with a mend, of which {sum(first)} run; "
          f"of all {len(every)} mends {sum(every)}; PyTorch {torch.__version__}")  # fmt: skip


def main():
    answers = [answer(*case) for case in CASES]
    lines = ",\n".join(map(one_line, answers))
    FOLDER.joinpath("mends.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    for each in answers:
        print(each["target"], each["error"], json.dumps(each["mends"][:1]), sep=" | ")
    summed_up(answers)


if __name__ == "__main__":
    main()
