import torch
import torch.nn as nn


class ConvCell(nn.Module):
    """An LSTM cell whose products are convolutions."""

    def __init__(self, c, hidden, k):
        super().__init__()
        self.hidden = hidden
        self.gates = nn.Conv2d(c + hidden, 4 * hidden, k, padding=tuple(n // 2 for n in k))

    def start(self, like):
        b, _, h, w = like.shape
        return torch.zeros(b, self.hidden, h, w), like.new_zeros(b, self.hidden, h, w)

    def forward(self, x, state):
        h, c = state
        gates = self.gates(torch.cat([x, h], dim=1))
        i, f, o, g = torch.split(gates, self.hidden, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c


class ConvLSTM(nn.Module):
    """(B, T, C, H, W) through a stack of cells, all times of one before the next."""

    def __init__(self, channels=1, hidden=(16, 8), kernel=(3, 5)):
        super().__init__()
        dims = (channels,) + tuple(hidden)
        self.cells = nn.ModuleList(ConvCell(dims[i], dims[i + 1], kernel) for i in range(len(hidden)))

    def forward(self, clip):
        for cell in self.cells:
            state, seen = cell.start(clip[:, 0]), []
            for t in range(clip.size(1)):
                state = cell(clip[:, t], state)
                seen.append(state[0])
            clip = torch.stack(seen, dim=1)
        return clip, state


class Forecaster(nn.Module):
    """A wave number by number; then it goes on with its own numbers."""

    def __init__(self, hidden=51):
        super().__init__()
        self.cells = nn.ModuleList([nn.LSTMCell(1, hidden), nn.LSTMCell(hidden, hidden)])
        self.linear = nn.Linear(hidden, 1)
        self.hidden = hidden

    def step(self, x, states):
        for i, cell in enumerate(self.cells):
            states[i] = cell(x, states[i])
            x = states[i][0]
        return self.linear(x)

    def forward(self, wave, future=2):
        zero = torch.zeros(wave.size(0), self.hidden, dtype=wave.dtype)
        states = [(zero, torch.zeros_like(zero)) for _ in self.cells]
        outputs = []
        for value in wave.split(1, dim=1):
            outputs += [self.step(value, states)]
        for _ in range(future):
            outputs += [self.step(outputs[-1], states)]
        return torch.cat(outputs, dim=1)
