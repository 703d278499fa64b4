"""Ask PyTorch for the signatures of its layers and functions, and keep them in signatures.json.

Run with PyTorch 2.13.0: python tests/data/make_signatures.py
then with 2.14.1, to add what is new there: python tests/data/make_signatures.py --newer

A signature is a list in Python's own order and notation: ["in_channels"] is a parameter that has
to be given, ["stride", 1] one with its default, ["*"] says that the following are given by name
only, ["/"] that those before are given by position only; ["*args"] and ["**kwargs"] take the rest.
A default is JSON's own value where there is one (a tuple is a list); infinity is "inf", and what
JSON doesn't know is {"repr": "…"}.

Where it stands:
"modules": per class of torch.nn "parameters" of its __init__, "constants" (its __constants__),
    "module" (where in torch.nn.modules it is defined), "loss" where it is one.
"functional": per function of torch.nn.functional one signature.
"torch", "Tensor": per function and per method a list of signatures, since several have more than
    one form. They are builtins without a signature of their own, so these come from the first
    lines of PyTorch's documentation, as far as those are Python.
"newer": what 2.14.1 has and 2.13.0 hasn't: whole entries, or the parameters that were added.
"""

import ast
import inspect
import json
import math
import re
import sys
import typing
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

TARGET = Path(__file__).with_name("signatures.json")
Kind = inspect.Parameter


def plain(value):
    """Return a default as JSON has it."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if inspect.isroutine(value):
        return {"repr": f"{value.__module__}.{value.__qualname__}"}
    return {"repr": str(value)}


def listed(signature, skip=0):
    """Return a signature as a list, without its first parameters."""
    result, named = [], False
    parameters = list(signature.parameters.values())[skip:]
    for position, parameter in enumerate(parameters):
        if parameter.kind is Kind.VAR_POSITIONAL:
            result.append([f"*{parameter.name}"])
            named = True
        elif parameter.kind is Kind.VAR_KEYWORD:
            result.append([f"**{parameter.name}"])
        else:
            if parameter.kind is Kind.KEYWORD_ONLY and not named:
                result.append(["*"])
                named = True
            entry = [parameter.name]
            if parameter.default is not Kind.empty:
                entry.append(plain(parameter.default))
            result.append(entry)
            following = parameters[position + 1 : position + 2]
            if parameter.kind is Kind.POSITIONAL_ONLY and (
                not following or following[0].kind is not Kind.POSITIONAL_ONLY
            ):
                result.append(["/"])
    return result


def takes_anything(signature):
    kinds = {parameter.kind for parameter in list(signature.parameters.values())[1:]}
    return kinds == {Kind.VAR_POSITIONAL, Kind.VAR_KEYWORD}


def signature_of_class(cls):
    """Return the signature of __init__; a recurrent layer's stands in its first overload."""
    signature = inspect.signature(cls.__init__)
    overloads = typing.get_overloads(cls.__init__)
    if takes_anything(signature) and overloads:
        signature = inspect.signature(overloads[0])
    return listed(signature, skip=1)


def documented(text):
    """Return the signatures in the first line of a docstring and in its ".. function::" lines."""
    if not text:
        return []
    lines = [text.strip().split("\n")[0], *re.findall(r"\.\. function:: (.+)", text)]
    opened = re.match(r"\w+\(.*?\) *->", text.strip(), re.DOTALL)
    if opened:
        lines.append(" ".join(opened[0].split()))
    found = []
    for line in lines:
        head = re.match(r"(?:torch\.)?\w+\((.*?)\)\s*(?:->.*)?:?$", line.strip())
        form = parsed(head[1].replace("\\*", "*")) if head else None
        if form is not None and form not in found:
            found.append(form)
    return found


def parsed(text):
    """Return the same list from a documentation's words, which aren't always Python's.

    arange(start=0, end, step=1) is documented, and zeros(*size, *, out=None).
    """
    pieces, depth = [""], 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += letter
    result = []
    for piece in filter(None, map(str.strip, pieces)):
        name, equals, default = (part.strip() for part in piece.partition("="))
        name = name.partition(":")[0]
        if not re.fullmatch(r"\*{0,2}\w+|\*|/", name):
            return None
        if name == "*" and any(each[0].startswith("*") for each in result):
            continue
        result.append([name])
        if equals:
            try:
                result[-1].append(plain(ast.literal_eval(default)))
            except (ValueError, SyntaxError):
                result[-1].append({"repr": default})
    return result


def schemas(name):
    """Return the signatures of an operator without documentation."""
    forms = []
    for schema in torch._C._jit_get_schemas_for_operator(f"aten::{name}"):
        if any(argument.is_out for argument in schema.arguments):
            continue
        form = []
        for argument in schema.arguments:
            if argument.kwarg_only and ["*"] not in form:
                form.append(["*"])
            default = [plain(argument.default_value)] if argument.has_default_value() else []
            form.append([argument.name, *default])
        forms.append(form)
    return forms


def modules():
    result = {}
    for name in sorted(dir(nn)):
        cls = getattr(nn, name)
        if not (isinstance(cls, type) and issubclass(cls, nn.Module)):
            continue
        entry = {
            "module": cls.__module__.removeprefix("torch.nn.modules."),
            "parameters": signature_of_class(cls),
            "constants": list(getattr(cls, "__constants__", [])),
        }
        if entry["module"] == "loss" or name == "AdaptiveLogSoftmaxWithLoss":
            entry["loss"] = True
        result[name] = entry
    return result


def functionals():
    result = {}
    for name in sorted(dir(functional)):
        function = getattr(functional, name)
        if name.startswith("_") or not name[0].islower() or not inspect.isroutine(function):
            continue
        if getattr(function, "__module__", "").partition(".")[0] != "torch" and not (
            inspect.isbuiltin(function)
        ):
            continue
        # max_pool2d is one of two functions, by its return_indices.
        described = getattr(functional, f"{name}_with_indices", function)
        try:
            result[name] = listed(inspect.signature(described))
        except ValueError:
            forms = documented(function.__doc__)
            if forms:
                result[name] = forms[0]
    return result


INTERNAL = ("cudnn_", "miopen_", "mkldnn_", "quantized_", "fbgemm_", "native_", "autocast_", "sym_")


def builtins(owner):
    result = {}
    for name in sorted(dir(owner)):
        function = getattr(owner, name)
        if not name[0].islower() or name.startswith(INTERNAL) or not inspect.isroutine(function):
            continue
        forms = documented(function.__doc__)
        method = owner is torch.Tensor
        if not forms:
            try:
                forms = [listed(inspect.signature(function), skip=method)]
            except ValueError:
                forms = [each[method:] for each in schemas(name)]
        if forms:
            result[name] = forms
    return result


def asked():
    return {
        "modules": modules(),
        "functional": functionals(),
        "torch": builtins(torch),
        "Tensor": builtins(torch.Tensor),
    }


def added(old, new):
    """Return what is new: entries, or the parameters and constants that an entry gained."""
    result = {}
    for room in ("modules", "functional"):
        entries = new[room]
        gained = {}
        for name, entry in entries.items():
            before = old[room].get(name)
            if before is None:
                gained[name] = entry
            elif room == "modules":
                more = {
                    key: [each for each in entry[key] if each not in before[key]]
                    for key in ("parameters", "constants")
                }
                if any(more.values()):
                    gained[name] = {key: value for key, value in more.items() if value}
            elif entry != before:
                gained[name] = entry
        if gained:
            result[room] = gained
    return result


def text_of(answers):
    """Return JSON with a line per class and per function."""
    rooms = []
    for key, value in answers.items():
        if key == "newer":
            rooms.append(f"{json.dumps(key)}: {json.dumps(value)}")
        elif isinstance(value, dict):
            lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            rooms.append(f"{json.dumps(key)}: {{\n{lines}\n}}")
        else:
            rooms.append(f"{json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(rooms) + "\n}\n"


def main():
    version = torch.__version__.partition("+")[0]
    if "--newer" in sys.argv:
        answers = json.loads(TARGET.read_text(encoding="utf-8"))
        # Through JSON, so that both are compared in the same form.
        now = json.loads(json.dumps(asked()))
        answers["newer"] = {"version": version, **added(answers, now)}
    else:
        answers = {"version": version, **asked()}
    TARGET.write_text(text_of(answers), encoding="utf-8")
    print({room: len(value) for room, value in answers.items() if isinstance(value, dict)})


if __name__ == "__main__":
    main()
