"""nn.Module as PyTorch 2.13 has it: names, parameters, buffers, states, copies, text.

Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from convcalc import text
from convcalc.layers.base import Layer, Lazy
from convcalc.network.torch import states
from convcalc.network.torch.dtypes import DTYPES, DType
from convcalc.network.torch.errors import details, misfit
from convcalc.network.torch.functions.registry import tensors_in
from convcalc.network.torch.functions.signatures import heed_device
from convcalc.network.torch.tensor import METHODS, Parameter, Tensor
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.attributes import kind
from convcalc.reading.exceptions import NotUnderstood, Place, told
from convcalc.reading.values import Needed, Unknown, Value, is_read, public

if TYPE_CHECKING:
    from convcalc.reading.reader import Step

Self = TypeVar("Self", bound="Module")
Members = Iterable[tuple[str, object]]


class Kept:
    """What is kept of a module that PyTorch's has no attribute for."""

    __slots__ = ("arguments", "calls", "layer", "place", "refuses", "settings", "step")

    def __init__(self) -> None:
        self.layer: Layer | None = None
        """What a layer of PyTorch does."""
        self.arguments: tuple[tuple[object, ...], dict[str, object]] = ((), {})
        """What the layer was made of."""
        self.settings: dict[str, object] = {}
        """The layer's attributes, as they were when it was made."""
        self.refuses = ""
        """Why PyTorch refuses to call a layer that it has made."""
        self.place: Place | None = None
        """Where it was made."""
        self.step: Step | None = None
        """The call that made it, and those around that."""
        self.calls = 0

    def copied(self) -> Kept:
        """Return what is kept of a copy of the module."""
        made = Kept()
        for name in Kept.__slots__:
            setattr(made, name, getattr(self, name))
        return made


class Buffer(Tensor):
    """What nn.Buffer makes: a tensor that a module keeps when it is set."""

    __slots__ = ("persistent",)

    def __init__(self, data: Tensor, persistent: bool = True) -> None:
        super().__init__(data.shape, data.dtype)
        self.become(data)
        self.persistent = persistent


MEMBERS = {"_parameters": "parameter", "_buffers": "buffer", "_modules": "module"}
"""Where a module keeps what, and what PyTorch calls it."""
ITS_OWN = frozenset({"training", *MEMBERS, *states.HOOKS, "_non_persistent_buffers_set",
                     "_is_full_backward_hook"})  # fmt: skip
"""What nn.Module itself keeps in a module's `__dict__`."""


READ_ONLY = frozenset(
    "__call__ __contains__ __dir__ __getitem__ __iter__ __len__ __repr__ _get_name _named_members "
    "bfloat16 buffers children compile cpu cuda double eval extra_repr float forward get_buffer "
    "get_extra_state get_parameter get_submodule half items keys modules named_buffers "
    "named_children named_modules named_parameters parameters share_memory state_dict to "
    "to_empty train values xpu zero_grad".split()
)
"""Methods after which there are the same modules, parameters and attributes as before."""


def _same(self: Self, device: object = None) -> Self:
    """Change nothing that is followed, wherever the numbers are."""
    return self


def unready(module: Module) -> Exception:
    """Return what is raised of a module whose base was never made."""
    kind = type(module).__name__
    message = f"{kind} was never made ready: its __init__ has to call super().__init__()"
    return misfit(message, AttributeError, owner=module)


def no_forward(module: Module) -> Exception:
    """Return what is raised of a module whose class has no forward, with the name most like it."""
    own = [each for cls in type(module).__mro__ if is_read(cls) for each in vars(cls)]
    near = text.nearest("forward", own)
    hint = f": {near} is the nearest name" if near else ""
    message = f"{type(module).__name__} has no forward{hint}"
    return misfit(message, NotImplementedError, owner=module, attribute="forward")


@public
class Module:
    """The base of all networks and layers."""

    __slots__ = ("__dict__", "__weakref__", "_convcalc")
    __module__ = "torch.nn.modules.module"
    _convcalc: Kept
    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, Module | None]
    training: bool
    _convcalc_read_only = READ_ONLY
    dump_patches = False
    call_super_init = False
    _version = 1

    def __new__(cls: type[Self], *arguments: object, **named: object) -> Self:
        """Make a module of which nn.Module's own __init__ knows nothing yet."""
        del arguments, named  # which its __init__ takes
        self = object.__new__(cls)
        object.__setattr__(self, "_convcalc", Kept())
        WATCHER.get().made(self)
        return self

    def __init__(self, *arguments: object, **named: object) -> None:
        if arguments or named:
            raise misfit("the __init__ of nn.Module takes no arguments", TypeError)
        if type(self).call_super_init:
            raise NotUnderstood("call_super_init isn't followed")
        kept = self.__dict__
        kept |= {"training": True, "_parameters": {}, "_buffers": {}}
        kept["_non_persistent_buffers_set"] = set()
        kept |= {name: OrderedDict() for name in states.HOOKS}
        kept |= {"_is_full_backward_hook": None, "_modules": {}}

    # -- Attributes ---------------------------------------------------------------------------

    def __getattr__(self, name: str) -> object:
        """Return what is found nowhere else: a parameter, a buffer, a module."""
        if name == "_convcalc":  # made by no __new__ of this class
            object.__setattr__(self, name, Kept())
            return self._convcalc
        for members in MEMBERS:
            found = self.__dict__.get(members)
            if found is not None and name in found:
                return found[name]
        raise self._convcalc_absent(name)

    def _convcalc_absent(self, name: str) -> Exception:
        """Return the error of an attribute that isn't there, with the name most like it."""
        kind = type(self).__name__
        layer = self._convcalc.layer
        unseen = isinstance(layer, Lazy) and name in ("weight", "bias", "running_mean")
        if unseen or (layer is not None and name in OF_LAYERS):
            return NotUnderstood(f"{kind}.{name} isn't followed")
        names = [each for each in self.__dict__ if each not in ITS_OWN]
        for members in MEMBERS:
            names += self.__dict__.get(members, ())
        for cls in type(self).__mro__:
            names += [] if cls.__module__.startswith("torch.") else vars(cls)
        hint = text.hint(name, [each for each in names if not each.startswith("__")])
        message = f"{kind} has no attribute {name}{hint}"
        return misfit(message, AttributeError, owner=self, attribute=name)

    def _convcalc_has(self, name: str) -> bool:
        """Return whether there is an attribute, without asking for it."""
        kept = self.__dict__
        inside = any(name in kept.get(members, ()) for members in MEMBERS)
        return name in kept or inside or any(name in vars(cls) for cls in type(self).__mro__)

    def __setattr__(self, name: str, value: object) -> None:
        kept = self.__dict__
        if isinstance(value, Unknown):  # it may be any of these
            members = next((kept[each] for each in MEMBERS if name in kept.get(each, ())), kept)
            members[name] = value
        elif isinstance(value, Parameter):
            self._convcalc_ready("parameters", name)
            self._convcalc_forget(name, "_parameters")
            self.register_parameter(name, value)
        elif name in kept.get("_parameters", ()):
            self._convcalc_only_none("parameter", name, value)
            self.register_parameter(name, None)
        elif isinstance(value, Module):
            self._convcalc_ready("module", name)
            self._convcalc_forget(name, "_modules")
            self._modules[name] = value
        elif name in kept.get("_modules", ()):
            self._convcalc_only_none("module", name, value)
            self._modules[name] = None
        elif isinstance(value, Buffer):
            self.register_buffer(name, value, value.persistent)
        elif name in kept.get("_buffers", ()):
            if not isinstance(value, Tensor):
                self._convcalc_only_none("buffer", name, value)
            self.register_buffer(name, value, name not in kept["_non_persistent_buffers_set"])
        else:
            object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        for members in MEMBERS:
            if name in self.__dict__[members]:
                del self.__dict__[members][name]
                self.__dict__["_non_persistent_buffers_set"].discard(name)
                return
        if name not in self.__dict__ and not self._convcalc_has(name):
            raise self._convcalc_absent(name)
        object.__delattr__(self, name)

    def _convcalc_forget(self, name: str, but: str = "") -> None:
        """Remove what has a name in any other place than this."""
        kept = self.__dict__
        for members in MEMBERS:
            if members != but:
                kept.get(members, {}).pop(name, None)
        kept.get("_non_persistent_buffers_set", set()).discard(name)
        kept.pop(name, None)

    def _convcalc_ready(self, what: str, name: str = "") -> None:
        """Raise where super().__init__() is still to be called, before a name is set."""
        if "_modules" not in self.__dict__:
            early, why = f"a {what} is added", ""
            if name:
                early = f"{type(self).__name__}.{name} is set"
                why = f": PyTorch cannot assign {what} before Module.__init__()"
            raise misfit(
                f"{early} before super().__init__() was called{why}", AttributeError, owner=self
            )

    def _convcalc_only_none(self, what: str, name: str, value: object) -> None:
        """Raise where anything but None is set in the place of a parameter or a module."""
        if value is not None:
            raise misfit(
                f"{type(self).__name__}.{name} is a {what}, {kind(value)} can't be assigned",
                TypeError,
            )

    def __dir__(self) -> list[str]:
        kept = self.__dict__
        names = [*dir(type(self)), *kept, *kept["_parameters"], *kept["_modules"]]
        names += kept["_buffers"]
        return sorted(name for name in names if not name[0].isdigit() and "_convcalc" not in name)

    # -- Registering --------------------------------------------------------------------------

    def _convcalc_check_name(self, name: object, members: str) -> str:
        """Return a name under which something may be registered."""
        what = MEMBERS[members]
        if isinstance(name, Unknown):
            raise Needed(name)
        self._convcalc_ready(what)
        if not isinstance(name, str):
            raise misfit(f"{what} name should be a string. Got {typename(name)}", TypeError)
        if "." in name:
            error = misfit(f'{what} name can\'t contain ".", got: {name}', KeyError)
            raise told(error, f"{name} is not a name of a {what}")
        if not name:
            raise misfit(f'{what} name can\'t be empty string ""', KeyError)
        if name not in self.__dict__[members] and self._convcalc_has(name):
            raise misfit(f"{type(self).__name__} has a {name} already", KeyError)
        return name

    def register_buffer(self, name: str, tensor: object, persistent: bool = True) -> None:
        """Add a tensor that isn't learnt."""
        self._convcalc_check_name(name, "_buffers")
        if tensor is not None and not isinstance(tensor, (Tensor, Unknown)):
            raise misfit(
                f"cannot assign '{typename(tensor)}' object to buffer '{name}' "
                "(torch Tensor or None required)",
                TypeError,
            )
        self._buffers[name] = tensor  # type: ignore[assignment]
        fleeting: set[str] = self.__dict__["_non_persistent_buffers_set"]
        (fleeting.discard if persistent else fleeting.add)(name)

    def register_parameter(self, name: str, param: object) -> None:
        """Add a parameter."""
        self._convcalc_check_name(name, "_parameters")
        if param is not None and not isinstance(param, (Parameter, Unknown)):
            raise misfit(
                f"cannot assign '{typename(param)}' object to parameter '{name}' "
                "(torch.nn.Parameter or None required)",
                TypeError,
            )
        self._parameters[name] = param  # type: ignore[assignment]

    def add_module(self, name: str, module: object) -> None:
        """Add a child."""
        if module is not None and not isinstance(module, (Module, Unknown)):
            hint = ": * takes a list apart" if isinstance(module, (list, tuple)) else ""
            raise misfit(f"{typename(module)} is not a Module subclass{hint}", TypeError)
        self._convcalc_check_name(name, "_modules")
        self._modules[name] = module  # type: ignore[assignment]

    def register_module(self, name: str, module: object) -> None:
        """Add a child."""
        self.add_module(name, module)

    def get_submodule(self, target: str) -> object:
        """Return a module below this one by its whole name."""
        found: object = self
        for name in target.split(".") if target else []:
            try:
                after = getattr(found, name)
            except AttributeError:
                kind = type(found).__name__
                raise misfit(f"{kind} has no attribute `{name}`", AttributeError) from None
            if not isinstance(after, (Module, Unknown)):
                raise misfit(f"`{name}` is not an nn.Module", AttributeError)
            found = after
        return found

    def set_submodule(self, target: str, module: object, strict: bool = False) -> None:
        """Put a module in the place of another one, by its whole name."""
        if not target:
            raise misfit("Cannot set the submodule without a target name!", ValueError)
        path, _, name = target.rpartition(".")
        if not isinstance(module, Module):
            raise misfit(f"`module` is not an nn.Module, found {type(module)}", ValueError)
        parent = self.get_submodule(path)
        if strict and not hasattr(parent, name):
            kind = type(parent).__name__
            raise misfit(f"{kind} has no attribute `{name}`", AttributeError)
        if hasattr(parent, name) and not isinstance(getattr(parent, name), Module):
            raise misfit(f"`{name}` is not an nn.Module", AttributeError)
        setattr(parent, name, module)

    def _convcalc_member(self, target: str, members: str, what: str) -> object:
        path, _, name = target.rpartition(".")
        owner = self.get_submodule(path)
        found = getattr(owner, name)
        if name not in getattr(owner, members):
            raise misfit(f"`{name}` is not {what}", AttributeError)
        return found

    def get_parameter(self, target: str) -> object:
        """Return a parameter by its whole name."""
        return self._convcalc_member(target, "_parameters", "an nn.Parameter")

    def get_buffer(self, target: str) -> object:
        """Return a buffer by its whole name."""
        return self._convcalc_member(target, "_buffers", "a buffer")

    # -- What is there ------------------------------------------------------------------------

    def _convcalc_members(self, members: str) -> list[tuple[str, Any]]:
        """Return what there is of a kind, with its names; refuse what isn't known."""
        kept = self.__dict__
        if members not in kept:
            raise unready(self)
        found = kept[members]
        for name, value in () if isinstance(found, Unknown) else found.items():
            found = next((e for e in (kept.get(name), value) if isinstance(e, Unknown)), found)
        if isinstance(found, Unknown):
            kind = type(self).__name__
            raise NotUnderstood(f"what there is of a {kind} isn't known: {found.why}")
        return list(found.items())

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield the children with their names, each once."""
        seen = set()
        for name, module in self._convcalc_members("_modules"):
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Module]:
        """Yield the children, each once."""
        for _, module in self.named_children():
            yield module

    def named_modules(
        self, memo: set[Module] | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        """Yield itself and all below, with their names."""
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, module in self._convcalc_members("_modules"):
            if module is not None:
                below = f"{prefix}.{name}" if prefix else name
                yield from module.named_modules(memo, below, remove_duplicate)

    def modules(self, remove_duplicate: bool = True) -> Iterator[Module]:
        """Yield itself and all below."""
        for _, module in self.named_modules(remove_duplicate=remove_duplicate):
            yield module

    def _named_members(
        self,
        get_members_fn: Callable[[Module], Members],
        prefix: str = "",
        recurse: bool = True,
        remove_duplicate: bool = True,
    ) -> Iterator[tuple[str, object]]:
        seen = set()
        below = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate)
        for path, module in below if recurse else [(prefix, self)]:
            for name, value in get_members_fn(module):
                if value is None or id(value) in seen:
                    continue
                if remove_duplicate:
                    seen.add(id(value))
                yield f"{path}.{name}" if path else name, value

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, object]]:
        """Yield the parameters with their names, each once."""
        kept = "_parameters"
        return self._named_members(
            lambda module: module._convcalc_members(kept), prefix, recurse, remove_duplicate
        )

    def parameters(self, recurse: bool = True) -> Iterator[object]:
        """Yield the parameters, each once."""
        for _, value in self.named_parameters(recurse=recurse):
            yield value

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, object]]:
        """Yield the buffers with their names, each once."""
        return self._named_members(
            lambda module: module._convcalc_members("_buffers"), prefix, recurse, remove_duplicate
        )

    def buffers(self, recurse: bool = True) -> Iterator[object]:
        """Yield the buffers, each once."""
        for _, value in self.named_buffers(recurse=recurse):
            yield value

    # -- Changing all of it -------------------------------------------------------------------

    def apply(self: Self, fn: Callable[[Module], object]) -> Self:
        """Call a function with each child, and then with itself."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def _apply(self: Self, fn: Callable[[Tensor], Any], recurse: bool = True) -> Self:
        for module in self.children() if recurse else ():
            module._apply(fn)
        for parameter in self._parameters.values():
            if parameter is not None:
                parameter.become(fn(parameter))
        for name, buffer in self._buffers.items():
            if buffer is not None:
                self._buffers[name] = fn(buffer)
        return self

    def _convcalc_cast(self: Self, dtype: object) -> Self:
        return self._apply(
            lambda each: METHODS["to"](each, dtype) if each.dtype.has_point else each
        )

    def train(self: Self, mode: bool = True) -> Self:
        """Set whether it is trained."""
        if isinstance(mode, Unknown):
            raise Needed(mode)
        if not isinstance(mode, bool):
            raise misfit("training mode is expected to be boolean", ValueError)
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self: Self) -> Self:
        """Set that it isn't trained."""
        return self.train(False)

    def requires_grad_(self: Self, requires_grad: bool = True) -> Self:
        """Set whether its parameters are trained."""
        if isinstance(requires_grad, Unknown):
            raise Needed(requires_grad)
        for parameter in self.parameters():
            if isinstance(parameter, Tensor):
                parameter.requires_grad = bool(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Change nothing: gradients aren't followed."""

    share_memory = cpu = cuda = xpu = ipu = mtia = _same

    def to_empty(self: Self, *, device: object, recurse: bool = True) -> Self:
        """Change nothing that is followed, wherever the numbers are."""
        return self

    def to(
        self: Self,
        device: object = None,
        dtype: object = None,
        non_blocking: bool = False,
        copy: bool = False,
        *,
        tensor: object = None,
        memory_format: object = None,
    ) -> Self:
        """Make its numbers of another kind; wherever they are changes nothing that is followed."""
        heed_device("nn.Module.to", device)
        like = device if isinstance(device, Tensor) else tensor
        if isinstance(device, DType):
            dtype = device
        elif isinstance(like, Tensor):
            dtype = like.dtype
        if dtype is None:
            return self
        if isinstance(dtype, Unknown):
            raise Needed(dtype)
        if not isinstance(dtype, DType) or dtype.kind in ("bool", "int"):
            raise misfit(
                "nn.Module.to only accepts floating point or complex dtypes, but got desired "
                f"dtype={dtype!r}",
                TypeError,
            )
        return self._convcalc_cast(dtype)

    def compile(
        self,
        *,
        fullgraph: object = False,
        dynamic: object = None,
        backend: object = "inductor",
        mode: object = None,
        options: object = None,
        disable: object = False,
    ) -> None:
        """Change nothing that is followed, however it is compiled."""

    # -- States, hooks and copies -------------------------------------------------------------

    state_dict, _save_to_state_dict = states.state_dict, states.save_to_state_dict
    load_state_dict, _load_from_state_dict = states.load_state_dict, states.load_from_state_dict
    get_extra_state, set_extra_state = states.get_extra_state, states.set_extra_state
    register_forward_hook = states.registers("_forward_hooks", "prepend with_kwargs always_call")
    register_forward_pre_hook = states.registers("_forward_pre_hooks", "prepend with_kwargs")
    register_full_backward_hook = states.registers("_backward_hooks", "prepend")
    register_full_backward_pre_hook = states.registers("_backward_pre_hooks", "prepend")
    register_backward_hook = states.registers("_backward_hooks")
    register_state_dict_pre_hook = states.registers("_state_dict_pre_hooks")
    register_state_dict_post_hook = states.registers("_state_dict_hooks")
    _register_state_dict_hook = states.registers("_state_dict_hooks")
    register_load_state_dict_pre_hook = states.register_load_state_dict_pre_hook
    _register_load_state_dict_pre_hook = states.register_load_state_dict_pre_hook_alone
    register_load_state_dict_post_hook = states.registers("_load_state_dict_post_hooks")
    __copy__, __deepcopy__ = states.copy_of, states.deep_copy_of

    # -- Calls --------------------------------------------------------------------------------

    def __call__(self, *arguments: object, **named: object) -> object:
        """Call its forward, in its own place of the trace."""
        kept = self.__dict__
        kind = type(self).__name__
        if "_modules" not in kept:
            raise unready(self)
        if kept.get("_forward_hooks") or kept.get("_forward_pre_hooks"):
            raise NotUnderstood(f"the {kind} has a forward hook, which isn't followed")
        watcher = WATCHER.get()
        watcher.enter(self)
        try:
            result = self.forward(*arguments, **named)
        except Exception as error:
            found = details(error)
            told = self._convcalc.layer is not None or not is_read(type(self))
            if found is not None and found.module is None and told and not found.operation:
                found.module = self
                found.inputs = list(tensors_in((arguments, named)))
            raise
        finally:
            watcher.leave(self)
        watcher.returned(self, list(tensors_in(arguments)), result)
        return result

    def forward(self, *input: object) -> object:
        """Raise, whatever comes in: a class of one's own defines it."""
        del input
        raise no_forward(self)

    # -- Text ---------------------------------------------------------------------------------

    def _get_name(self) -> str:
        return type(self).__name__

    def extra_repr(self) -> str:
        """Return what stands between the brackets of its text."""
        return ""

    def __repr__(self) -> str:
        said = self.extra_repr()
        lines = said.split("\n") if said else []
        children = [f"({name}): {indented(repr(module))}" for name, module in self._modules.items()]
        if len(lines) == 1 and not children:
            return f"{self._get_name()}({lines[0]})"
        inside = "".join(f"\n  {line}" for line in (*lines, *children))
        return f"{self._get_name()}({inside}\n)" if inside else f"{self._get_name()}()"


def typename(value: object) -> str:
    """Return what PyTorch's messages call the type of a value."""
    if isinstance(value, Value):
        return "torch.Tensor" if isinstance(value, Tensor) else repr(value)
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def indented(lines: str) -> str:
    """Return some lines with all but the first two places further right."""
    return lines.replace("\n", "\n  ")


def _casts(name: str) -> Callable[[Module], Module]:
    def cast(self: Module) -> Module:
        """Make its numbers with a point of another kind."""
        return self._convcalc_cast(DTYPES[name])

    return cast


def _type(self: Module, dst_type: object) -> Module:
    """Make all its numbers of another kind."""
    return self._apply(lambda each: METHODS["type"](each, dst_type))


for _name in ("float", "double", "half", "bfloat16"):
    setattr(Module, _name, _casts(_name))
setattr(Module, "type", _type)  # noqa: B010  # which hides Python's own in the class itself


for _name in (
    "T_destination _call_impl _compiled_call_impl _wrapped_call_impl _slow_forward "
    "_get_backward_hooks _get_backward_pre_hooks _maybe_warn_non_full_backward_hook "
    "_replicate_for_data_parallel"
).split():
    setattr(Module, _name, Unknown(f"nn.Module's {_name} isn't followed"))
OF_LAYERS = frozenset(
    "_flat_weights _flat_weights_names _all_weights _flat_weight_refs _initialize_hook _load_hook "
    "parametrizations".split()
)
"""Attributes of PyTorch's layers that aren't followed."""
