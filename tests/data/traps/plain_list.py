import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(10, 20)
        self.layers = [nn.Linear(20, 20) for _ in range(3)]
        self.heads = {'a': nn.Linear(20, 2), 'b': nn.Linear(20, 4)}
        self.pair = (nn.ReLU(), nn.Linear(20, 20))

    def forward(self, x):
        x = self.first(x)
        for layer in self.layers:
            x = self.pair[0](layer(x))
        x = self.pair[1](x)
        return {name: head(x) for name, head in self.heads.items()}
