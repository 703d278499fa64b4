"""Work out the expressions of expressions/ in PyTorch, and keep what comes of them.

Run with PyTorch 2.13.0: python tests/data/make_expressions.py

expressions.json has a text for each line: its value, or the class of what it raises.
"""

import json
import sys
import warnings
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[1]))
from shown_values import EXPRESSIONS, lines, program, shown


def answer(line):
    """Return what comes of a line."""
    names = {"__name__": "names"}
    try:
        exec(program(line), names)
        return shown(names["found"])
    except Exception as error:
        return f"raises {type(error).__name__}"
    finally:
        torch.set_default_dtype(torch.float32)


def main():
    warnings.filterwarnings("ignore")
    answers = {line: answer(line) for line in lines()}
    path = EXPRESSIONS.with_suffix(".json")
    path.write_text(json.dumps(answers, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(answers)} expressions, PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
