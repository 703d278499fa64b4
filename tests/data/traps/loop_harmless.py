import torch
import torch.nn as nn
from torchvision import datasets

n_classes = 10
train = datasets.CIFAR10('train')
loader = torch.utils.data.DataLoader(train, batch_size=4)
model = nn.Sequential(nn.Flatten(), nn.Linear(3072, n_classes))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for images, labels in loader:
    loss = nn.functional.cross_entropy(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
