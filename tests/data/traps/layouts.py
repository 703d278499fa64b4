import torch
import torch.nn as nn
import torch.nn.functional as F


def steps(y):
    """A tensor whose shape says how the numbers of one sample lie in memory."""
    return torch.zeros(y.size(0), *y.stride()[1:])


class Images(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(6, 4, 3)
        self.norm = nn.BatchNorm2d(6)
        self.act = nn.ReLU(inplace=True)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):                               # B, 4, 6, 8
        last = x.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)
        last = F.pad(last, (0, 0, 0, 0, 1, 1))          # 6 channels, last in memory
        part = x.transpose(1, 3)[:, 1:-1, ::2]
        return (
            steps(last), steps(self.conv(last)), steps(self.norm(last)), steps(F.relu(part)),
            steps(part * 2), steps(self.drop(part)), steps(part.clone()), steps(torch.zeros_like(part)),
            steps(F.max_pool2d(last, 2)), steps(F.interpolate(last, scale_factor=2.0)),
            steps(torch.cat([last, last], 1)), steps(torch.softmax(part, 1)), steps(part.sum(1, keepdim=True)),
            steps(part + part.mean(1, keepdim=True)), steps(last.flatten(2)), steps(last[:, :3] + 1),
            steps(F.avg_pool2d(part, 1)), steps(torch.stack([last, last], 1)), steps(part.float()),
            steps(F.glu(last, 1)), steps(self.act(last.clone())), steps(part.tril()), steps(part.cumsum(1)),
        )


class Sequences(nn.Module):
    def forward(self, x):                               # B, 6, 4
        turned = x.transpose(1, 2)
        wide = x[:, :1].expand(-1, 5, -1)
        one = x.mean(1, keepdim=True)
        return (
            steps(turned), steps(turned.exp()), steps(turned + x.transpose(1, 2)), steps(x + turned.transpose(1, 2)),
            steps(wide), steps(wide * 2), steps(wide + one), steps(one + wide), steps(turned * turned[:, :, :1]),
            steps(F.avg_pool1d(turned, 2)), steps(turned.contiguous()),
            steps(torch.where(turned > 0, turned, 0.0)), steps(turned.masked_fill(turned > 0, 1.0)),
            steps(F.layer_norm(turned, (6,))), steps(turned.diff(dim=1)), steps(turned.sort(1)[0]),
            steps(turned @ x), steps(F.dropout(turned, 0.3, self.training)), steps(turned.diagonal(dim1=1, dim2=2)),
        )


class Recurrent(nn.Module):
    """With the batch first, what comes out was worked out with the steps first, and turned."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 5, batch_first=True, bidirectional=True)
        self.gru = nn.GRU(4, 3)
        self.attention = nn.MultiheadAttention(4, 2, batch_first=True)
        self.layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)

    def forward(self, x):                               # B, 6, 4
        out, (h, c) = self.lstm(x)
        seen, weights = self.attention(x, x, x)
        flat = (out.is_contiguous(), out[:, -1].is_contiguous(), seen.is_contiguous(), (x + seen).is_contiguous())
        return (
            torch.zeros(x.size(0), *[1 + each for each in flat]), out.reshape(-1, 10), out.contiguous().view(-1, 10),
            self.gru(x)[0].view(-1, 3), self.layer(x).view(x.size(0), -1), weights.view(-1, 36), out @ torch.ones(10),
        )
