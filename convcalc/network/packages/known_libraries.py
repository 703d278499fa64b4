"""Libraries that train, load, log and draw, but leave alone what they are given.

What they return isn't known; a model that is handed to them keeps its structure.
"""

from __future__ import annotations

HARMLESS = frozenset(
    # training and data
    "torch.optim torch.optim.lr_scheduler torch.utils.data torch.utils.tensorboard "
    "torchvision.datasets torchvision.transforms torchvision.transforms.functional "
    "torchvision.utils torchvision.io torchtext.data torchtext.datasets torchaudio.transforms "
    "torchaudio.datasets torchmetrics torch_optimizer ignite sklearn pandas albumentations "
    "imgaug kornia.augmentation webdataset gym gymnasium minatar procgen envpool "
    "stable_baselines3.common.atari_wrappers lpips "
    # files and pictures
    "PIL cv2 imageio skimage h5py yaml tifffile nibabel SimpleITK soundfile librosa scipy av "
    "gdown requests safetensors tomli toml ruamel lmdb pyarrow "
    # logging and drawing
    "tqdm tqdm.auto matplotlib matplotlib.pyplot seaborn plotly wandb tensorboard tensorboardX "
    "mlflow neptune comet_ml visdom rich colorama termcolor tabulate loguru absl.logging "
    "prettytable graphviz torchviz "
    # the command line
    "click typer fire absl.app absl.flags hydra tyro tap configargparse jsonargparse "
    # looking at models and machines, words
    "torchsummary torchinfo thop ptflops fvcore pytorch_model_summary torchstat psutil pynvml "
    "GPUtil nltk spacy tiktoken tokenizers sentencepiece jieba".split()
)
"""The libraries, by their names with dots; what stands below one is harmless too."""


def is_harmless(name: str) -> bool:
    """Return whether a library leaves alone what it is given.

    A part whose name is private isn't meant: the library's own models use it.
    """
    parts = name.split(".")
    if any(each[:1] == "_" for each in parts):
        return False
    return any(".".join(parts[:end]) in HARMLESS for end in range(1, len(parts) + 1))
