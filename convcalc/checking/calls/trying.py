"""How a function is called, as far as only trying it tells: by which names, with ints or pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, product
from typing import Any

from convcalc.checking.calls.call import Calling
from convcalc.checking.calls.parameters import ALSO, Bound, Parameter
from convcalc.checking.cases import Case, Form, trial
from convcalc.checking.layouts import Layout
from convcalc.checking.operations import DEFAULTS
from convcalc.checking.process import Raised, Reply

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
        reply = ask(calling, case)
        if reply.refused:
            return "weight" not in calling.put
        return reply.raised is None or not refuses(reply.raised)

    start = _first_that_is_taken(calling, layout, takes)
    if start is None:  # whatever is tried, it is refused: as the reference is called, then
        return untried(calling)
    calling = _with_bias(_with_tried_names(start, layout, ask), layout, ask)
    for each in calling.parameters:
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


def _with_bias(calling: Calling, layout: Layout, ask: Ask) -> Calling:
    """Return it with the bias among what an object holds, where it holds one."""
    if "weight" not in calling.put:
        return calling
    options = {"bias": True} if "bias" in calling.operation.options else {}
    reply = ask(calling, trial(calling.operation, options, calling.forms, layout))
    return replace(calling, put=("weight", "bias")) if "bias" in reply.put else calling


def untried(calling: Calling) -> Calling:
    """Return how a function is called that can't be tried: as the reference is."""
    return replace(calling, bound=(*calling.bound, *_options_left(calling)))


def _first_that_is_taken(calling: Calling, layout: Layout, takes: Takes) -> Calling | None:
    """Return it with the first forms that it takes of what it can't do without."""
    operation = calling.operation
    names = [*operation.sizes]
    names += [
        each.argument
        for each in calling.parameters
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
        for each in calling.parameters
        if each.parameter.required and each.argument in TRIED
    }
    words: dict[str, Form] = {
        each.argument: "word"
        for each in calling.parameters
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
