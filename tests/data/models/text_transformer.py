import math
from typing import Optional

import torch
from torch import nn, Tensor


class SinusoidalPositions(nn.Module):
    """Added to (time, batch, features)."""

    def __init__(self, d_model: int, dropout: float = 0.1, max_len: int = 1000):
        super().__init__()
        self.dropout = nn.Dropout(p=dropout)
        place = torch.arange(max_len).unsqueeze(1)
        rate = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        table = torch.zeros(max_len, 1, d_model)
        table[:, 0, 0::2] = torch.sin(place * rate)
        table[:, 0, 1::2] = torch.cos(place * rate)
        self.register_buffer('table', table)

    def forward(self, x: Tensor) -> Tensor:
        return self.dropout(x + self.table[:x.size(0)])


class LanguageModel(nn.Module):
    """Reads (batch, time) and works on (time, batch, features)."""

    def __init__(self, n_token: int, d_model: int, n_head: int, d_hid: int, n_layers: int, dropout: float = 0.5):
        super().__init__()
        self.d_model = d_model
        self.embedding = nn.Embedding(n_token, d_model)
        self.positions = SinusoidalPositions(d_model, dropout)
        layer = nn.TransformerEncoderLayer(d_model, n_head, d_hid, dropout)
        self.encoder = nn.TransformerEncoder(layer, n_layers)
        self.linear = nn.Linear(d_model, n_token)
        self.linear.bias.data.zero_()
        self.linear.weight.data.uniform_(-0.1, 0.1)

    def forward(self, ids: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        x = self.embedding(ids.t()) * math.sqrt(self.d_model)
        x = self.positions(x)
        if mask is None:
            mask = nn.Transformer.generate_square_subsequent_mask(len(x))
        return self.linear(self.encoder(x, mask)).transpose(0, 1)


class TextClassifier(nn.Module):
    """Mean over the tokens of an encoder that has its batch first."""

    def __init__(self, vocab=5000, dim=128, heads=4, layers=2, classes=4, max_len=64):
        super().__init__()
        self.tokens = nn.Embedding(vocab, dim, padding_idx=0)
        self.places = nn.Embedding(max_len, dim)
        layer = nn.TransformerEncoderLayer(d_model=dim, nhead=heads, dim_feedforward=4 * dim,
                                           activation="gelu", batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=layers, norm=nn.LayerNorm(dim),
                                             enable_nested_tensor=False)
        self.head = nn.Sequential(nn.Linear(dim, dim), nn.Tanh(), nn.Dropout(0.1),
                                  nn.Linear(dim, classes))

    def forward(self, ids):
        positions = torch.arange(ids.size(1), device=ids.device).unsqueeze(0)
        x = self.tokens(ids) + self.places(positions)
        x = self.encoder(x)
        return self.head(x.mean(dim=1))


class Translator(nn.Module):
    def __init__(self, source=900, target=1100, dim=64):
        super().__init__()
        self.source, self.target = nn.Embedding(source, dim), nn.Embedding(target, dim)
        self.transformer = nn.Transformer(dim, nhead=4, num_encoder_layers=2, num_decoder_layers=2,
                                          dim_feedforward=128, batch_first=True)
        self.out = nn.Linear(dim, target)

    def forward(self, src, tgt):
        mask = self.transformer.generate_square_subsequent_mask(tgt.size(1))
        return self.out(self.transformer(self.source(src), self.target(tgt), tgt_mask=mask))


model = LanguageModel(n_token=2000, d_model=120, n_head=2, d_hid=200, n_layers=2, dropout=0.2)
