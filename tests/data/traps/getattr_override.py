import torch.nn as nn


class Wrapper(nn.Module):
    """Gives what it hasn't from the module inside."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(self.module, name)

    def forward(self, x):
        return self.classifier(self.features(x))


class Inner(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Linear(6, 12)
        self.classifier = nn.Linear(12, 3)

    def forward(self, x):
        return self.features(x)


model = Wrapper(Inner())
