import torch
import torch.nn as nn
import torch.nn.functional as F


class BasicConv(nn.Module):
    def __init__(self, i, o, k, stride=1, relu=True, bn=True):
        super(BasicConv, self).__init__()
        self.conv = nn.Conv2d(i, o, kernel_size=k, stride=stride, padding=(k-1)//2, bias=not bn)
        self.bn = nn.BatchNorm2d(o,eps=1e-5, momentum=0.01) if bn else None
        self.relu = nn.ReLU() if relu else None

    def forward(self, x):
        x = self.conv(x)
        if self.bn is not None:
            x = self.bn(x)
        if self.relu is not None:
            x = self.relu(x)
        return x


class ChannelAttention(nn.Module):
    def __init__(self, channels, ratio=16, kinds=['avg', 'max']):
        super(ChannelAttention, self).__init__()
        self.mlp = nn.Sequential(
            nn.Flatten(),
            nn.Linear(channels, channels // ratio), nn.ReLU(),
            nn.Linear(channels // ratio, channels))
        self.kinds = kinds

    def squeeze(self, x, kind):
        whole = (x.size(2), x.size(3))
        if kind == 'avg':
            return F.avg_pool2d(x, whole, stride=whole)
        elif kind == 'max':
            return F.max_pool2d(x, whole, stride=whole)
        elif kind == 'lp':
            return F.lp_pool2d(x, 2, whole, stride=whole)
        elif kind == 'lse':
            return torch.logsumexp(x.view(x.size(0), x.size(1), -1), dim=2, keepdim=True)
        raise ValueError(kind)

    def forward(self, x):
        total = None
        for kind in self.kinds:
            raw = self.mlp(self.squeeze(x, kind))
            total = raw if total is None else total + raw
        gate = torch.sigmoid(total).unsqueeze(2).unsqueeze(3).expand_as(x)
        return x * gate


class SpatialAttention(nn.Module):
    def __init__(self, k=7):
        super(SpatialAttention, self).__init__()
        self.conv = BasicConv(2, 1, k, relu=False)

    def forward(self, x):
        best, _ = torch.max(x, dim=1, keepdim=True)
        mean = torch.mean(x, 1).unsqueeze(1)
        return x * torch.sigmoid(self.conv(torch.cat((best, mean), dim=1)))


class CBAM(nn.Module):
    def __init__(self, channels, spatial=True, **kw):
        super(CBAM, self).__init__()
        self.channel=ChannelAttention(channels, **kw)
        self.spatial=SpatialAttention() if spatial else None

    def forward(self, x):
        x = self.channel(x)
        return x if self.spatial is None else self.spatial(x)


class CBAMNet(nn.Module):
    def __init__(self, widths=(32, 64, 128), **att):
        super(CBAMNet, self).__init__()
        stages = []
        prev = 3
        for w in widths:
            stages.append(BasicConv(prev, w, 3, stride=2))
            stages.append(CBAM(w, **att))
            prev = w
        self.stages = nn.ModuleList(stages)
        self.head = nn.Linear(prev, 100)

    def forward(self, x):
        for stage in self.stages:
            x = stage(x)
        return self.head(x.mean(dim=[2, 3]))
