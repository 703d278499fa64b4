import pandas as pd
import torch.nn as nn
from sklearn.preprocessing import StandardScaler

try:
    data = pd.read_csv('houses.csv')
    scaler = StandardScaler().fit(data)
except Exception:
    data = None


class Regression(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.linear = nn.Linear(inputs, 1)

    def forward(self, x):
        return self.linear(x)


model = Regression(13)
