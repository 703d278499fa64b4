import torch
from torch import nn, einsum


def exists(val):
    return val is not None


def default(val, d):
    return val if exists(val) else d


class PreNorm(nn.Module):
    def __init__(self, dim, fn, context_dim=None):
        super().__init__()
        self.fn = fn
        self.norm = nn.LayerNorm(dim)
        self.norm_context = nn.LayerNorm(context_dim) if exists(context_dim) else None

    def forward(self, x, **kwargs):
        x = self.norm(x)
        if exists(self.norm_context):
            kwargs.update(context=self.norm_context(kwargs['context']))
        return self.fn(x, **kwargs)


class GEGLU(nn.Module):
    def forward(self, x):
        x, gates = x.chunk(2, dim=-1)
        return x * torch.nn.functional.gelu(gates)


class Attention(nn.Module):
    def __init__(self, query_dim, context_dim=None, heads=8, dim_head=64):
        super().__init__()
        inner = dim_head * heads
        context_dim = default(context_dim, query_dim)
        self.scale = dim_head ** -0.5
        self.heads = heads
        self.to_q = nn.Linear(query_dim, inner, bias=False)
        self.to_kv = nn.Linear(context_dim, inner * 2, bias=False)
        self.to_out = nn.Linear(inner, query_dim)

    def split(self, t):
        return t.unflatten(-1, (self.heads, -1)).transpose(1, 2).flatten(0, 1)      # (b h) n d

    def forward(self, x, context=None):
        b = x.shape[0]
        q = self.to_q(x)
        k, v = self.to_kv(default(context, x)).chunk(2, dim=-1)
        q, k, v = map(self.split, (q, k, v))
        sim = einsum('b i d, b j d -> b i j', q, k) * self.scale
        attn = sim.softmax(dim=-1)
        out = einsum('b i j, b j d -> b i d', attn, v)
        out = out.unflatten(0, (b, self.heads)).transpose(1, 2).flatten(2)
        return self.to_out(out)


class Perceiver(nn.Module):
    """A few latent vectors read many pixels."""

    def __init__(self, *, depth=3, channels=3, num_latents=32, dim=96, num_classes=10, tie=True):
        super().__init__()
        self.latents = nn.Parameter(torch.randn(num_latents, dim))
        make_read = lambda: PreNorm(dim, Attention(dim, channels, heads=1, dim_head=32), context_dim=channels)
        make_think = lambda: PreNorm(dim, Attention(dim, heads=4, dim_head=24))
        make_feed = lambda: PreNorm(dim, nn.Sequential(nn.Linear(dim, dim * 4), GEGLU(), nn.Linear(dim * 2, dim)))
        cache = {}
        self.layers = nn.ModuleList([])
        for i in range(depth):
            key = min(i, 1) if tie else i
            if key not in cache:
                cache[key] = nn.ModuleList([make_read(), make_think(), make_feed()])
            self.layers.append(cache[key])
        self.to_logits = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, num_classes))

    def forward(self, image):
        b, *axis, c = image.shape
        data = image.reshape(b, -1, c)
        x = self.latents.unsqueeze(0).repeat(b, 1, 1)
        for read, think, feed in self.layers:
            x = read(x, context=data) + x
            x = think(x) + x
            x = feed(x) + x
        return self.to_logits(x.mean(dim=-2))
