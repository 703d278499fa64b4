import torch
import torch.nn as nn
import torch.nn.functional as F

SOS = 0


class Encoder(nn.Module):
    def __init__(self, vocab, emb, hid):
        super().__init__()
        self.embedding = nn.Embedding(vocab, emb)
        self.rnn = nn.GRU(emb, hid, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(hid * 2, hid)

    def forward(self, src):
        outputs, hidden = self.rnn(self.embedding(src))
        # last state of both directions
        hidden = torch.tanh(self.fc(torch.cat((hidden[-2, :, :], hidden[-1, :, :]), dim=1)))
        return outputs, hidden


class Bahdanau(nn.Module):
    def __init__(self, enc, dec, size):
        super().__init__()
        self.W1 = nn.Linear(dec, size)
        self.W2 = nn.Linear(enc, size)
        self.v = nn.Linear(size, 1, bias=False)

    def forward(self, query, keys):
        scores = self.v(torch.tanh(self.W1(query).unsqueeze(1) + self.W2(keys)))   # B x T x 1
        weights = F.softmax(scores.squeeze(2), dim=-1)
        context = torch.bmm(weights.unsqueeze(1), keys)
        return context, weights


class Decoder(nn.Module):
    def __init__(self, vocab, emb, hid, max_len=6):
        super().__init__()
        self.max_len = max_len
        self.embedding = nn.Embedding(vocab, emb)
        self.attention = Bahdanau(2 * hid, hid, hid)
        self.cell = nn.GRUCell(emb + 2 * hid, hid)
        self.out = nn.Linear(hid, vocab)

    def forward(self, encoder_outputs, hidden, target=None):
        batch_size = encoder_outputs.size(0)
        token = torch.empty(batch_size, dtype=torch.long).fill_(SOS)
        outputs, maps = [], []
        for i in range(self.max_len):
            context, weights = self.attention(hidden, encoder_outputs)
            x = torch.cat((self.embedding(token), context.squeeze(1)), dim=1)
            hidden = self.cell(x, hidden)
            logits = self.out(hidden)
            outputs.append(logits)
            maps.append(weights)
            if target is not None:
                token = target[:, i]            # teacher forcing
            else:
                _, top = logits.topk(1)
                token = top.squeeze(-1).detach()
        return F.log_softmax(torch.stack(outputs, dim=1), dim=-1), torch.stack(maps, 1)


class Seq2Seq(nn.Module):
    def __init__(self, src_vocab=300, dst_vocab=200, emb=32, hid=64):
        super().__init__()
        self.encoder = Encoder(src_vocab, emb, hid)
        self.decoder = Decoder(dst_vocab, emb, hid)

    def forward(self, src, dst=None):
        return self.decoder(*self.encoder(src), dst)
