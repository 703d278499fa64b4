# My notes on the CIFAR-10 tutorial: everything in one script, top to bottom.
import torch
import torchvision
import torchvision.transforms as transforms
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

EPOCHS = 2
to_tensor = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,) * 3, (0.5,) * 3)])

train_data = torchvision.datasets.CIFAR10('./data', train=True, download=True, transform=to_tensor)
test_data = torchvision.datasets.CIFAR10('./data', train=False, download=True, transform=to_tensor)
train_loader = torch.utils.data.DataLoader(train_data, batch_size=4, shuffle=True)
test_loader = torch.utils.data.DataLoader(test_data, batch_size=4)
labels = 'plane car bird cat deer dog frog horse ship truck'.split()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, len(labels))

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = x.view(-1, 16 * 5 * 5)      # everything but the batch
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


net = Net()
loss_fn = nn.CrossEntropyLoss()
opt = optim.SGD(net.parameters(), lr=1e-3, momentum=0.9)

for epoch in range(EPOCHS):
    total = 0.0
    for step, (images, targets) in enumerate(train_loader):
        opt.zero_grad()
        out = net(images)
        loss = loss_fn(out, targets)
        loss.backward()
        opt.step()
        total += loss.item()
        if step % 1000 == 999:
            print(f'epoch {epoch}, step {step}: {total / 1000:.3f}')
            total = 0.0

torch.save(net.state_dict(), 'cifar.pth')

hits = n = 0
net.eval()
with torch.no_grad():
    for images, targets in test_loader:
        guess = net(images).argmax(dim=1)
        n += targets.size(0)
        hits += (guess == targets).sum().item()
print('accuracy: %d %%' % (100 * hits / n))
