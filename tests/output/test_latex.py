"""--format latex: what a report takes in; compiled where there is a pdflatex."""

import shutil
import subprocess
from pathlib import Path

import pytest

from convcalc.output.latex import PACKAGES, aligned, escaped, latex
from convcalc.output.page import Beside, Column, Equation, Facts, Grid, Matrices, Page, Table

COMMANDS = [
    "shape --in 3x32x32 --k 3 --p 1",
    "params --in 3x32x32 --out 16 --k 3",
    "demo --in 2x5x5 --k 3 --p 1 --patch 3 --backward --bias --seed 2",
    "demo --in 2x3x3 --k 2 --groups 2 --batch 2 --layout bkp --backward",
    "demo --in 1x8x8 --k 3 --layout bkp",
    "demo --in 4x3x4 --k 2 --groups 2 --transposed --backward --out 4 --patch 2",
    "demo --in 1x4x4 --k 2 --pool max --s 1 --backward --patch 2",
    "demo --in 1x5 --k 2 --pool avg --p 1 --ceil-mode --backward --patch 1",
    "demo --in 2x7x8 --k 3x2 --s 2x1 --p 1 --d 1x2 --groups 2 --out 4 --bias --batch 2 --patch 3",
    "demo --in 2x3x3 --k 3 --s 2 --p 1 --transposed --output-padding 1 --backward --patch 2",
    "demo --in 2x5x5 --k 3 --s 2 --p 1 --pool max --ceil-mode --backward --patch 2",
    "demo --in 2x5x5 --k 3 --s 2 --p 1 --pool avg --ceil-mode --backward --patch 2",
    "demo --in 1x12 --k 3 --backward --layout bkp --fold --patch 2",
    "demo --code conv2d_backward",
    "net tests/data/alexnet.txt --in 3x224x224 --sequential",
    "solve --in 3x32x32 --out 16x16x16",
    "check tests/checking/gallery/right.py:unfold --op unfold",
]
STRANGE = "\\{}$&#%_^~<>|\"'`--×·⌊⌋′ŨW̃∇Σᵀ→…–—é中[1]*"


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_writes_latex(line, run, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    text = run(f"{line} --format latex").stdout
    assert text.startswith(PACKAGES)
    assert "\\begin{" in text
    assert set("×·⌊⌋′Ũ∇Σᵀ→…–").isdisjoint(text)
    assert text.isascii()
    if line.startswith(("net", "solve", "check")):
        for rule in ("\\toprule", "\\midrule", "\\bottomrule"):
            assert rule in text


def test_a_rule_stands_above_the_total_and_nowhere_else(run):
    lines = run("net --layers 'Conv2d(1, 2, 3), ReLU()' --in 1x5x5 -f latex").stdout.splitlines()
    table = lines[lines.index("\\toprule") : lines.index("\\bottomrule")]
    assert [at for at, line in enumerate(table) if line == "\\midrule"] == [2, 5]
    assert table[6].startswith("total & ")
    assert run("solve -f latex").stdout.count("\\midrule") == 1  # there is no total


def test_marks_are_boxed_and_paddings_zeros_grey(run):
    text = run("demo --in 1x2x2 --k 2 --p 1 --patch 1 -f latex").stdout
    assert "\\boxed{\\textcolor{gray}{0}} & \\boxed{\\textcolor{gray}{0}}" in text
    assert "\\boxed{1} & \\boxed{2}" in text
    assert "Y[0, 0, 0, 1] = 0\\cdot 1 +\n0\\cdot 2 +\n1\\cdot 3 +\n2\\cdot 4 = 11" in text


def test_what_is_special_is_escaped():
    assert escaped("a_b & 50% of {x} #1 $y ^ ~ \\n") == (
        "a\\_b \\& 50\\% of \\{x\\} \\#1 \\$y \\textasciicircum{} \\textasciitilde{} "
        "\\textbackslash{}n"
    )
    assert escaped("⌊W̃/2⌋ · Ũ′") == "$\\lfloor$$\\tilde{W}$/2$\\rfloor$ $\\cdot$ $\\tilde{U}$${}'$"
    assert escaped("") == ""
    assert escaped("中\x1b") == "U+4E2D\\textbackslash{}x1b"


def strange():
    """Return a page of all kinds of blocks that is full of special characters."""
    grid = Grid(STRANGE, [[1, -2, 0.5]] * 12, marked=frozenset({(0, 0)}), faint=frozenset({(0, 1)}))
    return Page(
        STRANGE,
        [
            Facts([("[1]", STRANGE, STRANGE)]),
            Table(
                [Column("a", STRANGE, lambda row, _: row, lambda _: "*")], [STRANGE, "[x]"], None
            ),
            Beside([Matrices("Ũ∇", STRANGE, (1, 2), STRANGE, [grid])]),
            Equation("Ũ∇[0, 1]", [("2·(-3)", 0), ("…", None)], "-6", STRANGE),
        ],
        "nn.Conv2d(1, 1, kernel_size=(3, 3))",
        [STRANGE],
    )


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex here")
@pytest.mark.parametrize("line", [*COMMANDS, "strange"])
def test_it_compiles(line, run, tmp_path, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    text = latex(strange()) if line == "strange" else run(f"{line} -f latex").stdout
    document = (
        f"\\documentclass{{article}}\n{PACKAGES.removeprefix('% ')}\n\\begin{{document}}\n"
        f"{text}\\end{{document}}\n"
    )
    (tmp_path / "report.tex").write_text(document, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "report.tex"],
        cwd=tmp_path,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-1500:].decode(errors="replace")
    assert (tmp_path / "report.pdf").exists()
    if line != "strange":
        assert b"Overfull \\hbox" not in done.stdout  # nothing is wider than a page


def test_what_is_scaled_is_said_and_compiles_without_graphicx(run):
    text = run("demo --in 1x8x8 --k 3 --layout bkp -f latex").stdout
    assert "\\providecommand{\\resizebox}[3]{#3}" in text
    assert "U are scaled to the width of a page" in text
    assert "\\resizebox" not in run("demo -f latex").stdout


def test_the_labels_of_matrices_are_kept(run):
    lines = run("demo -f latex").stdout.splitlines()
    assert "c & 0 & 0 & 0 & 0 & 1 & 1 & 1 & 1 \\\\" in lines
    assert "\\text{3 (1, 1)} & 5 & 6 & 8 & 9 & 14 & 15 & 17 & 18 \\\\" in lines
    assert "\\text{(1, 0, 1)} & 6 & 14 \\\\" in lines


def test_what_stands_in_indices_is_mathematics():
    assert escaped("W̃∇ = Σ_b Ũᵀ Y′∇").startswith("$\\tilde{W}$${}^{\\nabla}$ = $\\sum_{b}$ ")
    assert escaped("δ_cd,f = 1, n_ij, c_out") == "$\\delta_{cd,f}$ = 1, $n_{ij}$, c\\_out"
    assert aligned(["∂Y_abcd/∂Y′_efg = δ_ae", "bias∇_o = Σ_a Y∇_ao", "= 2"]) == (
        "\\begin{aligned}\n"
        "\\frac{\\partial Y_{abcd}}{\\partial Y{}'_{efg}} &= \\delta_{ae} \\\\\n"
        "\\mathrm{bias}{}^{\\nabla}_{o} &= \\sum_{a} Y{}^{\\nabla}_{ao} \\\\\n"
        "&= 2\n\\end{aligned}"
    )
