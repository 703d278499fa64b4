import torch
import torch.nn as nn

class RegressionModel(nn.Module):
    def __init__(self):
        super(RegressionModel, self).__init__()
        self.hidden = nn.Linear(8, 32)
        self.output = nn.Linear(32, 1)

    def forward(self, x):
        x = torch.relu(hidden(x))
        return self.output(x)

model = RegressionModel()
loss_fn = nn.MSELoss()
