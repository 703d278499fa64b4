"""How a function is called: what is handed over as what, and in what form it is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from typing import Any

from convcalc.checking.cases import Case, Form, Layout, in_form, trial
from convcalc.checking.operations import DEFAULTS, Operation
from convcalc.checking.parameters import ALSO, ANYTHING, NOTHING, Bound, Parameter, bind, letters
from convcalc.checking.process import Raised, Reply
from convcalc.text import listed


@dataclass(frozen=True)
class Calling:
    """How a function is called as an operation."""

    operation: Operation
    written: str
    """How the function is written where it is called."""
    bound: tuple[Bound, ...]
    unknown: tuple[str, ...] = ()
    """Parameters that are none of the operation's, left at their defaults."""
    open_ended: bool = False
    """Whether it takes any other name."""
    by_position: bool = False
    """Whether it takes nothing by name."""
    wraps: str = ""
    """The function whose parameters are read, where that is another one."""
    forms: Mapping[str, Form] = field(default_factory=dict)
    """Of which sizes it takes one int alone, or a pair alone."""
    ignored: tuple[str, ...] = ()
    """Options that it takes under any name and does nothing with."""

    @property
    def taken(self) -> tuple[str, ...]:
        """The options that it takes."""
        names = {each.argument for each in self.bound}
        return tuple(
            name
            for name in self.operation.options
            if name in names and self.forms.get(name) != "word"
        )

    @property
    def narrowed(self) -> tuple[str, ...]:
        """The options that it doesn't take."""
        return tuple(name for name in self.operation.options if name not in self.taken)

    def arguments(self, case: Case) -> Iterator[tuple[Bound, Any, bool]]:
        """Yield each parameter that is handed over, its value, and whether it goes by position.

        What a case doesn't have stays at its default, unless there is none, or another than the
        reference's, or something that goes by position comes after it.
        """
        in_order = True
        handed, following = case.handed, case.following
        for each in self.bound:
            parameter, name = each.parameter, each.argument
            placed = self.by_position or parameter.kind == "POSITIONAL_ONLY"
            if name in handed:
                value = _formed(handed[name], self.forms.get(name), case)
            elif parameter.required and name in following:
                value = _formed(following[name], self.forms.get(name), case)
            elif parameter.required or _has_a_default_of_its_own(each):
                value = self._neutral(case, each)
            elif placed:
                value = parameter.default
            else:
                in_order = False
                continue
            if each.axis is not None and isinstance(value, tuple):
                value = value[each.axis]
            placed = placed or (name in self.operation.required and in_order)
            in_order = placed = placed and parameter.kind != "KEYWORD_ONLY"
            yield each, value, placed

    def _neutral(self, case: Case, bound: Bound) -> Any:
        """Return a value that changes nothing, for an option that can't be left out."""
        if bound.argument == "bias":
            return [0] * len(case.tensors["weight"])
        form = self.forms.get(bound.argument)
        if form == "word":
            return VALID
        if form is None and isinstance(bound.parameter.default, tuple):
            form = "pair"
        return _formed(in_form(DEFAULTS[bound.argument], form), form, case)

    def request(self, case: Case) -> tuple[list[Any], dict[str, Any]]:
        """Return a case's arguments by position and by name, as the child is asked."""
        positional, named = [], {}
        for each, value, by_position in self.arguments(case):
            sent = {"tensor": value} if isinstance(value, list) else value
            if by_position:
                positional.append(sent)
            else:
                named[each.parameter.name] = sent
        return positional, named

    def names(self, case: Case) -> list[str]:
        """Return the arguments of a case in the order in which they are asked."""
        handed = list(self.arguments(case))
        return [
            each.argument
            for position in (True, False)
            for each, _, by_position in handed
            if by_position == position
        ]

    def text(self, case: Case, made: str) -> str:
        """Return the call as Python that repeats it; `made` makes a tensor of nested lists."""
        positional, named = [], []
        for each, value, by_position in self.arguments(case):
            spelled = repr(value).replace(" ", "")
            if isinstance(value, list):
                spelled = made.format(spelled)
            if by_position:
                positional.append(spelled)
            else:
                named.append(f"{each.parameter.name}={spelled}")
        return f"{self.written}({', '.join([*positional, *named])})"


VALID = "valid"
"""The word for no padding."""


def _formed(value: Any, form: Form | None, case: Case) -> Any:
    """Return a size of a case, which `in_form` has made an int or a pair, as it is handed over."""
    if form == "int" and isinstance(value, tuple):
        return value[0]
    if form == "four":
        return (value,) * 4
    if form == "ends":
        return tuple((each, each) for each in value)
    if form == "shape":
        return case.following["batch_size"], case.following["in_channels"], *value
    return value


def _has_a_default_of_its_own(bound: Bound) -> bool:
    """Whether an option has, where it isn't given, another value than the reference's."""
    default, usual = bound.parameter.default, DEFAULTS.get(bound.argument)
    if default is None or usual is None:
        return False
    if isinstance(default, str):
        return default.lower() != VALID
    return any(each != usual for each in _flat(default))


def _flat(value: Any) -> list[Any]:
    return [v for each in value for v in _flat(each)] if isinstance(value, tuple) else [value]


def _forms_of_defaults(bound: Sequence[Bound]) -> dict[str, Form]:
    """Return in what form paddings are taken whose defaults aren't an int or a pair."""
    forms: dict[str, Form] = {}
    for each in bound:
        default = each.parameter.default
        if each.argument == "padding" and each.axis is None and isinstance(default, tuple):
            if len(default) == 4:
                forms["padding"] = "four"
            elif all(isinstance(ends, tuple) for ends in default):
                forms["padding"] = "ends"
    return forms


def read(operation: Operation, target: str, description: Mapping[str, Any]) -> Calling:
    """Return how a function that the child describes is called, as far as its signature says.

    Raises ConvcalcError where that takes too little, or something that isn't known.
    """
    name = target.rpartition(":")[2]
    made = description["made"]
    told = description["parameters"]
    parameters = ANYTHING if told is None else [Parameter.described(*each) for each in told]
    signature = bind(operation, target, parameters)
    return Calling(
        operation=operation,
        written=f"{made}(){name[len(made) :]}" if made else name,
        bound=signature.bound,
        unknown=signature.unknown,
        open_ended=signature.open_ended,
        by_position=description["by_position"],
        wraps=description["wraps"],
        forms=_forms_of_defaults(signature.bound),
    )


# ---------------------------------------------------------------------------------------------
# What only trying says
# ---------------------------------------------------------------------------------------------

TRIED: dict[str, int] = {"stride": 2, "padding": 1, "dilation": 2}
ANY_NAME: dict[str, Any] = {**TRIED, "groups": 2, "bias": True}
"""What an option is set to in a trial, where a function takes any name."""
Ask = Callable[[Calling, Case], Reply]
"""What becomes of a case, called like that."""
Takes = Callable[[Calling, Case], bool]
"""Whether a function takes what it is called with, whatever it makes of it."""

REFUSING = ("TypeError", "ValueError", "RuntimeError")
"""What Python, NumPy and PyTorch raise where an argument is of the wrong kind."""


def refuses(raised: Raised) -> bool:
    """Whether an error may be about the kind of an argument, and isn't a slip further on."""
    of_an_argument = bool(raised.missing) and raised.missing[0] in ("int", "tuple")
    return raised.explicit or of_an_argument or raised.type in REFUSING


def tried(calling: Calling, layout: Layout, ask: Ask) -> Calling:
    """Return how a function is called, as far as only trying tells: other names, ints or pairs.

    A function that takes any name may still know only some of the options; and one whose sizes
    are ints, or pairs, is right for those.
    """

    def takes(calling: Calling, case: Case) -> bool:
        raised = ask(calling, case).raised
        return raised is None or not refuses(raised)

    start = _first_that_is_taken(calling, layout, takes)
    if start is None:  # whatever is tried, it is refused: as the reference is called, then
        return untried(calling)
    calling = _with_tried_names(start, layout, ask)
    for each in calling.bound:
        name = each.argument
        if name not in TRIED or name in calling.forms or each.axis is not None:
            continue
        number = TRIED[name]
        alone = takes(calling, trial(calling.operation, {name: number}, calling.forms, layout))
        both = (number, number)
        paired = takes(calling, trial(calling.operation, {name: both}, calling.forms, layout))
        if alone != paired:
            form: Form = "int" if alone else "pair"
            calling = replace(calling, forms={**calling.forms, name: form})
        elif not alone and isinstance(each.parameter.default, str):
            calling = replace(calling, forms={**calling.forms, name: "word"})
    return calling


def untried(calling: Calling) -> Calling:
    """Return how a function is called that can't be tried: as the reference is."""
    return replace(calling, bound=(*calling.bound, *_options_left(calling)))


def _first_that_is_taken(calling: Calling, layout: Layout, takes: Takes) -> Calling | None:
    """Return it with the first forms that it takes of what it can't do without."""
    operation = calling.operation
    names = [*operation.sizes]
    names += [
        each.argument
        for each in calling.bound
        if each.argument == "kernel_size" and not names and each.axis is None
    ]
    sizes: list[dict[str, Form]] = [
        dict.fromkeys(chosen, "int")
        for count in range(len(names) + 1)
        for chosen in combinations(reversed(names), count)
    ]
    if "output_size" in names:
        sizes += [{"output_size": "shape"}, {"output_size": "shape", "kernel_size": "int"}]
    needed: dict[str, Form] = {
        each.argument: "pair"
        for each in calling.bound
        if each.parameter.required and each.argument in TRIED
    }
    words: dict[str, Form] = {
        each.argument: "word"
        for each in calling.bound
        if each.argument == "padding" and isinstance(each.parameter.default, str)
    }
    for pairs, ints in product([{}, *filter(None, (needed, words))], sizes):
        attempt = replace(calling, forms={**calling.forms, **ints, **pairs})
        if takes(attempt, trial(operation, {}, attempt.forms, layout)):
            return attempt
    return None


def _options_left(calling: Calling) -> Iterator[Bound]:
    """Yield the options under their own names, where any name is taken."""
    if calling.open_ended:
        for name in calling.narrowed:
            yield Bound(Parameter(name, "KEYWORD_ONLY", False), name)


def _with_tried_names(calling: Calling, layout: Layout, ask: Ask) -> Calling:
    """Return it with the names that it takes and does something with, where it takes any.

    Of what meets an error of its own, whatever it is handed, that can't be told.
    """
    for left in _options_left(calling):
        option = left.argument
        default = {option: option == "bias" or DEFAULTS[option]}
        plain = trial(calling.operation, default, calling.forms, layout)
        case = trial(calling.operation, {option: ANY_NAME[option]}, calling.forms, layout)
        without = ask(calling, case)
        taken = False
        for name in (option, *ALSO[option].split()):
            bound = Bound(Parameter(name, "KEYWORD_ONLY", False), option)
            attempt = replace(calling, bound=(*calling.bound, bound))
            raised = ask(attempt, plain).raised
            if raised is not None and refuses(raised):
                continue
            taken = True
            if raised is not None or ask(attempt, case) != without:
                calling = attempt
                break
        else:
            if taken:
                calling = replace(calling, ignored=(*calling.ignored, option))
    return calling


# ---------------------------------------------------------------------------------------------
# What there is to say of it
# ---------------------------------------------------------------------------------------------


def remarks(calling: Calling) -> Iterator[str]:
    """Yield how the parameters were read, where that isn't plain, and what isn't asked."""
    if calling.wraps:
        yield f"Its parameters are those of {calling.wraps}, which it wraps."
    renamed = [
        f"{listed(names)} {'is' if len(names) == 1 else 'are'} {argument}"
        for argument, names in _names_by_argument(calling).items()
        if [letters(name) for name in names] != [letters(argument)]
    ]
    if renamed:
        yield f"Its parameters are read like this: {', '.join(renamed)}."
    order = [each.argument for each in calling.bound if each.argument in calling.operation.required]
    order = list(dict.fromkeys(order))
    if order != list(calling.operation.required):
        yield f"It is called in its own order: {', '.join(order)}."
    yield from _needed(calling)
    yield from _unknown(calling)
    if calling.ignored:
        yield (
            f"It takes any name, but does nothing with {listed(calling.ignored)}, under that name "
            "or another that is known."
        )
    for each in calling.bound:
        if _has_a_default_of_its_own(each):
            default, usual = each.parameter.default, DEFAULTS[each.argument]
            handed = VALID if calling.forms.get(each.argument) == "word" else usual
            yield (
                f"Its {each.parameter.name} is {default} where it isn't given, the reference's is "
                f"{usual}: {handed} is handed over."
            )
    for form, sentence in FORMS.items():
        names = sorted(name for name, taken in calling.forms.items() if taken == form)
        if names:
            yield sentence.format(listed(names))


FORMS: dict[Form, str] = {
    "int": "Refused as a pair, so that it is always one int: {}.",
    "pair": "Refused as one int, so that it is always a pair: {}.",
    "ends": "Handed over like its default, ((top, bottom), (left, right)): {}.",
    "four": "Handed over like its default, as four numbers, which are always the same: {}.",
    "word": "Refused as a number, so that it is left to be valid, which is none: {}.",
    "shape": "Refused as a pair, so that it is always (b, c, h, w): {}.",
}
"""What there is to say of the form in which sizes are taken."""


def _needed(calling: Calling) -> Iterator[str]:
    """Yield what a function needs that isn't the operation's, and follows from the tensors."""
    needed = dict.fromkeys(
        each.argument
        for each in calling.bound
        if each.argument in calling.operation.following
        and each.argument not in (*calling.operation.required, *calling.operation.options)
    )
    if "bias" in needed:
        yield "It needs a bias, which no gradient depends on: zeros are handed over."
    others = [name for name in needed if name != "bias"]
    if others:
        yield f"What else it needs follows from the tensors: {listed(others)}."


def _unknown(calling: Calling) -> Iterator[str]:
    """Yield which parameters keep their defaults."""
    known = calling.operation.options
    flags = [
        each.parameter
        for each in calling.bound
        if each.parameter.is_flag and each.parameter.name in known
    ]
    for flag in flags:
        yield f"By its default, {flag.default}, its {flag.name} is a flag, and it keeps that."
    unknown = [name for name in calling.unknown if name not in [flag.name for flag in flags]]
    if unknown:
        keep = "it keeps its default" if len(unknown) == 1 else "they keep their defaults"
        yield (
            f"What {listed(unknown)} would be isn't known, so that {keep} and no case asks about "
            f"{'it' if len(unknown) == 1 else 'them'}: {listed(known, 'or')} would be known."
        )


def _names_by_argument(calling: Calling) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for each in calling.bound:
        if each.argument != NOTHING and not each.parameter.name.startswith("*"):
            names.setdefault(each.argument, []).append(each.parameter.name)
    return names


TENSORS = {"list": "nested lists", "numpy": "NumPy's arrays", "torch": "PyTorch's tensors"}
"""What tensors are handed over as."""

LIST_AS_ARRAY = (
    "list indices must be integers or slices",
    "can't multiply sequence by non-int",
    "'list'",
    "not list",
)
"""What Python says where a list is used as an array."""


def hint(
    raised: Raised, handed_as: str, libraries: Sequence[str], always: bool = False
) -> str | None:
    """Return how else a function may want to be called, where its error looks like that.

    `libraries` are those that its own file imports; `always` says that every case is an error.
    """
    instead = _instead(raised, handed_as, libraries)
    if instead is not None and instead != handed_as:
        return _handed_instead(handed_as, instead)
    if raised.type in ("TypeError", "RuntimeError") and "tuple" in raised.text:
        return "A size of the kernel or output is handed over as a pair, (h_k, w_k), or as one int."
    if always and len(libraries) == 1 and libraries[0] != handed_as:
        return _handed_instead(handed_as, libraries[0])
    return None


def _handed_instead(handed_as: str, instead: str) -> str:
    return f"The tensors are {TENSORS[handed_as]}: --as {instead} hands over {TENSORS[instead]}."


def _instead(raised: Raised, handed_as: str, libraries: Sequence[str]) -> str | None:
    """Return what the tensors had better be handed over as, if an error is about that."""
    owner, attribute = raised.missing or ("", "")
    if raised.type in ("TypeError", "RuntimeError") and "Tensor" in raised.text:
        return "torch"
    if owner in ("ndarray", "Tensor"):
        others = "torch" if owner == "ndarray" else "numpy"
        return "list" if hasattr(list, attribute) else others
    used_as_array = raised.type == "TypeError" and any(
        said in raised.text for said in LIST_AS_ARRAY
    )
    if handed_as == "list" and (owner == "list" or used_as_array):
        return "torch" if "torch" in libraries else "numpy"
    return None
