"""Which function of a file is meant, where only the file is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from convcalc.checking.calls.parameters import ALSO, Parameter, bind, letters
from convcalc.checking.child.source import Source
from convcalc.checking.operations import Operation
from convcalc.formulas import ConvcalcError
from convcalc.text import listed

NAMES = {
    "unfold": "unfold im2col im2colindices myunfold unfolding img2col image2col imtocol",
    "fold": "fold col2im col2imindices myfold folding col2img coltoim",
    "conv2d": (
        "conv2d conv convforward conv2dforward convforwardnaive convolution convolve convolve2d "
        "convolution2d myconv2d myconv conv2dnaive forward convlayer conv2dlayer"
    ),
    "conv2d_backward": (
        "conv2dbackward convbackward convbackwardnaive conv2dgrad convgrad backward "
        "convolutionbackward backwardconv backwardconv2d"
    ),
}
"""What people call each operation, without underscores and capitals."""
MOST_LISTED = 4


def chosen(source: Source, operation: Operation, path: str) -> str:
    """Return the function that has the operation's name, or the only one that takes what it takes.

    A class counts by its name. Raises ConvcalcError where there is none, or more than one.
    """
    names = list(source.defined)
    known = NAMES[operation.name].split()
    for candidates in (
        [name for name in names if name == operation.name],
        [name for name in names if letters(name) in known],
        [*_taking(source, operation)],
    ):
        if len(candidates) > 1:
            shown = candidates[:MOST_LISTED]
            raise ConvcalcError(
                f"{path}: {listed(shown, 'or')} may be {operation.name}: "
                f"{path}:{candidates[0]} for example says which"
            )
        if candidates:
            return _method(source, candidates[0], operation)
    some = f", only {listed(names[:MOST_LISTED])}" if names else ": there is no function in it"
    raise ConvcalcError(f"{path} has nothing that looks like {operation.name}{some}")


def _method(source: Source, name: str, operation: Operation) -> str:
    """Return the method of a class that is meant."""
    methods = source.methods(name)
    if operation.name == "conv2d_backward" and "backward" in methods and "apply" not in methods:
        return f"{name}.backward"
    return name


def _taking(source: Source, operation: Operation) -> Iterator[str]:
    """Yield the functions whose parameters are those of the operation, by their names."""
    for name, node in source.defined.items():
        if isinstance(node, ast.FunctionDef):
            parameters = [*_parameters(node)]
            wanted = [{letters(each), *ALSO[each].split()} for each in operation.required]
            given = {letters(each.name) for each in parameters}
            if all(names & given for names in wanted):
                try:
                    bind(operation, name, parameters)
                except ConvcalcError:
                    continue
                yield name


def _parameters(node: ast.FunctionDef) -> Iterator[Parameter]:
    arguments = node.args
    placed = [*arguments.posonlyargs, *arguments.args]
    required = len(placed) - len(arguments.defaults)
    for at, each in enumerate(placed):
        yield Parameter(each.arg, "EITHER", at < required)
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield Parameter(each.arg, "KEYWORD_ONLY", default is None)
