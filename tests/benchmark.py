"""How fast convcalc is: whole processes, run in turn, as ratios within one run.

Run by hand, with convcalc installed: python tests/benchmark.py
Where torch and torchinfo are installed too, the same questions are asked there; `--python PATH`
names a Python that has torch, timm and transformers, whose models are asked about then.
"""

import argparse
import importlib.util
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROUNDS = 15
VGG = Path(__file__).with_name("data") / "vgg16.txt"
RESNET = Path(__file__).with_name("data") / "models" / "resnet_cifar.py"
RESNET_152 = "ResNet(Bottleneck, [3, 8, 36, 3])"
CLICK = ["-c", "import click"]
RICH = ["-c", "import click, rich.console, rich.table"]
CONVCALC = str(Path(sys.executable).with_name("convcalc"))  # as installed beside this Python
SHAPE = [CONVCALC, "shape", "--in", "3x32x32", "--k", "3", "--p", "1"]
NET = [CONVCALC, "net"]
KINDS = (
    "Conv2d(16, 16, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))",
    "BatchNorm2d(16, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)",
    "ReLU(inplace=True)",
)
OF_PACKAGES = {
    "timm's convnext_tiny": (
        "import timm\nmodel = timm.create_model('convnext_tiny')\n", "3x224x224",
    ),
    "transformers' BertModel": (
        "from transformers import BertConfig, BertModel\nmodel = BertModel(BertConfig())\n", "16",
    ),
}  # fmt: skip
"""Models of packages: their source, and their input."""
ON_META = "import torch\nwith torch.device('meta'):\n"
"""Where weights take no room, and no time to make."""
TORCH_SHAPE = (
    "import torch; from torch import nn; "
    "print(nn.Conv2d(3, 16, 3, padding=1)(torch.zeros(1, 3, 32, 32)).shape)"
)
TORCH_RESNET = (
    f"import sys; sys.path.insert(0, {str(RESNET.parent)!r})\n"
    f"import torchinfo; from resnet_cifar import *\n"
    f"torchinfo.summary({RESNET_152}, (1, 3, 32, 32))"
)
TORCH_VGG = (
    "import torchinfo; from torch import nn; layers, c = [], 3\n"
    "for w in [64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0]:\n"
    "    layers += [nn.Conv2d(c, w, 3, padding=1), nn.ReLU()] if w else [nn.MaxPool2d(2)]\n"
    "    c = w or c\n"
    "layers += [nn.Flatten(), nn.Linear(25088, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(),"
    " nn.Linear(4096, 1000)]\n"
    "torchinfo.summary(nn.Sequential(*layers), (1, 3, 224, 224))"
)


def environment():
    """Compiled modules are kept, as they are wherever people install packages."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def seconds(arguments, python=sys.executable):
    start = time.perf_counter()
    subprocess.run([python, *arguments], stdout=subprocess.DEVNULL, check=True, env=environment())
    return time.perf_counter() - start


def ratio(arguments, against, rounds=ROUNDS):
    """Return the median of ratios of processes that ran one after the other."""
    seconds(arguments), seconds(against)
    return statistics.median(seconds(arguments) / seconds(against) for _ in range(rounds))


def network(folder, layers):
    """Write what print(model) shows of a network with so many layers."""
    lines = [f"  ({at}): {KINDS[at % len(KINDS)]}" for at in range(layers)]
    path = Path(folder) / f"{layers}.txt"
    path.write_text("\n".join(["Sequential(", *lines, ")"]) + "\n", encoding="utf-8")
    return [*NET, str(path), "--in", "16x32x32"]


def growth(small, large, rounds=5):
    """Return how the time for the layers grows, start-up taken off."""
    start = statistics.median(seconds([CONVCALC, "--version"]) for _ in range(9))
    ratios = [(seconds(large) - start) / (seconds(small) - start) for _ in range(rounds)]
    return statistics.median(ratios)


def peak_memory(arguments):
    """Return the most memory, in MiB, that a process of its own and its children took."""
    program = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, sys.executable, *arguments],
        capture_output=True,
        check=True,
        text=True,
        env=environment(),
    )
    scale = 1 if sys.platform == "darwin" else 1024
    return int(done.stdout) * scale / 2**20


def slowest_attack():
    """Return how long the slowest of the hostile texts takes, in seconds of the processor."""
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from convcalc.formulas import ConvcalcError\n"
        "from convcalc.network.model import answered, counted, followed\n"
        "sys.path.append(sys.argv[1])\n"
        "from network.hostile import PRINTS, write\n"
        "folder = Path(sys.argv[2])\n"
        "paths = write(folder).values()\n"
        "asked = [lambda p=p: followed(folder / p, 'Net', [(3, 4)]) for p in paths]\n"
        "asked += [lambda p=p: answered(counted, None, p) for p in PRINTS]\n"
        "longest = 0\n"
        "for ask in asked:\n"
        "    start = time.process_time()\n"
        "    try:\n"
        "        ask()\n"
        "    except ConvcalcError:\n"
        "        pass\n"
        "    longest = max(longest, time.process_time() - start)\n"
        "print(longest)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", program, str(Path(__file__).parent), folder],
            capture_output=True,
            check=True,
            text=True,
            env=environment(),
            cwd=folder,
        )
    return float(done.stdout)


def of_packages(python, folder, rounds=3):
    """Yield what a model of a package takes, and how much of the time that PyTorch does.

    There the package is imported and the model made on the `meta` device, and nothing else.
    """
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    asked = subprocess.run([python, "-c", where], capture_output=True, check=True, text=True)
    for name, (source, shape) in OF_PACKAGES.items():
        path = Path(folder) / "of_package.py"
        path.write_text(source, encoding="utf-8")
        net = [*NET, f"{path}:model", "--in", shape, "--site", asked.stdout.strip()]
        made = ["-c", ON_META + "".join(f"    {line}\n" for line in source.splitlines())]
        seconds(net), seconds(made, python)
        times = [(seconds(net), seconds(made, python)) for _ in range(rounds)]
        ours = statistics.median(own for own, _ in times)
        share = statistics.median(own / theirs for own, theirs in times)
        yield f"net, {name}", ours, peak_memory(net), share


def installed(*names):
    return all(importlib.util.find_spec(name) for name in names)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", help="a Python that has torch, timm and transformers")
    python = parser.parse_args().python
    assert resource, "where there is no resource module, memory can't be measured"
    table = Table("question", "against", "measured", "at most", title="convcalc, as ratios")
    vgg = [*NET, str(VGG), "--in", "3x224x224"]

    def row(question, against, measured, at_most, unit=""):
        late = at_most is not None and measured > at_most
        table.add_row(
            question,
            against,
            f"{measured:.2f}{unit}",
            "" if at_most is None else f"{at_most}{unit}",
            style="red" if late else None,
        )

    with tempfile.TemporaryDirectory() as folder:
        small, large = network(folder, 1000), network(folder, 10_000)
        row("shape --format json", "import click", ratio([*SHAPE, "--format", "json"], CLICK), 1.15)
        row("shape", "import click, rich", ratio(SHAPE, RICH), 1.10)
        row("net, VGG-16", "import click, rich", ratio(vgg, RICH), 1.40)
        resnet = [*NET, f"{RESNET}:{RESNET_152}", "--in", "3x32x32"]
        row("net, ResNet-152's source", "import click, rich", ratio(resnet, RICH), 2.6)
        row("net, 10,000 layers", "memory", peak_memory(large), 70, " MiB")
        row("net, 10,000 layers", "1,000 layers, less start-up", growth(small, large), 12)
        row("net, 10,000 layers", "import click", ratio(large, CLICK, rounds=5), 20)
        start = statistics.median(seconds(RICH) for _ in range(ROUNDS))
        row("net, the slowest attack", "import click, rich", slowest_attack() / start, 20)
        for name, taken, memory, share in of_packages(python, folder) if python else ():
            row(name, "seconds", taken, 1.5, " s")
            row(name, "memory", memory, 120, " MiB")
            row(name, "made by PyTorch on meta", share, 0.25)
        if not python:
            print("models of packages are left out: --python names a Python that has them")
        if installed("torch"):
            torch = ratio(["-c", TORCH_SHAPE], SHAPE, rounds=3)
            row("the same in torch", "shape", torch, None)
        if installed("torch", "torchinfo"):
            torchinfo = ratio(["-c", TORCH_VGG], vgg, rounds=3)
            row("VGG-16 in torchinfo", "net, VGG-16", torchinfo, None)
            torchinfo = ratio(["-c", TORCH_RESNET], resnet, rounds=3)
            row("ResNet-152 in torchinfo", "net, ResNet-152's source", torchinfo, None)
    Console().print(table)


if __name__ == "__main__":
    main()
