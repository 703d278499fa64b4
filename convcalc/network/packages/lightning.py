"""What is known of Lightning: its module, which is nn.Module as far as shapes go."""

from __future__ import annotations

from collections.abc import Iterable

from convcalc.network.torch.dtypes import FLOAT32
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.module import Module
from convcalc.network.torch.watch import WATCHER
from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.functions import given_to
from convcalc.reading.values import MISSING, Library, Unknown, public, unknown_library


@public
class AttributeDict(dict[str, object]):
    """A dict whose entries are attributes too."""

    __module__ = "lightning.fabric.utilities.data"

    def __getattr__(self, name: str) -> object:
        if name not in self:
            raise AttributeError(f"Missing attribute {name!r}", name=name)
        return self[name]

    def __setattr__(self, name: str, value: object) -> None:
        self[name] = value


def is_namespace(value: object) -> bool:
    """Return whether a value is what argparse makes of a command line."""
    return type(value).__name__ == "Namespace" and hasattr(value, "__dict__")


@public
class HyperparametersMixin:
    """What keeps the arguments that it was made with."""

    __module__ = "lightning.pytorch.core.mixins.hparams_mixin"

    @property
    def hparams(self) -> object:
        """What was kept of the arguments."""
        return self.__dict__.setdefault("_hparams", AttributeDict())

    def save_hyperparameters(
        self,
        *args: object,
        ignore: object = None,
        frame: object = None,
        logger: object = True,
    ) -> None:
        """Keep the arguments of `__init__` in hparams: all, those that are named, or one whole."""
        if frame is not None:
            raise NotUnderstood("save_hyperparameters(frame=…) isn't followed")
        kept = given_to(WATCHER.get().frames, self)
        wholes = [each for each in args if not isinstance(each, str)]
        found: object = {name: kept[name] for name in args or kept if isinstance(name, str)}
        if len(wholes) == 1:
            found = vars(wholes[0]) if is_namespace(wholes[0]) else wholes[0]
        if isinstance(found, dict):
            ignored = [ignore] if isinstance(ignore, str) else ignore or ()
            assert isinstance(ignored, Iterable)
            found = AttributeDict(found)
            before = self.hparams
            if isinstance(before, dict):
                before.update(found)
                found = before
            for name in [*ignored]:  # also of what a base kept
                found.pop(name, None)
        if found is self.hparams:
            return
        if isinstance(found, (bool, int, float, str)) or type(found).__name__ == "SimpleNamespace":
            raise misfit(f"hparams can't be of the type {type(found).__name__}", ValueError)
        self.__dict__["_hparams"] = found


@public
class LightningModule(HyperparametersMixin, Module):
    """Lightning's module."""

    __module__ = "lightning.pytorch.core.module"

    @property
    def dtype(self) -> object:
        """The kind of its numbers, which nothing has changed."""
        return FLOAT32

    @classmethod
    def load_from_checkpoint(cls, checkpoint_path: object, **others: object) -> None:
        """Refuse what a checkpoint says of the model."""
        given = ", ".join(f"{name}=…" for name in others) or "…"
        raise NotUnderstood(
            f"{cls.__name__}.load_from_checkpoint({checkpoint_path!r}): what a checkpoint keeps "
            f"isn't loaded, {cls.__name__}({given}) makes the model"
        )

    def freeze(self) -> None:
        """Train no parameter."""
        self.requires_grad_(False)
        self.eval()

    def unfreeze(self) -> None:
        """Train every parameter."""
        self.requires_grad_(True)
        self.train()

    def __getattr__(self, name: str) -> object:
        if name in OF_TRAINING:
            return Unknown(f"{name} of a LightningModule isn't followed", harmless=True)
        return super().__getattr__(name)


OF_TRAINING = frozenset(
    "log log_dict trainer logger loggers device global_step current_epoch global_rank local_rank "
    "optimizers lr_schedulers manual_backward toggle_optimizer untoggle_optimizer print all_gather "
    "clip_gradients example_input_array fabric automatic_optimization".split()
)
"""What belongs to training, and changes nothing of a module."""

_PYTORCH: dict[str, object] = {
    "LightningModule": LightningModule,
    "HyperparametersMixin": HyperparametersMixin,
    "rank_zero_only": lambda function: function,
    "seed_everything": Unknown("seed_everything() isn't followed", harmless=True),
    **{name: Unknown(f"lightning.{name} isn't followed", harmless=True)
       for name in ("Trainer", "LightningDataModule", "Callback")},
    **{name: unknown_library(f"lightning.{name}", harmless=True)
       for name in ("callbacks", "loggers")},
}  # fmt: skip
_CORE = Library("lightning.pytorch.core", lambda name: _PYTORCH.get(name, MISSING))
_PYTORCH |= dict.fromkeys(("core", "mixins", "module", "utilities"), _CORE)
PYTORCH = Library("lightning.pytorch", lambda name: _PYTORCH.get(name, MISSING))
LIGHTNING = Library(
    "lightning", lambda name: PYTORCH if name == "pytorch" else _PYTORCH.get(name, MISSING)
)
