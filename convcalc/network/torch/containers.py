"""nn.Sequential and its like as PyTorch 2.13 has them: modules and parameters in lists and dicts.

Source: https://docs.pytorch.org/docs/stable/nn.html#containers
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from itertools import chain
from operator import index
from typing import Any, TypeVar

from convcalc import text
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.module import Module, indented, typename
from convcalc.network.torch.tensor import Parameter, Tensor
from convcalc.reading.values import Needed, Unknown, Value, public

Listed = TypeVar("Listed", bound="Sequential | ModuleList")
Row = TypeVar("Row", bound="ParameterList")
Table = TypeVar("Table", bound="ParameterDict")


def _place(self: Module, at: object, length: int) -> int:
    """Return a place counted from the front; raise where there is none."""
    if not isinstance(at, (int, Value)):
        raise misfit(f"{type(self).__name__} is indexed by numbers, not by {at!r}", TypeError)
    place = index(at)  # type: ignore[arg-type]
    if not -length <= place < length:
        what = "values" if isinstance(self, ParameterList) else "modules"
        raise misfit(
            f"index {place} is beyond the {length:,} {what} of {type(self).__name__}", IndexError
        )
    return place % length


def _uncalled(self: Module, *input: object) -> object:
    """Raise, whatever comes in: modules in a list or a dict aren't called together."""
    del input
    raise misfit("has no forward: its modules are called one by one", NotImplementedError)


def _without_numbers(self: Module) -> list[str]:
    return [name for name in Module.__dir__(self) if not name.isdigit()]


@public
class Sequential(Module):
    """Modules that are called one after the other."""

    __module__ = "torch.nn.modules.container"

    def __init__(self, *args: object) -> None:
        super().__init__()
        first = args[0] if len(args) == 1 else None
        named = first.items() if isinstance(first, OrderedDict) else enumerate(args)
        for name, module in named:
            self.add_module(str(name) if isinstance(name, int) else name, module)

    def _get_item_by_idx(self, iterator: Iterable[Any], idx: object) -> Any:
        return list(iterator)[_place(self, idx, len(self))]

    def __getitem__(self, idx: object) -> object:
        if isinstance(idx, slice):
            return type(self)(OrderedDict(list(self._modules.items())[idx]))
        return self._get_item_by_idx(self._modules.values(), idx)

    def __setitem__(self, idx: object, module: object) -> None:
        setattr(self, self._get_item_by_idx(self._modules, idx), module)

    def __delitem__(self, idx: object) -> None:
        names = list(self._modules)
        for name in names[idx] if isinstance(idx, slice) else [self._get_item_by_idx(names, idx)]:
            delattr(self, name)
        left = self._modules.values()
        self._modules = OrderedDict((str(at), module) for at, module in enumerate(left))

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[object]:
        return iter(self._modules.values())

    __dir__ = _without_numbers

    def __add__(self, other: object) -> Sequential:
        return Sequential(*self, *self._convcalc_other(other))

    def __iadd__(self, other: object) -> Sequential:
        return self.extend(self._convcalc_other(other))

    @staticmethod
    def _convcalc_other(other: object) -> Sequential:
        if isinstance(other, Unknown):
            raise Needed(other)
        if not isinstance(other, Sequential):
            raise misfit(
                "add operator supports only objects of Sequential class, but "
                f"{typename(other)} is given.",
                ValueError,
            )
        return other

    def _convcalc_times(self, other: object) -> int:
        if isinstance(other, Unknown):
            raise Needed(other)
        if not isinstance(other, int):
            given = f"{typename(self)} and {typename(other)}"
            raise misfit(f"unsupported operand type(s) for *: {given}", TypeError)
        if other <= 0:
            message = f"Non-positive multiplication factor {other} for {typename(self)}"
            raise misfit(message, ValueError)
        return other

    def __mul__(self, other: object) -> Sequential:
        made = Sequential()
        for _ in range(self._convcalc_times(other)):
            made.extend(self)
        return made

    __rmul__ = __mul__

    def __imul__(self, other: object) -> Sequential:
        times = self._convcalc_times(other)
        first = [self._modules[str(at)] for at in range(len(self))]
        for _ in range(times - 1):
            self.extend(first)
        return self

    def forward(self, input: object) -> object:  # type: ignore[override]
        """Call each module with what comes out of the one before."""
        for module in self:
            if isinstance(module, Unknown):
                raise Needed(module)
            input = module(input)  # type: ignore[operator]
        return input

    def append(self: Listed, module: object) -> Listed:
        """Add a module at the end."""
        self.add_module(str(len(self)), module)
        return self

    def pop(self: Listed, key: object) -> object:
        """Return a module and remove it."""
        found = self[key]
        del self[key]
        return found

    def insert(self, index: int, module: object) -> Sequential:
        """Add a module before the one at a place."""
        if isinstance(module, Unknown):
            raise Needed(module)
        if not isinstance(module, Module):
            raise misfit("module should be of type: torch.nn.Module", AssertionError)
        length = len(self._modules)
        if not -length <= index <= length:
            raise misfit(f"Index out of range: {index}", IndexError)
        _insert(self._modules, index + length if index < 0 else index, module)
        return self

    def extend(self, sequential: Iterable[object]) -> Sequential:
        """Add modules at the end."""
        for module in sequential:
            self.append(module)
        return self


def _insert(modules: dict[str, Module | None], at: int, module: object) -> None:
    """Put a module at a place, with those after it moved by one, as PyTorch does it."""
    for place in range(len(modules), at, -1):
        modules[str(place)] = modules[str(place - 1)]
    modules[str(at)] = module  # type: ignore[assignment]


@public
class ModuleList(Module):
    """Modules in a list."""

    __module__ = "torch.nn.modules.container"

    def __init__(self, modules: object = None) -> None:
        super().__init__()
        if modules is not None:
            self += modules

    def _get_abs_string_index(self: Module, idx: object) -> str:
        return str(_place(self, idx, len(self)))  # type: ignore[arg-type]

    def __getitem__(self, idx: object) -> object:
        if isinstance(idx, slice):
            return type(self)(list(self._modules.values())[idx])
        return self._modules[self._get_abs_string_index(idx)]

    def __setitem__(self, idx: object, module: object) -> None:
        setattr(self, self._get_abs_string_index(idx), module)

    def __delitem__(self, idx: object) -> None:
        places = range(len(self._modules))
        for place in places[idx] if isinstance(idx, slice) else [self._get_abs_string_index(idx)]:
            delattr(self, str(place))
        left = self._modules.values()
        self._modules = OrderedDict((str(at), module) for at, module in enumerate(left))

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[object]:
        return iter(self._modules.values())

    __dir__ = _without_numbers

    def __iadd__(self, modules: object) -> ModuleList:
        return self.extend(modules)

    def __add__(self, other: Iterable[object]) -> ModuleList:
        return ModuleList(chain(self, other))

    def __repr__(self) -> str:
        runs: list[tuple[int, int, str]] = []
        for at, module in enumerate(self):
            shown = repr(module)
            same = bool(runs) and runs[-1][2] == shown
            first = runs.pop()[0] if same else at
            runs.append((first, at, shown))
        lines = [
            f"\n  ({first}): {indented(shown)}" if first == last else
            f"\n  ({first}-{last}): {last - first + 1} x {indented(shown)}"
            for first, last, shown in runs
        ]  # fmt: skip
        return f"{self._get_name()}({''.join(lines)}" + ("\n)" if lines else ")")

    append, pop, forward = Sequential.append, Sequential.pop, _uncalled

    def insert(self, index: int, module: object) -> None:
        """Add a module before the one at a place."""
        _insert(self._modules, index, module)

    def extend(self, modules: object) -> ModuleList:
        """Add modules at the end."""
        offset = len(self)
        for at, module in enumerate(_iterable(modules, "ModuleList.extend", "an iterable")):
            self.add_module(str(offset + at), module)
        return self


def _iterable(value: object, name: str, what: str) -> Iterable[object]:
    """Return what may be iterated over; raise TypeError as PyTorch does."""
    if isinstance(value, Unknown):
        raise Needed(value)
    if not isinstance(value, Iterable) or isinstance(value, Tensor):
        got = type(value).__name__
        raise misfit(f"{name} should be called with {what}, but got {got}", TypeError)
    return value


def _pairs(
    values: object, name: str, ordered: Callable[[object], bool]
) -> Iterator[tuple[object, object]]:
    """Yield the keys and values of a mapping or of a list of pairs, as `update` takes them."""
    given = _iterable(values, f"{name}.update", "an iterable of key/value pairs")
    if ordered(given):
        yield from given.items()  # type: ignore[attr-defined]
    elif isinstance(given, Mapping):
        yield from sorted(given.items())
    else:
        for at, pair in enumerate(given):
            what = f"{name} update sequence element #{at}"
            if not isinstance(pair, Iterable):
                kind = type(pair).__name__
                raise misfit(f"{what} should be Iterable; is{kind}", TypeError)
            both = list(pair)
            if len(both) != 2:
                raise misfit(f"{what} has length {len(both)}; 2 is required", ValueError)
            yield both[0], both[1]


@public
class ModuleDict(Module):
    """Modules in a dict."""

    __module__ = "torch.nn.modules.container"

    forward = _uncalled

    def __init__(self, modules: object = None) -> None:
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key: str) -> object:
        if key in self._modules:
            return self._modules[key]
        hint = text.hint(str(key), self._modules)
        raise misfit(f"there is no module {key}{hint}", KeyError)

    def __setitem__(self, key: str, module: object) -> None:
        self.add_module(key, module)

    def __delitem__(self, key: str) -> None:
        self[key]  # raises where there is none
        del self._modules[key]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: object) -> bool:
        return key in self._modules

    def clear(self) -> None:
        """Remove all of them."""
        self._modules.clear()

    def pop(self, key: str) -> object:
        """Return a module and remove it."""
        found = self[key]
        del self[key]
        return found

    def keys(self) -> KeysView[str]:
        """Return the names."""
        return self._modules.keys()

    def items(self) -> ItemsView[str, object]:
        """Return the names and modules."""
        return self._modules.items()

    def values(self) -> ValuesView[object]:
        """Return the modules."""
        return self._modules.values()

    def update(self, modules: object) -> None:
        """Add modules by their names."""
        for key, module in _pairs(
            modules, "ModuleDict", lambda given: isinstance(given, (Mapping, ModuleDict))
        ):
            self[key] = module  # type: ignore[index]


def _line(key: object, value: object, kind: Callable[[Tensor], object]) -> str:
    """Return a line of what a list or dict of parameters shows."""
    if not isinstance(value, Tensor):
        return f"  ({key}): Object of type: {type(value).__name__}"
    size = "x".join(str(int(each)) for each in value.shape)
    name = "Parameter" if isinstance(value, Parameter) else "Tensor"
    return f"  ({key}): {name} containing: [{kind(value)} of size {size}]"


def _old_type(tensor: Tensor) -> str:
    """Return the name of the type of tensors that says their kind of numbers."""
    from convcalc.network.torch.functions.creating import TYPES  # here, as few show them

    return next(f"torch.{name}" for name, cls in TYPES.items() if cls.dtype is tensor.dtype)  # type: ignore[attr-defined]


def _learnt(value: object) -> object:
    """Return a tensor as a parameter, and anything else as it is."""
    if isinstance(value, Tensor) and not isinstance(value, Parameter):
        made = Parameter(value.shape, dtype=value.dtype)
        made.values = value.values
        return made
    return value


@public
class ParameterList(Module):
    """Parameters in a list."""

    __module__ = "torch.nn.modules.container"
    _size: int

    def __init__(self, values: object = None) -> None:
        super().__init__()
        self._size = 0
        if values is not None:
            self += values

    _get_abs_string_index = ModuleList._get_abs_string_index

    def __getitem__(self, idx: object) -> object:
        if isinstance(idx, slice):
            return type(self)().extend(self[at] for at in range(len(self))[idx])
        return getattr(self, self._get_abs_string_index(idx))

    def __setitem__(self, idx: object, param: object) -> None:
        setattr(self, self._get_abs_string_index(idx), _learnt(param))

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[object]:
        return iter(self[at] for at in range(len(self)))

    __dir__ = _without_numbers

    def __iadd__(self: Row, parameters: object) -> Row:
        return self.extend(parameters)

    def append(self: Row, value: object) -> Row:
        """Add a value at the end."""
        self._size += 1
        self[self._size - 1] = value
        return self

    def extend(self: Row, values: object) -> Row:
        """Add values at the end."""
        for value in _iterable(values, "ParameterList.extend", "an iterable"):
            self.append(value)
        return self

    def extra_repr(self) -> str:
        """Return a line for each value."""
        return "\n".join(_line(at, each, lambda one: one.dtype) for at, each in enumerate(self))

    def __call__(self, *arguments: object, **named: object) -> object:
        """Raise: it can't be called, with whatever arguments."""
        del arguments, named
        raise misfit("ParameterList should not be called.")


@public
class ParameterDict(Module):
    """Parameters in a dict."""

    __module__ = "torch.nn.modules.container"
    _keys: dict[str, None]

    def __init__(self, parameters: object = None) -> None:
        super().__init__()
        self._keys = {}
        if parameters is not None:
            self.update(parameters)

    def _key_to_attr(self, key: object) -> str:
        if isinstance(key, Unknown):
            raise Needed(key)
        if not isinstance(key, str):
            message = f"a ParameterDict has texts as its keys, {typename(key)} is none"
            raise misfit(message, TypeError)
        return key

    def __getitem__(self, key: object) -> object:
        return getattr(self, self._key_to_attr(key))

    def __setitem__(self, key: object, value: object) -> None:
        self._keys[self._key_to_attr(key)] = None
        setattr(self, self._key_to_attr(key), _learnt(value))

    def __delitem__(self, key: object) -> None:
        if self._key_to_attr(key) not in self._keys:
            raise misfit(str(key), KeyError)
        del self._keys[self._key_to_attr(key)]
        delattr(self, self._key_to_attr(key))

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __reversed__(self) -> Iterator[str]:
        return reversed(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def copy(self) -> ParameterDict:
        """Return a dict of the same parameters."""
        return ParameterDict(OrderedDict(self.items()))

    def setdefault(self, key: str, default: object = None) -> object:
        """Return what has a name, which is the default if there is nothing yet."""
        if key not in self:
            self[key] = default
        return self[key]

    def clear(self) -> None:
        """Remove all of them."""
        for key in list(self._keys):
            del self[key]

    def pop(self, key: str) -> object:
        """Return a value and remove it."""
        found = self[key]
        del self[key]
        return found

    def popitem(self) -> tuple[str, object]:
        """Return the last name and value and remove them."""
        if not self._keys:
            raise misfit("popitem(): dictionary is empty", KeyError)
        key = list(self._keys)[-1]
        return key, self.pop(key)

    def get(self, key: str, default: object = None) -> object:
        """Return what has a name, or the default."""
        return self[key] if key in self else default  # noqa: SIM401  # which would call this

    def fromkeys(self, keys: Iterable[str], default: object = None) -> ParameterDict:
        """Return a dict that has the same value under each of the names."""
        return ParameterDict((key, default) for key in keys)

    def keys(self) -> KeysView[str]:
        """Return the names."""
        return self._keys.keys()

    def items(self) -> Iterator[tuple[str, object]]:
        """Yield the names and values."""
        return ((key, self[key]) for key in self._keys)

    def values(self) -> Iterator[object]:
        """Yield the values."""
        return (self[key] for key in self._keys)

    def update(self, parameters: object) -> None:
        """Add values by their names, in order where those of a plain dict come in."""
        for key, value in _pairs(
            parameters,
            "ParameterDict",
            lambda given: isinstance(given, (OrderedDict, ParameterDict)),
        ):
            self[key] = value

    def extra_repr(self) -> str:
        """Return a line for each value."""
        return "\n".join(_line(key, each, _old_type) for key, each in self.items())

    def __call__(self, input: object) -> object:  # type: ignore[override]
        """Raise: it can't be called."""
        raise misfit("ParameterDict should not be called.")

    def __or__(self, other: object) -> ParameterDict:
        made = self.copy()
        made.update(other)
        return made

    def __ror__(self, other: ParameterDict) -> ParameterDict:
        made = other.copy()
        made.update(self)
        return made

    def __ior__(self: Table, other: object) -> Table:
        self.update(other)
        return self


CONTAINERS: dict[str, type[Module]] = {
    cls.__name__: cls
    for cls in (Module, Sequential, ModuleList, ModuleDict, ParameterList, ParameterDict)
}
