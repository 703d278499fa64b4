"""Pages written as LaTeX: tables by booktabs, matrices as pmatrix, for a report to take in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from convcalc.output.page import (
    Cell,
    Equation,
    Facts,
    Grid,
    Matrices,
    Page,
    Program,
    Single,
    Table,
    cell_text,
    one_by_one,
    value_of,
)
from convcalc.text import entry, harmless, listed

PACKAGES = "% \\usepackage{amsmath,booktabs,graphicx,xcolor}"
"""What the document that takes this in has to load."""

SPECIAL = {
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#",
    "%": "\\%", "_": "\\_", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}",
    "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", "-": "{-}",
    '"': "{\\ttfamily\\char34}", "'": "{\\ttfamily\\char39}", "`": "{\\ttfamily\\char96}",
}  # fmt: skip
MATHEMATICAL = {
    "×": "\\times", "·": "\\cdot", "−": "-", "→": "\\to", "⌊": "\\lfloor", "⌋": "\\rfloor",
    "⌈": "\\lceil", "⌉": "\\rceil", "Σ": "\\sum", "ᵀ": "{}^{\\mathsf T}", "′": "{}'",
    "∇": "{}^{\\nabla}", "⋯": "\\cdots", "…": "\\ldots", "│": "|", "≤": "\\le", "≥": "\\ge",
    "δ": "\\delta", "∂": "\\partial", "⇔": "\\Leftrightarrow",
    "≠": "\\ne", "√": "\\surd", "±": "\\pm", "²": "{}^2", "³": "{}^3", "∞": "\\infty",
}  # fmt: skip
"""Glyphs as LaTeX has them in formulas."""

TILDE = "\N{COMBINING TILDE}"

WIDTH = 345.0
"""What a line of LaTeX's article is wide, in points."""
DIGIT, BETWEEN, AROUND = 5.0, 10.0, 40.0
"""What a character of a matrix is wide there, what is between its columns, and around it."""
BOX, LETTER = 7.0, 7.0
"""What a box around a number is wide, and a letter of a name."""

SCALED = "\\noindent\\resizebox{\\linewidth}{!}"
"""What makes as wide as a line what would be wider."""

LETTERS = ((65, ""), (81, "{\\footnotesize"), (92, "{\\scriptsize"), (0, "{\\tiny"))
"""How many letters of a program fit into a line, and their size."""

ENTRY = re.compile(rf"(n|(?:bias|[A-ZŨΣδ]){TILDE}?[′∇]*)_([0-9a-z(),]*[0-9a-z)])")
"""An entry of a tensor in indices, a sum over indices, or a δ: Ũ_bp(cuv), Σ_efg, δ_cd,f."""


def latex(page: Page) -> str:
    """Return a page with its tables, its matrices, its code and its notes."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield PACKAGES
    blocks = [(block, [*_block(block)]) for block in one_by_one(page.blocks)]
    scaled = [
        block.name if isinstance(block, Matrices) else "the table"
        for block, lines in blocks
        if any(line.startswith(SCALED) for line in lines)
    ]
    if scaled:
        yield "\\providecommand{\\resizebox}[3]{#3}% where graphicx isn't loaded"
    if page.heading:
        yield from ("", f"\\noindent\\textbf{{{escaped(page.heading)}}}")
    for _, lines in blocks:
        yield from ("", *lines)
    if page.code:
        yield from ("", *_verbatim(page.code))
    notes = list(page.notes)
    if scaled:
        names = listed(scaled)
        verb = "is" if len(scaled) == 1 else "are"
        notes.append(f"{names[0].upper()}{names[1:]} {verb} scaled to the width of a page.")
    for note in notes:
        yield from ("", f"\\noindent Note: {escaped(note)}")


def _block(block: Single) -> Iterator[str]:
    """Yield one block of a page."""
    if isinstance(block, Facts):
        explained = any(how for _, _, how in block.rows)
        rows = [row if explained else row[:2] for row in block.rows]
        yield from _tabular("lll"[: 3 if explained else 2], [], rows, total=False)
    elif isinstance(block, Table):
        columns = "".join("l" if column.left else "r" for column in block.columns)
        headings = [column.heading for column in block.columns]
        yield from _tabular(columns, headings, block.cells(), total=bool(block.totals))
    elif isinstance(block, Matrices):
        yield from _matrices(block)
    elif isinstance(block, Program):
        yield from _verbatim(block.text.rstrip())
    else:
        yield _equation(block)


def _verbatim(text: str) -> Iterator[str]:
    """Yield lines as they are, in the largest letters in which the longest fits."""
    longest = max(map(len, text.splitlines()))
    size = next((size for most, size in LETTERS if longest <= most), LETTERS[-1][1])
    yield from (f"{size}\\begin{{verbatim}}", text, f"\\end{{verbatim}}{'}' * bool(size)}")


def _tabular(
    columns: str, heading: Sequence[str], rows: Sequence[Sequence[Cell]], total: bool
) -> Iterator[str]:
    """Yield a table, the last row apart where it is a total."""
    texts = [[cell_text(value_of(cell)) for cell in row] for row in [heading or rows[0], *rows]]
    widths = [max(map(len, column)) * DIGIT + BETWEEN for column in zip(*texts, strict=True)]
    wide = sum(widths) > WIDTH
    yield "\\begin{center}"
    if wide:
        yield f"{SCALED}{{"
    yield from (f"\\begin{{tabular}}{{{columns}}}", "\\toprule")
    if heading:
        yield from (_row(heading), "\\midrule")
    for at, row in enumerate(rows):
        if total and at == len(rows) - 1:
            yield "\\midrule"
        yield _row(row)
    yield from ("\\bottomrule", f"\\end{{tabular}}{'}' * wide}", "\\end{center}")


def _row(cells: Sequence[Cell]) -> str:
    # \relax, since a bracket after the end of a line would be its height.
    texts = [escaped(cell_text(value_of(cell))) for cell in cells]
    return "\\relax " * texts[0].startswith("[") + " & ".join(texts) + " \\\\"


def _matrices(block: Matrices) -> Iterator[str]:
    """Yield a tensor's name and shape, the formula that makes it, and every matrix of it."""
    shape = ", ".join(map(str, block.shape))
    yield (
        f"\\noindent\\textbf{{{escaped(block.name)}}} {escaped(f'{block.letters} = ({shape})')}: "
        + re.sub(r"(?<=[a-z])\.(?=[a-z])", ".\\\\allowbreak{}", escaped(block.how))
    )
    if block.formula is not None:
        yield from ("\\[", aligned(block.formula.lines), "\\]")
        for where in block.formula.where:
            yield from (f"\\noindent {escaped(where)}", "")
    for grid in block.grids:
        caption = grid.caption if grid.caption.startswith(f"{block.name}[") else ""
        name = caption.split(" on ")[0].split(" to ")[0] or block.name
        wide = _width(grid, name) > WIDTH
        yield from ("", f"{SCALED}{{$\\displaystyle") if wide else ("\\[",)
        yield f"{_in_formula(name)} ="
        yield from _matrix(grid)
        if grid.caption and not caption:
            yield f"\\quad\\text{{{escaped(grid.caption)}}}"
        yield from ("$}", "") if wide else ("\\]",)


def aligned(lines: Sequence[str]) -> str:
    """Return equalities in indices below one another; one that begins with = goes on the last."""
    rows = []
    for line in lines:
        name, _, said = line.partition("= ")
        rows.append(f"{_indices(name.strip())} &= {_indices(said)}".lstrip())
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _indices(text: str) -> str:
    """Return a formula in indices, its derivatives as fractions."""
    words = []
    for word in text.split():
        above, slash, below = word.partition("/∂")
        if slash:
            above = above.removeprefix("∂")
            words.append(f"\\frac{{\\partial {_entry(above)}}}{{\\partial {_entry(below)}}}")
        else:
            words.append(_entry(word))
    return " ".join(words)


def _entry(word: str) -> str:
    """Return a word of a formula, what is behind its underscore as its index."""
    name, underscore, index = word.partition("_")
    name = "\\mathrm{bias}" + _in_formula(name[4:]) if name[:4] == "bias" else _in_formula(name)
    return f"{name.strip()}_{{{index}}}" if underscore else name


def _matrix(grid: Grid) -> Iterator[str]:
    """Yield a matrix in round brackets, or with the labels of its rows and columns."""
    if not grid.row_labels and not grid.column_labels:
        columns = "r" * len(grid.rows[0])
        yield f"\\left(\\begin{{array}}{{{columns}}}"
        yield from _entries(grid)
        yield "\\end{array}\\right)"
        return
    yield f"\\begin{{array}}{{r|{'r' * len(grid.rows[0])}}}"
    for at, letter in enumerate(grid.column_letters):
        labels = (str(label[at]) for label in grid.column_labels)
        name = letter if len(letter) == 1 else f"\\text{{{escaped(letter)}}}"
        yield " & ".join([name, *labels]) + " \\\\"
    yield "\\hline"
    labels = (f"\\text{{{escaped(label)}}} & " for label in grid.row_labels)
    rows = _entries(grid)
    yield from (f"{label}{row}" for label, row in zip(labels, rows, strict=True))
    yield "\\end{array}"


def _width(grid: Grid, name: str) -> float:
    """Return about how wide a matrix is on a page with its name, in points."""
    boxed = {column for _, column in grid.marked}
    columns = [
        max(DIGIT * len(entry(row[j])) for row in grid.rows) + (BOX if j in boxed else 0)
        for j in range(len(grid.rows[0]))
    ]
    if grid.row_labels:
        columns.append(DIGIT * max(map(len, [*grid.row_labels, *grid.column_letters])))
    around = AROUND + LETTER * len(name) + DIGIT * len(grid.caption)
    return sum(columns) + BETWEEN * len(columns) + around


def _entries(grid: Grid) -> Iterator[str]:
    """Yield the rows of a matrix, what is pointed out in boxes, padding's zeros in grey."""
    for i, row in enumerate(grid.rows):
        texts = []
        for j, value in enumerate(row):
            text = "" if (i, j) in grid.blank else entry(value)
            if (i, j) in grid.faint:
                text = f"\\textcolor{{gray}}{{{text}}}"
            texts.append(f"\\boxed{{{text}}}" if (i, j) in grid.marked else text)
        yield " & ".join(texts) + " \\\\"


def _equation(block: Equation) -> str:
    joint = f"{block.joint.rstrip()}\n"
    terms = joint.join(_in_formula(term) for term, _ in block.terms)
    before = block.before.replace("max", "\\max")
    made = f"{before}{terms}{block.after}"
    how = f" ({escaped(block.how)})" if block.how else ""
    return f"\\noindent ${_in_formula(block.name)} = {made} = {_in_formula(block.total)}${how}"


def _in_formula(text: str) -> str:
    """Return a name or a term as it stands within a formula: \\tilde{U}[0, 1]."""
    name, blank, said = text.partition(" ")
    if blank and said.isalpha():  # X padded
        return f"{_in_formula(name)}_{{\\text{{{said}}}}}"
    return "".join(_characters(text, formula=True))


def escaped(text: str) -> str:
    """Return a text with what is special to LaTeX escaped, and its glyphs as LaTeX has them."""
    parts = []
    at = 0
    text = harmless(text)
    for found in ENTRY.finditer(text):
        parts += [*_characters(text[at : found.start()], formula=False), f"${_entry(found[0])}$"]
        at = found.end()
    return "".join([*parts, *_characters(text[at:], formula=False)])


def _characters(text: str, formula: bool) -> Iterator[str]:
    for character, following in zip(text, [*text[1:], ""], strict=False):
        if following == TILDE or character == "Ũ":
            written = f"\\tilde{{{'U' if character == 'Ũ' else character}}}"
        elif character == TILDE:
            continue
        elif character in MATHEMATICAL:
            written = MATHEMATICAL[character]
            written += " " if written[-1].isalpha() else ""
        else:
            if formula:
                yield character if character.isascii() and character not in "#$%&~\\_^{}" else "?"
            else:
                yield _in_text(character)
            continue
        yield written if formula else f"${written.strip()}$"


def _in_text(character: str) -> str:
    """Return a character of a text; one that LaTeX's fonts don't have by its number."""
    if character in SPECIAL:
        return SPECIAL[character]
    if character == "–":
        return "--"
    if character == "—":
        return "---"
    known = character.isascii() or "À" <= character <= "ÿ"
    return character if known else f"U+{ord(character):04X}"
