"""Run a file that holds a model, as `python FILE` would up to its main guard, and take its names.

What isn't a matter of the model is stood in for: torchvision's data sets are a few random images,
plots and progress bars are nothing at all. Files are written into a folder that goes away.
"""

import ast
import importlib
import importlib.machinery
import os
import sys
import tempfile
import types
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import MagicMock

import torch
from torch import nn

sys.dont_write_bytecode = True

IMAGES = {"CIFAR10": (3, 32, 32), "MNIST": (1, 28, 28), "FashionMNIST": (1, 28, 28)}
NOTHING = ("matplotlib", "matplotlib.pyplot", "tqdm", "pandas", "sklearn", "sklearn.preprocessing")


class Images(torch.utils.data.Dataset):
    """Eight random images with labels."""

    shape = (3, 32, 32)

    def __init__(self, *args, **kwargs):
        self.classes = list(range(10))

    def __len__(self):
        return 8

    def __getitem__(self, index):
        if index >= len(self):
            raise IndexError
        return torch.randn(*self.shape), index


def stand_ins():
    """Return modules by name for what isn't installed and isn't the model."""
    torchvision = types.ModuleType("torchvision")
    torchvision.transforms = MagicMock()
    torchvision.datasets = types.ModuleType("torchvision.datasets")
    for name, shape in IMAGES.items():
        setattr(torchvision.datasets, name, type(name, (Images,), {"shape": shape}))
    modules = {"torchvision": torchvision}
    for name in ("transforms", "datasets"):
        modules[f"torchvision.{name}"] = getattr(torchvision, name)
    for name in NOTHING:
        modules[name] = MagicMock(__spec__=importlib.machinery.ModuleSpec(name, None))
    return modules


class Define(ast.NodeTransformer):
    """Give names of the top level other values, as --define does."""

    def __init__(self, values):
        self.values = values

    def visit_Module(self, node):
        for statement in node.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                name = statement.targets[0].id
                if name in self.values:
                    value = ast.Constant(self.values[name])
                    statement.value = ast.copy_location(value, statement.value)
        return node


@contextmanager
def surroundings(folder, argv):
    """Make sys as it is when the file is run."""
    before = dict(sys.modules), list(sys.path), sys.argv, os.getcwd()
    with tempfile.TemporaryDirectory() as temporary:
        sys.modules.update(stand_ins())
        sys.path.insert(0, str(folder))
        sys.argv = ["model.py", *argv]
        os.chdir(temporary)
        try:
            yield
        finally:
            modules, sys.path[:], sys.argv, place = before
            os.chdir(place)
            for name in set(sys.modules) - set(modules):
                origin = getattr(sys.modules[name], "__file__", None) or ""
                if not isinstance(origin, str) or origin.startswith(str(Path(__file__).parent)):
                    del sys.modules[name]
            for name in stand_ins():
                sys.modules.pop(name, None)


def top_folder(path):
    """Return the folder that imports start from, and the file's dotted name there."""
    folder, names = path.parent, [path.stem]
    while (folder / "__init__.py").exists():
        names.insert(0, folder.name)
        folder = folder.parent
    return folder, ".".join(names)


def run_file(path, argv=(), define=None):
    """Return the names that a file has when it was run."""
    path = Path(path).resolve()
    folder, name = top_folder(path)
    torch.manual_seed(0)
    with surroundings(folder, argv), redirect_stdout(StringIO()):
        module = types.ModuleType(name)
        module.__file__ = str(path)
        parent = name.rpartition(".")[0]
        if parent:
            importlib.import_module(parent)
        module.__package__ = parent
        module.__spec__ = importlib.machinery.ModuleSpec(name, None)
        sys.modules[name] = module
        tree = ast.parse(path.read_bytes(), filename=str(path))
        tree = ast.fix_missing_locations(Define(define or {}).visit(tree))
        exec(compile(tree, str(path), "exec"), vars(module))
    return vars(module)


def build(path, expression, argv=(), define=None):
    """Return the model that an expression makes in the names of a file."""
    names = run_file(path, argv, define)
    with redirect_stdout(StringIO()):
        model = eval(expression, names)
        if isinstance(model, type):
            model = model()
    if not isinstance(model, nn.Module):
        raise TypeError(f"{expression} is a {type(model).__name__}")
    return model
