"""Search for models that are followed otherwise than PyTorch runs them. Run by hand.

    python tests/network/search.py --count 2000 --seed 1 --keep /tmp/found

Makes random classes in the Python that people write, statement by statement: a statement that
PyTorch refuses is mostly thrown away, and now and then kept as the mistake that the class has.
Every class is run with batches of two and three and followed here; shapes per sample, every
layer's call, parameters, MACs and the line of an error have to be the same. A refusal is counted
by its reason. What differs is shown, and its file kept.
"""

import argparse
import collections
import random
import re
import sys
import traceback
from math import prod
from pathlib import Path
from unittest import mock

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS / "data")]

import run_pytorch  # noqa: E402
import torch  # noqa: E402
from run_pytorch import BatchMatters, measure  # noqa: E402
from torch import nn  # noqa: E402

from convcalc.formulas import ConvcalcError  # noqa: E402
from convcalc.layers.vocabulary import LAYERS  # noqa: E402
from convcalc.network.model import followed  # noqa: E402

BATCH = 7
"""The batch that classes are made with: no other size is a multiple of it."""
LARGEST = 60_000
INPUTS = [
    (3, 8, 8), (4, 9, 12), (6, 5, 5), (8, 12), (5, 6), (12,), (30,), (2, 3, 4, 6), (16, 4, 4),
    (1, 10, 10), (3, 15, 8), (10, 4, 6), (1, 12), (24, 1), (8, 1, 1), (1, 1, 6), (4, 1, 8),
]  # fmt: skip
counting = run_pytorch.run
HEADER = """import math
from functools import partial

import torch
import torch.nn as nn
import torch.nn.functional as F


def swap(x, a=-1, b=-2):
    return x.transpose(a, b)


def halves(x, dim=1):
    half = x.size(dim) // 2
    return x.narrow(dim, 0, half), x.narrow(dim, half, x.size(dim) - half)


class Residual(nn.Module):
    def __init__(self, inner, scale=1.0):
        super().__init__()
        self.inner = inner
        self.scale = scale

    def forward(self, x, *rest):
        return x + self.scale * self.inner(x, *rest)


class Double(Residual):
    def forward(self, x):
        y = super().forward(x)
        return torch.cat((x, y), dim=-1) if x.dim() > 1 else y


class Scale(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(*shape))
        self.register_buffer("shift", torch.zeros(shape))

    def forward(self, x):
        return x * self.weight + self.shift
"""


class Drop(Exception):
    """A statement that doesn't apply."""


class Writer:
    """Writes one class, trying every statement in PyTorch."""

    def __init__(self, rng, shape):
        self.rng = rng
        self.shape = shape
        self.init, self.forward = [], []
        self.layers = 0
        self.names = {}
        exec(HEADER, self.names)
        self.net = nn.Module()
        self.names["self"] = self.net
        self.names["x"] = torch.randn(BATCH, *shape)
        self.variables = ["x"]
        self.others = 0
        self.failed = False
        self.whole = rng.random() < 0.3
        """Whether tensors of whole numbers are used like others, which mostly goes wrong."""

    # -- Pieces -------------------------------------------------------------------------------

    def pick(self, *choices):
        return self.rng.choice(choices)

    def integer(self, low, high):
        return self.rng.randint(low, high)

    def chance(self, share):
        return self.rng.random() < share

    def size(self, v, dim):
        """Write a size of a variable: a number, or where it comes from."""
        n = self.names[v].shape[dim]
        back = dim - self.names[v].dim()
        ways = [f"{v}.size({dim})", f"{v}.shape[{dim}]", f"{v}.shape[{back}]", f"{v}.size({back})"]
        if dim == 0:
            ways.append(f"len({v})")
        if n % BATCH == 0 and n:
            return self.pick(*ways)
        return str(n) if self.chance(0.6) else self.pick(*ways)

    def dim(self, v, more=0):
        n = self.names[v].dim() + more
        if n == 0:
            raise Drop
        d = self.integer(0, n - 1) if self.chance(0.06) or n < 2 else self.integer(1, n - 1)
        return d if self.chance(0.6) else d - n

    def layer(self, code):
        """Write a layer into __init__; return its name."""
        name = f"l{self.layers}"
        self.layers += 1
        self.try_line(f"self.{name} = {code}", self.init)
        return f"self.{name}"

    def try_line(self, code, into):
        exec(code, self.names)
        into.append(code)

    def new(self):
        self.others += 1
        return f"{self.pick('y', 'z', 'out', 'h', 'feat')}{self.others}"

    def set(self, code, v):
        """Write an assignment, to the variable or a new one; layers stand between @."""
        code = re.sub("@(.+?)@", lambda found: self.layer(found[1]), code)
        target = v if self.chance(0.75) else self.new()
        return [f"{target} = {code}"]

    def same_size(self, v):
        """Return a variable of the same shape."""
        shape = self.names[v].shape
        found = [o for o in self.variables if self.names[o].shape == shape]
        return self.rng.choice(found)

    def factors(self, n):
        ways = [d for d in range(1, n + 1) if n % d == 0]
        a = self.rng.choice(ways)
        return a, n // a

    # -- Statements ---------------------------------------------------------------------------

    def write(self):
        for _ in range(self.integer(2, 11)):
            self.step()
            if self.failed:
                break
        kept = [v for v in self.variables if v in self.names]
        out = self.pick(*kept, self.variables[-1], "x")
        if not self.failed:
            how = self.integer(0, 9)
            if how == 0:
                out = f"{out}, {self.pick(*kept)}"
            elif how == 1:
                out = f'{{"a": {out}, "b": {self.pick(*kept)}}}'
        self.forward.append(f"return {out}")
        return self.text()

    def text(self):
        lines = [HEADER, "\nclass Net(nn.Module):", "    def __init__(self, width=4):"]
        lines += ["        super().__init__()", "        self.width = width"]
        lines += [f"        {line}" for each in self.init for line in each.split("\n")]
        lines += ["", "    def forward(self, x):"]
        lines += [f"        {line}" for each in self.forward for line in each.split("\n")]
        return "\n".join(lines) + "\n"

    def step(self):
        """Write one statement that works, or, now and then, one that doesn't."""
        for _ in range(30):
            before = self.layers, len(self.init)
            v = self.pick(*self.variables[-3:], *self.variables[:1])
            names = dict(self.names)
            children = dict(self.net._modules), dict(self.net._parameters)
            try:
                lines = self.rng.choice(STATEMENTS)(self, v)
                code = "\n".join(lines)
                exec(compile(code, "<statement>", "exec"), self.names)
                for value in list(self.names.values()):
                    if isinstance(value, torch.Tensor) and value.numel() > LARGEST:
                        raise Drop
                    if isinstance(value, torch.Tensor) and not value.numel():
                        raise Drop
            except Drop:
                self.restore(names, children, before)
                continue
            except Exception:
                if self.chance(0.03) and "code" in dir():
                    self.forward += lines
                    self.failed = True
                    return
                self.restore(names, children, before)
                continue
            self.forward += lines
            tensors = {n: v for n, v in self.names.items() if isinstance(v, torch.Tensor)}
            real = [name for name, value in tensors.items() if value.is_floating_point()]
            self.variables = list(tensors) if self.whole or not real else real
            return

    def restore(self, names, children, before):
        self.names.clear()
        self.names.update(names)
        self.net._modules.clear()
        self.net._modules.update(children[0])
        self.net._parameters.clear()
        self.net._parameters.update(children[1])
        self.layers = before[0]
        del self.init[before[1] :]


STATEMENTS = []


def statement(weight=1):
    def registered(function):
        STATEMENTS.extend([function] * weight)
        return function

    return registered


# -- The same numbers in another shape ---------------------------------------------------------


def shape_text(w, v, sizes, first=None):
    """Write sizes, one of them perhaps as -1."""
    words = [str(n) for n in sizes]
    if first is not None:
        words[0] = first
    if w.chance(0.5):
        words[w.integer(0 if w.chance(0.15) else min(1, len(words) - 1), len(words) - 1)] = "-1"
    if w.chance(0.3):
        words = [f"{n} * 1" if n.isdigit() and w.chance(0.2) else n for n in words]
    return ", ".join(words)


@statement(6)
def view(w, v):
    shape = list(w.names[v].shape)
    if not shape:
        raise Drop
    start = 1 if shape[0] % BATCH == 0 and w.chance(0.93) else 0
    rest = shape[start:]
    for _ in range(w.integer(1, 3)):
        if len(rest) > 1 and w.chance(0.5):
            at = w.integer(0, len(rest) - 2)
            rest[at : at + 2] = [rest[at] * rest[at + 1]]
        elif rest and len(rest) < 5:
            at = w.integer(0, len(rest) - 1)
            if rest[at] % BATCH:
                rest[at : at + 1] = w.factors(rest[at])
    if w.chance(0.02) and rest:
        rest[-1] += 1
    first = w.size(v, 0) if start else None
    if start and w.chance(0.1):
        first = "-1"
    sizes = shape[:start] + rest
    if any(n % BATCH == 0 for n in rest):
        raise Drop
    text = shape_text(w, v, sizes, first)
    how = w.pick("{v}.view({s})", "{v}.reshape({s})", "torch.reshape({v}, ({s},))",
                 "{v}.view(({s},))", "{v}.contiguous().view({s})", "{v}.reshape([{s}])")  # fmt: skip
    return w.set(how.format(v=v, s=text), v)


@statement(2)
def view_of_batch(w, v):
    shape = list(w.names[v].shape)
    if len(shape) < 2:
        raise Drop
    code = w.pick(
        f"{v}.view({w.size(v, 0)} * {w.size(v, 1)}, -1)",
        f"{v}.reshape(-1, {w.size(v, -1 + len(shape))})",
        f"{v}.view(-1, {prod(shape[1:])})",
        f"{v}.reshape({w.size(v, 0)}, -1)",
        f"{v}.view(*{v}.shape[:2], -1)",
        f"{v}.reshape(*{v}.shape[:-1], 1, -1)",
        f"{v}.view({v}.size()[0], -1)",
        f"{v}.flatten({w.integer(0, 2)})",
        f"torch.flatten({v}, {w.integer(0, 2)}, {w.integer(-2, -1)})",
        f"{v}.flatten(start_dim=1)",
        f"{v}.view({v}.shape)",
        f"{v}.view_as({v})",
        f"{v}.reshape({v}.size(0), {v}.numel() // {v}.size(0))",
        f"{v}.unflatten({w.integer(-1, 1)}, (2, -1))",
        f"nn.Flatten()({v})",
    )
    return w.set(code, v)


@statement(5)
def permute(w, v):
    n = w.names[v].dim()
    if n < 2:
        raise Drop
    order = list(range(n))
    w.rng.shuffle(order)
    if w.chance(0.92) and n > 2:
        order = [0, *[d for d in order if d]]
    order = [d - n if w.chance(0.15) else d for d in order]
    text = ", ".join(map(str, order))
    code = w.pick(
        f"{v}.permute({text})",
        f"torch.permute({v}, ({text}))",
        f"{v}.transpose({w.dim(v)}, {w.dim(v)})",
        f"torch.transpose({v}, {w.dim(v)}, {w.dim(v)})",
        f"{v}.movedim({w.dim(v)}, {w.dim(v)})",
        f"swap({v})",
        f"{v}.mT",
        f"{v}.transpose(1, 2).contiguous()",
        f"{v}.swapaxes({w.dim(v)}, {w.dim(v)})",
        f"{v}.t()",
        f"{v}.permute({text}).contiguous()",
    )
    return w.set(code, v)


@statement(4)
def ones(w, v):
    code = w.pick(
        f"{v}.unsqueeze({w.dim(v, 1)})",
        f"torch.unsqueeze({v}, dim={w.dim(v, 1)})",
        f"{v}.squeeze()",
        f"{v}.squeeze({w.dim(v)})",
        f"torch.squeeze({v}, {w.dim(v)})",
        f"{v}[:, None]",
        f"{v}[None]",
        f"{v}[..., None]",
        f"{v}[:, :, None, ...]",
        f"{v}.squeeze(-1).squeeze(-1)",
    )
    return w.set(code, v)


@statement(3)
def copies(w, v):
    n = w.names[v].dim()
    counts = ", ".join(str(w.pick(1, 1, 2, 3)) for _ in range(n + w.pick(0, 0, 1)))
    grown = ", ".join(
        str(w.pick(2, 3)) if s == 1 else w.pick("-1", w.size(v, d))
        for d, s in enumerate(w.names[v].shape)
    )
    code = w.pick(
        f"{v}.repeat({counts})",
        f"{v}.expand({grown})",
        f"{v}.unsqueeze(1).expand(-1, {w.integer(2, 3)}, {', '.join(['-1'] * (n - 1))})",
        f"{v}.repeat_interleave({w.integer(1, 3)}, dim={w.dim(v)})",
        f"torch.repeat_interleave({v}, 2, {w.dim(v)})",
        f"{v}.tile({counts})",
        f"{v}.expand_as({w.pick(*w.variables)})",
        f"torch.tile({v}, ({counts},))",
        f"{v}.unsqueeze({w.dim(v, 1)}).repeat({', '.join(['1'] * n)}, 2)",
    )
    return w.set(code, v)


# -- Parts -------------------------------------------------------------------------------------


def slice_text(w, n):
    def end(none=0.4):
        return "" if w.chance(none) else str(w.integer(-n, n))

    text = f"{end()}:{end()}"
    if w.chance(0.25):
        text += f":{w.integer(1, 3)}"
    if w.chance(0.01):
        text += ":-1"
    return text


@statement(6)
def index(w, v):
    shape = w.names[v].shape
    if not shape:
        raise Drop
    keys = []
    for d, n in enumerate(shape[: w.integer(1, len(shape))]):
        if d == 0 and w.chance(0.97):
            keys.append(":")
            continue
        keys.append(w.rng.choice([":", ":", slice_text(w, n), slice_text(w, n),
                                  str(w.integer(-n, n - 1)), "::2", "1:", ":-1",
                                  f"[{w.integer(0, n - 1)}, {w.integer(-n, n - 1)}]",
                                  f"torch.arange({w.integer(1, n)})", f":{n // 2}"]))  # fmt: skip
    if w.chance(0.2):
        keys.insert(w.integer(0, len(keys)), "...")
    if w.chance(0.15):
        keys.insert(w.integer(0, len(keys)), "None")
    return w.set(f"{v}[{', '.join(keys)}]", v)


@statement(3)
def part(w, v):
    d = w.dim(v)
    n = w.names[v].shape[d]
    code = w.pick(
        f"{v}.narrow({d}, {w.integer(0, n - 1)}, {w.integer(1, n)})",
        f"{v}.select({d}, {w.integer(-n, n - 1)})",
        f"{v}.index_select({d}, torch.tensor([0, {w.integer(0, n - 1)}]))",
        f"{v}.unfold({d}, {w.integer(1, n)}, {w.integer(1, 3)})",
        f"{v}.flip({d})",
        f"torch.flip({v}, [{d}])",
        f"torch.roll({v}, {w.integer(1, 3)}, {d})",
        f"{v}.roll((1, 1), (0, {d}))",
        f"{v}.diagonal(dim1=-2, dim2=-1)",
        f"torch.diff({v}, dim={d})",
        f"{v}.cumsum({d})",
        f"{v}.triu()",
        f"torch.tril({v}, -1)",
        f"{v}.gather({d}, {v}.argsort({d}))",
        f"torch.diagonal({v}, 1, -2, -1)",
        f"torch.take_along_dim({v}, {v}.argsort(dim={d}), dim={d})",
    )
    return w.set(code, v)


@statement(5)
def cut(w, v):
    d = w.dim(v)
    n = w.names[v].shape[d]
    a = w.integer(1, max(n - 1, 1))
    many = w.integer(1, 5)
    a_, b_ = w.new(), w.new()
    ways = [
        [f"{a_}, {b_} = {v}.chunk(2, dim={d})"],
        [f"{a_}, {b_} = torch.split({v}, [{a}, {n - a}], {d})"],
        [f"{a_} = {v}.chunk({many}, {d})[{w.pick(0, -1, 1)}]"],
        [f"{a_} = torch.chunk({v}, {many}, dim={d})", f"{v} = torch.cat({a_}, {d})"],
        [f"{a_} = {v}.split({a}, dim={d})[{w.pick(0, -1)}]"],
        [f"parts = [p * 2 for p in {v}.split({a}, {d})]", f"{v} = torch.cat(parts, dim={d})"],
        [f"{v} = torch.stack([p for p in {v}.unbind({d})], dim={w.dim(v)})"],
        [f"{a_} = {v}.unbind({d})[{w.pick(0, -1)}]"],
        [f"{a_}, {b_} = halves({v}, {d})"],
        [f"{a_}, *rest = torch.unbind({v}, {d})"],
        [f"{a_} = torch.tensor_split({v}, {many}, dim={d})[{w.pick(0, -1)}]"],
        [f"{a_} = sum({v}.chunk({many}, {d}))"],
        [f"{a_} = torch.stack({v}.chunk(2, {d}), {w.dim(v, 1)})"],
        [f"{a_} = {v}.tensor_split([{a}], {d})[1]"],
    ]
    return w.rng.choice(ways)


@statement(5)
def together(w, v):
    o = w.pick(*w.variables)
    s = w.same_size(v)
    d = w.dim(v)
    code = w.pick(
        f"torch.cat([{v}, {o}], {d})",
        f"torch.cat(({v}, {s}), dim={d})",
        f"torch.cat([{v}, {v} * 2, {s}], dim={d})",
        f"torch.stack([{v}, {s}], dim={w.dim(v, 1)})",
        f"torch.cat([{v}, {v}.mean(dim={d}, keepdim=True)], {d})",
        f"torch.cat([{v}, torch.zeros_like({v})], {d})",
        f"torch.stack(({v}, {s}), {w.dim(v, 1)}).sum(0)",
        f"torch.hstack(({v}, {s}))",
        f"torch.vstack([{v}, {s}])",
        f"torch.cat([{v}] + [{s}] * {w.integer(1, 2)}, {d})",
        f"torch.cat([{v}.narrow({d}, 0, 1), {v}], dim={d})",
        f"torch.cat([f({v}) for f in (F.relu, torch.tanh, lambda t: t)], {d})",
        f"torch.dstack(({v}, {s}))",
        f"torch.concat([{v}.flatten(1), {o}.flatten(1)], 1)",
    )
    return w.set(code, v)


# -- Numbers -----------------------------------------------------------------------------------


@statement(4)
def pointwise(w, v):
    s, o = w.same_size(v), w.pick(*w.variables)
    last = w.names[v].shape[-1] if w.names[v].dim() else 1
    code = w.pick(
        f"F.relu({v})", f"{v}.sigmoid()", f"torch.tanh({v})", f"{v} * 0.5 + 1", f"-{v}",
        f"{v} + {s}", f"{v} * {o}", f"{v} - {o}", f"{v} / ({s}.abs() + 1)", f"{v} ** 2",
        f"F.gelu({v})", f"F.leaky_relu({v}, 0.2)", f"F.dropout({v}, 0.1, self.training)",
        f"{v}.clamp(0, 1)", f"torch.where({v} > 0, {v}, {o})", f"{v} + torch.ones({last})",
        f"{v} * torch.arange({last}).float()", f"torch.max({v}, {s})", f"F.normalize({v}, dim={w.dim(v)})",
        f"F.softmax({v}, dim={w.dim(v)})", f"torch.softmax({v}, {w.dim(v)})", f"{v}.log_softmax(-1)",
        f"{v}.masked_fill({v} > 1, 0.0)", f"torch.add({v}, {o})", f"{v}.mul({o})", f"F.glu({v}, {w.dim(v)})",
        f"{v} + {v}.mean({w.dim(v)}, keepdim=True)", f"{v}.clone()", f"{v}.float()", f"{v}.to({o}.dtype)",
        f"torch.lerp({v}, {s}, 0.3)", f"{v}.type_as({o})", f"F.hardtanh({v}, inplace=False)",
        f"({v} > 0).float()", f"{v} @ {v}.mT", f"torch.outer({v}.flatten()[:3], {v}.flatten()[:2])",
        f"F.threshold({v}, 0.1, 0)", f"F.cosine_similarity({v}, {s}, dim={w.dim(v)})",
        f"F.pairwise_distance({v}, {s})", f"torch.cdist({v}, {s})", f"torch.cumsum({v}, {w.dim(v)})",
        f"torch.addcmul({v}, {s}, {s})", f"torch.nan_to_num({v})", f"torch.sqrt({v}.abs() + 1e-6)",
        f"{v} + torch.randn({w.size(v, 0) if w.names[v].dim() else 1}, *[1] * ({v}.dim() - 1))",
        f"F.one_hot({v}.argmax({w.dim(v)}), 12).float()", f"{v}.double().float()",
        f"F.pad({v}, (1, 1))[..., 1:-1]", f"F.layer_norm({v}, {v}.shape[-1:])",
        f"F.layer_norm({v}, ({last},))", f"F.local_response_norm({v}, 3)", f"F.instance_norm({v})",
    )  # fmt: skip
    return w.set(code, v)


@statement(2)
def in_place(w, v):
    o = w.pick(*w.variables)
    d = w.dim(v)
    return [w.pick(
        f"{v} += {o}", f"{v} *= 2", f"{v} = {v}.relu_()", f"{v}[..., 0] = 0",
        f"{v} -= {v}.mean({d}, keepdim=True)", f"{v}.clamp_(-1, 1)", f"{v} = {v} + 0\n{v}[:, 0] += 1",
        f"{v} /= 2", f"{v} = {v}.clone()\n{v}[:] = {o}", f"F.relu({v}, inplace=True)",
        f"{v}.unsqueeze_({d})", f"{v} = {v}.clone()\n{v}.t_()", f"{v}.add_({o})",
    )]  # fmt: skip


@statement(4)
def reduced(w, v):
    d, e = w.dim(v), w.dim(v)
    keep = w.pick("", ", keepdim=True", ", True")
    code = w.pick(
        f"{v}.mean({d}{keep})", f"{v}.sum(dim={d})", f"torch.mean({v}, dim=({d}, {e}))",
        f"{v}.amax({d}{keep})", f"{v}.max({d})[0]", f"{v}.max(dim={d}, keepdim=True).values",
        f"{v}.var({d}, keepdim=True)", f"{v}.std({d})", f"{v}.norm(dim={d})", f"{v}.argmax({d}).float()",
        f"{v}.topk({w.integer(1, 3)}, dim={d})[0]", f"torch.topk({v}, 2, {d}).values",
        f"{v}.sort({d})[0]", f"torch.sort({v}, dim={d}, descending=True).values",
        f"torch.logsumexp({v}, {d}{keep})", f"{v}.mean([{d}, {e}])", f"{v}.sum(-1{keep})",
        f"torch.max({v}, {d}{keep})[0]", f"{v}.prod({d})", f"{v}.median({d})[0]",
        f"torch.linalg.norm({v}, dim={d})", f"{v}.flatten(2).mean(2)", f"{v}.mean(dim=tuple(range(2, {v}.dim())))",
        f"torch.var_mean({v}, dim={d})[0]", f"{v}.any({d}).float()", f"torch.min({v}, dim={d})[0]",
        f"{v}.norm(2, {d}, True)", f"torch.norm({v}, p=2, dim={d}, keepdim=True)",
        f"{v}.std(dim={d}, keepdim=True, unbiased=False)", f"torch.std({v}, {d})", f"{v}.kthvalue(1, {d})[0]",
        f"{v}.sum(({d},), keepdim=True)", f"{v}.count_nonzero({d}).float()", f"{v}.cummax({d})[0]",
    )  # fmt: skip
    return w.set(code, v)


@statement(4)
def products(w, v):
    shape = w.names[v].shape
    if len(shape) < 2:
        raise Drop
    o = w.pick(*w.variables)
    last = shape[-1]
    letters = "abcdefg"[: len(shape)]
    shuffled = "".join(w.rng.sample(letters, len(letters)))
    p = w.layer(f"nn.Parameter(torch.randn({last}, {w.integer(1, 6)}))") if w.chance(0.5) else ""
    left = letters[:-1]
    ways = [
        f"{v} @ {v}.transpose(-1, -2)", f"torch.matmul({v}, {v}.transpose(-2, -1)) @ {v}",
        f"torch.bmm({v}, {v}.permute(0, 2, 1))", f"torch.bmm({v}.transpose(1, 2), {v})",
        f"torch.einsum('{letters}->{shuffled}', {v})", f"torch.einsum('{letters}->{shuffled[:-1]}', {v})",
        f"torch.einsum('{letters},{letters[:-1]}z->{letters[:-1]}z', {v}, {v})",
        f"torch.einsum('...ij,...kj->...ik', {v}, {v})", f"torch.einsum('bi...,bj...->bij', {v}, {v})",
        f"torch.matmul({v}, {o})", f"{v} @ {o}", f"{v} @ torch.ones({last})", f"torch.einsum('b...,b...->b...', {v}, {o})",
        f"torch.baddbmm({v} @ {v}.mT, {v}, {v}.mT)", f"F.linear({v}, torch.randn(3, {last}))",
        f"F.linear({v}, torch.randn(3, {last}), torch.zeros(3))",
        f"F.scaled_dot_product_attention({v}, {v}, {v})", f"F.scaled_dot_product_attention({v}, {o}, {o})",
        f"torch.tensordot({v}, torch.randn({last}, 4), dims=1)",
        f"torch.tensordot({v}, torch.randn({last}, 4), dims=([-1], [0]))",
        f"torch.einsum('{letters},{letters[-1]}->{left}', {v}, torch.randn({last}))",
        f"torch.einsum('nc{letters[2:]},vw->nc{letters[2:]}', {v}, torch.randn(3, 4))",
        f"torch.kron({v}, {v})", f"torch.mm({v}, {v}.t())", f"torch.cross({v}, {v}, dim=-1)",
        f"torch.addmm({v} @ {v}.t(), {v}, {v}.t())",
    ]  # fmt: skip
    if p:
        ways += [
            f"{v} @ {p}", f"torch.matmul({v}, {p})", f"F.linear({v}, {p}.t())",
            f"torch.einsum('{letters},{letters[-1]}z->{left}z', {v}, {p})",
            f"torch.einsum('{letters},{letters[-1]}z->z{left}', {v}, {p})",
            f"torch.einsum('...d,dk->...k', {v}, {p})", f"{p}.t() @ {v}.unsqueeze(-1)",
        ] * 3  # fmt: skip
    return w.set(w.rng.choice(ways), v)


@statement(3)
def created(w, v):
    shape = w.names[v].shape
    if not shape:
        raise Drop
    n = w.size(v, 0)
    last = shape[-1]
    ones = ", ".join(["1"] * (len(shape) - 1))
    code = w.pick(
        f"{v} + torch.zeros({v}.shape)", f"torch.cat([{v}, torch.zeros({n}, *{v}.shape[1:])], 0)",
        f"{v} * torch.linspace(0, 1, {last})", f"{v} + torch.eye({last})", f"{v} + torch.full(({last},), 0.5)",
        f"torch.zeros({n}, 5)", f"{v}.new_zeros({n}, {last})", f"torch.empty({n}, 2, 2).fill_(1.0)",
        f"{v} + torch.randn_like({v})", f"{v} * torch.ones({n}, {ones})", f"torch.zeros_like({v}) + {v}",
        f"torch.ones(({n}, 3)) + torch.arange(3)", f"{v} + torch.tensor([1.0, 2.0, 3.0])",
        f"{v}.new_ones({v}.size())", f"torch.rand({v}.size(0), 4, device={v}.device)",
        f"torch.arange({last}, dtype=torch.float32).unsqueeze(0).expand({n}, -1)",
        f"torch.arange(0, {last}, 2).float()", f"torch.full_like({v}, 2)", f"torch.tril(torch.ones({last}, {last}))",
        f"torch.stack(torch.meshgrid(torch.arange(3.0), torch.arange({last}).float(), indexing='ij'))",
        f"torch.zeros({v}.size(0), {v}.numel() // {v}.size(0))", f"torch.arange({last}).repeat({n}, 1).float()",
        f"F.one_hot(torch.arange({last}) % 3, 3).float()", f"{v}[..., torch.arange({last} - 1, -1, -1)]",
        f"{v}.new_tensor([1., 2.])", f"torch.linspace(-1, 1, steps={last})[None, :] * {v}",
    )  # fmt: skip
    return w.set(code, v)


# -- Layers ------------------------------------------------------------------------------------


def pair(w, ndim, low, high):
    if w.chance(0.6):
        return str(w.integer(low, high))
    return f"({', '.join(str(w.integer(low, high)) for _ in range(ndim))})"


@statement(8)
def convolved(w, v):
    shape = w.names[v].shape
    n = len(shape) - 2
    if n not in (1, 2, 3):
        raise Drop
    c = shape[1]
    if c % BATCH == 0:
        raise Drop
    groups = w.rng.choice([g for g in (1, 1, 1, 2, 3, c) if c % g == 0])
    out = groups * w.integer(1, 4)
    more = ""
    if w.chance(0.5):
        more += f", stride={pair(w, n, 1, 3)}"
    if w.chance(0.5):
        more += f", padding={pair(w, n, 0, 2)}"
    if w.chance(0.2):
        more += f", dilation={pair(w, n, 1, 2)}"
    if w.chance(0.2):
        more += ", bias=False"
    if w.chance(0.06):
        more += f", padding_mode={w.pick('reflect', 'circular', 'replicate')!r}"
    if groups > 1:
        more += f", groups={groups}"
    k = pair(w, n, 1, 3)
    how = w.integer(0, 6)
    if how < 3:
        if w.chance(0.1):
            more = ", padding='same'"
        name = w.layer(f"nn.Conv{n}d({c}, {out}, {k}{more})")
        return w.set(f"{name}({v})", v)
    if how < 5:
        more = more.split(", dilation")[0].split(", padding_mode")[0].split(", groups")[0]
        extra = w.pick("", ", output_padding=1", f", groups={groups}")
        name = w.layer(f"nn.ConvTranspose{n}d({c}, {out}, {k}{more}{extra})")
        return w.set(f"{name}({v})", v)
    kernel = ", ".join(str(w.integer(1, 3)) for _ in range(n))
    arguments = w.pick(
        "", ", padding=1", ", stride=2", ", None, 2, 1", ", torch.zeros(4)", ", padding='same'"
    )
    if w.chance(0.3):
        return w.set(f"F.conv_transpose{n}d({v}, torch.randn({c}, 4, {kernel}){arguments})", v)
    return w.set(f"F.conv{n}d({v}, torch.randn(4, {c}, {kernel}){arguments})", v)


@statement(5)
def pooled(w, v):
    shape = w.names[v].shape
    n = len(shape) - 2
    if n not in (1, 2, 3):
        raise Drop
    k = pair(w, n, 1, 3)
    more = ""
    if w.chance(0.5):
        more += f", stride={pair(w, n, 1, 3)}"
    if w.chance(0.3):
        more += ", padding=1"
    if w.chance(0.4):
        more += f", ceil_mode={w.pick('True', 'True', 'False')}"
    size = w.pick("1", "2", pair(w, n, 1, 4), f"({', '.join(['None'] * n)})")
    modes = {1: "linear", 2: "bilinear", 3: "trilinear"}
    scale = w.pick("2", "1.5", "0.5", "0.7", "3")
    code = w.pick(
        f"F.max_pool{n}d({v}, {k}{more})", f"F.avg_pool{n}d({v}, {k}{more})",
        f"F.adaptive_avg_pool{n}d({v}, {size})", f"F.adaptive_max_pool{n}d({v}, {size})",
        f"@nn.MaxPool{n}d({k}{more})@({v})", f"@nn.AvgPool{n}d({k}{more})@({v})",
        f"@nn.AdaptiveAvgPool{n}d({size})@({v})", f"F.lp_pool{min(n, 2)}d({v}, 2, {k})",
        f"F.interpolate({v}, scale_factor={scale})", f"F.interpolate({v}, size={pair(w, n, 1, 9)})",
        f"F.interpolate({v}, scale_factor={scale}, mode={modes[n]!r}, align_corners={w.pick(True, False)})",
        f"@nn.Upsample(scale_factor={scale})@({v})",
        f"F.interpolate({v}, size={w.pick(*w.variables)}.shape[2:])", f"F.interpolate({v}, scale_factor={scale}, mode='area')",
        f"F.interpolate({v}, size={pair(w, n, 1, 9)}, mode='bicubic')", f"F.pad({v}, ({w.integer(-1, 2)}, 1))",
        f"F.pad({v}, (1, 0, 2, {w.integer(-1, 2)}))", f"F.pad({v}, (1, 1) * {n}, mode={w.pick('reflect', 'replicate', 'circular')!r})",
        f"F.pad({v}, [0, 0, 1, 1], 'constant', 0)", f"@nn.ZeroPad{n}d(1)@({v})",
        f"F.max_pool{n}d({v}, {k}, return_indices=True)[0]", f"F.pixel_shuffle({v}, 2)", f"F.pixel_unshuffle({v}, 2)",
        f"F.unfold({v}, {k}, padding=1)", f"F.unfold({v}, kernel_size=2, stride=2)", f"F.avg_pool{n}d({v}, {v}.size()[2:])",
        f"F.adaptive_avg_pool{n}d({v}, 1).view({v}.size(0), -1)", f"{v} * F.adaptive_avg_pool{n}d({v}, 1)",
        f"F.fold(F.unfold({v}, 2, stride=2), {v}.shape[2:], 2, stride=2)", f"F.max_pool{n}d({v}, kernel_size={v}.shape[2:])",
        f"@nn.ReflectionPad{n}d({w.integer(1, 3)})@({v})", f"F.dropout{min(n, 3)}d({v})",
        f"F.interpolate({v}, scale_factor=({', '.join(['2.0'] * n)}), recompute_scale_factor=True)",
    )  # fmt: skip
    return w.set(code, v)


@statement(6)
def normed(w, v):
    shape = w.names[v].shape
    if len(shape) < 2:
        raise Drop
    c, last = shape[1], shape[-1]
    n = max(len(shape) - 2, 1)
    out = w.integer(1, 8)
    if last % BATCH == 0:
        raise Drop
    g = w.rng.choice([g for g in range(1, c + 1) if c % g == 0])
    name = w.layer(w.pick(
        f"nn.Linear({last}, {out})", f"nn.Linear({last}, {out}, bias=False)", f"nn.Linear(in_features={last}, out_features={out})",
        f"nn.BatchNorm{min(n, 3)}d({c})", f"nn.LayerNorm({last})", f"nn.LayerNorm([{', '.join(map(str, shape[-2:]))}])",
        f"nn.GroupNorm({g}, {c})", f"nn.InstanceNorm{min(n, 3)}d({c}, affine=True)", "nn.PReLU()", f"nn.PReLU({c})",
        "nn.ReLU(inplace=True)", "nn.Dropout(0.2)", "nn.GELU()", f"nn.Flatten({w.integer(0, 2)})", "nn.Identity()",
        f"nn.Sequential(nn.Linear({last}, {out}), nn.ReLU(), nn.Linear({out}, {last}))",
        f"Residual(nn.Linear({last}, {last}))", f"Double(nn.Linear({last}, {last}), scale=0.5)", f"Scale({last})",
        f"Scale({c}, {', '.join(['1'] * (len(shape) - 2))})", "nn.Softmax(dim=1)", f"nn.Unflatten(1, ({g}, {c // g}))",
        f"nn.utils.weight_norm(nn.Linear({last}, {out}))", "nn.GLU()", f"nn.RMSNorm({last})", "nn.SiLU()",
        f"nn.LazyLinear({out})", "nn.Softmax2d()", "nn.ChannelShuffle(2)",
        f"nn.ModuleList([nn.Linear({last}, {last}) for _ in range({w.integer(1, 3)})])",
        "nn.PixelShuffle(2)", f"nn.LocalResponseNorm({w.integer(1, 3)})", "nn.Upsample(size=6)", "nn.CELU()",
    ))  # fmt: skip
    kind = type(w.names["self"].get_submodule(name[5:])).__name__
    if kind == "ModuleList":
        return [f"for {w.pick('layer', 'i')}_ in {name}:".replace("i_", "layer_").replace("layerlayer_", "layer_"),
                f"    {v} = {w.pick('', 'F.relu')}(layer_({v}))"]  # fmt: skip
    if w.chance(0.1):
        return [f"for _ in range({w.integer(1, 3)}):", f"    {v} = {name}({v})"]
    return w.set(f"{name}({v})", v)


@statement(4)
def recurrent(w, v):
    shape = w.names[v].shape
    if len(shape) not in (2, 3) or shape[-1] % BATCH == 0:
        raise Drop
    kind = w.pick("RNN", "LSTM", "GRU")
    more = ""
    hidden = w.integer(1, 5)
    if w.chance(0.6):
        more += ", batch_first=True"
    if w.chance(0.3):
        more += ", bidirectional=True"
    if w.chance(0.3):
        more += ", num_layers=2"
    if kind == "LSTM" and w.chance(0.15):
        more += ", proj_size=1"
    how = w.integer(0, 9)
    if how < 6:
        name = w.layer(f"nn.{kind}({shape[-1]}, {hidden}{more})")
        out = w.new()
        state = w.new() if kind != "LSTM" else f"({w.new()}, {w.new()})"
        lines = [f"{out}, {state} = {name}({v})"]
        if w.chance(0.3):
            lines.append(f"{v} = {out}[:, -1]")
        return lines
    if how < 7:
        name = w.layer(f"nn.{kind}Cell({shape[-1]}, {hidden})")
        if kind == "LSTM":
            return [f"{w.new()}, {w.new()} = {name}({v})"]
        return [f"{w.new()} = {name}({v})"]
    heads = w.rng.choice([h for h in (1, 2, 3, 4) if shape[-1] % h == 0])
    more = w.pick("", ", batch_first=True", ", batch_first=True, bias=False", ", add_bias_kv=True")
    name = w.layer(f"nn.MultiheadAttention({shape[-1]}, {heads}{more})")
    out = w.new()
    call = w.pick("", ", need_weights=False", ", average_attn_weights=False")
    lines = w.pick(
        [f"{out}, {w.new()} = {name}({v}, {v}, {v}{call})"],
        [f"{out} = {name}({v}, {v}, {v}{call})[0]"],
    )
    if "need_weights" in call:
        lines = [f"{out}, _ = {name}({v}, {v}, {v}{call})"]
    return lines


@statement(2)
def transformer(w, v):
    shape = w.names[v].shape
    if len(shape) != 3 or shape[-1] % BATCH == 0:
        raise Drop
    d = shape[-1]
    heads = w.rng.choice([h for h in (1, 2, 3) if d % h == 0])
    first = w.pick("", ", batch_first=True", ", batch_first=True, norm_first=True")
    name = w.layer(w.pick(
        f"nn.TransformerEncoderLayer({d}, {heads}, 8{first})",
        f"nn.TransformerEncoder(nn.TransformerEncoderLayer({d}, {heads}, 8{first}), 2)",
    ))  # fmt: skip
    return w.set(f"{name}({v})", v)


@statement(2)
def embedded(w, v):
    d = w.dim(v)
    name = w.layer(f"nn.Embedding(50, {w.integer(1, 6)})")
    return w.set(w.pick(f"{name}({v}.argmax({d}))", f"{name}(({v} > 0).long())",
                        f"{v} + {name}.weight.mean()", f"F.embedding({v}.argmin({d}), {name}.weight)",
                        f"{name}(torch.arange({w.names[v].shape[d]}))"), v)  # fmt: skip


@statement(2)
def kinds(w, v):
    d = w.dim(v)
    last = w.names[v].shape[-1] if w.names[v].dim() else 1
    code = w.pick(
        f"{v}.long()", f"{v} > 0", f"{v}.argmax({d})", f"({v} > 0).int()", f"{v}.bool()", f"{v} + 1",
        f"F.one_hot({v}.argmax({d}), 12)", f"torch.arange({last})", f"torch.ones({last}).long()", f"{v} * 2.5",
        f"{v} / 2", f"{v} // 2", f"torch.zeros({last}, dtype=torch.long)", f"{v}.float()", f"{v}.sum({d})",
        f"{v}.mean({d})", f"torch.full(({last},), 3)", "torch.tensor([1, 2, 3])", f"{v}.to(torch.int64)",
        f"({v} > 0) * {v}", f"~({v} > 0)", f"torch.where({v} > 0, 1, 0)", f"{v}.exp()", f"{v}.sort({d})[1]",
        f"{v}[{v} > 0.5]", f"{v}.masked_select({v} > 0)", f"torch.div({v}, 2)", f"{v}.type(torch.float32)",
        f"({v} > 0) & ({v} < 1)", f"{v}.cumsum({d})", f"{v} @ torch.arange({last})", f"{v}.std({d})",
        f"{v} % 2", f"{v} ** 2", f"torch.sqrt({v})", f"{v}.prod({d})", f"torch.softmax({v}, {d})",
    )  # fmt: skip
    return w.set(code, v)


# -- Python ------------------------------------------------------------------------------------


@statement(6)
def controlled(w, v):
    shape = w.names[v].shape
    if len(shape) < 2:
        raise Drop
    n = shape[-1]
    k = w.integer(1, 10)
    out = w.new()
    o = w.pick(*w.variables)
    ways = [
        [f"if {v}.size(-1) > {k}:", f"    {v} = {v}[..., :{k}]", "else:", f"    {v} = F.pad({v}, (0, {k} - {v}.size(-1)))"],
        [f"for i in range({w.integer(1, 3)}):", f"    {v} = torch.cat([{v}, {v}[:, i:i + 1]], 1)"],
        [f"b, *dims = {v}.shape", f"{out} = {v}.reshape(b, math.prod(dims))"],
        [f"b, c = {v}.size()[:2]", f"{out} = {v}.reshape(b, c, -1).mean(2)"],
        [f"{out} = [{v}]", f"for i in range({w.integer(1, 3)}):", f"    {out}.append(F.relu({out}[-1] * i))", f"{v} = torch.cat({out}, dim=1)"],
        ["try:", f"    {v} = {v}.view({v}.size(0), -1)", "except RuntimeError:", f"    {v} = {v}.reshape({v}.size(0), -1)"],
        [f"{v} = {v} if {v}.dim() {w.pick('>', '<', '==')} {w.integer(2, 4)} else {v}.flatten(1)"],
        [f"while {v}.size(-1) > {k}:", f"    {v} = {v}[..., ::2]"],
        [f"assert {v}.shape[-1] == {w.pick(n, n, n, n + 1) if n % BATCH else w.size(v, -1)}, 'sizes'"],
        [f"def inner(t, times={w.integer(1, 2)}):", "    for _ in range(times):", "        t = t + t.mean(-1, keepdim=True)", "    return t", f"{v} = inner({v})"],
        [f"{v} = (lambda t: t.transpose(1, -1))({v})"],
        [f"half = {v}.shape[1] // 2", f"{out} = {v}[:, :half] * {v}[:, half:2 * half]"],
        [f"{out} = {{'a': {v}, 'b': {v}.flatten(1)}}", f"{v} = {out}[{w.pick('a', 'b')!r}]"],
        [f"steps = {v}.size(1)", f"{out} = [{v}[:, t] for t in range(steps)]", f"{v} = torch.stack({out}[::-1], 1)"],
        [f"{v}, {out} = {v} * 2, {v}.mean(-1)"],
        [f"{v} = sum([{v} * k for k in range(3)])"],
        [f"b, n = {v}.shape[0], {v}.shape[-1]", f"{v} = {v}.reshape(b, -1, n)"],
        [f"if {v}.shape != {o}.shape:", f"    {v} = {v}.flatten(1)"],
        [f"{out} = {v}.reshape({v}.size(0), -1, {w.rng.choice([d for d in (1, 2, 3, 4, 6) if prod(shape[1:]) % d == 0])})"],
        ["if self.training:", f"    {v} = {v}.t()"],
        [f"{out} = torch.cat([t.flatten(1) for t in ({v}, {o})], dim=1)"],
        [f"b = {v}.size(0)", f"{v} = {v}.reshape(b * {v}.size(1), -1)", f"{v} = F.relu({v})", f"{v} = {v}.view(b, -1, {v}.size(-1))"],
        [f"{out} = list(map(lambda t: t.flatten(1), [{v}, {o}]))[{w.pick(0, -1)}]"],
        [f"{out} = {v}.new_zeros({v}.size(0), {n})", f"for t in range({v}.size(1)):", f"    {out} = {out} + {v}.select(1, t).reshape({v}.size(0), -1)[:, :{n}]"],
        [f"shape = list({v}.shape)", f"shape[-1] {w.pick('*=', '//=')} 2", f"{v} = {v}.reshape(*shape[:-2], -1, shape[-1])"],
        [f"{v} = {v}.view({v}.size(0), {v}.size(1), -1)", f"{v} = swap({v}, 1, 2)"],
        [f"ratio = {v}.size(-1) / {w.integer(2, 4)}", f"{v} = {v}[..., :int(round(ratio)) + 1]"],
        [f"{v} = partial(F.pad, pad=(1, 1))({v})"],
        [f"for axis in reversed(range(2, {v}.dim())):", f"    {v} = {v}.mean(axis)"],
    ]  # fmt: skip
    return w.rng.choice(ways)


# ---------------------------------------------------------------------------------------------
# Both
# ---------------------------------------------------------------------------------------------


def lists(value):
    if isinstance(value, tuple | list):
        return [lists(each) for each in value]
    if isinstance(value, dict):
        return {key: lists(each) for key, each in value.items()}
    return value


def unwritten(value):
    """Return shapes as this program gives them, which says nothing of where a batch stands."""
    if isinstance(value, str):
        words = value.split("x") if value else []
        if len(words) > 1 and words[0] == "b":
            del words[0]  # the first of several batches
        sizes = []
        for word in words:
            each, batch, more = word.partition("b")
            count = int(each or 1) + int(more or 0) if batch else int(word)
            sizes.append(count)
        return sizes
    if isinstance(value, list):
        return [unwritten(each) for each in value]
    if isinstance(value, dict):
        return {key: unwritten(each) for key, each in value.items()}
    return value


def in_pytorch(path, shape, train):
    """Return what PyTorch says: ("answer", …), ("error", line, words) or ("batch", words)."""
    names = {"__name__": "found"}
    text = path.read_text()
    macs = []

    def counted(model, inputs):
        output, calls, work = counting(model, inputs)
        macs.append(work)
        return output, calls, 0

    try:
        exec(compile(text, str(path), "exec"), names)
        torch.manual_seed(0)
        model = names["Net"]()
        model.train(train)
        with mock.patch.object(run_pytorch, "run", counted):
            found = measure(model, [shape])
            if macs[1] * 2 != macs[0] * 3 or "...ij" in text:
                measure(model, [shape], batches=(4, 5))
        return "answer", found | {"macs": of_one(macs)}
    except BatchMatters as error:
        return "batch", str(error)
    except Exception as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
        words = (str(error).splitlines() or [""])[0][:150]
        return "error", frames[-1].lineno if frames else None, words


def of_one(macs):
    """Return the work of one sample, from that of two, three and so on."""
    if len(macs) == 2:
        return macs[1] - macs[0]
    two, three, four, five = macs
    return 4 * two - 6 * three + 4 * four - five  # the cubic through them


def here(path, shape, train):
    try:
        answer = followed(path, "Net", [shape], train=train)
    except ConvcalcError as refusal:
        return "refused", str(refusal), getattr(refusal, "at", None)
    if answer.error is not None:
        return "error", answer.error.line, answer.error.message
    return "answer", answer


def compared(truth, mine):
    """Return what differs, in words; nothing where PyTorch and this program agree."""
    if mine[0] == "refused":
        return ""
    if truth[0] == "batch":
        return (
            f"the batch matters ({truth[1]}), {mine[0]} {mine[1:]}" if mine[0] == "answer" else ""
        )
    if truth[0] == "error":
        if mine[0] == "answer":
            return f"passes with {mine[1].output}, PyTorch: line {truth[1]}: {truth[2]}"
        if mine[1] != truth[1]:
            return f"line {mine[1]}: {mine[2]}; PyTorch: line {truth[1]}: {truth[2]}"
        return ""
    wanted = truth[1]
    if mine[0] == "error":
        return f"false alarm in line {mine[1]}: {mine[2]}; PyTorch gives {wanted['output']}"
    answer = mine[1]
    differ = []
    if lists(answer.output) != unwritten(wanted["output"]):
        differ.append(f"output {answer.output}, not {wanted['output']}")
    if answer.total_params != wanted["params"]:
        differ.append(f"params {answer.total_params}, not {wanted['params']}")
    if answer.total_macs != wanted["macs"]:
        differ.append(f"macs {answer.total_macs}, not {wanted['macs']}")
    names = {call[0] or None for call in wanted["calls"]}
    rows = [
        [row.name, row.layer, lists(row.input), first_of(row.output)]
        for row in answer.rows
        if row.called and row.name in names and (row.name or row.layer in LAYERS)
        and row.layer != "Parameter"
    ]  # fmt: skip
    calls = [[c[0] or None, c[1], unwritten(c[2]), unwritten(c[3])] for c in wanted["calls"]]
    if rows != calls:
        at = next(
            (i for i, both in enumerate(zip(rows, calls, strict=False)) if both[0] != both[1]), -1
        )
        differ.append(f"calls {rows[at:][:1]}, not {calls[at:][:1]}")
    return "; ".join(differ)


def first_of(output):
    output = lists(output)
    while isinstance(output, list) and output and isinstance(output[0], list):
        output = output[0]
    return output


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("found"))
    parser.add_argument("--refusals", action="store_true", help="show the refusals' reasons")
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    sys.setrecursionlimit(12_000)
    counts, reasons = collections.Counter(), collections.Counter()
    for number in range(options.seed, options.seed + options.count):
        rng = random.Random(number)
        torch.manual_seed(number)
        shape = rng.choice(INPUTS)
        with torch.no_grad():
            text = Writer(rng, shape).write()
        path = options.keep / f"net{number}.py"
        path.write_text(text)
        train = rng.random() < 0.15
        with torch.no_grad():
            truth = in_pytorch(path, shape, train)
        try:
            mine = here(path, shape, train)
        except Exception as error:
            mine = "crash", repr(error)
        words = compared(truth, mine) if mine[0] != "crash" else f"CRASH {mine[1]}"
        counts[truth[0], mine[0], "differs" if words else ""] += 1
        if mine[0] == "refused" and truth[0] != "batch":
            reasons[mine[1][:90]] += 1
        if words:
            print(f"net{number}.py {shape}{' train' if train else ''}: {words}"[:700], flush=True)
        else:
            path.unlink()
    for key, count in sorted(counts.items()):
        print(*key, count)
    if options.refusals:
        for words, count in reasons.most_common(60):
            print(f"{count:5} {words}")


if __name__ == "__main__":
    main()
