"""Models made from Lightning's module, as people write them; asked about in make_lightning.py."""

import argparse  # noqa: F401
from types import SimpleNamespace  # noqa: F401

import lightning as L
import pytorch_lightning as pl
import torch
from lightning.pytorch import LightningModule
from lightning.pytorch.callbacks import ModelCheckpoint
from pytorch_lightning.core.mixins import HyperparametersMixin
from pytorch_lightning.utilities import rank_zero_only
from torch import nn


class Deep(pl.LightningModule):
    def __init__(self, width=8, depth=2, name="deep", **further):
        super().__init__()
        width = width * 2
        self.save_hyperparameters()
        sizes = [4] + [self.hparams.width] * self.hparams["depth"]
        self.layers = nn.ModuleList(map(nn.Linear, sizes[:-1], sizes[1:]))
        self.head = nn.Linear(width, self.hparams.get("classes", 3) + self.hparams.extra)

    def forward(self, x):
        self.log("mean", x.mean())
        for layer in self.layers:
            x = layer(x).relu()
        return self.head(x) + torch.zeros(1, device=self.device, dtype=self.dtype)

    @rank_zero_only
    def shout(self):
        print("here")

    def training_step(self, batch, index):
        return self(batch).mean()

    def configure_callbacks(self):
        return [ModelCheckpoint()]


class Deeper(Deep):
    def __init__(self, classes, ignored=None, **further):
        super().__init__(extra=1, **further)
        self.save_hyperparameters(ignore=["ignored"])
        kept = "ignored" in self.hparams
        self.last = nn.Linear(self.hparams.classes + 1, 2 + kept * 100)

    def forward(self, x):
        return self.last(super().forward(x))


class Given(L.LightningModule):
    def __init__(self, hparams):
        super().__init__()
        self.save_hyperparameters(hparams)
        self.fc = nn.Linear(self.hparams.a, self.hparams["b"])

    def forward(self, x):
        return self.fc(x)


class Named(LightningModule):
    def __init__(self, a=4, b=5, c=6):
        super().__init__()
        self.save_hyperparameters("a", "c")
        self.hparams.d = 9
        self.hparams.update(e=1)
        width = self.hparams.c + self.hparams.d + self.hparams.e + 10 * ("b" in self.hparams)
        self.fc = nn.Linear(self.hparams.a, width)

    def forward(self, x):
        return self.fc(x)


class Unnamed(LightningModule):
    def __init__(self, a=4):
        LightningModule.__init__(self)
        self.save_hyperparameters()
        self.fc = nn.Linear(4, 1 + len(self.hparams))

    def forward(self, x):
        return self.fc(x)


class Mixed(HyperparametersMixin):
    def __init__(self, width=7):
        super().__init__()
        self.save_hyperparameters()


class Holding(LightningModule):
    def __init__(self, net):
        super().__init__()
        self.save_hyperparameters(ignore="net")
        self.net = net
        self.fc = nn.Linear(4, Mixed().hparams.width)

    def forward(self, x):
        return self.fc(self.net(x))
