"""What each parameter of a function is: known by its name, else by its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from convcalc.checking.operations import Operation
from convcalc.formulas import ConvcalcError
from convcalc.text import counted

ALSO = {
    "x": "input inputs inp image images img imgs im data tensor batch xin",
    "u": "unfolded cols col columns patches rows ut utilde matrix",
    "weight": "w weights kernel kernels filter filters k wt kern f",
    "grad_y": (
        "gradoutput gradout outgrad outputgrad gradoutputs dout dy gy yg ygrad dldy dlossdy "
        "upstream upstreamgrad grad delta dz gradz gout"
    ),
    "output_size": (
        "outsize outputshape outshape size shape inputsize inputshape imagesize imageshape "
        "imgsize imgshape xsize xshape hw targetsize"
    ),
    "kernel_size": (
        "kernel ksize k kernelshape kshape ks filtersize filtershape filter windowsize window "
        "patchsize patch kern f"
    ),
    "bias": "b biases",
    "stride": "strides s step steps stepsize stridesize hop hopsize hoplength",
    "padding": "pad pads paddings p padsize paddingsize zeropad zeropadding padamount",
    "dilation": "dilations d dil dilate dilationrate dilationfactor rate atrous",
    "groups": "group g ngroups numgroups groupcount",
}
"""What else people call an argument, without underscores and capitals."""
HALVES = {
    "kernel_size": "k kernel ksize kernelsize f filter",
    "stride": "s stride strides",
    "padding": "p pad padding",
    "dilation": "d dil dilation",
    "output_size": "out output o x",
}
"""What stands before or after the axis where two parameters make one argument: k_h and k_w."""
AXES = (("h", "w"), ("height", "width"), ("y", "x"), ("rows", "cols"))


@dataclass(frozen=True)
class Parameter:
    """A parameter as the child describes it."""

    name: str
    kind: str
    """`EITHER`, or one of the other names that `inspect.Parameter` has for a kind."""
    required: bool
    default: Any = None

    @classmethod
    def described(cls, name: str, kind: str, required: bool, default: Any) -> Parameter:
        """Return a parameter of the child's description, in which tuples are lists."""
        return cls(name, kind, required, tuple(default) if isinstance(default, list) else default)


@dataclass(frozen=True)
class Bound:
    """A parameter and the argument that it is, or a half of; it may be none that is known."""

    parameter: Parameter
    argument: str
    axis: int | None = None


@dataclass(frozen=True)
class Signature:
    """What a function's parameters are, in their order."""

    bound: tuple[Bound, ...]
    unknown: tuple[str, ...]
    """Parameters that are none of the operation's, left at their defaults."""
    open_ended: bool
    """Whether it takes any other name."""


def letters(name: str) -> str:
    """Return a name without what people write differently in it: capitals and underscores."""
    return name.lower().replace("_", "")


Role = tuple[str, int | None]
"""The argument that a parameter is, and of which axis if it is half of one."""


def _roles(operation: Operation, arguments: Sequence[str]) -> dict[str, Role]:
    """Return what each name that is known for one of these arguments stands for."""
    roles: dict[str, Role] = {}
    for argument in arguments:
        for name in (letters(argument), *ALSO[argument].split()):
            roles.setdefault(name, (argument, None))
    for argument in arguments:
        for stem, axes in product(HALVES.get(argument, "").split(), AXES):
            for axis, name in enumerate(axes):
                roles.setdefault(stem + name, (argument, axis))
                roles.setdefault(name + stem, (argument, axis))
    if "output_size" in arguments:
        for axes in AXES[:2]:
            for axis, name in enumerate(axes):
                roles.setdefault(name, ("output_size", axis))
    return roles


def _by_name(parameters: Sequence[Parameter], roles: Mapping[str, Role]) -> dict[str, Role]:
    """Return the parameters that are known by their names; a half is none without the other."""
    found: dict[str, Role] = {}
    for parameter in parameters:
        role = roles.get(letters(parameter.name))
        if role is not None and role not in found.values():
            found[parameter.name] = role
    there = set(found.values())
    return {
        name: (argument, axis)
        for name, (argument, axis) in found.items()
        if axis is None or ((argument, None) not in there and (argument, 1 - axis) in there)
    }


NOTHING = ""
"""The argument that a parameter is which isn't known."""
ANYTHING = (Parameter("args", "VAR_POSITIONAL", False), Parameter("kwargs", "VAR_KEYWORD", False))
"""The parameters of a function that says nothing of them."""


def bind(operation: Operation, target: str, described: Sequence[Parameter]) -> Signature:
    """Return which argument of the operation each parameter is.

    Raises ConvcalcError where there are too few, or one that isn't known and can't be left out.
    """
    placed = [each for each in described if each.kind in ("POSITIONAL_ONLY", "EITHER")]
    named = [each for each in described if each.kind == "KEYWORD_ONLY"]
    kinds = {each.kind for each in described}
    roles = _required_roles(operation, placed, named)
    if len({argument for argument, _ in roles.values()}) < len(operation.required):
        roles = {
            each.name: (argument, None)
            for each, argument in zip(placed, operation.required, strict=False)  # of the shorter
        }
        rest = operation.required[len(placed) :]
        if rest and "VAR_POSITIONAL" not in kinds:
            raise ConvcalcError(
                f"{target} takes {counted(len(placed), 'argument')} by position: "
                f"{operation.name} is called with {', '.join(operation.required)}"
            )
        placed += [Parameter(f"*{argument}", "POSITIONAL_ONLY", True) for argument in rest]
        roles |= {f"*{argument}": (argument, None) for argument in rest}
    others = [each for each in (*placed, *named) if each.name not in roles]
    roles |= _by_name(others, _roles(operation, operation.options))
    unknown = [each for each in others if each.name not in roles]
    for each in unknown:
        if each.required:
            raise ConvcalcError(
                f"{target} needs {each.name}, which {operation.name} isn't called with: "
                f"{', '.join(operation.options)} would do"
            )
    return Signature(
        tuple(Bound(each, *roles.get(each.name, (NOTHING, None))) for each in (*placed, *named)),
        tuple(each.name for each in unknown),
        "VAR_KEYWORD" in kinds,
    )


def _required_roles(
    operation: Operation, placed: Sequence[Parameter], named: Sequence[Parameter]
) -> dict[str, Role]:
    """Return which parameters are the tensors and sizes: by their names, the others in order.

    In order come first those that have no default and no name of an option.
    """
    roles = _by_name([*placed, *named], _roles(operation, operation.required))
    options = _by_name(placed, _roles(operation, operation.options))
    found = {argument for argument, _ in roles.values()}
    missing = [argument for argument in operation.required if argument not in found]
    free = [each for each in placed if each.name not in roles]
    free.sort(key=lambda each: (not each.required, each.name in options))
    chosen = [each.name for each in free[: len(missing)]]
    in_order = [each.name for each in placed if each.name in chosen]
    roles |= {name: (argument, None) for name, argument in zip(in_order, missing, strict=False)}
    return roles
