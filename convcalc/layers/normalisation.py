"""Normalisations, in evaluation: with running statistics where they are kept.

Source: https://pytorch.org/docs/stable/nn.html#normalization-layers
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from convcalc import text
from convcalc.formulas import AXES, LARGEST, ConvcalcError, whole
from convcalc.layers.base import (
    BROKEN,
    CHANNELS_LAST,
    IN_PLACE,
    POINTWISE,
    Batch,
    Companion,
    Layer,
    Lazy,
    Output,
    Reach,
    Shape,
    Window,
    channels_first,
    misfit,
    per_axis,
)


class ChannelNormalisation(Layer):
    """What batch and instance normalisation share: statistics and parameters per channel."""

    mixes = "half"
    ndim: int
    num_features: int
    affine: bool
    track_running_stats: bool
    _bias: bool

    def _set(
        self,
        num_features: int,
        eps: float,
        momentum: float | None,
        affine: bool,
        track_running_stats: bool,
        bias: bool,
    ) -> None:
        counted = affine or track_running_stats
        self._keep(
            num_features=whole("num_features", num_features, 0 if counted else -LARGEST),
            eps=eps,
            momentum=momentum,
            affine=affine,
            track_running_stats=track_running_stats,
            _bias=bool(bias),
        )

    @property
    def counts_channels(self) -> bool:
        """Whether there is something per channel, so that there have to be as many."""
        return bool(self.affine or self.track_running_stats)

    def parameters(self) -> dict[str, Shape | None]:
        """Return weight and bias, one per channel, where it is affine."""
        learnt = (self.num_features,)
        return {
            "weight": learnt if self.affine else None,
            "bias": learnt if self.affine and self._bias else None,
        }

    def buffers(self) -> dict[str, Shape]:
        """Return the running statistics, where they are kept."""
        if not self.track_running_stats:
            return {}
        kept = (self.num_features,)
        return {"running_mean": kept, "running_var": kept, "num_batches_tracked": ()}

    def _check(self, input: Shape, ndims: tuple[int, ...], channels_at: int) -> None:
        """Raise ConvcalcError where there are not so many dimensions, or other channels."""
        axes = AXES.get(self.ndim, ("…",))
        if len(input) not in ndims:
            raise misfit(text.shape((self.num_features, *axes)), input)
        if self.counts_channels and input[channels_at] != self.num_features:
            raise misfit(channels_first((self.num_features, *axes), input), input)


class BatchNormalisation(ChannelNormalisation):
    """Batch normalisation on `ndim` axes, which always has a batch."""

    saves = "input"
    ndims: tuple[int, ...] = tuple(range(2, 64))
    """The numbers of dimensions that it takes; by itself all that have channels."""
    ndim = 0

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        self._set(num_features, eps, momentum, affine, track_running_stats, bias)

    def output(self, input: Shape) -> Output:
        """Return the shape as it is."""
        self._check(input, self.ndims, 1)
        counted = self.track_running_stats or isinstance(input[0], Batch)  # of which are more
        if not counted and prod(input) == input[1]:
            raise misfit("more than one value per channel, over which it normalises", input)
        return input

    def reach(self, input: Shape) -> Reach:
        """Return every axis in place; without running statistics the channels alone."""
        if self.track_running_stats:
            return super().reach(input)
        return (None, IN_PLACE) + (None,) * (len(input) - 2)

    def companions(self, *inputs: Shape, training: bool) -> Sequence[Companion]:
        """Return the mean and the deviation of every channel, where they are worked out."""
        worked_out = training or not self.track_running_stats
        return [Companion((inputs[0][1],))] * 2 if worked_out else []


class BatchNorm1d(BatchNormalisation):
    """Batch normalisation of (b, c) or (b, c, length)."""

    ndim = 1
    ndims = (2, 3)


class BatchNorm2d(BatchNormalisation):
    """Batch normalisation of (b, c, h, w)."""

    memory = CHANNELS_LAST
    ndim = 2
    ndims = (4,)


class BatchNorm3d(BatchNormalisation):
    """Batch normalisation of (b, c, d, h, w)."""

    memory = CHANNELS_LAST
    ndim = 3
    ndims = (5,)


class SyncBatchNorm(BatchNormalisation):
    """Batch normalisation over several processes, of any number of axes."""

    memory = CHANNELS_LAST
    ndim = 0
    ndims = tuple(range(2, 100))

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        process_group: Any = None,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        self._set(num_features, eps, momentum, affine, track_running_stats, bias)
        self._keep(process_group=process_group)


class InstanceNormalisation(ChannelNormalisation):
    """Instance normalisation on `ndim` axes, which learns nothing unless it is affine."""

    saves = "contiguous"

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        self._set(num_features, eps, momentum, affine, track_running_stats, bias)

    def output(self, input: Shape) -> Output:
        """Return the shape as it is."""
        self._check(input, (self.ndim + 1, self.ndim + 2), -self.ndim - 1)
        if not self.track_running_stats and prod(input[-self.ndim :]) == 1:
            raise misfit("more than one position, over which it normalises", input)
        return input

    def reach(self, input: Shape) -> Reach:
        """Return None for the spatial axes, over which it normalises as a whole."""
        if self.track_running_stats:
            return super().reach(input)
        return (IN_PLACE,) * (len(input) - self.ndim) + (None,) * self.ndim

    def notes(self, input: Shape) -> list[str]:
        """Return that another number of channels only warns."""
        channels = input[-self.ndim - 1]
        if self.num_features in (0, channels):
            return []
        return [
            f"{self.num_features:,} channels are named, {channels:,} come in: PyTorch only warns, "
            "since nothing is kept per channel."
        ]

    def companions(self, *inputs: Shape, training: bool) -> Sequence[Companion]:
        """Return mean and deviation of every channel of every sample, and what is repeated."""
        each = Companion(inputs[0][: -self.ndim])
        worked_out = training or not self.track_running_stats
        count = 2 * worked_out + bool(self.affine) + 2 * bool(self.track_running_stats)
        return [each] * count


class InstanceNorm1d(InstanceNormalisation):
    """Instance normalisation of (b, c, length)."""

    ndim = 1


class InstanceNorm2d(InstanceNormalisation):
    """Instance normalisation of (b, c, h, w)."""

    ndim = 2


class InstanceNorm3d(InstanceNormalisation):
    """Instance normalisation of (b, c, d, h, w)."""

    ndim = 3


class LazyNormalisation(Lazy, ChannelNormalisation):
    """A normalisation whose first input says how many channels there are.

    Affine and with running statistics, also where it becomes an instance normalisation. Before
    that it is none of PyTorch's BatchNorm2d, say: `becomes` names it.
    """

    becomes: type[BatchNormalisation] | type[InstanceNormalisation]

    def __init__(
        self,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        self._set(0, eps, momentum, affine, track_running_stats, bias)

    def seen(self, input: Shape) -> Layer:
        """Return the normalisation of as many channels as come in."""
        if len(input) < 2:
            raise misfit("channels", input)
        # What counts no channels stays at none, as in PyTorch.
        channels = input[1] if self.counts_channels else 0
        names = ("eps", "momentum", "affine", "track_running_stats")
        kept = {name: vars(self)[name] for name in names}
        return self.becomes(channels, **kept, bias=self._bias)


class LazyBatchNorm1d(LazyNormalisation):
    """Batch normalisation of (b, c) or (b, c, length), c from the first input."""

    becomes = BatchNorm1d


class LazyBatchNorm2d(LazyNormalisation):
    """Batch normalisation of (b, c, h, w), c from the first input."""

    becomes = BatchNorm2d


class LazyBatchNorm3d(LazyNormalisation):
    """Batch normalisation of (b, c, d, h, w), c from the first input."""

    becomes = BatchNorm3d


class LazyInstanceNorm1d(LazyNormalisation):
    """Instance normalisation of (b, c, length), c from the first input."""

    becomes = InstanceNorm1d


class LazyInstanceNorm2d(LazyNormalisation):
    """Instance normalisation of (b, c, h, w), c from the first input."""

    becomes = InstanceNorm2d


class LazyInstanceNorm3d(LazyNormalisation):
    """Instance normalisation of (b, c, d, h, w), c from the first input."""

    becomes = InstanceNorm3d


class GroupNorm(Layer):
    """Group normalisation of (b, c, …)."""

    mixes = "half"
    saves = "packed"
    memory = CHANNELS_LAST

    num_groups: int
    num_channels: int
    affine: bool
    _bias: bool

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        num_groups = whole("num_groups", num_groups, 1)
        num_channels = whole("num_channels", num_channels, 1)
        if num_channels % num_groups:
            raise ConvcalcError(f"{num_groups} does not divide {num_channels}", "num_groups")
        self._keep(
            num_groups=num_groups,
            num_channels=num_channels,
            eps=eps,
            affine=affine,
            _bias=bool(bias),
        )

    def output(self, input: Shape) -> Output:
        """Return the shape as it is."""
        if len(input) < 2 or (self.affine and input[1] != self.num_channels):
            raise misfit(text.shape((self.num_channels, "…")), input)
        if input[1] % self.num_groups:
            raise misfit(f"channels that {self.num_groups:,} groups divide", input)
        if prod(input) == self.num_groups and not isinstance(input[0], Batch):
            raise misfit("more than one value per group, over which it normalises", input)
        return input

    def parameters(self) -> dict[str, Shape | None]:
        """Return weight and bias, one per channel, where it is affine."""
        learnt = (self.num_channels,)
        return {
            "weight": learnt if self.affine else None,
            "bias": learnt if self.affine and self._bias else None,
        }

    def reach(self, input: Shape) -> Reach:
        """Return None but for the batch: it normalises over channels and positions."""
        return (IN_PLACE,) + (None,) * (len(input) - 1)

    def companions(self, *inputs: Shape, training: bool) -> Sequence[Companion]:
        """Return the mean and the deviation of every group."""
        return [Companion((inputs[0][0], self.num_groups))] * 2


class LastNormalisation(Layer):
    """What normalises the last axes, which have to be those that it names."""

    mixes = "half"
    normalized_shape: Shape
    elementwise_affine: bool

    def _set(self, normalized_shape: Any, eps: Any, elementwise_affine: bool) -> None:
        several = isinstance(normalized_shape, (tuple, list))
        ndim = len(normalized_shape) if several else 1
        normalized_shape = per_axis("normalized_shape", normalized_shape, ndim)
        if not normalized_shape:
            raise ConvcalcError("() names no axis", "normalized_shape")
        self._keep(
            normalized_shape=normalized_shape, eps=eps, elementwise_affine=elementwise_affine
        )

    def output(self, input: Shape) -> Output:
        """Return the shape as it is."""
        if input[-len(self.normalized_shape) :] != self.normalized_shape:
            raise misfit(f"a shape that ends in {text.shape(self.normalized_shape)}", input)
        return input

    def reach(self, input: Shape) -> Reach:
        """Return None for the axes over which it normalises."""
        over = len(self.normalized_shape)
        return (IN_PLACE,) * (len(input) - over) + (None,) * over


class LayerNorm(LastNormalisation):
    """Layer normalisation of the last axes."""

    saves = "input"
    _bias: bool

    def __init__(
        self,
        normalized_shape: Any,
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        self._set(normalized_shape, eps, elementwise_affine)
        self._keep(_bias=bool(bias))

    def parameters(self) -> dict[str, Shape | None]:
        """Return weight and bias, one per normalised value, where it is affine."""
        learnt = self.normalized_shape if self.elementwise_affine else None
        return {"weight": learnt, "bias": learnt if self._bias else None}

    def companions(self, *inputs: Shape, training: bool) -> Sequence[Companion]:
        """Return the mean and the deviation of what is normalised together."""
        return [Companion(inputs[0][: -len(self.normalized_shape)])] * 2


class RMSNorm(LastNormalisation):
    """Root-mean-square normalisation of the last axes."""

    mixes = "all"
    saves = "composed"

    def __init__(
        self,
        normalized_shape: Any,
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        self._set(normalized_shape, eps, elementwise_affine)

    def output(self, x: Shape) -> Output:
        """Return the shape as it is."""
        return super().output(x)

    def parameters(self) -> dict[str, Shape | None]:
        """Return the weight, one per normalised value, where it is affine."""
        return {"weight": self.normalized_shape if self.elementwise_affine else None}


class AcrossChannels(Layer):
    """What normalises across neighbouring channels."""

    size: int

    def _set(self, size: int, alpha: float, beta: float, k: float) -> None:
        self._keep(size=whole("size", size, 1), alpha=alpha, beta=beta, k=k)

    def reach(self, input: Shape) -> Reach:
        """Return the window along the channels; every other axis in place."""
        across = Window(self.size, 1, self.size // 2)
        return (IN_PLACE, across) + (IN_PLACE,) * (len(input) - 2)


class LocalResponseNorm(AcrossChannels):
    """Normalisation across neighbouring channels of (b, c, …)."""

    saves = "input"
    memory = POINTWISE
    of_whole = BROKEN

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> None:
        self._set(size, alpha, beta, k)

    def output(self, input: Shape) -> Output:
        """Return the shape as it is."""
        if len(input) < 3:
            raise misfit("channels and at least one axis", input)
        return input

    def companions(self, *inputs: Shape, training: bool) -> Sequence[Companion]:
        """Return the padded squares, their mean and its power."""
        first, channels, *rest = inputs[0]
        padded = Companion((first, channels + self.size - 1, *rest))
        return [padded, *(Companion(inputs[0]),) * 2]


class CrossMapLRN2d(AcrossChannels):
    """Normalisation across neighbouring channels of (b, c, h, w)."""

    lenient = True

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1) -> None:
        self._set(size, alpha, beta, k)

    def output(self, input: Shape) -> Output:
        """Return the shape as it is."""
        if len(input) != 4:
            raise misfit("channels × height × width", input)
        return input

    def filled(self, input: Shape) -> Shape:
        """Return how many channels there are."""
        return input[1:2]
