import torch
import torch.nn as nn


class Method(nn.Module):
    def __init__(self):
        super().__init__()
        self.decode = nn.Linear(8, 4)

    def decode(self, x):
        return x.mean(1, keepdim=True)

    def forward(self, x):
        return self.decode(x)


class Default(nn.Module):
    pool = None

    def __init__(self):
        super().__init__()
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        return self.pool(x) if self.pool is not None else x


class Read(nn.Module):
    def __init__(self):
        super().__init__()
        self.loss = nn.Linear(3, 4)

    @property
    def loss(self):
        return 2

    def forward(self, x):
        return x * self.loss


class Private(nn.Module):
    def __init__(self):
        super().__init__()
        self.__fc = nn.Linear(3, 2)

    def forward(self, x):
        return self.__fc(x)


class Scaled(nn.Module):
    """A convolution whose bias is added by its owner, as in equalised learning rates."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.bias = self.conv.bias
        self.conv.bias = None

    def forward(self, x):
        return self.conv(x * 0.5) + self.bias.view(1, -1, 1, 1)


class Settings:
    def __init__(self, given):
        self.__dict__ = given


class Plain:
    pass


class Configured(nn.Module, Plain):
    def __init__(self):
        super().__init__()
        Plain.__init__(self)
        settings = Settings({"width": 4})
        self.fc = nn.Linear(3, settings.width)

    def forward(self, x):
        return self.fc(x)


class Together(nn.Module):
    def __init__(self):
        super().__init__()
        self.key = nn.Linear(6, 2)

    def forward(self, x):
        scores = torch.einsum("blhe,bshe->bhls", x, x)
        return torch.einsum("bhls,bshd->bhld", scores, x).transpose(1, 2).reshape(x.size(0), -1)
