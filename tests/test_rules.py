"""The rules of the house that code can be asked about: what is given is heeded, facts stand once.

The order of files, their sizes and their maps are asked about in test_rooms.
"""

import ast
import operator

import pytest
from test_rooms import FILES, ONLY, PACKAGE, called, imported_files, inside, room_of

from convcalc.formulas import BYTES
from convcalc.network.torch.dtypes import DTYPES
from convcalc.network.torch.functions.paired import SIGNS
from convcalc.reading.expressions import OPERATORS
from convcalc.reading.values import Unknown

CODE = sorted(FILES + list(PACKAGE.rglob("*.py.txt")))
"""What runs, and what is written here in the Python that is read."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
EXCUSED = {
    "checking/child/module.py: Nothing.__call__": "it does nothing, whatever it is called with",
    "layers/base.py: Layer.companions": "a layer that keeps nothing besides keeps none for any",
    "layers/base.py: Layer.macs": "a layer that does no work does none for any inputs",
    "layers/linear.py: Bilinear.macs": "nor does this one, as PyTorch counts",
    "layers/linear.py: Identity.__init__": "PyTorch's takes whatever it is made with",
    "network/torch/module.py: Module.__new__": "an __init__ of somebody's takes them",
    "reading/values.py: _itself": "whatever is done with what isn't known, it isn't known",
}
"""Functions that take arguments which they don't look at, and why that is no fault."""


def functions(node, name=""):
    """Yield the functions within a piece of syntax, each with its name and those around it."""
    for each in ast.iter_child_nodes(node):
        inner = name
        if isinstance(each, (*FUNCTIONS, ast.ClassDef)):
            inner = f"{name}.{getattr(each, 'name', 'lambda')}".removeprefix(".")
        if isinstance(each, FUNCTIONS):
            yield inner, each
        yield from functions(each, inner)


def names_read(node):
    """Yield the names that are read in a piece of syntax, but for what is done to please others."""
    if isinstance(node, (ast.Delete, ast.Assert)):
        return
    if isinstance(node, ast.Assign) and all(getattr(to, "id", "") == "_" for to in node.targets):
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    for each in ast.iter_child_nodes(node):
        yield from names_read(each)


def is_refusal(statement):
    """Return whether a statement is a raise, or comes to nothing before one."""
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return constant or isinstance(statement, (ast.Raise, ast.Delete))


def unread(function):
    """Return the `*arguments` and `**named` that a function takes and doesn't read.

    A function that only raises refuses whatever it is given.
    """
    taken = {each.arg for each in (function.args.vararg, function.args.kwarg) if each}
    body = function.body if isinstance(function.body, list) else [function.body]
    if all(map(is_refusal, body)) and any(isinstance(each, ast.Raise) for each in body):
        return set()
    return taken - {name for statement in body for name in names_read(statement)}


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def unheeding(path):
    """Return the functions of a file that don't read all that they take."""
    found = functions(parsed(path))
    return {f"{inside(path)}: {name}" for name, function in found if unread(function)}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("def f(*a, **b): return a, b", set()),
        ("def f(*a, **b): pass", {"a", "b"}),
        ("def f(*a, **b):\n    del a\n    _ = b", {"a", "b"}),
        ("def f(*a):\n    assert not a", {"a"}),
        ("def f(*a): raise ValueError", set()),
        ("f = lambda *a: 1", {"a"}),
        ("def f(*a):\n    def g(): return a", set()),
    ],
)
def test_what_is_unread_is_seen(code, names):
    _, function = next(functions(ast.parse(code)))
    assert unread(function) == names


@pytest.mark.parametrize("path", CODE, ids=called)
def test_what_a_function_takes_it_reads(path):
    assert unheeding(path) - EXCUSED.keys() == set()


def test_every_excuse_is_needed():
    assert EXCUSED.keys() <= set().union(*map(unheeding, FILES))


def annotations(function):
    """Yield the arguments of a function with their types, and what it returns."""
    given = function.args
    named = (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg)
    for each in filter(None, named):
        if each.annotation is not None:
            yield each.arg, ast.unparse(each.annotation)
    if getattr(function, "returns", None) is not None:
        yield "return", ast.unparse(function.returns)


@pytest.mark.parametrize("path", FILES, ids=called)
def test_types_say_something(path):
    """What is read may be anything, which is `object`: then mypy asks what it is before its use."""
    for name, function in functions(parsed(path)):
        for argument, kind in annotations(function):
            words = ast.walk(ast.parse(kind))
            vague = any(isinstance(word, ast.Name) and word.id == "Any" for word in words)
            assert not (vague and room_of(path) == "reading"), (name, argument, kind)
            assert not (vague and argument in ("interpreter", "reader")), (name, argument, kind)


@pytest.mark.parametrize("path", [p for p in FILES if room_of(p) == "reading"], ids=called)
def test_what_is_read_knows_no_shapes(path):
    others = {room_of(each) for each in imported_files(path)} - {"reading", "__init__"}
    assert others <= ONLY["reading"]


# ---------------------------------------------------------------------------------------------
# Each table once
# ---------------------------------------------------------------------------------------------


def test_the_bytes_of_numbers_are_the_same_on_every_floor():
    """`formulas` stands below all and knows those that one asks for; torch has many more."""
    assert {name: DTYPES[name].itemsize for name in BYTES} == BYTES


def test_python_has_its_operators_once():
    """Whoever needs one takes it from there, by its syntax, its name or its sign."""
    tables = [
        inside(path)
        for path in FILES
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.Dict, ast.List, ast.Tuple, ast.Call))
        and sum(ast.unparse(each).startswith("operator.") for each in ast.iter_child_nodes(node))
        > 3
    ]
    assert tables == []
    python = {each.sign for each in OPERATORS.values()}
    torch = {each.sign for each in SIGNS}
    assert python - torch == {"@"}  # the product of matrices, which is none of their numbers
    assert torch <= python


def test_what_is_not_known_takes_every_operator():
    unknown = Unknown("this")
    for each in OPERATORS.values():
        assert each.apply(unknown, 1) is unknown
        assert each.in_place(unknown, 1) is unknown
        assert each.apply(1, unknown) is unknown
    for function in (operator.neg, operator.pos, operator.invert, abs):
        assert function(unknown) is unknown
