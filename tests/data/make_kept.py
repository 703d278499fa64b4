"""Ask PyTorch what whole networks keep for the backward in training, and keep it in kept.json.

Run with PyTorch 2.13.0 and torchvision 0.28: python tests/data/make_kept.py

Of every network: the shape of its input, the bytes that autograd saves in a forward of two samples
in training on a CPU (each memory once and whole, parameters and buffers left out), and the
multiply-accumulates of its backward, half of what FlopCounterMode counts of it, where the weight's
gradient of a grouped convolution takes what its forward takes.
"""

import importlib
import json
import math
import re
import sys
import warnings
from pathlib import Path

import torch
from load_model import build
from torch.autograd.graph import saved_tensors_hooks
from torch.utils.flop_counter import FlopCounterMode, conv_flop_count

SIZES = {"vit": 224, "maxvit": 224, "inception": 299, "alexnet": 96, "vgg": 64, "googlenet": 224}
"""How large the input is, by how names begin; 64 otherwise."""
NAMES = (
    "alexnet convnext_tiny densenet121 efficientnet_b0 efficientnet_v2_s googlenet inception_v3 "
    "mnasnet0_5 mobilenet_v2 mobilenet_v3_large mobilenet_v3_small regnet_x_400mf regnet_y_400mf "
    "resnet18 resnet50 resnext50_32x4d shufflenet_v2_x0_5 squeezenet1_0 squeezenet1_1 swin_t "
    "swin_v2_t vgg11 vgg16_bn vit_b_32 wide_resnet50_2 maxvit_t"
).split()
SEGMENTATION = (
    "fcn_resnet50 deeplabv3_resnet50 deeplabv3_mobilenet_v3_large lraspp_mobilenet_v3_large".split()
)
OWN = Path(__file__).parent / "training"
LEFT_OUT = {"define", "kinds", "may_refuse"}
"""What the cases of models.json have that aren't asked here."""
torch.library.register_fake = lambda name: lambda function: function
"""What torchvision asks for when it is loaded, which fails where its own library isn't there."""


def tensors_in(value):
    """Yield the tensors of a result."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from tensors_in(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from tensors_in(each)


def of_convolution(grad, x, weight, *others, out_shape=None, **named):
    """Return the operations of a convolution's backward: for each gradient those of the forward.

    FlopCounterMode counts the weight's gradient once for every group.
    """
    transposed, asked = others[4], others[7]
    return sum(asked[:2]) * conv_flop_count(list(x), list(weight), list(grad), transposed)


def of_attention(grad, query, key, value, *others, out_shape=None, **named):
    """Return the operations of attention's backward: a product for each gradient, and one between.

    FlopCounterMode doesn't count those of a CPU's fused kernel.
    """
    *front, rows, size = query
    return 2 * 4 * math.prod(front) * rows * key[-2] * size


def kept(model, inputs):
    """Return the bytes that a forward saves, and half of the operations of the backward."""
    own = {
        each.untyped_storage().data_ptr() for each in [*model.parameters(), *model.buffers()]
    }  # fmt: skip
    saved = []

    def save(tensor):
        saved.append(tensor)
        return tensor

    with saved_tensors_hooks(save, lambda tensor: tensor):
        result = model(*inputs)
    storages = {each.untyped_storage().data_ptr(): each.untyped_storage() for each in saved}
    total = sum(each.nbytes() for at, each in storages.items() if at not in own)
    mapping = {
        torch.ops.aten.convolution_backward: of_convolution,
        torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward: of_attention,
    }
    with FlopCounterMode(display=False, custom_mapping=mapping) as counter:
        loss = sum(each.sum() for each in tensors_in(result) if each.requires_grad)
        loss.backward()
    return [total, counter.get_total_flops() // 2]


def main():
    warnings.simplefilter("ignore")
    torch.manual_seed(0)
    answers = {}
    for file in sorted(OWN.glob("*.py")):
        names = {"__name__": "training"}
        exec(compile(file.read_text("utf-8"), file.name, "exec"), names)
        for words, shapes in names["MODELS"].items():
            model = eval(words, names).train()
            inputs = [
                torch.zeros(2, *shape) if not isinstance(shape, str)
                else torch.zeros(2, int(shape), dtype=torch.int64)
                for shape in shapes
            ]  # fmt: skip
            answers[f"{file.name}:{words}"] = [shapes, *kept(model, inputs)]
            print(file.name, words, answers[f"{file.name}:{words}"], flush=True)
    for case in json.loads(Path(__file__).with_name("models.json").read_text("utf-8")):
        file, _, expression = case["target"].partition(":")
        if not expression or LEFT_OUT & case.keys() or "Lazy" in expression:
            continue
        model = build(Path(__file__).parent / "models" / file, expression).train()
        inputs = [torch.zeros(2, *shape) for shape in case["input"]]
        answers[f"models/{case['target']}"] = [case["input"], *kept(model, inputs)]
    for room, names in (("models", NAMES), ("models.segmentation", SEGMENTATION)):
        models = importlib.import_module(f"torchvision.{room}")
        for name in names:
            size = SIZES.get(re.match("[a-z]+", name)[0], 64)
            make = getattr(models, name)
            more = {"weights_backbone": None} if room != "models" else {}
            model = make(weights=None, **more).train()
            file = sys.modules[make.__module__].__file__.rpartition("torchvision")[2]
            words = f"torchvision{file}:{name}({'weights_backbone=None' if more else ''})"
            answers[words] = [[[3, size, size]], *kept(model, [torch.zeros(2, 3, size, size)])]
            print(words, answers[words], flush=True)
    lines = ",\n".join(f"{json.dumps(each)}: {json.dumps(answers[each])}" for each in answers)
    Path(__file__).with_name("kept.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
