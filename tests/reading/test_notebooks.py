"""The code cells of a notebook as one text, and where its lines stand."""

import ast
import json

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.reading.texts import notebooks


def notebook(*cells, form=4):
    """Return a notebook as JSON; what begins with # is a cell of text."""
    made = []
    for cell in cells:
        kind = "markdown" if cell.startswith("# ") else "code"
        lines = cell.splitlines(keepends=True)
        made.append({"cell_type": kind, "source" if form == 4 else "input": lines,
                     "metadata": {}, "outputs": []})  # fmt: skip
    whole = {"cells": made} if form == 4 else {"worksheets": [{"cells": made}]}
    return json.dumps({**whole, "nbformat": form})


@pytest.mark.parametrize("form", [3, 4])
def test_code_cells_in_order_and_where_their_lines_stand(form):
    found = notebooks.read(notebook("# text", "a = 1\nb = 2", "", "c = 3\n\n\nd = 4\n", form=form))
    assert found.text == "a = 1\nb = 2\n\nc = 3\n\n\nd = 4\n"
    lines = [node.lineno for node in ast.parse(found.text).body]
    places = [notebooks.place(found.cells, line) for line in lines]
    assert places == [(1, 1), (1, 2), (3, 1), (3, 4)]
    assert found.passed == []


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install \\\n  a b\nx = 1", "pass\n\nx = 1"),
        ("if x:\n    !ls 'it\n    y = 1", "if x:\n    pass\n    y = 1"),
        ("files = !ls (\nx = %time f()", "files = get_ipython()\nx = get_ipython()"),
        ("torch.nn?\n?torch\ntorch??", "pass\npass\npass"),
        ("%%time\nx = 1", "\nx = 1"),
        ("x = (5\n  % 3)\n!ls", "x = (5\n  % 3)\npass"),
        ("s = '''\n%d\n!x\n'''\n%cd ..", "s = '''\n%d\n!x\n'''\npass"),
        ("x = await f()\n", "x = await f()\n"),
        ("get_ipython().system('ls')", "get_ipython().system('ls')"),
        ("\n\n%autoreload 2", "\n\npass"),
    ],
)
def test_what_is_for_the_shell_is_passed_over(cell, python):
    found = notebooks.read(notebook(cell))
    assert found.text == python
    assert found.passed == []


@pytest.mark.parametrize(
    ("cell", "passed"),
    [
        ("%%bash\necho 1\n", "cell 2, %%bash"),
        ("def f(:\n    pass", "cell 2, which isn't Python: "),
        ("!ls\nx = = 3", "cell 2, which isn't Python: invalid syntax"),
        ("x = 1\n%run other.py\n", "cell 2, %run other.py"),
        ("%pylab inline", "cell 2, %pylab inline"),
        ("(" * 500, "cell 2, which isn't Python: "),
        ("x = '\0'", "cell 2, which isn't Python: "),
    ],
)
def test_what_of_it_is_not_read_is_said(cell, passed):
    found = notebooks.read(notebook("a = 1", cell, "b = 2"))
    assert [each.startswith(passed) for each in found.passed] == [True]
    assert notebooks.place(found.cells, found.text.count("\n") + 1) == (3, 1)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "3", "{}", '{"cells": 3}', '{"cells": [3]}', '{"cells": [{}]}', '{"cells": [{"'
     'cell_type": "code", "source": 3}]}', '{"worksheets": []}', "[" * 100_000, b"\xff{}"],
)  # fmt: skip
def test_what_is_no_notebook(content):
    with pytest.raises(ConvcalcError, match="it isn't a notebook: there are no cells in it"):
        notebooks.read(content)


def test_its_code_is_bounded():
    with pytest.raises(ConvcalcError, match=r"its cells have 1,500,000 characters, 1,048,576 are"):
        notebooks.read(notebook("x = 1\n" * 250_000))
    found = notebooks.read(notebook("!ls\n" * 200_000))
    assert found.passed == ["cell 1, which isn't Python: invalid syntax"]
