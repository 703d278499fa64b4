"""NumPy's small arrays and single numbers, as NumPy has them."""

import json
from pathlib import Path

import pytest

from convcalc.network.libraries import find
from convcalc.network.packages.arrays import Array
from convcalc.network.packages.scalars import Scalar, Single
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.files import read

CASES = json.loads((Path(__file__).parents[2] / "data" / "numpy.json").read_text())
START = "import numpy as np\nimport torch\n"


def rounded(value):
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return round(value, 5) if isinstance(value, float) else value


def told(value):
    if isinstance(value, Tensor):
        return [repr(value.dtype), list(value.shape), rounded(list(value.values))]
    if isinstance(value, Array):
        kind = "float32" if value.kind is Single else value.kind.__name__
        return [kind, rounded(value.tolist())]
    plain = value.item() if isinstance(value, Scalar) else value
    return [type(plain).__name__, rounded(plain)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "; ".join([*case["lines"], case["value"]]))
def test_as_numpy(case):
    program = "\n".join([START, *case["lines"], f"said = {case['value']}"])
    assert told(read(program, importer=find)["said"]) == case["is"]


@pytest.mark.parametrize(
    ("words", "kind", "message"),
    [
        ("np.zeros((2, 3))[:, :, 0]", IndexError, "too many indices"),
        ("np.zeros(3)[5]", IndexError, "out of range"),
        ("0\na = np.zeros((2, 3))\na[0] = [1, 2]", ValueError, "could not broadcast"),
    ],
)
def test_raised_as_numpy_does(words, kind, message):
    with pytest.raises(kind, match=message):
        read(f"{START}said = {words}", importer=find)


@pytest.mark.parametrize(
    "words",
    [
        *("np.zeros(3)[[True, False, True]]", "np.zeros(3)[[0, 2]]", "np.zeros(3).std()"),
        *("np.eye(2) @ np.eye(2)", "np.eye(2).item(1, 1)", "np.zeros('3')", "np.diff(np.eye(2))"),
        *("np.sqrt(-1.0)", "np.sqrt(np.eye(2), where=5)", "np.random.normal()", "np.fromfile"),
        *("np.random.gamma(2)", "np.prod(np.eye(2), keepdims=True)", "np.eye(2).sum((0, 1))"),
    ],
)
def test_what_is_not_followed(words):
    said = read(f"{START}said = {words}", importer=find)["said"]
    with pytest.raises(NotUnderstood):
        bool(said)
