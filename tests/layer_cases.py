"""What both the tests and the sweep of random layers compare: a class, and PyTorch's answer."""

from convcalc.formulas import ConvcalcError
from convcalc.layers.vocabulary import LAYERS


def as_shapes(value):
    """Return nested lists as the shapes and settings that a layer takes."""
    if isinstance(value, list):
        return tuple(as_shapes(each) for each in value)
    return value


def as_lists(output):
    """Return an output as the truth writes it."""
    if isinstance(output, tuple):
        return [int(each) for each in output]
    return None if output is None else {"several": [as_lists(each) for each in output]}


def plain(value):
    """Return an attribute as the truth writes it."""
    return [plain(each) for each in value] if isinstance(value, (tuple, list)) else value


def odd(case):
    """Return whether PyTorch takes what has no meaning, which convcalc refuses.

    A size of 0 that comes out; a window of 0 positions, or of True; a dilation of 0 where the
    kernel is 1; an output padding that an output size overrules; settings of an unpooling for
    more axes than there are; a hidden state for several inputs of a cell with one; a mean over
    everything by a pooling that has no channels left.
    """
    name, inputs = case["layer"], case["inputs"]
    settings = [*case["args"], *case["kwargs"].values()]
    meaningless = any(each is True or str(each) in ("0", "-1", "1.5", "[]") for each in settings)
    if name.startswith(("Conv", "LazyConv", "Fractional", "CrossMap")) and meaningless:
        return True
    if name.startswith("MaxUnpool") and any(
        isinstance(each, list) and len(each) != int(name[-2]) for each in settings
    ):
        return True
    if name.endswith("Cell"):
        hidden = inputs[-1][0] if isinstance(inputs[-1][0], list) else inputs[-1]
        return len(inputs[0]) != len(hidden)
    if name.startswith("AdaptiveAvg") and len(inputs[0]) == int(name[-2]):
        return True
    return 0 in flat(case["output"])


def difference(case):
    """Return how a layer differs from PyTorch's answer; empty where it doesn't."""
    inputs, call = as_shapes(case["inputs"]), as_shapes_of(case.get("call", {}))
    try:
        layer = LAYERS[case["layer"]](*as_shapes(case["args"]), **as_shapes_of(case["kwargs"]))
        output = as_lists(layer.output(*inputs, **call))
    except (ConvcalcError, TypeError) as error:
        if "refusal" in case or odd(case):
            return ""
        return f"is refused: {error!r}"
    if "refusal" in case:
        return f"gives {output}, PyTorch refuses: {case['refusal']}"
    if output != case["output"]:
        return f"gives {output} for {case['output']}"
    seen = layer.seen(inputs[0])
    learnt = seen.parameters()
    there = {name: list(shape) for name, shape in learnt.items() if shape is not None}
    if there != case["parameters"] or list(there) != list(case["parameters"]):
        return f"has parameters {there} for {case['parameters']}"
    absent = {name for name, shape in learnt.items() if shape is None}
    if not set(case["absent"]) <= absent:
        return f"leaves out {absent} for {case['absent']}"
    for name, value in case["attributes"].items():
        if name not in learnt and plain(getattr(seen, name, "nothing")) != value:
            return f"has {name} {getattr(seen, name, 'nothing')!r} for {value!r}"
    if {name: list(shape) for name, shape in seen.buffers().items()} != case["buffers"]:
        return f"has buffers {seen.buffers()}"
    if "macs" in case and seen.macs(*inputs) != case["macs"]:
        return f"does {seen.macs(*inputs)} MACs for {case['macs']}"
    two = case["layer"] in ("CosineSimilarity", "PairwiseDistance")  # either may stretch
    if isinstance(output, list) and not two and len(layer.reach(inputs[0])) != len(output):
        return f"reaches {layer.reach(inputs[0])}"
    return ""


def as_shapes_of(call):
    return {name: as_shapes(value) for name, value in call.items()}


def flat(output):
    """Return the sizes of an output."""
    if output is None:
        return []
    if isinstance(output, dict):
        return [size for each in output["several"] for size in flat(each)]
    return output
