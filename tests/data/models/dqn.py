import torch
import torch.nn as nn


class DQN(nn.Module):
    def __init__(self, input_shape, n_actions):
        super(DQN, self).__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(input_shape[0], 16, kernel_size=8, stride=4), nn.ReLU(),
            nn.Conv2d(16, 32, kernel_size=4, stride=2), nn.ReLU(),
            nn.Conv2d(32, 32, kernel_size=3, stride=1), nn.ReLU()
        )
        n_flat = self._get_conv_out(input_shape)
        self.fc = nn.Sequential(nn.Linear(n_flat, 256), nn.ReLU(), nn.Linear(256, n_actions))

    def _get_conv_out(self, shape):
        o = self.conv(torch.zeros(1, *shape))
        return o.view(1, -1).size(1)

    def forward(self, x):
        fx = x.float() / 256
        conv_out = self.conv(fx).view(fx.size()[0], -1)
        return self.fc(conv_out)


class SmallScreen(nn.Module):
    # the linear layer depends on the screen, so its size is calculated
    def __init__(self, h, w, outputs):
        super(SmallScreen, self).__init__()
        widths = [3, 16, 32, 32]
        self.convs = nn.ModuleList([nn.Conv2d(a, b, kernel_size=5, stride=2) for a, b in zip(widths, widths[1:])])
        self.norms = nn.ModuleList([nn.BatchNorm2d(b) for b in widths[1:]])

        def after(size, kernel = 5, stride = 2, times = 3):
            for _ in range(times):
                size = (size - (kernel - 1) - 1) // stride  + 1
            return size
        self.head = nn.Linear(after(w) * after(h) * widths[-1], outputs)

    def forward(self, x):
        for conv, norm in zip(self.convs, self.norms):
            x = torch.relu(norm(conv(x)))
        return self.head(x.view(x.size(0), -1))


class DuelingDQN(DQN):
    def __init__(self, input_shape, n_actions):
        super().__init__(input_shape, n_actions)
        del self.fc
        with torch.no_grad():
            n_flat = self.conv(torch.rand(1, *input_shape)).flatten(1).shape[1]
        self.value = nn.Sequential(nn.Linear(n_flat, 256), nn.ReLU(), nn.Linear(256, 1))
        self.advantage = nn.Sequential(nn.Linear(n_flat, 256), nn.ReLU(), nn.Linear(256, n_actions))

    def forward(self, x):
        features = self.conv(x / 255.).flatten(1)
        advantage, value = self.advantage(features), self.value(features)
        return value + advantage - advantage.mean(dim=1, keepdim=True)


n_actions = 6
policy = DQN((4, 84, 84), n_actions)
target = DQN((4, 84, 84), n_actions)
target.load_state_dict(policy.state_dict())
target.eval()
