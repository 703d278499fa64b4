"""
A stack of dilated causal convolutions with gated activations (van den Oord et al., 2016).
"""
import torch
from torch import nn
from torch.nn import functional as F


class CausalConv1d(nn.Conv1d):
    def __init__(self, in_channels, out_channels, kernel_size, dilation=1, **kw):
        super().__init__(in_channels, out_channels, kernel_size, dilation=dilation, **kw)
        self.left = (kernel_size - 1) * dilation

    def forward(self, x):
        return super().forward(F.pad(x, (self.left, 0)))


class Gate(nn.Module):
    def __init__(self, residual, skip, dilation):
        super().__init__()
        self.conv = CausalConv1d(residual, 2 * residual, 2, dilation=dilation)
        self.to_skip = nn.Conv1d(residual, skip, 1)
        self.to_residual = nn.Conv1d(residual, residual, 1)

    def forward(self, x):
        filtered, gate = self.conv(x).chunk(2, dim=1)
        z = torch.tanh(filtered) * torch.sigmoid(gate)
        return self.to_residual(z) + x, self.to_skip(z)


class WaveNet(nn.Module):
    def __init__(self, blocks=2, layers=8, residual=32, skip=64, classes=256):
        super().__init__()
        self.start = CausalConv1d(classes, residual, 2)
        dilations = [2 ** i for _ in range(blocks) for i in range(layers)]
        self.gates = nn.ModuleList(Gate(residual, skip, d) for d in dilations)
        self.end = nn.Sequential(
            nn.ReLU(), nn.Conv1d(skip, skip, 1), nn.ReLU(), nn.Conv1d(skip, classes, 1))
        self.field = 1 + sum(dilations) + 1

    @property
    def receptive_field(self):
        return self.field

    def forward(self, x):
        x = self.start(x)
        total = 0
        for gate in self.gates:
            x, skip = gate(x)
            total = total + skip
        return self.end(total)
