"""Run the small programs of programs/ in PyTorch, and keep what they do in programs.json.

Run with PyTorch 2.13.0: python tests/data/make_programs.py [FILE …]

A file holds many programs, each below a line `#### name | expression | inputs | settings`; what
stands below `#### +NAME` is put before those with the setting `with=NAME`. PyTorch's answer is that
of the expression in the program's names: "output", "params", "trainable", "macs" as in models.json,
or "type", "error" and "line", the deepest line of the program where it raises. Inputs are shapes of
one sample, `16:int` whole numbers. Settings:

script     the program is run as a script, which may end early, and convcalc is asked without an
           expression; packages that aren't there do nothing
ask=EXPR   what convcalc is asked instead
train      the model is trained
refused    no answer is right
says=WORDS what a helpful sentence has to contain: ours, not PyTorch's
"""

import json
import sys
import traceback
import types
import warnings
from contextlib import redirect_stderr, redirect_stdout
from importlib.machinery import ModuleSpec
from io import StringIO
from pathlib import Path
from unittest.mock import MagicMock

import torch
from run_pytorch import BatchMatters, measure, one_line

sys.path.insert(0, str(Path(__file__).parents[1]))
from small_programs import PROGRAMS, programs

FOLDER = Path(__file__).parent
ABSENT = (
    "torchvision",
    "tqdm",
    "matplotlib",
    "matplotlib.pyplot",
    "torchvision.models",
    "torchsummary",
    "click",
)
"""Packages of which the programs need nothing."""


class Hyperparameters(dict):
    """What Lightning keeps of the arguments."""

    __getattr__ = dict.__getitem__


class LightningModule(torch.nn.Module):
    """As much of Lightning's module as the programs use."""

    def save_hyperparameters(self):
        """Keep the arguments of the __init__ that calls this."""
        given = sys._getframe(1).f_locals
        self.hparams = Hyperparameters(
            {name: each for name, each in given.items() if name not in ("self", "__class__")}
        )


def provide():
    """Put something in the place of the packages that aren't there."""
    for name in ABSENT:
        sys.modules[name] = MagicMock()
        sys.modules[name].__spec__ = ModuleSpec(name, None)
    for name in ("pytorch_lightning", "lightning"):
        module = sys.modules[name] = types.ModuleType(name)
        module.__spec__ = ModuleSpec(name, None)
        module.LightningModule, module.Trainer = LightningModule, MagicMock


def run(program):
    """Return what PyTorch answers of a program."""
    path = f"/{program.name}.py"
    main = types.ModuleType("__main__" if program.has("script") else program.name)
    main.__file__ = path
    before = sys.modules["__main__"]
    sys.modules[main.__name__] = main
    sys.argv = [path]
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            try:
                exec(compile(program.text, path, "exec"), main.__dict__)
            except BaseException:
                if not program.has("script"):
                    raise
            torch.manual_seed(0)
            model = eval(program.expression, main.__dict__)
            model.train(program.has("train"))
            answer = measure(model, *program.inputs)
            answer.pop("calls")
            return answer
    except BatchMatters:
        raise
    except Exception as error:
        lines = [each.lineno for each in traceback.extract_tb(error.__traceback__)
                 if each.filename == path]  # fmt: skip
        line = lines[-1] if lines else None
        return {"type": type(error).__name__, "error": str(error), "line": line}
    finally:
        sys.modules["__main__"] = before


def main():
    provide()
    warnings.filterwarnings("ignore")
    wanted = sys.argv[1:]
    path = FOLDER / "programs.json"
    answers = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for program in programs(PROGRAMS, wanted):
        if not program.has("refused"):
            answers[program.name] = run(program)
            print(program.name, one_line(answers[program.name])[:200])
    names = [program.name for program in programs(PROGRAMS)]
    lines = ",\n".join(f'"{name}": {one_line(answers[name])}' for name in names if name in answers)
    path.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    print(f"{len(names)} programs, PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
