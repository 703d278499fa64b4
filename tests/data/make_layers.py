"""Ask PyTorch what over a thousand layers do, and keep its answers in layers.json.

Run with PyTorch 2.13.0 and this project importable: python tests/data/make_layers.py

Each layer holds what was asked, PyTorch's answer or refusal, and, where convcalc gives a line of
PyTorch for it, that line with what came out when PyTorch ran it.
"""

import json
import random
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from convcalc.formulas import ConvcalcError
from convcalc.single.question import LayerQuestion
from convcalc.single.shape import shape

SEED = 20
COUNT = 1300


def random_layer(rng: random.Random) -> dict:
    ndim = rng.choice([1, 2, 2, 3])
    kind = rng.choice(["conv", "conv", "transposed", "max", "avg"])

    def per_axis(values: list) -> list:
        if rng.random() < 0.6:
            return [rng.choice(values)] * ndim
        return [rng.choice(values) for _ in range(ndim)]

    groups = rng.choice([1, 1, 1, 2, 3])
    channels = groups * rng.choice([1, 2, 3])
    size_range = range(1, 9) if ndim == 3 else range(1, 25)
    layer = {
        "kind": kind,
        "input": [channels, *per_axis(list(size_range))],
        "kernel_size": per_axis([1, 2, 3, 3, 4, 5]),
        "stride": per_axis([1, 1, 2, 3]),
        "padding": [[p, p] for p in per_axis([0, 0, 1, 1, 2])],
        "dilation": per_axis([1, 1, 1, 2, 3]),
    }
    if kind in ("conv", "transposed"):
        layer["out"] = groups * rng.choice([1, 2, 4])
        layer["groups"] = groups if rng.random() < 0.93 else groups + 1
        layer["bias"] = rng.random() < 0.7
    if kind == "conv":
        draw = rng.random()
        if draw < 0.12:
            layer["padding"] = "same"
        elif draw < 0.16:
            layer["padding"] = "valid"
        elif draw < 0.3:
            layer["padding"] = [[rng.randint(0, 2), rng.randint(0, 2)] for _ in range(ndim)]
    if kind == "transposed":
        layer["output_padding"] = per_axis([0, 0, 0, 1, 2])
    if kind in ("max", "avg"):
        layer["ceil_mode"] = rng.random() < 0.5
    if kind == "avg":
        layer["dilation"] = [1] * ndim
    return layer


def pytorch_answer(layer: dict) -> dict:
    """Return PyTorch's output shape, weight shape and parameters, or its refusal."""
    ndim = len(layer["input"]) - 1
    x = torch.zeros(1, *layer["input"])
    padding = layer["padding"]
    settings = {"kernel_size": tuple(layer["kernel_size"]), "stride": tuple(layer["stride"])}
    try:
        if isinstance(padding, str):
            settings["padding"] = padding
        elif any(before != after for before, after in padding):
            x = functional.pad(x, [each for pair in reversed(padding) for each in pair])
        else:
            settings["padding"] = tuple(before for before, _ in padding)
        if layer["kind"] != "avg":
            settings["dilation"] = tuple(layer["dilation"])
        if "out" in layer:
            settings |= {"groups": layer["groups"], "bias": layer["bias"]}
            name = "Conv"
            if layer["kind"] == "transposed":
                name = "ConvTranspose"
                settings["output_padding"] = tuple(layer["output_padding"])
            module = getattr(nn, f"{name}{ndim}d")(layer["input"][0], layer["out"], **settings)
        else:
            settings["ceil_mode"] = layer["ceil_mode"]
            module = getattr(nn, f"{layer['kind'].capitalize()}Pool{ndim}d")(**settings)
        return answer_of(module, x)
    except (RuntimeError, ValueError) as error:
        return {"refusal": str(error)}


def answer_of(module: nn.Module, x: torch.Tensor) -> dict:
    weight = next((list(p.shape) for n, p in module.named_parameters() if "weight" in n), None)
    return {
        "output": list(module(x).shape[1:]),
        "weight_shape": weight,
        "params": sum(p.numel() for p in module.parameters()),
    }


def convcalc_line(layer: dict) -> dict:
    """Return convcalc's line of PyTorch, and what PyTorch does when it runs it."""
    question = LayerQuestion(
        input_shape=tuple(layer["input"]),
        kernel_size=tuple(layer["kernel_size"]),
        out_channels=layer.get("out"),
        stride=tuple(layer["stride"]),
        padding=layer["padding"]
        if isinstance(layer["padding"], str)
        else tuple(map(tuple, layer["padding"])),
        dilation=tuple(layer["dilation"]),
        groups=layer.get("groups"),
        bias=layer.get("bias"),
        transposed=layer["kind"] == "transposed",
        output_padding=tuple(layer["output_padding"]) if "output_padding" in layer else None,
        pool=layer["kind"] if layer["kind"] in ("max", "avg") else None,
        ceil_mode=layer.get("ceil_mode", False),
    )
    try:
        line = shape(question).code
    except ConvcalcError:
        return {}
    if line is None:
        return {"code": None}
    ran = answer_of(eval(line), torch.zeros(1, *layer["input"]))
    return {"code": line, "ran": ran}


def main() -> None:
    rng = random.Random(SEED)
    layers = []
    refused = 0
    while len(layers) < COUNT:
        layer = random_layer(rng)
        answer = pytorch_answer(layer)
        if "refusal" in answer:
            if refused >= COUNT * 0.22:
                continue
            refused += 1
        elif len(layers) - refused >= COUNT * 0.78:
            continue
        layers.append(layer | answer | convcalc_line(layer))
    target = Path(__file__).with_name("layers.json")
    lines = ",\n".join(json.dumps(layer) for layer in layers)
    target.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(layers)} layers, {refused} of them refused by PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
