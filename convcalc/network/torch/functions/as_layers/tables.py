"""Rows of a table looked up by index, as an embedding does it."""

from __future__ import annotations

from convcalc.layers.base import size_text
from convcalc.network.torch.dtypes import INT64
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.functional import layer_of
from convcalc.network.torch.functions.layered import applied, check_indices, check_rows
from convcalc.network.torch.functions.registry import operation, tensor_of
from convcalc.network.torch.gradients.rules import CONSTANT, OF_LAYER, whole
from convcalc.network.torch.sizes import as_size, shown
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.exceptions import NotUnderstood


def _check_padding(name: str, weight: object, padding_idx: object) -> None:
    rows = tensor_of(name, weight).shape[:1]
    if isinstance(padding_idx, int) and rows and not -rows[0] <= padding_idx < rows[0]:
        raise misfit(f"{name}: there is no row {padding_idx} among {size_text(rows[0])}")


@operation("embedding", where="t", counted=True, harmless="padding_idx scale_grad_by_freq sparse",
           saves=lambda result, weight, indices: [whole(indices)])  # fmt: skip
def torch_embedding(weight: Tensor, indices: Tensor) -> Tensor:
    """Rows of a table, which comes first here, looked up by index."""
    return embedding(indices, weight)


@operation("embedding", where="f", counted=True,
           harmless="max_norm norm_type scale_grad_by_freq sparse",
           saves=lambda result, input, weight: [whole(input)])  # fmt: skip
def embedding(input: Tensor, weight: Tensor, padding_idx: object = None) -> Tensor:
    """Rows of a table, looked up by index."""
    _check_padding("embedding", weight, padding_idx)
    table = tensor_of("embedding", weight)
    if table.ndim != 2:
        raise misfit(f"embedding: its table has 2 dimensions, not {shown(table.shape)}")
    check_indices(tensor_of("embedding", input), "embedding ")
    check_rows(table.shape, input)
    return Tensor((*input.shape, *table.shape[1:]), table.dtype, fed=input.fed)


@operation("embedding_bag", where="f", counted=True,
           harmless="max_norm norm_type", saves=OF_LAYER)  # fmt: skip
def embedding_bag(input: Tensor, weight: Tensor, offsets: object = None,
                  scale_grad_by_freq: object = False, mode: object = "mean",
                  sparse: object = False, per_sample_weights: object = None,
                  include_last_offset: object = False,
                  padding_idx: object = None) -> Tensor:  # fmt: skip
    """Rows of a table, looked up and summed bag by bag."""
    _check_padding("embedding_bag", weight, padding_idx)
    table = tensor_of("embedding_bag", weight)
    if table.ndim != 2:
        raise misfit(f"embedding_bag: its table has 2 dimensions, not {shown(table.shape)}")
    check_rows(table.shape, tensor_of("embedding_bag", input))
    layer = layer_of("EmbeddingBag", *table.shape, None, 2.0, scale_grad_by_freq, mode, sparse,
                     None, include_last_offset)  # fmt: skip
    check_indices(input, "embedding_bag ")
    more = {"offsets": offsets, "per_sample_weights": per_sample_weights}
    given = {name: each for name, each in more.items() if each is not None}
    return tensor_of("embedding_bag", applied(layer, [input], given, table.dtype))


@operation("one_hot", where="f", saves=CONSTANT)
def one_hot(input: Tensor, num_classes: object = -1) -> Tensor:
    """A one where an index says so."""
    check_indices(tensor_of("one_hot", input), "one_hot ", (INT64,))
    classes = as_size("one_hot", num_classes)
    if classes < 0:
        raise NotUnderstood("how many classes one_hot() makes depends on the values of a tensor")
    if any(isinstance(each, int) and not 0 <= each < classes for each in input.values or ()):
        raise misfit(f"one_hot: some numbers aren't among its {classes} classes")
    return Tensor((*input.shape, classes), INT64, fed=input.fed)
