import torch
import torch.nn as nn
from torch.autograd import Function


class Reversed(Function):
    """The gradient is turned round, as for adapting to another domain."""

    @staticmethod
    def forward(ctx, x, alpha):
        ctx.alpha = alpha
        return x.view_as(x)

    @staticmethod
    def backward(ctx, gradient):
        return -ctx.alpha * gradient, None


class Swish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        result = x * torch.sigmoid(x)
        ctx.save_for_backward(x)
        return result


class Product(torch.autograd.Function):
    @staticmethod
    def forward(x, weight):
        return x @ weight

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 4)
        self.weight = nn.Parameter(torch.zeros(4, 5))
        self.register_buffer("shift", torch.zeros(4))

    def forward(self, x):
        y = Swish.apply(self.fc(Reversed.apply(x, 0.5)))
        if self.shift.device != x.device:
            self.shift = self.shift.to(x.device)
        if x.device.type == "mps":
            y = y[:, :2]
        turned = Reversed.apply
        return Product.apply(turned(y + self.shift, 1.0), self.weight)
