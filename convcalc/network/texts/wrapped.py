"""Texts as people copy them: between prompts or fences, quoted, or all in one line.

Line numbers stay those of the text: what is taken away leaves an empty line.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.network.texts import printed
from convcalc.reading.texts.sources import parse

FENCE = re.compile(r"\s*(```|~~~)")
PROMPT = re.compile(r"\s*(?:>>>|In \[\d*\]:)(?: |$)")
GOES_ON = re.compile(r"\s*(?:\.\.\.:?|\.{3,}:)(?: |$)")
OUT = re.compile(r"\s*Out\[\d*\]:\s?")
QUOTED = re.compile(r"""\s*(?:'[^\n]*'|"[^\n]*")\s*""")
ONE_LINE = re.compile(r"\s*[A-Za-z_]\w*\(\s*\([^\n()]+\): *[A-Za-z_]")
CHILD = re.compile(r"\s*\((?P<name>[^\n()]+)\): *(?P<rest>(?:\d+ x )?)(?P<kind>\w+)(?P<open>\(?)")
NOT_CLOSED = f"brackets are not closed: {printed.CUT}"


def unwrapped(words: str) -> str:
    """Return what a text holds that was copied together with what stood around it.

    Raises ConvcalcError where a model in one line can't be taken apart.
    """
    lines = words.split("\n")
    if any(FENCE.match(line) or PROMPT.match(line) for line in lines) and not is_python(words):
        if any(map(FENCE.match, lines)):
            lines = _unfenced(lines)
        if any(map(PROMPT.match, lines)):
            lines = _answered(lines)
    found = "\n".join(lines)
    if QUOTED.fullmatch(found):
        found = _unquoted(found.strip())
    if ONE_LINE.match(found) and "\n" not in found.strip():
        found = "\n".join(_taken_apart(found.strip()))
    return found


def is_python(words: str) -> bool:
    """Return whether a text is Python as it stands, whatever its own texts hold."""
    try:
        parse(words)
    except ConvcalcError:
        return False
    return True


def _unfenced(lines: list[str]) -> list[str]:
    """Return the block between fences that is a model, or the first; the others left empty."""
    blocks: list[list[str]] = []
    inside = False
    for number, line in enumerate(lines):
        if FENCE.match(line):
            inside = not inside
            if inside:
                blocks.append([""] * (number + 1))
        elif inside:
            blocks[-1].append(line)
    models = (each for each in blocks if _is_model("\n".join(each)))
    return next(models, blocks[0])


def _is_model(words: str) -> bool:
    return printed.is_printed(words) or ONE_LINE.match(words.strip()) is not None or "nn." in words


def _answered(lines: list[str]) -> list[str]:
    """Return what was typed at prompts, or what was shown, where that is a model alone."""
    typed, shown = [""] * len(lines), [""] * len(lines)
    asked = False
    for number, line in enumerate(lines):
        prompt = PROMPT.match(line) or (GOES_ON.match(line) if asked else None)
        asked = prompt is not None
        if prompt is not None:
            typed[number] = line[prompt.end() :]
        else:
            shown[number] = OUT.sub("", line, count=1)
    if printed.is_printed("\n".join(shown)) and "def forward" not in "\n".join(typed):
        return shown
    return typed


def _unquoted(words: str) -> str:
    """Return what a text of Python's says, if it is one."""
    try:
        value = ast.literal_eval(words)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return words
    return value if isinstance(value, str) else words


def _taken_apart(words: str) -> Iterator[str]:
    """Yield the lines of a model that stands in one."""
    kind, _, rest = words.partition("(")
    yield f"{kind}("
    start, depth = len(words) - len(rest), 1
    while depth:
        child = CHILD.match(words, start)
        closing = re.compile(r"\s*\)").match(words, start)
        if child is not None:
            line = f"{'  ' * depth}({child['name']}): {child['rest']}{child['kind']}"
            start = child.end()
            if child["open"] and CHILD.match(words, start):
                yield f"{line}("
                depth += 1
                if depth > printed.DEEPEST:
                    raise ConvcalcError(f"modules are nested more than {printed.DEEPEST} deep")
                continue
            end = _end(words, start) if child["open"] else start
            yield line + child["open"] + words[start:end]
            start = end
        elif closing is not None:
            start, depth = closing.end(), depth - 1
            yield f"{'  ' * depth})"
        elif not words[start:].strip():
            raise ConvcalcError(NOT_CLOSED)
        else:
            raise ConvcalcError(
                f"{text.excerpt(words[start:])} in a model of one line can't be taken apart: what "
                "print(model) shows in many would do"
            )
    if words[start:].strip():
        raise ConvcalcError(f"{text.excerpt(words[start:])} comes after the end of the model")


def _end(words: str, start: int) -> int:
    """Return where the bracket closes behind which a text stands."""
    depth = 1
    for at in range(start, len(words)):
        depth += (words[at] in "([{") - (words[at] in ")]}")
        if not depth:
            return at + 1
    raise ConvcalcError(NOT_CLOSED)
