import torch.nn as nn


class Stage(nn.Module):
    made = 0

    def __init__(self, channels):
        super().__init__()
        Stage.made += 1
        self.out_channels = 8 * 2 ** Stage.made
        self.conv = nn.Conv2d(channels, self.out_channels, 3, stride=2, padding=1)

    def forward(self, x):
        return self.conv(x).relu()


probe = Stage(3)        # counts, too


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        stages, channels = [], 3
        for _ in range(3):
            stage = Stage(channels)
            channels = stage.out_channels
            stages.append(stage)
        self.stages = nn.Sequential(*stages)

    def forward(self, x):
        return self.stages(x)


net = Net()
