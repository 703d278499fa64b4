"""Noise prediction for small images: the step comes in as a second argument."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def step_features(t, dim):
    half = dim // 2
    rates = torch.exp(-math.log(1e4) / half * torch.arange(half).float())
    angles = t.float().view(-1, 1) * rates.view(1, -1)
    features = torch.cat([angles.cos(), angles.sin()], dim=-1)
    return F.pad(features, (0, 1)) if dim % 2 else features


class ResBlock(nn.Module):
    def __init__(self, i, o, emb):
        super().__init__()
        self.in_layers = nn.Sequential(nn.GroupNorm(8, i), nn.SiLU(), nn.Conv2d(i, o, 3, padding=1))
        self.emb = nn.Sequential(nn.SiLU(), nn.Linear(emb, 2 * o))
        self.out_norm = nn.GroupNorm(8, o)
        self.out_conv = nn.Conv2d(o, o, 3, padding=1)
        self.skip = nn.Identity() if i == o else nn.Conv2d(i, o, 1)

    def forward(self, x, emb):
        h = self.in_layers(x)
        scale, shift = self.emb(emb)[..., None, None].chunk(2, dim=1)
        h = self.out_norm(h) * (1 + scale) + shift
        return self.skip(x) + self.out_conv(F.silu(h))


class AttnBlock(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(8, c)
        self.qkv = nn.Conv1d(c, c * 3, 1)
        self.out = nn.Conv1d(c, c, 1)

    def forward(self, x):
        b, c, *spatial = x.shape
        x = x.reshape(b, c, -1)
        qkv = self.qkv(self.norm(x))
        q, k, v = qkv.reshape(b * self.heads, -1, qkv.shape[2]).split(c // self.heads, dim=1)
        weight = torch.einsum("bct,bcs->bts", q, k) / math.sqrt(c // self.heads)
        h = torch.einsum("bts,bcs->bct", weight.softmax(-1), v).reshape(b, -1, x.shape[-1])
        return (x + self.out(h)).reshape(b, c, *spatial)


class Sequence(nn.Sequential):
    """Gives the step to the blocks that want it."""

    def forward(self, x, emb):
        for layer in self:
            x = layer(x, emb) if isinstance(layer, ResBlock) else layer(x)
        return x


class DiffusionUNet(nn.Module):
    def __init__(self, channels=3, width=32, mult=(1, 2, 4), attention=(8,), size=32, blocks=1):
        super().__init__()
        self.width = width
        emb = width * 4
        self.time = nn.Sequential(nn.Linear(width, emb), nn.SiLU(), nn.Linear(emb, emb))
        self.inputs = nn.ModuleList([Sequence(nn.Conv2d(channels, width, 3, padding=1))])
        chans, ch = [width], width
        for level, m in enumerate(mult):
            for _ in range(blocks):
                layers = [ResBlock(ch, m * width, emb)]
                ch = m * width
                if size in attention:
                    layers.append(AttnBlock(ch))
                self.inputs.append(Sequence(*layers))
                chans.append(ch)
            if level != len(mult) - 1:
                self.inputs.append(Sequence(nn.Conv2d(ch, ch, 3, stride=2, padding=1)))
                chans.append(ch)
                size //= 2
        self.middle = Sequence(ResBlock(ch, ch, emb), AttnBlock(ch), ResBlock(ch, ch, emb))
        self.outputs = nn.ModuleList([])
        for level, m in list(enumerate(mult))[::-1]:
            for i in range(blocks + 1):
                layers = [ResBlock(ch + chans.pop(), m * width, emb)]
                ch = m * width
                if size in attention:
                    layers.append(AttnBlock(ch))
                if level and i == blocks:
                    layers.append(nn.Upsample(scale_factor=2))
                    size *= 2
                self.outputs.append(Sequence(*layers))
        self.out = nn.Sequential(nn.GroupNorm(8, ch), nn.SiLU(), nn.Conv2d(ch, channels, 3, padding=1))
        nn.init.zeros_(self.out[-1].weight)

    def forward(self, x, timesteps):
        emb = self.time(step_features(timesteps, self.width))
        hs = []
        for module in self.inputs:
            x = module(x, emb)
            hs.append(x)
        x = self.middle(x, emb)
        for module in self.outputs:
            x = module(torch.cat([x, hs.pop()], dim=1), emb)
        return self.out(x)
