import torch
import torch.nn as nn


class Scale(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(n, 1, 1))
        self.register_parameter('beta', nn.Parameter(torch.zeros(n, 1, 1)))
        self.register_parameter('none', None)
        self.register_buffer('steps', torch.zeros(100))
        self.fixed = torch.zeros(50)                        # neither
        self.frozen = nn.Parameter(torch.ones(7), requires_grad=False)

    def forward(self, x):
        return x * self.gamma + self.beta


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3)
        self.scale = Scale(6)
        self.weights = nn.ParameterList([nn.Parameter(torch.randn(6, k)) for k in (2, 3)])
        self.table = nn.ParameterDict({'bias': nn.Parameter(torch.zeros(3))})
        self.hidden = [nn.Parameter(torch.zeros(99))]       # in a plain list: not counted

    def forward(self, x):
        x = self.scale(self.conv(x)).mean((2, 3))
        return x @ self.weights[0], torch.matmul(x, self.weights[1]) + self.table['bias']
