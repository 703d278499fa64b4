"""LeNet-5 (1998), without its sparse table and its radial basis at the end."""
from collections import OrderedDict

from torch import nn, Tensor


def stage(c_in: int, c_out: int, kernel: int = 5) -> nn.Sequential:
    return nn.Sequential(OrderedDict([
        ('conv', nn.Conv2d(c_in, c_out, kernel_size=(kernel, kernel))),
        ('act', nn.Tanh()),
        ('pool', nn.AvgPool2d(kernel_size=(2, 2), stride=2)),
    ]))


class LeNet5(nn.Module):
    """1 x 32 x 32 in, log probabilities of ten digits out."""

    def __init__(self) -> None:
        super(LeNet5, self).__init__()
        self.c1_s2 = stage(1, 6)
        self.c3_s4 = stage(6, 16)
        self.c5 = nn.Conv2d(16, 120, kernel_size=(5, 5))
        self.f6 = nn.Linear(120, 84)
        self.out = nn.Linear(84, 10)
        self.act: nn.Module = nn.Tanh()
        self.log_softmax = nn.LogSoftmax(dim=-1)

    def forward(self, img: Tensor) -> Tensor:
        x = self.c3_s4(self.c1_s2(img))
        x = self.act(self.c5(x))
        x = x.view(img.size(0), -1)
        x = self.act(self.f6(x))
        return self.log_softmax(self.out(x))
