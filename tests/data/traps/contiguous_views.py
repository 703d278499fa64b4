import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(24, 10)

    def forward(self, x):                                   # B, 4, 6, 8
        a = x.transpose(2, 3).contiguous().view(x.size(0), 4, -1)
        b = x.permute(0, 2, 3, 1).reshape(x.size(0), -1, 4)
        c = x[:, :, ::2].reshape(x.size(0), -1)
        d = x.permute(0, 2, 1, 3).transpose(1, 2).view(x.size(0), 24, 8)      # back in order
        e = x.expand(2, *x.shape)[0].view(-1, 4 * 6, 8)
        return a, b, c, self.fc(d.transpose(1, 2)), e.view(e.size(0), 6, 4, 8)
