import torch
from torch import nn
from torch.nn import functional as F

X_DIM, H_DIM, Z_DIM = 28 * 28, 256, 16


class VAE(nn.Module):
    def __init__(self):
        super(VAE, self).__init__()
        self.enc = nn.Linear(X_DIM, H_DIM)
        self.mu = nn.Linear(H_DIM, Z_DIM)
        self.logvar = nn.Linear(H_DIM, Z_DIM)
        self.dec1 = nn.Linear(Z_DIM, H_DIM)
        self.dec2 = nn.Linear(H_DIM, X_DIM)

    def encode(self, x):
        h = F.relu(self.enc(x))
        return self.mu(h), self.logvar(h)

    def sample(self, mu, logvar):
        if not self.training:
            return mu
        sigma = torch.exp(logvar / 2)
        return mu + sigma * torch.randn_like(sigma)

    def decode(self, z):
        return torch.sigmoid(self.dec2(F.relu(self.dec1(z))))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, X_DIM))
        return self.decode(self.sample(mu, logvar)), mu, logvar


model = VAE().to("cuda" if torch.cuda.is_available() else "cpu")
optimizer = torch.optim.Adam(model.parameters())


def elbo(out, x):
    recon, mu, logvar = out
    nll = F.binary_cross_entropy(recon, x.view(-1, X_DIM), reduction='sum')
    kl = 0.5 * (mu ** 2 + logvar.exp() - logvar - 1).sum()
    return nll + kl
