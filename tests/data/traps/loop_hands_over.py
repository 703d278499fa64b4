# The loop gives the model to a function that changes it.
import torch
import torch.nn as nn
from torchvision import datasets

loader = torch.utils.data.DataLoader(datasets.CIFAR10('train'), batch_size=4)
model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 64), nn.Linear(64, 10))


def grow(net, images):
    if images.std() > 0:
        net[2] = nn.Linear(64, 20)


for images, labels in loader:
    grow(model, images)
