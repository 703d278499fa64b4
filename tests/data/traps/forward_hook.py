import torch.nn as nn

model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 15 * 15, 10))


def halve(module, inputs, output):
    return output[:, :, ::2, ::2]


model[0].register_forward_hook(halve)
