import torch
import torch.nn as nn
import torch.nn.functional as F


#two images in, two vectors out
class SiameseNetwork(nn.Module):

    def __init__(self):
        super(SiameseNetwork, self).__init__()

        self.cnn = nn.Sequential(
            nn.ReflectionPad2d(1),
            nn.Conv2d(1, 4, kernel_size=3),
            nn.ReLU(inplace=True),
            nn.BatchNorm2d(4),

            nn.ReflectionPad2d(1),
            nn.Conv2d(4, 8, kernel_size=3),
            nn.ReLU(inplace=True),
            nn.BatchNorm2d(8),
            nn.MaxPool2d(2, stride=2),
        )
        self.fc = nn.Sequential(
            nn.Linear(8*50*50, 200), nn.ReLU(inplace=True),
            nn.Linear(200, 5))

    def forward_once(self, x):
        output = self.cnn(x)
        output = output.view(output.size()[0], -1)
        return self.fc(output)

    def forward(self, input1, input2):
        return self.forward_once(input1), self.forward_once(input2)


class LearntDistance(nn.Module):
    def __init__(self):
        super(LearntDistance, self).__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(1, 32, 10), nn.ReLU(inplace=True), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 7), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 4), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 128, 4), nn.ReLU(),
        )
        self.vector = nn.Sequential(nn.Flatten(), nn.Linear(128 * 6 * 6, 512), nn.Sigmoid())
        self.out = nn.Linear(512, 1)

    def forward(self, x1, x2):
        dis = torch.abs(self.vector(self.conv(x1)) - self.vector(self.conv(x2)))
        return self.out(dis)


class ContrastiveLoss(torch.nn.Module):
    def __init__(self, margin=2.0):
        super(ContrastiveLoss, self).__init__()
        self.margin = margin

    def forward(self, a, b, same):
        d = F.pairwise_distance(a, b, keepdim = True)
        apart = torch.clamp(self.margin - d, min=0.0)
        return torch.mean(same * d ** 2 + (1 - same) * apart ** 2)


net = SiameseNetwork()
criterion = ContrastiveLoss()
