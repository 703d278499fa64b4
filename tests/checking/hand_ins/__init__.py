"""Hand-ins as courses have them: right ones, and wrong ones made of them by one change each."""

import json
from pathlib import Path

from convcalc.checking.check import Asked, check

FOLDER = Path(__file__).parent
VERDICTS = FOLDER / "verdicts.json"
"""What was said of each where NumPy and PyTorch are installed: python -m checking.hand_ins.judge."""
RIGHT = json.loads((FOLDER / "right.json").read_text(encoding="utf-8"))
WRONG = json.loads((FOLDER / "wrong.json").read_text(encoding="utf-8"))
LIBRARIES = {
    **dict.fromkeys(("arrays.py", "caches.py", "layers.py", "layouts.py", "scripts.py"), "numpy"),
    "conv.ipynb": "numpy",
    "tensors.py": "torch",
}
"""What a file needs."""


def file_of(hand_in):
    return hand_in["target"].partition(":")[0]


def library_of(hand_in):
    return LIBRARIES.get(file_of(hand_in))


def name_of(hand_in):
    """Return what tells a hand-in from all others."""
    change = f": {hand_in['old']} -> {hand_in['new']}" if "old" in hand_in else ""
    return f"{hand_in['target']} as {hand_in['op']} in {hand_in['layout']}{change}"


def source_of(hand_in):
    """Return the text of its file, with what is wrong with it."""
    text = (FOLDER / file_of(hand_in)).read_text(encoding="utf-8")
    if "old" not in hand_in:
        return text
    old, new = hand_in["old"], hand_in["new"]
    if file_of(hand_in).endswith(".ipynb"):
        old, new = json.dumps(old)[1:-1], json.dumps(new)[1:-1]
    assert old in text, name_of(hand_in)
    return text.replace(old, new)


def answer_to(hand_in, folder, layout=None, forking=None):
    """Return what is said of a hand-in that is written to a folder."""
    (folder / file_of(hand_in)).write_text(source_of(hand_in), encoding="utf-8")
    asked = Asked(hand_in["op"], layout=layout or hand_in["layout"], tells=False)
    return check(f"{folder}/{hand_in['target']}", asked, forking)


def verdict(answer):
    """Return what is kept of an answer."""
    return {
        "failed": answer.failed,
        "likely": answer.likely,
        "separates": answer.separates,
        "first": answer.failure.reason if answer.failure else None,
    }


def named(hand_in, verdict):
    """Return whether a diagnosis says what was put in; one of `told` has to stand in it."""
    said = f"{verdict['likely']} {verdict['separates']}"
    return any(word in said for word in hand_in["told"])
