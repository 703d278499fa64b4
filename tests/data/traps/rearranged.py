import torch
import torch.nn as nn


class Net(nn.Module):
    def forward(self, x):                               # B, 6, 4, 4
        a, b = x.chunk(2, 1)
        c = torch.stack((a, b), dim=-1)
        parts = x.split([1, 2, 3], dim=1)
        uneven = torch.chunk(x, 4, dim=1)               # 2, 2, 2: three parts
        rest = x.split(4, dim=1)                        # 4 and 2
        return (
            c, *parts, len(uneven) * x.unbind(2)[0], rest[-1],
            x.movedim(1, -1), x.swapaxes(1, 2), x.mT, x.flatten(1, 2), x.unflatten(1, (2, -1)),
            x.view(x.size(0), 3, 2, *x.shape[2:]).transpose(1, 2), x.repeat(1, 2, 1, 3),
            x.repeat_interleave(2, dim=1), x.tile(2), torch.cat([x, x[:, :1]], -3), x[:, :, 0].expand(-1, -1, 4),
            torch.outer(x[0, 0, 0], x[0, 0, 1]), torch.nn.functional.one_hot(x.argmax(1), 6).permute(0, 3, 1, 2),
            x.diagonal(dim1=2, dim2=3), x.tril(), torch.dstack([x, x]), torch.hstack((x, x)), x.reshape(-1, 2, 8),
            x.gather(1, torch.zeros(x.size(0), 2, 4, 4, dtype=torch.long)), x.squeeze().T.shape[0] * x,
            x.new_zeros(x.shape), x.view_as(torch.empty(x.size(0), 96)), x.numel() / x.size(0) + x,
        )
