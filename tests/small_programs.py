"""Many small programs in one text: how the files of programs/ are read."""

import re
from pathlib import Path
from typing import NamedTuple

PROGRAMS = Path(__file__).parent / "data" / "programs"


class Program(NamedTuple):
    """A program, and what is asked about it."""

    name: str
    expression: str
    shapes: list
    kinds: list
    settings: dict
    text: str

    def has(self, name):
        return name in self.settings

    @property
    def inputs(self):
        """The shapes of one sample, and what kinds of numbers they are."""
        return self.shapes, self.kinds


def programs(folder, wanted=()):
    """Yield the programs of a folder, file by file; those of the wanted files alone."""
    for path in sorted(folder.glob("*.txt")):
        if not wanted or path.stem in wanted:
            yield from _programs(path)


def _programs(path):
    before = {}
    for chunk in re.split(r"(?m)^#### ", path.read_text(encoding="utf-8"))[1:]:
        head, _, text = chunk.partition("\n")
        if head.startswith("+"):
            before[head[1:].strip()] = text
            continue
        name, expression, inputs, *given = (each.strip() for each in head.split(" | "))
        settings = dict(each.partition("=")[::2] for each in given)
        shapes, kinds = [], []
        for words in inputs.split():
            shape, _, kind = words.partition(":")
            shapes.append([] if shape == "()" else [int(each) for each in shape.split("x")])
            kinds.append(kind or "float")
        text = before.get(settings.get("with"), "") + text
        yield Program(f"{path.stem}_{name}", expression, shapes, kinds, settings, text)
