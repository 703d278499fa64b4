"""Ask PyTorch what random layers do to random inputs, and keep telling answers in layer_truth.json.

Run with PyTorch 2.13.0 and this project importable: python tests/data/make_layer_truth.py
To compare convcalc's layers with many more, which are not kept:
python tests/data/make_layer_truth.py --sweep 20000

Each case is a class, its arguments, and the shapes that its forward gets; then PyTorch's answer:
the shape that comes out (a list of them for a tuple), the parameters and buffers by name, those
that are left out, the public attributes, and the multiply-accumulates where the flop counter
counts them all; or its refusal. Layers are asked as after eval(). Tuples are written as lists.
"""

import json
import random
import sys
import warnings
from pathlib import Path

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

sys.path.insert(0, str(Path(__file__).parents[1]))
from layer_cases import as_shapes, difference, odd

SEED = 31
DRAWN = 6000
KEPT = {"accepted": 4, "refused": 2}
"""How many cases of each class are kept."""
INTEGERS = {"Embedding", "EmbeddingBag"}
"""Layers whose inputs are indices."""
COUNTED = ("Conv", "Linear", "MultiheadAttention", "RNN", "GRU")
"""Classes whose work the flop counter counts; of an LSTM on a CPU only with projections."""


class Draw:
    """Random arguments and inputs, mostly such as fit."""

    def __init__(self, seed):
        self.rng = random.Random(seed)

    def one(self, *values):
        return self.rng.choice(values)

    def often(self, usual, *others, share=0.8):
        return usual if self.rng.random() < share else self.rng.choice(others)

    def some(self, **settings):
        """Return some of these keyword arguments."""
        return {name: value for name, value in settings.items() if self.rng.random() < 0.4}

    def per_axis(self, ndim, *values):
        """Return an int, one per axis, or now and then something else."""
        draw = self.rng.random()
        if draw < 0.5:
            return self.rng.choice(values)
        if draw < 0.85:
            return [self.rng.choice(values) for _ in range(ndim)]
        return self.one(
            [self.rng.choice(values)], [1] * (ndim + 1), 0, -1, None, 1.5, True, [], "a", 2, 1
        )

    def positive(self, ndim, *values):
        """Return the same without 0 and less, with which PyTorch writes beside its memory."""
        drawn = self.per_axis(ndim, *values)
        return 1 if drawn in (0, -1) or drawn is True else drawn

    def size(self, ndim, low=1, high=9):
        return [self.rng.randint(low, high) for _ in range(ndim)]

    def shape(self, ndim, channels=None):
        """Return (b, c, …), now and then without the batch, or with too much or too little."""
        channels = self.often(channels or self.rng.randint(1, 6), 1, 2, 3, 5)
        shape = [self.rng.randint(1, 3), channels, *self.size(ndim, 1, 9 if ndim < 3 else 5)]
        draw = self.rng.random()
        if draw < 0.15:
            return shape[1:]
        if draw < 0.2:
            return shape[2:]
        if draw < 0.25:
            return [2, *shape]
        return shape

    def any_shape(self):
        return [self.rng.randint(1, 6) for _ in range(self.rng.randint(0, 5))]


def axes_of(name):
    return int(name[-2])


def draw_conv(d, name):
    ndim, groups = axes_of(name), d.often(1, 2, 3)
    channels = groups * d.rng.randint(1, 3)
    out = d.often(groups * d.rng.randint(1, 3), 1, 2, 0)
    lazy = [] if name.startswith("Lazy") else [d.often(channels, channels + 1, 0, share=0.95)]
    kwargs = d.some(
        stride=d.per_axis(ndim, 1, 2, 3),
        padding=d.per_axis(ndim, 0, 1, 2),
        dilation=d.per_axis(ndim, 1, 2),
        bias=d.one(True, False, None),
        groups=groups,
        padding_mode=d.often("zeros", "reflect", "circular", "replicate", "foo", share=0.4),
    )
    if "Transpose" in name:
        kwargs |= d.some(output_padding=d.per_axis(ndim, 0, 1, 2))
    elif d.rng.random() < 0.2:
        kwargs["padding"] = d.one("same", "valid", "full")
    if groups > 1:
        kwargs["groups"] = groups
    shape = d.shape(ndim, channels)
    asked = [shape]
    if "Transpose" in name and d.rng.random() < 0.3:
        sizes = [each * 2 + d.rng.randint(-1, 3) for each in shape[-ndim:]]
        asked.append(d.one(sizes, [*shape[:-ndim], *sizes], sizes[:-1] or [3]))
        return [*lazy, out, d.per_axis(ndim, 1, 2, 3)], kwargs, asked, ["", "sizes"]
    return [*lazy, out, d.per_axis(ndim, 1, 2, 3, 3, 5)], kwargs, asked


def draw_pool(d, name):
    ndim = axes_of(name)
    kwargs = d.some(
        stride=d.per_axis(ndim, 1, 2, 3),
        padding=d.per_axis(ndim, 0, 1, 1),
        ceil_mode=d.one(True, False, 1),
    )
    if name.startswith("Max"):
        kwargs |= d.some(dilation=d.per_axis(ndim, 1, 2), return_indices=d.one(True, False))
    else:
        kwargs |= d.some(count_include_pad=d.one(True, False))
        if ndim > 1:
            kwargs |= d.some(divisor_override=d.one(1, 3, 0, None))
    return [d.per_axis(ndim, 1, 2, 3, 3)], kwargs, [d.shape(ndim)]


def draw_lp_pool(d, name):
    ndim = axes_of(name)
    kwargs = d.some(stride=d.per_axis(ndim, 1, 2, 3), ceil_mode=d.one(True, False))
    norm = d.one(1, 2, 1.5, 0, "a")
    return [norm, d.per_axis(ndim, 1, 2, 3)], kwargs, [d.shape(ndim)]


def draw_adaptive(d, name):
    ndim = axes_of(name)
    size = d.per_axis(ndim, 1, 2, 3, 4)
    if isinstance(size, list) and d.rng.random() < 0.4:
        size = [d.often(each, None, share=0.6) for each in size]
    kwargs = d.some(return_indices=True) if "Max" in name else {}
    return [size], kwargs, [d.shape(ndim)]


def draw_fractional(d, name):
    ndim = axes_of(name)
    kwargs = d.some(
        output_size=d.positive(ndim, 1, 2, 3),
        output_ratio=d.one(0.5, [0.5] * ndim, 0.9, 1.0, 0.1, [0.5], "a"),
        return_indices=d.one(True, False),
    )
    return [d.positive(ndim, 1, 2, 3)], kwargs, [d.shape(ndim)]


def draw_unpool(d, name):
    ndim = axes_of(name)
    kwargs = d.some(stride=d.positive(ndim, 1, 2, 3), padding=d.positive(ndim, 0, 1))
    shape = d.shape(ndim)
    asked, kinds = [shape, d.often(shape, [*shape[:-1], 3])], ["", "indices"]
    if d.rng.random() < 0.4:
        sizes = [2 * each + d.rng.randint(-1, 2) for each in shape[-ndim:]]
        asked.append(d.one(sizes, [*shape[:-ndim], *sizes]))
        kinds.append("sizes")
    return [d.positive(ndim, 1, 2, 2, 3)], kwargs, asked, kinds


def draw_norm(d, name):
    ndim = axes_of(name) if name[-1] == "d" else d.rng.randint(1, 3)
    if name == "SyncBatchNorm":
        ndim = d.rng.randint(0, 3)
    channels = d.rng.randint(1, 6)
    kwargs = d.some(
        affine=d.one(True, False), track_running_stats=d.one(True, False), bias=d.one(True, False)
    )
    shape = d.shape(ndim, channels)
    if "BatchNorm1d" in name and d.rng.random() < 0.4:
        shape = [d.rng.randint(1, 3), channels]
    lazy = [] if name.startswith("Lazy") else [d.often(channels, 0, -1, 3)]
    return lazy, kwargs, [shape]


def draw_group_norm(d, name):
    groups = d.rng.randint(1, 3)
    channels = groups * d.rng.randint(1, 3)
    kwargs = d.some(affine=d.one(True, False), bias=d.one(True, False))
    ndim = d.rng.randint(0, 3)
    asked = [d.often(groups, 0, 2), d.often(channels, channels + 1)]
    return asked, kwargs, [d.shape(ndim, channels)]


def draw_layer_norm(d, name):
    shape = d.any_shape()
    last = shape[-d.rng.randint(1, 3) :]
    kwargs = d.some(elementwise_affine=d.one(True, False))
    if name == "LayerNorm":
        kwargs |= d.some(bias=d.one(True, False))
    normalized = d.often(last, last[-1] if last else 3, [], 0, [2, 3], 4, share=0.6)
    return [normalized], kwargs, [shape]


def draw_local(d, name):
    return [d.one(1, 2, 3, 5, 0, -1, 20)], {}, [d.shape(d.rng.randint(0, 3))]


def draw_pad(d, name):
    ndim = axes_of(name)
    amounts = (0, 1, 1, 2, 3, -1, -2)
    padding = d.often(
        d.rng.choice(amounts),
        *([d.rng.choice(amounts) for _ in range(2 * n)] for n in (1, 1, ndim, ndim, 2, 3)),
        [1],
        [1, 2, 1],
        True,
        1.0,
        [],
        share=0.4,
    )
    value = [d.one(0, 1.5, None)] if name.startswith("Constant") else []
    shape = d.any_shape() if d.rng.random() < 0.2 else d.shape(ndim)
    return [padding, *value], {}, [shape]


def draw_pointwise(d, name):
    kwargs = {}
    numbers = (0.5, 1, 0, -1, "a", None, 2.0)
    names = {
        "CELU": ["alpha"],
        "ELU": ["alpha"],
        "Hardshrink": ["lambd"],
        "Softshrink": ["lambd"],
        "Hardtanh": ["min_val", "max_val"],
        "LeakyReLU": ["negative_slope"],
        "RReLU": ["lower", "upper"],
        "Softplus": ["beta", "threshold"],
        "GELU": ["approximate"],
    }.get(name, [])
    for each in names:
        kwargs |= d.some(**{each: d.one(*numbers)})
    if name == "GELU":
        kwargs = d.some(approximate=d.one("none", "tanh", "foo"))
    if d.rng.random() < 0.2:
        kwargs |= d.some(inplace=d.one(True, False), foo=1)
    args = [d.one(*numbers), d.one(*numbers)] if name == "Threshold" else []
    return args, kwargs, [d.any_shape()]


def draw_dim(d, name):
    return [d.rng.choice([-5, -3, -2, -1, 0, 1, 2, 3, 4, None, 1.0])], {}, [d.any_shape()]


def draw_prelu(d, name):
    channels = d.rng.randint(1, 4)
    return [d.one(1, channels, 0, 3)], {}, [d.shape(d.rng.randint(0, 2), channels)]


def draw_dropout(d, name):
    kwargs = d.some(p=d.one(0, 1, 0.3, 1.5, -0.1, True, "a"), inplace=d.one(True, False))
    return [], kwargs, [d.any_shape()]


def draw_linear(d, name):
    shape = d.any_shape()
    features = shape[-1] if shape else 3
    kwargs = d.some(bias=d.one(True, False, None))
    lazy = [] if name.startswith("Lazy") else [d.often(features, 3, 0, -1)]
    return [*lazy, d.often(d.rng.randint(1, 5), 0, -1, 2.0, share=0.9)], kwargs, [shape]


def draw_bilinear(d, name):
    rows = d.any_shape()[:3]
    one, two = d.rng.randint(1, 4), d.rng.randint(1, 4)
    asked = [[*rows, one], [*d.often(rows, [2, 2], []), d.often(two, 3)]]
    return [d.often(one, 0), two, d.rng.randint(1, 4)], d.some(bias=False), asked


def draw_embedding(d, name):
    kwargs = d.some(padding_idx=d.one(0, 3, -3, -8, 8), max_norm=d.one(None, 1.0))
    if name == "Embedding":
        return [d.often(7, 0), d.rng.randint(1, 4)], kwargs, [d.any_shape()], ["integers"]
    kwargs |= d.some(
        mode=d.one("sum", "mean", "max", "foo"), include_last_offset=d.one(True, False)
    )
    kwargs |= d.some(scale_grad_by_freq=d.one(True, False))
    shape = d.one([3, 2], [4], [2, 2, 2], [], [1, 5])
    asked, kinds = [shape], ["integers"]
    if d.rng.random() < 0.5 or len(shape) == 1:
        # With a last offset there are two at least, or PyTorch reads beside its memory.
        asked.append(d.one([2], [2] if kwargs.get("include_last_offset") else [1], [2, 1]))
        kinds.append("offsets")
    elif d.rng.random() < 0.4:
        asked += [None, d.often(shape, [2])]
        kinds += ["none", ""]
    return [7, d.rng.randint(1, 4)], kwargs, asked, kinds


def draw_distance(d, name):
    one = d.any_shape()
    two = [d.often(each, 1, share=0.7) for each in one][d.often(0, 1) :]
    asked = [one, d.often(two, d.any_shape())]
    if name == "PairwiseDistance":
        return [], d.some(p=d.one(1.0, 2, "a"), keepdim=d.one(True, False)), asked
    return [], d.some(dim=d.one(-3, -2, -1, 0, 1, 2)), asked


def draw_adaptive_softmax(d, name):
    cutoffs = d.one([2, 5], [5], [3, 3], [5, 2], [], [2, 9], [2, 10], [0, 3], 4)
    features = d.rng.randint(1, 20)
    kwargs = d.some(head_bias=d.one(True, False), div_value=d.one(2.0, 4.0))
    rows = d.one([], [1], [3])
    asked = [[*rows, d.often(features, 3)], d.often(rows, [2])]
    return [features, 10, cutoffs], kwargs, asked, ["", "integers"]


def draw_recurrent(d, name):
    size, hidden, layers = d.rng.randint(1, 4), d.rng.randint(1, 4), d.often(1, 2, 0, 3)
    kwargs = d.some(
        bias=d.one(True, False, None),
        batch_first=d.one(True, False, 1),
        dropout=d.often(0.0, 0.5, 1.5, True, "a", share=0.6),
        bidirectional=d.one(True, False),
    )
    if name == "LSTM":
        kwargs |= d.some(proj_size=d.one(0, 1, 2, hidden))
    if name == "RNN":
        kwargs |= d.some(nonlinearity=d.one("tanh", "relu", "foo"))
    if d.rng.random() < 0.03:
        kwargs["nonlinearity"] = "relu"
    steps, batch = d.rng.randint(1, 4), d.rng.randint(1, 3)
    shape = [*d.often([steps, batch], [steps], [], [2, 2, 2]), d.often(size, 3)]
    asked, kinds = [shape], [""]
    if d.rng.random() < 0.4:
        directions = 2 if kwargs.get("bidirectional") else 1
        batch = shape[0] if kwargs.get("batch_first") else batch
        middle = [batch] if len(shape) == 3 else []
        h = [layers * directions, *middle, d.often(kwargs.get("proj_size") or hidden, 3)]
        c = [layers * directions, *middle, d.often(hidden, 3)]
        asked.append([h, c] if name == "LSTM" else h)
        kinds.append("pair" if name == "LSTM" else "")
    return [d.often(size, 0), hidden, layers], kwargs, asked, kinds


def draw_cell(d, name):
    size, hidden = d.rng.randint(1, 4), d.rng.randint(1, 4)
    kwargs = d.some(bias=d.one(True, False))
    if name == "RNNCell":
        kwargs |= d.some(nonlinearity=d.one("tanh", "relu", "foo"))
    rows = d.often([2], [], [2, 2])
    asked, kinds = [[*rows, d.often(size, 3)]], [""]
    if d.rng.random() < 0.4:
        h = [*d.often(rows, [], [3]), d.often(hidden, 3)]
        asked.append([h, h] if name == "LSTMCell" else h)
        kinds.append("pair" if name == "LSTMCell" else "")
    return [size, hidden], kwargs, asked, kinds


def draw_attention(d, name):
    heads = d.rng.randint(1, 3)
    size = d.often(heads * d.rng.randint(1, 3), 5)
    kwargs = d.some(
        bias=d.one(True, False),
        add_bias_kv=d.one(True, False),
        add_zero_attn=d.one(True, False),
        kdim=d.one(None, 5, size),
        vdim=d.one(None, 4, size),
        batch_first=d.one(True, False),
    )
    batch, queries, keys = d.rng.randint(1, 3), d.rng.randint(1, 4), d.rng.randint(1, 4)

    def shape(length, features):
        both = [batch, length] if kwargs.get("batch_first") else [length, batch]
        return [*both, features]

    kdim, vdim = kwargs.get("kdim") or size, kwargs.get("vdim") or size
    asked = [shape(queries, size), shape(keys, d.often(kdim, 3)), shape(keys, d.often(vdim, 3))]
    if d.rng.random() < 0.2:
        asked = [[each[0], each[-1]] for each in asked]
        batch = 0
    if d.rng.random() < 0.05:
        asked[1] = [2, 2, kdim]
    call = d.some(need_weights=False, average_attn_weights=False)
    if d.rng.random() < 0.2:
        call["key_padding_mask"] = d.often([batch, keys] if batch else [keys], [2, 2])
    if d.rng.random() < 0.2:
        call["attn_mask"] = d.often(
            [queries, keys], [batch * heads, queries, keys], [heads, queries, keys], [2, 2]
        )
    if d.rng.random() < 0.05:
        call["is_causal"] = True
    return [size, heads], kwargs, asked, ["", "", ""], call


def draw_upsample(d, name):
    ndim = d.rng.randint(1, 3) if name == "Upsample" else 2
    kwargs = d.some(
        size=d.per_axis(ndim, 1, 2, 5, 9),
        scale_factor=d.often(d.per_axis(ndim, 1, 2, 3), 0.5, 1.6, 0.1, 2.5, [0.5] * ndim),
    )
    if name == "Upsample":
        modes = ("nearest", "linear", "bilinear", "bicubic", "trilinear", "area", "nearest-exact")
        kwargs |= d.some(
            mode=d.one(*modes, "lanczos", "foo"),
            align_corners=d.one(True, False, None),
            recompute_scale_factor=d.one(True, False, None),
        )
    return [], kwargs, [d.shape(d.often(ndim, 1, 2, 3))]


def draw_shuffle(d, name):
    factor = d.one(1, 2, 2, 3, 0, -1, 2.0)
    sizes = [2 * d.rng.randint(1, 4) for _ in range(2)]
    channels = d.one(4, 8, 9, 6)
    shape = d.often([channels, *sizes], sizes, [3, 3, 3], share=0.8)
    before = d.rng.randint(0, 2)
    return [factor], {}, [[d.rng.randint(1, 3) for _ in range(before)] + shape]


def draw_flatten(d, name):
    dims = (-5, -3, -2, -1, 0, 1, 2, 3, 4)
    if name == "Flatten":
        return [], d.some(start_dim=d.one(*dims), end_dim=d.one(*dims)), [d.any_shape()]
    sizes = d.one(
        [2, 3], [3, -1], [-1], [2, -1, 2], [-1, -1], [], 3, [6], [0, 3], [1.5, 2], [-2, 3]
    )
    shape = [d.one(6, 12, 2) for _ in range(d.rng.randint(0, 4))]
    return [d.one(-3, -1, 0, 1, 2, 4, 1.0), sizes], {}, [shape]


def draw_patches(d, name):
    kwargs = d.some(
        dilation=d.per_axis(2, 1, 2), padding=d.per_axis(2, 0, 1), stride=d.per_axis(2, 1, 2)
    )
    kernel = d.per_axis(2, 1, 2, 3)
    if name == "Unfold":
        return [kernel], kwargs, [d.shape(2)]
    size = d.per_axis(2, 4, 5, 6)
    patches = None
    try:
        like = torch.zeros(1, 2, *([size] * 2 if isinstance(size, int) else size))
        patches = list(nn.Unfold(kernel, **kwargs)(like).shape[1:])
    except (IndexError, RuntimeError, TypeError, ValueError):
        patches = [4, 9]
    shape = d.often([2, *patches], patches, [2, 3, 4], [2, 2, *patches])
    return [size, kernel], kwargs, [shape]


def draw_identity(d, name):
    return [1, "a"], {"foo": 2}, [d.any_shape()]


def drawer(name):
    """Return the function that draws the arguments of a class."""
    families = {
        ("Conv", "LazyConv"): draw_conv,
        ("MaxPool", "AvgPool"): draw_pool,
        ("LPPool",): draw_lp_pool,
        ("AdaptiveMax", "AdaptiveAvg"): draw_adaptive,
        ("Fractional",): draw_fractional,
        ("MaxUnpool",): draw_unpool,
        ("BatchNorm", "LazyBatch", "InstanceNorm", "LazyInstance", "SyncBatch"): draw_norm,
        ("GroupNorm",): draw_group_norm,
        ("LayerNorm", "RMSNorm"): draw_layer_norm,
        ("LocalResponse", "CrossMap"): draw_local,
        ("Softmax2d",): draw_pointwise,
        ("GLU", "Softm", "LogSoftm"): draw_dim,
        ("PReLU",): draw_prelu,
        ("Dropout", "AlphaDropout", "FeatureAlpha"): draw_dropout,
        ("Linear", "LazyLinear"): draw_linear,
        ("Bilinear",): draw_bilinear,
        ("Embedding",): draw_embedding,
        ("Cosine", "Pairwise"): draw_distance,
        ("AdaptiveLog",): draw_adaptive_softmax,
        ("RNNCell", "GRUCell", "LSTMCell"): draw_cell,
        ("RNN", "GRU", "LSTM"): draw_recurrent,
        ("Multihead",): draw_attention,
        ("Upsampl",): draw_upsample,
        ("Pixel", "ChannelShuffle"): draw_shuffle,
        ("Flatten", "Unflatten"): draw_flatten,
        ("Unfold", "Fold"): draw_patches,
        ("Identity",): draw_identity,
        ("ZeroPad", "ConstantPad", "Reflection", "Replication", "Circular"): draw_pad,
    }
    for starts, function in families.items():
        if name.startswith(starts):
            return function
    return draw_pointwise


def tensor_of(kind, value):
    """Return the tensor, or whatever else, that a forward gets."""
    if kind == "sizes":
        return value
    if kind == "none" or value is None:
        return None
    if kind == "pair":
        return tuple(torch.zeros(each) for each in value)
    if kind == "offsets" and len(value) == 1:
        return torch.arange(value[0]) * 4  # there are four indices in such a row
    if kind in ("integers", "indices", "offsets"):
        return torch.zeros(value, dtype=torch.long)
    return torch.zeros(value)


def shapes_of(value):
    if isinstance(value, torch.Tensor):
        return list(value.shape)
    return None if value is None else {"several": [shapes_of(each) for each in value]}


def attributes_of(module):
    """Return the public attributes that are plain values; a tuple is a list."""
    kinds = (bool, int, float, str, type(None), tuple, list)
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_") and isinstance(value, kinds) and name != "training"
        if value not in (float("inf"), float("-inf"))
    }


def case_of(d, name):
    """Return a random case, with PyTorch's answer to it."""
    args, kwargs, asked, *more = drawer(name)(d, name)
    kinds = more[0] if more else [""] * len(asked)
    call = more[1] if len(more) > 1 else {}
    case = {"layer": name, "args": args, "kwargs": kwargs, "inputs": asked}
    if call:
        case["call"] = call
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            arguments, named = as_shapes(args), {k: as_shapes(v) for k, v in kwargs.items()}
            module = getattr(nn, name)(*arguments, **named).eval()
            inputs = [tensor_of(*each) for each in zip(kinds, asked, strict=True)]
            masks = {
                key: torch.zeros(value, dtype=torch.bool) if isinstance(value, list) else value
                for key, value in call.items()
            }
            with FlopCounterMode(display=False) as counter:
                output = module(*inputs, **masks)
    except Exception as error:  # whatever PyTorch says is a refusal
        return case | {"refusal": f"{type(error).__name__}: {error}".split("\n")[0][:90]}
    case["output"] = shapes_of(output)
    case["parameters"] = {key: list(value.shape) for key, value in module.named_parameters()}
    absent = [key for key, value in module._parameters.items() if value is None]
    case["absent"] = absent
    case["attributes"] = attributes_of(module)
    case["buffers"] = {key: list(value.shape) for key, value in module.named_buffers()}
    counted = name.removeprefix("Lazy").startswith(COUNTED) and call.get("need_weights", True)
    if counted or kwargs.get("proj_size"):
        case["macs"] = counter.get_total_flops() // 2
    return case


def telling(case):
    """Return whether a case is worth keeping: small, and with a meaning where it is accepted."""
    return len(json.dumps(case)) < 700 and ("refusal" in case or not odd(case))


def names():
    """Return the classes that are asked: all that are no loss, no container and not composed."""
    signatures = json.loads(Path(__file__).with_name("signatures.json").read_text("utf-8"))
    left = ("container", "loss", "module", "transformer", "linear_cross_entropy")
    return [
        name
        for name, entry in signatures["modules"].items()
        if entry["module"] not in left and "parallel" not in entry["module"]
        if name not in ("RNNBase", "RNNCellBase")
    ]


def sweep(count):
    """Compare convcalc's layers with so many random cases, and print where they differ."""
    d, wrong, refused = Draw(None), {}, 0
    for each in range(count):
        name = names_list[each % len(names_list)]
        case = json.loads(json.dumps(case_of(d, name)))
        refused += "refusal" in case
        found = difference(case)
        if found:
            wrong.setdefault((name, found[:40]), []).append((found, case))
    for (name, _), cases in sorted(wrong.items()):
        found, case = min(cases, key=lambda each: len(json.dumps(each[1])))
        print(f"{len(cases):4} {name}: {found}\n     {json.dumps(case)}")
    print(f"{sum(map(len, wrong.values()))} of {count} differ; {refused} were refused")


def main():
    d = Draw(SEED)
    kept = []
    for name in names_list:
        cases, seen = {"accepted": [], "refused": []}, set()
        for _ in range(DRAWN // len(names_list) * 3):
            case = case_of(d, name)
            kind = "refused" if "refusal" in case else "accepted"
            # One of each refusal, and one of each set of arguments named.
            about = case.get("refusal", str([sorted(case["kwargs"]), case.get("output")]))[:40]
            if about not in seen and len(cases[kind]) < KEPT[kind] and telling(case):
                seen.add(about)
                cases[kind].append(case)
        kept += cases["accepted"] + cases["refused"]
    lines = ",\n".join(json.dumps(case) for case in kept)
    target = Path(__file__).with_name("layer_truth.json")
    target.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    refused = sum("refusal" in case for case in kept)
    print(f"{len(kept)} cases, {refused} of them refused by PyTorch {torch.__version__}")


names_list = names()

if __name__ == "__main__":
    torch.set_num_threads(1)
    if "--sweep" in sys.argv:
        sweep(int(sys.argv[-1]))
    else:
        main()
