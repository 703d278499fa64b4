"""What is known of huggingface_hub: the base that saves and loads a model, and leaves it alone."""

from __future__ import annotations

from convcalc.reading.exceptions import NotUnderstood
from convcalc.reading.values import MISSING, Library, Unknown, public


@public
class PyTorchModelHubMixin:
    """A base for models that are kept on the hub."""

    __module__ = "huggingface_hub.hub_mixin"

    def __init_subclass__(
        cls,
        *,
        repo_url: object = None,
        paper_url: object = None,
        docs_url: object = None,
        model_card_template: object = None,
        language: object = None,
        library_name: object = None,
        license: object = None,
        license_name: object = None,
        license_link: object = None,
        pipeline_tag: object = None,
        tags: object = None,
        coders: object = None,
    ) -> None:
        super().__init_subclass__()

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path: object, **settings: object) -> object:
        """Refuse: what a model on the hub is made of isn't known here."""
        names = ", ".join(settings) or "a name alone"
        raise NotUnderstood(f"{cls.__name__}.from_pretrained() with {names} isn't followed")

    save_pretrained = push_to_hub = Unknown("what is saved isn't followed", harmless=True)


_NAMES: dict[str, object] = {
    "PyTorchModelHubMixin": PyTorchModelHubMixin,
    "ModelHubMixin": PyTorchModelHubMixin,
    **{name: Unknown(f"huggingface_hub.{name} isn't followed", harmless=True)
       for name in ("hf_hub_download", "snapshot_download", "login", "HfApi")},
}  # fmt: skip
HUGGINGFACE = Library("huggingface_hub", lambda name: _NAMES.get(name, MISSING))
