"""torch's kinds of numbers: one table of them, what two make together, and what a number becomes.

Source: https://docs.pytorch.org/docs/stable/tensor_attributes.html, and `promoteTypes` of PyTorch's
c10/core/ScalarType.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from math import isfinite

from convcalc.network.torch.errors import misfit
from convcalc.reading.values import Value

KINDS = ("bool", "int", "any", "float", "complex")
"""Categories of numbers, each able to hold those before it; `any` is nobody's word for one."""


class DType(Value):
    """One of torch's kinds of numbers."""

    __slots__ = ("digits", "exponent", "itemsize", "kind", "name", "signed")
    single = True

    def __init__(self, name: str, kind: str, itemsize: int, digits: int, exponent: int) -> None:
        self.name = name
        self.kind = kind
        """Its category, one of KINDS."""
        self.itemsize = itemsize
        """The bytes of a number; of a complex one both parts together."""
        self.digits = digits
        """The binary digits of a number: without its sign, or of its significand."""
        self.exponent = exponent
        """The largest exponent of 2; 0 where numbers have no point."""
        self.signed = kind not in ("bool",) and not name.startswith("uint")

    def get(self, name: str) -> object:
        """Return an attribute, as torch.dtype has it."""
        if name in ("is_floating_point", "is_complex", "is_signed", "itemsize"):
            answers: dict[str, object] = {
                "is_floating_point": self.kind in ("float", "any"),
                "is_complex": self.kind == "complex",
                "is_signed": self.signed,
                "itemsize": self.itemsize,
            }
            return answers[name]
        if name == "to_real":
            return lambda: REAL.get(self, self)
        if name == "to_complex":
            return lambda: COMPLEX.get(self, self)
        return super().get(name)

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DType) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def has_point(self) -> bool:
        """Whether its numbers may lie between whole ones, as far as anybody said."""
        return self.kind in ("float", "complex")

    def cast(self, value: complex) -> complex | None:
        """Return a number as this kind keeps it; None where it can't say."""
        if self.kind == "bool":
            return bool(value)
        if isinstance(value, complex):
            return value if self.kind == "complex" else None
        if self.kind == "complex":
            return complex(value)
        if self.kind == "int":
            if not isfinite(value) or (isinstance(value, float) and abs(value) >= 2**self.digits):
                return None
            span = 2 ** (8 * self.itemsize)
            whole = int(value) % span
            return whole - span if self.signed and whole >= span // 2 else whole
        try:
            return _rounded(float(value), self.name)
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")


def _rounded(value: float, name: str) -> float:
    """Return the nearest number that a kind with a point can hold."""
    form = {"float16": "e", "float32": "f", "bfloat16": "f", "float64": "d"}.get(name)
    if form is None:
        return value
    kept: float = struct.unpack(form, struct.pack(form, value))[0]
    if name != "bfloat16" or not isfinite(value):
        return kept
    bits: int = struct.unpack("I", struct.pack("f", kept))[0]
    bits = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000  # to the nearest, ties to even
    rounded: float = struct.unpack("f", struct.pack("I", bits))[0]
    return rounded


ROWS = (
    ("bool", "bool", 1, 1, 0, ()),
    ("uint8", "int", 1, 8, 0, ("byte",)),
    ("int8", "int", 1, 7, 0, ("char",)),
    ("int16", "int", 2, 15, 0, ("short",)),
    ("int32", "int", 4, 31, 0, ("int",)),
    ("int64", "int", 8, 63, 0, ("long",)),
    ("uint16", "int", 2, 16, 0, ()),
    ("uint32", "int", 4, 32, 0, ()),
    ("uint64", "int", 8, 64, 0, ()),
    ("float16", "float", 2, 11, 16, ("half",)),
    ("bfloat16", "float", 2, 8, 128, ()),
    ("float32", "float", 4, 24, 128, ("float",)),
    ("float64", "float", 8, 53, 1024, ("double",)),
    ("float8_e4m3fn", "float", 1, 4, 9, ()),
    ("float8_e5m2", "float", 1, 3, 16, ()),
    ("complex32", "complex", 4, 11, 16, ("chalf",)),
    ("complex64", "complex", 8, 24, 128, ("cfloat",)),
    ("complex128", "complex", 16, 53, 1024, ("cdouble",)),
)
"""Name, category, bytes, digits, exponent, and torch's other names for it. Of numbers that don't
end where IEEE 754 says, finfo() knows where they do."""

DTYPES: dict[str, DType] = {}
"""torch's kinds of numbers by all of their names."""
ALIASES: dict[str, DType] = {}
"""Those by the other names, which are methods of a tensor too."""
for _name, _kind, _bytes, _digits, _exponent, _others in ROWS:
    DTYPES[_name] = DType(_name, _kind, _bytes, _digits, _exponent)
    for _other in _others:
        DTYPES[_other] = ALIASES[_other] = DTYPES[_name]

BOOL, INT64, INT32 = DTYPES["bool"], DTYPES["int64"], DTYPES["int32"]
FLOAT32, FLOAT64, COMPLEX64 = DTYPES["float32"], DTYPES["float64"], DTYPES["complex64"]
ANY = DType("float32", "any", 4, 24, 128)
"""That of an input of which nobody said the kind: torch's default, if it is asked."""
COMPLEX = {
    DTYPES["float16"]: DTYPES["complex32"], FLOAT32: COMPLEX64, FLOAT64: DTYPES["complex128"],
    ANY: COMPLEX64, DTYPES["bfloat16"]: COMPLEX64,
}  # fmt: skip
"""Kinds of complex numbers, by those of their parts."""
REAL = {made: part for part, made in COMPLEX.items() if part.kind == "float"} | {COMPLEX64: FLOAT32}


def rank(dtype: DType) -> int:
    """Return the place of a kind's category among those that hold one another."""
    return KINDS.index(dtype.kind)


def dtype_of(value: object, otherwise: DType) -> DType:
    """Return the kind that an argument `dtype` names; another one where it is None."""
    if value is None:
        return otherwise
    if isinstance(value, DType):
        return value
    if isinstance(value, type) and value in OF_PYTHON:
        return {bool: BOOL, int: INT64, float: FLOAT64, complex: DTYPES["complex128"]}[value]
    raise misfit(f"{value!r} is not a dtype", TypeError)


OF_PYTHON: dict[type, DType] = {bool: BOOL, int: INT64, float: FLOAT32, complex: COMPLEX64}
"""What torch makes of Python's numbers."""


def of_number(value: object) -> DType:
    """Return the kind that one of Python's numbers is taken for."""
    return next((OF_PYTHON[each] for each in type(value).__mro__ if each in OF_PYTHON), FLOAT32)


def _of_two(one: DType, other: DType) -> DType:
    """Return the kind that tensors of two kinds make together."""
    if one is other:
        return one
    for first, second in ((one, other), (other, one)):
        barely = first.name in BARELY and second.kind != "float"
        if barely or first.name.startswith("float8"):
            raise misfit(f"{one} and {other} make no kind together")
    if one.kind != other.kind:
        lower, higher = sorted((one, other), key=rank)
        if higher.kind == "complex" and lower.kind == "float":
            return _of_two(COMPLEX[lower], higher)
        return higher
    if one.kind == "int" and one.signed is not other.signed:
        signed = one if one.signed else other
        return signed if signed.itemsize > 1 else DTYPES["int16"]
    if one.itemsize != other.itemsize:
        return max(one, other, key=lambda each: each.itemsize)
    return FLOAT32  # float16 and bfloat16


BARELY = ("uint16", "uint32", "uint64")
"""Kinds of whole numbers that torch barely knows."""


def _together(dtypes: Sequence[DType]) -> DType | None:
    result: DType | None = None
    for dtype in dtypes:
        result = dtype if result is None else _of_two(result, dtype)
    return result


def promoted(tensors: Sequence[DType], single: Sequence[DType], numbers: Sequence[DType]) -> DType:
    """Return the kind that tensors, tensors of a single number and Python's numbers make together.

    Each of these groups counts only where its category is above that of those before it.
    Source: `result_type` of PyTorch's ATen/native/TypeProperties.
    """
    given = [*tensors, *single, *numbers]
    found: DType | None = None
    for group in (numbers, single, tensors):
        one = _together([FLOAT32 if each is ANY else each for each in group])
        if found is None or one is None:
            found = found or one
        elif found.kind == "complex" and one.kind == "float":
            found = COMPLEX[one]
        elif rank(found) <= rank(one):
            found = one
    if ANY in given and all(each is ANY or each.kind in ("bool", "int") for each in given):
        return ANY
    return found or FLOAT32


def with_point(dtype: DType) -> DType:
    """Return the kind that functions make which give no whole numbers."""
    return dtype if dtype.has_point else FLOAT32


class Limits(Value):
    """What finfo and iinfo say of a kind of numbers."""

    __slots__ = ("answers",)

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers = answers

    def get(self, name: str) -> object:
        """Return one of the numbers."""
        return self.answers[name] if name in self.answers else super().get(name)

    def __repr__(self) -> str:
        return f"limits of {self.answers['dtype']}"


def finfo(type: object = None) -> Limits:
    """Return what numbers with a point there are; source: torch.finfo."""
    dtype = dtype_of(type, FLOAT32)
    dtype = REAL.get(dtype, dtype)
    if dtype.kind not in ("float", "any"):
        raise misfit(f"finfo() takes a kind with a point, not {dtype}", TypeError)
    largest = (2 - 2.0 ** (1 - dtype.digits)) * 2.0 ** (dtype.exponent - 1)
    if dtype.name == "float8_e4m3fn":
        largest = 448.0  # its largest pattern is no number
    smallest = 2.0 ** {"float8_e4m3fn": -6}.get(dtype.name, 2 - dtype.exponent)
    decimals = int((dtype.digits - 1) * 0.30102999566398120)
    return Limits({
        "bits": 8 * dtype.itemsize, "max": largest, "min": -largest,
        "eps": 2.0 ** (1 - dtype.digits), "tiny": smallest, "smallest_normal": smallest,
        "resolution": float(f"1e-{decimals}"), "dtype": dtype.name,
    })  # fmt: skip


def iinfo(type: object) -> Limits:
    """Return what whole numbers there are; source: torch.iinfo."""
    dtype = dtype_of(type, INT64)
    if dtype.kind != "int":
        raise misfit(f"iinfo() takes a kind of whole numbers, not {dtype}", TypeError)
    return Limits({
        "bits": 8 * dtype.itemsize, "max": 2**dtype.digits - 1,
        "min": -(2**dtype.digits) if dtype.signed else 0, "dtype": dtype.name,
    })  # fmt: skip
