"""Completion in a real bash: what Tab offers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BASH = shutil.which("bash")
SETUP = """
eval "$(_CONVCALC_COMPLETE=bash_source convcalc)"
COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
compopt() {{ echo "$2"; }}  # which bash has only while it completes
$(complete -p convcalc | sed 's/.*-F //; s/ convcalc$//') convcalc
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def complete(tmp_path):
    """Return what bash offers for the last of some words, with convcalc on its path."""
    if BASH is None:
        pytest.skip("there is no bash")
    script = tmp_path / "convcalc"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m convcalc "$@"\n')
    script.chmod(0o755)

    def offered(words):
        environment = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
        environment["PYTHONPATH"] = str(Path(__file__).parents[2])
        done = subprocess.run(
            [BASH, "--norc", "-c", SETUP.format(words=words)],
            capture_output=True,
            text=True,
            env=environment,
            timeout=60,
        )
        assert done.stderr == ""
        return done.stdout.split()

    return offered


@pytest.mark.parametrize(
    ("words", "offers"),
    [
        ("convcalc ''", {"shape", "params", "demo", "net", "solve", "check"}),
        ("convcalc s", {"shape", "solve"}),
        ("convcalc shape --", {"--in", "--k", "--p", "--out", "--batch", "--format", "--save"}),
        ("convcalc params --", {"--in", "--k", "--p", "--out", "--dtype"}),
        ("convcalc demo --", {"--in", "--k", "--patch", "--animate"}),
        ("convcalc net --", {"--in", "--layers", "--define"}),
        ("convcalc solve --", {"--in", "--out", "--k", "--transposed", "--limit"}),
        ("convcalc check --", {"--op", "--as", "--layout"}),
        ("convcalc shape --in 3x8x8 --", {"--k", "--p", "--out"}),
        ("convcalc shape --dtype fl", {"float32", "float64", "float16"}),
        ("convcalc shape --pool ''", {"max", "avg"}),
        ("convcalc shape --format j", {"json"}),
        ("convcalc check --op unf", {"unfold"}),
        ("convcalc net --columns m", {"macs", "memory"}),
        ("convcalc net --columns name,l", {"name,layer", "name,line"}),
        ("convcalc net --columns layer,l", {"layer,line"}),
        ("convcalc net mod", {"default"}),  # bash's own completion of files
        ("convcalc check mine", {"default"}),
        ("convcalc shape --save pict", {"default"}),
    ],
)
def test_what_tab_offers(words, offers, complete):
    found = complete(words)
    assert offers <= set(found)
    if "--in" in words:
        assert "--in" not in found  # which was typed already
    if not words.endswith(("--", "''")):
        assert offers == set(found)
