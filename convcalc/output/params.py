"""What `params` answers: the weights of a layer, and its work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convcalc import text
from convcalc.layers.convolution import Convolutional
from convcalc.single.params import ParamsAnswer

if TYPE_CHECKING:
    from convcalc.output.page import Cell, Page


def as_page(answer: ParamsAnswer) -> Page:
    """Lay out the weights of a layer and the work that it does."""
    from convcalc.output.page import Facts, Memory, Page  # here, since JSON has no page

    layer = answer.layer
    rows: list[tuple[str, Cell, str]] = []
    if isinstance(layer, Convolutional) and answer.weight_shape is not None:
        rows += [
            ("weight tensor W", answer.weight_shape, " × ".join(_weight_letters(layer))),
            (
                "weights",
                answer.weights,
                f"{'·'.join(_weight_letters(layer))} = {text.product(answer.weight_shape)}",
            ),
            ("bias", answer.bias, "one per output channel" if answer.bias else "none"),
        ]
    else:
        rows.append(("weights", 0, "pooling has nothing to learn"))
    rows += [
        (
            "parameters",
            answer.total,
            f"weights + bias = {answer.weights:,} + {answer.bias:,}",
        ),
        (
            "memory",
            Memory(answer.bytes),
            f"parameters·bytes = {answer.total:,} · {text.bytes_each(answer.dtype)}",
        ),
    ]
    if answer.macs is not None and answer.weights:
        of = "" if layer.transposed else "_out"
        positions = "·".join(("weights", *text.letters(layer.ndim, of)))
        how = f"{positions} = {answer.weights:,} · {text.product(answer.positions)}"
        rows += [
            ("MACs per sample", answer.macs, how),
            ("FLOPs per sample", answer.flops, f"2·MACs = 2 · {answer.macs:,}"),
        ]
        if answer.batch > 1:
            how = f"batch·MACs = {answer.batch:,} · {answer.macs:,}"
            rows.append(("MACs per batch", answer.batch * answer.macs, how))
    heading = f"{layer.name}: {text.counted(answer.total, 'parameter')}"
    return Page(heading, (Facts(rows),), answer.code, answer.notes)


def as_json(answer: ParamsAnswer) -> dict[str, Any]:
    """Return what `params` answers, MACs and FLOPs per sample."""
    return {
        "layer": answer.layer.name,
        "weight_shape": answer.weight_shape,
        "weights": answer.weights,
        "bias": answer.bias,
        "total": answer.total,
        "bytes": answer.bytes,
        "dtype": answer.dtype,
        "macs": answer.macs,
        "flops": answer.flops,
        "code": answer.code,
        "notes": answer.notes,
    }


def _weight_letters(layer: Convolutional) -> tuple[str, ...]:
    """Return what the sizes of the weight tensor are, in the assignment's letters."""
    first, second = ("c", "c_out") if layer.transposed else ("c_out", "c")
    shared = f"{second}/{layer.groups}" if layer.groups > 1 else second
    return text.letters(layer.ndim, "_k", (first, shared))
