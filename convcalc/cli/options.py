"""The options of every command, in the order in which its help shows them."""

from __future__ import annotations

from typing import Any

import click

from convcalc import __version__
from convcalc.cli.click_extras import Option, Reading
from convcalc.formulas import BYTES

FORMATS = ("table", "json", "csv", "markdown")


def option(
    names: str, section: str, help: str, reads: str = "", metavar: str | None = None, **more: Any
) -> Option:
    """Return an option that `reads` its text with the function of this name in `reading`."""
    if reads:
        more["type"] = Reading(reads)
    return Option(names.split(), section=section, help=help, metavar=metavar, **more)


def flag(names: str, section: str, help: str, **more: Any) -> Option:
    """Return an option without a value."""
    return Option(names.split(), section=section, help=help, is_flag=True, **more)


def choice(
    names: str, section: str, help: str, values: tuple[str, ...], default: str | None = None
) -> Option:
    """Return an option with one of a few values."""
    return Option(
        names.split(), section=section, help=help, type=click.Choice(values), default=default
    )


def show_help(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    """Show the help of a command, and no more."""
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help())
        ctx.exit()


def show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    """Show the version, and no more."""
    if value and not ctx.resilient_parsing:
        click.echo(f"convcalc {__version__}")
        ctx.exit()


# Click's own help option looks for translations, which takes time at every start.
HELP = flag(
    "-h --help", "Output", "Show this help.", is_eager=True, expose_value=False, callback=show_help
)
VERSION = flag(
    "--version",
    "Output",
    "Show the version.",
    is_eager=True,
    expose_value=False,
    callback=show_version,
)
OUTPUT = [
    choice(
        "--format -f format_",
        "Output",
        "How the answer is written: table unless given.",
        FORMATS,
        default="table",
    ),
    option(
        "--save",
        "Output",
        "Also save what is shown: a picture (.svg), a page (.html) or text (.txt).",
        metavar="FILE",
    ),
    HELP,
]

LAYER = [
    option(
        "--in -i --input input_shape",
        "Layer",
        "Input, channels first, without the batch: CxL is 1-D, CxDxHxW 3-D.",
        "shape",
        "CxHxW",
    ),
    option("--out -o --out-channels out_channels", "Layer", "Output channels.", "positive", "N"),
    option(
        "--k -k --kernel-size kernel_size",
        "Layer",
        "Kernel: 3 for every axis, or 3x5.",
        "sizes",
        "K",
    ),
    option(
        "--s -s --stride stride",
        "Layer",
        "Stride: 1 unless given; for pooling the kernel size.",
        "sizes",
        "S",
    ),
    option(
        "--p -p --padding padding",
        "Layer",
        "Padding: 1, 1x2, 0:1x0:1 (before:after), same, valid or full; 0 unless given.",
        "padding",
        "P",
    ),
    option("--d -d --dilation dilation", "Layer", "Dilation: 1 unless given.", "sizes", "D"),
    option("--groups -g", "Layer", "Groups: must divide both channel counts.", "positive", "N"),
    Option(
        ["--bias/--no-bias"],
        section="Layer",
        default=None,
        help="Whether there is a bias: there is unless given, but in demo.",
    ),
]
BEYOND_CONVOLUTION = [
    flag("--transposed", "Layer", "A transposed convolution."),
    option(
        "--output-padding",
        "Layer",
        "Added at the end of a transposed convolution's output.",
        "counts",
        "N",
    ),
    choice("--pool", "Layer", "Pooling instead of a convolution.", ("max", "avg")),
    flag("--ceil-mode", "Layer", "Pooling: round the output size up."),
]
BATCH = option(
    "--batch -b", "Layer", "Samples: scales memory and the shapes shown.", "positive", "N"
)
DTYPE = choice(
    "--dtype",
    "Layer",
    "Type of the numbers, for the memory: float32 unless given.",
    tuple(BYTES),
)
ANY_LAYER = [*LAYER, *BEYOND_CONVOLUTION, BATCH, DTYPE]

WALK = [
    flag("--backward", "Walk", "Go on through the gradients."),
    option("--patch", "Walk", "Mark patch N in X, its row in Ũ and its cells in Y.", "index", "N"),
    flag("--animate", "Walk", "Step through the patches in place."),
    option(
        "--delay",
        "Walk",
        "How long each patch of --animate stays: 1 unless given.",
        "seconds",
        "SECONDS",
        default=1.0,
    ),
    option(
        "--seed",
        "Walk",
        "Draw small random integers; without it the values count up.",
        "index",
        "N",
    ),
]

NETWORK = [
    option(
        "--in -i --input input_shape",
        "Network",
        "Input, channels first, without the batch; or the features alone.",
        "shape",
        "CxHxW",
    ),
    option("--layers", "Network", "The layers themselves, not a file.", metavar="TEXT"),
    option(
        "--define",
        "Network",
        "The value of a name in the text; may be given several times.",
        metavar="NAME=VALUE",
        multiple=True,
    ),
    flag("--params-only", "Network", "Count parameters alone: any printed model, no --in."),
]

QUESTION = [
    option(
        "--in -i --input input_shape", "Question", "What goes in, channels first.", "shape", "CxHxW"
    ),
    option(
        "--out -o --output output_shape",
        "Question",
        "What is to come out, channels first.",
        "shape",
        "CxHxW",
    ),
    option(
        "--k -k --kernel-size kernel_size",
        "Question",
        "Keep this kernel: 3 for every axis, or 3x5.",
        "sizes",
        "K",
    ),
    option(
        "--s -s --stride stride",
        "Question",
        "Keep this stride; else it is at most what the kernel spans.",
        "sizes",
        "S",
    ),
    option(
        "--p -p --padding padding",
        "Question",
        "Keep this padding; else it is less than what the kernel spans.",
        "counts",
        "P",
    ),
    option("--d -d --dilation dilation", "Question", "Keep this dilation.", "sizes", "D"),
    flag("--transposed", "Question", "Look for a ConvTranspose."),
    option(
        "--max-k max_kernel_size",
        "Question",
        "The most that a kernel spans, dilation included: 32 unless given.",
        "largest_kernel",
        "K",
        default=32,
    ),
]
LIMIT = option("--limit", "Output", "Layers to show: 10 unless given.", "limit", "N", default=10)

CHECK = [
    choice(
        "--op operation",
        "Check",
        "What the function is meant to do.",
        ("unfold", "fold", "conv2d", "conv2d_backward"),
    ),
    choice(
        "--as handed_as",
        "Check",
        "What the inputs are handed over as: nested lists unless given.",
        ("list", "numpy", "torch"),
        default="list",
    ),
    choice(
        "--layout",
        "Check",
        "Of unfolded matrices, taken or returned: (b, p, k), a patch per row, unless given.",
        ("bpk", "bkp"),
        default="bpk",
    ),
    option(
        "--timeout",
        "Check",
        "How long a case may take: 10 unless given.",
        "timeout",
        "SECONDS",
        default=10.0,
    ),
]
