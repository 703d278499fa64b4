"""How many weights one layer has, and how much work it does."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from convcalc.formulas import BYTES, ConvcalcError
from convcalc.layers.base import Shape, batched
from convcalc.single.line import Asked
from convcalc.single.question import LayerQuestion
from convcalc.single.shape import pasted, surprises


@dataclass(frozen=True, eq=False)  # which nothing needs, and takes time at every start
class ParamsAnswer:
    """How many weights a layer has and how much work it does.

    `weight_shape` is None for pooling, which has no weights. `positions` are the sizes along
    which the kernel is applied, empty where only the channels of the input are known; then
    `macs` and `flops`, which are per sample, are None. `code` is None where PyTorch has no such
    layer.
    """

    layer: Asked
    weight_shape: Shape | None
    bias: int
    positions: Shape
    macs: int | None
    batch: int
    dtype: str
    code: str | None
    notes: tuple[str, ...]

    @property
    def weights(self) -> int:
        """The entries of the weight tensor."""
        return prod(self.weight_shape) if self.weight_shape else 0

    @property
    def total(self) -> int:
        """All learnable parameters."""
        return self.weights + self.bias

    @property
    def bytes(self) -> int:
        """The memory of all parameters."""
        return self.total * BYTES[self.dtype]

    @property
    def flops(self) -> int | None:
        """Floating-point operations per sample: two for each multiply-accumulate."""
        return None if self.macs is None else 2 * self.macs


def params(question: LayerQuestion) -> ParamsAnswer:
    """Return the weights of the layer that is asked about, and its work per sample."""
    if question.out_channels is None and not question.pool:
        raise ConvcalcError("is missing: without it there is no weight tensor", "out_channels")
    layer, size = question.layer(), question.size
    output_size = layer.output_size(size) if size else ()
    notes = surprises(question, layer)
    if not size and len(question.kernel_size) == 1:
        notes = ("The input has channels alone: taken as a 2-D layer.", *notes)
    learnt = layer.parameters()
    return ParamsAnswer(
        layer=layer,
        weight_shape=learnt.get("weight"),
        bias=prod(learnt.get("bias") or (0,)),
        positions=size if layer.transposed else output_size,
        macs=int(layer.macs(batched(question.input_shape))) if size else None,
        batch=question.batch or 1,
        dtype=question.dtype or "float32",
        code=pasted(question, layer),
        notes=notes,
    )
