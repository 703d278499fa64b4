"""What there is to say of how a function is called: how it was read, and what isn't asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convcalc.checking.calls.call import VALID, Calling, has_a_default_of_its_own
from convcalc.checking.calls.parameters import CACHE, HAS_BIAS, NOTHING, SETTINGS, letters
from convcalc.checking.cases import Form
from convcalc.checking.operations import DEFAULTS
from convcalc.checking.process import Raised
from convcalc.text import listed


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
    yield from _made(calling)
    yield from _needed(calling)
    yield from _unknown(calling)
    if calling.ignored:
        yield (
            f"It takes any name, but does nothing with {listed(calling.ignored)}, whatever that is "
            "called."
        )
    for each in calling.parameters:
        if has_a_default_of_its_own(each):
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


def _made(calling: Calling) -> Iterator[str]:
    """Yield what is done before a function is called."""
    if calling.constructor is not None:
        own = listed(calling.put) if calling.put else ""
        holding = f", and what it holds is set to the case's {own}" if own else ""
        yield f"{calling.made} is made with each case's arguments{holding}."
    if calling.forward is not None:
        yield f"{calling.forward_name} is called first, and what it keeps is handed over."
    if calling.differentiated:
        yield "It is a forward pass: PyTorch's autograd is asked for its gradients."


FORMS: dict[Form, str] = {
    "int": "Always one int, as a pair is refused: {}.",
    "pair": "Always a pair, as one int is refused: {}.",
    "ends": "Handed over like its default, ((top, bottom), (left, right)): {}.",
    "four": "Handed over like its default, as four numbers, which are always the same: {}.",
    "word": "Always 'valid', which means no padding, as a number is refused: {}.",
    "shape": "Always (b, c, h, w), as a pair is refused: {}.",
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
    for each in calling.parameters:
        if each.argument not in (
            NOTHING,
            CACHE,
            SETTINGS,
            HAS_BIAS,
        ) and not each.parameter.name.startswith("*"):
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
    instead = instead_of(raised, handed_as, libraries)
    if instead is not None and instead != handed_as:
        return _handed_instead(handed_as, instead)
    if raised.type in ("TypeError", "RuntimeError") and "tuple" in raised.text:
        return "A size of the kernel or output is handed over as a pair, (h_k, w_k), or as one int."
    if always and len(libraries) == 1 and libraries[0] != handed_as:
        return _handed_instead(handed_as, libraries[0])
    return None


def _handed_instead(handed_as: str, instead: str) -> str:
    return f"The tensors are {TENSORS[handed_as]}: --as {instead} hands over {TENSORS[instead]}."


def instead_of(raised: Raised, handed_as: str, libraries: Sequence[str]) -> str | None:
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
