import torch
import torch.nn as nn


class NeuMF(nn.Module):
    def __init__(self, config):
        super(NeuMF, self).__init__()
        self.num_users, self.num_items = config['num_users'], config['num_items']
        layers = config['layers']
        self.mf_user = nn.Embedding(self.num_users, config['latent_dim_mf'])
        self.mf_item = nn.Embedding(self.num_items, config['latent_dim_mf'])
        self.mlp_user = nn.Embedding(self.num_users, layers[0] // 2)
        self.mlp_item = nn.Embedding(self.num_items, layers[0] // 2)

        self.fc_layers = nn.ModuleList()
        for idx, (in_size, out_size) in enumerate(zip(layers[:-1], layers[1:])):
            self.fc_layers.append(nn.Linear(in_size, out_size))
        self.affine_output = nn.Linear(layers[-1] + config['latent_dim_mf'], 1)
        self.logistic = nn.Sigmoid()

    def forward(self, user, item):
        mlp = torch.cat([self.mlp_user(user), self.mlp_item(item)], dim=-1)
        mf = torch.mul(self.mf_user(user), self.mf_item(item))
        for idx, _ in enumerate(range(len(self.fc_layers))):
            mlp = self.fc_layers[idx](mlp)
            mlp = torch.nn.ReLU()(mlp)
        vector = torch.cat([mlp, mf], dim=-1)
        rating = self.logistic(self.affine_output(vector))
        return rating


config = {'alias': 'neumf', 'num_epoch': 200, 'num_users': 943, 'num_items': 1682,
          'latent_dim_mf': 8, 'layers': [32, 64, 16, 8], 'l2': 1e-7}
config['layers'][0] = 2 * config['latent_dim_mf'] + 16
model = NeuMF(config)
