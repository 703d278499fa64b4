"""Ask PyTorch for the numbers of random layers, and keep them in loops.json.

Run with PyTorch 2.13.0: python tests/data/make_loops.py

A case is (x, weight, bias, grad_y, settings) with what PyTorch made of it. Its tensors are drawn
here and in the test in the same way, from the number of the case; of what PyTorch makes of them the
shape is kept, and a digest of every number to its last digit. Small integers in float64; few of
them for the maxima, so that there are ties.
"""

import hashlib
import json
import random
from pathlib import Path

COUNT = 600
"""Layers of each kind."""


def digest(numbers: list) -> str:
    """Return what tells nested numbers from all others, to the last digit."""
    flat = numbers
    while flat and isinstance(flat[0], list):
        flat = [each for inner in flat for each in inner]
    text = ",".join(repr(float(each) + 0.0) for each in flat)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def tensor(rng: random.Random, shape: list, most: int) -> list:
    """Return nested lists of small whole numbers."""
    if not shape:
        return rng.randint(-most, most)
    return [tensor(rng, shape[1:], most) for _ in range(shape[0])]


def drawn(kind: str, number: int) -> dict:
    """Return the tensors' shapes and the settings of one case."""
    rng = random.Random(f"{kind} {number}")
    flat = rng.random() < 0.15  # what is 1-D is 2-D of height 1

    def pair(least: int, most: int, alone: int = 1) -> list:
        """Return a setting per axis; `alone` is what the height of what is 1-D has."""
        both = [rng.randint(least, most), rng.randint(least, most)]
        return [alone, both[1]] if flat else both

    kernel, stride, dilation = pair(1, 3), pair(1, 3), pair(1, 2)
    if rng.random() < 0.6:
        dilation = [1, 1]
    size, b = pair(1, 6), rng.randint(1, 2)
    if kind == "conv_transpose2d":
        groups = rng.choice([1, 1, 1, 2, 3])
        c, share = groups * rng.randint(1, 2), rng.randint(1, 2)
        most = [max(s, d) - 1 for s, d in zip(stride, dilation, strict=True)]
        return {
            "x": [b, c, *size],
            "weight": [c, share, *kernel],
            "bias": [share * groups] if rng.random() < 0.6 else None,
            "stride": stride,
            "padding": pair(0, 2, 0),
            "output_padding": [rng.randint(0, each) for each in most],
            "groups": groups,
            "dilation": dilation,
        }
    case = {"x": [b, rng.randint(1, 2), *size], "kernel_size": kernel, "padding": [0, 0]}
    case["padding"] = [rng.randint(0, each // 2) for each in kernel]
    if rng.random() < 0.7:
        case["stride"] = stride
    case["ceil_mode"] = rng.random() < 0.5
    if kind == "max_pool2d":
        case["dilation"] = dilation
    else:
        case["count_include_pad"] = rng.random() < 0.6
    return case


def numbers(kind: str, number: int, case: dict, grad_shape: list) -> dict:
    """Return the tensors of one case."""
    rng = random.Random(f"{kind} {number} numbers")
    most = 2 if kind == "max_pool2d" else 9
    shapes = {name: case[name] for name in ("x", "weight", "bias") if case.get(name)}
    tensors = {name: tensor(rng, shape, most) for name, shape in shapes.items()}
    return tensors | {"grad_y": tensor(rng, grad_shape, 9)}


def settings(case: dict) -> dict:
    """Return the settings of a case as they are handed over."""
    tensors = ("x", "weight", "bias")
    named = {name: value for name, value in case.items() if name not in tensors}
    return {name: tuple(v) if isinstance(v, list) else v for name, v in named.items()}


def asked(kind: str, number: int) -> list | None:
    """Return Y's shape and the digests of Y and the gradients; None where there is no Y."""
    import torch
    from torch.nn import functional

    case = drawn(kind, number)
    function = getattr(functional, kind)

    def run(tensors: dict) -> tuple:
        made = {
            name: torch.tensor(tensors[name], dtype=torch.float64).requires_grad_()
            for name in ("x", "weight", "bias")
            if name in tensors
        }
        return made, function(*made.values(), **settings(case))

    try:
        _, y = run(numbers(kind, number, case, [1]))
        made, y = run(tensors := numbers(kind, number, case, list(y.shape)))
    except RuntimeError:
        return None
    if not torch.isfinite(y).all():
        return None  # a window that reads nothing but padding
    y.backward(torch.tensor(tensors["grad_y"], dtype=torch.float64))
    answers = [y, *(each.grad for each in made.values())]
    return [list(y.shape), *(digest(each.detach().tolist()) for each in answers)]


def main() -> None:
    kept = {}
    for kind in ("conv_transpose2d", "max_pool2d", "avg_pool2d"):
        kept[kind], number = {}, 0
        while len(kept[kind]) < COUNT:
            answer = asked(kind, number)
            if answer is not None:
                kept[kind][number] = answer
            number += 1
        print(kind, f"{len(kept[kind])} layers of {number}")
    lines = [
        f"{json.dumps(kind)}: {{\n"
        + ",\n".join(f'"{number}": {json.dumps(each)}' for number, each in cases.items())
        + "\n}"
        for kind, cases in kept.items()
    ]
    text = "{" + ",\n".join(lines) + "}\n"
    Path(__file__).with_name("loops.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
