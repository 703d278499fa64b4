import torch
import torch.nn as nn


class Net(nn.Module):
    """Two arguments, one of them with a default, and one that decides."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(20, 6)
        self.fc = nn.Linear(6, 3)
        self.mask_fc = nn.Linear(1, 6)

    def forward(self, ids, mask=None, *, scale=1.0, return_dict=False):
        x = self.embed(ids)
        if mask is not None:
            x = x + self.mask_fc(mask.unsqueeze(-1).float())
        logits = self.fc(x.mean(1)) * scale
        if not return_dict:
            return (logits,) + ((mask,) if mask is not None else ())
        return {'logits': logits}
