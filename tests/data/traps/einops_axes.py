import torch
import torch.nn as nn
from einops import einsum, pack, rearrange, reduce, repeat, unpack
from einops.layers.torch import Rearrange, Reduce


class Axes(nn.Module):
    def forward(self, x):                               # B, 6, 4, 8
        b = x.shape[0]
        packed, shapes = pack([x[:, 0], x[:, 1, 0]], "b * w")
        one, other = unpack(packed, shapes, "b * w")
        return (
            rearrange(x, "b c h w -> b h w c"), rearrange(x, "b (k c) h w -> k b c h w", k=3)[0],
            rearrange(x, "b c (h p) (w q) -> b (h w) (p q c)", p=2, q=4), rearrange(x, "... w -> w ...")[0],
            rearrange(x, "b c h w -> (b c) h w"), rearrange(x, "(b t) c h w -> b t c h w", b=b),
            rearrange(x, "b c ... -> b (...) c"), rearrange(x, "b c h w -> b c () (h w)"), rearrange(x, "b c h w -> b 1 c h w"),
            repeat(x[0, 0], "h w -> n h w", n=b), repeat(x, "b c h w -> b c (h 2) (w k)", k=3), repeat(x, "b ... -> b k ...", k=2),
            reduce(x, "b c h w -> b c", "mean"), reduce(x, "b c (h 2) (w 2) -> b c h w", "max"), reduce(x, "b c h w -> b c 1 1", "sum"),
            packed, one, other, einsum(x, x, "b c h w, b d h w -> b c d"), rearrange([x, x], "n b c h w -> b (n c) h w"),
        )


class Patches(nn.Module):
    def __init__(self, dim=16, heads=4):
        super().__init__()
        self.heads = heads
        self.embed = nn.Sequential(
            Rearrange("b c (h p1) (w p2) -> b (h w) (p1 p2 c)", p1=2, p2=2), nn.LayerNorm(24), nn.Linear(24, dim)
        )
        self.token = nn.Parameter(torch.randn(1, 1, dim))
        self.qkv = nn.Linear(dim, dim * 3, bias=False)
        self.head = nn.Sequential(Reduce("b n d -> b d", "mean"), nn.Linear(dim, 5))

    def forward(self, x):
        x = self.embed(x)
        b, n, _ = x.shape
        x = torch.cat((repeat(self.token, "1 1 d -> b 1 d", b=b), x), dim=1)
        q, k, v = (rearrange(t, "b n (h d) -> b h n d", h=self.heads) for t in self.qkv(x).chunk(3, dim=-1))
        weights = torch.einsum("b h i d, b h j d -> b h i j", q, k).softmax(dim=-1)
        out = torch.einsum("b h i j, b h j d -> b h i d", weights, v)
        return self.head(rearrange(out, "b h n d -> b n (h d)"))
