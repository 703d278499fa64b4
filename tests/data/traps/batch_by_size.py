import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, 1, 12))
        self.fc = nn.Linear(12, 12)

    def forward(self, x):
        b, n = x.size(0), x.size(1)
        token = self.token.repeat(x.shape[0], 1, 1)
        x = torch.cat([token, x], dim=1)
        x = self.fc(x.view(b * (n + 1), -1)).view(len(x), -1, 12)
        zeros = torch.zeros(b, 3, 12)
        return torch.cat((x, zeros), 1), x.new_ones(b).unsqueeze(1)
