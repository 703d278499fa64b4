import torch
import torch.nn as nn


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(30, 8)
        self.encode = nn.Linear(8, 12)
        self.decode = nn.Linear(12, 8)
        self.decode.weight = nn.Parameter(self.encode.weight.data.t())  # a copy, so its own
        self.head = nn.Linear(8, 30, bias=False)
        self.head.weight = self.embed.weight                            # tied
        self.again = self.encode                                        # the same module
        self.scale = nn.Parameter(torch.ones(8))
        self.scales = nn.ParameterList([self.scale, self.scale])
        self.embed.weight.requires_grad = False                         # and so the head's

    def forward(self, ids):
        x = self.decode(self.encode(self.embed(ids)))
        x = self.decode(self.again(x)) * self.scale
        return self.head(x) + self.scales[1].sum()
