"""The page of demo that is to be touched, in a browser where there is one."""

import json
import random
import re
from itertools import chain
from math import ceil, floor

import pytest
from browser import CHROMIUM, Browser

from convcalc.output.picture import THEMES
from convcalc.text import entry

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here")
EVERYTHING = (
    "demo --in 4x5x6 --k 2x3 --out 4 --s 2x1 --p 1:0x0:1 --d 1x2 --groups 2 --bias --batch 2 "
    "--seed 4 --backward"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    started = Browser(tmp_path_factory.mktemp("browser"))
    yield started
    started.close()


@pytest.fixture
def page(run, tmp_path):
    """Save the page of a walk-through; return its file and what the walk's JSON says."""

    def saved(line):
        path = tmp_path / "page.html"
        assert run(f"{line} --save {path}").exit_code == 0
        return path, json.loads(run(f"{line} -f json").stdout)

    return saved


TENSORS = {
    "convolution": {
        "forward": {"x": "X", "w": "W", "y": "Y", "u": "U", "m": "W_matrix", "q": "Y_matrix"},
        "weight": {"y": "grad_Y", "w": "grad_W", "m": "grad_W_matrix", "q": "grad_Y_matrix"},
        "input": {"x": "grad_X", "u": "grad_U"},
    },
    "transposed": {
        "forward": {"x": "Y", "w": "W", "y": "X", "u": "U", "m": "W_matrix", "q": "X_matrix"},
        "weight": {"x": "grad_Y", "w": "grad_W", "m": "grad_W_matrix", "u": "grad_U"},
        "input": {"y": "grad_X", "q": "grad_X_matrix"},
    },
    "max": {"forward": {"x": "X", "y": "Y"}, "input": {"y": "grad_Y", "x": "grad_X"}},
    "avg": {"forward": {"x": "X", "y": "Y"}, "input": {"y": "grad_Y", "x": "grad_X"}},
}
"""What the JSON calls the tables of each tab, by the kind of layer."""

CELLS = """(() => { const tensors = {};
    for (const table of document.querySelectorAll('#stage table'))
        (tensors[table.dataset.kind] ||= []).push([...table.tBodies[0].rows].map(row =>
            [...row.querySelectorAll('td')].map(td => td.textContent)));
    return tensors })()"""
"""Every table that is shown, as rows of texts."""

SUMS = "[...document.querySelectorAll('#sum div[data-name]')].map(line => line.textContent)"
LIT = """[...document.querySelectorAll('#stage td.t, #stage td.y')].map(td => {
    const tables = [...document.querySelectorAll('#stage table')].filter(
        table => table.dataset.kind === td.kind);
    return [td.kind, tables.indexOf(td.closest('table')), td.parentNode.sectionRowIndex,
        [...td.parentNode.querySelectorAll('td')].indexOf(td)].join(' ') }).sort()"""
"""What is lit: the kind of tensor, the number of the table, row and column."""

SET = """(numbers => { for (const input of document.getElementById('settings').elements)
    if (input.type === 'checkbox') input.checked = numbers[input.name];
    else if (input.name) input.value = numbers[input.name];
    document.querySelector('#settings input').dispatchEvent(new Event('input', {bubbles: true}));
    return document.getElementById('refused').textContent })"""


def tab(name):
    """Return JavaScript that chooses a tab."""
    return f"document.getElementById('tab-{name}').click()"


def cell(kind, table, i, j):
    """Return JavaScript for a cell of one of the tables of a kind."""
    return (
        f"document.querySelectorAll('#stage table[data-kind={kind}]')[{table}]"
        f".tBodies[0].rows[{i}].querySelectorAll('td')[{j}]"
    )


def pointed(kind, table, i, j):
    """Return JavaScript that points at a cell."""
    event = "new PointerEvent('pointerdown', {bubbles: true})"
    return f"{cell(kind, table, i, j)}.dispatchEvent({event})"


def value_of(written):
    """Return what a sum comes to, as it is and as its terms say."""
    terms, total = re.fullmatch(r"[^=]* = (.*) = (-?[\d.e+-]+)", written).groups()
    value = eval(terms.replace("·", "*").replace("max(", "max(float('-inf'), "))
    return float(total), pytest.approx(value, rel=1e-5)


def in_rows(tensor, flat, a_map):
    """Return a tensor as a list of matrices, as they are written; a map in 1-D is one row."""
    if a_map and flat:
        tensor = [[row] for sample in tensor for row in sample]
    while isinstance(tensor[0][0], list) and isinstance(tensor[0][0][0], list):
        tensor = [each for sample in tensor for each in sample]
    matrices = tensor if isinstance(tensor[0][0], list) else [tensor]
    return [[[*map(entry, row)] for row in matrix] for matrix in matrices]


def chosen(chance, kind, flat):
    """Return the numbers of a layer by the names of the page's inputs; not every one fits."""
    groups = chance.choice([1, 1, 2, 3])
    numbers = {"c": groups * chance.randint(1, 2), "o": groups * chance.randint(1, 2)}
    most = 4 if kind == "transposed" else 7
    numbers |= {"g": groups, "h": chance.randint(1, most), "w": chance.randint(1, most)}
    numbers |= {name: chance.randint(1, 3) for name in ("kh", "kw", "sh", "sw", "dh", "dw")}
    numbers |= {name: chance.randint(0, 2) for name in ("pt", "pb", "pl", "pr")}
    numbers |= {name: chance.choice([0, 0, 1, 2]) for name in ("oh", "ow")}
    if kind == "transposed":  # PyTorch's padding, and the command's, is the same on both sides
        numbers |= {"pb": numbers["pt"], "pr": numbers["pl"]}
    if flat:
        numbers |= {"h": 1, "kh": 1, "sh": 1, "dh": 1, "pt": 0, "pb": 0, "oh": 0}
    lacks = {"convolution": ("oh", "ow"), "transposed": ()}.get(kind, ("o", "g", "oh", "ow"))
    if lacks == ("o", "g", "oh", "ow"):
        numbers["ceil"] = chance.random() < 0.5
    return {name: number for name, number in numbers.items() if name not in lacks}


TIES = "[[0,2,2,-1,2],[2,1,0,1,1],[-3,1,2,2,0],[1,1,0,2,-1]]"
"""Numbers among which a maximum is often there more than once."""


def asked(numbers, kind, flat):
    """Return the command line for a layer of the page."""
    line = "demo --in {c}x{h}x{w} --k {kh}x{kw} --s {sh}x{sw} --p {pt}:{pb}x{pl}:{pr} --d {dh}x{dw}"
    if flat:
        line = "demo --in {c}x{w} --k {kw} --s {sw} --p {pl}:{pr} --d {dw}"
    if kind == "transposed":
        line += " --transposed --output-padding " + ("{ow}" if flat else "{oh}x{ow}")
    line += " --out {o} --groups {g}" if "g" in numbers else f" --pool {kind}"
    line += " --ceil-mode" if numbers.get("ceil") else ""
    return line.format(**numbers) + " --backward"


@needs_browser
@pytest.mark.parametrize(
    ("kind", "line", "options", "layers"),
    [
        ("convolution", "demo", "", 100),
        ("convolution", "demo --in 1x3x3 --k 2 --bias --batch 2", " --bias --batch 2", 60),
        ("convolution", "demo --in 1x5x4 --k 2 --layout bkp", " --layout bkp", 20),
        ("convolution", "demo --in 2x6 --k 3", "", 40),
        ("transposed", "demo --in 2x2x2 --k 2 --transposed", "", 100),
        (
            "transposed",
            "demo --in 1x2x2 --k 2 --transposed --bias --batch 2",
            " --bias --batch 2",
            60,
        ),
        ("transposed", "demo --in 2x6 --k 3 --transposed", "", 40),
        ("max", "demo --in 2x4x4 --k 2 --pool max", "", 120),
        ("max", "demo --in 2x3x3 --k 2 --pool max --batch 2", " --batch 2", 40),
        ("max", "demo --in 2x6 --k 3 --pool max", "", 40),
        ("max", f"demo --x {TIES} --k 2 --pool max", f" --x {TIES}", 60),
        ("avg", "demo --in 2x4x4 --k 2 --pool avg", "", 120),
        ("avg", "demo --in 2x3x3 --k 2 --pool avg --batch 2", " --batch 2", 40),
        ("avg", "demo --in 2x6 --k 3 --pool avg", "", 40),
    ],
)
def test_the_page_calculates_what_the_command_does(
    kind, line, options, layers, browser, page, run, pytestconfig
):
    path, _ = page(line)
    layers = max(4, layers * pytestconfig.option.hostile // 300)
    flat = "x6 " in line
    browser.open(path)
    chance = random.Random(line)
    while layers:
        numbers = chosen(chance, kind, flat)
        if TIES in line:  # which are kept while their size is
            numbers |= {"c": 1, "h": 4, "w": 5}
        question = asked(numbers, kind, flat) + options
        result, refused = run(f"{question} -f json"), browser.run(f"{SET}({json.dumps(numbers)})")
        assert (result.exit_code == 2) == (refused != ""), (question, refused, result.stderr)
        if refused:
            continue
        layers -= 1
        answer = json.loads(result.stdout)
        check_sizes(browser, answer, flat, question)
        if layers % 5 == 0 and TIES not in line:
            told = browser.run("document.getElementById('line').textContent")
            told = re.fullmatch(r"In the terminal: convcalc (.*?)\.( X.*)?", told)
            assert not told or json.loads(run(f"{told[1]} -f json").stdout) == answer, question
        for name, tensors in TENSORS[kind].items():
            browser.run(tab(name))
            shown = browser.run(CELLS)
            for letter, key in tensors.items():
                got, expected = shown[letter], in_rows(answer[key], flat, letter in "xwy")
                if letter == "x":  # which the page shows padded
                    down, across = numbers["pt"], numbers["pl"]
                    got = [
                        [
                            row[across : across + len(expected[0][0])]
                            for row in rows[down : down + len(expected[0])]
                        ]
                        for rows in got
                    ]
                assert got == expected, (question, key)
            if key == "grad_X" and letter == "x":  # what falls into the padding is nobody's
                beyond = sum(map(bool, chain(*chain(*shown["x"]))))
                assert beyond == sum(map(bool, chain(*chain(*expected)))), question
            if "W" not in answer and name == "forward":
                check_windows(kind, shown["u"], answer, flat, question)
            said = {
                text.replace("_", "") for step in answer["derivation"] for text in step["where"]
            }
            wheres = browser.run(
                "[...document.querySelectorAll('#formula .where span')].map(e => e.textContent)"
            )
            assert wheres
            for where in wheres:
                assert any(text.startswith(where) for text in said), (question, where, said)
            check_sums(browser, chance, kind, name, shown, question)


IN_PYTHON = str.maketrans({"·": "*", "−": "-", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")"})


def check_sizes(browser, answer, flat, question):
    """What is said of the sizes comes to those of Y and U, also as it is written."""
    said = browser.run("document.getElementById('sizes').textContent").split(", ")
    told = {}
    for each in said:
        name, *formula, value = each.split(" = ")
        told[name] = int(value)
        for written in formula:
            value = eval(written.translate(IN_PYTHON), {"floor": floor, "ceil": ceil})
            assert value == told[name], (question, each)
    shape = answer["Y"][0][0]
    sizes = {"l_out": len(shape)} if flat else {"h_out": len(shape), "w_out": len(shape[0])}
    if "Y_matrix" in answer:
        sizes |= {"p": len(answer["Y_matrix"][0]), "k": len(answer["W_matrix"])}
    assert told == sizes, question


def check_windows(kind, windows, answer, flat, question):
    """What a window holds comes to Y: its maximum, or its mean over all that is shown."""
    maps = in_rows(answer["Y"], flat, True)
    for rows, results in zip(windows, maps, strict=True):
        for row, result in zip(rows, chain(*results), strict=True):
            values = [float(each) for each in row if each]
            made = max(values) if kind == "max" else sum(values) / len(values)
            assert float(result) == pytest.approx(made, rel=1e-5), question


def check_sums(browser, chance, layer, name, shown, question):
    """Point at a cell of two of the tensors: sums come to what is shown, and name the cell."""
    made = {"forward": "y", "weight": "w", "input": "x"}[name]
    if layer == "transposed":
        made = {"forward": "x", "weight": "w", "input": "y"}[name]
    for kind in chance.sample(sorted(shown), 2):
        table = chance.randrange(len(shown[kind]))
        i = chance.randrange(len(shown[kind][table]))
        j = chance.randrange(len(shown[kind][table][i]))
        browser.run(pointed(kind, table, i, j))
        sums = [each for each in browser.run(SUMS) if "more terms" not in each]
        for each in sums:
            total, terms = value_of(each)
            assert total == terms, (question, each)
        if kind == made and sums and shown[kind][table][i][j]:
            assert value_of(sums[0])[0] == float(shown[kind][table][i][j]), (question, sums)


def read(walked, tap, tables):
    """Return what is lit in X where a tap is read by every window, as LIT says it."""
    (h_out, w_out), (s_h, s_w), (d_h, d_w), (u, v) = *walked, tap
    return {
        f"x {table} {i * s_h + u * d_h} {j * s_w + v * d_w}"
        for table in tables
        for i in range(h_out)
        for j in range(w_out)
    }


@needs_browser
def test_a_cell_of_the_kernels_gradient_lights_what_it_is_made_of(browser, page):
    path, answer = page("demo --in 2x5x6 --k 2x3 --s 2x1 --d 1x2 --p 1 --out 2")
    h_out, w_out = len(answer["Y"][0][0]), len(answer["Y"][0][0][0])
    browser.open(path)
    browser.run(tab("weight"))
    browser.hover(cell("w", 3, 1, 2))  # W∇[1, 1, 1, 2]
    lit = set(browser.run(LIT))
    walked = ((h_out, w_out), (2, 1), (1, 2))
    assert {each for each in lit if each[0] == "x"} == read(walked, (1, 2), [1])
    assert {each for each in lit if each[0] == "w"} == {"w 3 1 2"}
    expected = {f"y 1 {i} {j}" for i in range(h_out) for j in range(w_out)}
    assert {each for each in lit if each[0] == "y"} == expected
    [written] = browser.run(SUMS)
    assert written.startswith("W∇[1, 1, 1, 2] = ")


@needs_browser
def test_a_cell_of_x_lights_every_output_that_it_feeds(browser, page):
    path, answer = page("demo --in 1x4x4 --k 3 --out 2")
    browser.open(path)
    browser.hover(cell("x", 0, 1, 1))
    lit = browser.run(LIT)
    fed = [f"y {o} {i} {j}" for o in (0, 1) for i in (0, 1) for j in (0, 1)]
    assert [each for each in lit if each[0] == "y"] == fed
    assert len([each for each in lit if each[0] == "w"]) == 8
    sums = browser.run(SUMS)
    assert len(sums) == 4
    assert browser.run("document.querySelectorAll('#sum .on').length") == 4
    assert value_of(sums[0])[0] == answer["Y"][0][0][0][0]
    browser.run(tab("input"))
    browser.touch(cell("x", 0, 1, 1))
    [written] = browser.run(SUMS)
    assert written.startswith("X∇[0, 0, 1, 1] = 100·5 + 200·4 + 300·2 + 400·1 + ")  # flipped


@needs_browser
def test_a_tap_has_one_hue_in_x_and_in_the_kernels(browser, page):
    path, _ = page("demo --in 1x4x4 --k 2")
    browser.open(path)
    browser.hover(cell("y", 0, 1, 2))
    back = "getComputedStyle({}).backgroundColor"
    hues = set()
    for u, v in [(0, 0), (0, 1), (1, 0), (1, 1)]:
        read_, weight = cell("x", 0, 1 + u, 2 + v), cell("w", 0, u, v)
        assert browser.run(back.format(read_)) == browser.run(back.format(weight))
        hues.add(browser.run(back.format(weight)))
    assert len(hues) == 4


@needs_browser
def test_a_transposed_convolution_shows_which_patches_meet_in_a_cell(browser, page):
    path, answer = page("demo --in 1x2x2 --k 3 --s 2 --transposed --output-padding 1 --p 1")
    browser.open(path)
    browser.hover(cell("x", 0, 2, 2))  # Y[0, 0, 1, 1], where all four meet
    assert "meet" in browser.run("document.getElementById('sum').textContent")
    assert [each for each in browser.run(LIT) if each[0] == "y"] == [
        f"y 0 {i} {j}" for i in (0, 1) for j in (0, 1)
    ]
    [written] = browser.run(SUMS)
    assert written == "Y[0, 0, 1, 1] = 1·9 + 2·7 + 3·3 + 4·1 = 36"
    assert answer["Y"][0][0][1][1] == 36
    browser.run(pointed("x", 0, 0, 0))
    assert "cut off by the padding" in browser.run("document.getElementById('sum').textContent")
    path, _ = page("demo --in 1x2x2 --k 2 --s 3 --transposed --bias")
    browser.open(path)
    browser.run(pointed("x", 0, 2, 2))
    said = browser.run("document.getElementById('sum').textContent")
    assert "no patch reaches this place: the bias alone" in said
    assert "Y[0, 0, 2, 2] = 0 + 1 = 1" in said


@needs_browser
def test_a_pooling_shows_where_the_maximum_is_and_where_its_gradient_goes(browser, page):
    path, answer = page("demo --x [[3,1,3],[2,3,0]] --k 2 --s 1 --pool max --grad [[5,7]]")
    browser.open(path)
    browser.run(pointed("y", 0, 0, 1))
    assert browser.run(SUMS) == ["Y[0, 0, 0, 1] = max(1, 3, 3, 0) = 3"]
    assert browser.run("document.querySelector('#sum .on').textContent") == "3"
    said = browser.run("document.getElementById('sum').textContent")
    assert "the maximum is X[0, 0, 0, 2], the first of several that are equal" in said
    assert browser.run(f"{cell('x', 0, 0, 2)}.classList.contains('x')")
    browser.run(tab("input"))
    assert browser.run(CELLS)["x"] == [[["5", "0", "7"], ["0", "0", "0"]]]
    assert answer["grad_X"] == [[[[5, 0, 7], [0, 0, 0]]]]
    browser.run(pointed("x", 0, 1, 1))
    said = browser.run("document.getElementById('sum').textContent")
    assert said == "the maximum of no window: nothing comes backX∇[0, 0, 1, 1] = 0 = 0"
    path, _ = page("demo --in 1x3 --k 2 --s 2 --p 1 --pool avg")
    browser.open(path)
    browser.run(pointed("y", 0, 0, 0))
    assert browser.run(SUMS) == ["Y[0, 0, 0] = (1)/2 = 0.5"]
    browser.run(tab("input"))
    browser.run(pointed("x", 0, 0, 0))
    said = browser.run("document.getElementById('sum').textContent")
    assert said == "padding: what patch 0 (0) would give back here is dropped"


SIZES = """[...new Set([...document.querySelectorAll('#stage td')].map(td => {
    const r = td.getBoundingClientRect(); return [r.width, r.height].join() }))]"""
"""The sizes of the cells that are shown."""


@needs_browser
@pytest.mark.parametrize("name", TENSORS["convolution"])
def test_the_worked_example_stands_on_one_screen_in_cells_of_one_size(name, page, browser):
    path, _ = page("demo")
    size = {"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.ask("Emulation.setDeviceMetricsOverride", **size)
    browser.open(path)
    browser.run(tab(name))
    root = "document.documentElement"
    assert browser.run(f"{root}.scrollHeight") <= 800
    assert browser.run(f"{root}.scrollWidth") <= 1280
    sizes = browser.run(SIZES)
    browser.ask("Emulation.clearDeviceMetricsOverride")
    assert len(sizes) == 1


OTHERS = [
    "demo --in 4x3x3 --k 2 --out 2 --s 2 --groups 2 --transposed --output-padding 1 --bias -b 2",
    "demo --in 3x5x5 --k 3 --s 2 --p 1 --pool max --ceil-mode --batch 2",
    "demo --in 3x5x5 --k 3 --s 2 --p 1 --pool avg --ceil-mode --batch 2",
]


@needs_browser
@pytest.mark.parametrize("line", [EVERYTHING, *OTHERS])
@pytest.mark.parametrize("script", [False, True])
def test_nothing_sticks_out_of_a_narrow_page(script, line, page, browser):
    path, _ = page(line)
    size = {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.ask("Emulation.setDeviceMetricsOverride", **size)
    browser.open(path, script=script)
    browser.ask("Emulation.setScriptExecutionDisabled", value=False)
    widths = []
    for name in TENSORS["avg" if "pool" in line else "convolution"]:
        browser.run(tab(name))
        widths.append(browser.run("document.documentElement.scrollWidth"))
        assert len(browser.run(SIZES)) == script  # cells of one size
    browser.ask("Emulation.clearDeviceMetricsOverride")
    assert max(widths) <= 400


@needs_browser
def test_what_is_folded_back_is_on_the_page_while_it_is_of_its_layer(browser, page):
    path, answer = page("demo --in 1x3x3 --k 2 --fold")
    browser.open(path)
    folded = "document.getElementById('more')"
    cells = browser.run(f"[...{folded}.querySelectorAll('td')].map(td => Number(td.textContent))")
    assert cells == [each for row in answer["fold"][0][0] + answer["overlaps"] for each in row]
    browser.run("document.getElementsByName('w')[0].value = 4")
    browser.run(
        "document.getElementsByName('w')[0].dispatchEvent(new Event('input', {bubbles: true}))"
    )
    assert browser.run(f"{folded}.hidden")


@needs_browser
def test_one_window_is_outlined_and_padding_is_dashed(browser, page):
    path, _ = page("demo --in 1x4x4 --k 2 --p 1 --d 2")
    browser.open(path)
    for i, j in [(1, 2), (0, 0)]:
        browser.run(pointed("y", 0, i, j))
        around = browser.run(
            f"(async () => {{ await new Promise(done => setTimeout(done, 400));"
            f"const a = {cell('x', 0, i, j)}.getBoundingClientRect(),"
            f"z = {cell('x', 0, i + 2, j + 2)}.getBoundingClientRect(),"
            "w = document.querySelector('.window').getBoundingClientRect();"
            "return [w.x - a.x, w.y - a.y, z.right - w.right, z.bottom - w.bottom] })()"
        )
        assert max(map(abs, around)) < 4
    assert browser.run("document.querySelectorAll('.window:not(.thin):not([hidden])').length") == 1
    assert browser.run("document.querySelectorAll('#stage table[data-kind=x] td.pad').length") == 20
    assert browser.run(f"getComputedStyle({cell('x', 0, 0, 0)}).borderTopStyle") == "dashed"


FILLED = "[...document.querySelectorAll('#stage table[data-kind={}] td')].map(td => td.textContent)"


@needs_browser
def test_play_fills_y_and_folds_into_the_gradient_of_x(browser, page):
    path, answer = page("demo --in 1x3x3 --k 2")
    browser.open(path)
    press = "document.getElementById('{}').click()"
    y = [str(each) for row in answer["Y"][0][0] for each in row]
    for patch in range(4):
        browser.run(press.format("next"))
        assert browser.run(FILLED.format("y")) == y[: patch + 1] + [""] * (3 - patch)
    browser.run(press.format("back"))
    assert browser.run(FILLED.format("y")) == [*y[:3], ""]
    browser.run(tab("input"))
    browser.run(press.format("play"))
    assert browser.run("document.getElementById('play').textContent") == "⏸ pause"
    first = browser.run(FILLED.format("x"))
    assert first == ["100", "200", "0", "300", "400", "0", "0", "0", "0"]
    deadline = "(async () => { await new Promise(done => setTimeout(done, 1100)) })()"
    browser.run(deadline)
    second = browser.run(FILLED.format("x"))
    assert second == ["100", "400", "400", "300", "1000", "800", "0", "0", "0"]
    assert "so far" in browser.run("document.getElementById('sum').textContent")
    browser.run(press.format("play"))
    browser.run(deadline)
    assert browser.run(FILLED.format("x")) == second  # it is paused
    browser.press("Escape")
    whole = [str(each) for row in GRAD_X for each in row]
    assert browser.run(FILLED.format("x")) == whole


@needs_browser
def test_play_folds_what_is_transposed_and_gives_back_what_is_pooled(browser, page):
    path, answer = page("demo --in 1x2x2 --k 2 --s 2 --transposed")
    browser.open(path)
    press = "document.getElementById('next').click()"
    browser.run(press)
    assert browser.run(CELLS)["x"] == [
        [["1", "2", "0", "0"], ["3", "4", "0", "0"], ["0"] * 4, ["0"] * 4]
    ]
    for _ in range(3):
        browser.run(press)
    assert browser.run(CELLS)["x"] == in_rows(answer["Y"], False, True)
    path, answer = page("demo --in 1x3x3 --k 2 --s 1 --pool avg --backward")
    browser.open(path)
    browser.run(tab("input"))
    browser.run(press)
    assert browser.run(CELLS)["x"] == [[["25", "25", "0"], ["25", "25", "0"], ["0"] * 3]]
    for _ in range(3):
        browser.run(press)
    assert answer["grad_X"] == [[[[25, 75, 50], [100, 250, 150], [75, 175, 100]]]]
    assert browser.run(CELLS)["x"] == in_rows(answer["grad_X"], False, True)


GRAD_X = [[100, 400, 400], [600, 2000, 1600], [900, 2400, 1600]]


@needs_browser
def test_keys_move_the_window_and_the_tabs_and_a_screen_reader_is_told(browser, page):
    path, _ = page("demo --in 1x4x5 --k 3")
    browser.open(path)
    browser.press("ArrowRight")
    assert browser.run(SUMS)[0].startswith("Y[0, 0, 0, 1]")
    browser.run(cell("y", 0, 0, 0) + ".closest('table').focus()")
    browser.press("ArrowDown")
    assert browser.run(SUMS)[0].startswith("Y[0, 0, 1, 1]")
    assert browser.run("document.getElementById('at').textContent").startswith("patch 4 (1, 1)")
    browser.press(" ")
    assert browser.run("document.getElementById('play').textContent") == "⏸ pause"
    browser.press(" ")
    assert browser.run("document.getElementById('sum').getAttribute('aria-live')") == "polite"
    browser.run("document.getElementById('tab-forward').focus()")
    selected = "document.querySelector('[role=tab][aria-selected=true]').textContent"
    labelled = "document.getElementById('panel').getAttribute('aria-labelledby')"
    for name, id_ in [("W∇", "tab-weight"), ("X∇", "tab-input"), ("Forward", "tab-forward")]:
        browser.press("ArrowRight")
        assert browser.run(selected) == name
        assert browser.run("document.activeElement.id") == browser.run(labelled) == id_
    stops = []
    for _ in range(8):
        browser.press("Tab")
        stops.append(browser.run("document.activeElement.getAttribute('aria-label')"))
    assert "X channel 0: arrow keys move" in stops
    browser.run(tab("input"))
    browser.run(cell("w", 0, 0, 0) + ".closest('table').focus()")
    browser.press("ArrowRight")
    browser.press("ArrowDown")
    assert browser.run(f"{cell('w', 0, 1, 0)}.classList.contains('x')")


@needs_browser
def test_matrices_are_reached_by_tab_and_walked_by_arrows(browser, page):
    path, answer = page("demo --in 1x3x3 --k 2")
    browser.open(path)
    browser.run("document.getElementById('next').focus()")
    stops = []
    for _ in range(6):
        browser.press("Tab")
        stops.append(browser.run("document.activeElement.dataset.kind"))
    assert stops == ["x", "w", "y", "u", "m", "q"]
    browser.run(cell("u", 0, 0, 0) + ".closest('table').focus()")
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):  # the first comes to the first cell
        browser.press(key)
    assert browser.run(f"{cell('u', 0, 1, 1)}.classList.contains('x')")
    assert answer["U"][0][1][1] == int(browser.run(f"{cell('u', 0, 1, 1)}.textContent"))
    assert browser.run("document.getElementById('at').textContent").startswith("patch 1 (0, 1)")


@needs_browser
def test_numbers_from_a_seed_are_the_commands_on_the_way_back_too(browser, page, run):
    path, _ = page("demo --in 1x3x3 --k 2 --seed 5")
    answer = json.loads(run("demo --in 1x3x3 --k 2 --seed 5 --backward -f json").stdout)
    browser.open(path)
    browser.run(tab("weight"))
    shown = browser.run(CELLS)
    assert shown["y"] == in_rows(answer["grad_Y"], False, True)
    assert shown["w"] == in_rows(answer["grad_W"], False, True)


@needs_browser
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kh": 9}, "a kernel that spans 9 does not fit a padded height of 3"),
        ({"g": 3}, "groups 3 must divide both 2 input channels and 2 output channels"),
        ({"sw": 0}, "stride across: a whole number from 1 on is expected"),
        ({"h": ""}, "height: a whole number from 1 on is expected"),
        ({"h": 99, "w": 99}, "too large to show: X would hold 19,602 numbers, the limit is 4,096"),
    ],
)
def test_a_layer_without_a_meaning_is_refused_and_shows_no_number(changed, said, browser, page):
    path, _ = page("demo")
    browser.open(path)
    numbers = {"c": 2, "h": 3, "w": 3, "o": 2, "kh": 2, "kw": 2, "sh": 1, "sw": 1, "pt": 0}
    numbers |= {"pb": 0, "pl": 0, "pr": 0, "dh": 1, "dw": 1, "g": 1}
    assert browser.run(f"{SET}({json.dumps(numbers | changed)})") == said
    assert browser.run("document.getElementById('panel').hidden")
    assert browser.run(f"{SET}({json.dumps(numbers | {'w': 4})})") == ""
    line = browser.run("document.getElementById('line').textContent")
    assert "convcalc demo --in 2x3x4 --out 2 --k 2x2 --backward" in line


@needs_browser
def test_who_wants_no_motion_gets_none(browser, page):
    path, _ = page("demo")
    browser.open(path)
    features = [{"name": "prefers-reduced-motion", "value": "reduce"}]
    browser.ask("Emulation.setEmulatedMedia", features=features)
    window = "getComputedStyle(document.querySelector('.window')).transitionDuration"
    assert browser.run(window) == "0s"


@needs_browser
def test_it_is_whole_without_javascript(browser, page):
    path, answer = page("demo --in 1x4x4 --k 3 --patch 2")
    browser.open(path, script=False)
    browser.ask("Emulation.setScriptExecutionDisabled", value=False)
    text = browser.run("document.body.innerText")
    assert "Y[0, 0, 1, 0] = " in text
    assert str(answer["Y"][0][0][1][1]) in text
    for said in (
        "the kernel is flipped",
        "X∇[0, 0, 1, 0] = ",
        "∂L/∂W_ocuv = ",
        "Σ_b Ũᵀ Y′∇",
        "overlaps summed",
    ):
        assert said in text
    assert browser.run("document.getElementById('app').hidden")
    assert browser.run("document.querySelectorAll('td.m').length") == 2 * (9 + 9 + 1 + 1)


FAINT = """(() => {
  const channel = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(Number).map(channel);
    return .2126 * r + .7152 * g + .0722 * b; };
  const clear = 'rgba(0, 0, 0, 0)', style = e => getComputedStyle(e);
  const back = e => { while (style(e).backgroundColor === clear) e = e.parentElement;
    return style(e).backgroundColor; };
  const faint = [];
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    if (!e.offsetParent) continue;
    const [a, b] = [light(style(e).color), light(back(e))];
    const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (contrast < 4.5) faint.push(e.outerHTML.slice(0, 80) + contrast);
  }
  return faint; })()"""


@needs_browser
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("line", ["demo --in 5x4x4 --k 5 --p 2 --out 2 --backward", *OTHERS])
def test_every_text_has_contrast(line, dark, browser, page):
    path, _ = page(line)
    browser.open(path, dark=dark)
    for name in TENSORS["avg" if "pool" in line else "convolution"]:
        browser.run(tab(name))
        assert browser.run(FAINT) == []
    browser.run(pointed("u", 0, 0, 4))
    assert browser.run(FAINT) == []
    back = browser.run("getComputedStyle(document.body).backgroundColor")
    assert back == ("rgb(22, 24, 29)" if dark else "rgb(255, 255, 255)")


@pytest.mark.long
@needs_browser
@pytest.mark.parametrize(
    ("more", "kind"),
    [("", "y"), (" --transposed", "x"), (" --pool max", "y"), (" --pool avg", "y")],
)
def test_it_is_quick_at_its_largest(more, kind, browser, page):
    path, answer = page(f"demo --in 1x64x64 --k 1 --backward{more}")
    browser.open(path)
    took = browser.run(
        f"(() => {{ const a = performance.now(), td = {cell(kind, 0, 40, 7)};"
        "for (let i = 0; i < 20; i++) { td.dispatchEvent(new PointerEvent('pointerdown', "
        "{bubbles: true})); document.body.offsetHeight; } return performance.now() - a; })()"
    )
    assert took / 20 < 200
    assert value_of(browser.run(SUMS)[0])[0] == answer["Y"][0][0][40][7]
    assert path.stat().st_size < 200_000
    browser.open(path, script=False)
    browser.ask("Emulation.setScriptExecutionDisabled", value=False)
    assert "too large for this page without JavaScript" in browser.run("document.body.innerText")


@pytest.mark.parametrize(
    "line",
    [
        EVERYTHING,
        *OTHERS,
        "demo --in 1x64x64 --k 1 --transposed",
        "demo --in 1x64x64 --k 1 --pool max",
        "demo --in 1x64x64 --k 1 --pool avg --seed 1",
    ],
)
def test_a_page_is_light_to_send(line, page):
    path, _ = page(line)
    assert path.stat().st_size < 200_000


@needs_browser
def test_numbers_that_a_browser_would_round_are_shown_and_not_calculated_with(browser, page):
    path, _ = page("demo --x '[[999999999999, 1], [2, 3]]' --w '[[999999]]'")
    browser.open(path)
    text = browser.run("document.body.innerText")
    assert str(999999999999 * 999999) in text
    assert "too large for a browser's arithmetic" in text
    assert browser.run("document.getElementById('app').hidden")


@needs_browser
def test_ones_own_numbers_are_kept_while_their_size_is(browser, page):
    path, _ = page("demo --x '[[0.5, -2], [1000000.25, 4]]' --w '[[2]]' --grad '[[1,2],[3,4]]'")
    browser.open(path)
    assert browser.run(CELLS)["y"] == [[["1", "-4"], ["2e+6", "8"]]]
    browser.run(pointed("x", 0, 0, 1))
    [written] = browser.run(SUMS)
    assert written == "Y[0, 0, 0, 1] = (-2)·2 = -4"
    numbers = {"c": 1, "h": 2, "w": 3, "o": 1, "kh": 1, "kw": 1, "sh": 1, "sw": 1, "pt": 0}
    numbers |= {"pb": 0, "pl": 0, "pr": 0, "dh": 1, "dw": 1, "g": 1}
    assert browser.run(f"{SET}({json.dumps(numbers)})") == ""
    assert browser.run(CELLS)["x"] == [[["1", "2", "3"], ["4", "5", "6"]]]
    assert "count up" in browser.run("document.getElementById('line').textContent")


@needs_browser
def test_what_the_deltas_mean_is_said_of_what_is_pointed_at(browser, page):
    path, _ = page("demo")
    browser.open(path)
    example = "document.querySelector('#formula .where b').textContent"
    browser.run(pointed("y", 0, 1, 0))
    assert browser.run(example) == "here: f = 2 ⇔ (c, d) = (1, 0)"
    browser.run(tab("weight"))
    browser.run(pointed("w", 1, 1, 0))
    assert browser.run(example) == "here: f = 2 ⇔ (c, d) = (1, 0), h = 6 ⇔ (b, c, d) = (1, 1, 0)"


def test_nothing_is_fetched_from_elsewhere(page):
    path, _ = page(EVERYTHING)
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|//[a-z]|\bsrc=|<link|@import|url\(", text)


def test_what_comes_from_outside_is_escaped(page, monkeypatch):
    from convcalc.output.demo import walks

    monkeypatch.setattr(walks, "heading", lambda walk: "</title><script>alert(1)</script>{{data}}")
    path, _ = page("demo")
    text = path.read_text(encoding="utf-8")
    assert "alert(1)</script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{data}}" in text


def test_a_theme_holds_for_a_page_too(run, tmp_path):
    path = tmp_path / "page.html"
    assert run(f"demo --theme dark --save {path}").exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert "prefers-color-scheme" not in text
    assert THEMES["dark"]["back"] in text
