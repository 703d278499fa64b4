import torch.nn as nn

activations = {}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 2)
        self.conv.register_forward_hook(self.keep)

    def keep(self, module, inputs, output):
        activations['conv'] = output.detach()

    def forward(self, x):
        return self.fc(self.conv(x).mean((2, 3)))
