"""Attention in windows, every other block with shifted ones."""
import torch
import torch.nn as nn


def to_windows(x, ws):
    """(B, H, W, C) -> (B * windows, ws, ws, C)"""
    B, H, W, C = x.shape
    x = x.view(B, H // ws, ws, W // ws, ws, C)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, ws, ws, C)


def from_windows(windows, ws, H, W):
    B = int(windows.shape[0] / (H * W / ws / ws))
    x = windows.view(B, H // ws, W // ws, ws, ws, -1)
    return x.permute(0, 1, 3, 2, 4, 5).contiguous().view(B, H, W, -1)


class RelativeBias(nn.Module):
    def __init__(self, ws, heads):
        super().__init__()
        self.ws, self.heads = ws, heads
        self.table = nn.Parameter(torch.zeros((2 * ws - 1) ** 2, heads))
        axis = torch.arange(ws)
        grid = torch.stack(torch.meshgrid([axis, axis], indexing='ij')).flatten(1)     # 2, ws*ws
        offset = (grid[:, :, None] - grid[:, None, :]).permute(1, 2, 0).contiguous()
        offset += ws - 1            # from 0 on
        offset[:, :, 0] *= 2 * ws - 1
        self.register_buffer("index", offset.sum(-1))

    def forward(self):
        bias = self.table[self.index.view(-1)].view(self.ws ** 2, self.ws ** 2, -1)
        return bias.permute(2, 0, 1).contiguous().unsqueeze(0)


class WindowAttention(nn.Module):
    def __init__(self, dim, ws, heads):
        super().__init__()
        self.heads = heads
        self.scale = (dim // heads) ** -0.5
        self.bias = RelativeBias(ws, heads)
        self.qkv = nn.Linear(dim, dim * 3)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x, mask=None):
        B_, N, C = x.shape
        q, k, v = self.qkv(x).reshape(B_, N, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        attn = (q * self.scale) @ k.transpose(-2, -1) + self.bias()
        if mask is not None:
            nW = mask.shape[0]
            attn = attn.view(B_ // nW, nW, self.heads, N, N) + mask.unsqueeze(1).unsqueeze(0)
            attn = attn.view(-1, self.heads, N, N)
        attn = attn.softmax(dim=-1)
        return self.proj((attn @ v).transpose(1, 2).reshape(B_, N, C))


class SwinBlock(nn.Module):
    def __init__(self, dim, side, heads, ws=7, shift=0):
        super().__init__()
        if side <= ws:              # one window is all there is
            shift, ws = 0, side
        self.side, self.ws, self.shift = side, ws, shift
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attn = WindowAttention(dim, ws, heads)
        self.mlp = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))
        self.register_buffer("mask", self.make_mask() if shift else None)

    def make_mask(self):
        canvas = torch.zeros((1, self.side, self.side, 1))
        parts = (slice(0, -self.ws), slice(-self.ws, -self.shift), slice(-self.shift, None))
        count = 0
        for rows in parts:
            for columns in parts:
                canvas[:, rows, columns, :] = count
                count += 1
        windows = to_windows(canvas, self.ws).view(-1, self.ws * self.ws)
        difference = windows.unsqueeze(1) - windows.unsqueeze(2)
        return difference.masked_fill(difference != 0, float(-100.0)).masked_fill(difference == 0, 0.0)

    def forward(self, x):
        B, L, C = x.shape
        assert L == self.side ** 2, "input feature has wrong size"
        y = self.norm1(x).view(B, self.side, self.side, C)
        if self.shift > 0:
            y = torch.roll(y, shifts=(-self.shift, -self.shift), dims=(1, 2))
        y = to_windows(y, self.ws).view(-1, self.ws ** 2, C)
        y = self.attn(y, mask=self.mask).view(-1, self.ws, self.ws, C)
        y = from_windows(y, self.ws, self.side, self.side)
        if self.shift > 0:
            y = y.roll((self.shift, self.shift), (1, 2))
        x = x + y.view(B, L, C)
        return x + self.mlp(self.norm2(x))


class PatchMerging(nn.Module):
    def __init__(self, side, dim):
        super().__init__()
        self.side = side
        self.norm = nn.LayerNorm(4 * dim)
        self.reduction = nn.Linear(4 * dim, 2 * dim, bias=False)

    def forward(self, x):
        B, L, C = x.shape
        assert self.side % 2 == 0, f"side {self.side} is odd."
        x = x.view(B, self.side, self.side, C)
        x = torch.cat([x[:, i::2, j::2, :] for j in (0, 1) for i in (0, 1)], -1)
        return self.reduction(self.norm(x.view(B, -1, 4 * C)))


class TinySwin(nn.Module):
    def __init__(self, img_size=112, patch=4, dim=48, depths=(2, 2), heads=(3, 6), ws=7, num_classes=10):
        super().__init__()
        self.embed = nn.Conv2d(3, dim, patch, patch)
        side = img_size // patch
        self.position = nn.Parameter(torch.zeros(1, side * side, dim))
        self.stages = nn.ModuleList()
        for i, (depth, head) in enumerate(zip(depths, heads)):
            width, length = dim * 2 ** i, side // 2 ** i
            blocks = [SwinBlock(width, length, head, ws, 0 if j % 2 == 0 else ws // 2) for j in range(depth)]
            if i < len(depths) - 1:
                blocks.append(PatchMerging(length, width))
            self.stages.append(nn.Sequential(*blocks))
        self.norm = nn.LayerNorm(width)
        self.pool = nn.AdaptiveAvgPool1d(1)
        self.head = nn.Linear(width, num_classes)

    def forward(self, x):
        x = self.embed(x).flatten(2).transpose(1, 2)
        x = x + self.position
        for stage in self.stages:
            x = stage(x)
        x = self.pool(self.norm(x).transpose(1, 2))
        return self.head(torch.flatten(x, 1))
