"""Keep what PyTorch's functions take, and what its names are, for the package.

Run with PyTorch 2.13.0 and this project importable: python tests/data/make_function_signatures.py

All stand in network/torch/functions. names.txt has a line of names for torch, torch.nn,
its functional, torch.Tensor and what else has functions. signatures.txt has what functions
take, a line for all that take the same, their overloads between bars: the names of the arguments,
with = where they have a default, behind * where they are given by name alone; behind a colon the
letters of their types. Behind ~ they go by no other names. Methods stand there, without their
tensor, where they differ from torch's functions. kinds.txt has the kinds of numbers that functions
refuse their first tensor, by letters, and which they refuse as their dtype.
"""

import contextlib
import inspect
import re
from pathlib import Path

import function_calls
import make_layer_calls
import torch
from torch.nn import functional

import convcalc.network.torch.namespace  # noqa: F401  # which registers every function
from convcalc.layers.vocabulary import LAYERS
from convcalc.network.torch.functions import registry
from convcalc.network.torch.functions import signatures as function_signatures
from convcalc.network.torch.functions.registry import ROOMS

TARGET = Path(registry.__file__).with_name("signatures.txt")
HOMES = {
    "t": (torch, ""), "f": (functional, ""), "m": (torch.Tensor, ""),
    "l": (torch.linalg, "linalg_"), "d": (torch.fft, "fft_"), "s": (torch.special, "special_"),
}  # fmt: skip
"""Where the functions of every room stand, and how the names of its operators begin."""
FACTORY = ["dtype=", "layout=", "device=", "requires_grad=", "pin_memory="]
BY_HAND = {
    "to": ["device=", "dtype:y?=", "non_blocking:b=", "copy:b=", "*", "memory_format=", "|",
           "dtype:y", "non_blocking:b=", "copy:b=", "*", "memory_format=", "|",
           "other:t", "non_blocking:b=", "copy:b=", "*", "memory_format="],
    "torch.spmm": ["input:t", "mat2:t"],
    "torch.range": ["start:s", "end:s", "step:s=", "*", "dtype:y?=", "layout=", "device=",
                    "requires_grad:b=", "out="],
    "torch.tensor": ["~", "data", "*", "dtype=", "device=", "requires_grad:b=", "pin_memory="],
    "torch.as_tensor": ["~", "data", "*", "dtype=", "device="],
    "torch.asarray": ["~", "obj", "*", "dtype=", "device=", "copy=", "requires_grad:b="],
    "type": ["dtype=", "non_blocking="],
    **{name: ["*", "memory_format="] for name in (
        "bfloat16", "bool", "chalf", "cpu", "double", "float", "half", "int", "long")},
    **{name: ["device=", "non_blocking=", "memory_format="] for name in ("cuda", "xpu")},
    "bernoulli_": ["p=", "*", "generator="], "copy_": ["other", "non_blocking="],
    "is_contiguous": ["*", "memory_format="], "size": ["dim:i?="], "stride": ["dim:i?="],
    "random_": ["from=", "to=", "*", "generator="], "fill_": ["value"],
    "masked_fill_": ["mask", "value"], "tolist": ["~"], "data": [],
    "new_tensor": ["~", "data", "*", "dtype=", "device=", "requires_grad:b="],
}  # fmt: skip
"""Those of which PyTorch itself says nothing, or not what Python's methods take."""
OLD = {
    "add": "input other:n * alpha:s= | input alpha:s other:t | input other:s alpha:s",
    "sub": "input other:n * alpha:s= | input alpha:s other:t | input other:s alpha:s",
    "addcmul": "input tensor1:t tensor2:t * value:s= | input value:s tensor1:t tensor2:t",
    "addcdiv": "input tensor1:t tensor2:t * value:s= | input value:s tensor1:t tensor2:t",
    **{name: f"input {a}:t {b}:t * beta:s= alpha:s= | beta:s input alpha:s {a}:t {b}:t"
         f" | beta:s input {a}:t {b}:t" for name, a, b in (
        ("addbmm", "batch1", "batch2"), ("addmm", "mat1", "mat2"), ("addmv", "mat", "vec"),
        ("addr", "vec1", "vec2"), ("baddbmm", "batch1", "batch2"))},
}  # fmt: skip
"""Those which take their arguments in an older order, too."""
TYPES = {
    "Tensor": "t", "List[Tensor]": "T", "int": "i", "List[int]": "I", "float": "f", "number": "s",
    "bool": "b", "str": "w", "List[float]": "F",
}  # fmt: skip
"""The letters of PyTorch's types; ? behind one takes None, and 1 behind I one number alone."""
NAMED = ("layout", "memory_format")
"""Arguments whose type PyTorch's language of operators doesn't say."""


def typed(argument: object) -> str:
    """Return the letters of an argument's type, behind a colon."""
    if argument.name in NAMED:
        return ""
    if argument.name in ("dtype", "out_dtype"):
        return ":y?" if "Optional" in str(argument.type) else ":y"
    inner = re.fullmatch(r"Optional\[(.*)\]", str(argument.type))
    letter = TYPES.get(inner[1] if inner else str(argument.type), "")
    return letter and f":{letter}{'1' * bool(argument.N)}{'?' * bool(inner)}"


def of_schema(name: str, method: bool) -> list[list[str]]:
    """Return the arguments of every overload that PyTorch's own language of operators has.

    Those without a tensor are TorchScript's alone, and those with names of dimensions nobody's.
    """
    found = []
    for schema in torch._C._jit_get_schemas_for_operator(f"aten::{name}"):
        types = [str(each.type) for each in schema.arguments]
        script = not any("Tensor" in each or "Device" in each for each in types)
        by_names = any(
            each.name in ("dim", "dims") and "str" in str(each.type) for each in schema.arguments
        )
        if script or by_names or any(each.is_out for each in schema.arguments):
            continue
        given = [each for each in schema.arguments if not (method and each.name == "self")]
        if method and len(given) == len(schema.arguments):
            continue
        words = []
        for each in given:
            if each.kwarg_only and "*" not in words:
                words.append("*")
            called = "input" if each.name == "self" else each.name
            words.append(f"{called}{typed(each)}" + ("=" if each.has_default_value() else ""))
        if any(word.startswith("pin_memory") for word in words):
            words += ["requires_grad:b=", "out="]
        if words not in found:
            found.append(words)
    return found


def of_python(function: object) -> list[list[str]]:
    """Return the arguments of a function that is written in Python."""
    words = ["~"]
    for each in inspect.signature(function).parameters.values():
        if each.kind is each.VAR_KEYWORD or each.name in ("args", "kwargs", "operands"):
            return []
        if each.kind is each.KEYWORD_ONLY and "*" not in words:
            words.append("*")
        star = "*" if each.kind is each.VAR_POSITIONAL else ""
        words.append(f"{star}{each.name}" + ("" if each.default is each.empty else "="))
    return [words]


def signatures(name: str, home: object, prefix: str, method: bool) -> list[list[str]]:
    """Return what a function takes; nothing where PyTorch doesn't say."""
    function = getattr(home, name, None)
    if name.rstrip("_") in OLD:
        several = [way.split() for way in OLD[name.rstrip("_")].split(" | ")]
        return [[word for word in way if word != "input"] for way in several] if method else several
    if function is None or name.startswith("__"):
        return []
    while getattr(function, "__qualname__", "").startswith("boolean_dispatch"):  # between two
        function = inspect.getclosurevars(function).nonlocals["if_true"]
    try:
        found = of_python(function)
    except (TypeError, ValueError):
        return of_schema(prefix + name, method) or of_schema(function.__name__, method)
    return [["~", *words[2:]] for words in found] if method else found


def with_numbers(name: str, function: object, ways: list[list[str]]) -> None:
    """Mark the tensors for which PyTorch takes numbers too, of functions of two."""
    for words in ways:
        two = "." in name and len(words) > 1 and words[0] == "input:t" and words[1][:-1] == "other:"
        if not two or (len(words) > 2 and words[2] != "*"):
            continue
        for at, given in ((0, (2, torch.tensor(3))), (1, (torch.tensor(3), 2))):
            with contextlib.suppress(RuntimeError, IndexError):
                try:
                    function(*given)
                except TypeError:
                    continue
            words[at] = words[at].replace(":t", ":n")


def without_tensor(words: list[str]) -> list[str]:
    """Return what a method takes of what torch's function does."""
    return ["~", *words[2:]] if words[:1] == ["~"] else words[1:]


def main() -> None:
    lines = dict(BY_HAND)
    found = {
        table.prefix + name: signatures(name, *HOMES[letter], letter == "m")
        for letter, table in ROOMS.items() for name in table
    }  # fmt: skip
    kept = {}
    for name, ways in found.items():
        room = HOMES[
            next(
                each
                for each, table in ROOMS.items()
                if name == f"{table.prefix}{name.rpartition('.')[2]}"
            )
        ]
        with_numbers(name, getattr(room[0], name.rpartition(".")[2], None), ways)
    for name, overloads in found.items():
        base = [without_tensor(words) for words in found.get(f"torch.{name[:-1]}", [])]
        alike = [without_tensor(words) for words in found.get(f"torch.{name}", [])]
        if name.endswith("_") and overloads in (base, found.get(name[:-1])):
            continue
        if overloads and not ("." not in name and overloads == alike):
            kept[name] = " | ".join(" ".join(words) for words in overloads)
    kept |= {name: " ".join(words) for name, words in lines.items()}
    alike: dict[str, list[str]] = {}
    for name, words in sorted(kept.items()):
        alike.setdefault(words, []).append(name)
    text = "".join(f"{' '.join(names)}: {words}\n" for words, names in alike.items())
    TARGET.write_text(text, encoding="utf-8")
    print(f"{len(kept)} functions, {len(text):,} characters")
    homes = {"torch": torch, "torch.nn": torch.nn, "torch.nn.functional": functional,
             "torch.Tensor": torch.Tensor, "torch.linalg": torch.linalg, "torch.fft": torch.fft,
             "torch.special": torch.special}  # fmt: skip
    text = "".join(f"{name}: {' '.join(sorted(dir(home)))}\n" for name, home in homes.items())
    TARGET.with_name("names.txt").write_text(text, encoding="utf-8")
    function_signatures._lines.cache_clear()
    kinds = {}
    for name in found:
        if not name.startswith("__"):
            kinds.setdefault(function_calls.refused_kinds(name), []).append(name)
            kinds.setdefault(function_calls.refused_dtypes(name), []).append(f"{name}(dtype)")
    for name in LAYERS:
        if name not in make_layer_calls.BASES:
            always, in_training = make_layer_calls.refused_kinds(name)
            kinds.setdefault(always, []).append(f"nn.{name}")
            kinds.setdefault(in_training, []).append(f"nn.{name}(training)")
    text = "".join(f"{' '.join(names)}: {kind}\n" for kind, names in sorted(kinds.items()) if kind)
    TARGET.with_name("kinds.txt").write_text(text, encoding="utf-8")
    print(f"{len(kinds)} sets of kinds that are refused")


if __name__ == "__main__":
    main()
