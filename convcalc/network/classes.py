"""How a class of somebody's file is made, and an object of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convcalc import text
from convcalc.network import natives
from convcalc.network.containers import MODULE
from convcalc.network.modules import (
    MISSING,
    Builtin,
    Class,
    Function,
    Instance,
    Module,
    Property,
)
from convcalc.network.refusals import NotUnderstood, Raised, Unknown
from convcalc.network.scopes import Scope

ANNOTATIONS = "__annotations__"


def annotate(scope: Scope, name: str, annotation: str) -> None:
    """Keep that a class has an annotated name, which dataclasses go by."""
    scope.names.setdefault(ANNOTATIONS, {})[name] = annotation


def made(
    interpreter: Any, name: str, bases: Sequence[Any], body: Scope, named: dict[str, Any]
) -> Any:
    """Return the class of these bases and this body."""
    parents: list[Class] = []
    namespace = body.names
    for base in bases:
        if isinstance(base, natives.Ignored):
            continue
        if isinstance(base, Class):
            parents.append(base)
        elif isinstance(base, Unknown):
            namespace["?"] = f"a base of {name} isn't known: {base.why}"
        elif isinstance(base, natives.NativeType):
            namespace["?"] = f"a class made from {base.name} isn't followed"
        else:
            raise Raised(f"{natives.kind(base)} is no base of a class", "TypeError")
    metaclass = named.get("metaclass")
    if isinstance(metaclass, (Class, Unknown)) and not _is_enum(parents):
        namespace["?"] = f"{name} has a metaclass, which isn't followed"
    interpreter.charge(sum(len(parent.mro) for parent in parents) ** 2 >> 6)
    try:
        own = interpreter.frame.file.own
        cls = Class(name, parents, namespace, own=own, module=interpreter.frame.file.module)
    except ValueError as error:
        raise Raised(f"class {name}: {error}", "TypeError") from None
    body.owner = cls
    cls.place = interpreter.frame.place
    if _is_enum(parents):
        _enumerate(cls)
    elif cls.find("fields of a tuple") is not MISSING:
        make_record(interpreter, cls, tuple_like=True)
    hook = cls.after(cls, "__init_subclass__")
    if isinstance(hook, Function):
        raise NotUnderstood(f"__init_subclass__ of a base of {name} isn't followed")
    return cls


# ---------------------------------------------------------------------------------------------
# Objects
# ---------------------------------------------------------------------------------------------


def instantiate(
    interpreter: Any, cls: Class, arguments: Sequence[Any], named: dict[str, Any]
) -> Any:
    """Return an object of a class."""
    for each in cls.mro:
        if "?" in each.namespace:
            return Unknown(each.namespace["?"])
    if "members" in cls.namespace:
        return _member(cls, arguments)
    if isinstance(cls.find("__new__"), Function):
        raise NotUnderstood(f"{cls.name}.__new__ isn't followed")
    module = cls.is_a(MODULE)
    made: Instance = Module(cls) if module else Instance(cls)
    if isinstance(made, Module):
        made.place = interpreter.frame.place
        made.node = interpreter.frame.node
        if made.node is not None:
            interpreter.made_by[made.node] += 1
    init = cls.find("__init__")
    if isinstance(init, Unknown):
        return init
    interpreter.constructing += module
    try:
        if init is not MISSING:
            interpreter.called(init, [made, *arguments], named)
        elif arguments or named:
            raise Raised(f"{cls.name}() takes no arguments", "TypeError")
    finally:
        interpreter.constructing -= module
    return made


# ---------------------------------------------------------------------------------------------
# Enumerations
# ---------------------------------------------------------------------------------------------


ENUM = Class("Enum", [], {"enumerates": True})
AUTO = object()
"""What auto() stands for: one more than the member before."""


def _is_enum(parents: Sequence[Class]) -> bool:
    return any(parent.find("enumerates") is not MISSING for parent in parents)


def _enumerate(cls: Class) -> None:
    """Make the values of a class body the members of an enumeration."""
    members: dict[str, Instance] = {}
    for name, value in list(cls.namespace.items()):
        if name.startswith("_") or name in ("?", ANNOTATIONS):
            continue
        if isinstance(value, (Function, Property, Builtin)) or hasattr(value, "function"):
            continue
        if value is AUTO:
            before = [each.attributes["value"] for each in members.values()]
            value = max((each for each in before if isinstance(each, int)), default=0) + 1
        member = Instance(cls)
        member.attributes |= {"name": name, "value": value, "_value_": value, "_name_": name}
        members[name] = member
        cls.namespace[name] = member
    cls.namespace["members"] = members


def _member(cls: Class, arguments: Sequence[Any]) -> Any:
    wanted = arguments[0] if arguments else None
    for member in cls.namespace["members"].values():
        if member is wanted or natives.equal(member.attributes["value"], wanted):
            return member
    raise Raised(f"{natives.words(wanted)} is no {cls.name}", "ValueError")


# ---------------------------------------------------------------------------------------------
# Dataclasses and tuples with names
# ---------------------------------------------------------------------------------------------


class Field:
    """A field of a dataclass that field() makes."""

    __slots__ = ("default", "factory")

    def __init__(self, default: Any, factory: Any) -> None:
        self.default = default
        self.factory = factory


def field(default: Any = MISSING, default_factory: Any = MISSING, **named: Any) -> Field:
    """Return a field of a dataclass."""
    return Field(default, default_factory)


def fields_of(cls: Class) -> dict[str, Any]:
    """Return the fields of a dataclass with their defaults, those of its bases first."""
    found: dict[str, Any] = {}
    for each in reversed(cls.mro):
        for name, annotation in each.namespace.get(ANNOTATIONS, {}).items():
            if not annotation.startswith(("ClassVar", "typing.ClassVar")):
                found[name] = each.namespace.get(name, MISSING)
    return found


def dataclass(interpreter: Any, cls: Any = None, **named: Any) -> Any:
    """Make a dataclass, as a decorator with arguments or without."""
    if cls is None:
        return Builtin("dataclass", lambda i, cls: make_record(i, cls), reads=True)
    if isinstance(cls, Class):
        make_record(interpreter, cls)
    return cls


PLAIN = (int, float, str, bool, type(None), list, tuple, dict)
"""What is compared as Python's own values are."""


def make_record(interpreter: Any, cls: Class, tuple_like: bool = False) -> Class:
    """Give a class the __init__ that its fields make."""

    def init(reader: Any, self: Instance, *arguments: Any, **named: Any) -> None:
        fields = fields_of(cls)
        if len(arguments) > len(fields):
            raise Raised(
                f"{cls.name} takes {text.counted(len(fields), 'argument')}, gets {len(arguments)}",
                "TypeError",
            )
        given = dict(zip(fields, arguments, strict=False)) | named
        for name in given:
            if name not in fields:
                raise Raised(f"{cls.name} has no field {name}{reader.nearest(name, fields)}",
                             "TypeError")  # fmt: skip
        for name, default in fields.items():
            value = given.get(name, default)
            if isinstance(value, Field):
                value = (
                    reader.called(value.factory, [], {})
                    if value.factory is not MISSING
                    else value.default
                )
            if value is MISSING:
                raise Raised(f"{cls.name} isn't given its {name}", "TypeError")
            self.attributes[name] = value
        after = self.cls.find("__post_init__")
        if isinstance(after, Function):
            reader.called(after, [self], {})

    def alike(reader: Any, self: Instance, other: Any) -> Any:
        if not isinstance(other, Instance) or other.cls is not self.cls:
            return False
        pairs = [(self.attributes[name], other.attributes[name]) for name in fields_of(cls)]
        if all(isinstance(each, PLAIN) for pair in pairs for each in pair):
            return all(natives.equal(*map(natives.traversable, pair)) for pair in pairs)
        return Unknown(f"whether two objects of {cls.name} are alike isn't followed")

    if "__init__" not in cls.namespace:
        cls.namespace["__init__"] = Builtin(f"{cls.name}.__init__", init, reads=True)
    if "__eq__" not in cls.namespace and not tuple_like:
        cls.namespace["__eq__"] = Builtin(f"{cls.name}.__eq__", alike, reads=True)
    if tuple_like:
        values = Builtin("values", lambda i, self: list(self.attributes.values()), reads=True)
        cls.namespace["__iter__"] = values
        cls.namespace["__len__"] = Builtin("len", lambda self: len(self.attributes))
        cls.namespace["__getitem__"] = Builtin(
            "item", lambda self, key: natives.item(tuple(self.attributes.values()), key)
        )
        cls.namespace["_replace"] = Builtin("_replace", replace, reads=True)
        cls.namespace["_asdict"] = Builtin("_asdict", lambda self: dict(self.attributes))
    return cls


NAMED_TUPLE = Class("NamedTuple", [], {"fields of a tuple": True})


def namedtuple(interpreter: Any, name: str, names: Any, defaults: Any = (), **more: Any) -> Class:
    """Return the class of a tuple with names."""
    listed = names.replace(",", " ").split() if isinstance(names, str) else list(names)
    cls = Class(name, [], {ANNOTATIONS: dict.fromkeys(listed, "")}, own=True)
    values = list(defaults or ())
    for key, value in zip(listed[len(listed) - len(values) :], values, strict=True):
        cls.namespace[key] = value
    return make_record(interpreter, cls, tuple_like=True)


def replace(interpreter: Any, record: Instance, **changes: Any) -> Instance:
    """Return a dataclass's object with other values."""
    made = Instance(record.cls)
    made.attributes = {**record.attributes, **changes}
    return made
