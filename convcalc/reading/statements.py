"""How each kind of statement is followed, in the order of Python's reference.

Source: https://docs.python.org/3/reference/simple_stmts.html and compound_stmts.html
"""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Iterator, Sequence

from convcalc import text
from convcalc.reading import attributes, bounds, classes, expressions, functions, patterns, syntax
from convcalc.reading.exceptions import STATED, NotUnderstood, TooMuch
from convcalc.reading.reader import BREAK, CONTINUE, Reader, Scope, Signal, Statement
from convcalc.reading.values import MISSING, Unknown, Value


def _expression(reader: Reader, node: ast.Expr, scope: Scope) -> None:
    if not isinstance(node.value, ast.Constant):
        reader.value(node.value, scope)


def _assignment(reader: Reader, node: ast.Assign, scope: Scope) -> None:
    value = reader.value(node.value, scope)
    for target in node.targets:
        expressions.assign(reader, target, value, scope)


def _annotated(reader: Reader, node: ast.AnnAssign, scope: Scope) -> None:
    if node.value is not None:
        expressions.assign(reader, node.target, reader.value(node.value, scope), scope)
    if scope.is_class or scope.outer is None:
        value = annotation(reader, node.annotation, scope)
        if node.simple and isinstance(node.target, ast.Name):
            try:
                noted = scope.names["__annotations__"]
            except KeyError:
                noted = scope.names["__annotations__"] = {}
            if isinstance(noted, dict):
                noted[node.target.id] = value


def annotation(reader: Reader, node: ast.expr, scope: Scope) -> object:
    """Return the value of an annotation; unknown where it isn't understood, since few look."""
    if scope.unit.names.get("annotations") is FUTURE:
        return syntax.source_of(node)
    try:
        return reader.value(node, scope)
    except TooMuch:
        raise
    except NotUnderstood:
        return Unknown(f"the annotation {text.excerpt(syntax.source_of(node), 40)} isn't followed")


FUTURE = object()
"""What `from __future__ import annotations` gives."""


def _augmented(reader: Reader, node: ast.AugAssign, scope: Scope) -> None:
    target = node.target

    def after(before: object) -> object:
        other = reader.value(node.value, scope)
        reader.frame.line = node.lineno
        sign = expressions.OPERATORS[type(node.op)]
        return expressions.operate(reader, sign, before, other, in_place=True)

    if isinstance(target, ast.Name):
        name = ast.copy_location(ast.Name(target.id, ast.Load()), target)
        scope.set(target.id, after(reader.value(name, scope)))
        return
    owner = reader.value(target.value, scope)
    if isinstance(target, ast.Attribute):
        attributes.put(owner, target.attr, after(expressions.get(reader, owner, target.attr)))
    else:
        key = reader.value(target.slice, scope)
        expressions.put_item(reader, owner, key, after(expressions.item(reader, owner, key)))


def _delete(reader: Reader, node: ast.Delete, scope: Scope) -> None:
    for target in node.targets:
        _delete_one(reader, target, scope)


def _delete_one(reader: Reader, target: ast.expr, scope: Scope) -> None:
    if isinstance(target, ast.Name):
        scope.delete(target.id)
    elif isinstance(target, ast.Attribute):
        owner = reader.value(target.value, scope)
        reader.check_known(owner)
        attributes.delete(owner, target.attr)
    elif isinstance(target, ast.Subscript):
        owner = reader.value(target.value, scope)
        key = reader.value(target.slice, scope)
        reader.check_known(owner)
        if type(key) is Unknown:
            raise key.refused()
        if type(owner) is not Unknown:
            del owner[key]  # type: ignore[attr-defined]
    elif isinstance(target, (ast.Tuple, ast.List)):
        for each in target.elts:
            _delete_one(reader, each, scope)
    else:
        raise reader.not_understood(target)


def _pass(reader: Reader, node: ast.stmt, scope: Scope) -> None:
    del reader, node, scope  # it does nothing


def _return(reader: Reader, node: ast.Return, scope: Scope) -> Signal:
    return Signal(None if node.value is None else reader.value(node.value, scope))


def _break(reader: Reader, node: ast.Break, scope: Scope) -> Signal:
    del reader, node, scope  # it needs nothing
    return BREAK


def _continue(reader: Reader, node: ast.Continue, scope: Scope) -> Signal:
    del reader, node, scope  # it needs nothing
    return CONTINUE


def _raise(reader: Reader, node: ast.Raise, scope: Scope) -> None:
    if node.exc is None:
        current = reader.handled()
        if current is None:
            raise RuntimeError("No active exception to reraise")
        raise current
    error = _exception(reader, reader.value(node.exc, scope))
    if not isinstance(error, BaseException):
        raise TypeError("exceptions must derive from BaseException")
    reader.frame.line = node.lineno
    bounds.check_weight(error.args)
    vars(error)[STATED] = True
    reader.put_in_context(error)
    if node.cause is None:
        raise error
    cause = _exception(reader, reader.value(node.cause, scope))
    if cause is not None and not isinstance(cause, BaseException):
        raise TypeError("exception causes must derive from BaseException")
    raise error from cause


def _exception(reader: Reader, value: object) -> object:
    """Return the exception that is raised: an object of the class, where it is one."""
    if type(value) is Unknown:
        raise NotUnderstood(f"what is raised isn't known: {value.why}")
    if isinstance(value, type) and issubclass(value, BaseException):
        return reader.call(value, (), {})
    return value


def _assert(reader: Reader, node: ast.Assert, scope: Scope) -> None:
    noted = reader.reservations
    try:
        value = reader.value(node.test, scope)
        if type(value) is Unknown or (value is False and reader.reservations > noted):
            return  # it changes nothing, whether it holds or not
        holds = reader.truth(value, node.test)
    except NotUnderstood as refusal:
        if isinstance(refusal, TooMuch):
            raise
        return
    if holds:
        return
    if node.msg is None:
        error = AssertionError()
        words = f"{text.excerpt(syntax.source_of(node.test), 80)} is false"
        vars(error)[STATED] = words
    else:
        error = AssertionError(reader.value(node.msg, scope))
        bounds.check_weight(error.args)
        vars(error)[STATED] = True
    reader.frame.line = node.lineno
    raise error


def _if(reader: Reader, node: ast.If, scope: Scope) -> Signal | None:
    holds = reader.truth(reader.value(node.test, scope), node.test)
    return reader.block(node.body if holds else node.orelse, scope)


def rounds(reader: Reader, node: ast.For | ast.While, scope: Scope) -> Iterator[None]:
    """Yield once for every round of a loop, its target set."""
    guards = reader.guards
    if isinstance(node, ast.For):
        for value in reader.items(reader.value(node.iter, scope), node.iter):
            guards.steps += 1
            expressions.assign(reader, node.target, value, scope)
            yield
            reader.frame.line = node.lineno
    else:
        while reader.truth(reader.value(node.test, scope), node.test):
            yield
            reader.frame.line = node.lineno


def _loop(reader: Reader, node: ast.For | ast.While, scope: Scope) -> Signal | None:
    for _ in rounds(reader, node, scope):
        signal = reader.block(node.body, scope)
        if signal is BREAK:
            return None
        if signal is not None and signal is not CONTINUE:
            return signal
    return reader.block(node.orelse, scope)


# -- with ----------------------------------------------------------------------------------------


def enter(reader: Reader, item: ast.withitem, scope: Scope) -> tuple[object, object]:
    """Enter the context of a with statement; return what leaves it, and what entering gave."""
    context = reader.value(item.context_expr, scope)
    if type(context) is Unknown:
        if not context.harmless:
            raise context.refused()
        return None, context
    reader.check_known(context)
    cls = type(context)
    methods = [getattr(cls, name, MISSING) for name in ("__enter__", "__exit__")]
    if MISSING in methods:
        error = TypeError if sys.version_info >= (3, 11) else AttributeError
        raise error(f"{attributes.kind(context)} is not a context for with")
    entering, leaving = (_bound(each, context) for each in methods)
    return leaving, reader.call(entering, (), {})


def _bound(method: object, owner: object) -> object:
    get = getattr(type(method), "__get__", None)
    return method if get is None else get(method, owner, type(owner))


def entered(reader: Reader, item: ast.withitem, value: object, scope: Scope) -> None:
    """Give what entering a context gave its name."""
    if item.optional_vars is not None:
        expressions.assign(reader, item.optional_vars, value, scope)


def leave(reader: Reader, leaving: object, error: BaseException | None) -> bool:
    """Leave a context; return whether it takes the error for handled."""
    if leaving is None:
        return False
    given = (None, None, None)
    if error is not None:
        given = (type(error), error, error.__traceback__)  # type: ignore[assignment]
    return reader.truth(reader.call(leaving, given, {}))


def _with(reader: Reader, node: ast.With, scope: Scope) -> Signal | None:
    return _within(reader, node.items, node.body, scope)


def _within(
    reader: Reader, items: Sequence[ast.withitem], body: Sequence[ast.stmt], scope: Scope
) -> Signal | None:
    if not items:
        return reader.block(body, scope)
    leaving, value = enter(reader, items[0], scope)
    try:
        with reader.all_or_nothing(not isinstance(getattr(leaving, "__self__", None), Value)):
            entered(reader, items[0], value, scope)
            signal = _within(reader, items[1:], body, scope)
    except NotUnderstood:
        raise
    except BaseException as error:
        reader.frame.line = items[0].context_expr.lineno
        with reader.handling(error):
            if not leave(reader, leaving, error):
                raise
        return None
    reader.frame.line = items[0].context_expr.lineno
    leave(reader, leaving, None)
    return signal


# -- try -----------------------------------------------------------------------------------------


def _try(reader: Reader, node: ast.Try, scope: Scope) -> Signal | None:
    try:
        signal = _handled(reader, node, scope)
    except NotUnderstood:
        raise
    except BaseException as error:
        with reader.handling(error):
            final = reader.block(node.finalbody, scope)
        if final is not None:
            return final
        raise
    return reader.block(node.finalbody, scope) or signal


def _handled(reader: Reader, node: ast.Try, scope: Scope) -> Signal | None:
    """Follow a try statement but for what is done at its end."""
    caught: BaseException | None = None
    with reader.all_or_nothing(True), reader.offering(node):
        try:
            signal = reader.block(node.body, scope)
        except NotUnderstood:
            raise
        except BaseException as error:
            caught = error
    if caught is None:
        return signal or reader.block(node.orelse, scope)
    handler = handler_of(reader, node, caught, scope)
    if handler is None:
        raise caught
    with catching(reader, handler, caught, scope):
        return reader.block(handler.body, scope)


def handler_of(
    reader: Reader, node: ast.Try, error: BaseException, scope: Scope
) -> ast.ExceptHandler | None:
    """Return the handler that is for an exception, if there is one."""
    for handler in node.handlers:
        if handler.type is None:
            return handler
        reader.frame.line = handler.lineno
        with reader.handling(error):
            wanted = reader.value(handler.type, scope)
        # What isn't known is raised by what isn't known.
        kinds = [k for k in _flat(wanted) if type(k) is not Unknown]
        if any(not isinstance(kind, type) or not issubclass(kind, BaseException) for kind in kinds):
            raise TypeError(
                "catching classes that do not inherit from BaseException is not allowed"
            )
        if any(kind in type(error).__mro__ for kind in kinds):
            return handler
    return None


def _flat(wanted: object) -> list[object]:
    if not isinstance(wanted, tuple):
        return [wanted]
    return [kind for each in wanted for kind in _flat(each)]


class catching:  # a context is named as what it does
    """The context in which a handler is followed: the exception has its name."""

    def __init__(
        self, reader: Reader, handler: ast.ExceptHandler, error: BaseException, scope: Scope
    ) -> None:
        self.handling = reader.handling(error)
        self.handler = handler
        self.error = error
        self.scope = scope

    def __enter__(self) -> None:
        self.handling.__enter__()
        if self.handler.name:
            self.scope.set(self.handler.name, self.error)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: types.TracebackType | None,
    ) -> None:
        self.handling.__exit__(kind, raised, trace)
        if self.handler.name:
            self.scope.holder(self.handler.name).pop(self.handler.name, None)


# -- Definitions ---------------------------------------------------------------------------------


def _global(reader: Reader, node: ast.Global | ast.Nonlocal, scope: Scope) -> None:
    del reader, node, scope  # a function's names are worked out beforehand


def _import(reader: Reader, node: ast.Import, scope: Scope) -> None:
    for alias in node.names:
        module = scope.unit.import_name(reader, alias.name)
        if alias.asname is None:
            first = alias.name.split(".")[0]
            scope.set(first, scope.unit.import_name(reader, first))
        else:
            scope.set(alias.asname, module)


def _import_from(reader: Reader, node: ast.ImportFrom, scope: Scope) -> None:
    module, unit = node.module or "", scope.unit
    if module == "__future__" and any(each.name == "annotations" for each in node.names):
        scope.set("annotations", FUTURE)
        return
    for alias in node.names:
        if alias.name == "*":
            for name, value in unit.import_all(reader, module, node.level):
                scope.set(name, value)
        else:
            found = unit.import_from(reader, module, node.level, alias.name)
            scope.set(alias.asname or alias.name, found)


def _match(reader: Reader, node: ast.Match, scope: Scope) -> Signal | None:
    return reader.block(patterns.chosen(reader, node, scope), scope)


def _function(reader: Reader, node: ast.FunctionDef, scope: Scope) -> None:
    decorators = [reader.value(each, scope) for each in node.decorator_list]
    function = functions.make(reader, node, scope)
    arguments = node.args
    every = (*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs,
             arguments.kwarg)  # fmt: skip
    if node.returns is not None or any(each and each.annotation for each in every):
        noted = [(e.arg, e.annotation) for e in every if e is not None and e.annotation is not None]
        noted += [("return", node.returns)] if node.returns is not None else []
        for _, each in noted:
            _check_annotation(reader, each, scope)
        function._convcalc_noted = lambda: {k: annotation(reader, v, scope) for k, v in noted}
    scope.set(node.name, decorated(reader, node, decorators, function))


def _check_annotation(reader: Reader, node: ast.expr, scope: Scope) -> None:
    """Raise NameError for a name in an annotation that nobody set; its value is asked for later."""
    if scope.unit.names.get("annotations") is FUTURE:
        return
    for each in (node,) if isinstance(node, (ast.Name, ast.Constant)) else ast.walk(node):
        if isinstance(each, ast.Name):
            if scope.find(each.id) is MISSING and each.id not in reader.builtins:
                scope.unit.absent(each.id)
        elif isinstance(each, (ast.Call, ast.NamedExpr)):
            annotation(reader, each, scope)


def decorated(
    reader: Reader,
    node: ast.FunctionDef | ast.ClassDef,
    decorators: Sequence[object],
    value: object,
) -> object:
    """Return a function or class as its decorators leave it."""
    for each, decorator in zip(reversed(node.decorator_list), reversed(decorators), strict=True):
        if type(decorator) is Unknown and "register" in syntax.source_of(each):
            continue  # a registry keeps a thing as it is
        reader.frame.line = each.lineno
        value = reader.call(decorator, (value,), {})
    return value


def _class(reader: Reader, node: ast.ClassDef, scope: Scope) -> None:
    decorators = [reader.value(each, scope) for each in node.decorator_list]
    made = classes.statement(reader, node, scope)
    reader.frame.line = node.lineno
    scope.set(node.name, decorated(reader, node, decorators, made))


def _asynchronous(reader: Reader, node: ast.stmt, scope: Scope) -> None:
    if isinstance(node, ast.AsyncFunctionDef):
        scope.set(node.name, Unknown(f"{node.name} is async, which isn't followed"))
        return
    raise reader.not_understood(node)


STATEMENTS: dict[type[ast.AST], Statement] = {
    ast.Expr: _expression,  # type: ignore[dict-item]
    ast.Assign: _assignment,  # type: ignore[dict-item]
    ast.AnnAssign: _annotated,  # type: ignore[dict-item]
    ast.AugAssign: _augmented,  # type: ignore[dict-item]
    ast.Delete: _delete,  # type: ignore[dict-item]
    ast.Pass: _pass,
    ast.Return: _return,  # type: ignore[dict-item]
    ast.Break: _break,  # type: ignore[dict-item]
    ast.Continue: _continue,  # type: ignore[dict-item]
    ast.Raise: _raise,  # type: ignore[dict-item]
    ast.Assert: _assert,  # type: ignore[dict-item]
    ast.Import: _import,  # type: ignore[dict-item]
    ast.ImportFrom: _import_from,  # type: ignore[dict-item]
    ast.Global: _global,  # type: ignore[dict-item]
    ast.Nonlocal: _global,  # type: ignore[dict-item]
    ast.If: _if,  # type: ignore[dict-item]
    ast.For: _loop,  # type: ignore[dict-item]
    ast.While: _loop,  # type: ignore[dict-item]
    ast.With: _with,  # type: ignore[dict-item]
    ast.Try: _try,  # type: ignore[dict-item]
    ast.Match: _match,  # type: ignore[dict-item]
    ast.FunctionDef: _function,  # type: ignore[dict-item]
    ast.ClassDef: _class,  # type: ignore[dict-item]
    ast.AsyncFunctionDef: _asynchronous,
    ast.AsyncFor: _asynchronous,
    ast.AsyncWith: _asynchronous,
}
"""How each kind of statement is followed."""
