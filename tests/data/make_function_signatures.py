"""Keep what PyTorch's functions take, and what its names are, for the package.

Run with PyTorch 2.13.0 and this project importable: python tests/data/make_function_signatures.py

Both stand in network/torch/functions. names.txt has a line of names for torch, torch.nn,
torch.nn.functional and torch.Tensor. signatures.txt has what functions
take, a line for all that take the same, their overloads between bars: the names of the arguments,
with = where they have a default, behind * where they are given by name alone; *size takes one or
more sizes in one. Behind ~ they go by no other names. Methods stand there, without their tensor,
where they differ from torch's functions.
"""

import inspect
from pathlib import Path

import torch
from torch.nn import functional

import convcalc.network.torch.namespace  # noqa: F401  # which registers every function
from convcalc.network.torch.functions import registry
from convcalc.network.torch.functions.registry import ROOMS

TARGET = Path(registry.__file__).with_name("signatures.txt")
HOMES = {
    "t": (torch, ""), "f": (functional, ""), "m": (torch.Tensor, ""),
    "l": (torch.linalg, "linalg_"), "d": (torch.fft, "fft_"), "s": (torch.special, "special_"),
}  # fmt: skip
"""Where the functions of every room stand, and how the names of its operators begin."""
FACTORY = ["dtype=", "layout=", "device=", "requires_grad=", "pin_memory="]
BY_HAND = {
    "torch.tensor": ["data", "*", *FACTORY],
    "torch.as_tensor": ["data", "dtype=", "device="],
    "type": ["dtype=", "non_blocking="],
    **{name: ["*", "memory_format="] for name in (
        "bfloat16", "bool", "chalf", "cpu", "double", "float", "half", "int", "long")},
    **{name: ["device=", "non_blocking=", "memory_format="] for name in ("cuda", "xpu")},
    "bernoulli_": ["p=", "*", "generator="], "copy_": ["other", "non_blocking="],
    "random_": ["from=", "to=", "*", "generator="], "fill_": ["value"],
    "masked_fill_": ["mask", "value"], "tolist": ["~"], "data": [],
    "new_tensor": ["~", "data", "*", *FACTORY],
}  # fmt: skip
"""Those of which PyTorch itself says nothing, or not what Python's methods take."""
OLD = {"add", "addbmm", "addcdiv", "addcmul", "addmm", "addmv", "addr", "baddbmm", "sub"}
"""Those which take their arguments in an older order, too."""


def of_schema(name: str, method: bool) -> list[list[str]]:
    """Return the arguments of every overload that PyTorch's own language of operators has."""
    found = []
    for schema in torch._C._jit_get_schemas_for_operator(f"aten::{name}"):
        if any(each.is_out for each in schema.arguments):
            continue
        given = [each for each in schema.arguments if not (method and each.name == "self")]
        if method and len(given) == len(schema.arguments):
            continue
        before = [each for each in given if not each.kwarg_only]
        words = []
        for each in given:
            if each.kwarg_only and "*" not in words:
                words.append("*")
            called = "input" if each.name == "self" else each.name
            several = str(each.type) == "List[int]" and each in before
            if several and len([a for a in before if a.name != "self"]) == 1:
                called = f"*{called}"
            words.append(f"{called}=" if each.has_default_value() else called)
        if "pin_memory=" in words:
            words += ["requires_grad=", "out="]
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
    if function is None or name.rstrip("_") in OLD or name.startswith("__"):
        return []
    try:
        found = of_python(function)
    except (TypeError, ValueError):
        return of_schema(prefix + name, method)
    return [["~", *words[2:]] for words in found] if method else found


def without_tensor(words: list[str]) -> list[str]:
    """Return what a method takes of what torch's function does."""
    return ["~", *words[2:]] if words[:1] == ["~"] else words[1:]


def main() -> None:
    lines = dict(BY_HAND)
    found = {
        before + name: signatures(name, *HOMES[letter], letter == "m")
        for letter, (table, before) in ROOMS.items() for name in table
    }  # fmt: skip
    kept = {}
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
             "torch.Tensor": torch.Tensor}  # fmt: skip
    text = "".join(f"{name}: {' '.join(sorted(dir(home)))}\n" for name, home in homes.items())
    TARGET.with_name("names.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
