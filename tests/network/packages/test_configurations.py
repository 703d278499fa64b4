"""omegaconf's and easydict's configurations, as they answer."""

import json
from pathlib import Path

import pytest

from convcalc.network.libraries import find, front
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.files import Project
from convcalc.reading.texts.folders import Packages

CASES = json.loads((Path(__file__).parents[2] / "data" / "configurations.json").read_text())
START = "from easydict import EasyDict\nfrom omegaconf import OmegaConf\n"


def said(lines, value):
    program = f"{START}{lines}\nsaid = {value}"
    project = Project.of_text(program, "p.py", find, runs=True, packages=Packages([], front))
    project.main.read()
    return project.main.names.get("said"), project.main.ended


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['lines'][:20]} {case['value']}")
def test_as_they_answer(case):
    found, error = said(case["lines"], case["value"])
    if "raises" in case:
        assert type(error).__name__ == case["raises"]
    else:
        assert error is None
        assert found == case["is"]


def test_interpolations_are_not_followed():
    found, _ = said("c = OmegaConf.create({'a': 1, 'b': '${a}'})", "c.b")
    with pytest.raises(NotUnderstood, match="interpolation"):
        bool(found)
