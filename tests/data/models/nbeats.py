import torch as t
from torch import nn


class Block(nn.Module):
    def __init__(self, units, thetas, back, ahead, share=False):
        super().__init__()
        first, *rest = [nn.Linear(a, units) for a in (back, units, units)]
        self.first = first
        self.second, self.third = rest
        if share:
            self.theta_ahead = self.theta_back = nn.Linear(units, thetas, bias=False)
        else:
            self.theta_back = nn.Linear(units, thetas, bias=False)
            self.theta_ahead = nn.Linear(units, thetas, bias=False)
        self.basis_back, self.basis_ahead = nn.Linear(thetas, back), nn.Linear(thetas, ahead)

    def forward(self, x):
        for fc in (self.first, self.second, self.third):
            x = t.relu(fc(x))
        return self.basis_back(self.theta_back(x)), self.basis_ahead(self.theta_ahead(x))


class NBeats(nn.Module):
    """Each block takes away what it explains, and adds to the forecast."""

    def __init__(self, back=40, ahead=10, stacks=2, blocks=3, units=64, share=True):
        super().__init__()
        self.ahead = ahead
        self.stacks = []            # plain lists, so the parameters are named below
        found = []
        for s in range(stacks):
            stack = []
            for b in range(blocks):
                stack.append(stack[-1] if share and b == 2 else Block(units, 4 + s, back, ahead, share))
                found.extend(stack[-1].parameters())
            self.stacks.append(stack)
        self.found = nn.ParameterList(found)

    def forward(self, past):
        forecast = t.zeros(size=(past.size(0), self.ahead))
        for stack in self.stacks:
            for block in stack:
                explained, more = block(past)
                past = past - explained
                forecast = forecast + more
        return past, forecast
