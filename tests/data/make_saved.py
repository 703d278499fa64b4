"""Ask PyTorch what autograd keeps of expressions for the backward, and keep it in saved.json.

Run with PyTorch 2.13.0: python tests/data/make_saved.py

Of every expression: the bytes of all storages that are saved for what comes out, each once and
whole, parameters and buffers of layers left out, and whether what comes out needs a gradient. What
was saved and let go, since nothing that comes out needs it, doesn't count. An expression at which
PyTorch raises is left out.
The names are those of make_functions, each that can have a gradient having one; `t` is a tensor of
heads as attention makes them.
"""

import json
import warnings
import weakref
from pathlib import Path

import torch
from make_functions import EXPRESSIONS, NAMES
from torch import nn
from torch.autograd.graph import saved_tensors_hooks

MORE = {
    "t": "torch.zeros(2, 6, 3, 8).transpose(1, 2)", "q": "torch.zeros(2, 5, 16)",
    "w": "torch.zeros(2, 3, 4, 6, 5)", "e": "torch.tensor([[0, 1, 3], [2, 2, 1]])",
}  # fmt: skip
LEFT_OUT = ("torch.isclose(x,x)", "torch.linalg.matrix_rank(y)")
"""Expressions whose results need nothing, and that let go what they saved late."""
OWN = Path(__file__).with_name("saved_expressions.txt").read_text("utf-8").splitlines()


def differentiable(value):
    """Return whether a value is a tensor that may have a gradient."""
    return isinstance(value, torch.Tensor) and (value.is_floating_point() or value.is_complex())


class Saved:
    """A tensor that is saved, as long as anything needs it."""

    def __init__(self, tensor):
        self.tensor = tensor


def tensors_in(value):
    """Yield the tensors of a result."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from tensors_in(each)


def saved(words):
    """Return the bytes that an expression saves, and whether a result of it needs a gradient.

    None where it gives no tensor.
    """
    names = {"torch": torch, "F": torch.nn.functional, "nn": nn}
    for name, made in (NAMES | MORE).items():
        value = eval(made, names)
        names[name] = value.detach().requires_grad_().clone() if differentiable(value) else value
    learnt, kept, ever = [], weakref.WeakSet(), []

    def save(tensor):
        ever.append(tensor)  # so that no memory is used twice
        whole = tensor if tensor._base is None else tensor._base
        learnt.extend([whole] if isinstance(whole, nn.Parameter) else [])
        saved = Saved(tensor)
        kept.add(saved)
        return saved

    add = nn.Module.__setattr__

    def told(self, name, value):
        learnt.extend([value] if isinstance(value, torch.Tensor) else [])
        add(self, name, value)

    buffer = nn.Module.register_buffer

    def buffered(self, name, tensor, persistent=True):
        learnt.extend([tensor] if isinstance(tensor, torch.Tensor) else [])
        buffer(self, name, tensor, persistent)

    nn.Module.__setattr__, nn.Module.register_buffer = told, buffered
    try:
        with saved_tensors_hooks(save, lambda each: each.tensor):
            result = eval(words, names)
    finally:
        nn.Module.__setattr__, nn.Module.register_buffer = add, buffer
    found = [each.tensor.untyped_storage() for each in kept]
    storages = {each.data_ptr(): each for each in found}
    for each in learnt:
        storages.pop(each.untyped_storage().data_ptr(), None)
    made = list(tensors_in(result))
    if not made:
        return None
    return [sum(each.nbytes() for each in storages.values()), any(e.requires_grad for e in made)]


def main():
    warnings.simplefilter("ignore")
    torch.manual_seed(0)
    answers = {}
    for words in dict.fromkeys([*OWN, *EXPRESSIONS]):  # those that give tensors
        if words in LEFT_OUT:
            continue
        try:
            answers[words] = saved(words)
        except (TypeError, RuntimeError, ValueError, IndexError, AttributeError, AssertionError,
                NotImplementedError) as error:  # fmt: skip
            if words in OWN:
                print(words, "raises", str(error)[:100])
            continue
    answers = {words: each for words, each in answers.items() if each is not None}
    lines = ",\n".join(f"{json.dumps(each)}: {json.dumps(answers[each])}" for each in answers)
    text = json.dumps({"names": NAMES | MORE}, indent=0)[:-2]
    text += f',\n"answers": {{\n{lines}\n}}\n}}\n'
    Path(__file__).with_name("saved.json").write_text(text, encoding="utf-8")
    print(len(answers), "expressions,", sum(each[1] for each in answers.values()), "with gradients")


if __name__ == "__main__":
    main()
