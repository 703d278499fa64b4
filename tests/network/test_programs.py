"""Small programs as people write them, against what PyTorch answers of them."""

import json
import re
from collections.abc import Mapping

import pytest
from small_programs import PROGRAMS, programs

from convcalc import ConvcalcError, net

ANSWERS = json.loads(PROGRAMS.with_suffix(".json").read_text(encoding="utf-8"))


def listed(shape):
    """Return a result's shapes with lists for tuples, as JSON has them: a batch inside is 1."""
    if isinstance(shape, Mapping):
        return {key: listed(each) for key, each in shape.items()}
    if isinstance(shape, str) and re.fullmatch(r"[\db]*(x[\db]+)*", shape):
        return [int(each.replace("b", "") or 1) for each in shape.split("x") if each]
    return [listed(each) for each in shape] if isinstance(shape, (list, tuple)) else shape


def with_batch(shape):
    """Yield the shapes that have their batch inside, as they are to be shown."""
    if isinstance(shape, list):
        for each in shape:
            yield from with_batch(each)
    elif isinstance(shape, str) and "b" in shape.split("x"):
        yield shape.replace("x", " × ").replace("b", "batch")


@pytest.mark.parametrize("program", list(programs(PROGRAMS)), ids=lambda each: each.name)
def test_a_program_is_answered_as_pytorch_does(program, tmp_path):
    file = tmp_path / "program.py"
    file.write_text(program.text, encoding="utf-8")
    expression = program.settings.get("ask", None if program.has("script") else program.expression)
    shapes = [tuple(shape) for shape in program.shapes]  # of numbers that the program needs
    says = program.settings.get("says", "").split(" & ")
    target = f"{file}:{expression}" if expression else str(file)
    if program.has("refused"):
        with pytest.raises(ConvcalcError) as refusal:
            net(target, *shapes)
        assert all(words in str(refusal.value) for words in says), refusal.value
        return
    expected = ANSWERS[program.name]
    answer = net(target, *shapes, train=program.has("train"))
    if "error" in expected:
        assert answer.error is not None, expected["error"]
        assert answer.error.file == file.name
        assert answer.error.line == (expected["line"] or answer.error.line) is not None
        assert "''" not in answer.error.message
        for words in filter(None, says):
            assert words in answer.error.message
        return
    assert answer.error is None, answer.error.message
    assert listed(answer.output) == listed(expected["output"])
    assert all(shown in str(answer) for shown in with_batch(expected["output"]))
    counted = answer.total_params, answer.trainable_params, answer.total_macs
    assert counted == (expected["params"], expected["trainable"], expected["macs"])
    for words in filter(None, says):
        assert any(words in each for each in answer.notes), answer.notes
