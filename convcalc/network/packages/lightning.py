"""What is known of Lightning: its module, which is nn.Module as far as shapes go."""

from __future__ import annotations

from convcalc.network.torch.module import Module
from convcalc.reading.values import MISSING, Library, Unknown, public, unknown_library


@public
class LightningModule(Module):
    """Lightning's module."""

    __module__ = "lightning.pytorch.core.module"

    def save_hyperparameters(
        self,
        *args: object,
        ignore: object = None,
        frame: object = None,
        logger: object = True,
    ) -> None:
        """Keep nothing: what is kept in hparams isn't followed."""
        asked = ", ".join(map(repr, args))
        why = f"what save_hyperparameters({asked}) keeps isn't followed"
        self.__dict__["hparams"] = Unknown(why)

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
    "seed_everything": Unknown("seed_everything() isn't followed", harmless=True),
    **{name: Unknown(f"lightning.{name} isn't followed", harmless=True)
       for name in ("Trainer", "LightningDataModule", "Callback")},
    **{name: unknown_library(f"lightning.{name}", harmless=True)
       for name in ("callbacks", "loggers")},
}  # fmt: skip
_CORE = Library("lightning.pytorch.core", lambda name: _PYTORCH.get(name, MISSING))
_PYTORCH["core"] = _CORE
PYTORCH = Library("lightning.pytorch", lambda name: _PYTORCH.get(name, MISSING))
LIGHTNING = Library(
    "lightning", lambda name: PYTORCH if name == "pytorch" else _PYTORCH.get(name, MISSING)
)
