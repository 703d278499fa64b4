"""The page of demo that is to be touched, in a browser where there is one."""

import json
import re

import pytest
from browser import CHROMIUM, Browser

from convcalc.output.picture import THEMES

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


def cell(tensor, n, c, i, j):
    """Return JavaScript for a cell: of sample n (of W: kernel n), channel c."""
    return (
        f"""document.querySelector('table[data-t="{tensor}"][data-n="{n}"][data-c="{c}"]')"""
        f".tBodies[0].rows[{i}].querySelectorAll('td')[{j}]"
    )


SUM = "document.getElementById('sum').textContent"
LIT = """[...document.querySelectorAll('td.y, td.x')].map(
    td => td.closest('table').dataset.t + ' ' + td.textContent).sort()"""


def value_of(written):
    """Return what a sum comes to, as it is and as its terms say."""
    _, terms, total = re.fullmatch(r"([^=]*) = (.*) = (-?\d+).*", written).groups()
    return int(total), eval(terms.replace("·", "*"))


@needs_browser
def test_hovering_a_cell_of_y_writes_the_sum_that_the_json_has(browser, page):
    path, answer = page(EVERYTHING)
    browser.open(path)
    for n, o, i, j in [(0, 0, 0, 0), (1, 3, 2, 2), (1, 1, 1, 2), (0, 2, 2, 1)]:
        browser.hover(cell("Y", n, o, i, j))
        written = browser.run(SUM)
        assert written.startswith(f"Y[{n}, {o}, {i}, {j}] = ")
        assert value_of(written) == (answer["Y"][n][o][i][j],) * 2
        assert browser.run(f"{cell('Y', n, o, i, j)}.className").split()[-1] == "x"
        row = i * len(answer["Y"][0][0][0]) + j
        lit = browser.run(LIT)
        window = [each[2:] for each in lit if each.startswith("Ũ ")]
        assert sorted(map(int, window)) == sorted(answer["U"][n][row])


@needs_browser
def test_captions_and_shapes_are_not_broken(browser, page):
    path, _ = page("demo --in 2x3x3 --out 2 --k 2 --batch 2 --groups 2")
    browser.open(path)
    heights = browser.run("[...document.querySelectorAll('caption')].map(c => c.offsetHeight)")
    assert len(heights) > 4
    assert max(heights) < 30
    assert "2\xa0×\xa02\xa0×\xa03" in browser.run("document.querySelector('h1').textContent")


@needs_browser
@pytest.mark.parametrize("layout", ["bpk", "bkp"])
def test_every_tensor_says_how_a_value_of_it_comes_about(layout, browser, page):
    path, answer = page(f"{EVERYTHING} --layout {layout}")
    browser.open(path)
    row, q = (7, 13) if layout == "bpk" else (13, 7)
    touched = {
        ("Y′", 1, 0, 5, 3): answer["Y"][1][3][1][2],
        ("Y∇", 0, 2, 1, 2): answer["Y"][0][2][1][2],
        ("W̃∇", 0, 0, 15, 3): answer["grad_W_matrix"][15][3],
        ("W∇", 3, 1, 0, 2): answer["grad_W"][3][1][0][2],
        ("X∇", 1, 3, 2, 3): answer["grad_X"][1][3][2][3],
        ("Ũ∇", 1, 0, row, q): answer["grad_U"][1][row][q],
    }
    for place, value in touched.items():
        browser.hover(cell(*place))
        assert value_of(browser.run(SUM)) == (value, value), place


@needs_browser
def test_a_window_a_row_and_a_kernel_light_up_everywhere(browser, page):
    path, answer = page("demo --in 1x4x4 --k 3 --out 2")
    browser.open(path)
    browser.hover(cell("X", 0, 0, 2, 2))  # the middle of window (1, 1)
    assert browser.run(SUM).startswith("Y[0, 0, 1, 1] = ")
    for tensor, size in {"X": 9, "Ũ": 9, "W": 9, "W̃": 9, "Y": 2, "Y′": 2}.items():
        lit = [each for each in browser.run(LIT) if each.startswith(f"{tensor} ")]
        assert len(lit) == size, tensor
    browser.hover(cell("W", 1, 0, 0, 1))
    assert browser.run(SUM).startswith("Y[0, 1, 1, 1] = ")
    assert browser.run("document.querySelectorAll('#sum .on').length") == 1
    browser.touch(cell("Ũ", 0, 0, 2, 4))
    assert browser.run(SUM).startswith("Y[0, 1, 1, 0] = ")
    assert value_of(browser.run(SUM))[1] == answer["Y"][0][1][1][0]


@needs_browser
def test_keys_step_and_play_and_a_screen_reader_is_told(browser, page):
    path, _ = page("demo --in 1x4x5 --k 3")
    browser.open(path)
    browser.press("ArrowRight")
    assert browser.run(SUM).startswith("Y[0, 0, 0, 1]")
    browser.run(cell("Y", 0, 0, 0, 0) + ".closest('table').focus()")
    browser.press("ArrowDown")
    assert browser.run(SUM).startswith("Y[0, 0, 1, 1]")
    browser.press(" ")
    assert browser.run("document.getElementById('play').textContent") == "⏸ pause"
    browser.press(" ")
    assert browser.run("document.getElementById('sum').getAttribute('aria-live')") == "polite"
    stops = set()
    browser.run("document.activeElement.blur()")
    for _ in range(9):
        browser.press("Tab")
        stops.add(browser.run("document.activeElement.getAttribute('aria-label')"))
    assert {"X channel 0: arrow keys step", "Ũ: arrow keys step"} <= stops


@needs_browser
def test_it_is_whole_without_javascript(browser, page):
    path, answer = page("demo --in 1x4x4 --k 3 --patch 2")
    browser.open(path, script=False)
    browser.ask("Emulation.setScriptExecutionDisabled", value=False)
    text = browser.run("document.body.innerText")
    assert "Y[0, 0, 1, 0] = " in text
    assert str(answer["Y"][0][0][1][1]) in text
    assert browser.run("document.getElementById('controls').hidden")
    assert browser.run("document.querySelectorAll('td.y').length") == 9 + 9 + 1 + 1


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
def test_every_text_has_contrast(dark, browser, page):
    path, _ = page("demo --in 5x4x4 --k 3 --p 1 --out 2 --backward")
    browser.open(path, dark=dark)
    browser.hover(cell("Ũ", 0, 0, 0, 4))
    assert browser.run(FAINT) == []
    back = browser.run("getComputedStyle(document.body).backgroundColor")
    assert back == ("rgb(22, 24, 29)" if dark else "rgb(255, 255, 255)")


@needs_browser
def test_it_is_quick_at_its_largest(browser, page):
    path, answer = page("demo --in 1x64x64 --k 1 --backward")
    browser.open(path)
    took = browser.run(
        f"(() => {{ const a = performance.now(), td = {cell('Y', 0, 0, 40, 7)};"
        "for (let i = 0; i < 20; i++) { td.dispatchEvent(new PointerEvent('pointerdown', "
        "{bubbles: true})); document.body.offsetHeight; } return performance.now() - a; })()"
    )
    assert took / 20 < 200
    assert value_of(browser.run(SUM))[0] == answer["Y"][0][0][40][7]


def test_nothing_is_fetched_from_elsewhere(page):
    path, _ = page(EVERYTHING)
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|//[a-z]|\bsrc=|<link|@import|url\(", text)


def test_what_comes_from_outside_is_escaped(page, monkeypatch):
    from convcalc.output.demo import convolution as demo

    monkeypatch.setattr(demo, "heading", lambda walk: "</title><script>alert(1)</script>{{data}}")
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
