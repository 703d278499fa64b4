"""--save: what the terminal shows, as a picture, a page or text; whole or not at all."""

import html
import os
import re
import xml.etree.ElementTree as ElementTree

import pytest
from pseudoterminal import in_terminal, lines_of

COMMANDS = ["shape", "params", "demo", "net", "solve"]


def text_of_svg(path):
    root = ElementTree.parse(path).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return "".join(root.itertext()).replace("\xa0", " ")


@pytest.mark.parametrize("command", COMMANDS)
def test_svg_is_xml_that_holds_the_text(command, run, tmp_path):
    result = run(f"{command} --save {tmp_path}/shown.svg")
    assert result.exit_code == 0
    assert result.stdout == run(command).stdout
    text = text_of_svg(tmp_path / "shown.svg")
    for line in result.stdout.splitlines():
        for word in re.findall(r"[A-Za-z0-9_]+", line):
            assert word in text


@pytest.mark.parametrize("command", COMMANDS)
def test_txt_is_what_is_shown(command, run, tmp_path):
    shown = run(f"{command} --save {tmp_path}/shown.txt").stdout
    saved = (tmp_path / "shown.txt").read_text(encoding="utf-8")
    assert [line.rstrip() for line in saved.splitlines()] == shown.splitlines()


@pytest.mark.parametrize("command", COMMANDS)
def test_html_holds_the_text(command, run, tmp_path):
    shown = run(f"{command} --save {tmp_path}/shown.HTML").stdout
    saved = (tmp_path / "shown.HTML").read_text(encoding="utf-8")
    text = html.unescape(re.sub(r"<[^>]*>", "", saved[saved.index("<pre") :]))
    assert shown.splitlines()[1] in text


@pytest.mark.parametrize("form", ["json", "csv", "markdown"])
def test_other_formats_are_saved_as_shown(form, run, tmp_path):
    shown = run(f"shape -f {form} --save {tmp_path}/shown.txt").stdout
    assert (tmp_path / "shown.txt").read_text(encoding="utf-8") == shown


def test_a_terminal_is_saved_as_wide_as_it_is(tmp_path):
    target = tmp_path / "shown.txt"
    text, _ = in_terminal("demo", "--in", "3x4x4", "--k", "3", "--save", str(target), columns=60)
    saved = [line.rstrip() for line in target.read_text(encoding="utf-8").splitlines()]
    assert saved == [line.rstrip() for line in lines_of(text)]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("shown.png", "--save shown.png: the name has to end in .svg, .html or .txt"),
        ("shown", "--save shown: the name has to end in .svg, .html or .txt"),
        ("no/shown.svg", "--save no/shown.svg: there is no folder no"),
        ("folder.svg", "--save folder.svg: that is a folder"),
    ],
)
def test_where_nothing_can_be_saved_nothing_is_shown(target, message, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.svg").mkdir()
    result = run(f"shape --save {target}")
    assert result.exit_code == 2
    assert result.stderr == f"Error: {message}\n"
    assert result.stdout == ""
    assert os.listdir(tmp_path) == ["folder.svg"]


def test_no_half_written_file_remains(run, tmp_path, monkeypatch):
    (tmp_path / "shown.txt").write_text("before")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    result = run(f"shape --save {tmp_path}/shown.txt")
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert os.listdir(tmp_path) == ["shown.txt"]
    assert (tmp_path / "shown.txt").read_text() == "before"


def test_a_question_without_a_meaning_writes_nothing(run, tmp_path):
    assert run(f"shape --in 3x3x3 --k 9 --save {tmp_path}/shown.svg").exit_code == 2
    assert os.listdir(tmp_path) == []
