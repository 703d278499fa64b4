"""The libraries that models use: torch, and what of Python's own standard library they need.

A library's name is worth what stands in its table; everything else of a library is unknown, which
is refused where a shape hangs on it.
"""

from __future__ import annotations

import functools
import itertools
import math
import sys
from collections.abc import Callable, Iterator
from typing import Any

from convcalc import text
from convcalc.layers.base import Batch
from convcalc.layers.vocabulary import FAMILIES, LAYERS, LOSSES
from convcalc.network import builtins, classes, composed, natives
from convcalc.network.attributes import Library
from convcalc.network.containers import (
    CONTAINERS,
    family_class,
    layer_class,
    loss_class,
    parameter,
)
from convcalc.network.functions import functional, indexing, operators  # noqa: F401
from convcalc.network.functions.algebra import LINALG
from convcalc.network.functions.attributes import DEVICE
from convcalc.network.functions.creating import DTYPES
from convcalc.network.functions.einops import EINOPS
from convcalc.network.functions.registry import FUNCTIONAL, TORCH
from convcalc.network.modules import (
    MISSING,
    Bound,
    Builtin,
    Class,
    Function,
    Instance,
    Module,
)
from convcalc.network.natives import Ignored
from convcalc.network.refusals import NotUnderstood, Raised, Unknown
from convcalc.network.tensors import Parameter, Tensor


def _keeps(name: str) -> Builtin:
    """Return a function that returns what it is given first, as it is."""
    return Builtin(name, lambda first=None, *arguments, **named: first)


def _nothing(name: str) -> Builtin:
    """Return a function that does nothing which is followed."""
    return Builtin(name, lambda *arguments, **named: None)


def _decorates(name: str) -> Builtin:
    """Return a context or decorator that changes no shape, with its arguments or without."""

    def decorate(*arguments: Any, **named: Any) -> Any:
        if len(arguments) == 1 and isinstance(arguments[0], (Function, Class, Bound, Module)):
            return arguments[0]
        return _keeps(name)

    return Builtin(name, decorate)


def _library(name: str, table: dict[str, Any]) -> Library:
    return Library(name, lambda key: table.get(key, MISSING))


def unknown_library(name: str) -> Library:
    """Return a library that is known by its name only."""

    def find(key: str) -> Any:
        return Unknown(f"{name}.{key} stands in a library that isn't read")

    return Library(name, find)


# ---------------------------------------------------------------------------------------------
# torch
# ---------------------------------------------------------------------------------------------

OTHERS_OF_NN = {"Parameter": Builtin("nn.Parameter", parameter, reads=True),
                "UninitializedParameter": Ignored("UninitializedParameter"),
                "Buffer": _keeps("nn.Buffer")}  # fmt: skip


def in_nn(name: str) -> Any:
    """Return what a name of torch.nn is worth."""
    if name in CONTAINERS:
        return CONTAINERS[name]
    if name in LAYERS:
        return layer_class(name)
    if name in LOSSES:
        return loss_class(name)
    if name in FAMILIES:
        return family_class(name)
    if name[:1] == "_":
        return Unknown(f"nn.{name} isn't followed")
    if name in composed.NAMES:
        return natives.Later(lambda interpreter: composed.find(interpreter, name))
    if name in OTHERS_OF_NN:
        return OTHERS_OF_NN[name]
    if name in NN_ROOMS:
        return NN_ROOMS[name]
    if name in (
        "grad",
        "quantized",
        "qat",
        "intrinsic",
        "quantizable",
        "Container",
        "common_types",
    ):
        return Unknown(f"nn.{name} isn't followed")
    near = text.nearest(name, [*LAYERS, *CONTAINERS, *composed.NAMES])
    if near is None and name[:1].isupper():
        return Unknown(f"nn.{name} isn't known")
    hint = f": {near} is the nearest name" if near else ""
    raise Raised(f"torch.nn has no {name}{hint}", "AttributeError")


NN = Library("torch.nn", in_nn)
F = Library("torch.nn.functional", lambda name: FUNCTIONAL.get(name, TORCH.get(name, MISSING)))


def _initialisation(name: str) -> Any:
    if name == "calculate_gain":
        return Builtin(name, lambda *arguments, **named: 1.0)
    return Builtin(f"nn.init.{name}", lambda tensor=None, *arguments, **named: tensor)


INIT = Library("torch.nn.init", _initialisation)


def _device(*arguments: Any, **named: Any) -> Any:
    """Return the device where all tensors are, or one on which nothing is known to be."""
    kind = arguments[0] if arguments else named.get("type")
    is_cpu = kind is DEVICE or (isinstance(kind, str) and kind.startswith("cpu"))
    return DEVICE if is_cpu else Unknown("the device")


UTILS = _library("torch.nn.utils", {
    "weight_norm": Builtin("weight_norm", composed.weight_norm),
    "spectral_norm": Builtin("spectral_norm", composed.spectral_norm),
    "remove_weight_norm": _keeps("remove_weight_norm"),
    "clip_grad_norm_": _nothing("clip_grad_norm_"),
    "clip_grad_value_": _nothing("clip_grad_value_"),
    "parametrizations": _library("torch.nn.utils.parametrizations", {
        "weight_norm": Builtin("weight_norm", composed.weight_norm),
        "spectral_norm": Builtin("spectral_norm", composed.spectral_norm_in_place),
    }),
    "rnn": unknown_library("torch.nn.utils.rnn"),
})  # fmt: skip


def _in_modules(name: str) -> Any:
    if name in NN_MODULES:
        return NN_MODULES[name]
    return in_nn(name)


class Pairs:
    """What turns one number into as many as there are axes."""

    @staticmethod
    def of(count: int) -> Builtin:
        """Return _single, _pair, _triple …"""

        def repeat(value: Any) -> Any:
            return tuple(value) if isinstance(value, (tuple, list)) else (value,) * count

        return Builtin("_ntuple", repeat)


NN_MODULES = {
    "utils": _library("torch.nn.modules.utils", {
        "_single": Pairs.of(1), "_pair": Pairs.of(2), "_triple": Pairs.of(3),
        "_quadruple": Pairs.of(4), "_ntuple": Builtin("_ntuple", Pairs.of),
    }),
}  # fmt: skip
for _room in ("conv", "pooling", "batchnorm", "linear", "activation", "module", "container",
              "normalization", "dropout", "rnn", "sparse", "loss", "padding", "upsampling",
              "transformer", "flatten", "instancenorm", "pixelshuffle", "distance"):  # fmt: skip
    NN_MODULES[_room] = Library(f"torch.nn.modules.{_room}", in_nn)

NN_ROOMS: dict[str, Any] = {
    "functional": F,
    "init": INIT,
    "utils": UTILS,
    "modules": Library("torch.nn.modules", _in_modules),
    "parameter": Library("torch.nn.parameter", in_nn),
    "parallel": Library("torch.nn.parallel", in_nn),
    "attention": unknown_library("torch.nn.attention"),
}


def _checkpoint(interpreter: Any, function: Any, *arguments: Any, **named: Any) -> Any:
    for key in ("use_reentrant", "preserve_rng_state", "context_fn", "determinism_check"):
        named.pop(key, None)
    return interpreter.called(function, list(arguments), named)


def _checkpoint_sequential(interpreter: Any, functions: Any, segments: Any, input: Any,
                           **named: Any) -> Any:  # fmt: skip
    for each in interpreter.items(functions):
        input = interpreter.called(each, [input], {})
    return input


CHECKPOINT = _library("torch.utils.checkpoint", {
    "checkpoint": Builtin("checkpoint", _checkpoint, reads=True),
    "checkpoint_sequential": Builtin("checkpoint_sequential", _checkpoint_sequential, reads=True),
})  # fmt: skip

JIT = _library("torch.jit", {
    "is_scripting": Builtin("is_scripting", lambda: False),
    "is_tracing": Builtin("is_tracing", lambda: False),
    **{name: _decorates(name) for name in ("script", "ignore", "export", "unused",
                                           "script_method", "interface", "script_if_tracing")},
    "annotate": Builtin("annotate", lambda kind, value: value),
    "Final": Ignored("Final"),
    "_script_if_tracing": _decorates("script_if_tracing"),
    "ScriptModule": CONTAINERS["Module"],
})  # fmt: skip

TENSOR = natives.NativeType("Tensor", (Tensor,), TORCH["Tensor"].function)
CUDA = _library("torch.cuda", {
    "is_available": Builtin("is_available", lambda: False),
    "device_count": Builtin("device_count", lambda: 0),
    **{name: natives.NativeType(name, (), TORCH[name].function)
       for name in ("FloatTensor", "LongTensor", "HalfTensor", "BoolTensor")},
    "amp": _library("torch.cuda.amp", {
        "autocast": _decorates("autocast"),
        "custom_fwd": _decorates("custom_fwd"), "custom_bwd": _decorates("custom_bwd"),
    }),
    **{name: _nothing(name) for name in ("empty_cache", "manual_seed", "manual_seed_all",
                                         "set_device", "synchronize")},
})  # fmt: skip


def _limits(name: str, **numbers: float) -> Builtin:
    """Return a function that says what numbers a kind holds: those of its usual width."""
    made = Instance(Class(name, [], {}))
    made.attributes.update(numbers)
    return Builtin(f"torch.{name}", lambda dtype=None: made)


LARGEST_SINGLE = 3.4028234663852886e38
TORCH_ROOMS: dict[str, Any] = {
    "finfo": _limits("finfo", max=LARGEST_SINGLE, min=-LARGEST_SINGLE, eps=2.0**-23, bits=32,
                     tiny=2.0**-126, smallest_normal=2.0**-126, resolution=1e-6),
    "iinfo": _limits("iinfo", max=2**63 - 1, min=-(2**63), bits=64),
    "nn": NN,
    "Tensor": TENSOR,
    "Size": natives.NativeType("Size", (natives.Size,), lambda sizes=(): natives.Size(sizes)),
    "cuda": CUDA,
    "jit": JIT,
    "linalg": _library("torch.linalg", LINALG),
    "utils": _library("torch.utils", {
        "checkpoint": CHECKPOINT, "data": unknown_library("torch.utils.data"),
        "model_zoo": unknown_library("torch.utils.model_zoo"),
    }),
    "autograd": _library("torch.autograd", {
        "Variable": _keeps("Variable"), "Function": natives.Later(
            lambda interpreter: composed.find(interpreter, "Function", "autograd")
        ),
        "set_detect_anomaly": _nothing("set_detect_anomaly"),
        "profiler": unknown_library("torch.autograd.profiler"),
    }),
    "hub": unknown_library("torch.hub"),
    "optim": unknown_library("torch.optim"),
    "distributed": unknown_library("torch.distributed"),
    "backends": unknown_library("torch.backends"),
    "fx": _library("torch.fx", {"wrap": _decorates("wrap")}),
    "ops": unknown_library("torch.ops"),
    "amp": _library("torch.amp", {"autocast": _decorates("autocast"),
                                  "custom_fwd": _decorates("custom_fwd")}),
    "random": unknown_library("torch.random"),
    "special": _library("torch.special", TORCH),
    "functional": _library("torch.functional", TORCH),
    "onnx": _library("torch.onnx", {"is_in_onnx_export": Builtin("…", lambda: False)}),
    "compiler": _library("torch.compiler", {"disable": _decorates("disable"),
                                            "is_compiling": Builtin("…", lambda: False)}),
    "pi": math.pi,
    "inf": math.inf,
    "nan": math.nan,
    "e": math.e,
    "__version__": "2.13.0",
    "is_grad_enabled": Builtin("is_grad_enabled", lambda: False),
    "numel": TORCH["numel"],
    "no_grad": _decorates("no_grad"),
    "enable_grad": _decorates("enable_grad"),
    "inference_mode": _decorates("inference_mode"),
    "set_grad_enabled": _decorates("set_grad_enabled"),
    "autocast": _decorates("autocast"),
    "compile": _decorates("compile"),
    "device": Builtin("torch.device", _device),
    "Generator": Builtin("Generator", lambda *arguments, **named: Unknown("a generator")),
    **{name: _nothing(name) for name in (
        "manual_seed", "save", "set_default_dtype", "set_num_threads", "set_printoptions",
        "_assert", "set_float32_matmul_precision", "use_deterministic_algorithms",
    )},
    "_C": unknown_library("torch._C"),
    "memory_format": Ignored("memory_format"),
    "channels_last": Unknown("channels_last"),
    "contiguous_format": Unknown("contiguous_format"),
    "strided": Unknown("strided"),
    **DTYPES,
    "dtype": Ignored("dtype"),
}  # fmt: skip


def _in_torch(name: str) -> Any:
    if name in TORCH_ROOMS:
        return TORCH_ROOMS[name]
    return TORCH.get(name, MISSING)


TORCH_LIBRARY = Library("torch", _in_torch)


# ---------------------------------------------------------------------------------------------
# Python's own
# ---------------------------------------------------------------------------------------------


def _mathematics(name: str, function: Callable[..., Any]) -> Builtin:
    def work_out(*numbers: Any) -> Any:
        plain = []
        for each in numbers:
            if isinstance(each, Unknown):
                return each
            if isinstance(each, Tensor):
                return Unknown("it hangs on the values of a tensor")
            if not isinstance(each, (int, float)):
                raise Raised(f"math.{name} can't take {natives.kind(each)}", "TypeError")
            plain.append(each)
        if name in ("floor", "ceil", "trunc") and isinstance(plain[0], (Batch, natives.Ratio)):
            return builtins.BUILTINS["int"].function(None, plain[0])
        if any(map(natives.hangs_on_batch, plain)):
            return Unknown(f"math.{name} of it {natives.OF_BATCH}")
        if name in ("factorial", "comb", "perm") and any(abs(each) > 500 for each in plain):
            raise NotUnderstood(f"math.{name} of so much isn't followed")
        return natives.bounded(natives.tried(f"math.{name}", function, *plain))

    return Builtin(f"math.{name}", work_out)


def _of_numbers(name: str, function: Callable[..., Any]) -> Builtin:
    """Return a function of NumPy that makes one number of a list of them."""

    def work_out(interpreter: Any, items: Any, *arguments: Any, **named: Any) -> Any:
        if isinstance(items, (int, float)):
            return items
        if isinstance(items, (Unknown, Tensor)) or arguments or named:
            return Unknown(f"numpy.{name} of it isn't followed")
        numbers = list(interpreter.items(items))
        if not all(isinstance(each, (int, float)) for each in numbers):
            return Unknown(f"numpy.{name} of it isn't followed")
        return natives.bounded(function(numbers))

    return Builtin(f"numpy.{name}", work_out, reads=True)


def _product(interpreter: Any, items: Any, start: Any = 1) -> Any:
    result = start
    for each in interpreter.items(items):
        result = interpreter.operate("*", result, each)
    return result


def _multiple(*numbers: int) -> int:
    """Return the least common multiple, as long as it is no larger than numbers may grow."""
    return functools.reduce(lambda a, b: natives.bounded(math.lcm(a, b)), numbers, 1)


MATH = {
    **{name: _mathematics(name, getattr(math, name)) for name in (
        "ceil", "floor", "sqrt", "log", "log2", "log10", "exp", "pow", "sin", "cos", "tan", "atan",
        "tanh", "gcd", "factorial", "comb", "trunc", "fabs", "isnan", "isinf", "isclose", "hypot",
        "radians", "degrees", "isqrt", "erf", "fmod", "copysign", "log1p", "expm1", "acos", "asin",
        "atan2", "sinh", "cosh", "isfinite", "fsum",
    )},
    "lcm": _mathematics("lcm", _multiple),
    "prod": Builtin("math.prod", _product, reads=True),
    "pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "tau": math.tau,
}  # fmt: skip


def _random_array(sizes_at: int) -> Callable[..., Any]:
    """Return a function of numpy.random whose sizes stand at a place, as tensors are made of it."""

    def make(*arguments: Any, size: Any = None, **named: Any) -> Any:
        given = arguments[sizes_at] if size is None and len(arguments) > sizes_at else size
        if isinstance(given, (int, tuple, list)):
            return TORCH["randn"].function(given)
        return Unknown("a random number is another one each time")

    return make


RANDOM_ARRAYS = {
    **{name: Builtin(f"numpy.random.{name}", _random_array(2))
       for name in ("normal", "uniform", "randint")},
    "randn": TORCH["randn"],
    "rand": TORCH["rand"],
}  # fmt: skip

NUMPY = {
    "random": Library("numpy.random", lambda name: RANDOM_ARRAYS.get(
        name, Unknown(f"numpy.random.{name} is another one each time"))),
    **{name: MATH[name] for name in ("sqrt", "log", "log2", "log10", "exp", "ceil", "floor",
                                     "sin", "cos", "tanh", "pi", "inf", "nan", "e")},
    "power": MATH["pow"],
    "prod": _of_numbers("prod", math.prod),
    "sum": _of_numbers("sum", sum),
    "max": _of_numbers("max", max),
    "min": _of_numbers("min", min),
    "mean": _of_numbers("mean", lambda numbers: sum(numbers) / len(numbers)),
    "linspace": TORCH["linspace"],
    "arange": TORCH["arange"],
    "abs": builtins.BUILTINS["abs"],
    "round": builtins.BUILTINS["round"],
    **dict.fromkeys(("int64", "int32", "int_"), builtins.BUILTINS["int"]),
    **dict.fromkeys(("float64", "float32"), builtins.BUILTINS["float"]),
}  # fmt: skip
"""What models take from NumPy to work out their sizes."""


def _lazily(make: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of itertools that goes through its arguments as far as it is asked."""

    def made(interpreter: Any, *several: Any, **named: Any) -> Any:
        given = [
            each if isinstance(each, (int, type(None))) else interpreter.items(each)
            for each in several
        ]
        return natives.Lazy(interpreter, make(*given, **named), *several)

    return made


def _at_once(make: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of itertools that goes through its arguments before all else."""

    def made(interpreter: Any, *several: Any, **named: Any) -> Any:
        given = []
        for each in several:
            plain = isinstance(each, (int, type(None)))
            given.append(each if plain else list(interpreter.items(each)))
        lengths = (each for each in (*several, *named.values()) if isinstance(each, int))
        natives.bounded(range(max(lengths, default=0) * max(len(given), 1)))
        return natives.Lazy(interpreter, make(*given, **named))

    return made


def _accumulate(interpreter: Any, items: Any, function: Any = None, initial: Any = None) -> Any:
    def totals(given: Any) -> Iterator[Any]:
        total = initial
        if initial is not None:
            yield total
        for at, each in enumerate(given):
            if not at and initial is None:
                total = each
            elif function is None:
                total = interpreter.operate("+", total, each)
            else:
                total = interpreter.called(function, [total, each], {})
            yield total

    return natives.Lazy(interpreter, totals(interpreter.items(items)), items)


def _starmap(interpreter: Any, function: Any, rows: Any) -> Any:
    given = interpreter.items(rows)
    made = (interpreter.called(function, list(interpreter.items(row)), {}) for row in given)
    return natives.Lazy(interpreter, made, rows)


def _reads(name: str, function: Callable[..., Any]) -> Builtin:
    return Builtin(name, function, reads=True)


ITERTOOLS = {
    **{name: _reads(name, _lazily(getattr(itertools, name))) for name in (
        "chain", "islice", "zip_longest", "pairwise", "cycle",
    )},
    **{name: _reads(name, _at_once(getattr(itertools, name))) for name in (
        "product", "combinations", "permutations",
    )},
    "accumulate": _reads("accumulate", _accumulate),
    "starmap": _reads("starmap", _starmap),
    "repeat": _reads("repeat", lambda i, *given, **named: natives.Lazy(
        i, itertools.repeat(*given, **named))),
    "count": _reads("count", lambda i, *given, **named: natives.Lazy(
        i, itertools.count(*given, **named))),
}  # fmt: skip


def _reduce(interpreter: Any, function: Any, items: Any, *start: Any) -> Any:
    values = [*start, *interpreter.items(items)]
    if not values:
        raise Raised("reduce() of nothing", "TypeError")
    result = values[0]
    for each in values[1:]:
        result = interpreter.called(function, [result, each], {})
    return result


def _wraps(wrapped: Any = None, *arguments: Any, **named: Any) -> Any:
    def wrap(function: Any) -> Any:
        if isinstance(function, Function):
            function.attributes["__wrapped__"] = wrapped
        return function

    return Builtin("wraps", wrap)


def _partial_method(function: Any, *arguments: Any, **named: Any) -> Builtin:
    def method(interpreter: Any, self: Any, *more: Any, **others: Any) -> Any:
        return interpreter.called(function, [self, *arguments, *more], {**named, **others})

    return Builtin("partialmethod", method, reads=True)


FUNCTOOLS = {
    "partial": natives.PARTIAL,
    "partialmethod": Builtin("partialmethod", _partial_method),
    "reduce": _reads("reduce", _reduce),
    "wraps": Builtin("wraps", _wraps),
    "lru_cache": _decorates("lru_cache"),
    "cache": _decorates("cache"),
    "cached_property": _reads("cached_property", builtins.BUILTINS["property"].function),
    "total_ordering": _keeps("total_ordering"),
    "singledispatch": Unknown("singledispatch isn't followed"),
}


def _default_dict(interpreter: Any, factory: Any = None, *arguments: Any) -> Any:
    return DefaultDict(interpreter, factory)


class DefaultDict(dict[Any, Any]):
    """A dict that makes what isn't there."""

    def __init__(self, interpreter: Any, factory: Any) -> None:
        super().__init__()
        self.interpreter = interpreter
        self.factory = factory

    def __missing__(self, key: Any) -> Any:
        if self.factory is None:
            raise KeyError(key)
        self[key] = self.interpreter.called(self.factory, [], {})
        return self[key]


def _shuffle(interpreter: Any, items: Any) -> None:
    """Make the entries of a list unknown: their order is another one each time."""
    if isinstance(items, list):
        items[:] = [Unknown("a random order") for _ in items]


def _counter(interpreter: Any, items: Any = ()) -> Any:
    counts: dict[Any, int] = {}
    for each in interpreter.items(items):
        counts[natives.hashable(interpreter, each)] = counts.get(each, 0) + 1
    return counts


COLLECTIONS: dict[str, Any] = {
    "OrderedDict": builtins.BUILTINS["dict"],
    "defaultdict": _reads("defaultdict", _default_dict),
    "namedtuple": _reads("namedtuple", classes.namedtuple),
    "deque": builtins.BUILTINS["list"],
    "Counter": _reads("Counter", _counter),
}
ABSTRACT = {
    "Iterable": natives.NativeType(
        "Iterable", (list, tuple, dict, str, set, frozenset, range, Iterator), tuple
    ),
    "Sequence": natives.NativeType("Sequence", (list, tuple, str, range), tuple),
    "Mapping": natives.NativeType("Mapping", (dict,), dict),
    "Callable": Ignored("Callable"),
}
COLLECTIONS["abc"] = Library("collections.abc", lambda name: ABSTRACT.get(name, Ignored(name)))


def deep_copy(interpreter: Any, value: Any, memo: Any = None) -> Any:
    """Return a copy in which nothing is shared with what it is a copy of."""
    known: dict[int, Any] = {}
    made = _copied(value, known)
    interpreter.charge(len(known))
    return made


def _copied(value: Any, known: dict[int, Any]) -> Any:
    if id(value) in known:
        return known[id(value)]
    made: Any
    if isinstance(value, Instance):
        made = type(value).__new__(type(value))
        known[id(value)] = made
        for name, kept in vars(value).items():
            if name in ("cls", "layer", "place", "node", "error"):
                vars(made)[name] = kept
            else:
                vars(made)[name] = _copied(kept, known)
        return made
    if isinstance(value, Parameter):
        made = Parameter(value.shape, value.requires_grad)
    elif isinstance(value, Tensor):
        made = value.like(values=value.values)
    elif isinstance(value, dict):
        made = {key: _copied(each, known) for key, each in value.items()}
    elif type(value) in (list, tuple, set):
        made = type(value)(_copied(each, known) for each in value)
    else:
        made = value
    known[id(value)] = made
    return made


def shallow_copy(interpreter: Any, value: Any) -> Any:
    """Return a copy that shares what it holds."""
    if isinstance(value, (list, dict, set)):
        return type(value)(value) if type(value) in (list, dict, set) else dict(value)
    if isinstance(value, Instance):
        made = type(value).__new__(type(value))
        for name, kept in vars(value).items():
            vars(made)[name] = dict(kept) if isinstance(kept, dict) else kept
        return made
    return value


# ---------------------------------------------------------------------------------------------
# argparse: the defaults
# ---------------------------------------------------------------------------------------------

NAMESPACE = Class("Namespace", [], {})


def _namespace(interpreter: Any, self: Instance, **named: Any) -> None:
    self.attributes.update(named)


NAMESPACE.namespace["__init__"] = Builtin("Namespace", _namespace, reads=True)


def _new_parser(interpreter: Any, self: Instance, *arguments: Any, **named: Any) -> None:
    self.attributes["defaults"] = {}


def _add_argument(interpreter: Any, self: Instance, *flags: Any, **named: Any) -> Any:
    long = next((flag for flag in flags if isinstance(flag, str) and flag.startswith("--")), None)
    name = named.get("dest") or (long or (flags[0] if flags else "")).lstrip("-").replace("-", "_")
    action = str(named.get("action"))
    default = named.get("default", {"store_true": False, "store_false": True}.get(action))
    positional = flags and isinstance(flags[0], str) and not flags[0].startswith("-")
    if (named.get("required") or positional) and "default" not in named:
        default = Unknown(f"{name} is given on the command line: --define args.{name}=… says it")
    elif isinstance(default, str) and named.get("type") is not None:
        default = interpreter.called(named["type"], [default], {})
    self.attributes["defaults"][name] = default
    return None


def _parse(interpreter: Any, self: Instance, *arguments: Any, **named: Any) -> Instance:
    made = Instance(NAMESPACE)
    made.attributes = dict(self.attributes["defaults"])
    return made


def _parse_known(interpreter: Any, self: Instance, *arguments: Any, **named: Any) -> Any:
    return _parse(interpreter, self), []


def _set_defaults(interpreter: Any, self: Instance, **named: Any) -> None:
    self.attributes["defaults"].update(named)


def _same(interpreter: Any, self: Instance, *arguments: Any, **named: Any) -> Any:
    return self


PARSER_METHODS: dict[str, Callable[..., Any]] = {
    "__init__": _new_parser, "add_argument": _add_argument, "parse_args": _parse,
    "parse_known_args": _parse_known, "add_argument_group": _same,
    "add_mutually_exclusive_group": _same, "set_defaults": _set_defaults,
    "print_help": lambda *_: None,
}  # fmt: skip
PARSER = Class("ArgumentParser", [], {
    name: Builtin(name, method, reads=True) for name, method in PARSER_METHODS.items()
})  # fmt: skip


class Typing:
    """Names that only type checkers read."""

    @staticmethod
    def find(name: str) -> Any:
        """Return what a name of typing is worth."""
        if name == "NamedTuple":
            return classes.NAMED_TUPLE
        if name == "cast":
            return Builtin("cast", lambda kind, value: value)
        if name == "TYPE_CHECKING":
            return False
        if name in ("overload", "final", "no_type_check", "runtime_checkable"):
            return _keeps(name)
        return ABSTRACT.get(name, Ignored(name))


PARAMETER_KINDS = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "VAR_POSITIONAL", "KEYWORD_ONLY",
                   "VAR_KEYWORD")  # fmt: skip
EMPTY = Instance(Class("_empty", [], {}))
"""What stands for the default of an argument that has none."""
PARAMETER = Class("Parameter", [], {kind: kind for kind in PARAMETER_KINDS} | {"empty": EMPTY})
SIGNATURE = Class("Signature", [], {})


def _signature(interpreter: Any, function: Any) -> Any:
    """Return what inspect.signature() says of a function of somebody's file."""
    bound = isinstance(function, (Class, Bound))
    if isinstance(function, Class):
        function = function.find("__init__")
    if isinstance(function, Bound):
        function = function.function
    while isinstance(function, Function) and "__wrapped__" in function.attributes:
        function = function.attributes["__wrapped__"]
    if not isinstance(function, Function):
        return Unknown(f"the signature of {natives.kind(function)} isn't followed")
    arguments = function.node.args
    groups = (
        arguments.posonlyargs,
        arguments.args,
        [arguments.vararg] if arguments.vararg else [],
        arguments.kwonlyargs,
        [arguments.kwarg] if arguments.kwarg else [],
    )
    found: dict[str, Any] = {}
    for kind, group in zip(PARAMETER_KINDS, groups, strict=True):
        for each in group:
            made = found[each.arg] = Instance(PARAMETER)
            default = function.defaults.get(each.arg, EMPTY)
            made.attributes = {"name": each.arg, "kind": kind, "default": default}
    if bound:
        found.pop(next(iter(found), ""), None)  # self
    signature = Instance(SIGNATURE)
    signature.attributes["parameters"] = found
    return signature


OPERATOR = {
    name: _reads(name, lambda i, a, b, sign=sign: i.operate(sign, a, b))
    for name, sign in (("add", "+"), ("mul", "*"), ("sub", "-"), ("truediv", "/"),
                       ("floordiv", "//"), ("mod", "%"), ("pow", "**"), ("matmul", "@"))
}  # fmt: skip
EINOPS_LAYERS = _library("einops.layers.torch", {
    name.capitalize(): composed.einops_layer(name.capitalize(), EINOPS[name])
    for name in ("rearrange", "reduce")
})  # fmt: skip

LIBRARIES: dict[str, Any] = {
    "torch": TORCH_LIBRARY,
    "einops": _library("einops", EINOPS | {
        "layers": _library("einops.layers", {"torch": EINOPS_LAYERS}),
    }),
    "math": _library("math", MATH),
    "itertools": _library("itertools", ITERTOOLS),
    "functools": _library("functools", FUNCTOOLS),
    "collections": _library("collections", COLLECTIONS),
    "numpy": Library("numpy", lambda name: NUMPY.get(
        name, Unknown(f"numpy.{name} stands in a library that isn't read"))),
    "copy": _library("copy", {
        "deepcopy": _reads("deepcopy", deep_copy), "copy": _reads("copy", shallow_copy),
    }),
    "typing": Library("typing", Typing.find),
    "typing_extensions": Library("typing_extensions", Typing.find),
    "types": _library("types", {"SimpleNamespace": NAMESPACE, "FunctionType": natives.FUNCTION,
                                "MethodType": Builtin("MethodType", Bound)}),
    "argparse": _library("argparse", {"ArgumentParser": PARSER, "Namespace": NAMESPACE,
                                      "ArgumentDefaultsHelpFormatter": None}),
    "dataclasses": _library("dataclasses", {
        "dataclass": _reads("dataclass", classes.dataclass), "field": Builtin("field",
        classes.field), "replace": _reads("replace", classes.replace),
        "asdict": Builtin("asdict", lambda record: dict(record.attributes)),
    }),
    "enum": _library("enum", {
        "Enum": classes.ENUM, "auto": Builtin("auto", lambda: classes.AUTO),
        "unique": _keeps("unique"),
    }),
    "abc": _library("abc", {
        "ABC": Ignored("ABC"), "ABCMeta": Ignored("ABCMeta"),
        "abstractmethod": _keeps("abstractmethod"),
        "abstractproperty": builtins.BUILTINS["property"],
    }),
    "operator": _library("operator", OPERATOR),
    "inspect": _library("inspect", {
        "signature": _reads("signature", _signature), "Parameter": PARAMETER,
        "isclass": Builtin("isclass", lambda value: isinstance(value, Class)),
        "isfunction": Builtin("isfunction", lambda value: isinstance(value, Function)),
        "getmodule": Builtin("getmodule", lambda value: Unknown("the module of a function")),
    }),
    "warnings": _library("warnings", {
        "warn": _nothing("warn"), "filterwarnings": _nothing("filterwarnings"),
        "simplefilter": _nothing("simplefilter"), "catch_warnings": _decorates("catch_warnings"),
    }),
    "random": Library("random", lambda name: Builtin(name, _shuffle, reads=True)
                      if name == "shuffle" else Unknown(f"random.{name} is another one each time")),
    "numbers": _library("numbers", {
        "Number": natives.NativeType("Number", (int, float), float),
        "Integral": natives.NativeType("Integral", (int,), int),
        "Real": natives.NativeType("Real", (int, float), float),
    }),
    "__future__": Library("__future__", lambda name: Ignored(name)),
    "pytorch_lightning": _library("pytorch_lightning", {}),
    "contextlib": _library("contextlib", {"contextmanager": _keeps("contextmanager"),
                                          "nullcontext": _decorates("nullcontext")}),
}  # fmt: skip
"""What the libraries' names are worth."""

LIGHTNING = _library("lightning", {"LightningModule": composed.lightning_class()})
for _name in ("pytorch_lightning", "lightning", "lightning.pytorch"):
    LIBRARIES[_name] = LIGHTNING

STANDARD = frozenset(sys.stdlib_module_names)
NEVER_FILES = frozenset({
    "scipy", "PIL", "cv2", "matplotlib", "pandas", "sklearn", "tqdm", "yaml", "os", "sys",
    "time", "logging", "json", "re", "pathlib", "glob", "pickle", "datetime", "shutil",
    "torchsummary", "torchinfo", "tensorboardX", "wandb", "timm", "transformers",
    "subprocess", "io", "string", "traceback", "platform", "csv", "gc", "threading",
    "multiprocessing", "requests", "urllib", "skimage", "h5py", "psutil", "ast", "builtins",
})  # fmt: skip
"""Libraries that are known by name only, and never looked for beside a file."""


def library(name: str) -> Any:
    """Return a library by its whole name."""
    if name in LIBRARIES:
        return LIBRARIES[name]
    first, *rest = name.split(".")
    found: Any = LIBRARIES.get(first)
    if found is None:
        return unknown_library(name)
    for each in rest:
        found = found.find(each) if isinstance(found, Library) else MISSING
        if found is MISSING or isinstance(found, Unknown):
            return unknown_library(name)
    return found
