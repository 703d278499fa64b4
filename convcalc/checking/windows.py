"""How windows lie over an input, and the wrong ways to lay them that people know.

Every operation reads its input by windows or writes to them, so that a wrong way to lay them is
described once and imitated in each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import product, repeat
from typing import Any

from convcalc.formulas import (
    Nested3,
    Nested4,
    Padding2d,
    Pair,
    Size,
    Tensor3,
    Tensor4,
    both_ends,
    conv_output_size,
    each_axis,
    nested,
    pad,
    pair,
)

Value = tuple[int, int, int]
"""A value of a patch: its channel, and its row and column in the window (c, u, v)."""


@dataclass(frozen=True)
class Windows:
    """The windows of one convolution over an input of `size` (h, w)."""

    size: Pair
    kernel_size: Pair
    stride: Pair
    padding: tuple[Pair, Pair]
    dilation: Pair

    @classmethod
    def over(
        cls,
        size: Size,
        kernel_size: Size,
        stride: Size = 1,
        padding: Padding2d = 0,
        dilation: Size = 1,
    ) -> Windows:
        """Return the windows that these settings, as a reference takes them, lay over `size`."""
        return cls(
            pair("size", size),
            pair("kernel_size", kernel_size),
            pair("stride", stride),
            both_ends(padding),
            pair("dilation", dilation),
        )

    @property
    def output_size(self) -> Pair:
        """How many there are, (h_out, w_out)."""
        h_out, w_out = each_axis(
            conv_output_size,
            self.size,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
        )
        return h_out, w_out

    @property
    def padded(self) -> Pair:
        """The size of the input with its padding."""
        (top, bottom), (left, right) = self.padding
        return top + self.size[0] + bottom, left + self.size[1] + right

    def place(self, i: int, j: int, u: int, v: int) -> Pair:
        """Return where in the input window (i, j) reads its value (u, v); below 0 is padding."""
        (top, _), (left, _) = self.padding
        row = i * self.stride[0] + u * self.dilation[0] - top
        return row, j * self.stride[1] + v * self.dilation[1] - left


# ---------------------------------------------------------------------------------------------
# A way to lay windows
# ---------------------------------------------------------------------------------------------

Corner = Callable[[int, Pair, Windows], Pair]
"""Where in the padded input the window of patch r begins, given how many windows there are."""
Order = Callable[[int, int, int], Iterable[Value]]
"""The values of a patch in their order, given the channels, h_k and w_k."""


def _corner(r: int, output_size: Pair, windows: Windows) -> Pair:
    return r // output_size[1] * windows.stride[0], r % output_size[1] * windows.stride[1]


def _outermost(c: int, h_k: int, w_k: int) -> Iterable[Value]:
    return product(range(c), range(h_k), range(w_k))


def _as_it_is(windows: Windows) -> Windows:
    return windows


def _all(windows: Windows) -> Pair:
    return windows.output_size


@dataclass(frozen=True)
class Way:
    """A way to lay windows; what isn't said of it is right.

    `read` says by which settings a window reads. `count` says how many windows there are; without
    it they are as many as the settings that are read by make.
    """

    sentence: str = ""
    read: Callable[[Windows], Windows] = _as_it_is
    count: Callable[[Windows], Pair] | None = None
    corner: Corner = _corner
    order: Order = _outermost
    surround: Callable[[Nested4, Padding2d], Nested4] = pad
    setting: str = ""
    """The setting that goes wrong, where it is one."""
    needs: tuple[str, ...] = ()
    """The settings that have to be given for it to be made."""

    def output_size(self, windows: Windows) -> Pair:
        """Return how many windows are laid, (h_out, w_out)."""
        return self.count(windows) if self.count else self.read(windows).output_size

    def _patches(self, windows: Windows, channels: int) -> Iterator[list[Value]]:
        """Yield, patch by patch, the channel, row and column in the padded input of its values."""
        read, output_size = self.read(windows), self.output_size(windows)
        values = list(self.order(channels, *read.kernel_size))
        d_h, d_w = read.dilation
        for r in range(output_size[0] * output_size[1]):
            row, column = self.corner(r, output_size, read)
            yield [(c, row + u * d_h, column + v * d_w) for c, u, v in values]

    def unfold(self, x: Nested4, windows: Windows) -> Tensor3:
        """Return Ũ (b, p, k) of X (b, c, h, w); IndexError where that reads beyond its end."""
        padded = self.surround(x, self.read(windows).padding)
        patches = list(self._patches(windows, len(x[0])))
        return [[[sample[c][i][j] for c, i, j in patch] for patch in patches] for sample in padded]

    def fold_padded(
        self, u: Nested3, windows: Windows, overwrite: bool = False, by_patch: bool = True
    ) -> Tensor4:
        """Return X, padding included, folded from Ũ (b, p, k): overlaps summed, or overwritten.

        What is written last stays: of the last patch, or of the last place in the kernel.
        """
        read = self.read(windows)
        channels = len(u[0][0]) // (windows.kernel_size[0] * windows.kernel_size[1])
        patches = list(self._patches(windows, channels))
        samples: Tensor4 = []
        for rows in u:
            x = nested((channels, *read.padded), repeat(0))
            placed = [list(zip(patch, rows[r], strict=True)) for r, patch in enumerate(patches)]
            for places in placed if by_patch else zip(*placed, strict=True):
                for (c, i, j), value in places:
                    x[c][i][j] = value if overwrite else x[c][i][j] + value
            samples.append(x)
        return samples

    def fold(
        self, u: Nested3, windows: Windows, overwrite: bool = False, by_patch: bool = True
    ) -> Tensor4:
        """Return X (b, c, h, w) folded from Ũ (b, p, k)."""
        return crop(self.fold_padded(u, windows, overwrite, by_patch), self.read(windows))


def crop(padded: Nested4, windows: Windows) -> Tensor4:
    """Return X (b, c, h, w) without its padding."""
    (top, _), (left, _) = windows.padding
    h, w = windows.size
    return [
        [[list(row[left : left + w]) for row in channel[top : top + h]] for channel in sample]
        for sample in padded
    ]


RIGHT = Way()

# ---------------------------------------------------------------------------------------------
# Wrong ways
# ---------------------------------------------------------------------------------------------

NEUTRAL: dict[str, Any] = {"stride": 1, "padding": (0, 0), "dilation": 1}
"""What a setting is on an axis where it does nothing."""
PLURAL = {"stride": "strides", "padding": "paddings", "dilation": "dilations"}

CHANGES: dict[str, Callable[[Any, Any, Any], tuple[Any, Any]]] = {
    "the {name} is ignored": lambda none, first, second: (none, none),
    "the {name} is ignored along the height": lambda none, first, second: (none, second),
    "the {name} is ignored along the width": lambda none, first, second: (first, none),
    "the two {names} are mixed up: the first is for the height, the second for the width": (
        lambda none, first, second: (second, first)
    ),
    "the height's {name} is taken for both axes": lambda none, first, second: (first, first),
    "the width's {name} is taken for both axes": lambda none, first, second: (second, second),
}
"""What may be made of the two values of a setting, given also the one that does nothing."""


def _changed(
    name: str, change: Callable[[Any, Any, Any], tuple[Any, Any]], windows: Windows
) -> Windows:
    return replace(windows, **{name: change(NEUTRAL[name], *getattr(windows, name))})


def _setting_ways() -> Iterator[Way]:
    """Yield the ways that get a setting wrong: where they read, and in the output's size too."""
    for name, (sentence, change) in product(NEUTRAL, CHANGES.items()):
        said = sentence.format(name=name, names=PLURAL[name])
        read = partial(_changed, name, change)
        yield Way(said, read, setting=name)
        if name != "padding":  # so many windows don't fit without it
            yield Way(said, read, _all, setting=name)


def _counted_with(change: Callable[[Any, Any, Any], tuple[Any, Any]], name: str) -> Way:
    """A way that gets a setting wrong in the output's size alone."""
    said = f"the {name} isn't counted in the output's size"
    return Way(said, count=lambda windows: _changed(name, change, windows).output_size)


def _ends_moved(
    move: Callable[[int, int], Pair],
) -> Callable[[Windows], Windows]:
    def read(windows: Windows) -> Windows:
        vertical, horizontal = windows.padding
        return replace(windows, padding=(move(*vertical), move(*horizontal)))

    return read


def _fewer(rows: int, columns: int) -> Callable[[Windows], Pair]:
    def count(windows: Windows) -> Pair:
        h_out, w_out = windows.output_size
        return h_out - rows, w_out - columns

    return count


def _without_last(rows: bool, columns: bool) -> Callable[[Windows], Pair]:
    """The windows whose corner is below w - w_k, not also the one at it."""

    def count(windows: Windows) -> Pair:
        h, w = replace(windows, stride=(1, 1)).output_size
        (h_out, w_out), (s_h, s_w) = windows.output_size, windows.stride
        return (-(-(h - 1) // s_h) if rows else h_out), (-(-(w - 1) // s_w) if columns else w_out)

    return count


def _rounded_up(windows: Windows) -> Pair:
    return _filled_up(windows).output_size


def _one_more(rows: int, columns: int) -> Callable[[Windows], Windows]:
    """The windows with as much more padding behind as one more of them reads."""

    def read(windows: Windows) -> Windows:
        (top, bottom), (left, right) = windows.padding
        s_h, s_w = windows.stride
        return replace(windows, padding=((top, bottom + rows * s_h), (left, right + columns * s_w)))

    return read


def _filled_up(windows: Windows) -> Windows:
    """The windows with as much more padding behind as the last, rounded up, reads."""
    (top, bottom), (left, right) = windows.padding
    s_h, s_w = windows.stride
    return replace(windows, padding=((top, bottom + s_h - 1), (left, right + s_w - 1)))


def _added_before_dividing(windows: Windows) -> Pair:
    h, w = replace(windows, stride=(1, 1)).output_size
    return h // windows.stride[0], w // windows.stride[1]


def _spanning_too_much(windows: Windows) -> Pair:
    h, w = replace(windows, stride=(1, 1)).output_size
    (s_h, s_w), (d_h, d_w) = windows.stride, windows.dilation
    return (h - d_h) // s_h + 1, (w - d_w) // s_w + 1


def _repeated_edge(x: Nested4, padding: Padding2d) -> Tensor4:
    return _surrounded(x, padding, lambda at, size: min(max(at, 0), size - 1))


def _reflected(x: Nested4, padding: Padding2d) -> Tensor4:
    def to_and_fro(at: int, size: int) -> int:
        within = at % max(2 * size - 2, 1)
        return min(within, 2 * size - 2 - within)

    return _surrounded(x, padding, to_and_fro)


def _wrapped(x: Nested4, padding: Padding2d) -> Tensor4:
    return _surrounded(x, padding, lambda at, size: at % size)


def _surrounded(x: Nested4, padding: Padding2d, take: Callable[[int, int], int | None]) -> Tensor4:
    """X with what stands at other places around it, and zeros where there is no such place."""
    (top, bottom), (left, right) = both_ends(padding)
    h, w = len(x[0][0]), len(x[0][0][0])
    rows = [take(at, h) for at in range(-top, h + bottom)]
    columns = [take(at, w) for at in range(-left, w + right)]
    return [
        [
            [[0 if i is None or j is None else channel[i][j] for j in columns] for i in rows]
            for channel in sample
        ]
        for sample in x
    ]


def _ones(x: Nested4, padding: Padding2d) -> Tensor4:
    """X between ones: what padding adds is what is missing of X − 1 between zeros."""
    less = [[[[v - 1 for v in row] for row in channel] for channel in sample] for sample in x]
    padded = pad(less, padding)
    return [[[[v + 1 for v in row] for row in channel] for channel in sample] for sample in padded]


def _counted_from_the_end(
    beyond: Callable[[int], int | None],
) -> Callable[[Nested4, Padding2d], Tensor4]:
    """X where an index below 0 counts from its end, as it does in Python."""

    def take(at: int, size: int) -> int | None:
        if at < -size:
            raise IndexError
        return beyond(at) if at >= size else at

    return lambda x, padding: _surrounded(x, padding, take)


def _nothing(at: int) -> None:
    return None


def _columns_first(r: int, output_size: Pair, windows: Windows) -> Pair:
    h_out = output_size[0]
    return r % h_out * windows.stride[0], r // h_out * windows.stride[1]


def _counted_by(row: Callable[[int, Pair], int], column: Callable[[int, Pair], int]) -> Corner:
    """Patches counted by other lengths than the output's width."""

    def corner(r: int, output_size: Pair, windows: Windows) -> Pair:
        i, j = row(r, output_size), column(r, output_size)
        return i * windows.stride[0], j * windows.stride[1]

    return corner


def _circulating(padded: bool, rows_too: bool, strided: bool) -> Corner:
    """The pseudocode that circulates: r % (w − w_k + 1), which is w_out for stride 1 only."""

    def corner(r: int, output_size: Pair, windows: Windows) -> Pair:
        width = windows.padded[1] if padded else windows.size[1]
        positions = width - windows.kernel_size[1] + 1
        i, j = r // (positions if rows_too else output_size[1]), r % positions
        return (i * windows.stride[0], j * windows.stride[1]) if strided else (i, j)

    return corner


def _stride_for_padding(windows: Windows) -> Windows:
    (top, _), (left, _) = windows.padding
    ends = tuple((each, each) for each in windows.stride)
    if min(top, left) < 1:
        raise ValueError  # no stride is 0
    return replace(windows, stride=(top, left), padding=(ends[0], ends[1]))


def _kernel(change: Callable[[int, int], Pair]) -> Callable[[Windows], Windows]:
    return lambda windows: replace(windows, kernel_size=change(*windows.kernel_size))


FLIPPED = "the kernel is flipped: the layer correlates, it doesn't convolve"
TRANSPOSED = "the kernel's height and width are mixed up"
ORDERS: dict[str, Order] = {
    "the channels are in the wrong order: in a row of Ũ they are outermost, (c, u, v)": (
        lambda c, h_k, w_k: ((k, u, v) for u, v, k in product(range(h_k), range(w_k), range(c)))
    ),
    TRANSPOSED: (
        lambda c, h_k, w_k: ((k, u, v) for k, v, u in product(range(c), range(w_k), range(h_k)))
    ),
    FLIPPED: (lambda c, h_k, w_k: product(range(c), range(h_k)[::-1], range(w_k)[::-1])),
    "the kernel is upside down": (
        lambda c, h_k, w_k: product(range(c), range(h_k)[::-1], range(w_k))
    ),
    "the kernel's columns are in reverse order": (
        lambda c, h_k, w_k: product(range(c), range(h_k), range(w_k)[::-1])
    ),
}
PSEUDOCODE = (
    "the circulating pseudocode: the patch's column is taken as r % (w - w_k + 1), which is the "
    "width of the output for stride 1 without padding only; r % w_out is right"
)
BEFORE = "the padding is only before the input, or counted once: it is on both sides"
ONE_SIDE = "the padding is put on one side: half of it belongs on the other"
SHORT = "the output is {} short: a size is floor((w + 2p - d(w_k - 1) - 1) / s) + 1"
RANGE = "the last {} of windows is left out where it ends at the end: a range to w - w_k + 1"
UP = "the output's size is rounded up: it is rounded down"

PLACES: tuple[Way, ...] = (
    *_setting_ways(),
    Way("the dilation is taken as a stride",
        lambda windows: replace(windows, stride=windows.dilation, dilation=(1, 1)),
        needs=("dilation",)),
    Way("stride and dilation are in each other's place",
        lambda windows: replace(windows, stride=windows.dilation, dilation=windows.stride),
        needs=("stride", "dilation")),
    Way("stride and padding are in each other's place", _stride_for_padding,
        needs=("stride", "padding")),
    *(Way(PSEUDOCODE, corner=_circulating(*each)) for each in product((True, False), repeat=3)),
    Way("height and width are mixed up: patch r is window (r // w_out, r % w_out)",
        corner=_columns_first),
    Way("patch r is taken as window (r // h_out, r % w_out): it is (r // w_out, r % w_out)",
        corner=_counted_by(lambda r, size: r // size[0], lambda r, size: r % size[1])),
    Way("patch r is taken as window (r // h_out, r % h_out): it is (r // w_out, r % w_out)",
        corner=_counted_by(lambda r, size: r // size[0], lambda r, size: r % size[0])),
    *(Way(sentence, order=order) for sentence, order in ORDERS.items()),
    Way(TRANSPOSED, _kernel(lambda h_k, w_k: (w_k, h_k))),
    Way(TRANSPOSED, order=lambda c, h_k, w_k: (
        (k, v, u) for k, u, v in product(range(c), range(h_k), range(w_k)))),
    Way("the kernel is taken as square", _kernel(lambda h_k, w_k: (h_k, h_k))),
    Way("the kernel is taken as square", _kernel(lambda h_k, w_k: (w_k, w_k))),
)  # fmt: skip
"""Windows that lie elsewhere, to read an input or to write to it."""

COUNTS: tuple[Way, ...] = (
    *(_counted_with(CHANGES["the {name} is ignored"], name) for name in NEUTRAL),
    Way(SHORT.format("a row and a column"), count=_fewer(1, 1)),
    Way(SHORT.format("a row"), count=_fewer(1, 0)),
    Way(SHORT.format("a column"), count=_fewer(0, 1)),
    *(Way(RANGE.format(what), count=_without_last(*axes)) for what, axes in (
        ("row and column", (True, True)), ("row", (True, False)), ("column", (False, True)))),
    Way("the output's size is (w + 2p - w_k + 1) / s: it is (w + 2p - w_k) / s + 1",
        count=_added_before_dividing),
    Way("a dilated kernel is taken to span d·k positions: it spans d(k - 1) + 1",
        count=_spanning_too_much),
    Way("the output's width is taken for its height", count=lambda w: w.output_size[1:] * 2),
    Way("the output's height is taken for its width", count=lambda w: w.output_size[:1] * 2),
    Way(UP, count=_rounded_up),
)  # fmt: skip
"""More of them, or fewer: where their number isn't given by what is handed over."""

LARGER: tuple[Way, ...] = (
    Way("the padding is put on both sides twice", _ends_moved(lambda b, a: (2 * b, 2 * a)),
        setting="padding"),
    Way(UP, _filled_up),
    Way("the output has a row and a column too many", _one_more(1, 1)),
    Way("the output has a row too many", _one_more(1, 0)),
    Way("the output has a column too many", _one_more(0, 1)),
    Way(BEFORE, count=lambda windows: _ends_moved(lambda b, a: (b, 0))(windows).output_size,
        setting="padding"),
)  # fmt: skip
"""Windows beyond the end, where zeros are read; or none where the padding ends."""

PADDINGS: tuple[Way, ...] = (
    Way(BEFORE, _ends_moved(lambda before, after: (before, 0)), setting="padding"),
    Way("the padding is put behind the input only",
        _ends_moved(lambda before, after: (0, after)), setting="padding"),
    Way(ONE_SIDE, _ends_moved(lambda before, after: (before + after, 0)), setting="padding"),
    Way(ONE_SIDE, _ends_moved(lambda before, after: (0, before + after)), setting="padding"),
    *(Way("positions before the input are read at its end, where an index below 0 counts from",
          surround=_counted_from_the_end(beyond)) for beyond in (_nothing, int)),
    Way("the padding repeats the edge: it is zeros", surround=_repeated_edge),
    Way("the padding mirrors the input: it is zeros", surround=_reflected),
    Way("the padding wraps round: it is zeros", surround=_wrapped),
    Way("the padding is ones: it is zeros", surround=_ones),
)  # fmt: skip
"""Something else around an input that is read."""
