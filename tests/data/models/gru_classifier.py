import torch
import torch.nn as nn

# an image, read row by row
input_size = sequence_length = 28
hidden_size = 128
num_layers = 2
num_classes = 10


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size, num_layers, num_classes, cell='gru', bidirectional=False):
        super(RNN, self).__init__()
        self.num_layers = num_layers
        self.hidden_size = hidden_size
        self.directions = 2 if bidirectional else 1
        self.rnn = {'rnn': nn.RNN, 'gru': nn.GRU}[cell](
            input_size, hidden_size, num_layers, batch_first=True, bidirectional=bidirectional)
        self.fc = nn.Linear(hidden_size * self.directions, num_classes)

    def forward(self, x):
        h0 = torch.zeros(self.num_layers * self.directions, x.size(0), self.hidden_size)
        out, _ = self.rnn(x, h0)
        return self.fc(out[:, -1, :])       # last step only


model = RNN(input_size, hidden_size, num_layers, num_classes)


class RowsThenColumns(nn.Module):
    """Reads the image along its rows, then what came out along its columns."""

    def __init__(self, size=28, hidden=32):
        super().__init__()
        self.rows = nn.LSTM(size, hidden, bidirectional=True, batch_first=True)
        self.columns = nn.LSTM(2 * hidden, hidden, num_layers=2, dropout=0.2)
        self.norm = nn.LayerNorm(hidden)
        self.fc = nn.Linear(hidden, 10)

    def forward(self, image):
        out, (h, c) = self.rows(image.squeeze(1))
        out = out.permute(1, 0, 2)              # (seq, batch, features)
        _, (h, _) = self.columns(out)
        return self.fc(self.norm(h[-1]))
