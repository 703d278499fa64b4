"""What programs find in PyTorch of modules, nn.init, nn.utils and shared memory."""

import json
import re
from functools import cache
from math import isclose, isnan
from pathlib import Path

import pytest
from torch_programs import SECTIONS, indented, plain

from convcalc.formulas import ConvcalcError
from convcalc.network.libraries import find
from convcalc.network.torch.containers import CONTAINERS
from convcalc.network.torch.functions.changing.init import TABLE
from convcalc.network.torch.module import Module
from convcalc.network.torch.nn import UTILS
from convcalc.network.torch.written.classes import DISTRIBUTED, READ
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


@cache
def written(path):
    """Return the classes of a file that is written in the Python that is read."""
    start = "import torch, copy, math\nfrom torch import nn\nimport torch.nn.functional as F\n"
    return read(start + path.read_text("utf-8"), importer=find)


@pytest.fixture(scope="module")
def verdicts():
    """What is wrong with each program, by what they are about."""
    READ.set(written)
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


MOST_REFUSED = {"memory": 0.86, "init": 0.02, "utils": 0.7, "modules": 0.36, "distributions": 0.2}
"""How many of them may be refused, or known in part."""


@pytest.mark.parametrize("section", SECTIONS)
def test_programs_are_followed(section, verdicts):
    refused = verdicts[section].count(None)
    assert refused < MOST_REFUSED[section] * len(verdicts[section]), f"{refused:,} are refused"


SEEN_ELSEWHERE = {
    "forward", "compile", "cuda", "xpu", "ipu", "mtia", "set_extra_state", "load_state_dict",
    "register_state_dict_pre_hook", "register_state_dict_post_hook", "register_backward_hook",
    "register_full_backward_pre_hook", "register_load_state_dict_pre_hook",
    "register_load_state_dict_post_hook", "call_super_init", "dump_patches",
}  # fmt: skip
"""What needs a device or a hook, or stands in tests/module_programs.py."""


@pytest.mark.parametrize(
    ("section", "names"),
    [("modules", {name for name in vars(Module) if name[0] != "_"} - SEEN_ELSEWHERE),
     ("modules", {name for cls in CONTAINERS.values() if cls is not Module
                  for name in vars(cls) if name[0] != "_"}
      - SEEN_ELSEWHERE - {"extra_repr"}),
     ("init", {*TABLE}), ("utils", {*UTILS} - {"clip_grad_norm", "clip_grad_value_", "rnn"}),
     ("distributions", {*DISTRIBUTED} - {"ExponentialFamily", "broadcast_all"})],
)  # fmt: skip
def test_what_is_known_has_its_programs(section, names):
    words = set(re.findall(r"\w+", "\n".join(SECTIONS[section]())))
    assert not names - words, (
        f"{sorted(names - words)} have no programs: write some among those of {section} in "
        "tests/torch_programs.py and run tests/data/make_torch_programs.py"
    )
