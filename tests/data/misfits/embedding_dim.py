import torch.nn as nn


class BagOfWords(nn.Module):
    def __init__(self, vocab=10000, dim=128, hidden=100):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim)
        self.net = nn.Sequential(
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, 2),
        )

    def forward(self, tokens):
        mean = self.emb(tokens).mean(dim=1)
        return self.net(mean)
