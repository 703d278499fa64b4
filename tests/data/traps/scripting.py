from typing import Tuple

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, transform_input=True):
        super().__init__()
        self.fc = nn.Linear(6, 4)
        self.other = nn.Linear(6, 400)
        self.transform_input = transform_input

    @torch.jit.unused
    def eager(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(x)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not torch.jit.is_scripting():
            torch._assert(x.dim() == 2, "rows are wanted")
        if torch.jit.is_scripting() or torch.jit.is_tracing():
            return self.other(x)
        else:
            return self.eager(x)
