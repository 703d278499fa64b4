"""Recurrent layers of two directions that are given the states of one."""

import torch
from torch import nn


class Reader(nn.Module):
    def __init__(self, features=10, hidden=32, layers=2, classes=3):
        super().__init__()
        self.hidden, self.layers = hidden, layers
        self.lstm = nn.LSTM(features, hidden, layers, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(hidden, classes)

    def forward(self, x):
        h = torch.zeros(self.layers, x.size(0), self.hidden)
        c = torch.zeros(self.layers, x.size(0), self.hidden)
        out, _ = self.lstm(x, (h, c))
        return self.fc(out[:, -1])


class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(6, 8, num_layers=3, batch_first=True)

    def forward(self, x):
        return self.gru(x, torch.zeros((1, x.size(0), 8)))[1]


class Flat(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(6, 8, batch_first=True)

    def forward(self, x):
        return self.gru(x, torch.zeros(x.size(0), 8))[1]


class Turned(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(6, 8, batch_first=True)

    def forward(self, x):
        h = x.new_zeros(x.size(0), 1, 8)
        return self.rnn(x, h)[1]
