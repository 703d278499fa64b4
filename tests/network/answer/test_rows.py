"""What is told of shapes, and of what isn't one."""

from collections import OrderedDict, namedtuple

from convcalc.layers.base import Batch
from convcalc.network.answer.misfits import Misfit
from convcalc.network.answer.rows import numbers_in, shapes_of
from convcalc.network.torch.tensor import Tensor

Pair = namedtuple("Pair", ["first", "second"])


def tensor(*sizes, batch=1):
    return Tensor((Batch(batch), *sizes))


def test_shapes_are_per_sample_however_they_come_out():
    assert shapes_of(tensor(3, 4)) == (3, 4)
    assert shapes_of(tensor(3, batch=4)) == (4, 3)
    assert shapes_of(Tensor((2, 3))) == (2, 3)
    assert shapes_of(Pair(tensor(2), tensor(3))) == [(2,), (3,)]
    assert shapes_of(OrderedDict(out=tensor(2), aux=[tensor(3), None])) == {
        "out": (2,), "aux": [(3,), None],
    }  # fmt: skip


def test_numbers_stay_and_all_else_is_its_class():
    assert shapes_of([2.0, 3, True, None]) == [2.0, 3, True, None]
    assert shapes_of([float("inf"), "words", object()]) == [None, "str", "object"]


def test_numbers_are_counted_for_the_whole_batch():
    assert numbers_in({"a": tensor(3, 4), "b": [tensor(5, batch=2)]}) == 22


def test_a_sentence_begins_with_its_place():
    assert Misfit("no", "net.py", 3).sentence == "net.py, line 3: no"
    assert Misfit("no", None, 3).sentence == "line 3: no"
    assert Misfit("no", None, None).sentence == "no"
