import torch
import torch.nn as nn


class Lists(nn.Module):
    def __init__(self):
        super().__init__()
        self.steps = nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 5)])
        self.steps.append(nn.Linear(5, 6))
        self.steps.insert(1, nn.ReLU())
        self.steps.extend([nn.Tanh(), nn.Linear(6, 6)])
        del self.steps[-1]
        self.steps += [nn.Linear(6, 3)]
        self.steps[0] = nn.Linear(4, 4, bias=False)
        self.rest = self.steps[3:]
        popped = self.steps.pop(1)
        assert isinstance(popped, nn.ReLU) and len(self.steps) == 5

    def forward(self, x):
        for at, step in enumerate(self.steps):
            x = step(x) if at % 2 == 0 else torch.relu(step(x))
        return x if self.steps[-1] is self.rest[-1] else x[:, :1]


class Chains(nn.Module):
    def __init__(self):
        super().__init__()
        chain = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU())
        chain.append(nn.Linear(8, 2))
        chain.insert(0, nn.Identity())
        chain.add_module("last", nn.Softmax(dim=-1))
        self.head = chain[:3]
        self.tail = chain[3:]
        self.tail[1] = nn.Tanh()
        del self.tail[-1]
        self.both = nn.Sequential(*self.head, *list(self.tail.children())[:1])

    def forward(self, x):
        return self.tail(self.head(x)) + self.both(x)[:, :2]


class Dicts(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads = nn.ModuleDict({"a": nn.Linear(4, 2), "b": nn.Linear(4, 3)})
        self.heads["c"] = nn.Linear(4, 4)
        self.heads.update({"d": nn.Linear(4, 5)})
        gone = self.heads.pop("b")
        assert "b" not in self.heads and isinstance(gone, nn.Linear)
        self.scales = nn.ParameterList([nn.Parameter(torch.ones(4)) for _ in range(2)])
        self.scales.append(nn.Parameter(torch.ones(1)))
        self.shifts = nn.ParameterDict({"in": nn.Parameter(torch.zeros(4))})
        self.shifts["out"] = nn.Parameter(torch.zeros(11))
        self.register_parameter("none", None)
        self.register_buffer("mask", torch.ones(11), persistent=False)

    def forward(self, x):
        for scale in self.scales:
            x = x * scale
        x = x + self.shifts["in"]
        parts = [head(x) for _, head in self.heads.items()]
        assert list(self.heads.keys()) == ["a", "c", "d"] and len(self.heads) == 3
        if self.none is not None:
            return x
        return torch.cat(parts, 1) * self.mask + self.shifts["out"]


class Walked(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Sequential(nn.BatchNorm2d(4), nn.ReLU()))
        self.apply(self.prepare)
        self.width = sum(p.numel() for p in self.parameters() if p.requires_grad)
        self.depth = len([m for m in self.modules() if not list(m.children())])
        names = dict(self.named_modules())
        self.first = type(names["block.0"]).__name__ == "Conv2d"
        for parameter in self.block[1].parameters():
            parameter.requires_grad = False
        setattr(self, "fc" + str(self.depth), nn.Linear(4, self.depth))
        self.fc = getattr(self, f"fc{self.depth}")
        self.frozen = self.block.requires_grad_(False).eval()

    @staticmethod
    def prepare(module):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
            module.bias.data.fill_(0)

    def forward(self, x):
        x = self.block(x).mean((2, 3))
        return self.fc(x) if self.first and self.width == 120 else x
