import torch
import torch.nn as nn


class Slices(nn.Module):
    def forward(self, x):                       # B, 6, 11, 13
        return (
            x[:, :, ::2],                       # every other row
            x[:, 1::3, -5:, :-1],
            x[..., 0],
            x[:, None, 2],
            x[:, [0, 2, 5]],
            x[:, -1],
            x[:, :, 3:3],                       # nothing left
            x[:, 2:100, 20:],                   # ends where it ends
            x[:, :, torch.arange(4)],
            x[:, torch.tensor([0, 1]), torch.tensor([3, 4])],
            x.narrow(2, 3, 4),
            x.select(-1, 0),
            x[:, :, :, ::5][:, 0:1],
            x.unfold(3, 4, 3),
            x.flip(2).roll(1, 1)[:, 4:],
        )
