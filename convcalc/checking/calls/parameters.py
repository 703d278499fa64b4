"""What each parameter of a function is: known by its name, else by its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from convcalc.checking.operations import Operation
from convcalc.formulas import ConvcalcError
from convcalc.text import counted, listed

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
    "kernel_size": "k kernel ksize kernelsize f filter field flt filt kern win window block patch",
    "stride": "s stride strides",
    "padding": "p pad padding",
    "dilation": "d dil dilation",
    "output_size": "out output o x img image in input target",
}
"""What stands before or after the axis where two parameters make one argument: k_h and k_w."""
COUPLES = {
    "output_size": (("h", "w"), ("height", "width")),
    "kernel_size": (("hh", "ww"),),
}
"""What else two parameters are called that make one argument."""
ALONE = {"padwidth": "padding"}
"""What is the whole of an argument where there is no other half."""
FOLLOWING = {
    "bias": ALSO["bias"],
    "kernel_size": ALSO["kernel_size"],
    "in_channels": (
        "inchannels cin inch nin inputchannels channels c numchannels inputdepth indepth inc "
        "nchannels inchannel inputchannel numinputchannels"
    ),
    "out_channels": (
        "outchannels cout outch nout outputchannels numfilters nfilters numkernels filters "
        "kernels depth outc outputdepth outdepth nkernels outchannel outputchannel "
        "numoutputchannels f"
    ),
    "batch_size": "batchsize batch n b numsamples nsamples",
    "input_shape": "inputshape inputsize inputdim xshape imageshape inshape",
    "learning_rate": "learningrate lr eta",
}
"""What a function may need that follows from the tensors, and what people call it."""
CACHES = "cache caches saved memory stash ctx context"
CONTAINERS = (
    f"{CACHES} convparam convparams param params parameters hparam hparams hparameters "
    "hyperparameters config cfg opts options settings"
)
"""What holds several arguments, so that it can't be one."""
CACHE = "cache"
"""The argument that is what the forward pass keeps."""
SETTINGS = "settings"
"""The argument that is a dictionary of options."""
USUAL_KEYS = ("stride", "pad")
"""The keys of such a dictionary where they can't be seen."""
HAS_BIAS = "whether there is a bias"
"""The argument that is a flag of a constructor's."""
WEIGHTS = "w weight weights"
"""What a constructor calls the weight, to which a kernel is a size."""
AXES = (("h", "w"), ("height", "width"), ("y", "x"), ("rows", "cols"))


PARTNERS = (*AXES, ("1", "2"), ("m", "n"))
"""How two parameters differ that may be a height and a width, where their place says of what."""


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
        return cls(name, kind, required, _in_tuples(default))

    @property
    def is_flag(self) -> bool:
        """Whether its default tells that it is yes or no, whatever its name."""
        return isinstance(self.default, bool)


def _in_tuples(value: Any) -> Any:
    return tuple(_in_tuples(each) for each in value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Bound:
    """A parameter and the argument that it is, or a half of; it may be none that is known."""

    parameter: Parameter
    argument: str
    axis: int | None = None
    keys: tuple[Bound, ...] = ()
    """What is in it by which name, where it is a dictionary of options."""


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
    for argument in arguments:
        for couple in COUPLES.get(argument, ()):
            for axis, name in enumerate(couple):
                roles.setdefault(name, (argument, axis))
    return roles


def _by_name(parameters: Sequence[Parameter], roles: Mapping[str, Role]) -> dict[str, Role]:
    """Return the parameters that are known by their names; a half is none without the other."""
    found: dict[str, Role] = {}
    for parameter in parameters:
        role = roles.get(letters(parameter.name))
        if role is not None and role not in found.values() and not parameter.is_flag:
            found[parameter.name] = role
    there = set(found.values())
    by_name: dict[str, Role] = {}
    for name, (argument, axis) in found.items():
        if axis is None or ((argument, None) not in there and (argument, 1 - axis) in there):
            by_name[name] = argument, axis
        elif (argument, None) not in there and ALONE.get(letters(name)) == argument:
            by_name[name] = argument, None
    return by_name


NOTHING = ""
"""The argument that a parameter is which isn't known."""
ANYTHING = (Parameter("args", "VAR_POSITIONAL", False), Parameter("kwargs", "VAR_KEYWORD", False))
"""The parameters of a function that says nothing of them."""


def bind(
    operation: Operation,
    target: str,
    described: Sequence[Parameter],
    keys: Mapping[str, Sequence[str]] | None = None,
    cached: bool = False,
) -> Signature:
    """Return which argument of the operation each parameter is.

    `keys` are those by which a function takes something from a parameter; `cached` says that there
    is a cache to hand over.
    Raises ConvcalcError where there are too few, or one that isn't known and can't be left out.
    """
    containers = _containers(operation, described, keys or {}, cached)
    try:
        signature = _bind(operation, target, [e for e in described if e.name not in containers])
    except ConvcalcError:
        return _bind(operation, target, described)
    order = [each.name for each in described]
    bound = list(signature.bound)
    for name, container in containers.items():
        before = order[: order.index(name)]
        at = sum(each.parameter.name in before for each in bound)
        bound.insert(at, container)
    return replace(signature, bound=tuple(bound))


def _containers(
    operation: Operation,
    described: Sequence[Parameter],
    keys: Mapping[str, Sequence[str]],
    cached: bool,
) -> dict[str, Bound]:
    """Return the parameters that hold several arguments: a cache, or a dictionary of options."""
    roles = _roles(operation, operation.options)
    known = roles | _following_roles(operation)
    found: dict[str, Bound] = {}
    for each in described:
        name = letters(each.name)
        if each.kind.startswith("VAR_") or (
            name not in CONTAINERS.split() and each.name not in keys
        ):
            continue
        if cached and name in CACHES.split():
            found[each.name] = Bound(each, CACHE)
            continue
        inside = [
            Bound(Parameter(key, "EITHER", True), *known[letters(key)])
            for key in keys.get(each.name, USUAL_KEYS)
            if letters(key) in known
        ]
        if inside and (each.required or each.name in keys) and name not in CACHES.split():
            found[each.name] = Bound(each, SETTINGS, keys=tuple(inside))
    return found


def bind_constructor(
    operation: Operation, target: str, described: Sequence[Parameter]
) -> tuple[Bound, ...]:
    """Return what is known of the parameters that a class is made with.

    Raises ConvcalcError where one isn't known and can't be left out.
    """
    arguments = ["kernel_size", *operation.sizes, *operation.options, "bias"]
    roles: dict[str, Role] = {}
    if "weight" in operation.tensors:
        roles |= dict.fromkeys(WEIGHTS.split(), ("weight", None))
    for name, role in _following_roles(operation).items():
        if role[0] in ("in_channels", "out_channels", "input_shape"):
            roles.setdefault(name, role)
    roles = _roles(operation, list(dict.fromkeys(arguments))) | roles
    found = _by_name(described, roles)
    bound = []
    for each in described:
        if each.name in found:
            bound.append(Bound(each, *found[each.name]))
        elif each.is_flag and roles.get(letters(each.name), ("",))[0] == "bias":
            bound.append(Bound(each, HAS_BIAS))
        elif each.required and each.kind not in ("VAR_POSITIONAL", "VAR_KEYWORD"):
            raise ConvcalcError(f"{target} is made with {_cannot_be_known(operation, each.name)}")
    return tuple(bound)


def _bind(operation: Operation, target: str, described: Sequence[Parameter]) -> Signature:
    placed = [each for each in described if each.kind in ("POSITIONAL_ONLY", "EITHER")]
    named = [each for each in described if each.kind == "KEYWORD_ONLY"]
    kinds = {each.kind for each in described}
    roles = _required_roles(operation, placed, named)
    if len({argument for argument, _ in roles.values()}) < len(operation.required):
        for each in (*placed, *named):
            if letters(each.name) in CONTAINERS.split():
                raise ConvcalcError(
                    f"{target} takes {each.name}, which {operation.name} isn't called with: it is "
                    f"called with {', '.join(operation.required)}"
                )
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
    needed = [each for each in others if each.name not in roles and each.required]
    roles |= _by_name(needed, _following_roles(operation))
    for each in needed:
        if each.name not in roles:
            raise ConvcalcError(f"{target} needs {_cannot_be_known(operation, each.name)}")
    unknown = [each for each in others if each.name not in roles]
    return Signature(
        tuple(Bound(each, *roles.get(each.name, (NOTHING, None))) for each in (*placed, *named)),
        tuple(each.name for each in unknown),
        "VAR_KEYWORD" in kinds,
    )


def _following_roles(operation: Operation) -> dict[str, Role]:
    """Return what each name stands for of what follows from the tensors of an operation."""
    roles: dict[str, Role] = {}
    for argument in operation.following:
        for name in (letters(argument), *FOLLOWING[argument].split()):
            roles.setdefault(name, (argument, None))
        for name, role in _roles(operation, [argument] if argument in HALVES else []).items():
            roles.setdefault(name, role)
    return roles


def _cannot_be_known(operation: Operation, name: str) -> str:
    """Return that a parameter isn't known, and what would help."""
    known = f"or one of the names {listed(operation.options)}"
    helps = "a default for it would do"
    if letters(name) not in CONTAINERS.split():
        helps += f", {known}"
    return f"{name}, which {operation.name} isn't called with: {helps}"


def _required_roles(
    operation: Operation, placed: Sequence[Parameter], named: Sequence[Parameter]
) -> dict[str, Role]:
    """Return which parameters are the tensors and sizes: by their names, the others in order.

    In order come first those that have no default and no name of an option. Two that are a height
    and a width make one size.
    """
    every = [each for each in (*placed, *named) if _may_be_required(each)]
    roles = _by_name(every, _roles(operation, operation.required))
    options = _by_name(placed, _roles(operation, operation.options))
    following = _following_roles(operation)
    found = {argument for argument, _ in roles.values()}
    missing = [argument for argument in operation.required if argument not in found]
    free = [each for each in placed if each.name not in roles and _may_be_required(each)]
    of_sizes = any(argument in operation.sizes for argument in missing)
    units = _with_partners(free) if of_sizes else [(each,) for each in free]
    units.sort(
        key=lambda unit: (
            not unit[0].required,
            unit[0].name in options,
            letters(unit[0].name) in following,
        )
    )
    chosen = units[: len(missing)]
    in_order = sorted(chosen, key=lambda unit: min(placed.index(each) for each in unit))
    for unit, argument in zip(in_order, missing, strict=False):
        if len(unit) == 1:
            roles[unit[0].name] = argument, None
        elif argument in operation.sizes:
            roles |= {each.name: (argument, axis) for axis, each in enumerate(unit)}
    return roles


def _may_be_required(parameter: Parameter) -> bool:
    return not parameter.is_flag and letters(parameter.name) not in CONTAINERS.split()


def _with_partners(parameters: Sequence[Parameter]) -> list[tuple[Parameter, ...]]:
    """Return parameters, a height and a width of the same thing as one: k_h and k_w."""
    by_letters = {letters(each.name): each for each in parameters}
    units: list[tuple[Parameter, ...]] = []
    for each in parameters:
        if any(each in unit for unit in units):
            continue
        name = letters(each.name)
        for axes, axis in product(PARTNERS, (0, 1)):
            others = {
                axes[1 - axis] + name.removeprefix(axes[axis]): name.startswith(axes[axis]),
                name.removesuffix(axes[axis]) + axes[1 - axis]: name.endswith(axes[axis]),
            }
            partners = [
                by_letters[other]
                for other, is_one in others.items()
                if is_one and other in by_letters
            ]
            if partners:
                units.append((each, partners[0]) if axis == 0 else (partners[0], each))
                break
        else:
            units.append((each,))
    return units
