import torch
import torch.nn as nn
import torch.nn.functional as F

# -------- the plain one --------
class ConvAutoencoder(nn.Module):
    def __init__(self):
        super(ConvAutoencoder, self).__init__()
        ## encoder ##
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 8, 3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)

        ## decoder ##
        self.t_conv1 = nn.ConvTranspose2d(8, 16, 2, stride=2)
        self.t_conv2 = nn.ConvTranspose2d(16, 1, 2, stride=2)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        code = self.pool(F.relu(self.conv2(x)))
        x = F.relu(self.t_conv1(code))
        x = torch.sigmoid(self.t_conv2(x))

        return x, code


# -------- deeper, and it adds the noise itself --------
class DenoisingAutoencoder(ConvAutoencoder):
    def __init__(self, noise_factor=0.5):
        super().__init__()
        self.noise_factor = noise_factor
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 16, 3, padding=1)
        self.conv3 = nn.Conv2d(16, 8, 3, padding=1)
        self.t_conv1 = nn.ConvTranspose2d(8, 8, 3, stride=2)
        self.t_conv2 = nn.ConvTranspose2d(8, 16, 2, stride=2)
        self.t_conv3 = nn.ConvTranspose2d(16, 32, 2, stride=2)
        self.conv_out = nn.Conv2d(32, 1, 3, padding=1)

    def forward(self, x):
        if self.training:
            x = x + self.noise_factor * torch.randn(*x.shape)
            x = torch.clamp(x, 0., 1.)
        for conv in (self.conv1, self.conv2, self.conv3):
            x = self.pool(F.relu(conv(x)))
        for up in (self.t_conv1, self.t_conv2, self.t_conv3):
            x = F.relu(up(x))
        return torch.sigmoid(self.conv_out(x))


if __name__ == "__main__":
    model = DenoisingAutoencoder()
    print(model)
    print(model(torch.zeros(1, 1, 28, 28)).shape)
