import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(4, 6, 3))

    def forward(self, x, y):                                    # B, 4, 5 and B, 5, 6
        return (
            torch.einsum('bij,bjk->bik', x, y),
            torch.einsum('bij,bjk', x, y),                      # what is left, in order
            torch.einsum('bij->bji', x),
            torch.einsum('bij->b', x),
            torch.einsum('b i j, i k h -> b h k j', x, self.w),
            torch.einsum('...j,...jk->...k', x[:, 0], y),
            torch.einsum('bii->bi', y[:, :, :5]),
            torch.tensordot(x, self.w, dims=([1], [0])),
        )


class Three(Net):
    def forward(self, x, y):
        return torch.einsum('bij,bjk,ikh->bh', x, y, self.w)
