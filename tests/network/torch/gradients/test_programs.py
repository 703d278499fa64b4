"""What programs keep that a machine wrote: to the byte what PyTorch keeps, or refused."""

import gzip
import json
from pathlib import Path

import pytest

from convcalc.network.model import followed
from convcalc.reading.exceptions import NotUnderstood

DATA = Path(__file__).parents[3] / "data"
PROGRAMS = json.loads(gzip.decompress((DATA / "programs.json.gz").read_bytes()))
MODEL = (DATA / "program_model.txt").read_text("utf-8")


@pytest.mark.parametrize("at", range(len(PROGRAMS)))
def test_a_program_keeps_what_pytorch_keeps(at, tmp_path):
    shape, lines, kept = PROGRAMS[at]
    file = tmp_path / "net.py"
    file.write_text(MODEL + "".join(f"        {line}\n" for line in lines), encoding="utf-8")
    try:
        answer = followed(file, None, [tuple(shape[1:])], train=True, batch=shape[0])
    except NotUnderstood:
        return
    if answer.error is None:  # the batch is kept apart from the channels
        assert answer.training.unknown == ()
        assert answer.training.kept == kept


def test_nearly_every_program_is_followed(tmp_path):
    file, answered = tmp_path / "net.py", 0
    for shape, lines, _ in PROGRAMS[:100]:
        file.write_text(MODEL + "".join(f"        {line}\n" for line in lines), encoding="utf-8")
        try:
            answered += (
                followed(file, None, [tuple(shape[1:])], train=True, batch=shape[0]).error is None
            )
        except NotUnderstood:
            continue
    assert answered > 90
