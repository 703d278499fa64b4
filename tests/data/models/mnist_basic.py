from __future__ import print_function
import argparse
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from torchvision import datasets, transforms


class MnistNet(nn.Module):
    """conv - conv - pool - fc - fc, log probabilities out"""

    def __init__(self):
        super(MnistNet, self).__init__()
        self.conv1 = nn.Conv2d(1, 20, 5, 1)
        self.conv2 = nn.Conv2d(20, 50, 5, 1)
        self.drop = nn.Dropout2d(0.25)
        self.fc1 = nn.Linear(4*4*50, 500)
        self.fc2 = nn.Linear(500, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.max_pool2d(x, 2, 2)
        x = F.relu(self.conv2(x))
        x = self.drop(F.max_pool2d(x, 2, 2))
        x = x.view(-1, 4*4*50)
        x = F.relu(self.fc1(x))
        x = F.dropout(x, training=self.training)
        return F.log_softmax(self.fc2(x), dim=1)


def train_one_epoch(model, loader, optimizer, device, every):
    model.train()
    for i, (x, y) in enumerate(loader):
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        loss = F.nll_loss(model(x), y)
        loss.backward()
        optimizer.step()
        if i % every == 0:
            print('step {:5d}  loss {:.4f}'.format(i, loss.item()))


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--batch', type=int, default=64)
    p.add_argument('--epochs', type=int, default=5)
    p.add_argument('--lr', type=float, default=0.01)
    p.add_argument('--cpu', action='store_true')
    p.add_argument('--every', type=int, default=100)
    args = p.parse_args()
    device = torch.device('cuda' if torch.cuda.is_available() and not args.cpu else 'cpu')
    data = datasets.MNIST('.', train=True, download=True, transform=transforms.ToTensor())
    loader = torch.utils.data.DataLoader(data, args.batch, shuffle=True)
    model = MnistNet().to(device)
    optimizer = optim.SGD(model.parameters(), lr=args.lr, momentum=0.5)
    for _ in range(args.epochs):
        train_one_epoch(model, loader, optimizer, device, args.every)


if __name__ == '__main__':
    main()
