import torch
from torch import nn

pair = lambda x: x if isinstance(x, tuple) else (x, x)


class FeedForward(nn.Sequential):
    def __init__(self, dim, hidden, dropout=0., dense=nn.Linear):
        super().__init__(
            dense(dim, hidden), nn.GELU(), nn.Dropout(dropout), dense(hidden, dim), nn.Dropout(dropout))


class Transposed(nn.Module):
    def __init__(self, fn): super().__init__(); self.fn = fn
    def forward(self, x): return self.fn(x.transpose(1, 2)).transpose(1, 2)


class PreNormResidual(nn.Module):
    def __init__(self, dim, fn):
        super().__init__()
        self.fn = fn
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        return self.fn(self.norm(x)) + x


class MLPMixer(nn.Module):
    def __init__(self, *, image_size, channels, patch_size, dim, depth, num_classes,
                 expansion_factor=4, expansion_factor_token=0.5, dropout=0.):
        super().__init__()
        image_h, image_w = pair(image_size)
        assert (image_h % patch_size) == 0 and (image_w % patch_size) == 0, \
            'image must be divisible by patch size'
        num_patches = (image_h // patch_size) * (image_w // patch_size)
        self.p = patch_size
        self.embed = nn.Linear((patch_size ** 2) * channels, dim)
        self.layers = nn.Sequential(*[nn.Sequential(
            PreNormResidual(dim, Transposed(FeedForward(num_patches, int(num_patches * expansion_factor), dropout))),
            PreNormResidual(dim, FeedForward(dim, int(expansion_factor_token * dim), dropout)),
        ) for _ in range(depth)])
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, num_classes)

    def patches(self, x):
        b, c, h, w = x.shape
        x = x.unfold(2, self.p, self.p).unfold(3, self.p, self.p)       # b c h' w' p p
        x = x.permute(0, 2, 3, 4, 5, 1).contiguous()
        return x.view(b, -1, self.p * self.p * c)

    def forward(self, img):
        x = self.embed(self.patches(img))
        x = self.norm(self.layers(x))
        return self.head(x.mean(1))


mixer = MLPMixer(image_size=(64, 96), channels=3, patch_size=8, dim=128, depth=4, num_classes=1000)
