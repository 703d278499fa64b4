from collections import OrderedDict
from typing import Dict, List

import torch
import torch.nn.functional as F
from torch import nn, Tensor


class Backbone(nn.Module):
    def __init__(self, widths: List[int]):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, widths[0] // 2, 7, 2, 3, bias=False),
                                  nn.BatchNorm2d(widths[0] // 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.stages = nn.ModuleDict()
        previous = widths[0] // 2
        for i, width in enumerate(widths):
            self.stages[f"c{i + 2}"] = nn.Sequential(
                nn.Conv2d(previous, width, 3, 1 if i == 0 else 2, 1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            )
            previous = width

    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        x = self.stem(x)
        out = OrderedDict()
        for name, stage in self.stages.items():
            x = stage(x)
            out[name] = x
        return out


class Pyramid(nn.Module):
    def __init__(self, widths: List[int], out_channels: int):
        super().__init__()
        if 0 in widths:
            raise ValueError("a level without channels")
        self.lateral = nn.ModuleList(nn.Conv2d(w, out_channels, 1) for w in widths)
        self.smooth = nn.ModuleList(nn.Conv2d(out_channels, out_channels, 3, padding=1) for _ in widths)

    def forward(self, levels: Dict[str, Tensor]) -> Dict[str, Tensor]:
        names, maps = list(levels.keys()), list(levels.values())
        top = None
        results: List[Tensor] = []
        for i in range(len(maps) - 1, -1, -1):
            here = self.lateral[i](maps[i])
            if top is not None:
                here = here + F.interpolate(top, size=here.shape[-2:], mode="nearest")
            top = here
            results.insert(0, self.smooth[i](here))
        names.append("pool")
        results.append(F.max_pool2d(results[-1], 1, 2, 0))
        return OrderedDict([(k, v) for k, v in zip(names, results)])


class Detector(nn.Module):
    def __init__(self, widths=(64, 128, 256, 512), out_channels=128, num_anchors=3):
        super().__init__()
        self.backbone = Backbone(list(widths))
        self.fpn = Pyramid(list(widths), out_channels)
        self.conv = nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1)
        self.logits = nn.Conv2d(out_channels, num_anchors, kernel_size=1)
        self.boxes = nn.Conv2d(out_channels, num_anchors * 4, kernel_size=1)

    def forward(self, images):
        features = self.fpn(self.backbone(images))
        logits, boxes = [], []
        for feature in features.values():
            t = F.relu(self.conv(feature))
            logits.append(self.logits(t).permute(0, 2, 3, 1).flatten(1))
            boxes.append(self.boxes(t).permute(0, 2, 3, 1).reshape(t.shape[0], -1, 4))
        return {"features": features, "logits": torch.cat(logits, dim=1), "boxes": torch.cat(boxes, 1)}
