import torch
import torch.nn as nn


class CrossAttentionBlock(nn.Module):
    def __init__(self, dim, context_dim, heads=8):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.cross_attn = nn.MultiheadAttention(dim, heads, kdim=context_dim, vdim=context_dim, batch_first=True)
        self.norms = nn.ModuleDict({
            'self': nn.LayerNorm(dim),
            'cross': nn.LayerNorm(dim),
            'ff': nn.LayerNorm(dim),
        })
        self.ff = nn.Sequential(nn.Linear(dim, 2 * dim), nn.ReLU(), nn.Linear(2 * dim, dim))

    def forward(self, x, context):
        n = self.norms['self'](x)
        x = x + self.self_attn(n, n, n, need_weights=False)[0]
        out, weights = self.cross_attn(self.norms['cross'](x), context, context)
        x = x + out
        x = x + self.ff(self.norms['ff'](x))
        return x, weights


class Captioner(nn.Module):
    """Image features as context of a text decoder."""

    def __init__(self, vocab=3000, dim=128, depth=2):
        super().__init__()
        self.backbone = nn.Sequential(
            nn.Conv2d(3, 64, 8, 8), nn.ReLU(), nn.Conv2d(64, 96, 3, 2, 1), nn.ReLU())
        self.embedding = nn.Embedding(vocab, dim)
        self.blocks = nn.ModuleList([CrossAttentionBlock(dim, 96, heads=4) for _ in range(depth)])
        self.to_vocab = nn.Linear(dim, vocab, bias=False)

    def forward(self, image, tokens):
        context = self.backbone(image)
        b, c, h, w = context.shape
        context = context.view(b, c, h * w).permute(0, 2, 1)
        x = self.embedding(tokens)
        maps = []
        for block in self.blocks:
            x, weights = block(x, context)
            maps.append(weights.view(b, -1, h, w))
        return {'logits': self.to_vocab(x), 'attention': maps}
