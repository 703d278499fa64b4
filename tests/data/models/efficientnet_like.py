import math
from dataclasses import dataclass, replace
from typing import Callable, List, Optional, Tuple, Union

import torch
from torch import nn


@dataclass(frozen=True)
class Stage:
    kind: str
    expand: int
    kernel: int
    stride: int
    channels: int
    repeats: int

    def scaled(self, width: float, depth: float) -> "Stage":
        return replace(self, channels=round_to(self.channels * width),
                       repeats=int(math.ceil(self.repeats * depth)))


def round_to(v: float, divisor: int = 8) -> int:
    new_v = max(divisor, int(v + divisor / 2) // divisor * divisor)
    return new_v + divisor if new_v < 0.9 * v else new_v


BASE: List[Stage] = [
    Stage("fused", 1, 3, 1, 16, 1),
    Stage("fused", 4, 3, 2, 24, 2),
    Stage("mb", 6, 5, 2, 40, 2),
    Stage("mb", 6, 3, 2, 80, 3),
]
SCALES = {"b0": (1.0, 1.0), "b1": (1.0, 1.1), "b2": (1.1, 1.2)}


class SE(nn.Module):
    def __init__(self, channels: int, reduced: int):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(channels, reduced, 1), nn.Conv2d(reduced, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        scale = x.mean((2, 3), keepdim=True)
        scale = self.fc2(nn.functional.silu(self.fc1(scale), inplace=True))
        return scale.sigmoid() * x


class Block(nn.Module):
    def __init__(self, i: int, o: int, stage: Stage, stride: int, norm: Callable[..., nn.Module]):
        super().__init__()
        wide, k = i * stage.expand, stage.kernel
        layers: List[nn.Module] = []
        match stage.kind:
            case "fused":
                layers += [nn.Conv2d(i, wide, k, stride, k // 2, bias=False), norm(wide), nn.SiLU()]
            case "mb":
                layers += [nn.Conv2d(i, wide, 1, bias=False), norm(wide), nn.SiLU(),
                           nn.Conv2d(wide, wide, k, stride, k // 2, groups=wide, bias=False),
                           norm(wide), nn.SiLU(), SE(wide, max(1, i // 4))]
            case other:
                raise ValueError(f"no such block: {other!r}")
        layers += [nn.Conv2d(wide, o, 1, bias=False), norm(o)]
        self.block = nn.Sequential(*layers)
        self.use_res = stride == 1 and i == o

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result = self.block(x)
        if self.use_res:
            result += x
        return result


class EfficientNetLike(nn.Module):
    def __init__(self, name: str = "b0", num_classes: int = 1000, dropout: Optional[float] = None,
                 size: Union[int, Tuple[int, int]] = 224):
        super().__init__()
        width, depth = SCALES[name]
        norm = lambda c: nn.BatchNorm2d(c, eps=1e-3)
        stages = [stage.scaled(width, depth) for stage in BASE]
        previous = round_to(32 * width)
        self.stem = nn.Sequential(nn.Conv2d(3, previous, 3, 2, 1, bias=False), norm(previous), nn.SiLU())
        blocks: List[nn.Module] = []
        for stage in stages:
            for n in range(stage.repeats):
                blocks.append(Block(previous, stage.channels, stage, stage.stride if not n else 1, norm))
                previous = stage.channels
        self.blocks = nn.Sequential(*blocks)
        self.classifier = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout or 0.2), nn.Linear(previous, num_classes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.blocks(self.stem(x)))
