"""Classes, instances and the tree of modules, with names as `named_modules()` gives them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from convcalc.layers.base import Layer, Lazy
from convcalc.network.refusals import NotUnderstood, Place, Unknown
from convcalc.network.tensors import Parameter, Tensor

MISSING: Any = object()
"""What a look-up returns where there is nothing."""


class Builtin:
    """A function of Python or a library, written here.

    Where `reads` is set, it is handed the interpreter before its own arguments.
    """

    __slots__ = ("function", "name", "reads")

    def __init__(self, name: str, function: Callable[..., Any], reads: bool = False) -> None:
        self.name = name
        self.function = function
        self.reads = reads

    def __repr__(self) -> str:
        return self.name


def reading(functions: dict[str, Callable[..., Any]]) -> dict[str, Builtin]:
    """Return functions by their names, each handed the interpreter before its own arguments."""
    return {
        name: Builtin(name.rpartition(".")[2], function, reads=True)
        for name, function in functions.items()
    }


class Function:
    """A function of somebody's file, with the scope that it was made in."""

    __slots__ = ("attributes", "defaults", "file", "generator", "name", "node", "scope")

    def __init__(self, name: str, node: Any, scope: Any, file: Any) -> None:
        self.name = name
        self.node = node
        self.scope = scope
        self.file = file
        self.defaults: dict[str, Any] = {}
        self.generator: bool | None = None
        """Whether it yields; None before its first call."""
        self.attributes: dict[str, Any] = {}

    @property
    def owner(self) -> Class | None:
        """The class in whose body it stands, for super()."""
        return self.scope.owner  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return self.name


class Bound:
    """A function with the object that it is called on."""

    __slots__ = ("function", "owner")

    def __init__(self, function: Any, owner: Any) -> None:
        self.function = function
        self.owner = owner

    def __repr__(self) -> str:
        return repr(self.function)


class Partial:
    """A function with some arguments that it is given already."""

    __slots__ = ("arguments", "function", "named")

    def __init__(self, function: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        self.function = function
        self.arguments = arguments
        self.named = named


class Property:
    """A property: its getter, and its setter if there is one."""

    __slots__ = ("getter", "setter")

    def __init__(self, getter: Any, setter: Any = None) -> None:
        self.getter = getter
        self.setter = setter


class Static:
    """A static method."""

    __slots__ = ("function",)

    def __init__(self, function: Any) -> None:
        self.function = function


class ClassMethod:
    """A method of the class."""

    __slots__ = ("function",)

    def __init__(self, function: Any) -> None:
        self.function = function


class Class:
    """A class of somebody's file, or one of a library that is written here."""

    def __init__(
        self,
        name: str,
        bases: list[Class],
        namespace: dict[str, Any],
        *,
        own: bool = False,
        layer: type[Layer] | None = None,
        module: str = "",
    ) -> None:
        self.name = name
        self.bases = bases
        self.namespace = namespace
        self.own = own
        """Whether it stands in somebody's file."""
        self.layer = layer
        """What PyTorch's layer of this name does."""
        self.module = module
        self.place: Place | None = None
        self.mro = merged([self], bases)

    def find(self, name: str) -> Any:
        """Return what a name is worth in the class or its bases."""
        for each in self.mro:
            value = each.namespace.get(name, MISSING)
            if value is not MISSING:
                return value
        return MISSING

    def after(self, owner: Class, name: str) -> Any:
        """Return what a name is worth behind one of the bases: what super() finds."""
        at = self.mro.index(owner) + 1 if owner in self.mro else 0
        for each in self.mro[at:]:
            value = each.namespace.get(name, MISSING)
            if value is not MISSING:
                return value
        return MISSING

    def is_a(self, other: Class) -> bool:
        """Return whether it is another class, or made from it."""
        return other in self.mro

    def __repr__(self) -> str:
        return self.name


def merged(first: list[Class], bases: list[Class]) -> list[Class]:
    """Return the order in which methods are looked up: Python's C3 linearisation."""
    sequences = [list(base.mro) for base in bases] + [list(bases)]
    order = list(first)
    while any(sequences):
        for sequence in sequences:
            head = sequence[0] if sequence else None
            if head is not None and not any(head in other[1:] for other in sequences):
                break
        else:
            raise ValueError("the bases of the class have no order")
        assert head is not None
        order.append(head)
        for sequence in sequences:
            if sequence and sequence[0] is head:
                del sequence[0]
    return order


LONGEST_NAME = 1000
"""The most characters of a module's name: those of all that is in it begin with it."""


class Instance:
    """An object of a class."""

    def __init__(self, cls: Class) -> None:
        self.cls = cls
        self.attributes: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"<{self.cls.name}>"


class Module(Instance):
    """An object of a class made from nn.Module, a torch layer among them."""

    def __init__(self, cls: Class) -> None:
        super().__init__(cls)
        self.ready = False
        """Whether nn.Module's own __init__ was called."""
        self.parameters: dict[str, Any] = {}
        self.buffers: dict[str, Any] = {}
        self.children: dict[str, Any] = {}
        self.training = True
        self.layer: Layer | None = None
        self.arguments: tuple[tuple[Any, ...], dict[str, Any]] = ((), {})
        """What the layer was made of."""
        self.changed: set[str] = set()
        """Attributes of the layer that were set afterwards."""
        self.place: Place | None = None
        """Where it was made."""
        self.node: ast.Call | None = None
        self.calls = 0

    def fill(self, layer: Layer) -> None:
        """Take over the parameters and buffers of a layer."""
        self.layer = layer
        if isinstance(layer, Lazy):
            return  # it has none before its first input
        for name, shape in layer.parameters().items():
            if "." not in name:
                self.parameters[name] = None if shape is None else Parameter(shape)
        for name, shape in layer.buffers().items():
            self.buffers[name] = Tensor(shape)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield the children that are there."""
        for name, child in self.children.items():
            if child is not None:
                yield name, child

    def named_modules(
        self, prefix: str = "", seen: set[int] | None = None
    ) -> Iterator[tuple[str, Module]]:
        """Yield itself and all below, each once, by the name of the first place."""
        seen = set() if seen is None else seen
        if id(self) in seen:
            return
        seen.add(id(self))
        yield prefix, self
        for name, child in self.children.items():
            if isinstance(child, Unknown):
                raise NotUnderstood(f"the module {name} isn't known: {child.why}")
        for name, child in self.named_children():
            yield from child.named_modules(f"{prefix}.{name}" if prefix else name, seen)

    def own_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Yield the parameters that stand in this very module."""
        for name, parameter in self.parameters.items():
            if isinstance(parameter, Parameter):
                yield name, parameter

    def named_parameters(self, prefix: str = "") -> Iterator[tuple[str, Parameter]]:
        """Yield every parameter once, those that are shared too."""
        seen: set[int] = set()
        for path, module in self.named_modules(prefix):
            for name, parameter in module.own_parameters():
                if id(parameter) not in seen:
                    seen.add(id(parameter))
                    yield f"{path}.{name}" if path else name, parameter
