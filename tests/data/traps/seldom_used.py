import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def forward(self, x):                               # B, 6, 4
        places = x.argsort(dim=2)
        return (
            x.cummax(2)[0], x.kthvalue(2, 1)[0], x.kthvalue(1, dim=1, keepdim=True).values, x.median(1, True)[0],
            torch.take_along_dim(x, places, dim=2), torch.take_along_dim(x, places[:, :1, :3], dim=-1),
            x.tensor_split(4, 1)[3], x.tensor_split([1, 4], 1)[1], torch.tensor_split(x, 5, dim=1)[0],
            torch.dstack([x, x]), torch.diag_embed(x), torch.diag_embed(x, 1, 0, 2), torch.inner(x, x[0, :2]),
            torch.addmm(torch.zeros(4), x[:, 0], x[0].t() @ x[0]), torch.baddbmm(torch.zeros(1), x, x.mT),
            torch.kron(x[0], torch.ones(2, 3)), x.gather(1, places[:, :2]), torch.cross(x[..., :3], x[..., 1:], dim=-1),
            x.index_select(1, torch.tensor([0, 5])), x.diagonal(1, 1, 2), torch.triu(x, 1), x.flatten(1).ravel(),
            x.adjoint(), F.one_hot(torch.arange(3) % 3).float() if False else x.std((1, 2)), x.narrow(1, -2, 2),
        )


class Work(nn.Module):
    """Products that PyTorch makes of matrices, and those that it makes number by number."""

    def forward(self, x):                               # B, 6, 4
        one = x.mean(2, keepdim=True)
        row = torch.ones(4)
        turned = x.transpose(1, 2)
        return (
            torch.einsum("bij,bkj->bik", x, x), torch.einsum("bij,bkj->bik", one, one), torch.einsum("...ij,...kj->...ik", x, x),
            torch.einsum("bij,bij->b", x, x), torch.einsum("bij,j->bi", x, row), torch.einsum("bij,bij->bij", x, x),
            torch.einsum("bij,bkj,bkl->bil", x, x, x), torch.einsum("bij->bj", x), torch.einsum("bij,jk", x, torch.ones(4, 2)),
            x @ row, turned @ torch.ones(6), torch.ones(6) @ x, x[:, 0] @ row, torch.inner(x, torch.ones(3, 4)),
            torch.tensordot(x, torch.ones(6, 4, 2), dims=([1, 2], [0, 1])),
        )
