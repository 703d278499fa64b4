"""What is kept of numbers that are counted, ordered and weighed together.

Source: ATen/native/Correlation, Sorting and Integration of PyTorch 2.13.
"""

from __future__ import annotations

from convcalc.network.torch.dtypes import BOOL, INT64
from convcalc.network.torch.gradients.rules import memory, needs
from convcalc.network.torch.gradients.steps import Steps, do
from convcalc.network.torch.sizes import axis_of
from convcalc.network.torch.tensor import METHODS, Tensor
from convcalc.network.torch.watch import WATCHER


def _covariance(input: Tensor, fweights: object = None, aweights: object = None,
                correction: object = 1) -> Tensor:  # fmt: skip
    rows = do("view", input, 1, -1) if input.ndim < 2 else input
    each = fweights if isinstance(fweights, Tensor) else None
    if isinstance(aweights, Tensor):
        each = aweights if each is None else do("mul", each, aweights)
    count = Tensor((), INT64) if each is None else do("sum", each)
    weighed = rows if each is None else do("mul", rows, each)
    mean = do("__truediv__", do("sum", weighed, 1), count)
    if each is not None and correction == 0:
        factor = count
    elif not isinstance(aweights, Tensor):
        factor = do("sub", count, correction)
    else:
        assert each is not None
        spread = do("sum", do("mul", each, aweights))
        factor = do("sub", count, do("__truediv__", do("mul", spread, correction), count))
        factor = do("clamp_min_", factor, 0)
    centred = do("sub", rows, do("unsqueeze", mean, 1))
    again = centred if each is None else do("mul", centred, each)
    made = do("mm", centred, do("t", again))
    return do("squeeze", do("__truediv__", made, factor))


def _correlation(input: Tensor) -> Tensor:
    made = _covariance(input)
    if not made.shape:
        return do("__truediv__", made, made)
    spread = do("sqrt", do("diagonal", made))
    for shape in ((-1, 1), (1, -1)):
        made = do("div_", made, do("view", spread, *shape))
    return do("clip_", made, -1, 1)


OF_COVARIANCE = Steps(_covariance)
OF_CORRELATION = Steps(_correlation)


def _between(points: Tensor, at: int, start: int) -> Tensor:
    """Return the points along an axis but for the last, or but for the first."""
    size = points.shape[at] - 1
    return do("narrow", points, at, start, size)


def _strips(y: Tensor, x: object, dim: int) -> tuple[Tensor, int]:
    at = axis_of("trapezoid", dim, y.ndim, y.shape) - y.ndim
    heights = do("add", _between(y, at, 1), _between(y, at, 0))
    if not isinstance(x, Tensor):
        return heights, at
    if x.ndim == 1:
        shape = [1] * y.ndim
        shape[at] = x.shape[0]
        x = do("view", x, *shape)
    widths = do("sub", _between(x, at, 1), _between(x, at, 0))
    return do("mul", heights, widths), at


def _area(y: Tensor, x: object = None, dim: int = -1) -> Tensor:
    made, at = _strips(y, x, dim)
    return do("sum", made, at)


OF_AREA = Steps(_area)


def _share(input: Tensor, q: object, dim: object = None,
           interpolation: object = "linear") -> Tensor:  # fmt: skip
    """Look up what such shares of the numbers lie below, in their order."""
    if dim is None:
        flat = do("flatten", input)
    else:
        at = axis_of("quantile", dim, input.ndim, input.shape)
        flat = do("transpose", do("unsqueeze", input, -1), at, -1)
    in_order = METHODS["sort"](flat)
    assert isinstance(in_order, tuple)
    ordered: Tensor = in_order[0]
    shape = (*ordered.shape[:-1], q.shape[0] if isinstance(q, Tensor) and q.shape else 1)
    below = do("gather", ordered, -1, Tensor(shape, INT64))
    if interpolation not in ("linear", "midpoint"):
        return below
    between = Tensor(shape, input.dtype)
    between.learnt = needs(q) and interpolation == "linear"
    return do("lerp_", below, do("gather", ordered, -1, Tensor(shape, INT64)), between)


def _of_numbers(input: Tensor, q: object, dim: object = None,
                interpolation: object = "linear") -> Tensor:  # fmt: skip
    made = _share(input, q, dim, interpolation)
    if needs(q):  # places are counted among the numbers that are there
        lead = made.shape[:-1]
        WATCHER.get().keeps([memory((*lead, 1), INT64), memory(made.shape, BOOL)])
    return made


def _of_all(input: Tensor, q: object, dim: object = None,
            interpolation: object = "linear") -> Tensor:  # fmt: skip
    made = _share(input, q, dim, interpolation)
    if needs(q):  # where a row has something that is no number
        WATCHER.get().keeps([memory((*made.shape[:-1], 1), BOOL)])
    return made


OF_SHARE = Steps(_of_all)
OF_SHARE_OF_NUMBERS = Steps(_of_numbers)
