# Text, character by character.
import torch
import torch.nn as nn

text = "the quick brown fox jumps over the lazy dog, 0123456789 times!"
chars = tuple(sorted(set(text)))
index_of = {c: i for i, c in enumerate(chars)}
gpu = torch.cuda.is_available()


class CharRNN(nn.Module):
    def __init__(self, tokens, n_hidden=256, n_layers=2, drop_prob=0.5, n_embed=32):
        super().__init__()
        self.n_layers, self.n_hidden = n_layers, n_hidden
        self.chars = tokens
        self.int2char = dict(enumerate(self.chars))
        self.embed = nn.Embedding(len(self.chars), n_embed)
        self.lstm = nn.LSTM(n_embed, n_hidden, n_layers, dropout=drop_prob, batch_first=True)
        self.dropout = nn.Dropout(drop_prob)
        self.fc = nn.Linear(n_hidden, len(self.int2char))

    def forward(self, x, hidden=None):
        ''' All next characters, and where the net stands '''
        if hidden is None:
            hidden = self.init_hidden(x.shape[0])
        out, hidden = self.lstm(self.embed(x), hidden)
        out = self.dropout(out).contiguous().view(-1, self.n_hidden)
        return self.fc(out), hidden

    def init_hidden(self, batch_size):
        weight = next(self.parameters()).data
        make = lambda: weight.new(self.n_layers, batch_size, self.n_hidden).zero_()
        if (gpu):
            return make().cuda(), make().cuda()
        return make(), make()


net = CharRNN(chars, n_hidden=192)
print(net)


class OneStep(nn.Module):
    """An Elman network by hand: a single step."""

    def __init__(self, n_letters, n_hidden, n_out):
        super(OneStep, self).__init__()
        self.n_hidden = n_hidden
        self.to_hidden = nn.Linear(n_letters + n_hidden, n_hidden)
        self.to_out = nn.Linear(n_letters + n_hidden, n_out)

    def forward(self, letter, hidden):
        both = torch.cat((letter, hidden), 1)
        return self.to_out(both).log_softmax(1), torch.tanh(self.to_hidden(both))
