import torch
import torch.nn as nn
import torch.nn.functional as F


class WordModel(nn.Module):
    """Embedding, recurrent layers, and back to words; the two tables can be one."""

    def __init__(self, kind, words, features, hidden, layers=1, dropout=0.5, tied=False):
        super(WordModel, self).__init__()
        self.drop = nn.Dropout(dropout)
        self.embed = nn.Embedding(words, features)
        if kind in ('LSTM', 'GRU'):
            self.rnn = getattr(nn, kind)(features, hidden, layers, dropout=dropout)
        else:
            try:
                how = {'RNN_TANH': 'tanh', 'RNN_RELU': 'relu'}[kind]
            except KeyError as error:
                raise ValueError('no recurrent layer of the kind ' + kind) from error
            self.rnn = nn.RNN(features, hidden, layers, nonlinearity=how, dropout=dropout)
        self.to_words = nn.Linear(hidden, words)
        if tied:
            if hidden != features:
                raise ValueError('tied tables need as many hidden units as features')
            self.to_words.weight = self.embed.weight

    def forward(self, ids):
        x = self.drop(self.embed(ids.transpose(0, 1)))     # time first inside
        x, _ = self.rnn(x)
        x = self.to_words(self.drop(x)).transpose(0, 1)
        return F.log_softmax(x, dim=2)


class TiedAutoencoder(nn.Module):
    """The decoder's weights are the encoder's, the other way round."""

    def __init__(self, sizes=(784, 256, 64)):
        super().__init__()
        self.encoder = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.biases = nn.ParameterList([nn.Parameter(torch.zeros(a)) for a in sizes[:-1]])

    def forward(self, x):
        x = x.flatten(1)
        for layer in self.encoder:
            x = torch.sigmoid(layer(x))
        for layer, bias in zip(reversed(self.encoder), reversed(list(self.biases))):
            x = torch.sigmoid(F.linear(x, layer.weight.t(), bias))
        return x.view(-1, 1, 28, 28)


class SharedHead(nn.Module):
    """One convolution looks at all scales."""

    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1), nn.ReLU())
        self.again = nn.Sequential(nn.Conv2d(32, 32, 3, 2, 1), nn.ReLU())
        self.head = nn.Conv2d(32, 4, 3, padding=1)

    def forward(self, x):
        a = self.down(x)
        b = self.again(a)
        c = self.again(b)           # the same layer twice
        return [self.head(y) for y in (a, b, c)]
