"""The Python that is read: expressions, statements, functions and classes, in Python's own order.

Nothing is executed: every kind of syntax has a method here that works out what it is worth, on
plain values and on tensors that are only shapes. No method knows about shapes; what isn't
understood is refused with its place.

Source: https://docs.python.org/3/reference/
"""

from __future__ import annotations

import ast
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Generator as Stepping
from typing import Any

from convcalc import text
from convcalc.network import attributes, builtins, classes, natives, syntax
from convcalc.network.functions import operators, registry
from convcalc.network.modules import (
    MISSING,
    Bound,
    Builtin,
    Class,
    ClassMethod,
    Function,
    Instance,
    Partial,
    Static,
)
from convcalc.network.refusals import Final, NotUnderstood, Raised, TooMuch, Unknown
from convcalc.network.scopes import Frame, Scope
from convcalc.network.tensors import Tensor, as_number

MOST_STEPS = 1_500_000
"""The most steps of one reading."""
MOST_STEPS_OF_A_STATEMENT = 400_000
"""The most steps of one statement of a file's top level."""
DEEPEST = 120
"""The deepest that calls may nest."""

BREAK, CONTINUE = object(), object()
UNCHANGED = (int, float, str, type(None))
"""Values that no function can change."""


class Return:
    """What a function returns."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.BitAnd: "&",
}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
SIGNS: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}
METHODS = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod",
    "**": "pow", "@": "matmul", "<<": "lshift", ">>": "rshift", "|": "or", "^": "xor",
    "&": "and", "==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge",
}  # fmt: skip
"""The methods by which a class says what an operator does, without their underlines."""


class Interpreter:
    """Reads Python: one method per kind of syntax, found by the node's class."""

    def __init__(self, trace: Any, open: Callable[[Any], Any], *, train: bool = False) -> None:
        self.trace = trace
        self.open = open
        self.train = train
        self.frames: list[Frame] = []
        self.steps = 0
        self.limit = MOST_STEPS
        self.tolerant = False
        """Whether a statement that isn't understood is passed over, as at a file's top level."""
        self.constructing = 0
        """How many modules are being made or called, in which nothing is passed over."""
        self.passed_over: list[str] = []
        self.on_batch: set[str] = set()
        self.made_by: Counter[ast.Call] = Counter()
        """How many modules each call in the text made."""
        """Where a comparison hung on the batch."""

        self.stepwise: dict[ast.stmt, bool] = {}
        """Statements of generators, and whether something is yielded in them."""
        self.preludes: dict[Any, Any] = {}
        """Files of classes that are written here."""

    def written(self, path: Any) -> Any:
        """Return the file of classes that are written here, in the Python that is read."""
        if path not in self.preludes:
            self.preludes[path] = self.open(path)
        return self.preludes[path]

    @property
    def frame(self) -> Frame:
        """The call that is under way."""
        return self.frames[-1]

    # -- Expressions --------------------------------------------------------------------------

    def charge(self, steps: int) -> None:
        """Count steps, as many as something takes that is done at once."""
        self.steps += steps
        if self.steps > self.limit:
            raise TooMuch(f"this takes more than {self.limit:,} steps to follow")

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """Return what an expression is worth."""
        self.steps += 1
        if self.steps > self.limit:
            raise TooMuch(f"this takes more than {self.limit:,} steps to follow")
        method = EXPRESSIONS.get(type(node))
        if method is None:
            raise self.not_understood(node)
        return method(self, node, scope)

    def values(self, nodes: Iterable[ast.expr], scope: Scope) -> list[Any]:
        """Return what expressions are worth, those behind a star taken apart."""
        found: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                found += self.items(self.value(node.value, scope), node.value)
            else:
                found.append(self.value(node, scope))
        return found

    def not_understood(self, node: ast.AST, why: str = "isn't followed") -> NotUnderstood:
        """Return the refusal of a piece of syntax, in its own words."""
        self.frame.line = getattr(node, "lineno", self.frame.line)
        return NotUnderstood(f"{text.excerpt(syntax.source_of(node), 60)} {why}")

    def _constant(self, node: ast.Constant, scope: Scope) -> Any:
        return natives.bounded(node.value) if type(node.value) is int else node.value

    def _name(self, node: ast.Name, scope: Scope) -> Any:
        value = scope.find(node.id)
        if value is MISSING:
            value = builtins.BUILTINS.get(node.id, MISSING)
        if value is MISSING:
            value = self.absent(node, scope)
        if type(value) is natives.Later:
            value = value.get(self)
        return value

    def absent(self, node: ast.Name, scope: Scope) -> Any:
        """Return what stands for a name that nobody gave a value, or raise Python's error."""
        self.frame.line = node.lineno
        if node.id == "super":
            return natives.SUPER
        starred = scope.top.names.get("*")
        if starred is not None:
            return Unknown(f"{node.id} may come from {starred}, which isn't read")
        if scope.top.names.get("?") is not None:
            return Unknown(scope.top.names["?"])
        names = [*scope.top.names, *scope.names, *builtins.BUILTINS]
        error = Raised(f"{node.id} isn't defined{self.nearest(node.id, names)}", "NameError")
        error.attribute, error.owner = node.id, self.frame.first
        raise error

    def nearest(self, name: str, names: Iterable[str]) -> str:
        """Return what a message says of the name that is most like this one."""
        near = text.nearest(name, names)
        return f": {near} is the nearest name" if near else ""

    def _tuple(self, node: ast.Tuple, scope: Scope) -> Any:
        return tuple(self.values(node.elts, scope))

    def _list(self, node: ast.List, scope: Scope) -> Any:
        return self.values(node.elts, scope)

    def _set(self, node: ast.Set, scope: Scope) -> Any:
        return {natives.hashable(self, value) for value in self.values(node.elts, scope)}

    def _dict(self, node: ast.Dict, scope: Scope) -> Any:
        result: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            worth = self.value(value, scope)
            if key is None:
                result.update(natives.mapping(worth))
                self.charge(natives.cost(worth))
            else:
                result[natives.hashable(self, self.value(key, scope))] = worth
        return result

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Any:
        owner = self.value(node.value, scope)
        self.frame.line = node.end_lineno or node.lineno
        return self.get(owner, node.attr)

    def get(self, owner: Any, name: str) -> Any:
        """Return an attribute."""
        value = attributes.get(self, owner, name)
        return value.get(self) if type(value) is natives.Later else value

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Any:
        owner = self.value(node.value, scope)
        key = self.value(node.slice, scope)
        self.frame.line = node.lineno
        return self.looked_up(self.item(owner, key, node))

    def item(self, owner: Any, key: Any, node: ast.Subscript | None = None) -> Any:
        """Return what stands in a container under a key."""
        if isinstance(owner, Unknown):
            return owner
        if isinstance(owner, Tensor):
            words = "" if node is None else f"[{syntax.source_of(node.slice)}]"
            return operators.indexed(self, owner, key, words)
        if isinstance(owner, (Instance, Class)):
            return attributes.item(self, owner, key)
        if isinstance(key, Unknown):
            return key
        if isinstance(owner, dict):
            natives.hashable(self, key)
        found = natives.item(owner, key)
        if isinstance(key, slice):
            self.charge(natives.cost(found))
        return found

    def _slice(self, node: ast.Slice, scope: Scope) -> Any:
        parts = (node.lower, node.upper, node.step)
        return slice(*(None if part is None else self.value(part, scope) for part in parts))

    def _call(self, node: ast.Call, scope: Scope) -> Any:
        function = self.value(node.func, scope)
        if function is natives.SUPER:
            return self.super(self.values(node.args, scope), scope)
        if function is natives.LOCALS:
            return {name: value for name, value in scope.names.items() if name.isidentifier()}
        arguments = self.values(node.args, scope) if node.args else []
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.argument(keyword.value, scope)
            if keyword.arg is None:
                named.update(natives.mapping(value))
            else:
                named[keyword.arg] = value
        frame = self.frame
        frame.line = (
            node.func.end_lineno if isinstance(node.func, ast.Attribute) else node.lineno
        ) or node.lineno
        frame.node = node
        return self.called(function, arguments, named)

    def arguments(self, nodes: Sequence[ast.expr], scope: Scope) -> list[Any]:
        """Return what is handed to a function by position."""
        if any(isinstance(node, ast.Starred) for node in nodes):
            return self.values(nodes, scope)
        return [self.argument(node, scope) for node in nodes]

    def argument(self, node: ast.expr, scope: Scope) -> Any:
        """Return what is handed to a function; what another file holds isn't looked up for that."""
        if isinstance(node, ast.Name):
            value = scope.find(node.id)
            if type(value) is natives.Later:
                return value
        return self.value(node, scope)

    def super(self, arguments: Sequence[Any], scope: Scope) -> Any:
        """Return what super() stands for, in both of its forms."""
        frame = self.frame
        owner, first = (*arguments, None)[:2] if arguments else (frame.owner, frame.first)
        if isinstance(owner, Instance):
            raise Raised(f"super() takes a class first, not {natives.kind(owner)}", "TypeError")
        if not isinstance(owner, Class):
            raise NotUnderstood("super() isn't followed here")
        if isinstance(first, Instance) and not first.cls.is_a(owner):
            raise Raised(f"super(): {natives.kind(first)} is no {owner.name}", "TypeError")
        return attributes.Super(owner, first)

    def _binary(self, node: ast.BinOp, scope: Scope) -> Any:
        left = self.value(node.left, scope)
        right = self.value(node.right, scope)
        self.frame.line = node.lineno
        return self.operate(OPERATORS[type(node.op)], left, right)

    def operate(self, sign: str, left: Any, right: Any) -> Any:
        """Return what an operator makes of two values."""
        if isinstance(left, (int, float)) and isinstance(right, (int, float)):
            self.steps += 1
            return natives.arithmetic(sign, left, right)
        if sign == "%" and isinstance(left, str):
            return natives.filled(self, left, right)
        for owner, other, prefix in ((left, right, ""), (right, left, "r")):
            if isinstance(owner, Instance):
                method = owner.cls.find(f"__{prefix}{METHODS[sign]}__")
                if method is not MISSING:
                    return self.called(Bound(method, owner), [other], {})
        for value in (left, right):
            if isinstance(value, Unknown):
                return value
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            return operators.operated(self, sign, left, right)
        result = natives.arithmetic(sign, left, right)
        self.charge(natives.cost(left) + natives.cost(right) + natives.cost(result))
        return result

    def _unary(self, node: ast.UnaryOp, scope: Scope) -> Any:
        value = self.value(node.operand, scope)
        if isinstance(value, Unknown):
            return value
        if isinstance(node.op, ast.Not):
            return not self.truth(value, node.operand)
        if isinstance(value, Tensor):
            return operators.negated(self, value)
        if isinstance(value, Instance):
            names = {ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__"}
            return self.called(self.get(value, names[type(node.op)]), [], {})
        if isinstance(value, (int, float)):
            sign = SIGNS[type(node.op)]
            return natives.bounded(natives.tried(sign.__name__, sign, value))
        raise self.not_understood(node)

    def _boolean(self, node: ast.BoolOp, scope: Scope) -> Any:
        wanted = isinstance(node.op, ast.Or)
        value: Any = None
        for part in node.values:
            value = self.value(part, scope)
            if part is not node.values[-1] and self.truth(value, part) is wanted:
                return value
        return value

    def _compare(self, node: ast.Compare, scope: Scope) -> Any:
        left = self.value(node.left, scope)
        result: Any = True
        for kind, part in zip(node.ops, node.comparators, strict=True):
            right = self.value(part, scope)
            result = self.compared(kind, left, right, node)
            if isinstance(result, (Unknown, Tensor)) or not result:
                return result
            left = right
        return result

    def compared(self, kind: ast.cmpop, left: Any, right: Any, node: ast.Compare) -> Any:
        """Return what one comparison says."""
        if isinstance(kind, (ast.Is, ast.IsNot)):
            if isinstance(left, Unknown) or isinstance(right, Unknown):
                return left if isinstance(left, Unknown) else right
            return natives.identical(left, right) is isinstance(kind, ast.Is)
        if isinstance(kind, (ast.In, ast.NotIn)):
            found = attributes.contains(self, right, left)
            return found if isinstance(found, Unknown) else found is isinstance(kind, ast.In)
        sign = COMPARISONS[type(kind)]
        plain = isinstance(left, (int, float)) and isinstance(right, (int, float))
        if plain and natives.hangs_on_batch(left) is not natives.hangs_on_batch(right):
            self.frame.line = node.lineno
            self.on_batch.add(str(self.frame.place))
            return natives.against_batch(sign, left, right)
        if isinstance(left, (int, float, str)) and isinstance(right, (int, float, str)):
            self.charge(natives.cost(left))
            return natives.comparison(sign, left, right)
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return left if isinstance(left, Unknown) else right
        for owner, other in ((left, right), (right, left)):
            if isinstance(owner, Instance):
                method = owner.cls.find(f"__{METHODS[sign]}__")
                if method is not MISSING:
                    return self.called(Bound(method, owner), [other], {})
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            if sign in ("==", "!=") and (left is None or right is None):
                return sign == "!="
            return operators.operated(self, sign, left, right)
        natives.weigh(self, left, right)
        return natives.comparison(sign, left, right)

    def truth(self, value: Any, node: ast.AST | None = None) -> bool:
        """Return whether a value counts as true; refuse where nobody knows."""
        if value is None or isinstance(value, (bool, int, float, str)):
            return bool(value)
        if isinstance(value, Tensor):
            value = as_number(value)
        if isinstance(value, Unknown):
            if node is not None:
                self.frame.line = getattr(node, "lineno", self.frame.line)
                words = text.excerpt(syntax.source_of(node), 60)
                raise NotUnderstood(f"the condition {words} isn't known: {value.why}")
            raise NotUnderstood(value.why)
        if isinstance(value, Instance):
            return attributes.truth(self, value)
        if isinstance(value, (Class, Function, Builtin, Bound, Partial)):
            return True
        return bool(value)

    def _conditional(self, node: ast.IfExp, scope: Scope) -> Any:
        chosen = node.body if self.truth(self.value(node.test, scope), node.test) else node.orelse
        return self.value(chosen, scope)

    def _lambda(self, node: ast.Lambda, scope: Scope) -> Any:
        return self.made("<lambda>", node, scope)

    def _walrus(self, node: ast.NamedExpr, scope: Scope) -> Any:
        value = self.value(node.value, scope)
        scope.set(node.target.id, value)
        return value

    def _listing(self, node: ast.ListComp | ast.GeneratorExp, scope: Scope) -> Any:
        return [self.value(node.elt, inner) for inner in self.rounds(node.generators, scope)]

    def _generator(self, node: ast.GeneratorExp, scope: Scope) -> Any:
        first = node.generators[0].iter
        given = self.items(self.value(first, scope), first)  # at once, unlike all the rest
        rounds = self.rounds(node.generators, scope, given)
        here = self.frame
        frame = Frame(here.file, here.name, here.owner, here.first)
        frame.line = node.lineno
        return Generator(self, (self.value(node.elt, inner) for inner in rounds), frame)

    def _set_listing(self, node: ast.SetComp, scope: Scope) -> Any:
        return {
            natives.hashable(self, self.value(node.elt, inner))
            for inner in self.rounds(node.generators, scope)
        }

    def _dict_listing(self, node: ast.DictComp, scope: Scope) -> Any:
        return {
            natives.hashable(self, self.value(node.key, inner)): self.value(node.value, inner)
            for inner in self.rounds(node.generators, scope)
        }

    def rounds(
        self,
        generators: Sequence[ast.comprehension],
        scope: Scope,
        given: Iterable[Any] | None = None,
    ) -> Iterator[Scope]:
        """Yield the scope of every round of a comprehension, whose first items may be given."""
        inner = Scope(scope)
        if scope.is_class:  # whose names a comprehension sees in its first part alone
            inner.names.update(scope.names)
        yield from self._rounds(generators, inner, scope, given)

    def _rounds(
        self,
        generators: Sequence[ast.comprehension],
        inner: Scope,
        scope: Scope,
        given: Iterable[Any] | None = None,
    ) -> Iterator[Scope]:
        if not generators:
            yield inner
            return
        first, *rest = generators
        if given is None:
            given = self.items(self.value(first.iter, scope), first.iter)
        for item in given:
            self.assign(first.target, item, inner)
            if all(self.truth(self.value(test, inner), test) for test in first.ifs):
                yield from self._rounds(rest, inner, inner)

    def items(self, value: Any, node: ast.AST | None = None, ordered: bool = True) -> Iterable[Any]:
        """Return what a loop goes through; refuse where nobody knows."""
        if ordered and isinstance(value, (set, frozenset)) and natives.is_shuffled(value):
            self.frame.line = getattr(node, "lineno", self.frame.line)
            raise NotUnderstood("the order of a set of texts is another one each time")
        if isinstance(value, (list, tuple, dict, range, str, set, frozenset)):
            self.charge(len(value) >> 3)
            natives.bounded(value)
            return value
        if isinstance(value, Tensor):
            return operators.rows_of(self, value)
        if isinstance(value, (Instance, Class)):
            return attributes.iterate(self, value)
        if isinstance(value, Iterator):
            return value if isinstance(value, natives.Lazy) else natives.Lazy(self, value)
        if isinstance(value, Unknown):
            self.frame.line = getattr(node, "lineno", self.frame.line)
            raise NotUnderstood(f"what is gone through isn't known: {value.why}")
        if isinstance(value, natives.VIEWS):
            self.charge(len(value) >> 3)
            return iter(value)  # type: ignore[no-any-return]
        self.frame.line = getattr(node, "lineno", self.frame.line)
        raise Raised(f"{natives.kind(value)} can't be gone through", "TypeError")

    def _joined(self, node: ast.JoinedStr, scope: Scope) -> Any:
        return natives.joined(self, [self.value(part, scope) for part in node.values])

    def _formatted(self, node: ast.FormattedValue, scope: Scope) -> Any:
        value = self.value(node.value, scope)
        form = "" if node.format_spec is None else self.value(node.format_spec, scope)
        return natives.formatted(
            self, value, form, chr(node.conversion) if node.conversion > 0 else ""
        )

    # -- Statements ---------------------------------------------------------------------------

    def block(self, statements: Sequence[ast.stmt], scope: Scope) -> Any:
        """Follow statements; return what ends them early, if anything does."""
        for statement in statements:
            signal = self.statement(statement, scope)
            if signal is not None:
                return signal
        return None

    def statement(self, node: ast.stmt, scope: Scope) -> Any:
        """Follow one statement, or, where that is allowed, pass it over."""
        self.steps += 1
        frame = self.frame
        frame.line = node.lineno
        method = STATEMENTS.get(type(node))
        try:
            if method is None:
                raise self.not_understood(node)
            return method(self, node, scope)
        except (NotUnderstood, Raised) as refusal:
            self.placed(refusal, frame)
            final = isinstance(refusal, (TooMuch, Final))
            if self.tolerant and not final and not self.constructing:
                return self.pass_over(node, scope, refusal)
            raise
        except RecursionError:
            raise TooMuch("this is nested too deep to follow") from None
        except (ArithmeticError, LookupError, ValueError, TypeError, AttributeError) as error:
            # A value that Python itself would stumble over, in a way that isn't told apart here.
            stumbled = NotUnderstood(f"{text.excerpt(syntax.source_of(node), 60)} isn't followed")
            stumbled.__cause__ = error
            self.placed(stumbled, frame)
            if self.tolerant and not self.constructing:
                return self.pass_over(node, scope, stumbled)
            raise stumbled from error

    def placed(self, refusal: Any, frame: Frame) -> None:
        """Say where it was, unless that is known from further in."""
        if getattr(refusal, "at", None) is None and frame.file.own:
            refusal.at = frame.place

    def pass_over(self, node: ast.stmt, scope: Scope, refusal: Any) -> Any:
        """Leave a statement out: what it might change is unknown from then on."""
        why = f"{refusal.at}: {refusal.message}" if refusal.at else str(refusal)
        unknown = Unknown(why, refusal if isinstance(refusal, Raised) else None)
        if isinstance(node, (ast.Raise, ast.Return)) or leaves_early(node):
            raise refusal
        for each in ast.walk(node):
            if isinstance(each, (ast.Name, ast.Attribute, ast.Subscript)) and isinstance(
                each.ctx, (ast.Store, ast.Del)
            ):
                self.forget(each, scope, unknown)
            elif isinstance(each, (ast.FunctionDef, ast.ClassDef)):
                scope.set(each.name, unknown)
            elif isinstance(each, (ast.Import, ast.ImportFrom)):
                for alias in each.names:
                    scope.set((alias.asname or alias.name).split(".")[0], unknown)
            elif isinstance(each, ast.ExceptHandler) and each.name:
                scope.set(each.name, unknown)
            elif isinstance(each, ast.Name) and isinstance(scope.find(each.id), Iterator):
                self.forget(each, scope, unknown)  # it may have been gone through
            elif isinstance(each, ast.Call) and self.fills(each.func, scope):
                self.forget(each.func.value, scope, unknown)  # type: ignore[attr-defined]
            elif isinstance(each, ast.Call) and self.is_own(each.func, scope):
                for argument in (*each.args, *(keyword.value for keyword in each.keywords)):
                    if not isinstance(self.quietly(argument, scope), UNCHANGED):
                        self.forget(argument, scope, unknown)
                if isinstance(each.func, ast.Attribute) and self.is_own_method(each.func, scope):
                    self.forget(each.func.value, scope, unknown)
        self.passed_over.append(why)
        return None

    def is_own(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether a function of the file's own is called, as far as is known."""
        root = node
        while isinstance(root, (ast.Attribute, ast.Subscript)):
            root = root.value
        if not isinstance(root, ast.Name):
            return False
        value = scope.find(root.id)
        if value is MISSING:  # list.append(of_the_file, 1)
            return root is not node and isinstance(
                builtins.BUILTINS.get(root.id), natives.NativeType
            )
        return isinstance(value, (Function, Class, Instance, Partial, Bound))

    def fills(self, node: ast.expr, scope: Scope) -> bool:
        """Return whether a method of a list, a dict or a set is called, which may change it."""
        return isinstance(node, ast.Attribute) and isinstance(
            self.quietly(node.value, scope), (list, dict, set)
        )

    def is_own_method(self, node: ast.Attribute, scope: Scope) -> bool:
        """Return whether a method of the file's own is called, which may change its object."""
        owner = self.quietly(node.value, scope)
        return isinstance(owner, Instance) and isinstance(owner.cls.find(node.attr), Function)

    def forget(self, node: ast.expr, scope: Scope, unknown: Unknown) -> None:
        """Make what a name, an attribute or an item is worth unknown."""
        if isinstance(node, ast.Starred):
            self.forget(node.value, scope, unknown)
        elif isinstance(node, ast.Name):
            if scope.find(node.id) is not MISSING or isinstance(node.ctx, ast.Store):
                scope.set(node.id, unknown)
        elif isinstance(node, ast.Attribute):
            owner = self.quietly(node.value, scope)
            if isinstance(owner, (Instance, Class)):
                attributes.forget(owner, node.attr, unknown)
            else:
                self.forget(node.value, scope, unknown)
        elif isinstance(node, (ast.Subscript, ast.Call)):
            inner = node.value if isinstance(node, ast.Subscript) else node.func
            self.forget(inner, scope, unknown)

    def quietly(self, node: ast.expr, scope: Scope) -> Any:
        """Return what names and attributes are worth, without following anything else."""
        if isinstance(node, ast.Name):
            return scope.find(node.id)
        if isinstance(node, ast.Attribute):
            owner = self.quietly(node.value, scope)
            if isinstance(owner, Instance):
                return attributes.stored(owner, node.attr)
            if isinstance(owner, Class):
                return owner.find(node.attr)
        return MISSING

    def _expression(self, node: ast.Expr, scope: Scope) -> None:
        if not isinstance(node.value, ast.Constant):
            self.value(node.value, scope)

    def _assignment(self, node: ast.Assign, scope: Scope) -> None:
        value = self.value(node.value, scope)
        for target in node.targets:
            self.assign(target, value, scope)

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        if scope.is_class and isinstance(node.target, ast.Name):
            classes.annotate(scope, node.target.id, syntax.source_of(node.annotation))
        if node.value is not None:
            self.assign(node.target, self.value(node.value, scope), scope)

    def _augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        target = node.target
        sign = OPERATORS[type(node.op)]
        if isinstance(target, ast.Name):
            before = self._name(ast.copy_location(ast.Name(target.id, ast.Load()), target), scope)
            scope.set(target.id, self.changed(sign, before, node.value, scope))
        elif isinstance(target, ast.Attribute):
            owner = self.value(target.value, scope)
            after = self.changed(sign, self.get(owner, target.attr), node.value, scope)
            attributes.put(self, owner, target.attr, after)
        else:
            owner, key = self.value(target.value, scope), self.value(target.slice, scope)
            after = self.changed(sign, self.item(owner, key), node.value, scope)
            attributes.put_item(self, owner, key, after)

    def changed(self, sign: str, before: Any, node: ast.expr, scope: Scope) -> Any:
        """Return what an augmented assignment makes; a list is changed in its place."""
        other = self.value(node, scope)
        self.frame.line = node.lineno
        if isinstance(before, list) and sign == "+" and not isinstance(other, Unknown):
            before.extend(list(self.items(other, node)))
            self.charge(natives.cost(before))
            return natives.bounded(before)
        if isinstance(before, Instance):
            method = before.cls.find(f"__i{METHODS[sign]}__")
            if method is not MISSING:
                return self.called(Bound(method, before), [other], {})
        if isinstance(before, Tensor):
            return operators.operated(self, sign, before, other, in_place=True)
        return self.operate(sign, before, other)

    def assign(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Give a target its value."""
        if isinstance(target, ast.Name):
            scope.set(target.id, value)
        elif isinstance(target, ast.Attribute):
            owner = self.value(target.value, scope)
            self.frame.line = target.lineno
            attributes.put(self, owner, target.attr, value)
        elif isinstance(target, ast.Subscript):
            owner, key = self.value(target.value, scope), self.value(target.slice, scope)
            attributes.put_item(self, owner, key, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(target.elts, value, scope, target)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value, scope)
        else:
            raise self.not_understood(target)

    def unpack(self, targets: Sequence[ast.expr], value: Any, scope: Scope, node: ast.expr) -> None:
        """Give several targets their values."""
        if isinstance(value, Unknown):
            for target in targets:
                self.assign(target, value, scope)
            return
        items = list(self.items(value, node))
        star = next((i for i, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
        self.frame.line = node.lineno
        if star is None:
            if len(items) != len(targets):
                raise Raised(
                    f"{len(items)} values are given to {text.counted(len(targets), 'name')}: "
                    f"{text.excerpt(syntax.source_of(node))}",
                    "ValueError",
                )
        else:
            behind = len(targets) - star - 1
            if len(items) < len(targets) - 1:
                raise Raised(f"{len(items)} values are too few for {len(targets)} names",
                             "ValueError")  # fmt: skip
            middle = items[star : len(items) - behind]
            items = [*items[:star], middle, *items[len(items) - behind :]]
        for target, item in zip(targets, items, strict=True):
            self.assign(target, item, scope)

    def _delete(self, node: ast.Delete, scope: Scope) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                scope.delete(target.id)
            elif isinstance(target, ast.Attribute):
                attributes.remove(self, self.value(target.value, scope), target.attr)
            elif isinstance(target, ast.Subscript):
                owner = self.value(target.value, scope)
                attributes.remove_item(self, owner, self.value(target.slice, scope))
            else:
                raise self.not_understood(target)

    def _skip(self, node: ast.stmt, scope: Scope) -> None:
        """Pass over what does nothing."""

    def _if(self, node: ast.If, scope: Scope) -> Any:
        chosen = node.body if self.truth(self.value(node.test, scope), node.test) else node.orelse
        return self.block(chosen, scope)

    def _for(self, node: ast.For, scope: Scope) -> Any:
        return self._loop(self.rounds_of(node, scope), node, scope)

    def _while(self, node: ast.While, scope: Scope) -> Any:
        return self._loop(self.rounds_of(node, scope), node, scope)

    def rounds_of(self, node: ast.For | ast.While, scope: Scope) -> Iterator[None]:
        """Yield once for every round of a loop, its target set."""
        if isinstance(node, ast.For):
            for item in self.items(self.value(node.iter, scope), node.iter):
                self.assign(node.target, item, scope)
                yield
        else:
            while self.truth(self.value(node.test, scope), node.test):
                yield

    def _loop(self, rounds: Iterator[None], node: ast.For | ast.While, scope: Scope) -> Any:
        for _ in rounds:
            signal = self.block(node.body, scope)
            if signal is BREAK:
                return None
            if signal is not None and signal is not CONTINUE:
                return signal
        return self.block(node.orelse, scope)

    def _with(self, node: ast.With, scope: Scope) -> Any:
        leaving = self.entered(node, scope)
        signal = self.block(node.body, scope)
        self.left(leaving)
        return signal

    def entered(self, node: ast.With, scope: Scope) -> list[Any]:
        """Enter the contexts of a with statement; return those that are to be left."""
        leaving: list[Any] = []
        for item in node.items:
            entered = context = self.value(item.context_expr, scope)
            if isinstance(context, Instance) and context.cls.own:
                entered = self.called(self.get(context, "__enter__"), [], {})
                leaving.append(context)
            elif isinstance(context, Generator):
                context.frame.finishes = True
                entered = next(context, None)
                leaving.append(context)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, entered, scope)
        return leaving

    def left(self, contexts: list[Any]) -> None:
        """Leave contexts, the last first."""
        for context in reversed(contexts):
            if isinstance(context, Generator):
                next(context, None)
            else:
                self.called(self.get(context, "__exit__"), [None, None, None], {})

    def _try(self, node: ast.Try, scope: Scope) -> Any:
        try:
            with self.strictly(), self.frame.file.fallbacks(node):
                signal = self.block(node.body, scope)
                if signal is None:
                    signal = self.block(node.orelse, scope)
        except Raised as error:
            handler = next((h for h in node.handlers if self.catches(h, error, scope)), None)
            if handler is None:
                self.block(node.finalbody, scope)
                raise
            if handler.name:
                scope.set(handler.name, natives.caught(error))
            before, self.trace.caught = self.trace.caught, error
            signal = self.block(handler.body, scope)
            self.trace.caught = before
        return self.block(node.finalbody, scope) or signal

    def strictly(self) -> Any:
        """Return a context in which nothing is passed over, so that handlers see what is raised."""
        return natives.Changed(self, tolerant=False)

    def catches(self, handler: ast.ExceptHandler, error: Raised, scope: Scope) -> bool:
        """Return whether a handler is for this exception."""
        if handler.type is None:
            return True
        wanted = self.value(handler.type, scope)
        kinds = wanted if isinstance(wanted, tuple) else (wanted,)
        return any(natives.is_exception(error, kind) for kind in kinds)

    def _raise(self, node: ast.Raise, scope: Scope) -> None:
        if node.exc is None:
            raise self.trace.caught or Raised("there is nothing to raise again")
        value = self.value(node.exc, scope)
        self.frame.line = node.lineno
        raise natives.raised(self, value)

    def _assert(self, node: ast.Assert, scope: Scope) -> None:
        decided = len(self.on_batch)
        try:
            holds = self.truth(self.value(node.test, scope), node.test)
        except NotUnderstood:
            return  # it changes nothing, whether it holds or not
        if holds or len(self.on_batch) > decided:
            return
        message = "" if node.msg is None else self.value(node.msg, scope)
        self.frame.line = node.lineno
        words = (
            natives.words(message) or f"{text.excerpt(syntax.source_of(node.test), 80)} is false"
        )
        raise Raised(f"the model itself refuses: {words}", "AssertionError")

    def _return(self, node: ast.Return, scope: Scope) -> Return:
        return Return(None if node.value is None else self.value(node.value, scope))

    def _break(self, node: ast.Break, scope: Scope) -> Any:
        return BREAK

    def _continue(self, node: ast.Continue, scope: Scope) -> Any:
        return CONTINUE

    def _global(self, node: ast.Global, scope: Scope) -> None:
        for name in node.names:
            scope.declare(name, everywhere=True)

    def _nonlocal(self, node: ast.Nonlocal, scope: Scope) -> None:
        for name in node.names:
            scope.declare(name, everywhere=False)

    def _import(self, node: ast.Import, scope: Scope) -> None:
        for alias in node.names:
            module = self.frame.file.imported(alias.name)
            if alias.asname is None:
                first = alias.name.split(".")[0]
                scope.set(first, self.frame.file.imported(first))
            else:
                scope.set(alias.asname, module)

    def _import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        file = self.frame.file
        for alias in node.names:
            if alias.name == "*":
                for name, value in file.everything(self, node.module or "", node.level):
                    scope.set(name, value)
            else:
                found = file.imported_from(self, node.module or "", node.level, alias.name)
                scope.set(alias.asname or alias.name, found)

    def _match(self, node: ast.Match, scope: Scope) -> Any:
        subject = self.value(node.subject, scope)
        if isinstance(subject, (Unknown, Tensor)):
            raise self.not_understood(node.subject, "isn't known, so that no case can be chosen")
        for case in node.cases:
            if self.matches(case.pattern, subject, scope) and (
                case.guard is None or self.truth(self.value(case.guard, scope), case.guard)
            ):
                return self.block(case.body, scope)
        return None

    def matches(self, pattern: ast.pattern, subject: Any, scope: Scope) -> bool:
        """Return whether a value is of a pattern, whose names get their parts."""
        match pattern:
            case ast.MatchValue(value=value):
                return bool(natives.comparison("==", subject, self.value(value, scope)))
            case ast.MatchSingleton(value=value):
                return subject is value
            case ast.MatchAs(pattern=inner, name=name):
                if inner is not None and not self.matches(inner, subject, scope):
                    return False
                if name is not None:
                    scope.set(name, subject)
                return True
            case ast.MatchOr(patterns=patterns):
                return any(self.matches(each, subject, scope) for each in patterns)
            case ast.MatchSequence(patterns=patterns) if not any(
                isinstance(each, ast.MatchStar) for each in patterns
            ):
                return (
                    isinstance(subject, (list, tuple))
                    and len(subject) == len(patterns)
                    and all(
                        self.matches(each, part, scope)
                        for each, part in zip(patterns, subject, strict=True)
                    )
                )
            case ast.MatchClass(cls=cls, patterns=[], kwd_attrs=names, kwd_patterns=patterns):
                return natives.is_instance(self, subject, self.value(cls, scope)) and all(
                    self.matches(each, self.get(subject, name), scope)
                    for name, each in zip(names, patterns, strict=True)
                )
        raise self.not_understood(pattern)

    # -- Generators ---------------------------------------------------------------------------

    def steps_of(self, statements: Sequence[ast.stmt], scope: Scope) -> Stepping[Any, None, Any]:
        """Yield what statements yield, followed as far as that; return what ends them early."""
        for statement in statements:
            if self.yields(statement):
                signal = yield from self.steps_of_one(statement, scope)
            else:
                signal = self.statement(statement, scope)
            if signal is not None:
                return signal
        return None

    def yields(self, node: ast.stmt) -> bool:
        """Return whether something is yielded in a statement, worked out once."""
        if node not in self.stepwise:
            own = not isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))
            self.stepwise[node] = own and holds_yield(node)
        return self.stepwise[node]

    def steps_of_one(self, node: ast.stmt, scope: Scope) -> Stepping[Any, None, Any]:
        """Yield what one statement yields; return what ends its block early."""
        self.charge(1)
        self.frame.line = node.lineno
        match node:
            case ast.Expr(value=ast.Yield(value=given)):
                yield None if given is None else self.value(given, scope)
            case ast.Expr(value=ast.YieldFrom(value=given)):
                yield from self.items(self.value(given, scope), given)
            case ast.If(test=test):
                chosen = node.body if self.truth(self.value(test, scope), test) else node.orelse
                return (yield from self.steps_of(chosen, scope))
            case ast.For() | ast.While():
                return (yield from self.steps_of_loop(node, scope))
            case ast.With():
                leaving = self.entered(node, scope)
                if leaving and not self.frame.finishes:
                    raise self.not_understood(node)
                signal = yield from self.steps_of(node.body, scope)
                self.left(leaving)
                return signal
            case ast.Try() if self.frame.finishes:
                # Nothing that is raised where it stopped comes in here.
                signal = yield from self.steps_of([*node.body, *node.orelse], scope)
                return (yield from self.steps_of(node.finalbody, scope)) or signal
            case _:
                raise self.not_understood(node)
        return None

    def steps_of_loop(self, node: ast.For | ast.While, scope: Scope) -> Stepping[Any, None, Any]:
        """Yield what a loop yields; return what ends its block early."""
        for _ in self.rounds_of(node, scope):
            signal = yield from self.steps_of(node.body, scope)
            if signal is BREAK:
                return None
            if signal is not None and signal is not CONTINUE:
                return signal
        return (yield from self.steps_of(node.orelse, scope))

    # -- Functions and classes ----------------------------------------------------------------

    def _function(self, node: ast.FunctionDef, scope: Scope) -> None:
        value: Any = self.made(node.name, node, scope)
        scope.set(node.name, self.decorated(node.decorator_list, value, scope))

    def made(self, name: str, node: ast.FunctionDef | ast.Lambda, scope: Scope) -> Function:
        """Return a function, its defaults worked out once, where it is made."""
        function = Function(name, node, scope, self.frame.file)
        arguments = node.args
        places = [*arguments.posonlyargs, *arguments.args]
        for place, default in zip(
            places[len(places) - len(arguments.defaults) :], arguments.defaults, strict=True
        ):
            function.defaults[place.arg] = self.value(default, scope)
        for place, each in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if each is not None:
                function.defaults[place.arg] = self.value(each, scope)
        return function

    def decorated(self, decorators: Sequence[ast.expr], value: Any, scope: Scope) -> Any:
        """Return a function or class as its decorators leave it."""
        for node in reversed(decorators):
            decorator = self.value(node, scope)
            if isinstance(decorator, Unknown) and "register" in syntax.source_of(node):
                continue  # a registry keeps a thing as it is
            self.frame.line = node.lineno
            value = self.called(decorator, [value], {})
        return value

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        bases = self.values(node.bases, scope)
        named = {k.arg or "**": self.value(k.value, scope) for k in node.keywords}
        inner = Scope(scope, is_class=True)
        self.frames.append(Frame(self.frame.file, node.name))
        try:
            self.block(node.body, inner)
        except (NotUnderstood, Raised) as refusal:
            self.placed(refusal, self.frame)
            raise
        finally:
            self.frames.pop()
        self.frame.line = node.lineno
        made = classes.made(self, node.name, bases, inner, named)
        scope.set(node.name, self.decorated(node.decorator_list, made, scope))

    def called(self, function: Any, arguments: Sequence[Any], named: dict[str, Any]) -> Any:
        """Return what a call returns."""
        if isinstance(function, Function):
            return self.follow(function, arguments, named)
        if isinstance(function, Bound):
            return self.called(function.function, [function.owner, *arguments], named)
        if isinstance(function, Builtin):
            if function is not natives.PARTIAL:
                if natives.Later in map(type, arguments):
                    arguments = [self.looked_up(each) for each in arguments]
                if named:
                    named = {key: self.looked_up(each) for key, each in named.items()}
            return registry.call(self, function, arguments, named)
        if isinstance(function, Class):
            return classes.instantiate(self, function, arguments, named)
        if isinstance(function, Instance):
            return attributes.call(self, function, arguments, named)
        if isinstance(function, Partial):
            return self.called(
                function.function, [*function.arguments, *arguments], {**function.named, **named}
            )
        if isinstance(function, Unknown):
            # What it does isn't counted then, so that nobody may go on with the network's own data.
            inputs = [*registry.tensors_in(list(arguments)), *registry.tensors_in(named)]
            if self.trace.active and any(tensor.fed for tensor in inputs):
                raise NotUnderstood(function.why)
            return function
        if isinstance(function, (Static, ClassMethod)):
            return self.called(function.function, arguments, named)
        if type(function) is natives.Later:
            return self.called(function.get(self), arguments, named)
        raise Raised(f"{natives.kind(function)} can't be called", "TypeError")

    def looked_up(self, value: Any) -> Any:
        """Return a value, looked up now where another file holds it."""
        return value.get(self) if type(value) is natives.Later else value

    def follow(self, function: Function, arguments: Sequence[Any], named: dict[str, Any]) -> Any:
        """Follow a function of somebody's file."""
        if len(self.frames) > DEEPEST:
            raise TooMuch(f"calls are nested more than {DEEPEST} deep")
        scope = Scope(function.scope)
        self.bind(function, arguments, named, scope)
        first = arguments[0] if arguments and function.owner is not None else None
        self.frames.append(Frame(function.file, function.name, function.owner, first))
        try:
            if isinstance(function.node, ast.Lambda):
                return self.lambda_body(function.node, scope)
            if yields_values(function):
                return Generator(self, self.steps_of(function.node.body, scope), self.frame)
            signal = self.block(function.node.body, scope)
            return signal.value if isinstance(signal, Return) else None
        finally:
            self.frames.pop()

    def lambda_body(self, node: ast.Lambda, scope: Scope) -> Any:
        """Return what a lambda is worth."""
        self.frame.line = node.body.lineno
        try:
            return self.value(node.body, scope)
        except (NotUnderstood, Raised) as refusal:
            self.placed(refusal, self.frame)
            raise

    def bind(
        self,
        function: Function,
        arguments: Sequence[Any],
        named: dict[str, Any],
        scope: Scope,
    ) -> None:
        """Give a function's parameters their values, as Python does."""
        node = function.node.args
        places = [each.arg for each in (*node.posonlyargs, *node.args)]
        names = scope.names
        names.update(function.defaults)
        if len(arguments) > len(places) and node.vararg is None:
            raise self.wrong_call(
                function, f"takes {text.counted(len(places), 'argument')}, gets {len(arguments)}"
            )
        given = dict(zip(places, arguments, strict=False))
        names.update(given)
        if node.vararg is not None:
            names[node.vararg.arg] = tuple(arguments[len(places) :])
        known = {*places[len(node.posonlyargs) :], *(each.arg for each in node.kwonlyargs)}
        rest = {}
        for name, value in named.items():
            if name in known:
                if name in given:
                    raise self.wrong_call(function, f"gets {name} twice")
                names[name] = value
            elif node.kwarg is not None:
                rest[name] = value
            else:
                raise self.wrong_call(
                    function, f"has no argument {name}{self.nearest(name, known)}"
                )
        if node.kwarg is not None:
            names[node.kwarg.arg] = rest
        missing = [
            name for name in (*places, *(k.arg for k in node.kwonlyargs)) if name not in names
        ]
        if missing:
            error = self.wrong_call(function, f"isn't given its {text.listed(missing)}")
            error.missing, error.owner = missing, function
            raise error

    def wrong_call(self, function: Function, what: str) -> Raised:
        """Return the error of a call that doesn't fit a function."""
        where = f"{function.owner.name}." if function.owner is not None else ""
        return Raised(f"{where}{function.name} {what}", "TypeError")


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in a statement or function itself, not in a function within it."""
    stack = list(ast.iter_child_nodes(node))
    while stack:
        each = stack.pop()
        yield each
        if not isinstance(each, (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.AsyncFunctionDef)):
            stack.extend(ast.iter_child_nodes(each))


class Generator(natives.Lazy):
    """What a function that yields returns, or an expression like it: followed when it is asked."""

    def __init__(self, interpreter: Interpreter, items: Iterator[Any], frame: Frame) -> None:
        super().__init__(interpreter, items)
        self.frame = frame
        self.running = False
        self.refusal: Exception | None = None
        """Why it isn't known what comes next, where that is so."""

    def __next__(self) -> Any:
        reader = self.interpreter
        if self.refusal is not None:
            raise self.refusal
        if self.running:
            raise Raised("the generator is running already", "ValueError")
        if len(reader.frames) > DEEPEST:
            raise TooMuch(f"calls are nested more than {DEEPEST} deep")
        reader.frames.append(self.frame)
        self.running = True
        try:
            with reader.strictly():
                return next(self.items)
        except Raised as error:
            reader.placed(error, self.frame)
            if error.kind == "StopIteration":  # as Python has it, lest a loop takes it for its end
                error.kind = "RuntimeError"
            raise
        except (ArithmeticError, LookupError, ValueError, TypeError, AttributeError) as refusal:
            if isinstance(refusal, NotUnderstood):
                reader.placed(refusal, self.frame)
            self.refusal = refusal
            raise
        finally:
            self.running = False
            reader.frames.pop()


def holds_yield(node: ast.AST) -> bool:
    """Return whether something is yielded in a statement or function itself."""
    return any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in own_nodes(node))


def yields_values(function: Function) -> bool:
    """Return whether a function is a generator, worked out at its first call."""
    if function.generator is None:
        function.generator = function.file.has_yields and holds_yield(function.node)
    return function.generator


def leaves_early(node: ast.stmt) -> bool:
    """Return whether a statement may end the function or the loop that it stands in."""
    loops = isinstance(node, (ast.For, ast.While))
    for each in own_nodes(node):
        if isinstance(each, (ast.Return, ast.Yield, ast.YieldFrom)):
            return True
        if isinstance(each, (ast.Break, ast.Continue)) and not loops:
            return True
    return False


EXPRESSIONS: dict[type[ast.AST], Callable[[Interpreter, Any, Scope], Any]] = {
    ast.Constant: Interpreter._constant,
    ast.Name: Interpreter._name,
    ast.Tuple: Interpreter._tuple,
    ast.List: Interpreter._list,
    ast.Set: Interpreter._set,
    ast.Dict: Interpreter._dict,
    ast.Attribute: Interpreter._attribute,
    ast.Subscript: Interpreter._subscript,
    ast.Slice: Interpreter._slice,
    ast.Call: Interpreter._call,
    ast.BinOp: Interpreter._binary,
    ast.UnaryOp: Interpreter._unary,
    ast.BoolOp: Interpreter._boolean,
    ast.Compare: Interpreter._compare,
    ast.IfExp: Interpreter._conditional,
    ast.Lambda: Interpreter._lambda,
    ast.NamedExpr: Interpreter._walrus,
    ast.ListComp: Interpreter._listing,
    ast.GeneratorExp: Interpreter._generator,
    ast.SetComp: Interpreter._set_listing,
    ast.DictComp: Interpreter._dict_listing,
    ast.JoinedStr: Interpreter._joined,
    ast.FormattedValue: Interpreter._formatted,
}
"""How each kind of expression is read."""

STATEMENTS: dict[type[ast.AST], Callable[[Interpreter, Any, Scope], Any]] = {
    ast.Expr: Interpreter._expression,
    ast.Assign: Interpreter._assignment,
    ast.AnnAssign: Interpreter._annotated,
    ast.AugAssign: Interpreter._augmented,
    ast.Delete: Interpreter._delete,
    ast.Pass: Interpreter._skip,
    ast.If: Interpreter._if,
    ast.For: Interpreter._for,
    ast.While: Interpreter._while,
    ast.With: Interpreter._with,
    ast.Try: Interpreter._try,
    ast.Raise: Interpreter._raise,
    ast.Assert: Interpreter._assert,
    ast.Return: Interpreter._return,
    ast.Break: Interpreter._break,
    ast.Continue: Interpreter._continue,
    ast.Global: Interpreter._global,
    ast.Nonlocal: Interpreter._nonlocal,
    ast.Import: Interpreter._import,
    ast.ImportFrom: Interpreter._import_from,
    ast.Match: Interpreter._match,
    ast.FunctionDef: Interpreter._function,
    ast.ClassDef: Interpreter._class,
}
"""How each kind of statement is read."""
