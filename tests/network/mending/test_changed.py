"""What came of changing one number or line of public models: the figures that a script has kept."""

import json
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
CHANGED = json.loads((DATA / "changed.json").read_text(encoding="utf-8"))


def test_most_have_a_mend_and_pytorch_runs_each_first_one():
    first = [each["first"] for each in CHANGED if each["first"]]
    assert len(CHANGED) == 100
    assert len(first) >= 90
    assert all(each["runs"] for each in first)


def test_they_are_of_many_models():
    assert len({each["file"] for each in CHANGED}) >= 20
    assert len({(each["file"], each["line"], each["old"], each["new"]) for each in CHANGED}) > 90
