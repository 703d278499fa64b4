"""JSON files beside a program are read, as Python would; no other file is opened or known."""

import json

import pytest

from convcalc.reading.files import Project
from convcalc.reading.texts.sources import LONGEST
from convcalc.reading.values import Unknown

CONFIG = {"width": 8, "deep": {"sizes": [1, 2.5, None, "ä"]}}


@pytest.fixture
def value_of(tmp_path, monkeypatch):
    """Return what an expression of a program beside some files is."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    root = tmp_path / "project"
    (root / "inner").mkdir(parents=True)
    for path in (root / "config.json", root / "inner" / "more.json", tmp_path / "outside.json"):
        path.write_text(json.dumps(CONFIG, ensure_ascii=False), encoding="utf-8")
    (root / "notes.txt").write_text("{}", encoding="utf-8")
    (root / "broken.json").write_text("{", encoding="utf-8")
    (root / "link.json").symlink_to("/etc/passwd")

    def read(expression):
        program = root / "program.py"
        program.write_text(f"import json, os\nfrom pathlib import Path\nvalue = {expression}\n")
        project = Project(program, None)
        project.main.read()
        if project.main.ended is not None:
            raise project.main.ended
        return project.main.names["value"]

    return read


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("json.load(open('config.json'))", CONFIG),
        ("json.load(open('inner/more.json', 'r', encoding='utf-8'))['width']", 8),
        ("json.loads(open('config.json').read())", CONFIG),
        ("json.loads(Path('config.json').read_text())", CONFIG),
        ("json.load(Path('inner', 'more.json').open())", CONFIG),
        ("json.load(open('config.json'), parse_float=str)['deep']['sizes'][1]", "2.5"),
        ("[line for line in open('config.json')]", [json.dumps(CONFIG, ensure_ascii=False)]),
        ("os.path.isfile('config.json'), os.path.exists('inner/more.json')", (True, True)),
        ("Path('config.json').exists(), Path('inner/none.json').is_file()", (True, False)),
        ("[each.name for each in Path('inner').glob('*.json')]", ["more.json"]),
        ("[*Path('inner').glob('*.yaml')], Path('inner').is_dir()", ([], True)),
        ("sorted(str(each) for each in Path('.').iterdir())[:2]", ["broken.json", "config.json"]),
        ("Path('none').is_dir(), Path('/etc').is_dir(), Path('..').is_dir()", (False,) * 3),
        ("os.path.exists('x' * 5000), Path('x' * 5000 + '.json').exists()", (False, False)),
        ("os.path.isfile('x\\0.json'), Path('x\\0').is_dir()", (False, False)),
        ("os.path.exists('notes.txt'), os.path.exists('inner')", (False, False)),
    ],
)
def test_what_stands_beside_a_program(expression, value, value_of):
    assert value_of(expression) == value


@pytest.mark.parametrize(
    "expression",
    [
        "open('notes.txt')",
        "open('none.json')",
        "open('../outside.json')",
        "open('/etc/passwd')",
        "open('link.json')",
        "open('config.json', 'w')",
        "open('config.json', 'rb')",
        "open('config.json', encoding='latin-1')",
        "json.load(open('notes.txt'))",
        "Path('notes.txt').read_text()",
    ],
)
def test_what_is_not_opened(expression, value_of):
    assert isinstance(value_of(expression), Unknown)


def test_what_is_no_json(value_of):
    with pytest.raises(json.JSONDecodeError):
        value_of("json.load(open('broken.json'))")


def test_what_is_too_long(value_of, tmp_path):
    (tmp_path / "project" / "long.json").write_text(" " * (LONGEST + 1))
    value = value_of("open('long.json')")
    assert isinstance(value, Unknown)
    assert "the file has more than" in value.why
