import torch
from torch import nn


class SentenceEncoder(nn.Module):
    def __init__(self, vocab_size=8000, embed_dim=100, num_heads=8, max_len=128):
        super().__init__()
        self.token = nn.Embedding(vocab_size, embed_dim)
        self.position = nn.Parameter(torch.zeros(1, max_len, embed_dim))
        self.attn = nn.MultiheadAttention(embed_dim, num_heads, batch_first=True)
        self.norm = nn.LayerNorm(embed_dim)

    def forward(self, ids):
        x = self.token(ids) + self.position[:, :ids.size(1)]
        y, _ = self.attn(x, x, x)
        return self.norm(x + y)[:, 0]
