"""What is said of a network that doesn't fit: where, what is expected and comes, what would do."""

from __future__ import annotations

import ast
import re
import reprlib
from collections.abc import Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING

from convcalc import text
from convcalc.layers.base import Batch, per_sample
from convcalc.network.answer.misfits import Misfit
from convcalc.network.answer.rows import marked, shapes_of, sources_of
from convcalc.network.answer.tree import kept, layer_name, table
from convcalc.network.torch.errors import Details, details
from convcalc.network.torch.module import Module
from convcalc.reading.exceptions import TOLD, WORDS, Place, is_stated, passed, place_of
from convcalc.reading.functions import Function
from convcalc.reading.reader import Frame
from convcalc.reading.values import is_read

if TYPE_CHECKING:
    from convcalc.network.torch.tensor import Tensor

IMPORTS = {
    "F": "import torch.nn.functional as F", "nn": "import torch.nn as nn",
    "torch": "import torch", "np": "import numpy as np", "math": "import math",
    "OrderedDict": "from collections import OrderedDict",
    "partial": "from functools import partial",
    "copy": "import copy", "rearrange": "from einops import rearrange",
}  # fmt: skip

RESHAPES = ("view", "reshape", "torch.reshape")
ABSENT = re.compile(r"(type object )?'[\w.]+'( object)? has no attribute '\w+'.*", re.DOTALL)
"""What Python says of an attribute that isn't there."""
WOULD_DO = re.compile(r"[:,;] [^:;]*? would do$")
"""What a layer that stands alone is told."""
LONGEST = 1000
"""The most characters of a sentence that a program words."""
SHORT = reprlib.Repr()
SHORT.maxtuple = SHORT.maxlist = SHORT.maxdict = 20
SHORT.maxstring = SHORT.maxlong = SHORT.maxother = 200
"""What is quoted of a value, however large it is."""


def explained(error: BaseException, names: Mapping[int, str]) -> Misfit:
    """Return the sentence of an error; `names` are those of the modules by their identity."""
    told, at = details(error) or Details(), place_of(error)
    # What would do is said once it has been tried through the whole network.
    message, remedy = WOULD_DO.sub("", said(error)), ""
    module, inputs = told.module, told.inputs
    name = layer = None
    if at is None and isinstance(told.owner, Module):
        at = place_of_class(type(told.owner), str(error))
    if module is not None:
        at = at or kept(module).place  # where no line of theirs calls it, the one that makes it
        name, layer = names.get(id(module)) or None, layer_name(module)
        subject = f"{name} ({layer})" if name else layer
        joint = " " if message.split(" ")[0] in ("expects", "takes", "needs", "has") else ": "
        message = f"{subject}{joint}{message}"
        if kept(module).layer is not None:
            message += story(inputs[0], at) if inputs else ""
    elif told.operation:
        remedy = asked_for(told)
        if inputs and told.operation in RESHAPES:
            message += story(inputs[0], at)
    elif isinstance(error, AttributeError) and at is not None:
        remedy = set_without_self(told.owner or error.obj, told.attribute or error.name, at)
    elif isinstance(error, NameError):
        remedy = of_name(error)
    if remedy and not message.endswith("would do"):
        message += f": {remedy}"
    return Misfit(
        message=message,
        file=at.file if at else None,
        line=at.line if at else None,
        cell=at.cell if at else None,
        name=name,
        layer=layer or told.operation or None,
        input=shapes_of(inputs[0] if len(inputs) == 1 else inputs) if inputs else None,
        sources=tuple(sorted(sources_of(inputs))),
    )


def place_of_class(cls: type, said: str) -> Place | None:
    """Return where a class defines a method that is named in a sentence, or its first one."""
    own = [(name, each) for base in cls.__mro__ if is_read(base)
           for name, each in vars(base).items() if isinstance(each, Function)]  # fmt: skip
    own.sort(key=lambda named: re.search(rf"\b{named[0]}\b", said) is None)
    if not own:
        return None
    function = own[0][1]
    return function._convcalc_scope.unit.place(function._convcalc_node.lineno)


def said(error: BaseException) -> str:
    """Return what an exception says, in the words of this program where they are Python's."""
    told = isinstance(type(error).__str__, Function) or isinstance(error, (ImportError, OSError))
    words = str(error) if told else " ".join(map(_shortly, error.args))
    if is_stated(error):
        words = f"the model itself refuses: {words or type(error).__name__}"
    elif isinstance(error, AttributeError) and ABSENT.fullmatch(words):
        owner, name = error.obj, error.name or ""
        kind = owner.__name__ if isinstance(owner, type) else type(owner).__name__
        known = [each for each in attributes(owner) if not each.startswith("__")]
        words = f"{kind} has no attribute {name}{text.hint(name, known)}"
    elif TOLD in vars(error):
        words = vars(error)[TOLD]
    elif WORDS in vars(error):
        words = f"{vars(error)[WORDS]}: {words}"
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def _shortly(value: object) -> str:
    return value if isinstance(value, str) else SHORT.repr(value)


def attributes(owner: object) -> Iterator[str]:
    """Yield the names that somebody's object or class has, not those that come from torch."""
    cls = owner if isinstance(owner, type) else type(owner)
    if cls is not owner and is_read(cls):
        yield from getattr(owner, "__dict__", ())
    if isinstance(owner, Module):
        for each in ("_modules", "_parameters", "_buffers"):
            yield from table(owner, each)
    for base in cls.__mro__:
        yield from vars(base) if is_read(base) else ()


def asked_for(told: Details) -> str:
    """Return how many numbers a view asks for, and how many are there."""
    asked = [size for size in told.sizes if not isinstance(size, Batch)]
    others = [size for size in asked if isinstance(size, int) and size != -1]
    if told.operation not in RESHAPES or len(others) != len(told.sizes) - 1 or len(others) < 2:
        return ""
    there = prod(per_sample(told.inputs[0].shape))
    wanted = prod(others)
    if wanted == there:
        return ""
    return f"{text.shape(others)} = {wanted:,} numbers are asked for, {there:,} are there"


def story(tensor: Tensor, at: Place | None) -> str:
    """Return where the last size of a tensor comes from."""
    told = tensor.story
    if told is None or not told.place.line:
        return ""
    where = "the same line" if told.place == at else told.place.seen_from(at)
    return f", which is {text.shape(marked(told.before))} {told.verb} in {where}"


# ---------------------------------------------------------------------------------------------
# Names
# ---------------------------------------------------------------------------------------------


def set_without_self(owner: object, name: str | None, at: Place) -> str:
    """Return where a missing attribute is given to a plain name instead."""
    found = plain_name_of(owner, name)
    if found is None or found[0] == at:
        return ""
    return f"{found[0].seen_from(at)} sets {name}, where self.{name} is meant"


def plain_name_of(owner: object, name: str | None) -> tuple[Place, ast.Name] | None:
    """Return the plain name that the methods of an object's class set, and where that stands."""
    methods = [each for cls in type(owner).__mro__ if is_read(cls) for each in vars(cls).values()]
    for method in methods:
        for node in ast.walk(method._convcalc_node) if isinstance(method, Function) else ():
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name:
                return method._convcalc_scope.unit.place(node.lineno), node
    return None


def of_name(error: NameError) -> str:
    """Return where a name that isn't defined is to be had."""
    if error.name in IMPORTS:
        return f"{IMPORTS[error.name]} gives it"
    frame = next((each.frame for each in passed(error)), None)
    if not isinstance(frame, Frame) or frame.first is None:
        return ""
    owner = frame.scope.names.get(frame.first)
    return f"self.{error.name} is there" if error.name in set(attributes(owner)) else ""
