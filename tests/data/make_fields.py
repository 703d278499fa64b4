"""Measure receptive fields of torchvision's models by gradients, and keep them in fields.json.

Run with PyTorch 2.14.1 and torchvision 0.29.1: python tests/data/make_fields.py

Of a layer's output, the positions of the input that have a gradient are those it sees. All weights
are positive and all rounding is double, so that nothing cancels or vanishes; max pooling, of whose
ties all but the first have no gradient, is average pooling here. Of the two axes one is long enough
to hold the field, the other as short as the model allows. A line per model: every layer called
once, but for those that every other layer is like, with its fields and strides per axis.
"""

import json
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional
from torchvision import models

TARGET = Path(__file__).with_name("fields.json")
LAYERS = 4
"""About how many layers of each model are measured."""
SIZES = {
    "squeezenet1_1": (320, 33),
    "mobilenet_v2": (640, 33),
    "googlenet": (512, 33),
    "shufflenet_v2_x1_0": (704, 33),
    "resnet18": (576, 33),
    "resnet50": (576, 33),
    "inception_v3": (1472, 75),
    "densenet121": (2272, 33),
}


def averaging(model):
    """Return a model with average pooling for max pooling, and weights that add up to one."""
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.MaxPool2d):
                pool = nn.AvgPool2d(child.kernel_size, child.stride, child.padding, child.ceil_mode)
                setattr(module, name, pool)
            elif isinstance(child, nn.Dropout):
                setattr(module, name, nn.Identity())
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            parameter.data.zero_()
        elif parameter.ndim > 1:
            parameter.data.fill_(1 / parameter[0].numel())
    return model.double().eval()


def measure(model, long, short, axis):
    """Yield the name, field and stride of the layers called once, along one axis."""
    size = (long, short) if axis == 0 else (short, long)
    image = torch.full((1, 3, *size), 1e-6, dtype=torch.float64)  # ReLU6 stays below 6
    image.requires_grad_()
    outputs = {}
    for name, module in model.named_modules():
        if isinstance(module, (nn.Conv2d, nn.BatchNorm2d, nn.ReLU, nn.ReLU6, nn.AvgPool2d)):
            module.register_forward_hook(
                lambda _, __, output, name=name: outputs.setdefault(name, []).append(output)
            )
    model(image)
    found = [name for name, calls in outputs.items() if len(calls) == 1]
    step = max(1, len(found) // LAYERS)
    for name in [*found[::-1][::step]][::-1]:
        output = outputs[name][0].sum(1)[0]  # over the channels
        line = output[:, output.shape[1] // 2] if axis == 0 else output[output.shape[0] // 2]
        edges = []
        for position in (len(line) // 2, len(line) // 2 + 1):
            (gradient,) = torch.autograd.grad(line[position], image, retain_graph=True)
            seen = gradient[0].abs().sum(0).sum(1 - axis).nonzero().flatten()
            edges.append((int(seen[0]), int(seen[-1])))
        (first, last), (after, end) = edges
        assert 0 < first <= last < long - 1, (name, first, last, long)
        assert end < long - 1, (name, end, long)
        assert end - last == after - first, name
        yield name, last - first + 1, after - first


def main():
    functional.max_pool2d = functional.avg_pool2d
    cases = []
    for name, (long, short) in SIZES.items():
        settings = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        model = averaging(models.get_model(name, weights=None, **settings))
        rows = [
            [name, [high, wide], [down, right]]
            for (name, high, down), (_, wide, right) in zip(
                measure(model, long, short, 0), measure(model, long, short, 1), strict=True
            )
        ]
        cases.append({"model": name, "rows": rows})
        print(name, rows[-1], flush=True)
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
        TARGET.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
