import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, num_classes=5):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.conv3 = nn.Conv2d(16, 32, 3, padding=1)    # was too slow, not in use any more
        self.bn = nn.BatchNorm2d(16)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc_old = nn.Linear(32 * 8 * 8, 64)
        self.fc = nn.Linear(16 * 8 * 8, num_classes)
        self.softmax = nn.Softmax(dim=1)
        self.criterion = nn.CrossEntropyLoss()
        self.dropout = nn.Dropout(0.3)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.bn(self.conv2(x))))
        # x = self.pool(F.relu(self.conv3(x)))
        x = self.dropout(x)
        x = x.reshape(x.shape[0], -1)
        return self.fc(x)       # CrossEntropyLoss does the softmax


def main():
    net = Net()
    print(net(torch.zeros(1, 3, 32, 32)))


if __name__ == '__main__':
    main()
