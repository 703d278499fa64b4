"""nn.Module, its containers, and the classes of torch's layers, as a model's own classes see them.

Every method is one that somebody's class may call or put its own in the place of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import signature
from typing import Any

from convcalc import text
from convcalc.formulas import ConvcalcError
from convcalc.layers.base import Layer
from convcalc.layers.vocabulary import FAMILIES, LAYERS, build
from convcalc.network import attributes, natives
from convcalc.network.functions.layered import applied, check_indices, check_settings
from convcalc.network.functions.registry import (
    STEPS_OF_A_MODULE,
    guarded,
    tensors_in,
    unknown_in,
)
from convcalc.network.modules import LONGEST_NAME, Builtin, Class, ClassMethod, Module
from convcalc.network.refusals import NotUnderstood, Raised, TooMuch, Unknown, raised
from convcalc.network.tensors import Parameter, Tensor

Method = Callable[..., Any]


def _class(name: str, base: Class | None, methods: dict[str, Method], **more: Any) -> Class:
    """Return a class of torch, its methods given the interpreter before the object."""
    namespace: dict[str, Any] = {
        key: Builtin(f"{name}.{key}", method, reads=True) for key, method in methods.items()
    }
    return Class(name, [] if base is None else [base], namespace, module="torch.nn", **more)


# ---------------------------------------------------------------------------------------------
# nn.Module
# ---------------------------------------------------------------------------------------------


def _init(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> None:
    if arguments or named:
        raise Raised("the __init__ of nn.Module takes no arguments", "TypeError")
    self.ready = True


def call_module(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> Any:
    """Call a module: its own forward, in its own place of the trace."""
    if not self.ready:
        raise Raised(
            f"{self.cls.name} was never made ready: its __init__ has to call super().__init__()",
            "AttributeError",
        )
    if self.changed:
        names = ", ".join(sorted(self.changed))
        raise NotUnderstood(f"{names} of the {self.cls.name} was changed, which isn't followed")
    interpreter.charge(STEPS_OF_A_MODULE)
    forward = interpreter.get(self, "forward")
    interpreter.trace.enter(self)
    interpreter.constructing += 1
    try:
        result = interpreter.called(forward, list(arguments), named)
    except Raised as error:
        told = self.layer is not None or not self.cls.own
        if error.module is None and told and not error.operation:
            error.module = self
            error.inputs = [*tensors_in(list(arguments)), *tensors_in(named)]
        raise
    finally:
        interpreter.constructing -= 1
        interpreter.trace.leave(self)
    natives.traversable(result)
    interpreter.trace.returned(self, [*tensors_in(list(arguments))], result)
    return result


def _forward(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> Any:
    raise Raised(f"{self.cls.name} has no forward", "NotImplementedError")


def _children(interpreter: Any, self: Module) -> Iterator[Any]:
    return iter([child for _, child in self.named_children()])


def _named_children(interpreter: Any, self: Module) -> Iterator[Any]:
    return iter(list(self.named_children()))


def _modules(interpreter: Any, self: Module) -> Iterator[Any]:
    return iter([module for _, module in self.named_modules()])


def _named_modules(interpreter: Any, self: Module, memo: Any = None, prefix: str = "",
                   remove_duplicate: bool = True) -> Iterator[Any]:  # fmt: skip
    return iter(list(self.named_modules(prefix)))


def _parameters(interpreter: Any, self: Module, recurse: bool = True) -> Iterator[Any]:
    return iter([parameter for _, parameter in _named(self, "", recurse)])


def _named(self: Module, prefix: str, recurse: bool) -> list[tuple[str, Parameter]]:
    return list(self.named_parameters(prefix) if recurse else self.own_parameters())


def _named_parameters(interpreter: Any, self: Module, prefix: str = "", recurse: bool = True,
                      remove_duplicate: bool = True) -> Iterator[Any]:  # fmt: skip
    return iter(_named(self, prefix, recurse))


def _named_buffers(interpreter: Any, self: Module, prefix: str = "",
                   recurse: bool = True) -> Iterator[Any]:  # fmt: skip
    return iter([
        (f"{path}.{name}" if path else name, buffer)
        for path, module in self.named_modules(prefix)
        for name, buffer in module.buffers.items()
    ])  # fmt: skip


def _buffers(interpreter: Any, self: Module, recurse: bool = True) -> Iterator[Any]:
    return iter([buffer for _, buffer in _named_buffers(interpreter, self)])


def _state_dict(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> dict[str, Any]:
    return dict([*self.named_parameters(), *_named_buffers(interpreter, self)])


def _add_module(interpreter: Any, self: Module, name: str, module: Any) -> None:
    if module is not None and not isinstance(module, (Module, Unknown)):
        raise Raised(f"{natives.kind(module)} is no module", "TypeError")
    if isinstance(name, Unknown):
        raise NotUnderstood(f"the name of a module isn't known: {name.why}")
    if not isinstance(name, str) or "." in name or not name:
        raise Raised(f"{natives.words(name)} is no name of a module", "KeyError")
    if len(name) > LONGEST_NAME:
        raise TooMuch(f"the name of a module has {len(name):,} characters")
    if not self.ready:
        raise Raised("a module is added before super().__init__() was called", "AttributeError")
    attributes.check_free(self, name, self.children)
    self.children[name] = module


def _register_buffer(interpreter: Any, self: Module, name: str, tensor: Any,
                     persistent: bool = True) -> None:  # fmt: skip
    if not self.ready:
        raise Raised("a buffer is registered before super().__init__() was called",
                     "AttributeError")  # fmt: skip
    if tensor is not None and not isinstance(tensor, (Tensor, Unknown)):
        raise Raised(f"{natives.kind(tensor)} is no buffer, a tensor is", "TypeError")
    attributes.check_free(self, name, self.buffers)
    self.buffers[name] = tensor


def _register_parameter(interpreter: Any, self: Module, name: str, param: Any) -> None:
    if not self.ready:
        raise Raised("a parameter is registered before super().__init__() was called",
                     "AttributeError")  # fmt: skip
    if param is not None and not isinstance(param, (Parameter, Unknown)):
        raise Raised(f"{natives.kind(param)} is no parameter, an nn.Parameter is", "TypeError")
    attributes.check_free(self, name, self.parameters)
    self.parameters[name] = param


def _apply(interpreter: Any, self: Module, fn: Any) -> Module:
    for child in [child for _, child in self.named_children()]:
        interpreter.called(interpreter.get(child, "apply"), [fn], {})
    interpreter.charge(5)
    interpreter.called(fn, [self], {})
    return self


def _train(interpreter: Any, self: Module, mode: Any = True) -> Module:
    if isinstance(mode, Unknown):
        raise NotUnderstood(f"whether it is trained isn't known: {mode.why}")
    self.training = bool(mode)
    interpreter.charge(5)
    for _, child in self.named_children():
        interpreter.called(interpreter.get(child, "train"), [mode], {})
    return self


def _eval(interpreter: Any, self: Module) -> Any:
    return interpreter.called(interpreter.get(self, "train"), [False], {})


def _same(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> Module:
    return self


def _nothing(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> None:
    """Change nothing that is followed."""


def _requires_grad(interpreter: Any, self: Module, requires_grad: bool = True) -> Module:
    for _, parameter in self.named_parameters():
        parameter.requires_grad = requires_grad
    return self


def _get_submodule(interpreter: Any, self: Module, target: str) -> Any:
    found: Any = self
    for name in target.split(".") if target else []:
        found = interpreter.get(found, name)
    return found


def _hook(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> Any:
    self.changed.add("what comes out, by a hook,")
    return Unknown("a hook")


def _repr(interpreter: Any, self: Module) -> str:
    return self.cls.name


def _getattr(interpreter: Any, self: Module, name: str) -> Any:
    for kept in (self.parameters, self.buffers, self.children):
        if name in kept:
            return kept[name]
    raise attributes.absent(interpreter, self, name)


MODULE = _class(
    "Module",
    None,
    {
        "__init__": _init, "__call__": call_module, "forward": _forward, "children": _children,
        "named_children": _named_children, "modules": _modules, "named_modules": _named_modules,
        "parameters": _parameters, "named_parameters": _named_parameters, "buffers": _buffers,
        "named_buffers": _named_buffers, "state_dict": _state_dict, "add_module": _add_module,
        "register_module": _add_module, "register_buffer": _register_buffer,
        "register_parameter": _register_parameter, "apply": _apply, "train": _train,
        "eval": _eval, "requires_grad_": _requires_grad, "get_submodule": _get_submodule,
        "get_parameter": _get_submodule, "__repr__": _repr, "__getattr__": _getattr,
        **dict.fromkeys(("to", "cuda", "cpu", "half", "float", "double", "bfloat16", "type",
                         "share_memory"), _same),
        **dict.fromkeys(("register_forward_hook", "register_forward_pre_hook"), _hook),
        **dict.fromkeys(("register_full_backward_hook", "register_backward_hook",
                         "register_full_backward_pre_hook", "register_state_dict_pre_hook",
                         "register_load_state_dict_post_hook", "_register_state_dict_hook",
                         "register_load_state_dict_pre_hook",
                         "_register_load_state_dict_pre_hook"), _nothing),
        **dict.fromkeys(("zero_grad", "load_state_dict", "extra_repr"), _nothing),
    },
)  # fmt: skip


def _set_module_attribute(interpreter: Any, self: Module, name: str, value: Any) -> None:
    attributes.assign(interpreter, self, name, value)


MODULE.namespace["__setattr__"] = Builtin("Module.__setattr__", _set_module_attribute, reads=True)


# ---------------------------------------------------------------------------------------------
# Containers
# ---------------------------------------------------------------------------------------------


def _place(self: Module, index: Any) -> str:
    """Return the name of the child at a place."""
    keys = list(self.children)
    if isinstance(index, Unknown):
        raise NotUnderstood(index.why)
    if isinstance(index, Tensor):
        raise NotUnderstood("which module is called hangs on the values of a tensor")
    if not isinstance(index, int) or not -len(keys) <= index < len(keys):
        raise Raised(
            f"index {natives.words(index)} is beyond the {len(keys)} modules of {self.cls.name}",
            "IndexError",
        )
    return keys[index]


def _list_item(interpreter: Any, self: Module, index: Any) -> Any:
    if isinstance(index, slice):
        chosen = list(self.children.items())[index]
        part = fresh(self.cls if not self.cls.own else self.cls.mro[-2])
        part.children = (
            dict(chosen) if part.cls.is_a(SEQUENTIAL) else
            {str(at): child for at, (_, child) in enumerate(chosen)}
        )  # fmt: skip
        return part
    return self.children[_place(self, index)]


def _set_item(interpreter: Any, self: Module, index: Any, module: Any) -> None:
    self.children[_place(self, index)] = module


def _delete_item(interpreter: Any, self: Module, index: Any) -> None:
    places = list(self.children)[index] if isinstance(index, slice) else [_place(self, index)]
    for place in places:
        del self.children[place]
    _renumber(self)


def _renumber(self: Module) -> None:
    if all(name.isdecimal() for name in self.children):
        self.children = {str(at): child for at, child in enumerate(self.children.values())}


def _len(interpreter: Any, self: Module) -> int:
    return len(self.children)


def _iterate(interpreter: Any, self: Module) -> Iterator[Any]:
    return iter(list(self.children.values()))


def _append(interpreter: Any, self: Module, module: Any) -> Module:
    _add_module(interpreter, self, str(len(self.children)), module)
    return self


def _extend(interpreter: Any, self: Module, modules: Any) -> Module:
    for each in list(interpreter.items(modules)):
        _append(interpreter, self, each)
    return self


def _insert(interpreter: Any, self: Module, index: int, module: Any) -> None:
    values = list(self.children.values())
    values.insert(index, module)
    self.children = {str(at): child for at, child in enumerate(values)}


def _list_pop(interpreter: Any, self: Module, key: Any = -1) -> Any:
    place = _place(self, key)
    found = self.children.pop(place)
    _renumber(self)
    return found


def _added(interpreter: Any, self: Module, other: Any) -> Any:
    made = fresh(self.cls if not self.cls.own else self.cls.mro[-2])
    for each in (*self.children.values(), *interpreter.items(other)):
        _append(interpreter, made, each)
    return made


def _make_sequential(interpreter: Any, self: Module, *arguments: Any) -> None:
    self.ready = True
    if len(arguments) == 1 and isinstance(arguments[0], dict):
        for name, module in arguments[0].items():
            _add_module(interpreter, self, name, module)
        return
    for at, module in enumerate(arguments):
        if isinstance(module, Unknown):
            raise NotUnderstood(f"a layer of a Sequential isn't known: {module.why}")
        if not isinstance(module, Module):
            raise Raised(
                f"nn.Sequential takes modules, its argument {at} is {natives.kind(module)}"
                + (": * takes a list apart" if isinstance(module, (list, tuple)) else ""),
                "TypeError",
            )
        self.children[str(at)] = module


def _sequential_forward(interpreter: Any, self: Module, input: Any) -> Any:
    for module in list(self.children.values()):
        input = interpreter.called(module, [input], {})
    return input


def _make_list(interpreter: Any, self: Module, modules: Any = None) -> None:
    self.ready = True
    if modules is not None:
        _extend(interpreter, self, modules)


def _make_dict(interpreter: Any, self: Module, modules: Any = None) -> None:
    self.ready = True
    if modules is not None:
        _dict_update(interpreter, self, modules)


def _dict_update(interpreter: Any, self: Module, modules: Any) -> None:
    if isinstance(modules, Module):
        modules = dict(modules.children)
    pairs = modules.items() if isinstance(modules, dict) else interpreter.items(modules)
    for name, module in pairs:
        _add_module(interpreter, self, name, module)


def _dict_pop(interpreter: Any, self: Module, key: Any) -> Any:
    value = _dict_item(interpreter, self, key)
    del self.children[key]
    return value


def _dict_item(interpreter: Any, self: Module, key: Any) -> Any:
    if isinstance(key, Unknown):
        raise NotUnderstood(key.why)
    if key not in self.children:
        raise Raised(f"there is no module {natives.words(key)}"
                     f"{interpreter.nearest(str(key), self.children)}", "KeyError")  # fmt: skip
    return self.children[key]


def _dict_set(interpreter: Any, self: Module, key: str, module: Any) -> None:
    _add_module(interpreter, self, key, module)


def _dict_remove(interpreter: Any, self: Module, key: str) -> None:
    self.children.pop(key, None)


def _keys(interpreter: Any, self: Module) -> Any:
    return list(self.children)


def _values(interpreter: Any, self: Module) -> Any:
    return list(self.children.values())


def _items(interpreter: Any, self: Module) -> Any:
    return list(self.children.items())


def _holds(interpreter: Any, self: Module, key: Any) -> bool:
    return any(key is each or key == name for name, each in self.children.items())


def _uncalled(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> Any:
    raise Raised(
        "has no forward: its modules are called one by one",
        "NotImplementedError",
    )


LIST: dict[str, Method] = {
    "__getitem__": _list_item, "__setitem__": _set_item, "__delitem__": _delete_item,
    "__len__": _len, "__iter__": _iterate, "append": _append, "extend": _extend,
    "insert": _insert, "pop": _list_pop, "__add__": _added, "__iadd__": _extend,
}  # fmt: skip
SEQUENTIAL = _class(
    "Sequential", MODULE, {**LIST, "__init__": _make_sequential, "forward": _sequential_forward}
)
MODULE_LIST = _class("ModuleList", MODULE, {**LIST, "__init__": _make_list, "forward": _uncalled})
MODULE_DICT = _class("ModuleDict", MODULE, {
    "__init__": _make_dict, "forward": _uncalled, "__getitem__": _dict_item,
    "__setitem__": _dict_set, "__delitem__": _dict_remove, "__len__": _len,
    "__iter__": _keys, "__contains__": _holds, "keys": _keys, "values": _values,
    "items": _items, "update": _dict_update, "pop": _dict_pop,
})  # fmt: skip


def _make_parameters(interpreter: Any, self: Module, values: Any = None) -> None:
    self.ready = True
    if isinstance(values, dict):
        for name, value in values.items():
            _set_parameter(interpreter, self, name, value)
    elif values is not None:
        for each in interpreter.items(values):
            _append_parameter(interpreter, self, each)


def _set_parameter(interpreter: Any, self: Module, key: Any, value: Any) -> None:
    kept = Parameter(value.shape) if type(value) is Tensor else value
    self.parameters[str(key)] = kept


def _append_parameter(interpreter: Any, self: Module, value: Any) -> Module:
    _set_parameter(interpreter, self, len(self.parameters), value)
    return self


def _parameter_item(interpreter: Any, self: Module, key: Any) -> Any:
    keys = list(self.parameters)
    if isinstance(key, int) and -len(keys) <= key < len(keys) and str(key) not in keys[:0]:
        return self.parameters[keys[key]]
    if key in self.parameters:
        return self.parameters[key]
    raise Raised(f"there is no parameter {natives.words(key)}", "IndexError")


def _parameter_values(interpreter: Any, self: Module) -> Any:
    return iter(list(self.parameters.values()))


PARAMETERS: dict[str, Method] = {
    "__init__": _make_parameters, "__getitem__": _parameter_item, "__setitem__": _set_parameter,
    "append": _append_parameter, "__len__": lambda _, self: len(self.parameters),
}  # fmt: skip
PARAMETER_LIST = _class("ParameterList", MODULE, {**PARAMETERS, "__iter__": _parameter_values})
PARAMETER_DICT = _class("ParameterDict", MODULE, {
    **PARAMETERS, "keys": lambda _, self: list(self.parameters),
    "values": _parameter_values, "items": lambda _, self: list(self.parameters.items()),
    "__iter__": lambda _, self: iter(list(self.parameters)),
})  # fmt: skip

CONTAINERS = {
    cls.name: cls
    for cls in (MODULE, SEQUENTIAL, MODULE_LIST, MODULE_DICT, PARAMETER_LIST, PARAMETER_DICT)
}


def fresh(cls: Class) -> Module:
    """Return an empty module of a class of torch."""
    made = Module(cls)
    made.ready = True
    return made


# ---------------------------------------------------------------------------------------------
# Layers
# ---------------------------------------------------------------------------------------------


def _make_layer(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> None:
    """Make a layer of its arguments, as PyTorch's class does."""
    self.ready = True
    kind = next(cls.layer for cls in self.cls.mro if cls.layer is not None)
    for key in ("device", "dtype"):
        if key in named:
            named[key] = None
    unknown = unknown_in(list(arguments)) or unknown_in(named)
    if unknown is not None:
        known = {key: value for key, value in named.items() if unknown_in(value) is None}
        if not (kind.__name__.endswith("Dropout") or "Dropout" in kind.__name__):
            raise NotUnderstood(f"an argument of nn.{kind.__name__} isn't known: {unknown.why}")
        arguments, named = tuple(a for a in arguments if unknown_in(a) is None), known
    given = tuple(_plain(each) for each in arguments)
    settings = {key: _plain(value) for key, value in named.items()}
    check_settings(f"nn.{kind.__name__}", (*given, *settings.values()))
    try:
        layer = build(kind.__name__, given, settings)
    except ConvcalcError as error:
        refusal = raised(error, f"nn.{kind.__name__}", "ValueError")
        if refusal is error or not isinstance(refusal, Raised):
            raise refusal from None
        if kind.__module__.rpartition(".")[2] in UNCHECKED and takes(kind, given, settings):
            self.attributes["refuses"] = str(error)
            return
        raise refusal from None
    self.arguments = (given, settings)
    self.fill(layer)
    if kind.__name__ == "MultiheadAttention":
        inner = fresh(layer_class("Linear"))
        shapes = layer.parameters()
        shape = shapes["out_proj.weight"]
        assert shape is not None
        has_bias = shapes.get("out_proj.bias") is not None
        inner.fill(build("Linear", (shape[1], shape[0], has_bias), {}))
        self.children["out_proj"] = inner


UNCHECKED = {"pooling", "padding", "resizing", "reshaping"}
"""Layers that PyTorch makes of any arguments, and refuses at their first call."""


def takes(kind: type[Layer], arguments: tuple[Any, ...], named: dict[str, Any]) -> bool:
    """Return whether a class has places for all of these arguments, and needs no others."""
    try:
        signature(kind).bind(*arguments, **named)
    except TypeError:
        return False
    return True


def _plain(value: Any) -> Any:
    """Return an argument of a layer: sizes and lists as plain ones."""
    if isinstance(value, natives.Size):
        return tuple(value)
    return value


def _layer_forward(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> Any:
    """Follow a layer: what comes out is what its class says."""
    if self.changed:
        names = ", ".join(sorted(self.changed))
        raise NotUnderstood(f"{names} of the {self.cls.name} was changed, which isn't followed")
    layer = self.layer
    if layer is None:
        raise Raised(self.attributes["refuses"], "ValueError")
    unknown = unknown_in(list(arguments)) or unknown_in(named)
    if unknown is not None:
        raise NotUnderstood(f"what goes into the {self.cls.name} isn't known: {unknown.why}")
    inputs = [*tensors_in(list(arguments)), *tensors_in(named)]
    if arguments and not isinstance(arguments[0], Tensor):
        got = natives.kind(arguments[0])
        if isinstance(arguments[0], (tuple, list)):
            got += f" of {len(arguments[0])}, of which one is taken by its index"
        raise Raised(f"takes a tensor, gets {got}", "TypeError")
    if inputs:
        try:
            seen = layer.seen(inputs[0].shape)
        except ConvcalcError as error:
            raise raised(error) from None
        if seen is not layer:
            self.fill(seen)
            layer = seen
    if inputs:
        check_kind(layer, inputs[0].dtype)
    result = guarded(f"{self.cls.name}", lambda: applied(layer, arguments, named), (), {})
    if not self.training and "Dropout" in layer.name and isinstance(result, Tensor):
        result.strides = inputs[0].strides  # it is the input itself
    if self.training and getattr(layer, "track_running_stats", False):
        result.mixed(*(axis for axis in range(result.ndim) if axis != 1))  # by what the batch is
    interpreter.trace.layer(self, inputs, result)
    return result


def check_kind(layer: Layer, kind: str) -> None:
    """Raise where a layer is given whole numbers that takes none, or others that takes those."""
    if layer.name in ("Embedding", "EmbeddingBag"):
        check_indices(kind)
    elif kind in ("int", "bool") and layer.parameters():
        raise Raised("takes no whole numbers, .float() before it would do")


def _from_pretrained(interpreter: Any, cls: Class, embeddings: Any, *arguments: Any,
                     **named: Any) -> Any:  # fmt: skip
    if not isinstance(embeddings, Tensor):
        raise NotUnderstood("the table of the embedding isn't known")
    made = Module(cls)
    _make_layer(interpreter, made, *embeddings.shape, padding_idx=named.get("padding_idx"))
    frozen = named.get("freeze", arguments[0] if arguments else True)
    made.parameters["weight"].requires_grad = not frozen
    return made


def layer_class(name: str) -> Class:
    """Return the class of one of torch's layers."""
    if name not in _LAYER_CLASSES:
        kind: type[Layer] = LAYERS[name]
        methods = {"__init__": _make_layer, "forward": _layer_forward}
        methods |= dict.fromkeys(
            ("flatten_parameters", "reset_parameters", "_reset_parameters",
             "reset_running_stats", "init_weights"), _nothing,
        )  # fmt: skip
        made = _LAYER_CLASSES[name] = _class(name, _base_of(kind), methods, layer=kind)
        if name.startswith("Embedding"):
            function = Builtin("from_pretrained", _from_pretrained, reads=True)
            made.namespace["from_pretrained"] = ClassMethod(function)
    return _LAYER_CLASSES[name]


_LAYER_CLASSES: dict[str, Class] = {}


def _base_of(kind: type[Layer]) -> Class:
    """Return the class of torch that a layer's class is made from, as far as models ask for it."""
    for base in kind.__mro__[1:]:
        if LAYERS.get(base.__name__) is base:
            return layer_class(base.__name__)
        for name, family in FAMILIES.items():
            if family is base:
                return family_class(name)
    return MODULE


def family_class(name: str) -> Class:
    """Return a class that several of torch's layers share."""
    if name not in _LAYER_CLASSES:
        methods = {"__init__": _make_family, "forward": _uncalled}
        _LAYER_CLASSES[name] = _class(name, _base_of(FAMILIES[name]), methods)
    return _LAYER_CLASSES[name]


def _make_family(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> None:
    raise NotUnderstood(f"what is made from torch's {self.cls.mro[1].name} isn't followed")


def _make_loss(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> None:
    self.ready = True
    self.attributes.update(named)


def _loss_forward(interpreter: Any, self: Module, *arguments: Any, **named: Any) -> Any:
    if len(arguments) + len(named) < 2:
        got = text.counted(len(arguments) + len(named), "argument")
        raise Raised(f"takes what came out and what was wanted, gets {got}", "TypeError")
    if self.attributes.get("reduction", "mean") == "none":
        raise NotUnderstood(f"{self.cls.name} of every number isn't followed")
    inputs = [*tensors_in(list(arguments)), *tensors_in(named)]
    result = Tensor((), fed=any(tensor.fed for tensor in inputs))
    interpreter.trace.layer(self, inputs, result)
    return result


def loss_class(name: str) -> Class:
    """Return the class of one of torch's losses."""
    if name not in _LAYER_CLASSES:
        methods = {"__init__": _make_loss, "forward": _loss_forward}
        _LAYER_CLASSES[name] = _class(name, MODULE, methods)
    return _LAYER_CLASSES[name]


def parameter(interpreter: Any, data: Any = None, requires_grad: Any = True) -> Any:
    """Return an nn.Parameter of a tensor's numbers."""
    if isinstance(data, Unknown):
        return data
    if data is None:
        return Parameter((0,))
    if not isinstance(data, Tensor):
        raise Raised(f"nn.Parameter takes a tensor, not {natives.kind(data)}", "TypeError")
    return Parameter(data.shape, requires_grad is not False)
