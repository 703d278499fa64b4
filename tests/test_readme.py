"""The README can't go stale: its commands are run and their output compared."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
CONSOLE = re.compile(r"```console\n\$ convcalc ([^\n]*)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("line", [line for line, _ in CONSOLE.findall(README.read_text("utf-8"))])
def test_a_command_shows_what_the_readme_says(line, run, request, monkeypatch):
    monkeypatch.chdir(ROOT)
    text = README.read_text(encoding="utf-8")
    result = run(line)
    shown = result.stdout + result.stderr
    if request.config.getoption("--update-golden"):
        text = CONSOLE.sub(
            lambda block: (
                f"```console\n$ convcalc {line}\n{shown}```" if block[1] == line else block[0]
            ),
            text,
        )
        README.write_text(text, encoding="utf-8")
    assert dict(CONSOLE.findall(text))[line] == shown


def test_every_command_has_an_example(run):
    from convcalc.cli import cli

    shown = {line.split()[0] for line, _ in CONSOLE.findall(README.read_text(encoding="utf-8"))}
    assert shown == set(cli.commands)


def test_the_python_lines_say_what_comes_out(monkeypatch):
    monkeypatch.chdir(ROOT)
    block = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[1]
    names = {}
    for line in block.splitlines():
        code, _, promised = line.partition("  # ")
        exec(code, names)
        if promised:
            assert eval(code.split(" = ")[-1], names) == eval(promised)


def test_its_workflows_run(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "net.py").write_text(
        "from torch import nn\nnet = nn.Sequential(nn.Conv2d(4, 8, 3))\n"
    )
    text = README.read_text(encoding="utf-8")
    step = re.search(r"- run: convcalc (.*)", text)[1]
    result = run(step.replace("models/*.py", "'models/*.py'"))
    assert result.stdout.startswith("::error file=models/net.py,line=2::0 (Conv2d) expects 4")
    entry = re.search(r"entry: convcalc (.*)", text)[1]
    assert run(f"{entry} models/net.py models/net.py").exit_code == 1
    assert re.search(re.search(r"files: (.*)", text)[1], "models/net.py")


def test_its_pictures_are_there():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert len(pictures) >= 4
    assert [each for each in pictures if not (ROOT / each).is_file()] == []


def test_ci_runs_the_test_command_of_the_readme():
    command = "pip install '.[test]' && pytest"
    assert f"```sh\n{command}\n```" in README.read_text(encoding="utf-8")
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_line_for_completion_completes():
    line = re.search(r"eval \"\$\((\S+)=bash_source convcalc\)\"", README.read_text("utf-8"))
    environment = {line[1]: "bash_complete", "COMP_WORDS": "convcalc so", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "convcalc"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "plain,solve\n"
