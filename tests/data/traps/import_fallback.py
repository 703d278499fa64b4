import torch
import torch.nn as nn

try:
    from apex.normalization import FusedLayerNorm as LayerNorm
except ImportError:
    class LayerNorm(nn.Module):
        """Without a bias."""

        def __init__(self, n):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(n))

        def forward(self, x):
            return self.weight * nn.functional.layer_norm(x, x.shape[-1:])

try:
    import flash_attn
    HAS_FLASH = True
except (ImportError, ModuleNotFoundError):
    HAS_FLASH = False
    flash_attn = None

try:
    from torch.nn import GELU
except ImportError:
    GELU = nn.ReLU


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 32 if HAS_FLASH else 16)
        self.norm = LayerNorm(16)
        self.act = GELU()

    def forward(self, x):
        return self.act(self.norm(self.fc(x)))
