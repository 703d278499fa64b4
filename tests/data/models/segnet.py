import torch.nn as nn
import torch.nn.functional as F


class SegNet(nn.Module):
    """Pools remember where the largest value was; that is where it goes back to."""

    def __init__(self, in_chn=3, out_chn=12, BN_momentum=0.5):
        super(SegNet, self).__init__()
        self.MaxEn = nn.MaxPool2d(2, stride=2, return_indices=True)
        self.MaxDe = nn.MaxUnpool2d(2, stride=2)
        w = [in_chn, 32, 64, 96]
        for i in range(1, len(w)):
            setattr(self, f"enc{i}", nn.Conv2d(w[i - 1], w[i], 3, padding=1))
            setattr(self, f"enc{i}_bn", nn.BatchNorm2d(w[i], momentum=BN_momentum))
            out = w[i - 1] if i > 1 else out_chn
            setattr(self, f"dec{i}", nn.Conv2d(w[i], out, 3, padding=1))
            if i > 1:
                setattr(self, f"dec{i}_bn", nn.BatchNorm2d(out, momentum=BN_momentum))
        self.levels = len(w) - 1

    def forward(self, x):
        indices, sizes = [], []
        for i in range(1, self.levels + 1):
            x = F.relu(getattr(self, f"enc{i}_bn")(getattr(self, f"enc{i}")(x)))
            sizes.append(x.size())
            x, ind = self.MaxEn(x)
            indices.append(ind)
        for i in range(self.levels, 0, -1):
            x = self.MaxDe(x, indices[i - 1], output_size=sizes[i - 1])
            x = getattr(self, f"dec{i}")(x)
            if i > 1:
                x = F.relu(getattr(self, f"dec{i}_bn")(x))
        return F.softmax(x, dim=1)
