"""The attribute of the cases that tells exactly those that fail from those that pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from convcalc.checking.cases import Case
from convcalc.checking.compare import Outcome, numbers

Value = int | bool


@dataclass(frozen=True)
class Attribute:
    """Something that a case has, as a number or as a yes or no; `words` say it of cases."""

    words: str
    """What follows "the cases with", with {} for a bound where it is a number."""
    value: Callable[[Case], Value]
    otherwise: str = ""
    """What follows where those fail that haven't got it."""


def _axes(case: Case, name: str) -> tuple[int, int]:
    """Return a setting of the windows for both axes; of the padding the least of both ends."""
    height, width = getattr(case.windows, name)
    return (min(height), min(width)) if name == "padding" else (height, width)


def _setting(name: str, words: str, plain: int) -> Iterator[Attribute]:
    """Yield what a setting of the windows may be, of both axes and of each."""
    yield Attribute(
        f"{words} {{}}", lambda case: max(_axes(case, name)), f"{words} {{}} on both axes"
    )
    yield Attribute(
        f"{words} {{}} on both axes",
        lambda case: min(_axes(case, name)),
        f"{words} {{}} on an axis",
    )
    for axis, side in enumerate(("vertical", "horizontal")):
        at = axis
        yield Attribute(
            f"{side} {words} {{}}",
            lambda case, at=at: _axes(case, name)[at],  # type: ignore[misc]
        )
    yield Attribute(
        f"another {words} per axis",
        lambda case: len(set(_axes(case, name))) > 1,
        f"the same {words} on both axes",
    )


def _left(case: Case) -> tuple[int, int]:
    """Return how many positions at the end the last window leaves, on both axes."""
    windows = case.windows
    spans = zip(windows.padded, windows.kernel_size, windows.stride, windows.dilation, strict=True)
    return tuple((size - d * (k - 1) - 1) % s for size, k, s, d in spans)  # type: ignore[return-value]


def _has(case: Case, matches: Callable[[float], bool]) -> bool:
    return any(matches(v) for tensor in case.tensors.values() for v in numbers(tensor))


def _given(option: str) -> Attribute:
    return Attribute(f"a {option}", lambda case: option in case.options, f"no {option}")


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("{} samples", lambda case: case.samples),
    Attribute("{} input channels", lambda case: case.channels),
    Attribute("{} output channels", lambda case: len(case.tensors.get("weight", [0]))),
    Attribute("{} groups", lambda case: case.options.get("groups", 1)),
    Attribute("a bias", lambda case: "bias" in case.options, "no bias"),
    *_setting("stride", "stride", 1),
    *_setting("padding", "padding", 0),
    *_setting("dilation", "dilation", 1),
    Attribute("kernel size {}", lambda case: max(case.windows.kernel_size)),
    Attribute("h_k = {}", lambda case: case.windows.kernel_size[0]),
    Attribute("w_k = {}", lambda case: case.windows.kernel_size[1]),
    Attribute("h_k ≠ w_k", lambda case: len(set(case.windows.kernel_size)) > 1, "h_k = w_k"),
    Attribute("h ≠ w", lambda case: len(set(case.windows.size)) > 1, "h = w"),
    Attribute(
        "h_out ≠ w_out", lambda case: len(set(case.windows.output_size)) > 1, "h_out = w_out"
    ),
    Attribute("h_out = {}", lambda case: case.windows.output_size[0]),
    Attribute("w_out = {}", lambda case: case.windows.output_size[1]),
    Attribute(
        "a size that the stride doesn't divide",
        lambda case: any(_left(case)),
        "sizes that the stride divides",
    ),
    Attribute("negative numbers", lambda case: _has(case, lambda v: v < 0), "no negative numbers"),
    Attribute("fractions", lambda case: _has(case, lambda v: v != int(v)), "whole numbers"),
    Attribute(
        "numbers of 128 or more",
        lambda case: _has(case, lambda v: abs(v) >= 128),
        "numbers below 128",
    ),
    Attribute(
        "both a stride and padding",
        lambda case: max(_axes(case, "stride")) > 1 and max(_axes(case, "padding")) > 0,
    ),
    Attribute(
        "both a stride and dilation",
        lambda case: max(_axes(case, "stride")) > 1 and max(_axes(case, "dilation")) > 1,
    ),
    Attribute(
        "both padding and dilation",
        lambda case: max(_axes(case, "padding")) > 0 and max(_axes(case, "dilation")) > 1,
    ),
    Attribute(
        "windows that overlap",
        lambda case: any(
            k > s > 0 for k, s in zip(case.windows.kernel_size, case.windows.stride, strict=True)
        ),
        "windows that don't overlap",
    ),
    Attribute(
        "more than one window",
        lambda case: case.windows.output_size != (1, 1),
        "one window",
    ),
)
"""What may tell cases apart, what is said soonest first."""


def separates(outcomes: Sequence[Outcome]) -> str | None:
    """Return the sentence on the attribute that all cases that fail have, and no other."""
    failing = [outcome.case for outcome in outcomes if not outcome.ok]
    passing = [outcome.case for outcome in outcomes if outcome.ok]
    if not failing or not passing:
        return None
    for attribute in ATTRIBUTES:
        words = _words(attribute, failing, passing)
        if words:
            return f"exactly the cases with {words} fail"
    return None


def _words(attribute: Attribute, failing: Sequence[Case], passing: Sequence[Case]) -> str:
    """Return in words what those that fail have, or nothing where that isn't told apart by it."""
    bad = [attribute.value(case) for case in failing]
    good = [attribute.value(case) for case in passing]
    if isinstance(bad[0], bool):
        if all(bad) and not any(good):
            return attribute.words
        return attribute.otherwise if all(good) and not any(bad) else ""
    if min(bad) > max(good):
        return attribute.words.format(_bound(min(bad), max(bad), "more"))
    if max(bad) < min(good):
        least = attribute.otherwise or attribute.words
        return least.format(_bound(max(bad), min(bad), "less"))
    return ""


def _bound(near: int, far: int, further: str) -> str:
    return str(near) if near == far else f"{near} or {further}"
