"""Ask PyTorch what autograd keeps of every function that is known: saved_calls.json.gz.

Run with PyTorch 2.13.0 and this project importable, after make_functions:
python tests/data/make_saved_calls.py

The calls are those of functions.json that PyTorch takes, each argument at values that aren't its
default; every tensor in them is another one, the second that is made like `a` being `a_1`. Of each
call it is asked with a gradient for all of them, with one of them frozen after another, and with
one after another alone that isn't; the frozen ones are named.

An answer is a text: the bytes of all storages that are kept for what comes out, each once and
whole, and the names of those that were there before; = is what comes out, =1 the second of it.
It is null where nothing that comes out needs a gradient.
"""

import gzip
import json
import re
import warnings
import weakref
from pathlib import Path

import torch
from function_calls import TENSORS, spelled
from make_saved import Saved, tensors_in
from torch.autograd.graph import saved_tensors_hooks

HERE = Path(__file__).parent
NAME = re.compile(rf"""(?<![\w.'"])(?:{"|".join(sorted(TENSORS)[::-1])})(?![\w'"(]|=(?!=))""")
"""A tensor's name in words, which isn't that of an argument."""


def told_apart(words):
    """Return words in which every tensor has a name of its own, and what each is made of."""
    made = {}

    def named(found):
        origin = found[0]
        count = sum(each == origin for each in made.values())
        own = f"{origin}_{count}" if count else origin
        made[own] = origin
        return own

    return NAME.sub(named, words), made


def value_of(name, known):
    """Return a tensor of a call, made with what it is made of."""
    if name not in known:
        words = TENSORS[name]
        inner = {each: value_of(each, known) for each in NAME.findall(words) if each != name}
        known[name] = eval(words, {"torch": torch, **inner})
    return known[name]


def may_learn(value):
    """Return whether a value is a tensor that may have a gradient."""
    return value.is_floating_point() or value.is_complex()


def asked(words, made, frozen):
    """Return what PyTorch keeps of a call, as a text; None where no gradient is needed."""
    known, kept, ever = {}, weakref.WeakSet(), []
    names = {"torch": torch, "F": torch.nn.functional}
    for own, origin in made.items():
        value = value_of(origin, known).clone()
        learnt = may_learn(value) and own not in frozen
        names[own] = value.requires_grad_().clone() if learnt else value
    tensors = {own: names[own] for own in made}

    def save(tensor):
        ever.append(tensor)  # so that no memory is used twice
        saved = Saved(tensor)
        kept.add(saved)
        return saved

    with saved_tensors_hooks(save, lambda each: each.tensor):
        result = eval(words, names)
    results = list(tensors_in(result))
    if not any(each.requires_grad for each in results):
        return None
    storages = {at.data_ptr(): at for at in (each.tensor.untyped_storage() for each in kept)}
    told = {each.untyped_storage().data_ptr(): f"={at or ''}" for at, each in enumerate(results)}
    told |= {each.untyped_storage().data_ptr(): own for own, each in tensors.items()}
    found = sorted(told[at] for at in storages if at in told and storages[at].nbytes())
    return " ".join([str(sum(each.nbytes() for each in storages.values())), *found])


def answers_of(name, first, others):
    """Return what PyTorch keeps of a call, by what of it is frozen; None where it isn't taken."""
    words, made = told_apart(spelled(name, first, others))
    learnt = [own for own in made if may_learn(value_of(made[own], {}))]
    if not learnt:
        return None
    answers = {}
    alone = [" ".join(each for each in learnt if each != own) for own in learnt]
    for frozen in dict.fromkeys(["", *(learnt + alone if len(learnt) > 1 else ())]):
        try:
            answers[frozen] = asked(words, made, frozen.split())
        except Exception:
            continue  # which differs by what is learnt, as in-place functions do
    return (words, answers) if any(answers.values()) else None


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    torch.manual_seed(0)
    calls = json.loads((HERE / "functions.json").read_text("utf-8"))["calls"]
    answers = {}
    for names, every in calls.items():
        for name in names.split():
            given = (call.split("; ", 1) for call, answer in every.items() if answer is not None)
            found = dict(filter(None, (answers_of(name, *each) for each in given)))
            if found:
                answers[name] = found
    text = json.dumps({"tensors": TENSORS, "answers": answers}, indent=0)
    (HERE / "saved_calls.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    every = [one for each in answers.values() for found in each.values() for one in found.values()]
    print(len(answers), "functions,", len(every), "calls")


if __name__ == "__main__":
    main()
