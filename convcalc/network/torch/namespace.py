"""torch: what its names are, and its rooms (nn, cuda, jit, utils, autograd, …).

What is harmless stands in one table: it changes neither a shape nor a kind of numbers.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from functools import partial
from types import NoneType
from typing import get_origin

from convcalc import text
from convcalc.network.torch.dtypes import DTYPES, FLOAT32, DType, finfo, iinfo
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.attributes import DEVICE, Device
from convcalc.network.torch.functions.creating import FORMATS, TYPES, MemoryFormat, TensorType
from convcalc.network.torch.functions.registry import (
    FFT,
    GRADED,
    LINALG,
    SPECIAL,
    TORCH,
    tensors_in,
)
from convcalc.network.torch.functions.signatures import absent, names_of
from convcalc.network.torch.gradients.contexts import Around, Autocast, Grading
from convcalc.network.torch.gradients.storage import GRADIENTS
from convcalc.network.torch.module import Module
from convcalc.network.torch.nn import NN, Named
from convcalc.network.torch.rooms.room import Room
from convcalc.network.torch.sizes import Size
from convcalc.network.torch.states import RemovableHandle
from convcalc.network.torch.tensor import Tensor
from convcalc.network.torch.watch import WATCHER
from convcalc.network.torch.written.classes import DISTRIBUTIONS_LIBRARY
from convcalc.reading.exceptions import Final, NotUnderstood
from convcalc.reading.values import MISSING, Library, Needed, Unknown, public
from convcalc.reading.values import unknown_library as unknown

HARMLESS = {
    "torch": "manual_seed seed initial_seed save set_num_threads set_num_interop_threads "
             "get_num_threads set_printoptions set_float32_matmul_precision set_flush_denormal "
             "get_float32_matmul_precision use_deterministic_algorithms set_warn_always Generator "
             "set_rng_state get_rng_state default_generator are_deterministic_algorithms_enabled",
    "torch.cuda": "empty_cache manual_seed manual_seed_all set_device synchronize Event Stream "
                  "get_device_name memory_allocated max_memory_allocated reset_peak_memory_stats "
                  "current_stream memory_reserved set_per_process_memory_fraction seed_all nvtx "
                  "get_device_capability get_device_properties current_device ipc_collect",
    "torch.autograd": "profiler set_detect_anomaly detect_anomaly backward",
    "torch.jit": "save freeze optimize_for_inference Final",
    "torch.amp": "GradScaler", "torch.cuda.amp": "GradScaler",
}  # fmt: skip
"""What is harmless in each room, besides whole libraries (packages/known_libraries)."""


def _harmless(room: str) -> dict[str, object]:
    return {
        name: Unknown(f"{room}.{name} isn't followed", harmless=True)
        for name in HARMLESS[room].split()
    }


def _room(name: str, *tables: Mapping[str, object]) -> Library:
    names = {key: value for table in tables for key, value in table.items()}
    return Library(name, lambda key: names.get(key, MISSING), lambda: iter(names))


def _of(name: str, room: Room) -> Library:
    """Return the library whose names are functions, each loaded when it is asked for."""
    return Library(name, lambda key: room.get(key, MISSING), lambda: iter(room))


def _answer(value: object) -> Callable[[], object]:
    """Return a function that always returns the same."""
    return lambda: value


# ---------------------------------------------------------------------------------------------
# Decorators and contexts
# ---------------------------------------------------------------------------------------------


class Compiling(Around):
    """A decorator after which other operations run than those that are written."""

    def __call__(self, *given: object, **named: object) -> object:
        """Return a function or a module as it is."""
        WATCHER.get().keeps_unknown("torch.compile", always=True)
        return super().__call__(*given, **named)


def _around(names: str, takes: str = "") -> dict[str, object]:
    return {name: Around(name, takes) for name in names.split()}


# ---------------------------------------------------------------------------------------------
# torch.autograd, torch.utils.checkpoint
# ---------------------------------------------------------------------------------------------


@public
class FunctionContext:
    """What a function with a backward of its own keeps for it."""

    def save_for_backward(self, *tensors: object) -> None:
        """Keep tensors."""
        self.saved_tensors = tensors

    save_for_forward = save_for_backward

    def mark_dirty(self, *tensors: object) -> None:
        """Note them; their values aren't followed."""
        self._convcalc_marked = tensors

    mark_non_differentiable = mark_dirty

    def set_materialize_grads(self, value: object) -> None:
        """Note nothing: gradients aren't followed."""

    def __getattr__(self, name: str) -> object:
        if name in ("needs_input_grad", "materialize_grads"):
            raise NotUnderstood(f"{name} of a function's context isn't followed")
        raise AttributeError(f"the context has no attribute {name}", name=name, obj=self)


@public
class Function:
    """A function with a backward of its own: its forward is called."""

    __module__ = "torch.autograd.function"

    @classmethod
    def apply(cls, *arguments: object) -> object:
        """Call the forward, with a context before its arguments unless that is set up apart."""
        forward = getattr(cls, "forward", None)
        if forward is None:
            raise misfit("a Function has to define its forward", NotImplementedError)
        given = arguments if hasattr(cls, "setup_context") else (FunctionContext(), *arguments)
        return _unseen(cls.__name__, partial(forward, *given), arguments)


def _unseen(name: str, function: Callable[[], object], arguments: object) -> object:
    """Return what a function gives of which it isn't known what it keeps for its backward."""
    learns = GRADIENTS.get() and any(each.requires_grad for each in tensors_in(arguments))
    token = GRADIENTS.set(False)
    try:
        result = function()
    finally:
        GRADIENTS.reset(token)
    if learns:
        WATCHER.get().keeps_unknown(name)
        for each in tensors_in(result):
            each.learnt = each.learnt or each.dtype.kind in GRADED
    return result


def variable(data: object = None, requires_grad: bool = False, volatile: bool = False) -> object:
    """Return a tensor, which a Variable is."""
    return data


def checkpoint(
    function: Callable[..., object],
    *args: object,
    **kwargs: object,
) -> object:
    """Call a function, of which less is kept in training."""
    if isinstance(function, Unknown):
        raise Needed(function)
    named = {k: each for k, each in kwargs.items() if k not in OF_CHECKPOINT}
    if not GRADIENTS.get():
        return function(*args, **named)
    return _unseen("checkpoint", partial(function, *args, **named), [args, named])


OF_CHECKPOINT = ("use_reentrant", "preserve_rng_state", "context_fn", "determinism_check", "debug",
                 "early_stop")  # fmt: skip
"""Settings of checkpoint() itself, on which no shape depends."""


def checkpoint_sequential(functions: object, segments: object, input: object,
                          use_reentrant: object = None,
                          preserve_rng_state: object = True) -> object:  # fmt: skip
    """Call functions one after the other."""
    for each in functions:  # type: ignore[attr-defined]
        input = checkpoint(each, input)
    return input


# ---------------------------------------------------------------------------------------------
# Single names
# ---------------------------------------------------------------------------------------------


@public
class Version(str):
    """torch's version, which is compared number by number."""

    __slots__ = ()

    def _convcalc_parts(self, other: object) -> tuple[list[int], list[int]]:
        words = ".".join(map(str, other)) if isinstance(other, tuple) else other
        if not isinstance(words, str):
            raise TypeError(f"a version isn't compared with {type(other).__name__}")
        one, two = (
            [int(each) for each in re.findall(r"\d+", version.partition("+")[0])]
            for version in (str(self), words)
        )
        length = max(len(one), len(two))
        return one + [0] * (length - len(one)), two + [0] * (length - len(two))

    __hash__ = str.__hash__


def _compares(does: Callable[[object, object], bool]) -> Callable[[Version, object], bool]:
    return lambda self, other: does(*self._convcalc_parts(other))


for _sign in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Version, f"__{_sign}__", _compares(getattr(operator, _sign)))


def set_default_dtype(d: object) -> None:
    """Set what it is already."""
    if isinstance(d, Unknown):
        raise Needed(d)
    if d not in (FLOAT32, TYPES["FloatTensor"], "torch.FloatTensor"):
        raise Final("another default dtype than float32 isn't followed")


def load(f: object, map_location: object = None, pickle_module: object = None, *,
         weights_only: object = None, mmap: object = None,
         encoding: object = None) -> Unknown:  # fmt: skip
    """Return what nobody knows: what stands in a file."""
    return Unknown("what torch.load() reads isn't known")


def assert_true(condition: object, message: object) -> None:
    """Raise where something that is known isn't true."""
    if not isinstance(condition, (Unknown, Tensor)) and not condition:
        raise misfit(str(message), AssertionError)


def device(type: object = None, index: object = None) -> object:
    """Return the device where all tensors are, or another one."""
    if isinstance(type, Device):
        return type
    if isinstance(type, str):
        kind, _, number = type.partition(":")
        place = int(number) if number.isdecimal() else index
        if kind == "cpu" and place in (None, 0):
            return DEVICE
        if kind.isidentifier() and isinstance(place, (int, NoneType)):
            return Device(kind, place)
    return Unknown(f"the device {type!r} isn't known", harmless=True)


def _no_dtype() -> object:
    raise misfit("cannot create 'torch.dtype' instances", TypeError)


class _OnCuda(TensorType):
    """A type of tensors on a device where none are."""

    def __instancecheck__(cls, value: object) -> bool:
        return False


def _on_cuda(name: str) -> type:
    made = _OnCuda(name, (), {"__module__": "torch.cuda"})
    made.dtype, made.makes = TYPES[name].dtype, TYPES[name].makes  # type: ignore[attr-defined]
    return public(made)


# ---------------------------------------------------------------------------------------------
# Rooms
# ---------------------------------------------------------------------------------------------

_CUSTOM = _around("custom_fwd custom_bwd", "device_type cast_inputs")
_GRAD: dict[str, object] = {
    "no_grad": Grading("no_grad"),
    "enable_grad": Grading("enable_grad", mode=True),
    "set_grad_enabled": Grading("set_grad_enabled", "mode"),
    "inference_mode": Grading("inference_mode", "mode"),
}
_AUTOCAST = {"autocast": Autocast("autocast", "device_type dtype enabled cache_enabled")}
_CUDA: dict[str, object] = {
    **dict.fromkeys(("is_available", "is_initialized", "is_bf16_supported",
                     "is_current_stream_capturing"), _answer(False)),
    "device_count": _answer(0),
    **{name: _on_cuda(name) for name in TYPES if name != "Tensor"},
    "amp": _room("torch.cuda.amp", _harmless("torch.cuda.amp"), _CUSTOM,
                 {"autocast": Autocast("autocast", "enabled dtype cache_enabled")}),
}  # fmt: skip


def jit_isinstance(obj: object, target_type: object) -> object:
    """Return whether a value is of a type, whatever it holds."""
    if isinstance(target_type, type) and get_origin(target_type) is None:
        return isinstance(obj, target_type)
    return Unknown("torch.jit.isinstance of what a value holds isn't followed", harmless=True)


_JIT: dict[str, object] = {
    "isinstance": jit_isinstance,
    **dict.fromkeys(("is_scripting", "is_tracing"), _answer(False)),
    **_around("script ignore export unused script_method interface script_if_tracing "
              "_script_if_tracing", "optimize example_inputs drop"),
    "annotate": lambda the_type, the_value: the_value,
    "ScriptModule": Module,
}  # fmt: skip
_AUTOGRAD: dict[str, object] = {
    "Variable": variable,
    "Function": Function,
    "function": _room("torch.autograd.function", {
        "Function": Function, "FunctionCtx": FunctionContext,
        **_around("once_differentiable"),
    }),
    **_GRAD,
}  # fmt: skip
_CHECKPOINT = _room("torch.utils.checkpoint", {
    "checkpoint": checkpoint, "checkpoint_sequential": checkpoint_sequential,
})  # fmt: skip
_UTILS: dict[str, object] = {
    "checkpoint": _CHECKPOINT,
    "model_zoo": unknown("torch.utils.model_zoo", harmless=True),
    **{name: unknown(f"torch.utils.{name}", harmless=True)
       for name in ("data", "tensorboard", "benchmark", "flop_counter", "bottleneck")},
    "_pytree": unknown("torch.utils._pytree", harmless=True),
    "hooks": _room("torch.utils.hooks", {"RemovableHandle": RemovableHandle}),
}  # fmt: skip


@public
class FullyShardedDataParallel(Module):
    """A module that lies on several machines, which none does here."""

    def __init__(self, module: object) -> None:
        raise NotUnderstood(f"{type(module).__name__} on several machines isn't followed")


_DISTRIBUTED: dict[str, object] = {
    "fsdp": _room("torch.distributed.fsdp", {"FullyShardedDataParallel": FullyShardedDataParallel}),
    "is_available": _answer(True),
    "is_initialized": _answer(False),
}
_BACKENDS: dict[str, object] = {
    "mps": _room("torch.backends.mps", dict.fromkeys(("is_available", "is_built"), _answer(False))),
    **{name: unknown(f"torch.backends.{name}", harmless=True)
       for name in ("cudnn", "cuda", "mkldnn", "mkl", "openmp", "opt_einsum")},
}  # fmt: skip
_COMPILER: dict[str, object] = {
    **_around("disable", "recursive reason"),
    **_around("allow_in_graph"),
    **dict.fromkeys(("is_compiling", "is_exporting", "is_dynamo_compiling"), _answer(False)),
}


def _scan(combine_fn: object, xs: object, dim: object, reverse: object = False,
          combine_mode: object = "pointwise") -> None:  # fmt: skip
    raise NotUnderstood("torch's associative_scan() isn't followed")


ROOMS: dict[str, object] = {
    "nn": NN,
    "xpu": _room("torch.xpu", {
        **dict.fromkeys(("is_available", "is_initialized", "is_current_stream_capturing"),
                        _answer(False)),
        "device_count": _answer(0),
    }),
    "cuda": _room("torch.cuda", _harmless("torch.cuda"), _CUDA),
    "jit": _room("torch.jit", _harmless("torch.jit"), _JIT),
    "linalg": _of("torch.linalg", LINALG),
    "special": _of("torch.special", SPECIAL),
    "fft": _of("torch.fft", FFT),
    "functional": _of("torch.functional", TORCH),
    "utils": _room("torch.utils", _UTILS),
    "autograd": _room("torch.autograd", _harmless("torch.autograd"), _AUTOGRAD),
    "amp": _room("torch.amp", _harmless("torch.amp"), _CUSTOM, _AUTOCAST),
    "fx": _room("torch.fx", {"wrap": lambda fn_or_name: fn_or_name}),
    "onnx": _room("torch.onnx", {"is_in_onnx_export": _answer(False)}),
    "compiler": _room("torch.compiler", _COMPILER),
    "_dynamo": _room("torch._dynamo", _COMPILER, {
        "mark_static_address": lambda t, guard=True: None,
    }),
    "_higher_order_ops": _room("torch._higher_order_ops", {
        "associative_scan": _room("torch._higher_order_ops.associative_scan", {
            "associative_scan": _scan,
        }),
    }),
    "distributed": _room("torch.distributed", _DISTRIBUTED),
    "backends": _room("torch.backends", _BACKENDS),
    "version": _room("torch.version", {"__version__": Version("2.13.0"), "cuda": None}),
    "distributions": DISTRIBUTIONS_LIBRARY,
    "optim": unknown("torch.optim", harmless=True),
    "random": unknown("torch.random", harmless=True),
    "profiler": unknown("torch.profiler", harmless=True),
    **{name: unknown(f"torch.{name}") for name in (
        "hub", "ops", "sparse", "quantization", "ao", "export", "_C",
        "multiprocessing", "masked", "nested", "func", "testing", "package", "overrides",
    )},
}  # fmt: skip

for _type in TYPES.values():
    public(_type)
NAMES: dict[str, object] = {
    **ROOMS,
    **TYPES,
    **DTYPES,
    **FORMATS,
    **_harmless("torch"),
    "Size": Size,
    "dtype": Named.of_class("dtype", _no_dtype, DType),
    "device": Named.of_class("device", device, Device),
    "memory_format": Named.of_class("memory_format", _no_dtype, MemoryFormat),
    "finfo": finfo,
    "iinfo": iinfo,
    "pi": math.pi,
    "inf": math.inf,
    "nan": math.nan,
    "e": math.e,
    "newaxis": None,
    "__version__": Version("2.13.0"),
    "strided": Unknown("torch.strided isn't followed", harmless=True),
    "is_grad_enabled": GRADIENTS.get,
    "is_inference_mode_enabled": _answer(False),
    "is_autocast_enabled": lambda device_type=None: False,
    "get_default_dtype": _answer(FLOAT32),
    "set_default_dtype": set_default_dtype,
    "set_default_tensor_type": set_default_dtype,
    "set_default_device": lambda device: None,
    **_GRAD,
    **_AUTOCAST,
    "compile": Compiling("compile", "fullgraph dynamic backend mode options disable"),
    "load": load,
    "_assert": assert_true,
}


def find(name: str) -> object:
    """Return what a name of torch is; raise AttributeError where it has none like it."""
    found = NAMES[name] if name in NAMES else TORCH.get(name, MISSING)
    if found is MISSING and absent("torch", name):
        near = text.nearest(name, (*NAMES, *TORCH))
        hint = f": {near} is the nearest name" if near else ""
        raise misfit(f"torch has no {name}{hint}", AttributeError)
    return found


TORCH_LIBRARY = Library("torch", find, lambda: iter((*NAMES, *TORCH)), names_of)
