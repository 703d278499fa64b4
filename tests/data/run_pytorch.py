"""Run a model in PyTorch and say what happened: shapes, calls of layers, parameters, MACs.

Every shape is one sample's, found by running the same model with two batches: where the first size
is the batch, it is left off. A shape whose batch stands elsewhere, is mixed with another size or
isn't there is written whole, as a string: "4bx400" are four rows of each sample, "7xbx16" is a
sequence before its batch, "" is a single number.
"""

import functools
import json
import warnings

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.utils import parametrize
from torch.utils.flop_counter import FlopCounterMode

torch.set_num_threads(1)
# What is fused into one operator isn't counted, so attention goes by its parts.
torch.backends.mha.set_fastpath_enabled(False)
warnings.filterwarnings("ignore")

CONTAINERS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)


class BatchMatters(Exception):
    """The model does something else with another batch."""


def is_layer(module):
    """Tell whether PyTorch defines all that happens in this module, so that it is one call."""
    if isinstance(module, nn.MultiheadAttention) or parametrize.is_parametrized(module):
        return True
    return (
        type(module).__module__.startswith("torch.nn.modules")
        and not isinstance(module, CONTAINERS)
        and not list(module.children())
    )


def class_name(module):
    """Return the name of a layer's class, as it was before parametrizations changed it."""
    cls = type(module)
    return (cls.__mro__[1] if parametrize.is_parametrized(module) else cls).__name__


recorded = []
inside = []


def record(forward):
    """Return a layer's forward that keeps its calls, called through the module or by itself."""

    @functools.wraps(forward)
    def recording(self, *args, **kwargs):
        if inside or not is_layer(self):
            return forward(self, *args, **kwargs)
        row = [self, shape_of_first([*args, *kwargs.values()]), None]
        recorded.append(row)
        inside.append(self)
        try:
            result = forward(self, *args, **kwargs)
        finally:
            inside.pop()
        row[2] = shape_of_first(result)
        return result

    return recording


def classes_below(cls):
    return {cls}.union(*map(classes_below, cls.__subclasses__()))


for each in classes_below(nn.Module):
    if each.__module__.startswith("torch.nn.modules") and "forward" in vars(each):
        each.forward = record(each.forward)


def shape_of_first(value):
    if isinstance(value, torch.Tensor):
        return value.shape
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return next((shape for shape in map(shape_of_first, value) if shape is not None), None)
    return None


def shapes_in(value):
    """Return a result with every tensor as its sizes; a tuple is a list, a dict keeps its keys."""
    if isinstance(value, torch.Tensor):
        return value.shape
    if isinstance(value, dict):
        return {str(key): shapes_in(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [shapes_in(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float | str) else repr(value)


def per_sample(one, other, batches):
    """Return one sample's shapes, from those of two runs."""
    differ = BatchMatters(f"{one} with batch {batches[0]}, {other} with {batches[1]}")
    if isinstance(one, torch.Size):
        return sample_shape(one, other, batches, differ)
    if isinstance(one, dict):
        if list(one) != list(other):
            raise differ
        return {key: per_sample(one[key], other[key], batches) for key in one}
    if isinstance(one, list):
        if len(one) != len(other):
            raise differ
        return [per_sample(*both, batches) for both in zip(one, other, strict=False)]
    if one != other:
        raise differ
    return one


def sample_shape(one, other, batches, differ):
    if not isinstance(other, torch.Size) or len(one) != len(other):
        raise differ
    if one and (one[0], other[0]) == batches and one[1:] == other[1:]:
        return list(one[1:])
    sizes = []
    for first, second in zip(one, other, strict=False):
        step, rest = divmod(second - first, batches[1] - batches[0])
        fixed = first - step * batches[0]
        if rest or step < 0:
            raise differ
        batch = {0: "", 1: "b"}.get(step, f"{step}b")
        sizes.append(f"{batch}{fixed:+}" if batch and fixed else batch or str(fixed))
    return "x".join(sizes)


def run(model, inputs):
    """Return what comes out, the layers' calls in their order, and the MACs."""
    recorded.clear()
    inside.clear()
    with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as flops:
        output = model(*inputs)
    macs, odd = divmod(flops.get_total_flops(), 2)
    if odd:
        raise AssertionError("an odd number of operations")
    return shapes_in(output), list(recorded), macs


def tensor(shape, kind, batch):
    if kind == "int":
        return torch.randint(0, 2, (batch, *shape))
    return torch.randn(batch, *shape)


def measure(model, shapes, kinds=(), batches=(2, 3)):
    """Return a model's output, parameters, MACs and calls, each of one sample.

    "macs_once" are those of the MACs that a batch takes once, however many samples it has.
    """
    kinds = [*kinds, *["float"] * (len(shapes) - len(kinds))]

    def inputs(batch):
        return [tensor(shape, kind, batch) for shape, kind in zip(shapes, kinds, strict=False)]

    # oneDNN's LSTM is one operator, of which nothing is counted.
    recurrent = any(isinstance(module, nn.RNNBase) for module in model.modules())
    with torch.backends.mkldnn.flags(enabled=not recurrent, allow_tf32=False):
        if any(nn.parameter.is_lazy(parameter) for parameter in model.parameters()):
            model(*inputs(batches[0]))
        (output, calls, macs), (other, others, more) = (
            run(model, inputs(batch)) for batch in batches
        )
    names = {module: name for name, module in model.named_modules()}

    def called(rows):
        return [(names.get(module), class_name(module)) for module, *_ in rows]

    if called(calls) != called(others):
        raise BatchMatters("other layers are called with another batch")
    each, rest = divmod(more - macs, batches[1] - batches[0])
    once = macs - each * batches[0]
    if rest or once < 0:
        raise BatchMatters(f"{macs} MACs with batch {batches[0]}, {more} with {batches[1]}")
    rows = [
        [*layer, *per_sample(shapes, theirs, batches)]
        for layer, (_, *shapes), (_, *theirs) in zip(called(calls), calls, others, strict=False)
    ]
    weights = list(model.parameters())
    return {
        "output": per_sample(output, other, batches),
        "params": sum(each.numel() for each in weights),
        "trainable": sum(each.numel() for each in weights if each.requires_grad),
        "macs": each + once,
        **({"macs_once": once} if once else {}),
        "calls": rows,
    }


def one_line(case):
    """Return a case as one line of JSON, with no more spaces than are read."""
    return json.dumps(case, ensure_ascii=False, separators=(",", ":"))
