import torch
import torch.nn as nn


class ImageTransformer(nn.Module):
    def __init__(self, image=32, patch=4, dim=64):
        super().__init__()
        n = (image // patch) ** 2
        self.patchify = nn.Conv2d(3, dim, patch, patch)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.randn(1, n, dim))
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(dim, 4, 128, batch_first=True), 2, enable_nested_tensor=False)
        self.head = nn.Linear(dim, 10)

    def forward(self, x):
        x = self.patchify(x).flatten(2).transpose(1, 2)
        cls = self.cls.expand(x.shape[0], -1, -1)
        x = torch.cat([cls, x], dim=1)
        x = x + self.pos
        return self.head(self.encoder(x)[:, 0])
