"""--save: what the terminal shows, as a picture, a page or text; whole or not at all."""

import html
import json
import os
import re
import signal
import stat
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from pseudoterminal import heed_signals, in_terminal, lines_of

from convcalc.output.picture import THEMES

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


def test_marks_are_saved_as_text(run, tmp_path):
    shown = run(f"{PATCH} --save {tmp_path}/shown.txt").stdout
    assert "[2]" in shown
    assert (tmp_path / "shown.txt").read_text(encoding="utf-8") == shown


@pytest.mark.parametrize("command", [each for each in COMMANDS if each != "demo"])
def test_html_holds_the_text(command, run, tmp_path):
    shown = run(f"{command} --save {tmp_path}/shown.HTML").stdout
    saved = (tmp_path / "shown.HTML").read_text(encoding="utf-8")
    text = html.unescape(re.sub(r"<[^>]*>", "", saved[saved.index("<body") :]))
    for word in re.findall(r"[A-Za-z0-9_]+", shown):
        assert word in text


@pytest.mark.parametrize("suffix", ["svg", "html"])
@pytest.mark.parametrize("command", ["net", "check"])
@pytest.mark.parametrize("columns", [None, 60])
def test_a_note_is_saved_whole(columns, command, suffix, run, tmp_path):
    path = tmp_path / f"shown.{suffix}"
    if columns is None:
        run(f"{command} --save {path}")
    else:
        in_terminal(command, "--save", str(path), columns=columns)
    text = html.unescape(re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8")))
    note = next(each for each in json.loads(run(f"{command} -f json").stdout)["notes"])
    # Where the example lies differs between what is installed and what is run from here.
    note, text = (re.sub(r"\S*/example\.py", "example.py", each) for each in (note, text))
    assert "".join(note.split()) in "".join(text.split())
    if suffix == "html":
        assert f"  {note}\n" in text  # in one line, to be pasted


def test_a_page_breaks_sentences_and_no_tables(run, tmp_path):
    run(f"shape --in 3x32x30 --k 2 --s 5 --save {tmp_path}/shown.html")
    lines = (tmp_path / "shown.html").read_text(encoding="utf-8").split("<pre>")[1].splitlines()
    breaks = [line for line in lines if 'class="s"' in line]
    starts = [re.sub("<[^>]*>", "", line)[:9] for line in breaks]
    assert starts == ["Conv2d: 3", "PyTorch  ", "note     "]
    run(f"shape -f json --save {tmp_path}/shown.html")
    assert 'class="s"' not in (tmp_path / "shown.html").read_text(encoding="utf-8")


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
        ("''", "--save '': the name has to end in .svg, .html or .txt"),
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


def test_a_link_is_followed(run, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.txt").symlink_to(tmp_path / "folder" / "target.txt")
    for _ in range(2):  # first there is no target
        assert run(f"shape --save {tmp_path}/link.txt").exit_code == 0
        assert (tmp_path / "link.txt").is_symlink()
        assert "Conv2d" in (tmp_path / "folder" / "target.txt").read_text(encoding="utf-8")


def test_the_mode_of_a_file_is_kept_and_a_new_one_has_the_usual(run, tmp_path):
    for name in ("kept.txt", "usual.txt"):
        (tmp_path / name).write_text("before")
    (tmp_path / "kept.txt").chmod(0o640)
    for name in ("kept.txt", "new.txt"):
        assert run(f"shape --save {tmp_path}/{name}").exit_code == 0
    assert stat.S_IMODE((tmp_path / "kept.txt").stat().st_mode) == 0o640
    usual = (tmp_path / "usual.txt").stat().st_mode
    assert (tmp_path / "new.txt").stat().st_mode == usual


def test_a_name_may_be_as_long_as_names_can_be(run, tmp_path):
    name = "n" * 251 + ".txt"
    assert run(f"shape --save {tmp_path}/{name}").exit_code == 0
    assert os.listdir(tmp_path) == [name]
    result = run(f"shape --save {tmp_path}/n{name}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "File name too long" in result.stderr


def test_what_is_no_file_is_not_replaced(run, tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    result = run(f"shape --save {tmp_path}/pipe.txt")
    assert result.stderr.endswith("pipe.txt: that is not a file\n")
    assert stat.S_ISFIFO((tmp_path / "pipe.txt").stat().st_mode)


def test_a_write_protected_file_is_not_replaced(run, tmp_path, monkeypatch):
    (tmp_path / "kept.txt").write_text("before")
    monkeypatch.setattr(os, "access", lambda *_: False)  # as for everybody but root
    result = run(f"shape --save {tmp_path}/kept.txt")
    assert result.stderr.endswith("kept.txt: that file is write-protected\n")
    assert (tmp_path / "kept.txt").read_text() == "before"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_leaves_no_part_behind(name, tmp_path):
    number = getattr(signal, name)
    program = (
        "import os\n"
        "from convcalc.cli import cli\n"
        f"os.replace = lambda *_: os.kill(os.getpid(), {int(number)})\n"
        f"cli(['shape', '--save', {str(tmp_path / 'shown.txt')!r}])\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, timeout=60, preexec_fn=heed_signals)
    assert done.returncode == (130 if name == "SIGINT" else -number)
    assert done.stderr == b""
    assert os.listdir(tmp_path) == []


PATCH = "demo --in 2x3x3 --out 2 --k 2 --patch 1"


def test_the_readmes_picture_is_what_the_command_makes(run, golden, tmp_path):
    assert run(f"{PATCH} --save {tmp_path}/demo.svg").exit_code == 0
    golden("demo.svg", (tmp_path / "demo.svg").read_text(encoding="utf-8"))


def contrast(a, b):
    """Return the contrast of two colours, as the WCAG count it."""

    def light(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        r, g, b = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    darker, lighter = sorted([light(a), light(b)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_of_a_picture_has_contrast(theme):
    colours = dict(THEMES[theme])
    back = colours.pop("back")
    for name, colour in colours.items():
        assert contrast(back, colour) >= 4.5, name


def test_a_picture_is_light_unless_it_is_to_be_dark(run, tmp_path):
    backs = {}
    for theme in ("", "--theme light", "--theme dark"):
        run(f"{PATCH} --save {tmp_path}/shown.svg {theme}")
        text = (tmp_path / "shown.svg").read_text(encoding="utf-8")
        backs[theme] = re.search(r"\.back\{fill:(#\w+)\}", text)[1]
    light, dark = (THEMES[theme]["back"] for theme in ("light", "dark"))
    assert backs == {"": light, "--theme light": light, "--theme dark": dark}


@pytest.mark.parametrize("line", ["shape --theme dark", "shape --theme dark --save {}/shown.txt"])
def test_a_theme_where_nothing_has_colours_is_refused(line, run, tmp_path):
    result = run(line.format(tmp_path))
    assert result.exit_code == 2
    assert "--theme dark: only pictures and pages have colours" in result.stderr
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("suffix", ["svg", "html"])
def test_nothing_is_fetched_from_elsewhere(suffix, run, tmp_path):
    run(f"{PATCH} --save {tmp_path}/shown.{suffix}")
    text = (tmp_path / f"shown.{suffix}").read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|src=|href=", text)
    assert set(re.findall(r"https?://[^\"<]*", text)) <= {"http://www.w3.org/2000/svg"}


def test_every_text_of_a_picture_is_held_to_its_columns(run, tmp_path):
    run(f"{PATCH} --save {tmp_path}/shown.svg")
    root = ElementTree.parse(tmp_path / "shown.svg").getroot()
    width, height = map(float, root.get("viewBox").split()[2:])
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        right = float(text.get("x")) + float(text.get("textLength"))
        assert right <= width - 10
        assert float(text.get("textLength")) == pytest.approx(8.4 * len(text.text), abs=8.5)
        assert float(text.get("y")) + 5 < height
    frames = root.find("{http://www.w3.org/2000/svg}path").get("d")
    assert frames.count("Q") == 4 * shown_frames(run)


def shown_frames(run):
    """Return how many boxes the walk-through has."""
    return run(PATCH).stdout.count("╭")


def test_pages_follow_the_readers_system_unless_a_theme_is_asked(run, tmp_path):
    for theme, follows in {"": True, "--theme dark": False}.items():
        run(f"shape --save {tmp_path}/shown.html {theme}")
        text = (tmp_path / "shown.html").read_text(encoding="utf-8")
        assert ("prefers-color-scheme:dark" in text) == follows
        assert text.startswith("<!doctype html>")
