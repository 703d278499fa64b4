"""Ask PyTorch what happens layer by layer in whole networks, and keep it in networks.json.

Run with PyTorch 2.13.0: python tests/data/make_networks.py

Each network holds its texts (the Python it was built from, what print(model) shows of it) and a
row per layer: shapes, parameters, multiply-accumulates (FlopCounterMode's FLOPs halved) and, where
it could be measured, receptive field and effective stride. These are measured, not calculated:
with all weights at one and the non-linear layers made linear, they are the extent of the gradient
of one output position, and how far it moves for the next one.
"""

import copy
import json
from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

NAMES = {"nn": nn, "OrderedDict": OrderedDict}
SEQUENTIALS = {}

SEQUENTIALS["lenet"] = (
    [1, 32, 32],
    """nn.Sequential(
    nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(16, 120, 5), nn.Tanh(),  # 1 × 1 from here on
    nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
)""",
)
SEQUENTIALS["perceptron"] = (
    [784],
    "nn.Sequential(nn.Linear(28 * 28, 2**8), nn.ReLU(), nn.Dropout(), nn.Linear(256, 20 // 2))",
)
SEQUENTIALS["sound"] = (
    [2, 4000],
    """nn.Sequential(OrderedDict([
    ("conv1", nn.Conv1d(2, 16, 80, stride=4)),
    ("norm1", nn.BatchNorm1d(16)),
    ("relu1", nn.ReLU()),
    ("pool1", nn.MaxPool1d(4)),
    ("conv2", nn.Conv1d(16, 32, kernel_size=3, padding=2, dilation=2, bias=False)),
    ("norm2", nn.BatchNorm1d(32, affine=False)),
    ("drop", nn.Dropout1d(0.1)),
    ("pool2", nn.AvgPool1d(3, 2, 1)),
    ("pool3", nn.AdaptiveAvgPool1d(1)),
    ("flat", nn.Flatten()),
    ("norm3", nn.BatchNorm1d(32)),
    ("fc", nn.Linear(32, 5, bias=False)),
    ("out", nn.LogSoftmax(dim=1)),
]))""",
)
SEQUENTIALS["volume"] = (
    [1, 24, 40, 40],
    """nn.Sequential(
    nn.ConstantPad3d((1, 1, 0, 2, 1, 0), 0.5),
    nn.Conv3d(1, 8, (3, 5, 5), stride=(1, 2, 2), padding=(1, 2, 2)),
    nn.BatchNorm3d(8), nn.ELU(),
    nn.MaxPool3d((1, 2, 2)),
    nn.Conv3d(8, 16, 3, groups=4), nn.InstanceNorm3d(16, affine=True),
    nn.AvgPool3d(2), nn.Dropout3d(),
    nn.AdaptiveMaxPool3d((None, 2, 2)),
    nn.Flatten(2), nn.Flatten(), nn.LazyLinear(7),
)""",
)
SEQUENTIALS["depthwise"] = (
    [3, 96, 96],
    """nn.Sequential(
    nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.Hardswish()),
    nn.Sequential(
        nn.Sequential(nn.Conv2d(16, 16, 3, 1, 1, groups=16, bias=False), nn.ReLU6(inplace=True)),
        nn.Sequential(nn.Conv2d(16, 32, 1, bias=False), nn.BatchNorm2d(32)),
        nn.Sequential(),
    ),
    nn.Sequential(nn.Conv2d(32, 64, 5, 2, 2, groups=32), nn.Identity(), nn.SiLU()),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(64, 10), nn.Softmax(-1),
)""",
)
SEQUENTIALS["generator"] = (
    [100, 1, 1],
    """nn.Sequential(
    nn.ConvTranspose2d(100, 64, 4, 1, 0, bias=False), nn.BatchNorm2d(64), nn.ReLU(True),
    nn.ConvTranspose2d(64, 32, 4, 2, 1), nn.BatchNorm2d(32), nn.LeakyReLU(0.2),
    nn.ConvTranspose2d(32, 16, (3, 5), (2, 3), (1, 2), (1, 2), groups=2),
    nn.ConvTranspose2d(16, 3, kernel_size=3, dilation=2), nn.Tanh(),
)""",
)
SEQUENTIALS["transposed"] = (
    [4, 5, 6, 7],
    """nn.Sequential(
    nn.ConvTranspose3d(4, 6, (2, 3, 4), stride=(1, 2, 3), padding=1, output_padding=(0, 1, 2),
                       groups=2),
    nn.ReLU(), nn.Flatten(1, 3),
    nn.ConvTranspose1d(6 * 4 * 12, 3, 3, 2, output_padding=1, dilation=2, bias=False),
)""",
)
SEQUENTIALS["dilated"] = (
    [3, 120, 100],
    """nn.Sequential(
    nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(),
    nn.Conv2d(8, 8, 3, padding=2, dilation=2), nn.ReLU(),
    nn.Conv2d(8, 8, (3, 5), padding=(4, 8), dilation=4), nn.ReLU(),
    nn.MaxPool2d(3, 2, 1, (2, 3)),
    nn.Conv2d(8, 4, (1, 7), stride=(1, 2), padding="valid"), nn.Sigmoid(),
)""",
)
SEQUENTIALS["padded"] = (
    [3, 40, 41],
    """nn.Sequential(
    nn.ReflectionPad2d(3), nn.Conv2d(3, 8, 7),
    nn.ReplicationPad2d((1, 2, 3, 4)), nn.Conv2d(8, 8, 3, stride=2),
    nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(8, 8, 2),
    nn.CircularPad2d((2, 2, 1, 1)), nn.ConstantPad2d((-1, -2, 0, -1), float("-inf")),
    nn.Conv2d(8, 8, 3, padding="same", padding_mode="circular"),
    nn.Conv2d(8, 8, (4, 2), padding="same", dilation=(1, 3)),
)""",
)
SEQUENTIALS["padded-1d-3d"] = (
    [2, 30],
    """nn.Sequential(
    nn.ReflectionPad1d((2, 3)), nn.ReplicationPad1d(1), nn.ZeroPad1d((4, 0)), nn.CircularPad1d(5),
    nn.ConstantPad1d((0, 1), 2.0), nn.Unflatten(2, (2, 13, 2)),
    nn.ReflectionPad3d(1), nn.ReplicationPad3d((1, 0, 2, 0, 3, 0)), nn.ZeroPad3d(1),
    nn.CircularPad3d((1, 1, 2, 2, 0, 0)),
)""",
)
SEQUENTIALS["lazy"] = (
    [3, 33, 35],
    """nn.Sequential(
    nn.LazyConv2d(16, 3, padding=1), nn.LazyBatchNorm2d(), nn.ReLU(),
    nn.LazyConv2d(8, kernel_size=(3, 5), stride=2, groups=4, bias=False),
    nn.LazyInstanceNorm2d(), nn.LazyConvTranspose2d(6, 2, stride=2),
    nn.Flatten(2), nn.LazyConv1d(4, 9, stride=5), nn.LazyBatchNorm1d(), nn.LazyInstanceNorm1d(),
    nn.LazyConvTranspose1d(2, 3), nn.Unflatten(-1, (2, -1, 1)),
    nn.LazyConv3d(3, 1), nn.LazyBatchNorm3d(), nn.LazyInstanceNorm3d(),
    nn.LazyConvTranspose3d(2, (2, 1, 1)),
    nn.Flatten(), nn.LazyLinear(20), nn.LazyLinear(4, bias=False),
)""",
)
SEQUENTIALS["normalised"] = (
    [8, 30, 30],
    """nn.Sequential(
    nn.Conv2d(8, 12, 3), nn.GroupNorm(3, 12), nn.PReLU(),
    nn.Conv2d(12, 12, 3), nn.InstanceNorm2d(12), nn.PReLU(12),
    nn.LocalResponseNorm(5), nn.LayerNorm((12, 26, 26)), nn.LayerNorm(26, bias=False),
    nn.RMSNorm([26, 26]), nn.GroupNorm(4, 12, affine=False), nn.BatchNorm2d(12, bias=False),
    nn.LayerNorm([26], elementwise_affine=False), nn.Conv2d(12, 2, 1), nn.Softmax2d(),
    nn.Flatten(), nn.LayerNorm(2 * 26 * 26), nn.BatchNorm1d(1352), nn.Linear(1352, 3),
)""",
)
SEQUENTIALS["resolution"] = (
    [3, 20, 24],
    """nn.Sequential(
    nn.PixelUnshuffle(2), nn.Conv2d(12, 36, 3, padding=1), nn.ChannelShuffle(6),
    nn.PixelShuffle(3), nn.Upsample(scale_factor=2), nn.Upsample(scale_factor=(0.75, 1.3)),
    nn.Upsample((31, 40), mode="bilinear", align_corners=True), nn.UpsamplingNearest2d(size=50),
    nn.UpsamplingBilinear2d(scale_factor=1.5), nn.Conv2d(4, 1, 3), nn.Upsample(17, mode="bicubic"),
)""",
)
SEQUENTIALS["unfolded"] = (
    [3, 12, 10],
    """nn.Sequential(
    nn.Unfold((3, 2), padding=(1, 0), stride=(2, 1)), nn.Conv1d(18, 36, 1), nn.ReLU(),
    nn.Fold(output_size=(12, 10), kernel_size=(3, 2), padding=(1, 0), stride=(2, 1)),
    nn.Conv2d(6, 8, 3, 2), nn.Flatten(start_dim=1, end_dim=-2), nn.Linear(4, 9), nn.GLU(dim=1),
    nn.Unflatten(1, (4, 5)), nn.Linear(9, 2), nn.Softmin(dim=-1),
)""",
)
SEQUENTIALS["activations"] = (
    [6, 16, 16],
    """nn.Sequential(
    nn.Conv2d(6, 6, 3),
    nn.ELU(), nn.Hardshrink(), nn.Hardsigmoid(), nn.Hardtanh(-2, 2), nn.Hardswish(),
    nn.LeakyReLU(0.1), nn.LogSigmoid(), nn.PReLU(6, 0.3), nn.ReLU(), nn.ReLU6(), nn.RReLU(),
    nn.SELU(), nn.CELU(0.5), nn.GELU(), nn.GELU("tanh"), nn.Sigmoid(), nn.SiLU(), nn.Mish(),
    nn.Softplus(), nn.Softshrink(), nn.Softsign(), nn.Tanh(), nn.Tanhshrink(),
    nn.Threshold(0.1, 20), nn.GLU(dim=1), nn.Dropout(), nn.Dropout2d(),
    nn.AlphaDropout(), nn.FeatureAlphaDropout(), nn.LogSoftmax(dim=1), nn.GLU(),
)""",
)
SEQUENTIALS["pooled"] = (
    [4, 61, 63],
    """nn.Sequential(
    nn.MaxPool2d(3, 2, ceil_mode=True), nn.AvgPool2d(2, stride=1),
    nn.LPPool2d(2, 3, stride=2, ceil_mode=True), nn.MaxPool2d((2, 3), padding=(1, 0)),
    nn.AdaptiveMaxPool2d((None, 5)), nn.Flatten(2), nn.LPPool1d(1, 4), nn.AdaptiveMaxPool1d(3),
    nn.MaxPool1d(2, 1), nn.Unflatten(2, (1, 1, 2)), nn.LPPool3d(2, (1, 1, 2)),
    nn.AdaptiveAvgPool3d((1, None, 1)),
)""",
)
# The ceil_mode of these is not in what print(model) shows.
SEQUENTIALS["ceiled"] = (
    [2, 31, 31],
    "nn.Sequential(nn.AvgPool2d(2, ceil_mode=True), nn.Flatten(2), nn.AvgPool1d(3, 2, 1, True))",
)


class AlexNet(nn.Module):
    """Krizhevsky (2014), as torchvision builds it."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(True), nn.MaxPool2d(3, 2),
            nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(True), nn.MaxPool2d(3, 2),
            nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(True),
            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(True),
            nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(True), nn.MaxPool2d(3, 2),
        )  # fmt: skip
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Linear(9216, 4096), nn.ReLU(True),
            nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(True), nn.Linear(4096, 1000),
        )  # fmt: skip

    def forward(self, x):
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


class VGG(nn.Module):
    """Simonyan and Zisserman (2014), configuration D, as torchvision builds it."""

    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for width in [64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0]:
            if width:
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(inplace=True)]
                channels = width
            else:
                layers.append(nn.MaxPool2d(2, 2))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(25088, 4096), nn.ReLU(True), nn.Dropout(),
            nn.Linear(4096, 4096), nn.ReLU(True), nn.Dropout(), nn.Linear(4096, 1000),
        )  # fmt: skip

    def forward(self, x):
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


class Stack(nn.ModuleList):
    """Blocks that are alike, which print(model) shows once."""

    def __init__(self):
        super().__init__(
            nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU())
            for _ in range(4)
        )
        self.append(nn.MaxPool2d(2))
        self.extend(nn.Conv2d(8, 8, 3) for _ in range(2))

    def forward(self, x):
        for layer in self:
            x = layer(x)
        return x


def rows_of(model, shape):
    """Return a row per layer of one run."""
    names = {module: name for name, module in model.named_modules()}
    rows, seen = [], []

    def hook(module, inputs, output):
        seen.append((module, inputs[0].detach()))
        rows.append(
            {
                "name": names[module],
                "layer": type(module).__name__,
                "input": list(inputs[0].shape[1:]),
                "output": list(output.shape[1:]),
                "params": sum(p.numel() for p in module.parameters()),
            }
        )

    leaves = [m for m in model.modules() if not list(m.children()) and type(m) is not nn.Sequential]
    handles = [leaf.register_forward_hook(hook) for leaf in leaves]
    with torch.no_grad():
        model(torch.randn(1, *shape))
    for handle in handles:
        handle.remove()
    for row, (module, x) in zip(rows, seen, strict=True):
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            module(x)
        assert counter.get_total_flops() % 2 == 0
        row["macs"] = counter.get_total_flops() // 2
    return rows, [module for module, _ in seen]


LINEAR = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d)
SPATIAL = (*LINEAR, nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)
PADDINGS = ("Zero", "Constant", "Reflection", "Replication", "Circular")
PADS = tuple(getattr(nn, f"{kind}Pad{n}d") for kind in PADDINGS for n in (1, 2, 3))
STILL = (nn.ReLU, nn.Tanh, nn.Sigmoid, nn.ELU, nn.Dropout3d, nn.BatchNorm1d, nn.BatchNorm2d,
         nn.BatchNorm3d, nn.Hardswish, nn.ReLU6, nn.SiLU, nn.Identity, nn.PReLU,
         nn.LocalResponseNorm)  # fmt: skip


def linear_version(module, channels):
    """Return a layer that reads the same positions, linearly and with all weights at one.

    It doesn't pad: padding moves a receptive field, but doesn't change its extent.
    """
    if isinstance(module, LINEAR):
        module = copy.deepcopy(module).double()
        ndim = int(type(module).__name__[-2])
        module.padding, module.padding_mode = (0,) * ndim, "zeros"
        for parameter in module.parameters():
            nn.init.ones_(parameter)
        return module
    if isinstance(module, SPATIAL):  # a max pooling: a depthwise convolution reads the same
        ndim = {nn.MaxPool1d: 1, nn.MaxPool2d: 2, nn.MaxPool3d: 3}[type(module)]
        if module.ceil_mode:
            return None
        conv = getattr(nn, f"Conv{ndim}d")(
            channels, channels, module.kernel_size, module.stride, 0,
            module.dilation, groups=channels, bias=False,
        ).double()  # fmt: skip
        nn.init.ones_(conv.weight)
        return conv
    return nn.Identity() if isinstance(module, (*STILL, *PADS)) else None


def measure_fields(rows, modules):
    """Add receptive field and effective stride to the rows where they can be measured."""
    layers = []
    shape = rows[0]["input"]
    for row, module in zip(rows, modules, strict=True):
        layer = linear_version(module, row["input"][0])
        if layer is None or len(row["output"]) != len(shape):
            return
        layers.append(layer)
        # An input wide enough for three positions of output.
        for wide in (65, 129, 257, 513):
            extent = extent_of(layers, shape[0], [wide] * (len(shape) - 1))
            if extent is not None:
                row["receptive_field"], row["effective_stride"] = extent
                break
            if len(shape) == 4:
                break


def extent_of(layers, channels, size):
    x = torch.zeros(1, channels, *size, dtype=torch.float64, requires_grad=True)
    y = x
    try:
        for layer in layers:
            y = layer(y)
    except RuntimeError:
        return None
    middle = [each // 2 for each in y.shape[2:]]
    if min(y.shape[2:]) < 3:
        return None
    field, stride = [], []
    for axis in range(len(size)):
        spans = []
        for step in (0, 1):
            at = list(middle)
            at[axis] += step
            (grad,) = torch.autograd.grad(y[(0, slice(None), *at)].sum(), x, retain_graph=True)
            others = [d for d in range(grad.ndim) if d != axis + 2]
            positions = grad.abs().sum(others).nonzero().flatten()
            spans.append((int(positions[0]), int(positions[-1])))
        field.append(spans[0][1] - spans[0][0] + 1)
        stride.append(spans[1][0] - spans[0][0])
    return field, stride


def main():
    torch.manual_seed(0)
    networks = []
    for name, (shape, source) in SEQUENTIALS.items():
        model = eval(source, NAMES).eval()
        printed = str(model)
        model(torch.randn(2, *shape))  # the lazy layers learn their channels
        network = {"name": name, "input": shape, "python": source, "printed": printed}
        rows, modules = rows_of(model, shape)
        measure_fields(rows, modules)
        networks.append(network | {"rows": rows})
    for name, model, shape in (
        ("alexnet", AlexNet(), [3, 224, 224]),
        ("vgg16", VGG(), [3, 224, 224]),
        ("stack", Stack(), [8, 32, 32]),
    ):
        model = model.eval()
        rows, modules = rows_of(model, shape)
        measure_fields(rows, modules)
        networks.append({"name": name, "input": shape, "printed": str(model), "rows": rows})
    for network in networks:
        network["total_params"] = sum(row["params"] for row in network["rows"])
        network["total_macs"] = sum(row["macs"] for row in network["rows"])
    for network in networks:
        if network["name"] in ("alexnet", "vgg16"):
            text = f"{network['printed']}\n"
            Path(__file__).with_name(f"{network['name']}.txt").write_text(text, encoding="utf-8")
    target = Path(__file__).with_name("networks.json")
    lines = ",\n".join(json.dumps(network) for network in networks)
    target.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    measured = sum("receptive_field" in row for network in networks for row in network["rows"])
    print(f"{len(networks)} networks, {measured} receptive fields, PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
