from typing import List, Optional

import torch
from torch import nn


class Flatten(nn.Module):
    """(N, C, H, W) -> (N, C*H*W)"""

    def forward(self, input):
        return input.view(input.size(0), -1)


class UnFlatten(nn.Module):
    def __init__(self, channels, side):
        super().__init__()
        self.shape = (channels, side, side)

    def forward(self, input):
        return input.view(-1, *self.shape)


class ConvVAE(nn.Module):
    def __init__(self, in_channels: int = 3, latent_dim: int = 128, image_size: int = 64,
                 hidden_dims: Optional[List[int]] = None, **kwargs) -> None:
        super().__init__()
        if hidden_dims is None:
            hidden_dims = [16, 32, 64, 128]
        self.latent_dim = latent_dim
        side = image_size // 2 ** len(hidden_dims)
        flat = hidden_dims[-1] * side ** 2

        # encoder: every step halves the image
        steps: List[nn.Module] = []
        for before, after in zip([in_channels] + hidden_dims, hidden_dims):
            steps.append(nn.Sequential(
                nn.Conv2d(before, after, kernel_size=3, stride=2, padding=1),
                nn.BatchNorm2d(after),
                nn.LeakyReLU()))
        self.encoder = nn.Sequential(*steps, Flatten())
        self.heads = nn.ModuleDict({"mu": nn.Linear(flat, latent_dim), "log_var": nn.Linear(flat, latent_dim)})

        # decoder: and every step doubles it again
        widths = hidden_dims[::-1] + [in_channels]
        self.decoder = nn.Sequential(nn.Linear(latent_dim, flat), UnFlatten(widths[0], side))
        for i in range(len(widths) - 1):
            last = i == len(widths) - 2
            self.decoder.add_module(f"up{i}", nn.ConvTranspose2d(
                widths[i], widths[i + 1], 3, stride=2, padding=1, output_padding=1))
            self.decoder.add_module(f"act{i}", nn.Tanh() if last else nn.LeakyReLU())

    @staticmethod
    def reparameterize(mu: torch.Tensor, log_var: torch.Tensor) -> torch.Tensor:
        eps = torch.randn_like(mu)
        return eps * torch.exp(0.5 * log_var) + mu

    def forward(self, input: torch.Tensor, **kwargs) -> List[torch.Tensor]:
        code = self.encoder(input)
        mu, log_var = (head(code) for head in self.heads.values())
        return [self.decoder(self.reparameterize(mu, log_var)), input, mu, log_var]
