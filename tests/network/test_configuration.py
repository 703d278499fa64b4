"""Configuration objects: by key, by attribute, and from a file of JSON."""

import json

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.network.configuration import asked, configured, of_file
from convcalc.network.model import followed

NET = """import copy
import torch.nn as nn

class Net(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        {body}
        self.fc = nn.Linear(8, width)

    def forward(self, x):
        return self.fc(x)
"""
CONFIG = {"width": 5, "inner": {"width": 6, "sizes": [7, {"width": 8}]}, "name": "a"}


@pytest.mark.parametrize(
    ("body", "width"),
    [
        ("width = cfg.width", 5),
        ("width = cfg['width']", 5),
        ("width = cfg.inner['width']", 6),
        ("width = cfg['inner'].sizes[1].width", 8),
        ("width = getattr(cfg, 'nothing', 3) + cfg.get('other', 1)", 4),
        ("width = 2 if hasattr(cfg, 'nothing') else 3", 3),
        ("width = len(cfg) if 'inner' in cfg and isinstance(cfg, dict) else 9", 3),
        ("width = vars(cfg)['width']", 5),
        ("cfg.width += 1; width = cfg['width']", 6),
        ("cfg['new'] = 4; width = cfg.new", 4),
        ("del cfg.width; width = cfg.get('width', 2)", 2),
        ("cfg = copy.deepcopy(cfg); cfg.inner.width = 1; width = cfg['inner']['width']", 1),
        ("width = (lambda width, **others: width)(**cfg)", 5),
        ("width = sum(len(key) for key in cfg)", 14),
        ("cfg = copy.copy(cfg); cfg.inner = 3; width = cfg['inner']", 3),
        ("cfg = copy.deepcopy(cfg); width = cfg.inner.sizes[1].width", 8),
        ("width = {**cfg, 'width': 9}['width']", 9),
        ("cfg.update(width=3); width = cfg.width", 3),
    ],
)
def test_it_is_read_by_key_and_by_attribute(body, width, tmp_path):
    file = tmp_path / "net.py"
    file.write_text(NET.format(body=body))
    answer = followed(file, "Net", [(8,)], defined={"cfg": CONFIG})
    assert answer.error is None, answer.error.sentence
    assert answer.output == (width,)


def test_what_a_copy_lacks_is_asked_for_too(tmp_path):
    file = tmp_path / "net.py"
    file.write_text(NET.format(body="width = copy.deepcopy(cfg).inner.depth"))
    with pytest.raises(ConvcalcError, match=r"line 7: depth isn't given in a configuration; width"):
        followed(file, "Net", [(8,)], defined={"cfg": CONFIG})


@pytest.mark.parametrize("body", ["width = cfg.inner.wdith", "width = cfg['inner']['wdith']"])
def test_what_it_lacks_is_asked_for(body, tmp_path):
    file = tmp_path / "net.py"
    file.write_text(NET.format(body=body))
    with pytest.raises(ConvcalcError) as refusal:
        followed(file, "Net", [(8,)], defined={"cfg": CONFIG})
    assert str(refusal.value) == (
        "net.py, line 7: cfg.inner.wdith isn't given, --define cfg.inner.wdith=… gives it; "
        "width is the nearest that is"
    )


def test_entries_may_have_the_names_of_methods():
    found = configured({"items": 3, "inner": {"keys": 4}}, "cfg")
    assert (found.items, found.inner.keys) == (3, 4)
    assert sorted(found) == ["inner", "items"]
    with pytest.raises(KeyError) as error:
        _ = found.inner["nothing"]
    assert (
        asked(error.value) == "cfg.inner.nothing isn't given, --define cfg.inner.nothing=… gives it"
    )


def test_from_a_file(tmp_path, run, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.py").write_text(NET.format(body="width = cfg.inner.width"))
    (tmp_path / "c.json").write_text(json.dumps(CONFIG))
    result = run("net net.py --in 8 --define cfg=@c.json -f json")
    assert json.loads(result.stdout)["output"] == [6]
    result = run("net net.py --in 8 --define cfg=@c.json --define cfg.inner.width=3 -f json")
    assert json.loads(result.stdout)["output"] == [3]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "c.json, line 1, column 2: that is not JSON"),
        ("a: 3\n", "c.json, line 1, column 1: that is not JSON"),
        ("[" * 3000, "c.json: brackets are nested more than 200 deep"),
        ('{"a": ' * 3000, "c.json: brackets are nested more than 200 deep"),
        ("1" * 5000, "a number beyond 1,000,000,000,000"),
        (None, "c.json: there is no such file"),
        (b"\xff", "c.json: not a text in UTF-8"),
    ],
)
def test_what_is_no_configuration(content, reason, tmp_path):
    file = tmp_path / "c.json"
    if content is not None:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ConvcalcError) as refusal:
        of_file(file)
    assert str(refusal.value) == reason


def test_brackets_within_texts_are_none(tmp_path):
    file = tmp_path / "c.json"
    file.write_text(json.dumps({"a": "[" * 3000}))
    assert of_file(file) == {"a": "[" * 3000}
