import torch.nn as nn


class C3D(nn.Module):
    """3-D convolutions for short clips of 16 frames."""

    def __init__(self, num_classes, pretrained=False):
        super(C3D, self).__init__()
        self.conv1 = nn.Conv3d(3, 16, kernel_size=(3, 3, 3), padding=(1, 1, 1))
        self.pool1 = nn.MaxPool3d(kernel_size=(1, 2, 2), stride=(1, 2, 2))      # not in time yet
        self.conv2 = nn.Conv3d(16, 32, kernel_size=(3, 3, 3), padding=(1, 1, 1))
        self.pool2 = nn.MaxPool3d(kernel_size=(2, 2, 2), stride=(2, 2, 2))
        self.conv3a = nn.Conv3d(32, 64, kernel_size=3, padding=1)
        self.conv3b = nn.Conv3d(64, 64, kernel_size=3, padding=1)
        self.pool3 = nn.MaxPool3d(2)
        self.conv4 = nn.Conv3d(64, 128, kernel_size=3, padding=1)
        self.pool4 = nn.MaxPool3d(kernel_size=(2, 2, 2), stride=(2, 2, 2), padding=(0, 1, 1))
        self.fc5 = nn.Linear(128 * 2 * 4 * 4, 512)
        self.fc6 = nn.Linear(512, num_classes)
        self.dropout = nn.Dropout(p=0.5)
        self.relu = nn.ReLU()

        self.__init_weight()
        if pretrained:
            self.__load()

    def forward(self, x):
        x = self.pool1(self.relu(self.conv1(x)))
        x = self.pool2(self.relu(self.conv2(x)))
        x = self.relu(self.conv3a(x))
        x = self.pool3(self.relu(self.conv3b(x)))
        x = self.pool4(self.relu(self.conv4(x)))
        x = x.view(-1, 4096)
        x = self.dropout(self.relu(self.fc5(x)))
        return self.fc6(x)

    def __load(self):
        raise NotImplementedError('no weights here')

    def __init_weight(self):
        for m in self.modules():
            if isinstance(m, nn.Conv3d):
                nn.init.kaiming_normal_(m.weight)


def slow_params(model):
    for part in [model.conv1, model.conv2, model.conv3a]:
        for p in part.parameters():
            if p.requires_grad:
                yield p
