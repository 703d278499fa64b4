"""Layers of features: linear maps, tables of embeddings, distances.

Source: https://pytorch.org/docs/stable/nn.html#linear-layers
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from convcalc.formulas import ConvcalcError, whole
from convcalc.layers.base import (
    IN_PLACE,
    KEPT,
    NEEDED,
    STAY,
    Companion,
    Layer,
    Lazy,
    Output,
    Reach,
    Shape,
    broadcast,
    dimension,
    misfit,
    number,
    one_of,
    samples,
)


class Identity(Layer):
    """Returns what it gets, whatever it is made with."""

    saves = ""
    memory = KEPT
    of_whole = STAY

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass


class Linear(Layer):
    """An affine map of the last axis: (…, in_features) to (…, out_features)."""

    saves = "composed"
    in_features: int
    out_features: int
    _bias: bool

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        self._keep(
            in_features=whole("in_features", in_features, 0),
            out_features=whole("out_features", out_features, 0),
            _bias=bool(bias),
        )

    def output(self, input: Shape) -> Output:
        """Return (…, out_features)."""
        if input[-1:] != (self.in_features,):
            raise misfit(f"{self.in_features:,} features", input)
        return (*input[:-1], self.out_features)

    def parameters(self) -> dict[str, Shape | None]:
        """Return weight (out_features, in_features) and bias."""
        return {
            "weight": (self.out_features, self.in_features),
            "bias": (self.out_features,) if self._bias else None,
        }

    def macs(self, *inputs: Any) -> int:
        """Return weights × rows."""
        return samples(inputs[0], 1) * self.in_features * self.out_features

    def reach(self, input: Shape) -> Reach:
        """Return None for the features, every other axis in place."""
        return (IN_PLACE,) * (len(input) - 1) + (None,)


class LazyLinear(Lazy, Linear):
    """An affine map whose first input says how many features come in."""

    def __init__(
        self, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        Linear.__init__(self, 0, out_features, bias)

    def seen(self, input: Shape) -> Layer:
        """Return the map of as many features as come in."""
        if not input:
            raise misfit("features", input)
        return Linear(input[-1], self.out_features, self._bias)


class Bilinear(Layer):
    """A bilinear map of two inputs: (…, in1) and (…, in2) to (…, out)."""

    saves = "composed"
    in1_features: int
    in2_features: int
    out_features: int
    _bias: bool

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        self._keep(
            in1_features=whole("in1_features", in1_features, 1),
            in2_features=whole("in2_features", in2_features, 0),
            out_features=whole("out_features", out_features, 0),
            _bias=bool(bias),
        )

    def output(  # type: ignore[override]  # PyTorch's forward takes two
        self, input1: Shape, input2: Shape
    ) -> Output:
        """Return (…, out_features)."""
        if input1[-1:] != (self.in1_features,):
            raise misfit(f"{self.in1_features:,} features first", input1)
        if input2[-1:] != (self.in2_features,) or input1[:-1] != input2[:-1]:
            raise misfit(f"{self.in2_features:,} features of as many rows second", input2)
        return (*input1[:-1], self.out_features)

    def parameters(self) -> dict[str, Shape | None]:
        """Return weight (out_features, in1_features, in2_features) and bias."""
        return {
            "weight": (self.out_features, self.in1_features, self.in2_features),
            "bias": (self.out_features,) if self._bias else None,
        }

    def macs(self, *inputs: Any) -> int:
        """Return 0, as PyTorch's counter does: it runs without matrices."""
        return 0

    def reach(self, input: Shape) -> Reach:
        """Return None for the features, every other axis in place."""
        return (IN_PLACE,) * (len(input) - 1) + (None,)


class Embedding(Layer):
    """A table of embeddings, looked up by index: (…) to (…, embedding_dim)."""

    saves = "indices"
    of_whole = NEEDED
    num_embeddings: int
    embedding_dim: int

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        _weight: Any = None,
        _freeze: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        self._keep(
            num_embeddings=whole("num_embeddings", num_embeddings, 1),
            embedding_dim=whole("embedding_dim", embedding_dim, 0),
            padding_idx=_padding_index(padding_idx, num_embeddings),
            max_norm=max_norm,
            norm_type=norm_type,
            scale_grad_by_freq=scale_grad_by_freq,
            sparse=sparse,
        )

    def output(self, input: Shape) -> Output:
        """Return (…, embedding_dim)."""
        return (*input, self.embedding_dim)

    def parameters(self) -> dict[str, Shape | None]:
        """Return the table (num_embeddings, embedding_dim)."""
        return {"weight": (self.num_embeddings, self.embedding_dim)}

    def reach(self, input: Shape) -> Reach:
        """Return every axis in place, and None for the embedding."""
        return (IN_PLACE,) * len(input) + (None,)


def _padding_index(padding_idx: Any, num_embeddings: int) -> int | None:
    """Return the index that stays out of the gradient, counted from 0."""
    if padding_idx is None:
        return None
    index = whole("padding_idx", padding_idx, -num_embeddings)
    if index >= num_embeddings:
        raise ConvcalcError(f"{index} is not below {num_embeddings} embeddings", "padding_idx")
    return index % num_embeddings


class EmbeddingBag(Layer):
    """Embeddings looked up and summed bag by bag: (b, n) to (b, embedding_dim)."""

    saves = "indices"
    of_whole = NEEDED
    num_embeddings: int
    embedding_dim: int
    mode: str
    include_last_offset: bool

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        _weight: Any = None,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        one_of("mode", mode, ("sum", "mean", "max"))
        if mode == "max" and (scale_grad_by_freq or sparse):
            raise ConvcalcError("'max' takes neither scale_grad_by_freq nor sparse", "mode")
        self._keep(
            num_embeddings=whole("num_embeddings", num_embeddings, 1),
            embedding_dim=whole("embedding_dim", embedding_dim, 0),
            max_norm=max_norm,
            norm_type=norm_type,
            scale_grad_by_freq=scale_grad_by_freq,
            mode=mode,
            sparse=sparse,
            include_last_offset=include_last_offset,
            padding_idx=_padding_index(padding_idx, num_embeddings),
        )

    def output(
        self, input: Shape, offsets: Shape | None = None, per_sample_weights: Shape | None = None
    ) -> Output:
        """Return (b, embedding_dim): a bag per row, or per offset into a row of all of them."""
        if per_sample_weights is not None and self.mode != "sum":
            raise ConvcalcError(f"has no meaning with mode {self.mode}", "per_sample_weights")
        if per_sample_weights is not None and per_sample_weights != input:
            raise misfit("per_sample_weights of the input's shape", per_sample_weights)
        if len(input) == 2 and offsets is None:
            return (input[0], self.embedding_dim)
        if len(input) != 1 or offsets is None or len(offsets) != 1:
            raise misfit("rows of indices, or one row with its offsets", input)
        bags = offsets[0] - 1 if self.include_last_offset else offsets[0]
        return (bags, self.embedding_dim)

    def parameters(self) -> dict[str, Shape | None]:
        """Return the table (num_embeddings, embedding_dim)."""
        return {"weight": (self.num_embeddings, self.embedding_dim)}

    def reach(self, input: Shape) -> Reach:
        """Return the rows in place, and None for the embedding."""
        return (IN_PLACE if len(input) == 2 else None, None)

    def companions(self, *inputs: Shape, training: bool) -> Sequence[Companion]:
        """Return where bags begin and what belongs to which, their sizes and what was largest."""
        (input, *given) = inputs
        bags = given[0][0] if given else input[0]
        kept = [Companion((bags,), "int64")] * (3 - len(given))
        if self.mode == "sum" and not self.include_last_offset:
            return kept
        kept.append(Companion((prod(input) + 1,), "int64"))
        if self.mode == "max":
            kept[0] = Companion((bags, self.embedding_dim), "int64")
        return kept


class CosineSimilarity(Layer):
    """The cosine of two inputs along one dimension, which it takes away."""

    saves = "composed"
    dim: int
    mixed = True

    def __init__(self, dim: int = 1, eps: float = 1e-8) -> None:
        self._keep(dim=dim, eps=eps)

    def output(  # type: ignore[override]  # PyTorch's forward takes two
        self, x1: Shape, x2: Shape
    ) -> Output:
        """Return the common shape without the dimension."""
        both = broadcast(x1, x2)
        at = dimension("dim", self.dim, both)
        return (*both[:at], *both[at + 1 :])

    def reach(self, input: Shape) -> Reach:
        """Return None for every axis: the other input may stretch them."""
        return (None,) * (len(input) - 1)


class PairwiseDistance(Layer):
    """The distance of two inputs along the last axis, which it takes away."""

    saves = "composed"
    keepdim: bool
    mixed = True

    def __init__(self, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> None:
        number("p", p)
        self._keep(norm=p, eps=eps, keepdim=keepdim)

    def output(  # type: ignore[override]  # PyTorch's forward takes two
        self, x1: Shape, x2: Shape
    ) -> Output:
        """Return the common shape without its last size, or with 1 in its place."""
        both = broadcast(x1, x2)
        return (*both[:-1], 1) if self.keepdim and both else both[:-1]

    def reach(self, input: Shape) -> Reach:
        """Return None for every axis: the other input may stretch them."""
        return (None,) * (len(input) if self.keepdim else len(input) - 1)


class AdaptiveLogSoftmaxWithLoss(Layer):
    """A softmax over very many classes, of which the rare ones are clustered."""

    in_features: int
    n_classes: int
    cutoffs: list[int]
    shortlist_size: int
    n_clusters: int
    head_size: int
    head_bias: bool
    div_value: float

    def __init__(
        self,
        in_features: int,
        n_classes: int,
        cutoffs: Sequence[int],
        div_value: float = 4.0,
        head_bias: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        n_classes = whole("n_classes", n_classes, 1)
        if not isinstance(cutoffs, (tuple, list)) or not cutoffs:
            raise ConvcalcError(f"{cutoffs!r} is not a list of class numbers", "cutoffs")
        bounds = [whole("cutoffs", each, 1) for each in cutoffs]
        if bounds != sorted(set(bounds)) or bounds[-1] > n_classes - 1:
            raise ConvcalcError(f"{bounds} don't ascend to below {n_classes}", "cutoffs")
        number("div_value", div_value)
        self._keep(
            in_features=whole("in_features", in_features, 1),
            n_classes=n_classes,
            cutoffs=[*bounds, n_classes],
            div_value=div_value,
            head_bias=head_bias,
            shortlist_size=bounds[0],
            n_clusters=len(bounds),
            head_size=bounds[0] + len(bounds),
        )

    def output(  # type: ignore[override]  # PyTorch's forward takes two
        self, input_: Shape, target_: Shape
    ) -> Output:
        """Return the log-probabilities of the targets, and the loss."""
        if len(target_) > 1 or input_ != (*target_, self.in_features):
            raise misfit(f"{self.in_features:,} features and a target for each row", input_)
        return [target_, ()]

    def parameters(self) -> dict[str, Shape | None]:
        """Return the head's weight, and for each cluster a projection and what follows it."""
        learnt: dict[str, Shape | None] = {
            "head.weight": (self.head_size, self.in_features),
            "head.bias": (self.head_size,) if self.head_bias else None,
        }
        for cluster, (first, last) in enumerate(zip(self.cutoffs, self.cutoffs[1:], strict=False)):
            hidden = int(self.in_features // self.div_value ** (cluster + 1))
            learnt[f"tail.{cluster}.0.weight"] = (hidden, self.in_features)
            learnt[f"tail.{cluster}.1.weight"] = (last - first, hidden)
        return learnt

    def macs(self, *inputs: Any) -> int:
        """Raise ConvcalcError: which clusters are worked out depends on the targets' values."""
        raise ConvcalcError("does work that depends on the values of its targets")

    def reach(self, input: Shape) -> Reach:
        """Return the rows in place."""
        return (IN_PLACE,) * (len(input) - 1)
