"""What `print(model)` shows: every line of it is read or refused."""

from __future__ import annotations

import re

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.network.torch.containers import CONTAINERS

DEEPEST = 100
"""The deepest nesting of modules."""
MOST_LAYERS = 20_000
"""The most modules of a network."""
MOST_DIGITS = 12
"""The most digits of a size."""
LONGEST_NAME = 1000
"""The most characters of a module's name: those of all that is in it begin with it."""
CUT = "the text is cut, all that print(model) shows would do"
LEFT_OUT = re.compile(r"\W*(\.{3}|…)\W*|.*\b(truncated|omitted|more lines|lines hidden)\b.*")
"""What an editor or a terminal puts in the place of lines that it leaves out."""
EMPTY = "the text is empty: layers, or what print(model) shows, belong there"

SHOWN = re.compile(r"^[^\S\n]*\([^\n]+?\):", re.MULTILINE)
"""A line that only print(model) has: a child with its name in brackets."""
REPEATED = re.compile(r"(?P<count>[0-9]{1,9}) x (?P<module>.*)")
RANGE = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
NAME = re.compile(r"[A-Za-z_]\w*")
TENSOR = re.compile(
    r"(?P<kind>Parameter|Tensor) containing: "
    r"\[[\w.]+ of size (?P<sizes>[0-9x]*)(?: \([^()]*\))?\]"
)
BRACKET = re.compile(r"[\[\](){}]")
OBJECT = re.compile(r"Object of type: \w+")
BARE_CALL = re.compile(r"(?<![\w.=])[A-Za-z_]\w*\(")
"""What may be a layer whose name was lost; one behind = is a setting of the class."""
PARAMETERS = ("ParameterList", "ParameterDict")


class Printed:
    """One module as it is shown.

    `arguments` is what stands between its brackets on one line, None where its children do;
    `own` are the lines of a class's own words about itself, `indent` is where its children stand.
    """

    def __init__(self, kind: str, line: int, column: int, arguments: str | None = None) -> None:
        self.kind = kind
        self.line = line
        self.column = column
        self.arguments = arguments
        self.own: list[str] = []
        self.children: list[tuple[str, Printed | None]] = []
        self.parameters: dict[str, tuple[int, ...]] = {}
        self.names: set[str] = set()
        self.indent = 0

    @property
    def words(self) -> str:
        """What the class says of itself, on one line or on its own."""
        return ", ".join(self.own) if self.arguments is None else self.arguments

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The names and classes of its children."""
        return [(key, child.kind if child else "None") for key, child in self.children]

    def fault(self, message: str) -> ConvcalcError:
        """Return an error that says where the module stands."""
        return ConvcalcError(message, place=f"line {self.line}, column {self.column}")


def is_printed(words: str) -> bool:
    """Return whether a text is what print(model) shows."""
    return SHOWN.search(words) is not None


def parse(words: str) -> Printed:
    """Return the tree that a text shows; raise ConvcalcError at the line that can't be read."""
    lines = Lines()
    for number, raw in enumerate(words.split("\n"), 1):
        if raw.strip():
            lines.read(raw.strip(), number, raw.index(raw.strip()) + 1)
    if lines.root is None:
        raise ConvcalcError(EMPTY)
    for unclosed in lines.opened[-1:]:
        raise unclosed.fault(f"{unclosed.kind}( is not closed: {CUT}")
    return lines.root


class Lines:
    """The lines of a text, one after the other."""

    def __init__(self) -> None:
        self.root: Printed | None = None
        self.opened: list[Printed] = []
        """The modules whose children are being read, the outermost first."""
        self.entries = 0
        self.line = self.column = 0

    def fault(self, message: str) -> ConvcalcError:
        """Return an error that says where in the text it is."""
        return ConvcalcError(message, place=f"line {self.line}, column {self.column}")

    def read(self, words: str, line: int, column: int) -> None:
        """Read a line."""
        self.line, self.column = line, column
        module: Printed | None
        if self.root is None:
            module = self.root = self.module(words, column)
        elif not self.opened:
            raise self.fault(f"{text.excerpt(words)} comes after the end of the model")
        elif words == ")":
            self.opened.pop()
            return
        else:
            module = self.entry(self.opened[-1], words)
        if module is not None and module.arguments is None:
            self.opened.append(module)
            if len(self.opened) > DEEPEST:
                raise self.fault(f"modules are nested more than {DEEPEST} deep")

    def entry(self, owner: Printed, words: str) -> Printed | None:
        """Read one line within a module: children, a parameter, or the class's own words.

        Returns the module that it shows, if it shows one.
        """
        end = words.find("):")
        if not words.startswith("(") or end < 0:
            if LEFT_OUT.fullmatch(words):
                raise self.fault(f"{text.excerpt(words)} stands for lines left out: {CUT}")
            if owner.kind in CONTAINERS or not _is_own_words(words):
                what = "is not understood: a child is shown as (name): Layer(…)"
                raise self.fault(f"{text.excerpt(words)} {what}")
            owner.own.append(words)
            return None
        key, rest = words[1:end], words[end + 2 :].strip()
        if not key.strip() or not key.isprintable() or "." in key or not _is_balanced(key):
            raise self.fault(f"{text.excerpt(key)} can't be the name of a module")
        if self.parameter(owner, key, rest):
            return None
        column = self.column
        owner.indent = owner.indent or column
        if column != owner.indent:
            aside = text.counted(abs(column - owner.indent), "column")
            side = "left" if column < owner.indent else "right"
            raise self.fault(f"({key}) stands {aside} {side} of the others in its {owner.kind}")
        keys, module = [key], None
        if rest != "None":
            start = column + words.index(rest, end) if rest else column
            repeated = REPEATED.fullmatch(rest)
            if repeated is not None:
                keys, rest = self.keys(key, int(repeated["count"])), repeated["module"]
            module = self.module(rest, start)
            self.column = column
        for each in keys:
            self.claim(owner, each)
            owner.children.append((each, module))
        self.entries += len(keys)
        if self.entries > MOST_LAYERS:
            raise self.fault(f"more than {MOST_LAYERS:,} modules")
        return module

    def claim(self, owner: Printed, key: str) -> None:
        """Take a name for one child alone."""
        if len(key) > LONGEST_NAME:
            raise self.fault(f"a name of {len(key):,} characters, {LONGEST_NAME:,} are the most")
        if key in owner.names:
            raise self.fault(f"({key}) is there twice in the same {owner.kind}")
        owner.names.add(key)

    def parameter(self, owner: Printed, key: str, words: str) -> bool:
        """Read an entry of a list of parameters; return whether it is one."""
        if owner.kind in PARAMETERS and OBJECT.fullmatch(words):
            return True
        found = TENSOR.fullmatch(words)
        if found is None:
            return False
        self.claim(owner, key)
        sizes = found["sizes"].split("x") if found["sizes"] else []
        if not all(0 < len(size) <= MOST_DIGITS for size in sizes):
            raise self.fault(f"{text.excerpt(found['sizes'])} is not the size of a parameter")
        if found["kind"] == "Parameter":
            owner.parameters[key] = tuple(map(int, sizes))
        return True

    def keys(self, key: str, count: int) -> list[str]:
        """Return the names of a child; `(0-3): 4 x` stands for four that are alike."""
        if count > MOST_LAYERS:
            raise self.fault(f"{count:,} modules: {MOST_LAYERS:,} are the most")
        found = RANGE.fullmatch(key)
        names = range(int(found[1]), int(found[2]) + 1) if found else range(0)
        if found is None or len(names) != count:
            raise self.fault(f"({key}) does not name {count} modules")
        return list(map(str, names))

    def module(self, words: str, column: int) -> Printed:
        """Read a module: a class's name, and what stands between its brackets on this line."""
        self.column = column
        kind, bracket, rest = words.partition("(")
        if NAME.fullmatch(kind) is None or not bracket:
            raise self.fault(f"{text.excerpt(words)} is not a module: Layer(…) is one")
        if not rest:
            return Printed(kind, self.line, column)
        arguments = rest[:-1]
        if not rest.endswith(")") or not _is_balanced(arguments):
            raise self.fault(f"{text.excerpt(words)} has no closing bracket")
        module = Printed(kind, self.line, column, arguments)
        if kind in PARAMETERS and arguments:
            only = arguments.strip()  # one parameter alone is shown on the same line
            key, _, rest = only[1:].partition("):")
            if not only.startswith("(") or not self.parameter(module, key, rest.strip()):
                raise self.fault(f"{text.excerpt(only)} is not a parameter")
            module.arguments = ""
        elif kind in CONTAINERS and arguments:
            raise self.fault(f"{text.excerpt(words)}: a {kind} shows a child a line")
        elif "):" in arguments:
            raise self.fault(f"{text.excerpt(words)} shows several modules on one line")
        return module


def _is_own_words(line: str) -> bool:
    """Return whether a line is what a class says of itself, and can't be a child gone wrong."""
    if not _is_balanced(line) or "):" in line or BARE_CALL.search(line):
        return False
    if line.startswith("("):  # a tuple, as a LayerNorm's shape
        return "," in line[: line.index(")")]
    return line[0].isalnum() or line[0] in "_-'\"[{<"


def _is_balanced(words: str) -> bool:
    """Return whether every bracket is closed, and none that wasn't opened."""
    depth = 0
    for bracket in BRACKET.findall(words):
        depth += 1 if bracket in "([{" else -1
        if depth < 0:
            return False
    return depth == 0
