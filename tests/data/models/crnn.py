import torch.nn as nn


class BiLSTM(nn.Module):
    """(time, batch, features); every step goes through the same linear layer"""
    def __init__(self, n_in, n_hidden, n_out):
        super(BiLSTM, self).__init__()
        self.rnn = nn.LSTM(n_in, n_hidden, bidirectional=True)
        self.out = nn.Linear(2 * n_hidden, n_out)

    def forward(self, steps):
        y, _ = self.rnn(steps)
        T, b, h = y.size()
        y = self.out(y.view(T * b, h))      # rows of all times
        return y.view(T, b, -1)


class CRNN(nn.Module):
    """Reads a line of text: the columns of the image are the time steps."""

    def __init__(self, height=32, channels=1, letters=37, hidden=96, leaky=False):
        super(CRNN, self).__init__()
        if height % 16 != 0:
            raise ValueError('height has to be a multiple of 16')
        kernels, widths = [3, 3, 3, 3, 2], [32, 64, 128, 128, 128]
        pools = {0: (2, 2), 1: (2, 2), 2: ((2, 2), (2, 1), (0, 1)), 3: ((2, 2), (2, 1), (0, 1))}
        self.cnn = nn.Sequential()

        def add(i, norm=False):
            before = channels if i == 0 else widths[i - 1]
            self.cnn.add_module('conv{0}'.format(i), nn.Conv2d(before, widths[i], kernels[i], 1, kernels[i] // 3))
            if norm:
                self.cnn.add_module('norm{0}'.format(i), nn.BatchNorm2d(widths[i]))
            act = nn.LeakyReLU(0.2, inplace=True) if leaky else nn.ReLU(True)
            self.cnn.add_module('act{0}'.format(i), act)
            if i in pools:
                self.cnn.add_module('pool{0}'.format(i), nn.MaxPool2d(*pools[i]))

        for i in range(len(widths)):
            add(i, norm=i in (2, 3))
        self.rnn = nn.Sequential(BiLSTM(widths[-1], hidden, hidden), BiLSTM(hidden, hidden, letters))

    def forward(self, image):
        x = self.cnn(image)
        assert x.size(2) == 1, "one row has to be left"
        x = x.squeeze(2).permute(2, 0, 1)       # width, batch, channels
        return self.rnn(x)
