import torch.nn as nn

width = 1
while width != 0:
    width = width * 3 % 1000003
model = nn.Linear(width, width)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        while True:
            x = self.fc(x)
