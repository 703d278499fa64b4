"""Pages written as LaTeX: tables by booktabs, matrices as pmatrix, for a report to take in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convcalc.output.page import (
    Cell,
    Equation,
    Facts,
    Grid,
    Matrices,
    Page,
    Table,
    cell_text,
    one_by_one,
    value_of,
)
from convcalc.text import entry, harmless

PACKAGES = "% \\usepackage{amsmath,booktabs,xcolor}"
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
    "≠": "\\ne", "√": "\\surd", "±": "\\pm", "²": "{}^2", "³": "{}^3", "∞": "\\infty",
}  # fmt: skip
"""Glyphs as LaTeX has them in formulas."""

TILDE = "\N{COMBINING TILDE}"


def latex(page: Page) -> str:
    """Return a page with its tables, its matrices, its code and its notes."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield PACKAGES
    grids = (grid for each in one_by_one(page.blocks) if isinstance(each, Matrices)
             for grid in each.grids)  # fmt: skip
    widest = max((len(grid.rows[0]) for grid in grids), default=0)
    if widest > 10:  # pmatrix has no more columns unless told so
        yield f"\\setcounter{{MaxMatrixCols}}{{{widest}}}"
    yield from ("", f"\\noindent\\textbf{{{escaped(page.heading)}}}")
    for block in one_by_one(page.blocks):
        yield ""
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
        else:
            yield _equation(block)
    if page.code:
        yield from ("", "\\begin{verbatim}", page.code, "\\end{verbatim}")
    for note in page.notes:
        yield from ("", f"\\noindent Note: {escaped(note)}")


def _tabular(
    columns: str, heading: Sequence[str], rows: Sequence[Sequence[Cell]], total: bool
) -> Iterator[str]:
    """Yield a table, the last row apart where it is a total."""
    yield from ("\\begin{center}", f"\\begin{{tabular}}{{{columns}}}", "\\toprule")
    if heading:
        yield from (_row(heading), "\\midrule")
    for at, row in enumerate(rows):
        if total and at == len(rows) - 1:
            yield "\\midrule"
        yield _row(row)
    yield from ("\\bottomrule", "\\end{tabular}", "\\end{center}")


def _row(cells: Sequence[Cell]) -> str:
    # \relax, since a bracket after the end of a line would be its height.
    texts = [escaped(cell_text(value_of(cell))) for cell in cells]
    return "\\relax " * texts[0].startswith("[") + " & ".join(texts) + " \\\\"


def _matrices(block: Matrices) -> Iterator[str]:
    """Yield a tensor's name and shape, and every matrix of it."""
    shape = ", ".join(map(str, block.shape))
    yield (
        f"\\noindent\\textbf{{{escaped(block.name)}}} {escaped(f'{block.letters} = ({shape})')}: "
        f"{escaped(block.how)}"
    )
    for grid in block.grids:
        caption = grid.caption if grid.caption.startswith(f"{block.name}[") else ""
        name = caption.split(" on ")[0] or block.name
        yield from ("\\[", f"{_in_formula(name)} =", "\\begin{pmatrix}")
        yield from _entries(grid)
        yield "\\end{pmatrix}"
        if grid.caption and not caption:
            yield f"\\quad\\text{{{escaped(grid.caption)}}}"
        yield "\\]"


def _entries(grid: Grid) -> Iterator[str]:
    """Yield the rows of a matrix, what is pointed out in boxes, padding's zeros in grey."""
    for i, row in enumerate(grid.rows):
        texts = []
        for j, value in enumerate(row):
            text = entry(value)
            if (i, j) in grid.faint:
                text = f"\\textcolor{{gray}}{{{text}}}"
            texts.append(f"\\boxed{{{text}}}" if (i, j) in grid.marked else text)
        yield " & ".join(texts) + " \\\\"


def _equation(block: Equation) -> str:
    terms = " +\n".join(_in_formula(term) for term, _ in block.terms)
    how = f" ({escaped(block.how)})" if block.how else ""
    return f"\\noindent ${_in_formula(block.name)} = {terms} = {_in_formula(block.total)}${how}"


def _in_formula(text: str) -> str:
    """Return a name or a term as it stands within a formula: \\tilde{U}[0, 1]."""
    name, blank, said = text.partition(" ")
    if blank and said.isalpha():  # X padded
        return f"{_in_formula(name)}_{{\\text{{{said}}}}}"
    return "".join(_characters(text, formula=True))


def escaped(text: str) -> str:
    """Return a text with what is special to LaTeX escaped, and its glyphs as LaTeX has them."""
    return "".join(_characters(harmless(text), formula=False))


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
