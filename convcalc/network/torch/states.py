"""The states of modules, the hooks around them, and copies: methods of nn.Module.

Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any, NamedTuple

from convcalc.network.torch.errors import misfit
from convcalc.network.torch.tensor import METHODS, Tensor
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import Unknown, Value, is_open, public

if TYPE_CHECKING:
    from convcalc.network.torch.module import Module

State = dict[str, object]
HOOKS = (
    "_backward_pre_hooks", "_backward_hooks", "_forward_hooks", "_forward_hooks_with_kwargs",
    "_forward_hooks_always_called", "_forward_pre_hooks", "_forward_pre_hooks_with_kwargs",
    "_state_dict_hooks", "_state_dict_pre_hooks", "_load_state_dict_pre_hooks",
    "_load_state_dict_post_hooks",
)  # fmt: skip
"""Where a module keeps its hooks."""


# ---------------------------------------------------------------------------------------------
# Hooks
# ---------------------------------------------------------------------------------------------


@public
class RemovableHandle:
    """What registering a hook returns."""

    def __init__(self, hooks: dict[int, object], hook: object) -> None:
        self.id = max(hooks, default=-1) + 1
        self._convcalc_hooks = hooks
        hooks[self.id] = hook

    def remove(self) -> None:
        """Remove the hook."""
        self._convcalc_hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.remove()


def registers(kind: str, takes: str = "") -> Callable[..., RemovableHandle]:
    """Return a method that keeps a hook; those around the forward refuse it from then on."""

    def register(self: Module, hook: object, **settings: object) -> RemovableHandle:
        strange = next((name for name in settings if name not in takes.split()), None)
        if strange is not None:
            raise misfit(f"registering a hook takes no argument {strange}", TypeError)
        return RemovableHandle(self.__dict__[kind], hook)

    return register


def register_load_state_dict_pre_hook(self: Module, hook: Callable[..., object]) -> RemovableHandle:
    """Keep what is called before load_state_dict(), with the module before all else."""
    return register_load_state_dict_pre_hook_alone(self, hook, True)


def register_load_state_dict_pre_hook_alone(
    self: Module, hook: Callable[..., object], with_module: bool = False
) -> RemovableHandle:
    """Keep what is called before load_state_dict()."""
    called = partial(hook, self) if with_module else hook
    return RemovableHandle(self.__dict__["_load_state_dict_pre_hooks"], called)


# ---------------------------------------------------------------------------------------------
# States
# ---------------------------------------------------------------------------------------------


@public
class IncompatibleKeys(NamedTuple):
    """What load_state_dict() returns."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"_IncompatibleKeys(missing_keys={self.missing_keys}, " + (
            f"unexpected_keys={self.unexpected_keys})"
        )


def get_extra_state(self: Module) -> object:
    """Raise: a class of one's own may define it."""
    raise misfit(f"get_extra_state() of {type(self).__name__} should never be called")


def set_extra_state(self: Module, state: object) -> None:
    """Raise: a class of one's own may define it."""
    raise misfit(f"set_extra_state() of {type(self).__name__} should never be called")


def state_of(module: Module) -> dict[str, Tensor]:
    """Return the parameters and persistent buffers of a module itself."""
    fleeting = module.__dict__["_non_persistent_buffers_set"]
    found = [*module._convcalc_members("_parameters"), *module._convcalc_members("_buffers")]
    return {name: each for name, each in found if each is not None and name not in fleeting}


def save_to_state_dict(self: Module, destination: State, prefix: str, keep_vars: bool) -> None:
    """Put what a module itself has into a state."""
    for name, value in state_of(self).items():
        destination[prefix + name] = value if keep_vars else METHODS["detach"](value)
    if type(self).get_extra_state is not get_extra_state:
        destination[f"{prefix}_extra_state"] = self.get_extra_state()


def state_dict(
    self: Module,
    *args: object,
    destination: State | None = None,
    prefix: str = "",
    keep_vars: bool = False,
) -> State:
    """Return the parameters and persistent buffers by their whole names."""
    if args:
        raise NotUnderstood("state_dict() isn't followed with arguments without names")
    if destination is None:
        destination = OrderedDict()
        destination._metadata = OrderedDict()  # type: ignore[attr-defined]
    metadata = {"version": self._version}
    if hasattr(destination, "_metadata"):
        destination._metadata[prefix[:-1]] = metadata
    for hook in self.__dict__["_state_dict_pre_hooks"].values():
        hook(self, prefix, keep_vars)
    self._save_to_state_dict(destination, prefix, keep_vars)
    for name, module in self._convcalc_members("_modules"):
        if module is not None:
            below = f"{prefix}{name}."
            module.state_dict(destination=destination, prefix=below, keep_vars=keep_vars)
    for hook in self.__dict__["_state_dict_hooks"].values():
        destination = hook(self, destination, prefix, metadata) or destination
    return destination


def load_from_state_dict(
    self: Module,
    state_dict: State,
    prefix: str,
    local_metadata: State,
    strict: bool,
    missing_keys: list[str],
    unexpected_keys: list[str],
    error_msgs: list[str],
) -> None:
    """Take over what a module itself has of a state; note what is missing, or too much."""
    for hook in self.__dict__["_load_state_dict_pre_hooks"].values():
        hook(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
    state = state_of(self)
    for name, value in state.items():
        key = prefix + name
        if key in state_dict:
            wrong = _take(key, value, state_dict[key], bool(local_metadata.get("assign")))
            error_msgs += [wrong] if wrong else []
        elif strict and (name != COUNTED or local_metadata.get("version", 1) != 1):
            missing_keys.append(key)
    extra = f"{prefix}_extra_state"
    takes_extra = type(self).set_extra_state is not set_extra_state
    if takes_extra and extra in state_dict:
        self.set_extra_state(state_dict[extra])
    elif takes_extra and strict:
        missing_keys.append(extra)
    for key in state_dict if strict else ():
        first, *rest = key[len(prefix) :].split(".", 1)
        known = key == extra if takes_extra else False
        if key.startswith(prefix) and not known and first not in (self._modules if rest else state):
            unexpected_keys.append(key)


COUNTED = "num_batches_tracked"
"""The buffer that the states of the first version of a normalisation don't have."""


def _take(key: str, own: Tensor, given: object, assign: bool) -> str:
    """Take over values; return what PyTorch says where they don't fit."""
    if isinstance(given, Unknown):
        own.write(None)
        return ""
    if not isinstance(given, Tensor):
        return (
            f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like '
            f"object from checkpoint but received {type(given)}"
        )
    single = not own.shape and given.shape == (1,)
    if given.shape != own.shape and not single:
        return (
            f"size mismatch for {key}: copying a param with shape torch.Size({list(given.shape)}) "
            f"from checkpoint, the shape in current model is torch.Size({list(own.shape)})."
        )
    if assign:
        own.dtype = given.dtype
    own.write(given.values)
    return ""


def load_state_dict(
    self: Module, state_dict: object, strict: bool = True, assign: bool = False
) -> object:
    """Take over values, whose keys and shapes have to be those of this module's own."""
    if isinstance(state_dict, Unknown):  # of the same shapes, or PyTorch would refuse it
        WATCHER.get().unloaded(self)
        for module in self.modules():
            for value in state_of(module).values():
                value.write(None)
        return Unknown("which keys a state has isn't known", harmless=True)
    if not isinstance(state_dict, Mapping):
        raise misfit(f"Expected state_dict to be dict-like, got {type(state_dict)}.", TypeError)
    missing: list[str] = []
    unexpected: list[str] = []
    errors: list[str] = []

    metadata: Mapping[str, State] = getattr(state_dict, "_metadata", {})

    def load(module: Module, state: State, prefix: str) -> None:
        settings: State = {**metadata.get(prefix[:-1], {}), "assign": assign}
        module._load_from_state_dict(state, prefix, settings, True, missing, unexpected, errors)
        for name, child in module._convcalc_members("_modules"):
            below = f"{prefix}{name}."
            if child is not None:
                load(child, {k: v for k, v in state.items() if k.startswith(below)}, below)
        for hook in module.__dict__["_load_state_dict_post_hooks"].values():
            hook(module, IncompatibleKeys(missing, unexpected))

    load(self, OrderedDict(state_dict), "")
    for what, keys in (("Unexpected", unexpected), ("Missing", missing)):
        if strict and keys:
            listed = ", ".join(f'"{key}"' for key in keys)
            errors.insert(0, f"{what} key(s) in state_dict: {listed}. ")
    if errors:
        found = "\n\t".join(errors)
        raise misfit(f"Error(s) in loading state_dict for {type(self).__name__}:\n\t{found}")
    return IncompatibleKeys(missing, unexpected)


# ---------------------------------------------------------------------------------------------
# Copies
# ---------------------------------------------------------------------------------------------


def copy_of(self: Module) -> Module:
    """Return a module that shares with this one what it holds."""
    made = object.__new__(type(self))
    object.__setattr__(made, "_convcalc", self._convcalc.copied())
    made.__dict__.update(self.__dict__)
    return made


def deep_copy_of(self: Module, memo: dict[int, object]) -> Module:
    """Return a module that shares nothing with this one."""
    made = object.__new__(type(self))
    memo[id(self)] = made
    object.__setattr__(made, "_convcalc", self._convcalc.copied())
    for name, value in self.__dict__.items():
        made.__dict__[name] = copied(value, memo)
    return made


ATOMS = (int, float, complex, str, bytes, range, type(None), type(...), FunctionType,
         BuiltinFunctionType, partial)  # fmt: skip
"""What a copy shares with what it is a copy of."""


def copied(value: object, memo: dict[int, object]) -> object:
    """Return a copy in which nothing is shared with a value, as copy.deepcopy() makes it."""
    if id(value) in memo:
        return memo[id(value)]
    kind = type(value)
    if isinstance(value, (Value, type, *ATOMS)) and not isinstance(value, Tensor):
        return value
    if hasattr(value, "__deepcopy__") and not isinstance(value, Tensor):
        return memo.setdefault(id(value), value.__deepcopy__(memo))
    base: Any = next(cls for cls in kind.__mro__ if not is_open(cls))
    made: object
    if isinstance(value, Tensor):
        made = object.__new__(kind)
        for name in (name for cls in kind.__mro__ for name in vars(cls).get("__slots__", ())):
            setattr(made, name, getattr(value, name))
        made.learnt, made.base, made.held = value.requires_grad, None, None  # type: ignore[attr-defined]
        made.storage.apart = value.storage.apart  # type: ignore[attr-defined]
    elif isinstance(value, MethodType):
        made = MethodType(value.__func__, copied(value.__self__, memo))
    elif isinstance(value, (tuple, frozenset)):
        entries = [copied(each, memo) for each in value]
        same = all(one is other for one, other in zip(entries, value, strict=True))
        made = value if same else base.__new__(kind, entries)
    elif isinstance(value, (list, set, dict)) and kind is base:
        empty: Any = copy.copy(value)
        made = memo[id(value)] = empty
        empty.clear()
        if isinstance(value, dict):
            empty |= {copied(key, memo): copied(each, memo) for key, each in value.items()}
        else:
            add = empty.append if isinstance(value, list) else empty.add
            for each in value:
                add(copied(each, memo))
    elif base is object and kind is not base and hasattr(value, "__dict__"):
        made = memo[id(value)] = object.__new__(kind)
        made.__dict__.update(copied(vars(value), memo))  # type: ignore[call-overload]
    else:
        raise NotUnderstood(f"copying an object of {kind.__name__} in a module isn't followed")
    memo[id(value)] = made
    return made


METHODS["__deepcopy__"] = copied
