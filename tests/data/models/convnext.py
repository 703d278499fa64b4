import torch
import torch.nn as nn
import torch.nn.functional as F


class DropPath(nn.Module):
    """Leaves a residual branch out, sample by sample."""

    def __init__(self, p=None):
        super(DropPath, self).__init__()
        self.p = p

    def forward(self, x):
        if not self.p or not self.training:
            return x
        keep = 1 - self.p
        shape = (x.shape[0],) + (1,) * (x.ndim - 1)
        mask = torch.rand(shape, dtype=x.dtype, device=x.device) < keep
        return x.div(keep) * mask


class LayerNorm(nn.Module):
    r"""Layer norm over the channels, wherever these are:
    last (N, H, W, C) or first (N, C, H, W).
    """

    def __init__(self, channels, eps=1e-6, order="last"):
        super().__init__()
        if order not in ("last", "first"):
            raise NotImplementedError(order)
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.eps, self.order, self.shape = eps, order, (channels, )

    def forward(self, x):
        if self.order == "last":
            return F.layer_norm(x, self.shape, self.weight, self.bias, self.eps)
        mean = x.mean(1, keepdim=True)
        var = (x - mean).pow(2).mean(1, keepdim=True)
        x = (x - mean) / torch.sqrt(var + self.eps)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


class Block(nn.Module):
    def __init__(self, dim, drop=0., scale=1e-6):
        super().__init__()
        self.dw = nn.Conv2d(dim, dim, kernel_size=7, padding=3, groups=dim)
        self.norm = LayerNorm(dim)
        self.expand = nn.Linear(dim, 4 * dim)   # 1x1 convolutions, as linear layers
        self.act = nn.GELU()
        self.shrink = nn.Linear(4 * dim, dim)
        self.gamma = nn.Parameter(scale * torch.ones((dim)), requires_grad=True) if scale > 0 else None
        self.drop = DropPath(drop) if drop > 0. else nn.Identity()

    def forward(self, x):
        y = self.dw(x).permute(0, 2, 3, 1)      # channels last
        y = self.shrink(self.act(self.expand(self.norm(y))))
        if self.gamma is not None:
            y = self.gamma * y
        return x + self.drop(y.permute(0, 3, 1, 2))


class ConvNeXt(nn.Module):
    def __init__(self, in_chans=3, num_classes=1000, depths=[3, 3, 9, 3], dims=[96, 192, 384, 768],
                 drop_rate=0., scale=1e-6):
        super().__init__()
        rates = [r.item() for r in torch.linspace(0, drop_rate, sum(depths))]
        self.down = nn.ModuleList()
        self.stages = nn.ModuleList()
        self.down.append(nn.Sequential(nn.Conv2d(in_chans, dims[0], kernel_size=4, stride=4),
                                       LayerNorm(dims[0], order="first")))
        for i in range(len(dims) - 1):
            self.down.append(nn.Sequential(LayerNorm(dims[i], order="first"),
                                           nn.Conv2d(dims[i], dims[i+1], kernel_size=2, stride=2)))
        start = 0
        for dim, depth in zip(dims, depths):
            self.stages.append(nn.Sequential(*[
                Block(dim, rates[start + j], scale) for j in range(depth)]))
            start += depth
        self.norm = nn.LayerNorm(dims[-1], eps=1e-6)
        self.head = nn.Linear(dims[-1], num_classes)
        self.apply(self._init)
        self.head.weight.data.mul_(0.5)

    def _init(self, m):
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            nn.init.trunc_normal_(m.weight, std=.02)
            nn.init.constant_(m.bias, 0)

    def forward_features(self, x):
        for down, stage in zip(self.down, self.stages):
            x = stage(down(x))
        return self.norm(x.mean([-2, -1]))

    def forward(self, x):
        return self.head(self.forward_features(x))


def convnext_pico(**kwargs):
    return ConvNeXt(depths=[2, 2, 6, 2], dims=[64, 128, 256, 512], drop_rate=0.1, **kwargs)
