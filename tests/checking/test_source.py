"""What of a file is read and run: as far as a function needs it, and no further."""

import pytest

from convcalc.checking.check import Asked, check
from convcalc.checking.child.source import NotPython, read


@pytest.fixture
def source(tmp_path):
    def make(text, name="mine.py"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read(str(tmp_path / name))

    return make


def needed(source, *names):
    return [source.statements[at].lineno for at in sorted(source.needed(names))]


def test_what_a_function_depends_on(source):
    text = "import math\nA = 1\nB = A + 1\nC = 3\ndef f(): return g(B)\ndef g(x): return x\nf()\n"
    assert needed(source(text), "f") == [1, 2, 3, 5, 6]
    assert needed(source(text), "g") == [1, 6]


def test_what_changes_what_it_depends_on(source):
    text = "T = {}\nT['a'] = 1\nT.update(b=2)\nfor i in range(3): T[i] = i\nU = []\ndef f(): T\n"
    assert needed(source(text), "f") == [1, 2, 3, 4, 6]


def test_what_is_looked_up_by_text_needs_everything(source):
    text = "A = 1\nprint(A)\ndef f(): return globals()['A']\n"
    assert needed(source(text), "f") == [1, 2, 3]


def test_a_guard_is_never_needed(source):
    assert needed(source("def f(): pass\nif __name__ == '__main__':\n    f = 1\n"), "f") == [1]


@pytest.mark.parametrize(
    ("backward", "forward"),
    [
        ("conv_backward_naive", "conv_forward_naive"),
        ("backward", "forward"),
        ("conv2d_backward", "conv2d"),
        ("Conv.backward", "Conv.forward"),
        ("nothing", ""),
    ],
)
def test_which_forward_pass_belongs_to_a_backward_pass(source, backward, forward):
    names = ("conv_forward_naive", "conv_forward", "forward", "conv2d")
    text = "".join(f"def {name}(x): pass\n" for name in names)
    text += "class Conv:\n    def forward(self, x): pass\n    def backward(self, g): pass\n"
    assert source(text).forward_of(backward) == forward


def test_keys_of_a_dictionary_of_options(source):
    found = source("def f(x, p):\n    return p['stride'], p.get('pad', 0), x['no'], p[x]\n")
    assert found.keys("f", "p") == ["stride", "pad"]


def test_lines_in_a_notebook_are_told_with_their_cell(tmp_path):
    cells = "".join(
        f'{{"cell_type": "code", "source": {text}}},'
        for text in ('["%magic\\n", "x = 1\\n"]', '"def f(): pass\\n\\n\\nx.y"')
    )
    path = tmp_path / "a.ipynb"
    path.write_text(f'{{"cells": [{cells[:-1]}]}}', encoding="utf-8")
    found = read(str(path))
    assert found.place(2) == ("a.ipynb cell 1", 2)
    assert found.lines(found.statements[-1]) == "cell 2 line 4"


@pytest.mark.parametrize("text", ["{}", "[]", "", '{"cells": 3}', '{"cells": [1]}'])
def test_what_is_no_notebook(text, source):
    with pytest.raises(NotPython):
        source(text, "a.ipynb")


def test_what_was_left_out_is_said(tmp_path):
    text = (
        "import not_there\n"
        "while True: pass\n"
        "def unfold(x: not_there.Image, kernel_size): return [[[0]]]\n"
    )
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    answer = check(f"{tmp_path}/mine.py", Asked("unfold"))
    assert any("line 1 (ModuleNotFoundError: No module" in note for note in answer.notes)
    assert any("; line 2." in note for note in answer.notes)


def test_what_it_writes_is_thrown_away(tmp_path, monkeypatch):
    text = "def unfold(x, kernel_size):\n    open('a.txt', 'w').close()\n    return [[[0]]]\n"
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert check("mine.py:unfold", Asked("unfold")).outcomes[0].returned is not None
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]
