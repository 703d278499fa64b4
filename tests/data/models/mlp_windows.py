# 手写数字识别：多层感知机 (written on Windows: BOM, CRLF)
import torch.nn as nn

# Größe der Schichten
config = dict(
    input_size=28 * 28,
    hidden=[300, 100],
    classes=10,
    activation='leaky',
)

activations = {'relu': nn.ReLU(), 'leaky': nn.LeakyReLU(0.1), 'tanh': nn.Tanh()}


class 感知机(nn.Module):
    """多层感知机"""

    def __init__(self, input_size, hidden, classes, activation='relu'):
        super().__init__()
        sizes = [input_size, *hidden]
        self.层 = nn.ModuleList([nn.Linear(sizes[i], sizes[i + 1]) for i in range(len(sizes) - 1)])
        self.ausgabe = nn.Linear(sizes[-1], classes)
        self.act = activations[activation]

    def forward(self, x):
        x = x.view(x.size(0), -1)  # 展平
        for 层 in self.层:
            x = self.act(层(x))
        return self.ausgabe(x)


model = 感知机(**config)
