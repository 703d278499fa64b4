"""The page of a network, in a browser where there is one."""

import json
import re
from pathlib import Path

import pytest
from browser import CHROMIUM, Browser
from printed_models import PRINTED

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here")
MODELS = Path(__file__).parents[1] / "data" / "models"
UNET = f"{MODELS / 'unet_lists.py'} --in 3x64x48"
RESNET = f"'{MODELS / 'resnet_cifar.py'}:ResNet(BasicBlock, [1, 1, 1, 1])' --in 3x32x32"
MISFIT = f"{MODELS.with_name('misfits') / 'linear_features.py'} --in 3x32x32"
ROWS = "[...document.querySelectorAll('#rows tbody tr')]"
LIT = f"""{ROWS}.flatMap((tr, at) => ['here', 'from', 'to'].filter(each =>
    tr.classList.contains(each)).map(each => [each, at]))"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    started = Browser(tmp_path_factory.mktemp("browser"))
    started.ask("Emulation.setFocusEmulationEnabled", enabled=True)
    yield started
    started.close()


@pytest.fixture
def page(run, tmp_path):
    """Save the page of a network; return its file and what the JSON says."""

    def saved(line):
        path = tmp_path / "page.html"
        run(f"net {line} --save {path}")
        return path, json.loads(run(f"net {line} -f json").stdout)

    return saved


def lit(number, layers):
    """Return what is to light up for a row: itself, what it reads, who reads it."""
    found = [["here", number]]
    found += [["from", each] for each in layers[number]["from"] if each >= 0]
    found += [["to", at] for at, each in enumerate(layers) if number in each["from"]]
    return sorted(found)


@needs_browser
@pytest.mark.parametrize("line", [UNET, RESNET], ids=["unet", "resnet"])
def test_pointing_at_a_row_lights_what_it_reads_and_who_reads_it(line, browser, page):
    path, answer = page(line)
    layers = answer["layers"]
    browser.open(path)
    assert browser.run(f"{ROWS}.length") == len(layers)
    for number in range(0, len(layers), 7):
        browser.hover(f"{ROWS}[{number}].cells[2]")
        assert sorted(browser.run(LIT)) == lit(number, layers)
    for number in range(len(layers)):
        browser.run(f"{ROWS}[{number}].focus()")
        assert sorted(browser.run(LIT)) == lit(number, layers)


@needs_browser
def test_the_square_is_what_a_row_sees(browser, page):
    path, answer = page(UNET)
    browser.open(path)
    sizes = "['input', 'field'].map(each => { const r = document.querySelector('rect.' + each);"
    sizes += "return [r.getAttribute('height'), r.getAttribute('width')].map(Number) })"
    for number, row in enumerate(answer["layers"]):
        browser.run(f"{ROWS}[{number}].focus()")
        if row["receptive_field"] is None:
            assert browser.run("document.querySelector('#input').hasAttribute('hidden')")
            continue
        assert browser.run(sizes) == [[64, 48], row["receptive_field"]]
        seen = " × ".join(map(str, row["receptive_field"]))
        assert f"sees {seen} of the input's 64 × 48" in browser.run("sees.textContent")


@needs_browser
def test_what_sees_everything_has_no_square(browser, page):
    path, _ = page(MISFIT)
    browser.open(path)
    browser.run(f"{ROWS}[6].focus()")  # view
    assert browser.run("document.querySelector('#input').hasAttribute('hidden')")


@needs_browser
def test_tab_reaches_every_row_and_arrows_go_on(browser, page):
    path, answer = page(RESNET)
    browser.open(path)
    browser.run("document.querySelector('thead th:last-child button').focus()")
    place = f"{ROWS}.indexOf(document.activeElement)"
    for number in range(len(answer["layers"])):
        browser.press("Tab")
        assert browser.run(place) == number
    browser.run(f"{ROWS}[3].focus()")
    browser.press("ArrowDown")
    assert browser.run(place) == 4


@needs_browser
def test_without_javascript_all_rows_are_there_with_their_rails(browser, page):
    path, answer = page(UNET)
    browser.open(path, script=False)
    text = path.read_text(encoding="utf-8")
    rows = text.split("<tbody>")[1].split("</tbody>")[0].strip().splitlines()
    assert len(rows) == len(answer["layers"])
    for row, layer in zip(rows, answer["layers"], strict=True):
        assert (layer["name"] or layer["layer"]) in row
        drawn = re.search(r'href="#(r\d+)"', row)[1]
        assert re.search(f'<g id="{drawn}"><path d="[^"]+"/><circle', text)
    shot = browser.ask("Page.captureScreenshot", format="png")
    assert len(shot["data"]) > 20_000


RAILS = f"{ROWS}.map(tr => tr.cells[0].querySelector('svg').innerHTML)"


@needs_browser
@pytest.mark.parametrize("name", ["", "googlenet", "densenet121", "shufflenet_v2_x0_5"])
def test_the_script_draws_the_same_rails(name, browser, page, tmp_path):
    line = UNET
    if name:
        text = tmp_path / "net.txt"
        text.write_text(PRINTED[name])
        line = f"{text} --in 3x224x224"
    path, _ = page(line)
    drawings = dict(re.findall(r'<g id="(r\d+)">(.*?)</g>', path.read_text(encoding="utf-8")))
    browser.open(path)
    text = path.read_text(encoding="utf-8").split("<tbody>")[1]
    before = [drawings[each] for each in re.findall(r'<use href="#(r\d+)"/>', text)]
    plain = [each.replace("></path>", "/>").replace("></circle>", "/>")
             for each in browser.run(RAILS)]  # fmt: skip
    assert plain == before


@needs_browser
@pytest.mark.parametrize("depth", [1, 2])
def test_folded_modules_are_those_of_depth(depth, browser, page, run):
    path, _ = page(RESNET)
    browser.open(path)
    browser.run(f"{{ fold.value = '{depth}'; fold.dispatchEvent(new Event('change')) }}")
    layers = json.loads(run(f"net {RESNET} --depth {depth} -f json").stdout)["layers"]
    told = browser.run(f"{ROWS}.map(tr => [...tr.cells].slice(1).map(td => td.textContent))")
    columns = browser.run("JSON.parse(document.getElementById('data').textContent).columns")
    values = f"{ROWS}.map(tr => Number(tr.querySelector('.b').dataset.value))"
    assert browser.run(values) == [each["params"] for each in layers]
    rails = browser.run(RAILS)
    assert len(rails) == len(layers)
    assert all("<circle" in each for each in rails)
    assert [row[columns.index("macs")] for row in told] == [f"{each['macs']:,}" for each in layers]
    assert [row[columns.index("output")] for row in told] == [
        " × ".join(f"{size:,}" for size in each["output"]) for each in layers
    ]
    for number in range(len(layers)):
        browser.run(f"{ROWS}[{number}].focus()")
        assert sorted(browser.run(LIT)) == lit(number, layers)
    browser.run("{ fold.value = ''; fold.dispatchEvent(new Event('change')) }")
    assert browser.run(f"{ROWS}.length") == len(page(RESNET)[1]["layers"])


@needs_browser
def test_a_module_folds_by_its_name_and_by_the_keyboard(browser, page):
    path, answer = page(RESNET)
    browser.open(path)
    whole = len(answer["layers"])
    inside = sum((each["name"] or "").startswith("layer2.") for each in answer["layers"])
    browser.run("document.querySelector('[data-module=layer2]').click()")
    folded = browser.run(f"{ROWS}.length")
    assert folded < whole - inside
    assert browser.run("document.activeElement.cells[1].textContent") == "layer2"
    browser.press("ArrowRight")
    assert browser.run(f"{ROWS}.length") == whole


@needs_browser
def test_headings_sort(browser, page):
    path, answer = page(RESNET)
    browser.open(path)
    heading = "document.querySelector('th[data-column=params]')"
    values = f"{ROWS}.map(tr => Number(tr.querySelector('.b').dataset.value))"
    order = [each["params"] for each in answer["layers"]]
    browser.run(f"{heading}.querySelector('button').click()")
    assert browser.run(values) == sorted(order, reverse=True)
    assert browser.run(f"{heading}.getAttribute('aria-sort')") == "descending"
    browser.run(f"{heading}.querySelector('button').click()")
    assert browser.run(values) == sorted(order)
    browser.run(f"{heading}.querySelector('button').click()")
    assert browser.run(values) == order


@needs_browser
@pytest.mark.parametrize("line", [UNET, RESNET, MISFIT], ids=["unet", "resnet", "misfit"])
@pytest.mark.parametrize("width", [400, 1280])
def test_the_page_is_within_its_width(line, width, browser, page):
    path, _ = page(line)
    browser.ask("Emulation.setDeviceMetricsOverride", width=width, height=800,
                deviceScaleFactor=1, mobile=False)  # fmt: skip
    browser.open(path)
    browser.run(f"{ROWS}[2].focus()")
    assert browser.run("document.documentElement.scrollWidth") <= width
    around = "(each => { const r = document.querySelector(each).getBoundingClientRect();"
    around += "return [r.left, r.right, r.top, r.bottom] })"
    left, right, *_ = browser.run(f"{around}('#about')")
    assert left >= 0
    assert right <= width
    browser.ask("Emulation.clearDeviceMetricsOverride")


def test_the_misfit_is_marked(page):
    path, answer = page(MISFIT)
    text = path.read_text(encoding="utf-8")
    assert '<section class="misfit"' in text
    assert answer["error"]["message"] in text
    (row,) = re.findall(r'<tr [^>]*class="[^"]*fails[^"]*".*', text)
    assert "fc1" in row
    assert "does not fit" in row


def test_the_page_of_a_deep_network_is_light_and_needs_nothing_else(run, tmp_path):
    text, path = tmp_path / "net.txt", tmp_path / "page.html"
    text.write_text(PRINTED["resnet152"])
    assert run(f"net {text} --in 3x224x224 --save {path}").exit_code == 0
    size = path.stat().st_size
    assert size < 400 * 1024
    written = path.read_text(encoding="utf-8")
    assert not re.search(r"https?:|src=|@import|url\(", written)
    assert written.count("<tr ") == written.count('class="d') > 500


def test_many_rails_are_bundled(run, tmp_path):
    text, path = tmp_path / "net.txt", tmp_path / "page.html"
    text.write_text(PRINTED["densenet201"])
    run(f"net {text} --in 3x224x224 --save {path}")
    written = path.read_text(encoding="utf-8")
    assert "--rails:240px" in written
    assert re.search(r"Up to \d+ rails run beside one another: of more than 24, the last", written)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_is_kept_to(theme, run, tmp_path):
    path = tmp_path / "page.html"
    run(f"net {RESNET} --save {path} --theme {theme}")
    text = path.read_text(encoding="utf-8")
    assert f"color-scheme:{theme};" in text
    assert "prefers-color-scheme" not in text


def test_names_are_no_tags(run, tmp_path):
    file, path = tmp_path / "net.py", tmp_path / "page.html"
    file.write_text("from torch import nn\nnet = nn.Sequential()\n"
                    "net.add_module('</script><b>', nn.ReLU())\n")  # fmt: skip
    run(f"net {file} --in 3 --save {path}")
    text = path.read_text(encoding="utf-8")
    assert "</script><b>" not in text
    assert text.count("</script>") == 2


def test_nothing_is_half_written(run, tmp_path):
    path = tmp_path / "nowhere" / "page.html"
    result = run(f"net {RESNET} --save {path}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "there is no folder" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_asked_columns_are_those_of_the_page(run, tmp_path):
    path = tmp_path / "page.html"
    run(f"net {RESNET} --columns name,kernel,macs --save {path}")
    columns = re.findall(r'data-column="(\w+)"', path.read_text(encoding="utf-8"))
    assert columns == ["name", "kernel", "macs"]


def test_counted_parameters_have_a_page_too(run, tmp_path):
    path = tmp_path / "page.html"
    assert (
        run(f"net {RESNET} --save {path}".replace("--in 3x32x32", "--params-only")).exit_code == 0
    )
    assert "layer1.0.conv1" in path.read_text(encoding="utf-8")
