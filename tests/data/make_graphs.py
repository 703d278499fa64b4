"""Watch what reads what in models that PyTorch runs, and keep it in graphs.json.gz.

Run with PyTorch 2.13.0 and torchvision: python tests/data/make_graphs.py

The models are torchvision's for classification, but those that need memory to be made, and those of
models.json. For each there is what happens, in its order: [name, what, read, size, given]. A layer
of torch.nn, or one made from it, is one happening, by its name among the model's modules and its
class; so is every function of torch that is called outside of layers (seen by a TorchFunctionMode),
without a name; and every parameter that such a function is given, once. `read` are the numbers of
the happenings (from 0) that made the tensors it was given, -1 for the model's input; `size` is how
many numbers come out for one sample, `given` how many tensors went in. A tensor is known by its
identity, and given another where it is handed back as it came; one that is changed in its place, or
through a view, comes from what changed it.
"""

import gzip
import json
import sys
import warnings
from pathlib import Path

import torch
import torchvision
from load_model import build
from run_pytorch import CONTAINERS, is_layer, tensor
from torch import nn
from torch.nn.modules.module import (
    register_module_forward_hook,
    register_module_forward_pre_hook,
)
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

warnings.filterwarnings("ignore")
FOLDER = Path(__file__).parent


def is_one(module):
    """Tell whether a module is a layer of torch.nn, or made from one."""
    made_from = any(
        base.__module__.startswith("torch.nn.modules") and base not in (nn.Module, *CONTAINERS)
        for base in type(module).__mro__
    )
    return is_layer(module) or (made_from and not list(module.children()))


class Watch(TorchFunctionMode):
    """Keeps what happens while a model runs."""

    def __init__(self, model):
        super().__init__()
        self.happened = []
        self.made_by = {}
        self.held = []  # so that no two tensors have the same identity
        self.inside = 0
        self.names = {module: name for name, module in model.named_modules()}
        self.parameters = {
            id(each): f"{self.names[module]}.{name}".lstrip(".")
            for module in model.modules() if not is_one(module)
            for name, each in module.named_parameters(recurse=False)
        }  # fmt: skip
        self.hooks = [
            register_module_forward_pre_hook(self.enter),
            register_module_forward_hook(self.leave, with_kwargs=True),
        ]

    def tensors(self, value):
        return [each for each in tree_leaves(value) if isinstance(each, torch.Tensor)]

    def read(self, tensors):
        found = set()
        for each in tensors:
            if id(each) in self.parameters and id(each) not in self.made_by:
                self.keep(self.parameters[id(each)], "Parameter", set(), [each])
            found |= self.made_by.get(id(each), set())
        return found

    def keep(self, name, what, read, results, given=0):
        number = {len(self.happened)}
        size = results[0].numel() if results else 0
        self.happened.append([name, what, sorted(read), size, given])
        for each in results:
            self.made_by[id(each)] = number
            self.held.append(each)

    def enter(self, module, inputs):
        self.inside += is_one(module)

    def leave(self, module, inputs, named, result):
        if not is_one(module):
            return result
        self.inside -= 1
        if not self.inside:
            given = self.tensors((inputs, named))
            changes = getattr(module, "inplace", False)
            if not changes and any(result is each for each in given):
                result = result.view_as(result)
            name, kind = self.names.get(module), type(module).__name__
            self.keep(name, kind, self.read(given), self.tensors(result), len(given))
            if changes:
                self.changed(inputs[0])
        return result

    def changed(self, view):
        """Let the tensor that a changed one is a view of come from the change too."""
        base = view._base
        if base is not None:
            last = {len(self.happened) - 1}
            self.made_by[id(base)] = self.made_by.get(id(base), set()) | last

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        name = getattr(func, "__name__", str(func))
        if self.inside:
            return result
        given = self.tensors((args, kwargs))
        results = self.tensors(result)
        changes = name == "__setitem__" or name.startswith("__i") or (
            name.endswith("_") and not name.endswith("__")
        ) or kwargs.get("inplace")  # fmt: skip
        if not changes and any(result is each for each in given):
            result = result.view_as(result)
            results = [result]
        if name == "__setitem__":
            results = [args[0]]
        if results and name != "__set__":
            self.keep(None, name, self.read(given), results, len(given))
            if changes:
                self.changed(args[0])
        return result


def watched(model, inputs):
    model.eval()
    with torch.no_grad():
        if any(torch.nn.parameter.is_lazy(each) for each in model.parameters()):
            model(*inputs)
        watch = Watch(model)
        for each in inputs:
            watch.made_by[id(each)] = {-1}
        try:
            with watch:
                model(*inputs)
        finally:
            for hook in watch.hooks:
                hook.remove()
    return watch.happened


def own():
    for case in json.loads((FOLDER / "models.json").read_text(encoding="utf-8")):
        if case.get("train"):
            continue
        file, _, expression = case["target"].partition(":")
        yield (
            case["target"],
            lambda case=case, file=file, expression=expression: watched(
                build(FOLDER / "models" / file, case.get("means", expression), define=flat(case)),
                [
                    tensor(shape, kind, 1)
                    for shape, kind in zip(
                        case["input"],
                        [*case.get("kinds", []), *["float"] * len(case["input"])],
                        strict=False,
                    )
                ],
            ),
        )


def flat(case):
    return {name: value for name, value in case.get("define", {}).items() if "." not in name}


def torchvisions():
    for case in json.loads((FOLDER / "torchvision.json").read_text(encoding="utf-8")):
        settings = {"init_weights": False} if case["model"] in ("googlenet", "inception_v3") else {}

        def run(case=case, settings=settings):
            with torch.device("meta"):
                model = torchvision.models.get_model(case["model"], weights=None, **settings)
                return watched(model, [torch.empty(1, *case["input"])])

        yield case["model"], run


def main():
    graphs = {}
    for name, run in [*own(), *torchvisions()]:
        wanted = any(word in name for word in sys.argv[1:]) or not sys.argv[1:]
        if wanted and name not in graphs:  # of several with one name the first
            try:
                graphs[name] = run()
            except Exception as error:
                print(f"{name}: {type(error).__name__}: {error}")
                continue
            print(name, len(graphs[name]), flush=True)
            if sys.argv[1:]:
                print(*graphs[name], sep="\n")
    if not sys.argv[1:]:
        text = json.dumps(graphs, separators=(",", ":")).encode()
        (FOLDER / "graphs.json.gz").write_bytes(gzip.compress(text, 9, mtime=0))
        print(f"{len(graphs)} models, {sum(map(len, graphs.values()))} happenings")


if __name__ == "__main__":
    main()
