"""The one gate through which a program reaches attributes.

Only what stands here can be reached: the attributes of classes that were read and of their
instances, the public names of Python's own types, and what a `Value` gives. What leads from there
to the reader itself (frames, code, globals, all classes that there are) is sealed.
"""

from __future__ import annotations

import collections
import functools
import re
import types
from collections.abc import Callable, Iterable, Sequence

from convcalc.reading.exceptions import HIDDEN, Final, NotUnderstood, forgotten
from convcalc.reading.values import (
    MARK,
    MISSING,
    WRITTEN_HERE,
    Library,
    Unknown,
    Value,
    is_open,
    is_read,
)

SEALED = frozenset(
    "__globals__ __code__ __closure__ __builtins__ __reduce__ __reduce_ex__ "
    "__getstate__ __setstate__ __loader__ __spec__ __weakref__ __sizeof__ __objclass__ "
    "gi_frame gi_code gi_yieldfrom gi_suspended cr_frame cr_code ag_frame ag_code "
    "tb_frame tb_next f_globals f_locals f_builtins f_back f_code "
    "__text_signature__ __basicsize__ __flags__ __itemsize__ __dictoffset__ __weakrefoffset__ "
    "__static_attributes__ __firstlineno__ __del__".split()
)
"""Attributes that lead out of the program."""

OF_CLASSES = frozenset("__name__ __qualname__ __module__ __mro__ __bases__ __base__ mro".split())
ASKED = frozenset(
    "__doc__ __class__ __dict__ __name__ __qualname__ __module__ __wrapped__ __func__ __self__ "
    "__annotations__ __defaults__ __kwdefaults__".split()
)

OF_C = (
    types.BuiltinFunctionType, types.MethodWrapperType, types.WrapperDescriptorType,
    types.MethodDescriptorType, types.ClassMethodDescriptorType, type(re.compile("").match),
)  # fmt: skip
"""What Python's functions that are written in C are."""
NAMED = frozenset("__name__ __qualname__ __doc__ __module__ __call__ __get__".split())
"""What a function that isn't read is asked for."""

PLAIN: tuple[type, ...] = (
    int, float, complex, bool, str, bytes, bytearray, list, tuple, dict, set, frozenset, range,
    slice, type(None), type(...), type(NotImplemented), object, property, staticmethod,
    classmethod, type({}.keys()), type({}.values()), type({}.items()), types.GeneratorType,
    functools.partial, reversed, collections.OrderedDict, collections.defaultdict,
    collections.deque, types.MappingProxyType, re.Pattern, re.Match, types.GetSetDescriptorType,
    types.MemberDescriptorType, types.GenericAlias, types.UnionType,
    type(collections.OrderedDict().keys()), type(collections.OrderedDict().values()),
    type(collections.OrderedDict().items()),
)  # fmt: skip
"""Python's own types whose public names a program may reach."""
_PLAIN = frozenset(PLAIN)
_ITERABLES: tuple[Iterable[object], ...] = (
    [], (), {}, set(), "", "é", b"", range(0), {}.keys(), {}.values(), {}.items(),
)  # fmt: skip
_ITERATORS = frozenset(type(iter(each)) for each in _ITERABLES) | {
    type(reversed([])),
    type(reversed({})),
    type(reversed(range(0))),
    type(re.finditer("", "")),
    type(re.compile("").scanner("")),  # type: ignore[attr-defined]
}


_ALLOWED: set[type] = set()
ALIASES: set[type] = {types.GenericAlias}
"""What classes with something in brackets are, whose attributes are those of the class."""


def allow(cls: type) -> None:
    """Let programs reach the public names of one more of Python's own types."""
    _ALLOWED.add(cls)


def is_plain(cls: type) -> bool:
    """Return whether a class is one of Python's own whose public names may be reached."""
    return cls in _PLAIN or cls in _ITERATORS or cls in _ALLOWED or (
        issubclass(cls, BaseException) and not is_open(cls) and cls.__module__ == "builtins"
    )  # fmt: skip


def get(owner: object, name: str) -> object:
    """Return an attribute of any value; raise AttributeError as Python does."""
    cls = type(owner)
    if issubclass(cls, Value):
        return owner.get(name)  # type: ignore[attr-defined]
    if name in SPECIAL or name.startswith(HIDDEN):
        return _special(owner, name)
    if is_open(cls):
        return getattr(owner, name)
    if issubclass(cls, type):
        return _of_class(owner, name)  # type: ignore[arg-type]
    if cls is super:
        if name == "__init__" and owner.__self__ is None:  # type: ignore[attr-defined]
            return _nothing  # of super itself, which nothing comes of
        return getattr(owner, name)
    if isinstance(owner, BaseException):
        return getattr(owner, name)
    if cls in ALIASES and name[0] != "_":
        return get(owner.__origin__, name)  # type: ignore[attr-defined]
    if is_plain(cls):
        if name[0] == "_" and name not in ASKED and not hasattr(object, name):
            if not hasattr(cls, name) or name in SAFE:
                return getattr(owner, name)
            raise NotUnderstood(f"{name} of {kind(owner)} isn't followed")
        return getattr(owner, name)
    if cls is types.MethodType:
        if name in ("__func__", "__self__", "__call__", "__get__"):
            return getattr(owner, name)
        return get(owner.__func__, name)  # type: ignore[attr-defined]
    if isinstance(owner, types.FunctionType):
        return _of_function(owner, name)
    if isinstance(owner, OF_C) and name in NAMED:
        return getattr(owner, name)
    if isinstance(owner, types.BuiltinMethodType) and name == "__self__":
        function_of = owner.__self__
        if not isinstance(function_of, types.ModuleType):
            return function_of
    raise NotUnderstood(f"{name} of {kind(owner)} isn't followed")


SAFE = frozenset(
    f"__{name}__"
    for name in (
        "abs add and bool call ceil complex contains delitem divmod enter eq exit float floor "
        "floordiv format ge get getitem getnewargs gt hash iadd iand ilshift imod imul index init "
        "init_subclass int invert ior ipow irshift isub iter itruediv ixor le len length_hint "
        "lshift lt matmul missing mod mul ne neg new next or pos pow radd rand rdivmod repr "
        "reversed rfloordiv rlshift rmod rmul ror round rpow rrshift rshift rsub rtruediv rxor "
        "set setitem str sub truediv trunc xor delete set_name prepare instancecheck "
        "subclasscheck class_getitem copy deepcopy bytes cause context suppress_context notes "
        "args origin parameters isabstractmethod abstractmethods match_args mro_entries del fspath"
    ).split()
)
"""Methods with underlines that Python's own types may be asked for."""


def _special(owner: object, name: str) -> object:
    """Return an attribute that leads out of the program, or that has a rule of its own."""
    if name in GUARDED:
        return _guarded(owner, name)
    if name == "__class__":
        return getattr(owner, name) if is_open(type(owner)) else type_of(owner)
    if name == "__dict__":
        return _namespace(owner)
    raise _sealed(owner, name)


def _nothing() -> None:
    """Do nothing."""


def _sealed(owner: object, name: str) -> Exception:
    """Return the refusal of what leads out of the program; its absence, where it isn't there."""
    if name.startswith(HIDDEN) or name == MARK:
        return AttributeError(f"{kind(owner)} has no attribute {name}", name=name, obj=owner)
    return NotUnderstood(f"{name} isn't followed")


def _of_class(owner: type, name: str) -> object:
    """Return an attribute of one of Python's own classes, or of a metaclass's."""
    if is_open(owner):
        return getattr(owner, name)
    if is_plain(owner) or owner is type:
        if name[0] != "_" or name in OF_CLASSES or name in SAFE or not hasattr(owner, name):
            return getattr(owner, name)
    elif name in OF_CLASSES:
        return getattr(owner, name)
    raise NotUnderstood(f"{name} of {kind(owner)} isn't followed")


def _of_function(owner: types.FunctionType, name: str) -> object:
    """Return an attribute of a function that is written in Python, and isn't read."""
    held = owner.__dict__
    if name == "__module__" and "__wrapped__" in held:
        return get(held["__wrapped__"], name)
    if name == "__annotations__":
        return {}  # it isn't the program's own, which asks for them only to hand them on
    if name in NAMED or (name in held and (name[0] != "_" or name == "__wrapped__")):
        return getattr(owner, name)
    if name[0] != "_" and name not in held:
        raise AttributeError(f"{kind(owner)} has no attribute {name}", name=name, obj=owner)
    raise NotUnderstood(f"{name} of {kind(owner)} isn't followed")


def _namespace(owner: object) -> object:
    """Return what `__dict__` is."""
    if isinstance(owner, type):
        if not is_open(owner):
            names = [each for each in owner.__dict__ if each[0] != "_" or each in SAFE]
            return types.MappingProxyType(Known((each, owner.__dict__[each]) for each in names))
        own = owner.__dict__
        if MARK not in own:
            return own
        return types.MappingProxyType({key: own[key] for key in own if key != MARK})
    if isinstance(owner, types.MethodType):
        return _namespace(owner.__func__)
    found = getattr(owner, "__dict__", MISSING)
    if found is MISSING:
        raise AttributeError(f"{kind(owner)} has no attribute __dict__", name="__dict__", obj=owner)
    if isinstance(owner, BaseException) and isinstance(found, dict):
        return {key: found[key] for key in found if not key.startswith(HIDDEN)}
    if is_open(type(owner)) or isinstance(owner, (functools.partial, *FUNCTIONS)):
        return found
    if isinstance(owner, types.FunctionType):
        return {}
    raise NotUnderstood(f"__dict__ of {kind(owner)} isn't followed")


class Known(dict[str, object]):
    """What is given of the names of one of Python's own classes."""

    def __missing__(self, name: object) -> object:
        raise NotUnderstood(f"{name} of the names of a class isn't followed")


FUNCTIONS: list[type] = []
"""What functions that are read are; set where they are defined."""


# ---------------------------------------------------------------------------------------------
# Python's own ways to reach attributes, which go through the gate too
# ---------------------------------------------------------------------------------------------


def _plain_get(owner: object, name: str) -> object:
    """Return an attribute as `object.__getattribute__` does: past a class's own ways."""
    check_name(name)
    if name == "__dict__" and is_open(type(owner)) and not isinstance(owner, (type, BaseException)):
        return object.__getattribute__(owner, name)  # the class's own way leads here
    if isinstance(owner, Value) or name in SEALED or name in ("__dict__", "__class__"):
        return get(owner, name)
    if name in GUARDED:
        return _guarded(owner, name)
    if isinstance(owner, type):
        if is_open(owner):
            return type.__getattribute__(owner, name)
        return _of_class(owner, name)
    if not is_open(type(owner)):
        return get(owner, name)
    return object.__getattribute__(owner, name)


def _plain_set(owner: object, name: str, value: object) -> None:
    """Set an attribute as `object.__setattr__` does."""
    check_setting(owner, name)
    if isinstance(owner, Value):
        owner.put(name, value)
    elif isinstance(owner, type):
        type.__setattr__(owner, name, value)
    elif isinstance(owner, BaseException):
        BaseException.__setattr__(owner, name, value)
    else:
        object.__setattr__(owner, name, value)


def _plain_delete(owner: object, name: str) -> None:
    """Delete an attribute as `object.__delattr__` does."""
    check_setting(owner, name)
    if isinstance(owner, type):
        type.__delattr__(owner, name)
    else:
        object.__delattr__(owner, name)


def _plain_names(owner: object) -> list[str]:
    """Return the names of attributes as `object.__dir__` does."""
    return names_of(owner)


def _with_traceback(error: BaseException, trace: object) -> BaseException:
    """Forget where an exception was raised, as `with_traceback(None)` does."""
    if isinstance(trace, types.TracebackType):
        raise NotUnderstood("with_traceback of another exception's isn't followed")
    if trace is not None:
        raise TypeError("__traceback__ must be a traceback or None")
    error.__traceback__ = None
    return forgotten(error)


def _subclasses(owner: type) -> list[type]:
    """Return the classes of the program that are made from one of its classes."""
    if not is_read(owner):
        raise NotUnderstood(f"__subclasses__ of {kind(owner)} isn't followed")
    found: list[type] = type.__subclasses__(owner)
    return [each for each in found if is_read(each)]


GUARDED: dict[str, Callable[..., object]] = {
    "__getattribute__": _plain_get,
    "__setattr__": _plain_set,
    "__delattr__": _plain_delete,
    "__dir__": _plain_names,
    "__subclasses__": _subclasses,
    "with_traceback": _with_traceback,
}
"""What stands for Python's own methods of these names."""
SPECIAL = SEALED | GUARDED.keys() | {MARK, "__class__", "__dict__"}
"""Attributes that aren't simply asked for."""


def _guarded(owner: object, name: str) -> object:
    """Return a method that reaches attributes: the class's own, or one that passes the gate."""
    if isinstance(owner, type) and name == "__subclasses__" and owner is not type:
        return types.MethodType(_subclasses, owner)
    if isinstance(owner, type) and type(owner) not in ALIASES and not is_open(owner):
        return GUARDED[name]  # in Python 3.10 list[int] passes for a class
    found = getattr(owner, name)
    if isinstance(found, (types.MethodWrapperType, types.BuiltinMethodType)):
        first = found.__self__ if type(owner) is super else owner
        if first is None:
            raise NotUnderstood(f"{name} of None isn't followed")
        return types.MethodType(GUARDED[name], first)
    if isinstance(found, (types.WrapperDescriptorType, types.MethodDescriptorType)):
        return GUARDED[name]
    return found


def check_name(name: object) -> None:
    """Raise TypeError where something is no name of an attribute."""
    if type(name) is Unknown:
        raise name.refused()
    if not isinstance(name, str):
        raise TypeError("attribute name must be string")


def check_setting(owner: object, name: str) -> None:
    """Raise where an attribute can't be set: of what isn't the program's own."""
    check_name(name)
    if name in SEALED or name.startswith(HIDDEN) or name in (MARK, "__del__"):
        raise NotUnderstood(f"setting {name} isn't followed")
    if isinstance(owner, types.FunctionType) or (isinstance(owner, type) and owner in _ALLOWED):
        raise NotUnderstood(f"setting {name} of {kind(owner)} isn't followed")
    if isinstance(owner, type) and owner in WRITTEN_HERE:
        raise Final(f"{owner.__name__}.{name} is set to something else, which isn't followed")


def put(owner: object, name: str, value: object) -> None:
    """Set an attribute of any value; raise as Python does."""
    if isinstance(owner, Value):
        owner.put(name, value)
        return
    if isinstance(owner, type) and owner in WRITTEN_HERE and name in HARMLESS:
        return
    if type(owner) in ALIASES:
        put(owner.__origin__, name, value)  # type: ignore[attr-defined]
        return
    check_setting(owner, name)
    if name == "__class__" and value in WRITTEN_HERE:
        raise NotUnderstood("setting __class__ isn't followed")
    setattr(owner, name, value)


def put_within(owner: object, path: Sequence[str], value: object) -> bool:
    """Set an attribute or an entry of what is held further in; return whether it is there."""
    *inner, last = path
    for each in inner:
        held = owner if isinstance(owner, dict) else getattr(owner, "__dict__", {})
        owner = held.get(each)
    if isinstance(owner, dict):
        owner[last] = value
        return True
    if owner is None or isinstance(owner, (Value, int, float, str, tuple, list)):
        return False
    put(owner, last, value)
    return True


HARMLESS = frozenset(
    "reset_parameters __repr__ extra_repr __doc__ __module__ __name__ dump_patches".split()
)
"""What may be set of a class that is written here, since it changes no answer."""


def delete(owner: object, name: str) -> None:
    """Delete an attribute of any value; raise as Python does."""
    if isinstance(owner, Value):
        owner.delete(name)
    else:
        check_setting(owner, name)
        delattr(owner, name)


def names_of(owner: object) -> list[str]:
    """Return what `dir()` lists of a value without an own way to say it."""
    if isinstance(owner, Library) and owner.listed is not None:
        return sorted(owner.listed(owner.name))
    if isinstance(owner, Value) or not (is_open(type(owner)) or isinstance(owner, type)
                                        or is_plain(type(owner))):  # fmt: skip
        raise NotUnderstood(f"dir() of {kind(owner)} isn't followed")
    if isinstance(owner, type):
        names = (type if is_open(type(owner)) else type(owner)).__dir__(owner)
    else:
        names = object.__dir__(owner)
    return sorted({each for each in names if not each.startswith(HIDDEN) and each != MARK})


def type_of(value: object) -> object:
    """Return the type of a value; unknown where programs don't reach it."""
    if type(value) is Unknown:
        return value
    cls = type(value)
    known = is_open(cls) or is_plain(cls) or cls in FUNCTIONS or isinstance(value, type)
    if known or cls in (types.MethodType, *OF_C) or isinstance(value, BaseException):
        return cls
    if isinstance(value, Value):
        return value.get("__class__")
    return Unknown(f"the type of {kind(value)} isn't followed")


# ---------------------------------------------------------------------------------------------
# Words
# ---------------------------------------------------------------------------------------------

KINDS: dict[type, str] = {
    bool: "a bool", int: "an int", float: "a float", str: "a str", list: "a list",
    tuple: "a tuple", dict: "a dict", set: "a set", Unknown: "something unknown",
    types.GeneratorType: "a generator",
}  # fmt: skip


def kind(value: object) -> str:
    """Return what a message calls a value, in a word or two."""
    if value is None:
        return "None"
    if isinstance(value, type) or type(value) in FUNCTIONS:
        return str(getattr(value, "__name__", "a function"))
    if is_open(type(value)):
        return f"an object of {type(value).__name__}"
    if isinstance(value, Value) and type(value) is not Unknown:
        return repr(value)
    return next((word for type_, word in KINDS.items() if isinstance(value, type_)), "an object")


def words(value: object) -> str:
    """Return a value as a message quotes it."""
    if isinstance(value, str):
        shown = value if value.isprintable() else repr(value)[1:-1]
    elif value is None or isinstance(value, (int, float, tuple, list)):
        try:
            shown = repr(value)
        except NotUnderstood:  # something unknown is in it
            return kind(value)
    else:
        return kind(value)
    return shown if len(shown) <= 200 else f"{shown[:200]}…"
