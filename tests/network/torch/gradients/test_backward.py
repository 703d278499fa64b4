"""The work of the backward of products: what FlopCounterMode counts, whatever is frozen."""

import json
from pathlib import Path

import pytest
from saved_expressions import SPACE, Watching, compiled

from convcalc.network.torch.watch import WATCHER

ANSWERS = json.loads(Path(__file__).parents[3].joinpath("data", "backward.json").read_text("utf-8"))


class Working(Watching):
    """A watcher that adds up the work of the backward."""

    work = 0

    def works_back(self, work):
        self.work += int(work)


@pytest.mark.parametrize("call", ANSWERS)
def test_a_backward_takes_the_work_that_pytorch_counts(call):
    words, made, frozen = call.split(" ; ")
    given = eval(compiled(f"dict({made.replace('L(', 'torch.rand(')})"), SPACE)
    for name, each in given.items():
        each.learnt = f"{name}=L(" in made and name not in frozen.split()
    working = Working()
    token = WATCHER.set(working)
    try:
        eval(compiled(words), {**SPACE, **given})
    finally:
        WATCHER.reset(token)
    assert working.work == ANSWERS[call]
