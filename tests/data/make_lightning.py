"""Ask Lightning what its models keep of their arguments, and keep it in lightning.json.

Run with PyTorch 2.13.0, lightning and pytorch_lightning 2.6.6: python tests/data/make_lightning.py

A line per expression in lightning_models.py: its parameters and output for an input of 4, or the
name of what it raises.
"""

import json
import warnings
from pathlib import Path

import lightning_models
import torch

warnings.filterwarnings("ignore")
EXPRESSIONS = (
    "Deep(extra=1)", "Deep(6, 3, extra=2)", "Deep(extra=1, classes=9)", "Deep()",
    "Deeper(4, width=3)", "Deeper(7, ignored=3)", "Given({'a': 4, 'b': 5})",
    "Given(argparse.Namespace(a=4, b=6))", "Given(SimpleNamespace(a=4, b=6))", "Given(3)",
    "Given({'a': 4})", "Named()", "Named(4, c=7)", "Unnamed()", "Holding(nn.Linear(4, 4))",
)  # fmt: skip


def answer(expression):
    try:
        model = eval(expression, vars(lightning_models))
        output = model(torch.zeros(2, 4))
    except Exception as error:
        return {"raises": type(error).__name__}
    return {"params": sum(map(torch.numel, model.parameters())), "output": list(output.shape[1:])}


LINES = [json.dumps({"expression": each, **answer(each)}) for each in EXPRESSIONS]
path = Path(__file__).with_name("lightning.json")
path.write_text("[\n" + ",\n".join(LINES) + "\n]\n", encoding="utf-8")
