"""The rows of a network that is followed in plain Python, without a file that is read."""

import pytest

from convcalc.layers.base import Batch
from convcalc.network.answer.trace import Trace
from convcalc.network.torch.containers import Sequential
from convcalc.network.torch.fields import Field
from convcalc.network.torch.layers import layer_class
from convcalc.network.torch.module import Module
from convcalc.network.torch.tensor import Tensor
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.exceptions import TooMuch


def layer(name, *arguments, **named):
    return layer_class(name)(*arguments, **named)


def image(channels=3, size=8):
    fields = (None, None, Field(0, 0, 0, 1), Field(1, 0, 0, 1))
    return Tensor((Batch(1), channels, size, size), fields=fields, fed=True)


def followed(root, *inputs):
    trace = Trace([])
    before = WATCHER.set(trace)
    try:
        trace.start(root, 2)
        root(*inputs)
        trace.finish()
    finally:
        WATCHER.reset(before)
    return trace


def test_a_chain_of_layers():
    root = Sequential(layer("Conv2d", 3, 4, 3), layer("MaxPool2d", 2), layer("Flatten"),
                      layer("Linear", 36, 2))  # fmt: skip
    rows = followed(root, image()).rows
    assert [(row.name, row.layer, row.input, row.output, row.params, row.macs) for row in rows] == [
        ("0", "Conv2d", (3, 8, 8), (4, 6, 6), 112, 3888),
        ("1", "MaxPool2d", (4, 6, 6), (4, 3, 3), 0, 0),
        ("2", "Flatten", (4, 3, 3), (36,), 0, 0),
        ("3", "Linear", (36,), (2,), 74, 72),
    ]
    assert [row.receptive_field for row in rows] == [(3, 3), (4, 4), None, None]
    assert all(row.line is None for row in rows)


def test_parameters_are_counted_once_and_what_is_never_called_comes_last():
    shared = layer("Conv2d", 3, 3, 1)
    root = Sequential(shared, shared)
    root.spare = layer("Linear", 2, 2)

    class Twice(Module):
        def __init__(self):
            super().__init__()
            self.body = root[:2]
            self.spare = root.spare

        def forward(self, x):
            return self.body(x)

    rows = followed(Twice(), image()).rows
    assert [(row.name, row.params, row.called) for row in rows] == [
        ("body.0", 12, True), ("body.0", 0, True), ("spare", 6, False),
    ]  # fmt: skip


def test_a_span_for_every_call_of_a_module_that_holds_others():
    root = Sequential(Sequential(layer("ReLU"), layer("ReLU")), layer("Tanh"))
    spans = followed(root, image()).spans
    assert [(span.name, span.first, span.end) for span in spans] == [("0", 0, 2), ("", 0, 3)]


def test_layers_in_order_are_flattened_where_the_features_then_match():
    root = Sequential(layer("Linear", 192, 2))
    trace = Trace([])
    before = WATCHER.set(trace)
    try:
        trace.start(root, 2)
        assert trace.through(root[0], image()).shape == (Batch(1), 2)
    finally:
        WATCHER.reset(before)
    assert trace.notes == [
        "A flatten that the text doesn't show is put in before 0, where the features match: "
        "3 × 8 × 8 = 192."
    ]
    assert [row.params for row in trace.rows] == [386]


def test_modules_are_not_nested_without_bound():
    root = layer("ReLU")
    for _ in range(2000):
        root = Sequential(root)
    with pytest.raises(TooMuch, match="modules are nested more than"):
        followed(root, image())
