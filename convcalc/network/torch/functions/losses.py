"""torch.nn.functional's losses; the modules of torch.nn are made of them, their settings too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

from convcalc.layers.base import size_text
from convcalc.network.torch.dtypes import ANY, REAL, DType, with_point
from convcalc.network.torch.errors import details, misfit
from convcalc.network.torch.functions.functional import linear, pairwise_distance
from convcalc.network.torch.functions.registry import (
    FUNCTIONAL,
    TORCH,
    Operation,
    operation,
    tensor_of,
)
from convcalc.network.torch.functions.shaping import reshape
from convcalc.network.torch.functions.signatures import checked, overloads
from convcalc.network.torch.gradients import losses as kept
from convcalc.network.torch.gradients.rules import Rule, copy_of, whole
from convcalc.network.torch.gradients.steps import Steps, do
from convcalc.network.torch.sizes import broadcast, is_one, listed, same, same_shape, shown
from convcalc.network.torch.tensor import Kept, Tensor, elementwise
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.exceptions import NotUnderstood

HARMLESS = "size_average reduce eps beta delta log_target log_input blank zero_infinity swap"
"""Arguments of losses on which nothing depends that is followed."""
REDUCTIONS = ("none", "mean", "sum")


def reduction_of(size_average: object, reduce: object, reduction: object) -> object:
    """Return the reduction that a loss's older arguments ask for: before `reduction`, if at all."""
    if size_average is None and reduce is None:
        return reduction
    if reduce is not None and not reduce:
        return "none"
    return "mean" if size_average is None or size_average else "sum"


class Loss(Operation):
    """A loss that takes older arguments, too, in the place of its reduction."""

    def __call__(self, *arguments: object, **named: object) -> object:
        """Return what the loss makes of tensors, with the reduction that they ask for."""
        names, given, _ = checked(self.name, arguments, named)
        given = {**dict(zip(names, arguments, strict=False)), **given}
        size_average, reduce = (given.pop(each, None) for each in AGED)
        if size_average is None and reduce is None:
            return super().__call__(*arguments, **named)
        return super().__call__(**given | {"reduction": reduction_of(size_average, reduce, None)})


def _made(
    name: str, result: Tensor, reduction: object, *, weighed: bool = False
) -> Tensor:  # fmt: skip
    """Return what a loss makes of what it found for every place: all of them, or one number."""
    if isinstance(reduction, int) and 0 <= reduction < len(REDUCTIONS):
        reduction = REDUCTIONS[reduction]  # as torch's own functions take it
    allowed = (*REDUCTIONS, "batchmean") if name == "kl_div" else REDUCTIONS
    if reduction not in allowed:
        raise misfit(f"{name}: {reduction!r} is not a reduction", ValueError)
    result.dtype = with_point(result.dtype)
    if reduction == "none":
        return result
    reduced = Tensor((), result.dtype, fed=result.fed)
    if name in ROOMY and not weighed:
        reduced.held = result.storage
    return reduced


ROOMY = ("mse_loss", "smooth_l1_loss", "soft_margin_loss", "binary_cross_entropy")
"""Losses whose one number lies in the memory that was made for those of all places."""


def _tensors(name: str, *values: object) -> list[Tensor]:
    return [tensor_of(name, each) for each in values]


def _without(tensor: Tensor, axis: int = -1) -> Tensor:
    """Return a tensor without an axis, over which was summed; a single number stays one."""
    at = axis % max(tensor.ndim, 1)
    return Tensor((*tensor.shape[:at], *tensor.shape[at + 1 :]), tensor.dtype, fed=tensor.fed)


def _same_sizes(name: str, input: Tensor, other: object, what: str = "target") -> None:
    """Raise where something doesn't have the sizes of the input."""
    if other is not None and not same_shape(tensor_of(name, other).shape, input.shape):
        given = tensor_of(name, other).shape
        raise misfit(f"{name}: {shown(given)} is not a {what} for {shown(input.shape)}", ValueError)


def _within(name: str, weight: object, shape: tuple[int, ...]) -> None:
    """Raise where a weight can't be repeated to a shape."""
    if weight is not None:
        given = tensor_of(name, weight).shape
        if not same_shape(broadcast(name, given, shape), shape):
            raise misfit(f"{name}: a weight of {shown(given)} doesn't fit {shown(shape)}")


def _weighs_classes(name: str, weight: object, classes: int, dtype: DType) -> None:
    known = isinstance(weight, Tensor) and weight.dtype is not ANY and dtype.has_point
    if known and tensor_of(name, weight).dtype != dtype:
        raise misfit(f"{name} takes a weight of {dtype}, not of {tensor_of(name, weight).dtype}")
    if weight is not None and not same_shape(tensor_of(name, weight).shape, (classes,)):
        raise misfit(f"{name}: a weight for each of {size_text(classes)} classes is needed, not "
                     f"{shown(tensor_of(name, weight).shape)}")  # fmt: skip


def _takes_complex(name: str, *tensors: Tensor) -> None:
    """Raise where complex numbers come in that a loss doesn't take."""
    taken = name in ("l1_loss", "soft_margin_loss")
    if not taken and any(each.dtype.kind == "complex" for each in tensors):
        raise misfit(f"{name} takes no complex numbers")


def _same_axes(name: str, *tensors: Tensor) -> None:
    if len({each.ndim for each in tensors}) > 1:
        several = ", ".join(shown(each.shape) for each in tensors)
        raise misfit(f"{name} takes tensors of as many dimensions each, gets {several}")


# ---------------------------------------------------------------------------------------------
# Of numbers in the same places
# ---------------------------------------------------------------------------------------------


def _of_places(names: str, saves: Rule | Steps, harmless: str = "") -> None:
    """Register losses of numbers in the same places, with a weight for each."""

    def register(name: str) -> None:
        @operation(name, where="f", harmless=f"{HARMLESS} {harmless}", saves=saves,
                   of_first=1 if name == "hinge_embedding_loss" else None)  # fmt: skip
        def loss(input: Tensor, target: Tensor, weight: object = None,
                 reduction: object = "mean") -> Tensor:  # fmt: skip
            one, other = _tensors(name, input, target)
            _same_sizes(name, one, weight, "weight")
            if name == "soft_margin_loss":
                _within(name, other, one.shape)
            _takes_complex(name, one, other)
            if name == "poisson_nll_loss" and other.dtype.kind == "bool":
                raise NotUnderstood(f"{name} of a target of truth values isn't followed")
            if not one.dtype.has_point and one.dtype is not ANY and name in AS_INPUT:
                raise misfit(f"{name} takes no {one.dtype}, .float() before it would do")
            for kind, named in UNTAKEN.items():
                if name in named and other.dtype.kind == kind:
                    raise misfit(f"{name} takes no target of {other.dtype}, .float() would do")
            dtype = one.dtype if name in AS_INPUT else None
            if name in TARGET_FIRST:
                one, other = other, one
            result = elementwise(name, one, other)
            if name in WARNING and not same_shape(one.shape, other.shape):
                WATCHER.get().warned(
                    f"{name} of {shown(one.shape)} and {shown(other.shape)} is that of "
                    f"{shown(result.shape)}, of which PyTorch warns: is a dimension missing?"
                )
            result.dtype = dtype or REAL.get(result.dtype, result.dtype)
            return _made(name, result, reduction, weighed=weight is not None)

    for each in names.split():
        register(each)


TARGET_FIRST = ("kl_div", "hinge_embedding_loss")
"""Those which work on their target first, as which the results lie in memory."""
WARNING = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")
"""Those that PyTorch warns of where input and target are of different sizes."""
AS_INPUT = ("huber_loss", "soft_margin_loss", "hinge_embedding_loss")
"""Those whose result is of their input's kind, whatever their target's is."""
UNTAKEN = {"bool": ("l1_loss", "kl_div"), "int": ("kl_div",)}
"""Kinds of numbers that the targets of some mustn't be of."""
_of_places("mse_loss", kept.of_squares)
_of_places("huber_loss", kept.of_capped)
_of_places("smooth_l1_loss", kept.OF_SMOOTH)
_of_places("l1_loss", kept.OF_DIFFERENCES)
_of_places("poisson_nll_loss", kept.OF_POISSON, "full")
_of_places("kl_div", kept.OF_DIVERGENCE)
_of_places("hinge_embedding_loss", kept.OF_HINGE, "margin")
_of_places("soft_margin_loss", "input target")


@operation("binary_cross_entropy", where="f", harmless=HARMLESS, saves="input target weight")
def binary_cross_entropy(input: Tensor, target: Tensor, weight: object = None,
                         reduction: object = "mean") -> Tensor:  # fmt: skip
    """How likely truth values are."""
    name = "binary_cross_entropy"
    one, other = _tensors(name, input, target)
    _same_sizes(name, one, other)
    if one.dtype != other.dtype and one.dtype is not ANY and other.dtype is not ANY:
        raise misfit(f"{name} takes a target of {one.dtype}, not of {other.dtype}")
    _within(name, weight, other.shape)
    return _made(name, elementwise(name, one, other), reduction)


def _keeps_logits(result: Tensor, input: Tensor, target: Tensor, weight: object = None,
                  pos_weight: object = None, reduction: object = "mean") -> list[Kept]:  # fmt: skip
    """Return what was found, what was wanted and how much it counts."""
    del result, reduction  # of which nothing is kept
    return [e for e in (input, target, weight, pos_weight) if isinstance(e, Tensor)]


@operation("binary_cross_entropy_with_logits", where="f", harmless=HARMLESS, saves=_keeps_logits)
def with_logits(input: Tensor, target: Tensor, weight: object = None, pos_weight: object = None,
                reduction: object = "mean") -> Tensor:  # fmt: skip
    """How likely truth values are, by their logits."""
    name = "binary_cross_entropy_with_logits"
    one, other = _tensors(name, input, target)
    _same_sizes(name, one, other)
    given = [other, one, *(tensor_of(name, e) for e in (weight, pos_weight) if e is not None)]
    _takes_complex(name, one, other)
    if not other.dtype.has_point and other.dtype is not ANY:
        raise misfit(f"{name} takes no target of {other.dtype}, .float() would do")
    result = elementwise(name, *given)
    result.dtype = other.dtype if other.dtype is not ANY else result.dtype
    return _made(name, result, reduction)


@operation("gaussian_nll_loss", where="f", harmless="full eps", saves=kept.OF_NORMAL)
def gaussian_nll_loss(input: Tensor, target: Tensor, var: object,
                      reduction: object = "mean") -> Tensor:  # fmt: skip
    """How likely numbers are around others."""
    name = "gaussian_nll_loss"
    if not isinstance(target, Tensor):
        raise NotUnderstood(f"{name}() of {target!r} isn't followed")
    one, other = _tensors(name, input, target)
    if isinstance(var, float) and var < 0:
        raise misfit(f"{name}: a var is not below 0, as {var} is", ValueError)
    if isinstance(var, Tensor) and not same_shape(var.shape, one.shape):
        if not same_shape(var.shape, one.shape[:-1]):
            alike = var.ndim == one.ndim and same_shape(var.shape[:-1], one.shape[:-1])
            if not alike or not is_one(var.shape[-1]):
                raise NotUnderstood(f"a var of {shown(var.shape)} isn't followed")
    return _made(name, elementwise(name, one, other), reduction)


@operation("margin_ranking_loss", where="f", harmless=f"{HARMLESS} margin",
           saves=kept.OF_RANKING)  # fmt: skip
def margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor,
                        reduction: object = "mean") -> Tensor:  # fmt: skip
    """Whether the larger of two numbers is the one that a target names."""
    given = _tensors("margin_ranking_loss", input1, input2, target)
    _same_axes("margin_ranking_loss", *given)
    result = elementwise("margin_ranking_loss", *given[2:], *given[:2])
    return _made("margin_ranking_loss", result, reduction)


@operation("cosine_embedding_loss", where="f", harmless=f"{HARMLESS} margin",
           saves=kept.OF_DIRECTIONS, of_first=2)  # fmt: skip
def cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor,
                          reduction: object = "mean") -> Tensor:  # fmt: skip
    """How alike two vectors are, as a target asks of them."""
    name = "cosine_embedding_loss"
    one, two, goal = _tensors(name, input1, input2, target)
    if goal.ndim > 1 or not one.ndim == two.ndim == goal.ndim + 1:
        raise misfit(f"{name}: {shown(goal.shape)} is not a target for {shown(one.shape)} and "
                     f"{shown(two.shape)}")  # fmt: skip
    together = _without(elementwise(name, one, two))
    return _made(name, elementwise(name, together, goal), reduction)


@operation("triplet_margin_loss", where="f", harmless=f"{HARMLESS} p", saves=kept.OF_TRIPLET)
def triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor, margin: object = 1.0,
                        reduction: object = "mean") -> Tensor:  # fmt: skip
    """How much nearer an anchor is to one than to another."""
    check_margin(margin)
    return _triplet("triplet_margin_loss", (anchor, positive, negative), reduction)


@operation("triplet_margin_loss", where="t", harmless=f"{HARMLESS} p margin",
           saves=kept.OF_TRIPLET)  # fmt: skip
def torch_triplet(anchor: Tensor, positive: Tensor, negative: Tensor,
                  reduction: object = 0) -> Tensor:  # fmt: skip
    """How much nearer an anchor is to one than to another."""
    return _triplet("triplet_margin_loss", (anchor, positive, negative), reduction)


def _compared(anchor: Tensor, positive: Tensor, negative: Tensor, swap: object = False,
              distance_function: Callable[..., object] | None = None) -> Tensor | None:  # fmt: skip
    """Take the steps; with a function of one's own they were taken before."""
    if distance_function is not None:
        return None
    return kept.triplet((anchor, positive, negative), kept.distance, swap)


@operation("triplet_margin_with_distance_loss", where="f", saves=Steps(_compared))
def with_distance(anchor: Tensor, positive: Tensor, negative: Tensor, *,
                  distance_function: Callable[..., object] | None = None, margin: object = 1.0,
                  swap: object = False, reduction: object = "mean") -> Tensor:  # fmt: skip
    """How much nearer an anchor is to one than to another, by a distance of one's own."""
    check_margin(margin)
    name = "triplet_margin_with_distance_loss"
    tensors = _tensors(name, anchor, positive, negative)
    if distance_function is None:
        return _triplet(name, tensors, reduction)
    _same_axes(name, *tensors)
    found = kept.triplet(tensors, lambda *two: tensor_of(name, distance_function(*two)), swap)
    return _made(name, found, reduction)


def check_margin(margin: object) -> None:
    """Raise where a margin isn't above 0."""
    if not isinstance(margin, (int, float)) or margin <= 0:
        raise misfit(f"a margin is above 0, not {margin!r}", ValueError)


def _triplet(name: str, tensors: Sequence[object], reduction: object) -> Tensor:  # fmt: skip
    anchor, *others = _tensors(name, *tensors)
    _same_axes(name, anchor, *others)
    far = [pairwise_distance(anchor, each) for each in others]
    return _made(name, elementwise(name, *far), reduction)


# ---------------------------------------------------------------------------------------------
# Of classes
# ---------------------------------------------------------------------------------------------


def _check_classes(name: str, goal: Tensor, classes: int, ignored: object = None) -> None:
    """Raise where a target is known that is none of the classes."""
    for each in goal.values or ():
        if isinstance(each, int) and each != ignored and not 0 <= each < classes:
            raise misfit(f"{name}: {each} is none of {size_text(classes)} classes", IndexError)


def _check_kind(name: str, goal: Tensor, other: str = "") -> None:
    """Raise where a target counts classes in numbers of another kind than PyTorch's."""
    if whole(goal).dtype is not ANY and goal.dtype.name not in ("int64", other):
        raise misfit(f"{name} takes classes of torch.int64, not of {goal.dtype}: .long() would do")


def _of_classes(name: str, input: Tensor, target: Tensor, weight: object, ignore_index: object,
                label_smoothing: object = 0.0) -> Tensor:  # fmt: skip
    """Return a loss of classes for every place: they stand along axis 1, or the only one."""
    scores, goal = _tensors(name, input, target)
    if not scores.shape:
        raise misfit(f"{name} takes scores of classes, not a single number")
    if not isinstance(label_smoothing, (int, float)) or not 0 <= label_smoothing <= 1:
        raise misfit(f"{name}: label_smoothing is between 0 and 1, not {label_smoothing!r}")
    at = min(scores.ndim - 1, 1)
    _weighs_classes(name, weight, scores.shape[at], scores.dtype)
    rest = _without(scores, at)
    likely = name == "cross_entropy" and same_shape(goal.shape, scores.shape)
    whole = goal.dtype.kind in ("int", "any")
    if likely and (not whole or (goal.dtype.kind == "any" and scores.ndim > 1)):
        if isinstance(ignore_index, int) and ignore_index >= 0:
            raise misfit(f"{name}: ignore_index isn't taken with probabilities")
    elif not whole or not same_shape(goal.shape, rest.shape):
        samples = goal.ndim == rest.ndim and not same_shape(goal.shape[:1], rest.shape[:1])
        raise misfit(f"{name}: {shown(goal.shape)} is not a target for {shown(scores.shape)}, "
                     f"{shown(rest.shape)} would be",
                     ValueError if samples else RuntimeError)  # fmt: skip
    else:
        _check_kind(name, goal, "uint8" if scores.ndim < 3 else "")
        _check_classes(name, goal, scores.shape[at], ignore_index)
    rest.fed = scores.fed or goal.fed
    return rest


@operation("cross_entropy", where="f", harmless=HARMLESS, saves=kept.of_likely)
def cross_entropy(input: Tensor, target: Tensor, weight: object = None,
                  ignore_index: object = -100, reduction: object = "mean",
                  label_smoothing: object = 0.0) -> Tensor:  # fmt: skip
    """How likely classes are, by their logits."""
    name = "cross_entropy"
    result = _of_classes(name, input, target, weight, ignore_index, label_smoothing)
    return _made(name, result, reduction)


@operation("nll_loss", where="f", harmless=HARMLESS, saves=kept.of_class)
def nll_loss(input: Tensor, target: Tensor, weight: object = None, ignore_index: object = -100,
             reduction: object = "mean") -> Tensor:  # fmt: skip
    """How likely classes are, by the logarithms of it."""
    result = _of_classes("nll_loss", input, target, weight, ignore_index)
    return _made("nll_loss", result, reduction)


def _of_logits(input: Tensor, linear_weight: Tensor, target: Tensor, linear_bias: object = None,
               weight: object = None, reduction: object = "mean", ignore_index: object = None,
               label_smoothing: object = 0.0) -> object:  # fmt: skip
    """Take the steps: a linear map, and how likely its logits make the classes."""
    classes, *more, features = linear_weight.shape
    rows = prod((classes, *more))
    bias = do("reshape", linear_bias, rows) if isinstance(linear_bias, Tensor) else None
    logits = FUNCTIONAL["linear"](input, do("reshape", linear_weight, rows, features), bias)
    assert isinstance(logits, Tensor)
    scores = do("reshape", logits, *input.shape[:-1], classes, *more)
    return FUNCTIONAL["cross_entropy"](
        scores, target, weight, reduction=reduction, label_smoothing=label_smoothing
    )


@operation("linear_cross_entropy", where="f", counted=True, saves=Steps(_of_logits))
def linear_cross_entropy(input: Tensor, linear_weight: Tensor, target: Tensor, *,
                         linear_bias: object = None, weight: object = None,
                         reduction: object = "mean", ignore_index: object = None,
                         label_smoothing: object = 0.0,
                         options: None = None) -> Tensor:  # fmt: skip
    """How likely classes are, by the logits that a linear map makes."""
    name = "linear_cross_entropy"
    if options is not None:
        raise NotUnderstood(f"{name}() isn't followed with options")
    given, table = _tensors(name, input, linear_weight)
    if given.ndim not in (1, 2) or table.ndim < 2:
        raise misfit(f"{name} takes one or two dimensions, not {shown(given.shape)}")
    classes, *more, features = table.shape
    if more and given.ndim == 1:
        raise misfit(f"{name} takes several samples where there are several losses of each")
    rows = prod((classes, *more))
    bias = reshape(tensor_of(name, linear_bias), -1) if linear_bias is not None else None
    logits = linear(given, reshape(table, rows, features), bias)
    scores = reshape(logits, *given.shape[:-1], classes, *more)
    skipped = -100 if ignore_index is None else ignore_index
    found = _of_classes("cross_entropy", scores, target, weight, skipped, label_smoothing)
    result = _made(name, found, reduction)
    result.work = logits.work
    return result


@operation("multi_margin_loss", where="f", harmless=f"{HARMLESS} p margin",
           saves="input target weight")  # fmt: skip
def multi_margin_loss(input: Tensor, target: Tensor, weight: object = None,
                      reduction: object = "mean") -> Tensor:  # fmt: skip
    """How far a class is before the others."""
    name = "multi_margin_loss"
    scores, goal = _tensors(name, input, target)
    single = scores.ndim < 2 and goal.ndim < 2 and prod(map(int, goal.shape)) == 1
    if scores.ndim > 2 or not (single or same_shape(goal.shape, scores.shape[:-1])):
        raise misfit(f"{name}: {shown(goal.shape)} is not a target for {shown(scores.shape)}")
    classes = scores.shape[-1] if scores.shape else 1
    _check_classes(name, goal, classes)
    _weighs_classes(name, weight, classes, scores.dtype)
    _check_kind(name, goal)
    return _made(name, Tensor(goal.shape, scores.dtype, fed=scores.fed), reduction)


@operation("multilabel_margin_loss", where="f", harmless=HARMLESS,
           saves=lambda result, input, target: [input, target, copy_of(input)])  # fmt: skip
def multilabel_margin_loss(input: Tensor, target: Tensor,
                           reduction: object = "mean") -> Tensor:  # fmt: skip
    """How far several classes are before the others."""
    name = "multilabel_margin_loss"
    scores, goal = _tensors(name, input, target)
    if goal.dtype.has_point:
        raise misfit(f"{name} takes classes of int64, not of {goal.dtype}")
    none = bool(scores.shape) and scores.shape[-1] == 0
    if none or scores.ndim > 2 or not same_shape(scores.shape, goal.shape):
        raise misfit(f"{name}: {shown(goal.shape)} is not a target for {shown(scores.shape)}")
    return _made(name, _without(scores), reduction)


@operation("multilabel_soft_margin_loss", where="f", harmless=HARMLESS, saves=kept.OF_SEVERAL)
def multilabel_soft_margin_loss(input: Tensor, target: Tensor, weight: object = None,
                                reduction: object = "mean") -> Tensor:  # fmt: skip
    """How likely several classes are."""
    name = "multilabel_soft_margin_loss"
    if not isinstance(target, Tensor) or not isinstance(weight, (Tensor, type(None))):
        raise NotUnderstood(f"{name}() isn't followed with numbers in the place of tensors")
    if not tensor_of(name, input).shape:
        raise misfit(f"{name} takes classes along an axis, not a single number")
    both = elementwise(name, input, target)
    if weight is not None:
        both = elementwise(name, both, tensor_of(name, weight))
    return _made(name, _without(both), reduction)


def _lengths(name: str, given: object, samples: int, most: int | None) -> None:
    """Raise where there isn't a length for every sample, or one is larger than there are."""
    if isinstance(given, Tensor):
        if given.dtype.has_point:
            raise misfit(f"ctc_loss takes whole {name}, not {given.dtype}")
        count, known = given.shape[0] if given.shape else 1, list(given.values or ())
    else:
        known = list(listed((given,)))  # type: ignore[arg-type]
        count = len(known)
    if not same(count, samples):
        raise misfit(f"ctc_loss: {size_text(count)} {name} are given for {size_text(samples)} "
                     "samples")  # fmt: skip
    for each in known:
        if most is not None and isinstance(each, int) and not 0 <= each <= most:
            raise misfit(f"ctc_loss: {each} of the {name} is beyond {size_text(most)}")


def _numbers(lengths: object) -> list[int] | None:
    """Return lengths, where all of them are known."""
    given = lengths.values if isinstance(lengths, Tensor) else listed((lengths,))
    known = [each for each in given or () if isinstance(each, int)]
    return known if given is not None and len(known) == len(given) else None


@operation("ctc_loss", where="f", saves=kept.of_sequences, of_first=1)
def ctc_loss(log_probs: Tensor, targets: Tensor, input_lengths: object, target_lengths: object,
             blank: object = 0, reduction: object = "mean",
             zero_infinity: object = False) -> Tensor:  # fmt: skip
    """How likely sequences are."""
    del zero_infinity  # no shape depends on it
    steps, goal = _tensors("ctc_loss", log_probs, targets)
    if steps.ndim not in (2, 3):
        raise misfit(f"ctc_loss takes two or three dimensions, not {shown(steps.shape)}")
    if isinstance(input_lengths, Tensor) is not isinstance(target_lengths, Tensor):
        raise misfit("ctc_loss takes all lengths in tensors, or none", TypeError)
    samples = steps.shape[1] if steps.ndim == 3 else 1
    _lengths("input_lengths", input_lengths, samples, steps.shape[0])
    _lengths("target_lengths", target_lengths, samples, goal.shape[1] if goal.ndim == 2 else None)
    wanted = _numbers(target_lengths)
    if goal.ndim == 1 and wanted is not None and sum(wanted) > goal.shape[0]:
        raise misfit(f"ctc_loss: targets of {sum(wanted)} together are wanted, {shown(goal.shape)} "
                     "are given")  # fmt: skip
    if isinstance(blank, int) and not 0 <= blank < steps.shape[-1]:
        raise misfit(f"ctc_loss: {blank} is none of {size_text(steps.shape[-1])} classes")
    found = Tensor(steps.shape[1:2] if steps.ndim == 3 else (), steps.dtype, fed=steps.fed)
    return _made("ctc_loss", found, reduction)


AGED = ("size_average", "reduce")
"""Arguments of losses which `reduction` stands for now."""
for _loss in FUNCTIONAL.values():
    if isinstance(_loss, Operation) and any(AGED[0] in way.types for way in overloads(_loss.name)):
        _loss.__class__ = Loss


def _in_torch(name: str, there: Operation) -> None:
    """Register a loss in torch, which has another reduction unless it is said, and fewer checks."""

    def loss(*arguments: object, reduction: object = 0, **named: object) -> object:
        try:
            return there.function(*arguments, reduction=reduction, **named)
        except (RuntimeError, ValueError) as error:
            if details(error) is None:
                raise
            raise NotUnderstood(f"torch.{name}() isn't followed with these shapes") from error

    made = Operation(f"torch.{name}", loss, harmless=there.harmless, saves=there.saves,
                     of_first=there.of_first)  # fmt: skip
    made.takes = there.takes
    TORCH[name] = made


for _name in ("kl_div", "poisson_nll_loss", "hinge_embedding_loss", "margin_ranking_loss",
              "cosine_embedding_loss", "binary_cross_entropy_with_logits", "ctc_loss"):  # fmt: skip
    _there = FUNCTIONAL[_name]
    assert isinstance(_there, Operation)
    _in_torch(_name, _there)


OF_MODULES: dict[str, str] = {
    "L1Loss": "l1_loss", "MSELoss": "mse_loss", "CTCLoss": "ctc_loss", "KLDivLoss": "kl_div",
    "BCELoss": "binary_cross_entropy", "BCEWithLogitsLoss": "binary_cross_entropy_with_logits",
    "NLLLoss": "nll_loss", "NLLLoss2d": "nll_loss", "CrossEntropyLoss": "cross_entropy",
    "CosineEmbeddingLoss": "cosine_embedding_loss", "GaussianNLLLoss": "gaussian_nll_loss",
    "HingeEmbeddingLoss": "hinge_embedding_loss", "HuberLoss": "huber_loss",
    "MarginRankingLoss": "margin_ranking_loss", "MultiMarginLoss": "multi_margin_loss",
    "MultiLabelMarginLoss": "multilabel_margin_loss", "PoissonNLLLoss": "poisson_nll_loss",
    "MultiLabelSoftMarginLoss": "multilabel_soft_margin_loss", "SmoothL1Loss": "smooth_l1_loss",
    "SoftMarginLoss": "soft_margin_loss", "TripletMarginLoss": "triplet_margin_loss",
    "TripletMarginWithDistanceLoss": "triplet_margin_with_distance_loss",
}  # fmt: skip
"""The functions that torch.nn's losses are made of."""
