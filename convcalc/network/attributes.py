"""What an object's attributes and items are worth, and what setting them does."""

from __future__ import annotations

import operator
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from inspect import signature
from itertools import count
from typing import Any

from convcalc.network import natives
from convcalc.network.functions import attributes as tensor_methods
from convcalc.network.methods import METHODS
from convcalc.network.modules import (
    MISSING,
    Bound,
    Builtin,
    Class,
    ClassMethod,
    Function,
    Instance,
    Module,
    Partial,
    Property,
    Static,
)
from convcalc.network.refusals import Final, NotUnderstood, Raised, Unknown
from convcalc.network.tensors import Parameter, Tensor


class Super:
    """What super() returns: an object, seen from behind one of its classes."""

    __slots__ = ("first", "owner")

    def __init__(self, owner: Class, first: Any) -> None:
        self.owner = owner
        self.first = first


class Library:
    """A module of a library, and what its names are worth."""

    __slots__ = ("find", "name")

    def __init__(self, name: str, find: Any) -> None:
        self.name = name
        self.find = find

    def __repr__(self) -> str:
        return self.name


def get(interpreter: Any, owner: Any, name: str) -> Any:
    """Return an attribute of any value; raise AttributeError as Python would."""
    if isinstance(owner, Instance):
        return of_instance(interpreter, owner, name)
    if isinstance(owner, Tensor):
        return tensor_methods.attribute(interpreter, owner, name)
    if isinstance(owner, Library):
        hidden = name.startswith("__") and owner.name == "torch.nn"
        value = MISSING if hidden else owner.find(name)
        return Unknown(f"{owner.name}.{name} isn't followed") if value is MISSING else value
    if isinstance(owner, Class):
        return of_class(interpreter, owner, name)
    if isinstance(owner, Super):
        return of_super(interpreter, owner, name)
    if isinstance(owner, Unknown):
        return owner
    if isinstance(owner, Function):
        if name in ("__name__", "__qualname__"):
            wrapped = owner.attributes.get("__wrapped__")
            return owner.name if wrapped is None else get(interpreter, wrapped, name)
        if name == "__module__":
            return owner.file.module
        return owner.attributes.get(name, Unknown(f"{owner.name}.{name} isn't followed"))
    if isinstance(owner, (Bound, Builtin, Partial)):
        if name in ("__name__", "__qualname__"):
            return repr(owner)
        if isinstance(owner, Partial) and name == "func":
            return owner.function
        return of_builtin(interpreter, owner, name)
    if isinstance(owner, Property) and name in ("setter", "getter", "deleter"):
        return Builtin(name, lambda function: Property(owner.getter, function))
    if hasattr(type(owner), "attribute_of"):  # a file
        return owner.attribute_of(interpreter, name)
    return of_native(interpreter, owner, name)


def of_builtin(interpreter: Any, owner: Any, name: str) -> Any:
    """Return a method of a type of Python: dict.fromkeys, str.lower."""
    if isinstance(owner, Builtin) and owner.name == "dict" and name == "fromkeys":
        return Builtin(
            name,
            lambda i, keys, value=None: {natives.hashable(i, key): value for key in i.items(keys)},
            reads=True,
        )
    if isinstance(owner, Builtin) and owner.name == "chain" and name == "from_iterable":
        return Builtin(name, lambda i, many: owner.function(i, *i.items(many)), reads=True)
    found = METHODS.get(f"{owner!r}.{name}")
    if found is None and isinstance(owner, natives.NativeType):
        for type_ in owner.types:
            check_followed(type_, name)
    return Unknown(f"{owner!r}.{name} isn't followed") if found is None else found


def of_native(interpreter: Any, owner: Any, name: str) -> Any:
    """Return a method of a plain value."""
    if isinstance(owner, natives.Pair) and name in owner.NAMES:
        return owner[owner.NAMES.index(name)]
    for kind in type(owner).__mro__:
        method = METHODS.get(f"{kind.__name__}.{name}")
        if method is not None:
            return Bound(method, owner)
    if isinstance(owner, (int, float)) and name in ("real", "imag"):
        return owner if name == "real" else 0
    for type_ in type(owner).__mro__:
        check_followed(type_, name)
    if isinstance(owner, Iterator):
        raise NotUnderstood(f"{name} of an iterator isn't followed")
    absent = isinstance(owner, (list, tuple, dict, str, set)) or owner is None
    if absent and name not in NAMES[type(None) if owner is None else plain_type(owner)]:
        known = [key.split(".")[1] for key in METHODS if key.startswith(f"{type(owner).__name__}.")]
        near = interpreter.nearest(name, known)
        raise Raised(f"{natives.kind(owner)} has no {name}{near}", "AttributeError")
    return Unknown(f"{natives.kind(owner)}.{name} isn't followed")


def plain_type(owner: Any) -> type:
    """Return the type of Python that a value is of."""
    return next(type_ for type_ in type(owner).__mro__ if type_ in NAMES)


STANDING_IN: dict[type, tuple[type, ...]] = {
    list: (deque,), dict: (OrderedDict, Counter, defaultdict), set: (), tuple: (), str: (),
    type(None): (),
}  # fmt: skip
"""Python's types, each with those that it stands in for here."""
NAMES = {
    type_: frozenset(name for each in (type_, *others) for name in dir(each))
    for type_, others in STANDING_IN.items()
}
"""What they have, by their names."""
CHANGING = (list, dict, set)
"""Types whose values a method may change."""


def check_followed(type_: type, name: str) -> None:
    """Refuse a method that isn't followed where it may change its object."""
    if type_ in CHANGING and name in NAMES[type_]:
        raise NotUnderstood(f"{type_.__name__}.{name} isn't followed")


def stored(owner: Instance, name: str) -> Any:
    """Return what an object itself holds under a name."""
    value = owner.attributes.get(name, MISSING)
    if value is MISSING and isinstance(owner, Module):
        for kept in (owner.parameters, owner.buffers, owner.children):
            if name in kept:
                return kept[name]
    return value


def of_instance(interpreter: Any, owner: Instance, name: str) -> Any:
    """Return an attribute of an object: properties, its own, its class's, __getattr__."""
    found = owner.cls.find(name)
    if isinstance(found, Property):
        return interpreter.called(found.getter, [owner], {})
    if found is not MISSING and name not in owner.attributes:
        # nn.Module looks among modules, parameters and buffers only for what isn't there else.
        return bound(found, owner, owner.cls)
    value = stored(owner, name)
    if value is not MISSING:
        return value
    if name == "__class__":
        return owner.cls
    if name == "__module__":
        return owner.cls.module
    if name == "__dict__":
        return owner.attributes
    if isinstance(owner, Module):
        if name == "training":
            return owner.training
        if owner.layer is not None and name in vars(owner.layer):
            return vars(owner.layer)[name]
        if owner.layer is not None and isinstance(getattr(type(owner.layer), name, None), property):
            return getattr(owner.layer, name)
        if name in ("_modules", "_parameters", "_buffers"):
            return getattr(owner, {"_modules": "children"}.get(name, name[1:]))
    fallback = owner.cls.find("__getattr__")
    if fallback is not MISSING:
        return interpreter.called(fallback, [owner, name], {})
    raise absent(interpreter, owner, name)


def absent(interpreter: Any, owner: Instance, name: str) -> Exception:
    """Return the error of an attribute that isn't there, with the name that is most like it."""
    for cls in owner.cls.mro:
        if "?" in cls.namespace:
            return NotUnderstood(cls.namespace["?"])
    failed = owner.cls.is_a(natives.EXCEPTIONS["BaseException"])
    if name in dir(BaseException if failed else object):
        return NotUnderstood(f"{owner.cls.name}.{name} isn't followed")
    if isinstance(owner, Module) and (name in NOT_FOLLOWED or _is_setting(owner, name)):
        return NotUnderstood(f"{owner.cls.name}.{name} isn't followed")
    names = [*owner.attributes]
    if isinstance(owner, Module):
        names += [*owner.children, *owner.parameters, *owner.buffers]
    for cls in owner.cls.mro:
        names += [each for each in cls.namespace if cls.own]
    near = interpreter.nearest(name, [each for each in names if not each.startswith("__")])
    error = Raised(f"{owner.cls.name} has no attribute {name}{near}", "AttributeError")
    error.owner, error.attribute = owner, name
    return error


def _is_setting(owner: Module, name: str) -> bool:
    """Return whether an attribute is one that PyTorch's layer has, and isn't kept here."""
    if owner.layer is None:
        return False
    return name in signature(type(owner.layer)).parameters


NOT_FOLLOWED = {
    "register_module_forward_hook", "compile", "ipu", "xpu",
    "set_extra_state", "get_extra_state", "to_empty", "_apply", "_forward_hooks", "_version",
    "_get_name", "_load_from_state_dict", "_save_to_state_dict", "_forward_pre_hooks",
    "_reversed_padding_repeated_twice", "transposed", "_flat_weights", "_all_weights",
    "all_weights",
}  # fmt: skip
"""What nn.Module has and isn't followed."""


def bound(found: Any, owner: Any, cls: Class) -> Any:
    """Return what a class's attribute is, seen from an object."""
    if isinstance(found, (Function, Builtin)) and not isinstance(
        found, (natives.NativeType, natives.Ignored)
    ):
        return Bound(found, owner)
    if isinstance(found, Static):
        return found.function
    if isinstance(found, ClassMethod):
        return Bound(found.function, cls)
    return found


def of_class(interpreter: Any, owner: Class, name: str) -> Any:
    """Return an attribute of a class."""
    found = owner.find(name)
    if found is MISSING:
        if name == "__name__" or name == "__qualname__":
            return owner.name
        if name == "__mro__":
            return tuple(owner.mro)
        if name == "__module__":
            return owner.module
        if name == "__members__":
            return dict(owner.namespace.get("members", {}))
        unread = any("?" in cls.namespace for cls in owner.mro)
        if name in OF_OBJECT and owner.own and not unread:
            return Builtin(name, lambda self, *arguments: _of_object(name, self, arguments))
        if unread or not owner.own or name in dir(type):
            return Unknown(f"{owner.name}.{name} isn't followed")
        near = interpreter.nearest(name, [n for cls in owner.mro for n in cls.namespace])
        raise Raised(f"{owner.name} has no attribute {name}{near}", "AttributeError")
    if isinstance(found, Static):
        return found.function
    if isinstance(found, ClassMethod):
        return Bound(found.function, owner)
    return found


def of_super(interpreter: Any, owner: Super, name: str) -> Any:
    """Return an attribute of what super() returns."""
    first = owner.first
    if first is None:
        if name == "__init__":  # of super itself, which nothing comes of
            return Builtin(name, lambda *arguments, **named: None)
        raise Raised(f"super({owner.owner.name}) stands for no object: it has no {name}",
                     "AttributeError")  # fmt: skip
    cls = first if isinstance(first, Class) else first.cls
    found = cls.after(owner.owner, name)
    if found is MISSING:
        if name in ("__init__", "__init_subclass__", "__setattr__", "__post_init__"):
            return _plain_super(first, name)
        if isinstance(first, Module):
            value = stored(first, name)
            if value is not MISSING:
                return value
        raise Raised(f"the bases of {owner.owner.name} have no {name}", "AttributeError")
    if isinstance(found, Property):
        return interpreter.called(found.getter, [first], {})
    return bound(found, first, cls)


OF_OBJECT = ("__init__", "__init_subclass__", "__post_init__")
"""What every class has of object, and does nothing."""


def _of_object(name: str, first: Any, arguments: Sequence[Any]) -> None:
    if name == "__init__" and arguments:
        raise Raised("the __init__ of object takes no arguments", "TypeError")


def _plain_super(first: Any, name: str) -> Any:
    if name == "__setattr__":
        return Builtin(name, lambda i, key, value: assign(i, first, key, value), reads=True)
    return Builtin(name, lambda *arguments, **named: None)


def _is_kept(owner: Instance, value: Any) -> bool:
    """Return whether nn.Module keeps a value apart, whatever its class has under that name."""
    return isinstance(owner, Module) and isinstance(value, (Module, Parameter))


def put(interpreter: Any, owner: Any, name: str, value: Any) -> None:
    """Set an attribute."""
    if isinstance(owner, Instance):
        found = owner.cls.find(name)
        if isinstance(found, Property) and not _is_kept(owner, value):
            if found.setter is None:
                raise Raised(f"{owner.cls.name}.{name} can't be set", "AttributeError")
            interpreter.called(found.setter, [owner, value], {})
            return
        setter = owner.cls.find("__setattr__")
        if isinstance(setter, Function):
            interpreter.called(setter, [owner, name, value], {})
            return
        assign(interpreter, owner, name, value)
    elif isinstance(owner, Class):
        if is_own(owner, name):
            owner.namespace[name] = value
    elif isinstance(owner, Function):
        owner.attributes[name] = value
    elif isinstance(owner, Tensor):
        tensor_methods.put(owner, name, value)
    elif isinstance(owner, Library):
        if not isinstance(owner.find(name), Unknown) and owner.find(name) is not MISSING:
            raise Final(f"{owner.name}.{name} is made something else, which isn't followed")
    elif isinstance(owner, Unknown):
        return  # it changes nothing that is followed
    elif hasattr(type(owner), "attribute_of"):
        owner.read(interpreter)
        owner.scope.set(name, value)
    else:
        raise Raised(f"{natives.kind(owner)} has no attributes to set", "AttributeError")


HARMLESS = {"reset_parameters", "__repr__", "extra_repr", "__name__", "__doc__", "__module__"}
"""What may be changed of a class of torch, since no shape hangs on it."""


def is_own(owner: Class, name: str) -> bool:
    """Return whether a class is somebody's, which may change; refuse what changes torch's."""
    if not owner.own and name not in HARMLESS:
        raise Final(f"{owner.name}.{name} is made something else, which isn't followed")
    return owner.own


def assign(interpreter: Any, owner: Instance, name: str, value: Any) -> None:
    """Set an attribute of an object, whose modules and parameters are told apart."""
    if not isinstance(owner, Module):
        if name == "__dict__" and isinstance(value, dict):
            owner.attributes = value
        else:
            owner.attributes[name] = value
        return
    if isinstance(value, (Parameter, Module)):
        what = "parameters" if isinstance(value, Parameter) else "module"
        if not owner.ready:
            raise Raised(
                f"{owner.cls.name}.{name} is set before super().__init__() was called: PyTorch "
                f"cannot assign {what} before Module.__init__()",
                "AttributeError",
            )
        for kept in (owner.attributes, owner.buffers, owner.parameters, owner.children):
            if kept is not (owner.parameters if what == "parameters" else owner.children):
                kept.pop(name, None)
        if isinstance(value, Parameter):
            check_free(owner, name, owner.parameters)
            if owner.layer is not None and name in owner.parameters:
                _follow_parameter(owner, name, value)
            owner.parameters[name] = value
        else:
            owner.children[name] = value
        return
    for kept, what in ((owner.parameters, "a parameter"), (owner.children, "a module")):
        if name in kept:
            if isinstance(value, Unknown):
                del kept[name]
                owner.attributes[name] = value
                return
            if value is not None:
                raise Raised(
                    f"{owner.cls.name}.{name} is {what}, {natives.kind(value)} can't be assigned",
                    "TypeError",
                )
            kept[name] = None
            if owner.layer is not None:
                _follow_removal(owner, name)
            return
    if name in owner.buffers:
        if value is not None and not isinstance(value, (Tensor, Unknown)):
            raise Raised(
                f"{owner.cls.name}.{name} is a buffer, {natives.kind(value)} can't be assigned",
                "TypeError",
            )
        owner.buffers[name] = value
    elif name == "training":
        owner.training = bool(value)
    elif owner.layer is not None and name in vars(owner.layer):
        _follow_change(owner, name, value)
    else:
        owner.attributes[name] = value


def check_free(owner: Module, name: str, kept: dict[str, Any]) -> None:
    """Raise where a name is taken by something else than what is kept in this way."""
    others = (owner.attributes, owner.parameters, owner.buffers, owner.children)
    elsewhere = any(name in each for each in others if each is not kept)
    if name not in kept and (elsewhere or owner.cls.find(name) is not MISSING):
        raise Raised(f"{owner.cls.name} has a {name} already", "KeyError")


def _follow_parameter(owner: Module, name: str, value: Parameter) -> None:
    """Note where a layer gets a parameter of another shape than its own."""
    assert owner.layer is not None
    expected = owner.layer.parameters().get(name)
    if expected is None or tuple(expected) != value.shape:
        owner.changed.add(name)


def _follow_removal(owner: Module, name: str) -> None:
    """Make a layer anew without the bias that it is left without."""
    assert owner.layer is not None
    arguments, named = owner.arguments
    places = signature(type(owner.layer))
    if name != "bias" or "bias" not in places.parameters:
        owner.changed.add(name)
        return
    given = {**places.bind(*arguments, **named).arguments, "bias": False}
    owner.layer = type(owner.layer)(**given)
    owner.arguments = ((), given)


def _follow_change(owner: Module, name: str, value: Any) -> None:
    """Make a layer anew with another setting, where that leaves its parameters as they are."""
    layer = owner.layer
    assert layer is not None
    arguments, named = owner.arguments
    try:
        given = signature(type(layer)).bind(*arguments, **named).arguments
        other = type(layer)(**{**given, name: value})
    except (TypeError, ValueError):
        owner.changed.add(name)
        return
    if isinstance(value, Unknown) or other.parameters() != layer.parameters():
        owner.changed.add(name)
        return
    owner.layer = other
    owner.arguments = ((), {**given, name: value})


def remove(interpreter: Any, owner: Any, name: str) -> None:
    """Take an attribute away."""
    if isinstance(owner, Class):
        if is_own(owner, name):
            owner.namespace.pop(name, None)
        return
    if not isinstance(owner, Instance):
        raise NotUnderstood(f"del of an attribute of {natives.kind(owner)} isn't followed")
    kept: list[dict[str, Any]] = [owner.attributes]
    if isinstance(owner, Module):
        kept += [owner.parameters, owner.buffers, owner.children]
    for each in kept:
        if each.pop(name, MISSING) is not MISSING:
            return
    raise absent(interpreter, owner, name)


def forget(owner: Instance | Class, name: str, unknown: Unknown) -> None:
    """Make an attribute unknown."""
    if isinstance(owner, Class):
        if is_own(owner, name):
            owner.namespace[name] = unknown
        return
    if isinstance(owner, Module):
        for kept in (owner.parameters, owner.buffers, owner.children):
            kept.pop(name, None)
        if owner.layer is not None and name in vars(owner.layer):
            owner.changed.add(name)
    owner.attributes[name] = unknown


# ---------------------------------------------------------------------------------------------
# Items
# ---------------------------------------------------------------------------------------------


def item(interpreter: Any, owner: Any, key: Any) -> Any:
    """Return what an object or class holds under a key."""
    if isinstance(owner, Class):
        method = owner.find("__class_getitem__")
        if method is not MISSING:
            return interpreter.called(bound(method, owner, owner), [key], {})
        if isinstance(key, str) and key in owner.namespace.get("members", {}):
            return owner.namespace["members"][key]
        return owner  # Generic[T]
    return interpreter.called(_method(interpreter, owner, "__getitem__"), [owner, key], {})


def put_item(interpreter: Any, owner: Any, key: Any, value: Any) -> None:
    """Put something into a container."""
    if isinstance(owner, Instance):
        method = _method(interpreter, owner, "__setitem__")
        interpreter.called(method, [owner, key, value], {})
    elif isinstance(owner, Tensor):
        tensor_methods.put_item(interpreter, owner, key, value)
    elif isinstance(owner, Unknown):
        return
    elif isinstance(key, Unknown):
        raise NotUnderstood(f"where it is put isn't known: {key.why}")
    elif isinstance(owner, dict):
        owner[natives.hashable(interpreter, key)] = value
        natives.bounded(owner)
    elif isinstance(owner, list):
        if isinstance(key, slice):
            value = list(interpreter.items(value))
        key = natives.plain_key(owner, key)
        natives.tried(f"[{natives.words(key)}]", operator.setitem, owner, key, value)
        natives.bounded(owner)
    else:
        raise Raised(f"{natives.kind(owner)} takes no items", "TypeError")


def remove_item(interpreter: Any, owner: Any, key: Any) -> None:
    """Take an item away."""
    if isinstance(owner, Instance):
        interpreter.called(_method(interpreter, owner, "__delitem__"), [owner, key], {})
        return
    if not isinstance(owner, (dict, list)) or isinstance(key, Unknown):
        raise NotUnderstood(f"del of an item of {natives.kind(owner)} isn't followed")
    if isinstance(owner, dict):
        natives.hashable(interpreter, key)
    try:
        del owner[key]
    except (KeyError, IndexError, TypeError):
        raise Raised(f"there is no item {natives.words(key)}", "KeyError") from None


def _method(interpreter: Any, owner: Instance, name: str) -> Any:
    method = owner.cls.find(name)
    if method is MISSING:
        for cls in owner.cls.mro:
            if "?" in cls.namespace:
                raise NotUnderstood(cls.namespace["?"])
        hint = ""
        if name == "__getitem__":
            hint = ", so that it has no items"
        raise Raised(f"{owner.cls.name} has no {name}{hint}", "TypeError")
    return method


def iterate(interpreter: Any, owner: Any) -> Iterable[Any]:
    """Return what going through an object or class goes through."""
    if isinstance(owner, Class):
        members = owner.namespace.get("members")
        if members is None:
            raise Raised(f"the class {owner.name} can't be gone through", "TypeError")
        return list(members.values())
    method = owner.cls.find("__iter__")
    if method is not MISSING:
        made = interpreter.called(method, [owner], {})
        if made is owner:
            return _stepped(interpreter, owner)
        return interpreter.items(made)  # type: ignore[no-any-return]
    if owner.cls.find("__getitem__") is not MISSING:
        return _by_index(interpreter, owner)
    raise Raised(f"an object of {owner.cls.name} can't be gone through", "TypeError")


def _stepped(interpreter: Any, owner: Instance) -> Iterable[Any]:
    while True:
        try:
            with interpreter.strictly():
                value = interpreter.called(_method(interpreter, owner, "__next__"), [owner], {})
        except Raised as error:
            if error.kind != "StopIteration":
                raise
            return
        yield value


def _by_index(interpreter: Any, owner: Instance) -> Iterable[Any]:
    for at in count():
        try:
            with interpreter.strictly():
                value = item(interpreter, owner, at)
        except Raised as error:
            if error.kind != "IndexError":
                raise
            return
        yield value


def contains(interpreter: Any, owner: Any, value: Any) -> Any:
    """Return whether a container holds a value."""
    if isinstance(owner, Unknown):
        return owner
    if isinstance(owner, Instance):
        method = owner.cls.find("__contains__")
        if method is not MISSING:
            return interpreter.truth(interpreter.called(method, [owner, value], {}))
        owner = list(iterate(interpreter, owner))
    if isinstance(value, Unknown):
        return value
    natives.weigh(interpreter, value)
    if isinstance(owner, str):
        natives.weigh(interpreter, owner)
        if not isinstance(value, str):
            raise Raised(f"{natives.kind(value)} in a text has no meaning", "TypeError")
        return value in owner
    if isinstance(owner, (dict, set, frozenset, range)):
        return natives.hashable(interpreter, value) in owner
    if isinstance(owner, natives.NESTED):
        natives.weigh(interpreter, owner)
    for each in interpreter.items(owner, ordered=False):
        if isinstance(each, Unknown):
            return each
        if natives.equal(each, value):
            return True
    return False


def truth(interpreter: Any, owner: Instance) -> bool:
    """Return whether an object counts as true."""
    for name in ("__bool__", "__len__"):
        method = owner.cls.find(name)
        if method is not MISSING:
            return bool(interpreter.truth(interpreter.called(method, [owner], {})))
    return True


def length(interpreter: Any, owner: Instance) -> Any:
    """Return len() of an object."""
    return interpreter.called(_method(interpreter, owner, "__len__"), [owner], {})


def call(interpreter: Any, owner: Instance, arguments: Any, named: dict[str, Any]) -> Any:
    """Call an object."""
    method = owner.cls.find("__call__")
    if method is MISSING:
        for cls in owner.cls.mro:
            if "?" in cls.namespace:
                raise NotUnderstood(cls.namespace["?"])
        raise Raised(f"an object of {owner.cls.name} can't be called", "TypeError")
    return interpreter.called(method, [owner, *arguments], named)
