import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 16, 3))
        self.neck = nn.Conv2d(16, 16, 1)
        self.head = nn.Linear(16, 4)

    def forward(self, x):
        return self.head(self.neck(self.body(x)).mean((2, 3)))


model = Net()
for name, p in model.named_parameters():
    if name.startswith('body') and not name.endswith('bias'):
        p.requires_grad = False
model.neck.requires_grad_(False)
for p in model.head.parameters():
    p.requires_grad_(False)
model.head.bias.requires_grad = True
