"""Take the README's pictures of what a browser shows: a network's page, a notebook's answer.

Run from anywhere where there is chromium: python tests/data/make_pictures.py
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browser import Browser  # noqa: E402

import convcalc  # noqa: E402
from convcalc.network.model import followed  # noqa: E402
from convcalc.output.touch.network import as_html  # noqa: E402

MODELS = ROOT / "tests" / "data" / "models"
GOLDEN = ROOT / "tests" / "golden"
CELL = """<!doctype html><meta charset="utf-8"><style>
body{{margin:12px;font:14px/1.4 system-ui,sans-serif;background:#fff;color:#000}}
.cell{{display:flex;gap:10px;margin-bottom:8px}}
.cell>span{{flex:0 0 4em;text-align:right;color:#5c6f88;font:13px ui-monospace,monospace}}
pre{{margin:0;padding:6px 10px;flex:1;background:#f5f5f5;border:1px solid #ddd;font-size:13px}}
table{{border-collapse:collapse;font-size:12px}}
td,th{{padding:4px 8px}}
thead{{border-bottom:1px solid #bbb}}
tbody tr:nth-child(odd){{background:#f5f5f5}}
</style><div class="cell"><span>[1]:</span><pre>{code}</pre></div>
<div class="cell"><span>[1]:</span><div>{shown}</div></div>"""
CODE = """import convcalc

convcalc.net("resnet_cifar.py:BasicBlock(16, 32, 2)", (16, 32, 32), graph=True,
             columns=["name", "layer", "line", "output", "params", "macs"])"""


def main():
    with tempfile.TemporaryDirectory() as folder:
        browser = Browser(Path(folder) / "profile")
        try:
            browser.ask("Emulation.setFocusEmulationEnabled", enabled=True)
            answer = convcalc.net(
                f"{MODELS / 'resnet_cifar.py'}:BasicBlock(16, 32, 2)", (16, 32, 32), graph=True,
                columns=["name", "layer", "line", "output", "params", "macs"],
            )  # fmt: skip
            page = Path(folder) / "notebook.html"
            page.write_text(CELL.format(code=CODE, shown=answer._repr_html_()), encoding="utf-8")
            size(browser, 760, 560)
            browser.open(page)
            browser.picture(GOLDEN / "notebook.png")
            page = Path(folder) / "network.html"
            unet = followed(MODELS / "unet_lists.py", None, [(3, 64, 64)])
            page.write_text(as_html(unet, "light"), encoding="utf-8")
            size(browser, 1280, 640)
            browser.open(page)
            browser.run("{ fold.value = '2'; fold.dispatchEvent(new Event('change')) }")
            browser.run("document.querySelectorAll('#rows tbody tr')[4].focus()")
            browser.picture(GOLDEN / "network-page.png")
        finally:
            browser.close()


def size(browser, width, height):
    browser.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                deviceScaleFactor=1, mobile=False)  # fmt: skip


if __name__ == "__main__":
    main()
