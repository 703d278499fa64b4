"""The JSON of each result, key by key, as programs rely on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convcalc.formulas import nested_shape

if TYPE_CHECKING:  # so that a command loads its own answer's module alone
    from convcalc.checking.check import CheckAnswer
    from convcalc.network.follow import NetworkAnswer
    from convcalc.single.demo import Walkthrough
    from convcalc.single.params import ParamsAnswer
    from convcalc.single.shape import ShapeAnswer
    from convcalc.single.solve import SolveAnswer


def shape_json(answer: ShapeAnswer) -> dict[str, Any]:
    """Return what `shape` answers, shapes per sample."""
    layer = answer.layer
    return {
        "layer": layer.name,
        "input": answer.input,
        "output": answer.output,
        "kernel_size": layer.kernel_size,
        "stride": layer.stride,
        "padding": layer.padding,
        "dilation": layer.dilation,
        "groups": layer.groups,
        "batch": answer.batch,
        "padded": answer.padded,
        "patches": answer.patches,
        "values_per_patch": answer.values_per_patch,
        "unfolded": answer.unfolded,
        "dropped": answer.dropped,
        "code": answer.code,
        "notes": answer.notes,
    }


def params_json(answer: ParamsAnswer) -> dict[str, Any]:
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


def solve_json(answer: SolveAnswer) -> dict[str, Any]:
    """Return what `solve` answers: how many layers do it, and the first of them."""
    return {
        "input": answer.question.input_shape,
        "output": answer.question.output_shape,
        "transposed": answer.question.transposed,
        "total": answer.total,
        "solutions": [
            {
                "kernel_size": each.layer.kernel_size,
                "stride": each.layer.stride,
                "padding": [before for before, _ in each.layer.padding],
                "dilation": each.layer.dilation,
                "output_padding": each.layer.output_padding,
                "dropped": each.dropped,
                "params": each.layer.params,
                "code": each.layer.code(),
            }
            for each in answer.solutions
        ],
    }


def check_json(answer: CheckAnswer) -> dict[str, Any]:
    """Return how an implementation did; tensors are given by their shapes."""
    return {
        "target": answer.target,
        "op": answer.operation,
        "passed": answer.passed,
        "failed": answer.failed,
        "cases": [
            {
                "arguments": {
                    name: nested_shape(each) if name in outcome.case.tensors else each
                    for name, each in outcome.case.handed.items()
                },
                "ok": outcome.ok,
                "reason": outcome.reason,
            }
            for outcome in answer.outcomes
        ],
        "narrowed": answer.narrowed,
        "likely": answer.likely,
        "notes": answer.notes,
    }


def demo_json(walk: Walkthrough) -> dict[str, Any]:
    """Return every tensor of a walk-through, those of the backward pass where it was gone."""
    keys: dict[str, Any] = {
        "X": walk.X,
        "U": walk.U,
        "W": walk.W,
        "W_matrix": walk.W_matrix,
        "Y_matrix": walk.Y_matrix,
        "Y": walk.Y,
    }
    if walk.bias is not None:
        keys["bias"] = walk.bias
    if walk.gradients is not None:
        keys |= {
            "grad_Y": walk.gradients.Y,
            "grad_Y_matrix": walk.gradients.Y_matrix,
            "grad_W_matrix": walk.gradients.W_matrix,
            "grad_W": walk.gradients.W,
            "grad_U": walk.gradients.U,
            "grad_X": walk.gradients.X,
        }
        if walk.gradients.bias is not None:
            keys["grad_bias"] = walk.gradients.bias
    return keys


def network_json(answer: NetworkAnswer) -> dict[str, Any]:
    """Return what `net` answers; shapes, MACs and receptive fields are null where not known."""
    return {
        "input": answer.input,
        "output": answer.output,
        "layers": [
            {
                "name": row.name,
                "layer": row.layer,
                "input": row.input,
                "output": row.output,
                "params": row.params,
                "macs": row.macs,
                "receptive_field": row.receptive_field,
                "effective_stride": row.effective_stride,
            }
            for row in answer.rows
        ],
        "total_params": answer.total_params,
        "total_macs": answer.total_macs,
        "bytes": answer.bytes,
        "notes": answer.notes,
    }
