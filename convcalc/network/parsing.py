"""PyTorch text to a tree of layers: what `print(model)` shows, or the Python that people write.

Nothing is executed: Python is read with `ast`, and of its expressions only literals, bounded
arithmetic on them, and the calls that stand for layers mean anything here.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from convcalc.formulas import ConvcalcError
from convcalc.layers.vocabulary import LAYERS

LONGEST = 4 * 2**20
"""The most characters of a text."""
DEEPEST = 100
"""The deepest nesting of containers, brackets or operations."""
MOST_LAYERS = 100_000
"""The most layers of a network."""
LARGEST = 10**12
"""The largest number that arithmetic on literals may give."""

CONTAINERS = ("Sequential", "ModuleList", "ModuleDict")
"""Containers that Python text may hold; print(model) shows others by their layers."""

WORDS = {"same", "valid", "zeros", "reflect", "replicate", "circular"}
"""Names that print(model) shows without the quotes they have in Python."""

PRINTED = re.compile(r"^\s*\([^()\s]+\): ", re.MULTILINE)
CHILD = re.compile(r"\((?P<key>[^()\s]+)\): (?:(?P<count>[0-9]{1,9}) x )?(?P<module>.*)")
UNBROKEN = re.compile(r"[^,()\[\]{};=#\"']{10000}")


@dataclass
class Module:
    """A layer with its arguments, or a container with its children in order.

    `arguments` is None for a container; `own_text` says that print(model) shows more of a
    container than its children. `line` and `column` are where it stands in the text.
    """

    kind: str
    line: int
    column: int
    arguments: tuple[list[Any], dict[str, Any]] | None = None
    children: list[tuple[str, Module]] = field(default_factory=list)
    own_text: bool = False
    printed: bool = False


def fault(line: int, column: int, message: str) -> ConvcalcError:
    """Return an error that says where in the text it is."""
    return ConvcalcError(f"line {line}, column {column}: {message}")


def excerpt(text: str) -> str:
    """Return the start of a text, quoted."""
    text = text.strip()
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def parse(text: str, defined: Mapping[str, Any] | None = None) -> Module:
    """Return the tree of layers of a text; `defined` holds the values of names in it.

    The root of a bare list of layers has the kind "".
    Raises ConvcalcError, with line and column, where the text can't be read.
    """
    if len(text) > LONGEST:
        raise ConvcalcError(f"the text has {len(text):,} characters: at most {LONGEST:,} would do")
    if not text.strip():
        raise ConvcalcError("the text is empty: layers, or what print(model) shows, would do")
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as Python counts lines
    try:
        if PRINTED.search(text):
            return _Printed(text).read()
        return _Python(text, defined or {}).read()
    except (RecursionError, MemoryError):
        raise ConvcalcError("line 1, column 1: the text is nested too deep") from None


def parse_value(text: str) -> Any:
    """Return the value of a literal, such as one given with --define."""
    node = _syntax(text, "eval", 0, 0)
    assert isinstance(node, ast.Expression)
    return _Literals({}).value(node.body)


def _syntax(text: str, mode: str, line: int, column: int) -> ast.AST:
    """Parse Python; `line` and `column` are how many the text begins behind."""
    depth = 0
    for character in re.findall(r"[()\[\]{}]", text):
        depth += 1 if character in "([{" else -1
        if depth > DEEPEST:
            raise fault(line + 1, column + 1, f"brackets are nested more than {DEEPEST} deep")
    if UNBROKEN.search(text):  # a chain of operators would nest as deep as it is long
        raise fault(line + 1, column + 1, "an expression is too long")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, mode=mode)
    except SyntaxError as error:
        at = line + (error.lineno or 1), column + (error.offset or 1)
        raise fault(*at, f"{error.msg}, at {excerpt(_from(text, error))}") from None
    except ValueError as error:
        raise fault(line + 1, column + 1, str(error)) from None


def _from(text: str, error: SyntaxError) -> str:
    lines = text.splitlines() or [""]
    line = lines[min((error.lineno or 1), len(lines)) - 1]
    return line[max((error.offset or 1) - 1, 0) :] or line


class _Literals:
    """What expressions stand for, in a text that begins behind some lines, each with its indent."""

    def __init__(
        self, defined: Mapping[str, Any] | None, line: int = 0, indents: Sequence[int] = (0,)
    ) -> None:
        self.defined = defined
        """The values of names; None where a name is a word that lost its quotes."""
        self.line = line
        self.indents = indents

    def fault(self, node: ast.AST, message: str) -> ConvcalcError:
        """Return an error at this node."""
        line, column = self.place(node)
        return fault(line, column, message)

    def place(self, node: ast.AST) -> tuple[int, int]:
        """Return the line and column of a node in the whole text."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        return self.line + line, self.indents[line - 1] + column + 1

    def value(self, node: ast.expr) -> Any:
        """Return the value of a literal, of bounded arithmetic on numbers, or of a given name."""
        match node:
            case ast.Constant(value=None | bool() | int() | float() | str() as constant):
                return self._bounded(node, constant)
            case ast.Tuple(elts=entries):
                return tuple(map(self.value, entries))
            case ast.List(elts=entries):
                return list(map(self.value, entries))
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
                number = self._number(operand)
                return -number if isinstance(sign, ast.USub) else number
            case ast.BinOp(left=left, op=operator, right=right):
                return self._arithmetic(node, operator, self._number(left), self._number(right))
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.Call(func=ast.Attribute(attr="Size"), args=[sizes], keywords=[]):
                return tuple(self.value(sizes))
            case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str() as text)]):
                if text.lower().lstrip("+-") in ("inf", "infinity", "nan"):
                    return float(text)
        raise self.fault(node, f"{excerpt(ast.unparse(node))} is not a literal value")

    def _name(self, node: ast.expr, name: str) -> Any:
        if self.defined is None and name in ("inf", "nan"):
            return float(name)
        if self.defined is None or name in WORDS:
            return name
        if name in self.defined:
            return self.defined[name]
        raise self.fault(node, f"{name} has no value here: --define {name}=10 would give it one")

    def _number(self, node: ast.expr) -> Any:
        value = self.value(node)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.fault(node, f"{excerpt(ast.unparse(node))} is no number")
        return value

    def _arithmetic(self, node: ast.expr, operator: ast.operator, left: Any, right: Any) -> Any:
        try:
            match operator:
                case ast.Add():
                    result = left + right
                case ast.Sub():
                    result = left - right
                case ast.Mult():
                    result = left * right
                case ast.Div():
                    result = left / right
                case ast.FloorDiv():
                    result = left // right
                case ast.Mod():
                    result = left % right
                case ast.Pow() if abs(right) <= 64:
                    result = left**right
                case _:
                    raise self.fault(node, f"{excerpt(ast.unparse(node))} is too much to work out")
        except (ZeroDivisionError, OverflowError) as error:
            raise self.fault(node, f"{excerpt(ast.unparse(node))}: {error}") from None
        return self._bounded(node, result)

    def _bounded(self, node: ast.expr, value: Any) -> Any:
        if isinstance(value, complex):  # a root of a negative number
            raise self.fault(node, f"{excerpt(ast.unparse(node))} is no real number")
        if isinstance(value, int) and abs(value) > LARGEST:
            raise self.fault(node, f"a number beyond {LARGEST:,}")
        return value

    def layer(self, node: ast.expr) -> Module:
        """Return the layer or container that a call stands for."""
        if not isinstance(node, ast.Call) or (kind := _called(node.func)) is None:
            raise self.fault(node, f"{excerpt(ast.unparse(node))} is not a layer")
        line, column = self.place(node)
        if kind in CONTAINERS:
            return Module(kind, line, column, children=list(self._children(node)))
        if kind not in LAYERS:
            raise fault(line, column, nearest_layer(kind))
        arguments = []
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                raise self.fault(argument, "* is not a literal value")
            arguments.append(self.value(argument))
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.fault(keyword.value, "** is not a literal value")
            # Where and in which type a tensor is kept changes no shape, and is no literal.
            kept = keyword.arg in ("device", "dtype")
            named[keyword.arg] = None if kept else self.value(keyword.value)
        return Module(kind, line, column, arguments=(arguments, named))

    def _children(self, node: ast.Call) -> Iterator[tuple[str, Module]]:
        """Yield what a Sequential, ModuleList or ModuleDict holds, by name."""
        if node.keywords:
            raise self.fault(node, f"{_called(node.func)} takes no named arguments")
        match node.args:
            case [ast.Call(func=function, args=[entries], keywords=[])] if (
                _called(function) == "OrderedDict"
            ):
                yield from self._pairs(entries)
            case [ast.Dict() as entries] if _called(node.func) == "ModuleDict":
                yield from self._pairs(entries)
            case [ast.List(elts=layers)] if _called(node.func) != "Sequential":
                yield from self.numbered(layers)
            case layers:
                yield from self.numbered(layers)

    def numbered(self, layers: list[ast.expr]) -> Iterator[tuple[str, Module]]:
        """Yield layers with the names that a Sequential gives them."""
        for number, layer in enumerate(self._unpacked(layers)):
            yield str(number), layer

    def _unpacked(self, layers: list[ast.expr]) -> Iterator[Module]:
        for layer in layers:
            match layer:
                case ast.Starred(value=ast.List(elts=inner) | ast.Tuple(elts=inner)):
                    yield from self._unpacked(inner)
                case _:
                    yield self.layer(layer)

    def _pairs(self, node: ast.expr) -> Iterator[tuple[str, Module]]:
        match node:
            case ast.Dict(keys=keys, values=values):
                pairs = list(zip(keys, values))
            case ast.List(elts=entries) | ast.Tuple(elts=entries):
                pairs = []
                for entry in entries:
                    if not isinstance(entry, (ast.Tuple, ast.List)) or len(entry.elts) != 2:
                        raise self.fault(entry, "an entry is not a pair of a name and a layer")
                    pairs.append((entry.elts[0], entry.elts[1]))
            case _:
                raise self.fault(node, "an OrderedDict of layers is a list of (name, layer)")
        seen = set()
        for key, layer in pairs:
            name = key.value if isinstance(key, ast.Constant) else None
            if not isinstance(name, str) or not name.isprintable() or not name or "." in name:
                raise self.fault(key or layer, "the name of a layer is a text without a dot")
            if name in seen:
                raise self.fault(key or layer, f"two layers are called {name}")
            seen.add(name)
            yield name, self.layer(layer)


def _called(function: ast.expr) -> str | None:
    """Return the class that `nn.Conv2d`, `torch.nn.Conv2d` or `Conv2d` names."""
    if isinstance(function, ast.Name):
        return function.id
    outer = function
    while isinstance(outer, ast.Attribute):
        outer = outer.value
    return function.attr if isinstance(outer, ast.Name) else None  # type: ignore[attr-defined]


class _Python:
    """Layers written in Python: an expression, an assignment, or one layer a line."""

    def __init__(self, text: str, defined: Mapping[str, Any]) -> None:
        # Between brackets indentation means nothing, and outside of them no layer needs any.
        lines = text.split("\n")
        self.text = "\n".join(line.lstrip() for line in lines)
        indents = [len(line) - len(line.lstrip()) for line in lines]
        self.literals = _Literals(defined, indents=indents)

    def read(self) -> Module:
        """Return the one container, or a bare list of the layers."""
        code = re.search(r"^(class|def|async|for|while|if|with|try)\b", self.text, re.MULTILINE)
        if code:
            line = self.text.count("\n", 0, code.start()) + 1
            raise fault(line, 1, f"{code[0]} is code to run: print(model) shows what it makes")
        tree = _syntax(self.text, "exec", 0, 0)
        assert isinstance(tree, ast.Module)
        layers: list[ast.expr] = []
        assigned: list[tuple[str, ast.expr]] = []
        for statement in tree.body:
            match statement:
                case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str())):
                    pass
                case ast.Expr(value=ast.Tuple(elts=several) | ast.List(elts=several)):
                    layers += several
                case ast.Expr(value=one):
                    layers.append(one)
                case (
                    ast.Assign(targets=[target], value=one)
                    | ast.AnnAssign(target=target, value=ast.expr() as one)
                ):
                    assigned.append((ast.unparse(target).removeprefix("self."), one))
                case _:
                    text = excerpt(ast.unparse(statement))
                    raise self.literals.fault(statement, f"{text} is not a layer")
        if len(assigned) == 1 and not layers:
            layers = [assigned.pop()[1]]
        if assigned:
            children = [(name, self.literals.layer(layer)) for name, layer in assigned]
            return Module("", 1, 1, children=children, own_text=True)
        children = list(self.literals.numbered(layers))
        if not children:
            raise fault(1, 1, "there are no layers in the text")
        if len(children) == 1 and children[0][1].arguments is None:
            return children[0][1]
        return Module("", 1, 1, children=children)


class _Printed:
    """Layers as print(model) shows them: a line each, a container closed by a line of its own."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.known: dict[str, tuple[list[Any], dict[str, Any]]] = {}
        """Arguments that were read before: in a large model most lines recur."""

    def read(self) -> Module:
        """Return the root."""
        root: Module | None = None
        opened: list[Module] = []
        entries = 0
        for number, raw in enumerate(self.lines, 1):
            line = raw.strip()
            if not line:
                continue
            column = raw.index(line) + 1
            if root is not None and not opened:
                raise fault(number, column, f"{excerpt(line)} comes after the end of the model")
            if line == ")" and opened:
                opened.pop()
                continue
            child = CHILD.fullmatch(line)
            if root is None:
                module = root = self._module(line, number, column)
            elif child is not None:
                start = column + child.start("module")
                module = self._module(child["module"], number, start)
                keys = self._keys(child, number, column)
                opened[-1].children += ((key, module) for key in keys)
                entries += len(keys)
                if entries > MOST_LAYERS:
                    raise fault(number, column, f"more than {MOST_LAYERS:,} layers")
            elif opened[-1].kind in CONTAINERS:
                raise fault(number, column, f"{excerpt(line)} is not understood")
            else:
                opened[-1].own_text = True
                continue
            if line.endswith("("):
                opened.append(module)
                if len(opened) > DEEPEST:
                    raise fault(number, column, f"containers are nested more than {DEEPEST} deep")
        if root is None or opened:
            where = opened[-1] if opened else Module("", 1, 1)
            raise fault(where.line, where.column, f"{where.kind}( is not closed")
        return root

    def _keys(self, child: re.Match[str], line: int, column: int) -> list[str]:
        """Return the names of a child; `(0-3): 4 x` stands for four that are alike."""
        if not child["key"].isprintable():
            raise fault(line, column, "the name of a layer has characters that can't be shown")
        if child["count"] is None:
            return [child["key"]]
        first, _, last = child["key"].partition("-")
        count = int(child["count"])
        if not (first.isdecimal() and last.isdecimal()) or int(last) - int(first) + 1 != count:
            raise fault(line, column, f"({child['key']}) does not name {count} layers")
        if count > MOST_LAYERS:
            raise fault(line, column, f"{count:,} layers: at most {MOST_LAYERS:,} would do")
        return [str(each) for each in range(int(first), int(last) + 1)]

    def _module(self, text: str, line: int, column: int) -> Module:
        kind, bracket, rest = text.partition("(")
        if re.fullmatch(r"[A-Za-z_]\w*", kind) is None or not bracket:
            raise fault(line, column, f"{excerpt(text)} is not a layer")
        if not rest:
            return Module(kind, line, column, printed=True)
        if kind in CONTAINERS and rest == ")":
            return Module(kind, line, column, printed=True)
        if kind not in LAYERS:  # a class of somebody's own may show anything between its brackets
            return Module(kind, line, column, arguments=([], {}), printed=True)
        if text not in self.known:
            node = _syntax(text, "eval", line - 1, column - 1)
            assert isinstance(node, ast.Expression)
            literals = _Literals(None, line - 1, [column - 1])
            read = literals.layer(node.body)
            self.known[text] = read.arguments or ([], {})
        return Module(kind, line, column, arguments=self.known[text], printed=True)


def nearest_layer(kind: str) -> str:
    """Return what an error says of a class that isn't known."""
    from difflib import get_close_matches

    near = get_close_matches(kind, (*LAYERS, *CONTAINERS), n=1)
    hint = f": {near[0]} is the nearest name" if near else ""
    return f"{kind} is not a layer that convcalc knows{hint}"
