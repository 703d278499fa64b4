"""What losses keep, most of which PyTorch makes of other functions.

Source: ATen/native/Loss and LossNLL, and torch/nn/functional of PyTorch 2.13.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from convcalc.network.torch.dtypes import BOOL, INT64
from convcalc.network.torch.gradients.rules import copy_of, memory, needs, whole
from convcalc.network.torch.gradients.steps import Steps, composed, do
from convcalc.network.torch.sizes import same_shape
from convcalc.network.torch.tensor import Kept, Tensor
from convcalc.network.torch.watch import WATCHER

# ---------------------------------------------------------------------------------------------
# Of numbers in the same places
# ---------------------------------------------------------------------------------------------


def _weighed(found: Tensor, weight: object, reduction: object) -> Tensor:
    """Weigh every place; where the mean is asked for, divide by all weights together."""
    if not isinstance(weight, Tensor):
        return found
    made = do("mul", found, weight)
    return made if reduction != "mean" else do("__truediv__", do("sum", made), do("sum", weight))


def of_squares(result: Tensor, input: Tensor, target: Tensor, weight: object = None,
               reduction: object = "mean") -> Iterable[Kept] | None:  # fmt: skip
    """Return what was found and what was wanted; with weights, how both differ and its square."""
    del result  # of which nothing is kept
    if not isinstance(weight, Tensor):
        return [input, target]
    return composed(lambda: _weighed(do("pow", do("sub", input, target), 2), weight, reduction))


def of_capped(result: Tensor, input: Tensor, target: Tensor, weight: object = None,
              reduction: object = "mean") -> Iterator[Kept]:  # fmt: skip
    """Yield what was found and what was wanted; with weights these, and what they weigh."""
    yield from (input, target)
    if isinstance(weight, Tensor):
        yield weight
        if needs(weight):
            yield copy_of(do("sub", input.like(), target.like()))
    del result, reduction  # on which it doesn't depend


def _differences(input: Tensor, target: Tensor, weight: object = None,
                 reduction: object = "mean") -> Tensor:  # fmt: skip
    return _weighed(do("abs", do("sub", input, target)), weight, reduction)


def _smooth(input: Tensor, target: Tensor, beta: object = 1.0) -> Tensor | None:
    if beta == 0:
        return _differences(input, target)
    WATCHER.get().keeps([input.storage, target.storage])
    return None


def _divergence(input: Tensor, target: Tensor, log_target: object = False) -> Tensor:
    if log_target:
        return do("mul", do("exp", target), do("sub", target, input))
    return do("sub", do("xlogy", target, target), do("mul", target, input))


def _hinge(input: Tensor, target: Tensor, margin: object = 1.0) -> Tensor:
    far = do("clamp_min_", do("__rsub__", input, margin), 0)
    goal = target.like()
    parts = (do("where", each, do("ne", goal, one), 0.0) for each, one in ((far, 1), (input, -1)))
    return do("add", *parts)


def _poisson(input: Tensor, target: Tensor, log_input: object = True, full: object = False,
             eps: object = 1e-8) -> Tensor:  # fmt: skip
    if log_input:
        made = do("sub", do("exp", input), do("mul", target, input))
    else:
        made = do("sub", input, do("mul", target, do("log", do("add", input, eps))))
    if not full:
        return made
    stirling = do("sub", do("mul", target, do("log", target)), target)
    stirling = do("add", stirling, do("mul", do("log", do("mul", target, 6.28)), 0.5))
    return do("add", made, do("masked_fill", stirling, do("le", target, 1), 0))


def _normal(input: Tensor, target: Tensor, var: object) -> Tensor:
    if not isinstance(var, Tensor):
        spread = input.like()
        spread.learnt = False
    elif not same_shape(var.shape, input.shape) and same_shape(var.shape, input.shape[:-1]):
        spread = do("unsqueeze", var, -1)
    else:
        spread = var
    spread = do("clone", spread)
    square = do("pow", do("sub", input, target), 2)
    return do("add", do("log", spread), do("__truediv__", square, spread))


OF_DIFFERENCES = Steps(_differences)
OF_SMOOTH = Steps(_smooth)
OF_DIVERGENCE = Steps(_divergence)
OF_HINGE = Steps(_hinge)
OF_POISSON = Steps(_poisson)
OF_NORMAL = Steps(_normal)

# ---------------------------------------------------------------------------------------------
# Of vectors
# ---------------------------------------------------------------------------------------------


def _ranking(input1: Tensor, input2: Tensor, target: Tensor, margin: object = 0.0) -> Tensor:
    further = do("mul", do("neg", target), do("sub", input1, input2))
    return do("clamp_min_", do("add", further, margin), 0)


def _directions(input1: Tensor, input2: Tensor, target: Tensor, margin: object = 0.0) -> Tensor:
    together = do("sum", do("mul", input1, input2), -1)
    squares = (do("add", do("sum", do("mul", each, each), -1), 1e-12) for each in (input1, input2))
    cosine = do("__truediv__", together, do("sqrt_", do("mul", *squares)))
    apart = do("clamp_min_", do("sub", cosine, margin), 0)
    near = do("__rsub__", cosine, 1)
    goal = target.like()
    parts = (do("where", each, do("eq", goal, one), 0.0) for each, one in ((near, 1), (apart, -1)))
    return do("add", *parts)


def distance(x1: Tensor, x2: Tensor) -> Tensor:
    """Measure how far vectors are from one another."""
    return do("norm", do("add", do("sub", x1, x2), 1e-6), 2, -1)


def triplet(tensors: Sequence[Tensor], measure: Callable[[Tensor, Tensor], Tensor],
            swap: object) -> Tensor:  # fmt: skip
    """Compare how far an anchor is from two others, the second also with the first of them."""
    anchor, positive, negative = tensors
    near, far = measure(anchor, positive), measure(anchor, negative)
    if swap:
        far = do("minimum", far, measure(positive, negative))
    return do("clamp_min", do("sub", do("add", near, 1.0), far), 0)


def _triplet(anchor: Tensor, positive: Tensor, negative: Tensor, swap: object = False) -> Tensor:
    return triplet((anchor, positive, negative), distance, swap)


OF_RANKING = Steps(_ranking)
OF_DIRECTIONS = Steps(_directions)
OF_TRIPLET = Steps(_triplet)

# ---------------------------------------------------------------------------------------------
# Of classes
# ---------------------------------------------------------------------------------------------


def of_class(result: Tensor, input: Tensor, target: Tensor,
             weight: object = None) -> Iterator[Kept]:  # fmt: skip
    """Yield how likely all classes are, which was wanted, and how much all together counts."""
    del result  # of which nothing is kept
    yield from (input, whole(target), memory((), input.dtype))
    if isinstance(weight, Tensor):
        yield weight


def of_likely(
    result: Tensor, input: Tensor, target: Tensor, weight: object = None,
    ignore_index: object = -100, reduction: object = "mean",
    label_smoothing: object = 0.0,
) -> Iterable[Kept] | None:  # fmt: skip
    """Return how likely all classes are, and which was wanted or how likely each was."""
    del ignore_index  # of which nothing is kept
    if target.dtype.has_point or (target.dtype.kind == "any" and target.shape == input.shape):
        return composed(lambda: _likely(input, target, weight, label_smoothing))
    return _wanted(result, input, target, weight, reduction, label_smoothing)


def _likely(input: Tensor, target: Tensor, weight: object, label_smoothing: object) -> Tensor:
    """Multiply how likely classes were found with how likely they were wanted."""
    found = do("log_softmax", input, min(input.ndim - 1, 1))
    goal = target
    if label_smoothing:
        goal = do("add", do("mul", target, 0.9), 0.1)
    made = do("mul", found, goal)
    if isinstance(weight, Tensor):
        shape = [1] * input.ndim
        shape[min(input.ndim - 1, 1)] = weight.shape[0]
        made = do("mul", made, do("view", weight, *shape))
    return do("sum", made)


def _wanted(result: Tensor, input: Tensor, target: Tensor, weight: object, reduction: object,
            label_smoothing: object) -> Iterator[Kept]:  # fmt: skip
    yield from (copy_of(input), whole(target), memory((), input.dtype))
    if isinstance(weight, Tensor):
        yield weight
    if label_smoothing:
        yield memory(target.shape, BOOL)
        if reduction == "mean":
            yield memory((), INT64 if weight is None else input.dtype)
    del result  # of which nothing is kept


def of_sequences(
    result: Tensor, log_probs: Tensor, targets: Tensor, input_lengths: object,
    target_lengths: object, reduction: object = "mean", zero_infinity: object = False,
) -> Iterable[Kept] | None:  # fmt: skip
    """Return how likely all classes are, which were wanted, and how likely each step of them is.

    The longest target decides how many steps there are; None where that isn't known.
    """
    del result, input_lengths  # of which nothing is kept
    given = target_lengths
    known = given.values if isinstance(given, Tensor) else given
    lengths = known if isinstance(known, (list, tuple)) else [known]
    if not lengths or not all(isinstance(each, int) for each in lengths):
        return None
    samples = log_probs.shape[1] if log_probs.ndim == 3 else 1
    steps = (samples, log_probs.shape[0], 2 * max(map(int, lengths)) + 1)
    kept: list[Kept] = [log_probs, whole(targets), memory(steps, log_probs.dtype)]
    kept.append(memory((samples,), log_probs.dtype))
    if reduction in ("mean", 1):
        kept.append(memory((samples,), log_probs.dtype))
    return [*kept, memory((samples,), BOOL)] if zero_infinity else kept


def _log_sigmoid(input: Tensor) -> Tensor:
    """Take a function that keeps its numbers, and something as large."""
    made = input.like()
    made.learnt = needs(input)
    if made.learnt:
        WATCHER.get().keeps([input.storage, copy_of(input)])
    return made


def _several_classes(input: Tensor, target: Tensor, weight: object = None) -> Tensor:
    """Multiply how likely every class was found, and how unlikely, with what was wanted."""
    sides = ((input, target), (do("neg", input), do("__rsub__", target, 1)))
    parts = (do("mul", goal, _log_sigmoid(each)) for each, goal in sides)
    made = do("neg", do("add", *parts))
    return do("mul", made, weight) if isinstance(weight, Tensor) else made


OF_SEVERAL = Steps(_several_classes)
