"""Ask NumPy what comes of small arrays, and keep it in numpy.json.

Run with NumPy 2 and PyTorch 2.13.0: python tests/data/make_numpy.py

A case is an expression and its value: arrays as [kind, nested lists], tensors made of them as
[dtype, sizes, numbers], single numbers as [kind, number].
"""

import json
from pathlib import Path

import numpy as np
import torch

A = "np.array([[1, 2, 3], [4, 5, 6]])"
F = "np.array([0.5, 1.5, -2.0])"
EXPRESSIONS = [
    f"{A}[:, 0::2]", f"{A}[1]", f"{A}[1, 2]", f"{A}[-1, ::-1]", f"{A}[..., 1]", f"{A}[:, None, 1]",
    f"{A}[1:, :2]", f"{A}.T", f"{A}[0][1]", f"{A}.sum(0)", f"{A}.mean()", f"{A}.max()",
    f"np.sin({A}[:, 0::2])", f"{F}.astype(np.float32)", f"{F}.astype(np.float32) * 2",
    f"{F}.astype('float32') + {F}", f"np.exp({F}.astype(np.float32))",
    "np.eye(3)", "np.eye(2, 3)", "np.eye(3).flatten().astype(np.float32)", "np.eye(2, dtype=int)",
    "np.diff([1, 4, 9, 16])", f"np.diff({F})", "np.zeros((2, 3))", "np.ones(2, dtype=np.int64)",
    "np.ceil(np.log(48)).astype('int').item()", "np.ceil(2.5).astype(int)", "np.sqrt(2) * 3",
    "np.prod([2, 3])", "np.prod([2, 3]) * 2.5", "(np.floor(7 / 2) + 1).item()", "-np.ceil(2.5)",
    "np.prod([2, 3]).item() // 4", "np.prod((4, 5)) % 7", "2 ** np.log2(8)", "abs(np.floor(-2.5))",
    "np.array([5, 6])[0] * 2", "np.array([5, 6])[0] / 4", "np.array(3.5).item()",
    "torch.from_numpy(np.array([1, 0, 1]).astype(np.float32)).view(1, 3)",
    f"torch.from_numpy({A})", f"torch.FloatTensor({A})", f"torch.tensor({F})",
    f"torch.from_numpy({F}.astype(np.float32))", f"torch.LongTensor({A})",
    "np.atleast_1d(5)", f"np.atleast_1d({F})", "np.sign(-2.5)", f"np.sign({F})",
    "np.mean([1, 2, 4])", f"np.mean({A}, 1)", "bool(np.isnan(float('nan')))", f"np.maximum({A}, 2)",
    f"np.power({F}, 2)",
    "np.minimum(3, 2)", "int(np.gcd(12, 18))", f"np.sum({A}, axis=0)", f"np.max({A})",
    f"np.argmax({F})", f"np.sqrt({A})", f"np.abs({F})", "np.floor_divide(7, 2)", "np.sqrt.__name__",
    f"{A} + {A}", f"{A} * 2 - 1", f"2 ** {A}", f"{A} / 2", f"-{F}", f"{A} > 2",
    f"{A}.reshape(3, 2)",
    f"{A}.reshape(-1)", f"list({A}.shape)", f"{A}.ndim", f"{A}.size", f"len({A})", f"{A}.tolist()",
    f"[each.tolist() for each in {A}]", f"{A}.min(1)", f"{A}.prod()", f"{A}.argmax(1)",
    f"({A} == {A}).all()", f"({F} > 1).any()", f"{A}.ravel()", f"{A}.copy()",
    f"{A}.astype(bool)", f"{A}.item(2)",
    "list(torch.zeros(np.prod([2, 3])).shape)", "np.power(10000, 2 * (3 // 2) / 8)",
]  # fmt: skip
SET = [
    ("a = np.zeros((2, 4))", "a[:, 0::2] = np.sin(a[:, 0::2]) + 1", "a"),
    ("a = np.zeros((2, 3))", "a[1] = [1, 2, 3]", "a"),
    ("a = np.zeros((2, 3), dtype=int)", "a[:, 1] = 7", "a"),
    ("a = np.zeros((2, 2, 2))", "a[1, :, 0] = 5", "a"),
    ("a = np.zeros(3)", "a[0] = 2", "a[0] * 2"),
]


def told(value):
    """Return a value as the test compares it."""
    if isinstance(value, torch.Tensor):
        numbers = [round(each, 5) for each in value.flatten().tolist()]
        return [str(value.dtype), list(value.shape), numbers]
    kind = value.dtype.name if isinstance(value, (np.ndarray, np.generic)) else type(value).__name__
    plain = value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
    return [kind.replace("float64", "float").replace("int64", "int"), rounded(plain)]


def rounded(value):
    """Return numbers, in lists too, to five places."""
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return round(value, 5) if isinstance(value, float) else value


def main():
    """Write what NumPy says."""
    cases = [{"lines": [], "value": each} for each in EXPRESSIONS]
    cases += [{"lines": [first, second], "value": value} for first, second, value in SET]
    for case in cases:
        names = {"np": np, "torch": torch}
        for line in case["lines"]:
            exec(line, names)
        case["is"] = told(eval(case["value"], names))
    lines = ",\n".join(json.dumps(case) for case in cases)
    path = Path(__file__).with_name("numpy.json")
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
