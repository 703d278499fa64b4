import torch
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):                               # B, 4, 6, 8
        v, i = x.max(dim=2)
        values, indices = torch.topk(x, 3, dim=1)
        m = x.median(-1, keepdim=True)[0]
        return (
            v, i, values, m,
            x.mean(),                                   # one number
            x.mean(dim=(1, 3)), x.sum(0), x.std([2, 3], keepdim=True),
            x.argmax(1), x.argmax(), x.norm(p=2, dim=1),
            torch.cumsum(x, 2), x.sort(dim=3).values, x.var(-1).prod(1), torch.logsumexp(x, (1, 2)),
            x.flatten(1).min(1).indices, x.any(1), x.amax((-1, -2)),
        )
