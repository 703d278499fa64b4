"""The animation as a picture that moves."""

import re
from xml.etree import ElementTree

import pytest
from browser import CHROMIUM, Browser

SVG = "{http://www.w3.org/2000/svg}"
MOVING = "demo --in 2x3x3 --out 2 --k 2 --animate"


def test_the_readmes_moving_picture_is_what_the_command_makes(run, golden, tmp_path):
    assert run(f"{MOVING} --save {tmp_path}/demo.svg").exit_code == 0
    golden("demo-moving.svg", (tmp_path / "demo.svg").read_text(encoding="utf-8"))


def saved(run, tmp_path, line):
    """Return the text of a moving picture."""
    result = run(f"{line} --save {tmp_path}/shown.svg")
    assert result.exit_code == 0, result.stderr
    return (tmp_path / "shown.svg").read_text(encoding="utf-8")


def test_every_step_is_seen_in_its_time_and_no_longer(run, tmp_path):
    text = saved(run, tmp_path, f"{MOVING} --delay 0.5")
    root = ElementTree.fromstring(text)
    seen = {}
    for group in root.iter(f"{SVG}g"):
        for words in group.iter(f"{SVG}text"):
            if words.text.startswith("step "):
                seen[words.text.split(":")[0]] = group.get("class")
    assert seen == {f"step {n} of 4": f"f{n - 1}-{n}" for n in (1, 2, 3, 4)}
    assert "@keyframes f1-2{0.0000%{visibility:hidden}16.6667%{visibility:visible}" in text
    assert ".f1-2{animation:f1-2 3s step-end infinite;visibility:hidden}" in text
    assert ".f3-4{animation:f3-4 3s step-end infinite}" in text  # what is seen where nothing moves


@pytest.mark.parametrize("options", ["--backward", "--transposed", "--pool max", "--patch 2"])
def test_every_walk_moves(options, run, tmp_path):
    out = "" if "pool" in options else "--out 1"
    text = saved(run, tmp_path, f"demo --in 1x4x4 --k 2 {out} {options} --animate")
    assert re.search("step [0-9]+ of [0-9]+", text)
    assert "prefers-reduced-motion" in text
    assert not re.search(r"url\(|@import|src=|href=|<script", text)


def test_without_animate_nothing_moves(run, tmp_path):
    assert "animation" not in saved(run, tmp_path, "demo --patch 1")


def test_a_page_needs_no_time_between_steps(run, tmp_path):
    assert run(f"{MOVING} --delay 0 --save {tmp_path}/shown.html").exit_code == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{MOVING} --delay 0", "--delay 0 waits for a key, and a picture has none"),
        ("demo --in 1x20x20 --k 2 --animate", "a moving picture of 361 steps is too long"),
    ],
)
def test_what_no_picture_can_show_is_refused(line, said, run, tmp_path):
    result = run(f"{line} --save {tmp_path}/shown.svg")
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (tmp_path / "shown.svg").exists()


@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here")
def test_a_browser_shows_one_step_at_a_time(run, tmp_path):
    path = tmp_path / "shown.html"  # a picture within a page, as a README has it
    path.write_text(saved(run, tmp_path, MOVING), encoding="utf-8")
    browser = Browser(tmp_path / "browser")
    try:
        browser.open(path)
        seen = (
            "[...document.querySelectorAll('text')].filter(t => t.textContent.startsWith('step ')"
            " && getComputedStyle(t).visibility === 'visible').map(t => t.textContent.slice(5, 6))"
        )
        at = "document.getAnimations().forEach(a => {{ a.pause(); a.currentTime = {} }})"
        for milliseconds, step in [(100, "1"), (1500, "2"), (2100, "3"), (5900, "4")]:
            browser.run(at.format(milliseconds))
            assert browser.run(seen) == [step]
        features = [{"name": "prefers-reduced-motion", "value": "reduce"}]
        browser.ask("Emulation.setEmulatedMedia", features=features)
        assert browser.run(seen) == ["4"]
    finally:
        browser.close()
