"""What a known mistake is: what an implementation that makes it returns.

What goes wrong in any operation is here; each operation's own are in a file beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from convcalc.checking.mistakes.tensors import each_number, summed
from convcalc.checking.windows import Way

Function = Callable[..., Any]


@dataclass(frozen=True)
class Mistake:
    """A mistake that people make, and a function that makes it.

    Where `where` names an option, it is made only where that option is given; where `layout` names
    one, only that layout of unfolded matrices makes it a mistake.
    """

    sentence: str
    imitate: Function
    where: str = ""
    layout: str = ""
    needs: tuple[str, ...] = ()
    """The options that some case has to have for it to be this mistake."""


WHERE = {
    "stride": "where there is a stride",
    "padding": "where there is padding",
    "dilation": "where there is dilation",
    "groups": "where there are groups",
    "bias": "where there is a bias",
}


def also_in_part(
    mistakes: Sequence[Mistake], setting: str, options: Sequence[str]
) -> Iterator[Mistake]:
    """Yield mistakes with one setting, and each of them made only beside another option."""
    for mistake in mistakes:
        yield mistake
        for option in options:
            if option != setting:
                yield replace(
                    mistake, sentence=f"{WHERE[option]}, {mistake.sentence}", where=option
                )


def mistaken(
    ways: Iterable[Way], options: Sequence[str], make: Callable[[Way], Function], begin: str = ""
) -> Iterator[Mistake]:
    """Yield every wrong way of laying windows, made into a function."""
    for way in ways:
        mistake = Mistake(f"{begin}{way.sentence}", make(way), needs=way.needs)
        yield from also_in_part([mistake], way.setting, options if way.setting else ())


def numbers_lost(reference: Function) -> Iterator[Mistake]:
    """Yield what becomes of right numbers in a type that can't hold them."""

    def cut(function: Callable[[float], float]) -> Function:
        return lambda *tensors, **options: each_number(function, reference(*tensors, **options))

    yield Mistake("the results are cut to whole numbers: they are kept in integers", cut(int))
    yield Mistake("the results are rounded to whole numbers", cut(round))
    yield Mistake("the results are rounded down to whole numbers", cut(lambda v: v // 1))
    yield Mistake("the results are kept in 8 bits", cut(lambda v: int(v) % 256))
    yield Mistake("the results are kept in 8 bits", cut(lambda v: (int(v) + 128) % 256 - 128))
    yield Mistake("negative results are cut to zero", cut(lambda v: max(v, 0)))
    yield Mistake("the results have the wrong sign", cut(lambda v: -v))
    yield Mistake("the results are twice as large as they should be", cut(lambda v: 2 * v))
    yield Mistake("the results are half as large as they should be", cut(lambda v: v / 2))


def changed_tensor(reference: Function, at: int, change: Callable[[Any], Any]) -> Function:
    """An operation that does something to one of the tensors that it takes."""

    def wrong(*tensors: Any, **options: Any) -> Any:
        changed = [change(each) if place == at else each for place, each in enumerate(tensors)]
        return reference(*changed, **options)

    return wrong


def kept_in_integers(reference: Function, tensors: Sequence[str]) -> Iterator[Mistake]:
    """Yield what becomes of tensors that are kept in integers before they are used."""
    for at, name in enumerate(tensors):
        for sentence, function in (
            ("is cut to whole numbers: it is kept in integers", int),
            ("is rounded to whole numbers", round),
        ):
            change = partial(each_number, function)
            yield Mistake(f"{name} {sentence}", changed_tensor(reference, at, change))


def changed_result(reference: Function, change: Callable[[Any], Any]) -> Function:
    """Return an operation whose result is changed."""
    return lambda *tensors, **options: change(reference(*tensors, **options))


def samples_lost(reference: Function) -> Iterator[Mistake]:
    """Yield what becomes of the batch axis of a right result."""

    sentence = "only the first sample of the batch is taken"
    for change in (first_alone, first_for_all, others_zero):
        yield Mistake(sentence, changed_result(reference, change))
    sentence = "only the last sample of the batch is taken"
    yield Mistake(sentence, changed_result(reference, lambda result: result[-1:]))
    yield Mistake(sentence, changed_result(reference, lambda result: [result[-1]] * len(result)))
    sentence = "the batch axis is lost"
    yield Mistake(sentence, changed_result(reference, lambda result: result[0]))
    yield Mistake(sentence, changed_result(reference, _without_single_batch))
    sentence = "the axes of length 1 are lost"
    yield Mistake(sentence, changed_result(reference, _squeezed))
    sentence = "the samples are added up"
    yield Mistake(sentence, changed_result(reference, lambda result: [summed(result)]))
    yield Mistake(sentence, changed_result(reference, summed))


def first_alone(result: Any) -> Any:
    """Return the first sample, without the others."""
    return result[:1]


def first_for_all(result: Any) -> Any:
    """Return the first sample in the place of every one."""
    return [result[0]] * len(result)


def others_zero(result: Any) -> Any:
    """Return the first sample, and zeros for the others."""
    return [result[0], *each_number(lambda v: 0, result[1:])]


def _without_single_batch(result: Any) -> Any:
    return result[0] if len(result) == 1 else result


def _squeezed(result: Any) -> Any:
    if not isinstance(result, list):
        return result
    return _squeezed(result[0]) if len(result) == 1 else [_squeezed(each) for each in result]


SETTINGS = ("stride", "padding", "dilation")
ALL = (*SETTINGS, "groups", "bias")
