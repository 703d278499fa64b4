"""What might mend a name that isn't there, and a call whose arguments aren't right."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from convcalc import text
from convcalc.network.answer.remedies import IMPORTS, attributes, plain_name_of, said
from convcalc.network.mending import calls, layers
from convcalc.network.mending.fault import Candidate, Fault
from convcalc.network.mending.source import Change
from convcalc.reading.exceptions import Place


def of_names(fault: Fault) -> Iterator[Candidate]:
    """Yield other names for one that isn't there, and other numbers for a call's own."""
    error = fault.error
    yield from of_tuple(fault)
    yield from of_class(fault)
    if fault.told.attribute == "forward":
        yield from of_forward(fault)
    if isinstance(error, AttributeError):
        yield from _of_attribute(fault, error)
    elif isinstance(error, NameError):
        yield from _of_name(fault, error.name or "")
    elif fault.told.attribute and isinstance(error, TypeError):
        yield from _of_keyword(fault)
    elif not fault.told.operation and fault.told.module is None:
        yield from _of_keyword(fault)
        if fault.step is not None and fault.call is not None and fault.source is not None:
            yield from layers.of_arguments(fault, fault.source, fault.call, fault.step)
        yield from of_unpacking(fault)


def _of_attribute(fault: Fault, error: AttributeError) -> Iterator[Candidate]:
    """Yield the attribute that is meant: set to a plain name elsewhere, or most like this one."""
    owner, name = fault.told.owner or error.obj, fault.told.attribute or error.name or ""
    found = plain_name_of(owner, name)
    if found is not None:
        source = fault.source_at(found[0])
        if source is not None:
            change = source.replaced(found[1], f"self.{name}")
            yield from fault.candidate(source, found[1], change)
        return
    near = text.nearest(name, [each for each in attributes(owner) if each[:2] != "__"])
    told = re.search(r" has no (\w+): (\w+) is the nearest name$", str(error))
    if told is not None:  # of what isn't theirs
        name, near = told.groups()
    if near is None or fault.at is None:
        return
    for where, node in fault.nodes_at(fault.at, ast.Attribute):
        assert isinstance(node, ast.Attribute)
        words = where.text_of(node)
        if node.attr == name and words is not None:
            new = f"{words[: -len(name)]}{near}"
            yield from fault.replaced(where, node, new, words=new)


def of_forward(fault: Fault) -> Iterator[Candidate]:
    """Yield the name forward for a method whose own is most like it."""
    at = fault.attempt.answer.error
    found = re.search(r": (\w+) is the nearest name$", str(fault.error))
    if at is None or at.file is None or at.line is None or found is None:
        return
    for source, node in fault.nodes_at(Place(at.file, at.line, at.cell), ast.FunctionDef):
        if getattr(node, "name", None) == found[1]:
            line = source.lines[node.lineno - 1]  # type: ignore[attr-defined]
            start = line.index(found[1])
            change = Change(source.path, node.lineno, start, start + len(found[1]), "forward")  # type: ignore[attr-defined]
            yield from fault.candidate(source, node, change, words="def forward")


def of_class(fault: Fault) -> Iterator[Candidate]:
    """Yield the call of a class that stands where a module of it is meant."""
    if fault.call is None or fault.source is None or "Module subclass" not in str(fault.error):
        return
    for node in calls.given(fault.call):
        words = fault.source.text_of(node)
        if isinstance(node, (ast.Name, ast.Attribute)) and words is not None:
            yield from fault.replaced(fault.source, node, f"{words}()", words=f"{words}()")


def of_tuple(fault: Fault) -> Iterator[Candidate]:
    """Yield the first of a tuple that is taken for a tensor, as what an LSTM gives is."""
    error, kinds = fault.error, (ast.Attribute, ast.Subscript)
    taken = isinstance(error, AttributeError) and type(error.obj) is tuple
    if fault.at is None or not (taken or str(error).startswith("tuple indices must be")):
        return
    for source, node in fault.nodes_at(fault.at, *kinds):
        assert isinstance(node, kinds)
        if isinstance(node, ast.Attribute) and isinstance(error, AttributeError):
            if node.attr != error.name:
                continue
        words = source.text_of(node.value)
        if words is not None:
            yield from fault.replaced(source, node.value, f"{words}[0]")


def _of_name(fault: Fault, name: str) -> Iterator[Candidate]:
    """Yield the import that gives a name, or the attribute that is meant by it."""
    if fault.at is None:
        return
    if name in IMPORTS:
        source = fault.source_at(fault.at)
        body = source.tree.body if source is not None else []
        first = next((each for each in body if isinstance(each, (ast.Import, ast.ImportFrom))),
                     None)  # fmt: skip
        if source is not None and first is not None:
            change = Change(source.path, first.lineno, 0, 0, f"{IMPORTS[name]}\n")
            yield from fault.candidate(source, first, change, words=IMPORTS[name])
        return
    for where, node in fault.nodes_at(fault.at, ast.Name):
        assert isinstance(node, ast.Name)
        if node.id == name:
            yield from fault.replaced(where, node, f"self.{name}")


def _of_keyword(fault: Fault) -> Iterator[Candidate]:
    """Yield the argument that is most like one that a call doesn't take."""
    call, source = fault.call, fault.source
    found = re.search(r"there is no argument (\w+), the arguments are (.*)", str(fault.error))
    if call is None or source is None or found is None:
        return
    near = text.nearest(found[1], found[2].split(", "))
    for keyword in call.keywords:
        if keyword.arg == found[1] and near is not None:
            at = source.column(keyword.lineno, keyword.col_offset)
            change = Change(source.path, keyword.lineno, at, at + len(found[1]), near)
            yield from fault.candidate(source, keyword, change, words=f"{near}=")


def of_unpacking(fault: Fault) -> Iterator[Candidate]:
    """Yield what makes as many values as there are names: numbers of a call, or of a layer."""
    found = re.fullmatch(r"(\d+) values are given to (\d+) names.*", said(fault.error))
    if found is None or fault.at is None:
        return
    many, names = int(found[1]), int(found[2])
    for source, node in fault.nodes_at(fault.at, ast.Assign):
        assert isinstance(node, ast.Assign)
        for each in ast.walk(node.value):
            if isinstance(each, ast.Constant) and type(each.value) is int and each.value == many:
                yield from fault.replaced(source, each, str(names))
    rows = [row for row in fault.attempt.answer.rows if row.name is not None and row.called]
    modules = {name: each for each, name in fault.reading.trace.modules()}
    module = modules.get(rows[-1].name or "") if rows else None
    if module is not None:
        for name in layers.GIVES:
            size = layers.arguments_of(module).get(name)
            if isinstance(size, int) and size * names % many == 0:
                yield from layers.with_number(fault, module, name, size * names // many, rank=1)
