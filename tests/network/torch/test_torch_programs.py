"""What programs find in PyTorch of modules, nn.init, nn.utils and shared memory."""

import json
from math import isclose, isnan
from pathlib import Path

import pytest
from torch_programs import SECTIONS, indented, plain

from convcalc.formulas import ConvcalcError
from convcalc.network.libraries import find
from convcalc.reading.files import read
from convcalc.reading.values import Unknown

DATA = json.loads(
    Path(__file__).parents[2].joinpath("data", "torch_programs.json").read_text("utf-8")
)


def alike(found, wanted):
    """Return whether both are the same, as far as both are known."""
    if "?" in (found, wanted):
        return True
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(alike, found, wanted))
    if isinstance(found, float) and isinstance(wanted, float):
        return isclose(found, wanted, rel_tol=3e-7) or (isnan(found) and isnan(wanted))
    return found == wanted and type(found) is type(wanted)


def is_open(found):
    several = found if isinstance(found, list) else ()
    return found == "?" or any(map(is_open, several))


def judged(program, wanted):
    """Return what is wrong with what we find: "" for nothing, None where some isn't known."""
    try:
        found = read(indented(program), importer=find)["found"]
    except ConvcalcError:
        return None
    if isinstance(found, Unknown):
        return None
    found = plain(found, Unknown)
    if not alike(found, wanted):
        return f"{program}\n    {found}, not {wanted}"
    return None if is_open(found) and not is_open(wanted) else ""


@pytest.fixture(scope="module")
def verdicts():
    """What is wrong with each program, by what they are about."""
    return {
        section: [
            judged(program, wanted)
            for program, wanted in zip(dict.fromkeys(programs()), DATA[section], strict=True)
        ]
        for section, programs in SECTIONS.items()
    }


@pytest.mark.parametrize("section", SECTIONS)
def test_programs_find_what_they_find_in_pytorch(section, verdicts):
    wrong = [each for each in verdicts[section] if each]
    assert not wrong, "\n".join([f"{len(wrong):,} programs are wrong:", *wrong[:30]])


MOST_REFUSED = {"memory": 0.86, "init": 0.02, "utils": 0.7, "modules": 0.36}
"""How many of them may be refused, or known in part."""


@pytest.mark.parametrize("section", SECTIONS)
def test_programs_are_followed(section, verdicts):
    refused = verdicts[section].count(None)
    assert refused < MOST_REFUSED[section] * len(verdicts[section]), f"{refused:,} are refused"
