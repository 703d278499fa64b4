"""torchvision's models as they print, and what PyTorch says of them: what several tests need."""

import gzip
import json
from pathlib import Path

from convcalc.layers.vocabulary import LAYERS
from convcalc.network.model import answered

DATA = Path(__file__).with_name("data")
PRINTED = json.loads(gzip.decompress((DATA / "torchvision_printed.json.gz").read_bytes()))
MODELS = json.loads((DATA / "torchvision.json").read_text("utf-8"))


def followed(words, *shapes, **settings):
    """Return what comes of a text for inputs of these shapes."""
    return answered(lambda reading, root: reading.follow(root, shapes), None, words, **settings)


def shape_of(output):
    """Return what PyTorch's truth keeps: of attention's outputs the first.

    A shape with an x is one that a whole batch has once.
    """
    if isinstance(output, str):
        return [int(size) for size in output.split("x")]
    first = output[0] if isinstance(output[0], (list, tuple)) else output
    return list(first)


def calls(answer):
    """Return the calls of layers as PyTorch's truth has them."""
    return [
        [row.name, row.layer, list(row.input), shape_of(row.output)]
        for row in answer.rows
        if row.name and row.called and row.layer in LAYERS
    ]


def truth_of(call):
    """Return a call of the truth, its input and output alone."""
    name, layer, inputs, output = call
    return [name, layer, shape_of(inputs), shape_of(output)]
