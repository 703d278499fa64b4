"""The modules of a network, whatever their classes override."""

import pytest

from convcalc.network.answer.tree import (
    gathers,
    is_own,
    named_modules,
    own_parameters,
    parameters,
    totals,
)
from convcalc.network.torch.containers import Sequential
from convcalc.network.torch.layers import layer_class
from convcalc.network.torch.module import Module
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import Unknown

LINEAR = layer_class("Linear")


class Own(LINEAR):
    def __getattr__(self, name):
        raise RuntimeError(name)

    def named_modules(self):
        raise RuntimeError

    def parameters(self):
        return []


def test_names_are_those_of_the_first_place():
    shared = LINEAR(3, 3)
    root = Sequential(shared, Sequential(LINEAR(3, 4), shared))
    assert [name for name, _ in named_modules(root)] == ["", "0", "1", "1.0"]
    assert [name for name, _ in named_modules(root, "net")] == ["net", "net.0", "net.1", "net.1.0"]
    assert totals(parameters(root)) == (12 + 16, 12 + 16)


def test_what_a_class_overrides_plays_no_part():
    own = Own(3, 4)
    assert [name for name, _ in own_parameters(own)] == ["weight", "bias"]
    assert is_own(own)
    assert gathers(own)
    assert totals(parameters(Sequential(own))) == (16, 16)
    assert not is_own(LINEAR(3, 4))
    assert not gathers(LINEAR(3, 4))


def test_frozen_parameters_are_counted_apart():
    frozen = LINEAR(3, 4)
    frozen.requires_grad_(False)
    assert totals(parameters(Sequential(frozen, LINEAR(4, 1)))) == (16 + 5, 5)


def test_a_module_that_was_never_made_ready_holds_nothing():
    made = Module.__new__(Module)
    assert [each for _, each in named_modules(made)] == [made]


def test_a_child_that_is_not_known_is_refused():
    root = Sequential()
    root._modules["head"] = Unknown("it comes from elsewhere")
    with pytest.raises(NotUnderstood, match="the module head isn't known: it comes from elsewhere"):
        list(named_modules(root))
