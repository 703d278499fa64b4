import torch
import torch.nn as nn
import torch.nn.functional as F


class TextCNN(nn.Module):
    # Kim 2014; static and trained vectors side by side as two channels
    def __init__(self, vocab=4000, dim=100, n_class=5, n_kernel=64, sizes=[3, 4, 5], static=True, dropout=0.5):
        super(TextCNN, self).__init__()
        Ci = 2 if static else 1
        self.embed = nn.Embedding(vocab, dim)
        if static:
            self.embed_static = nn.Embedding.from_pretrained(torch.zeros(vocab, dim), freeze=True)
        self.static = static
        self.convs = nn.ModuleList([nn.Conv2d(Ci, n_kernel, (K, dim)) for K in sizes])
        self.dropout = nn.Dropout(dropout)
        self.fc1 = nn.Linear(len(sizes)*n_kernel, n_class)

    def forward(self, x):
        x_ = self.embed(x)  # (N, W, D)
        if self.static:
            x_ = torch.stack((x_, self.embed_static(x)), 1)  # (N, 2, W, D)
        else:
            x_ = x_.unsqueeze(1)  # (N, 1, W, D)
        x = [F.relu(conv(x_)).squeeze(3) for conv in self.convs]  # [(N, Co, W), ...]
        x = [F.max_pool1d(i, i.size(2)).squeeze(2) for i in x]  # [(N, Co), ...]
        x = self.dropout(torch.cat(x, 1))
        return self.fc1(x)
