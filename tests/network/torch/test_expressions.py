"""Kinds of numbers, names, losses and modules, asked one by one, as PyTorch answers."""

import json

import pytest
from shown_values import EXPRESSIONS, lines, program, shown

from convcalc.network.libraries import find
from convcalc.network.torch.tensor import Tensor
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.files import read
from convcalc.reading.values import Unknown

ANSWERS = json.loads(EXPRESSIONS.with_suffix(".json").read_text(encoding="utf-8"))


def known(value):
    """Return a value; raise NotUnderstood where a part of it isn't known."""
    if isinstance(value, Unknown):
        raise value.refused()
    if isinstance(value, (list, tuple)):
        for each in value:
            known(each)
    if isinstance(value, Tensor):
        return f"{value.dtype} {[int(size) for size in value.shape]}"
    return value


def answer(line):
    try:
        return shown(known(read(program(line), importer=find)["found"]))
    except NotUnderstood:
        return None
    except Exception as error:
        return f"raises {type(error).__name__}"


@pytest.mark.parametrize("line", list(lines()))
def test_an_expression_is_worked_out_as_in_pytorch(line):
    found = answer(line)
    if found is None:
        assert line.startswith("? ")
    elif found.startswith("raises"):
        assert ANSWERS[line].startswith("raises")
    else:
        assert found == ANSWERS[line]
