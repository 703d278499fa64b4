from torch import nn

ACTIVATIONS = {
    "relu": lambda: nn.ReLU(inplace=True),
    "swish": nn.SiLU,
    "none": nn.Identity,
}


class ConvBNAct(nn.Sequential):
    def __init__(self, i, o, k=3, s=1, act="relu"):
        super().__init__(
            nn.Conv2d(i, o, k, s, padding=(k - 1) // 2, bias=False),
            nn.BatchNorm2d(o),
            ACTIVATIONS[act](),
        )
