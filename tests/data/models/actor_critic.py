import torch
import torch.nn as nn
import torch.nn.functional as F


def layer_init(layer, std=2 ** 0.5, bias_const=0.0):
    torch.nn.init.orthogonal_(layer.weight, std)
    torch.nn.init.constant_(layer.bias, bias_const)
    return layer


class Agent(nn.Module):
    def __init__(self, obs_dim=8, n_actions=4, hidden=(64, 64)):
        super().__init__()
        self.critic = self.mlp([obs_dim, *hidden, 1], std=1.0)
        self.actor = self.mlp([obs_dim, *hidden, n_actions], std=0.01)
        self.log_std = nn.Parameter(torch.full((n_actions,), -0.5))

    @classmethod
    def for_cartpole(cls):
        return cls(obs_dim=4, n_actions=2)

    @staticmethod
    def mlp(sizes, std):
        layers = []
        for n_in, n_out in zip(sizes[:-1], sizes[1:]):
            layers.extend((layer_init(nn.Linear(n_in, n_out)), nn.Tanh()))
        layers.pop()
        layer_init(layers[-1], std=std)
        return nn.Sequential(*layers)

    def get_value(self, x):
        return self.critic(x)

    def forward(self, x):
        logits = self.actor(x)
        probs = F.softmax(logits, -1)
        return probs, self.log_std.exp().expand_as(probs), self.get_value(x).squeeze(-1)
