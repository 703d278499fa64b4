import torch.nn as nn
import torch.nn.functional as F

RATE = 8000
words = ("backward bed bird cat dog down eight five follow forward four go happy house "
         "learn left marvin nine no off on one right seven sheila six stop three tree two").split()


class M5(nn.Module):
    """Very deep on raw waveforms; four times conv, norm, pool."""
    def __init__(self, n_input=1, n_output=30, stride=16, n_channel=32):
        super().__init__()
        widths = [n_input, n_channel, n_channel, n_channel * 2, n_channel * 2]
        for i in range(1, 5):
            first = i == 1
            conv = nn.Conv1d(widths[i - 1], widths[i], kernel_size=80 if first else 3,
                             stride=stride if first else 1)
            self.add_module(f'conv{i}', conv)
            self.add_module(f'bn{i}', nn.BatchNorm1d(widths[i]))
        self.pool = nn.MaxPool1d(4)
        self.fc = nn.Linear(widths[-1], n_output)

    def forward(self, x):
        for i in range(1, 5):
            conv, bn = getattr(self, f'conv{i}'), getattr(self, f'bn{i}')
            x = self.pool(F.relu(bn(conv(x))))
        x = F.avg_pool1d(x, x.shape[-1])
        x = x.permute(0, 2, 1)              # channels last
        x = self.fc(x)
        return F.log_softmax(x, dim=2)


def count_parameters(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


model = M5(n_output=len(words))
print("Number of parameters: %s" % count_parameters(model))
