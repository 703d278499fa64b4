"""The options of every command, in the order in which its help shows them."""

from __future__ import annotations

from collections.abc import Sequence
from types import FunctionType
from typing import Any

import click

from convcalc import __version__, text
from convcalc.cli import values
from convcalc.cli.click_extras import Option
from convcalc.cli.values import Number, OneOf, Reading, Whole
from convcalc.formulas import BYTES, LARGEST
from convcalc.output import FORMATS, GITHUB, Format

COUNT = Whole(1, LARGEST)
INDEX = Whole(0, LARGEST)


def option(
    names: str, section: str, help: str, type: Any = None, metavar: str | None = None, **more: Any
) -> Option:
    """Return an option with a value, which a type of Click's reads, or a function."""
    if isinstance(type, FunctionType):
        type = Reading(type)
    return Option(names.split(), section=section, help=help, type=type, metavar=metavar, **more)


def input_shape(section: str, help: str) -> Option:
    """Return the option for what goes in."""
    names = "--in -i --input input_shape"
    callback = values.notice_slip
    return option(names, section, help, values.read_shape, "CxHxW", callback=callback)


def flag(names: str, section: str, help: str, **more: Any) -> Option:
    """Return an option without a value."""
    return Option(names.split(), section=section, help=help, is_flag=True, **more)


def choice(
    names: str,
    section: str,
    help: str,
    words: tuple[str, ...],
    default: str | None = None,
    also: dict[str, str] | None = None,
    **more: Any,
) -> Option:
    """Return an option with one of a few words; `also` are others that stand for one of them."""
    type = OneOf(words, also)
    return Option(names.split(), section=section, help=help, type=type, default=default, **more)


def file_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Let the shell complete the name of a file."""
    from click.shell_completion import CompletionItem  # here, since nothing else needs it

    return [CompletionItem(incomplete, type="file")]


def column_names() -> list[str]:
    """Return what the columns of a network's table are asked for by."""
    from convcalc.output.net import COLUMNS

    return [column.name for column in COLUMNS]


def complete_columns(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Let the shell complete the last of several names of columns."""
    from click.shell_completion import CompletionItem

    before, comma, last = incomplete.rpartition(",")
    names = (each for each in column_names() if each not in before.split(","))
    return [CompletionItem(f"{before}{comma}{each}") for each in names if each.startswith(last)]


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


# Click's own help option looks for translations, which takes time at every start; so does its Path.
HELP = flag(
    "-h --help", "Output", "Show this help.", is_eager=True, expose_value=False, callback=show_help
)
VERSION = flag(
    "-V --version",
    "Output",
    "Show the version.",
    is_eager=True,
    expose_value=False,
    callback=show_version,
)


def written_as(formats: Sequence[Format]) -> Option:
    """Return the option for how an answer is written."""
    return choice(
        "--format -f format_",
        "Output",
        "How the answer is written: table unless given.",
        tuple(each.name for each in formats),
        default=formats[0].name,
        also={other: each.name for each in formats for other in each.also},
        callback=values.format_called,
    )


OUTPUT = [
    written_as(FORMATS),
    option(
        "--save",
        "Output",
        "Also save what is shown: a picture (.svg), a page (.html) or text (.txt).",
        metavar="FILE",
        shell_complete=file_names,
        callback=values.target,
    ),
    choice(
        "--theme",
        "Output",
        "Colours of what is saved: a picture is light unless given, a page follows its reader's "
        "system.",
        ("light", "dark"),
        is_eager=True,  # so that it is known once --save is read
        expose_value=False,
        callback=values.keep_theme,
    ),
    HELP,
]


def layer(axes: str, stride: str, bias: str) -> list[Option]:
    """Return the options of a layer, with what they mean in some commands alone."""
    return [
        input_shape("Layer", f"Input, channels first, without the batch{axes}."),
        option(
            "--out -o --out-channels out_channels",
            "Layer",
            "Output channels.",
            COUNT,
            "N",
        ),
        option(
            "--k -k --kernel-size kernel_size",
            "Layer",
            "Kernel: 3 for every axis, or 3x5.",
            values.read_sizes,
            "K",
        ),
        option(
            "--s -s --stride stride",
            "Layer",
            f"Stride: 1 unless given{stride}.",
            values.read_sizes,
            "S",
        ),
        option(
            "--p -p --padding padding",
            "Layer",
            "Padding: 1, 1x2, 0:1x0:1 (before:after), same, valid or full; 0 unless given.",
            values.read_padding,
            "P",
        ),
        option(
            "--d -d --dilation dilation",
            "Layer",
            "Dilation: 1 unless given.",
            values.read_sizes,
            "D",
        ),
        option(
            "--groups -g",
            "Layer",
            "Groups: must divide both channel counts.",
            COUNT,
            "N",
        ),
        Option(
            ["--bias/--no-bias"],
            section="Layer",
            default=None,
            help=f"Whether there is a bias: {bias} unless given.",
        ),
    ]


LAYER = layer(": CxL is 1-D, CxDxHxW 3-D", "; for pooling, the kernel size", bias="one")
DEMO_LAYER = layer(": CxL is 1-D", "; for pooling, the kernel size", bias="none")
BEYOND_CONVOLUTION = [
    flag("--transposed", "Layer", "A transposed convolution."),
    option(
        "--output-padding",
        "Layer",
        "Added at the end of a transposed convolution's output.",
        values.read_counts,
        "N",
    ),
    choice("--pool", "Layer", "Pooling instead of a convolution.", ("max", "avg")),
    flag("--ceil-mode", "Layer", "Pooling: round the output size up."),
]
BATCH = option("--batch -b", "Layer", "Samples: scales memory and the shapes shown.", COUNT, "N")


def dtype(section: str) -> Option:
    """Return the option for the type of the numbers."""
    also = {
        "float": "float32", "fp32": "float32", "double": "float64", "fp64": "float64",
        "half": "float16", "fp16": "float16", "bf16": "bfloat16",
    }  # fmt: skip
    said = "Type of the numbers, for the memory: float32 unless given."
    return choice("--dtype", section, said, tuple(BYTES), also=also)


DTYPE = dtype("Layer")
ANY_LAYER = [*LAYER, *BEYOND_CONVOLUTION, BATCH, DTYPE]

OWN = [
    option(
        "--x",
        "Layer",
        "Your own numbers for X: nested lists as JSON, or a .json file; --in isn't needed then.",
        values.read_numbers,
        "JSON",
    ),
    option(
        "--w",
        "Layer",
        "Your own numbers for W, likewise; --k and --out aren't needed then.",
        values.read_numbers,
        "JSON",
    ),
]
WALK = [
    flag("--backward", "Walk", "Go on through the gradients, with the formulas they follow from."),
    option(
        "--grad",
        "Walk",
        "Your own numbers for Y∇, of Y's shape; --backward goes without saying.",
        values.read_numbers,
        "JSON",
    ),
    option(
        "--patch",
        "Walk",
        "Mark patch N, or the one at I,J, everywhere, and write out its sums.",
        values.read_patch,
        "N|I,J",
    ),
    choice(
        "--layout",
        "Walk",
        "Show the unfolded X as Ũ, a patch per row (bpk), or as U, one per column (bkp).",
        ("bpk", "bkp"),
        default="bpk",
    ),
    flag("--fold folds", "Walk", "Fold the unfolded X back, and say how many patches meet."),
    choice(
        "--code",
        "Loops",
        "Print the loops of unfold, fold, conv2d, conv2d_by_unfold or conv2d_backward, as Python "
        "that runs as it stands.",
        ("unfold", "fold", "conv2d", "conv2d_by_unfold", "conv2d_backward"),
        metavar="NAME",
    ),
    flag("--animate", "Walk", "Step through the patches in place."),
    option(
        "--delay",
        "Walk",
        "How long each patch of --animate stays: 1 unless given; 0 waits for a key.",
        Number(0, 60),
        "SECONDS",
    ),
    option(
        "--seed",
        "Walk",
        "Draw small random integers; without it the values count up.",
        INDEX,
        "N",
    ),
]

NETWORK = [
    option(
        "--in -i --input input_shapes",
        "Network",
        "Input, channels first, without the batch: once per argument of the forward, in its order "
        "or as NAME=CxHxW; () is one number, 64:int64 whole numbers, =2x64 the whole shape.",
        values.read_input,
        "CxHxW",
        multiple=True,
        callback=values.notice_slips,
    ),
    option("--layers", "Network", "The layers themselves, not a file.", metavar="TEXT"),
    option(
        "--define",
        "Network",
        "The value of a name in the file, of an attribute, or of an argument of the model or its "
        "forward; opt.width=8 an entry of a configuration, cfg=@x.json all of it.",
        values.read_definition,
        "NAME=VALUE",
        multiple=True,
    ),
    option(
        "--site sites",
        "Network",
        "A folder of installed packages, or an environment, to read a model's packages from, "
        "ahead of the active one's.",
        values.read_folder,
        "FOLDER",
        multiple=True,
    ),
    flag(
        "--train",
        "Network",
        "Follow it as in training, and say what that takes: what the forward keeps for the "
        "backward (as PyTorch 2.13 on a CPU in float32), gradients, an optimiser's states.",
    ),
    option(
        "--optimizer",
        "Network",
        "Whose states count with --train: adam unless given.",
        values.OneOf(("adam", "adamw", "sgd", "momentum", "rmsprop", "adagrad", "none")),
        "NAME",
    ),
    option(
        "--fit-in",
        "Network",
        "With --train, the largest batch that takes no more: 24GiB, 512MB.",
        text.read_memory,
        "SIZE",
    ),
    flag("--sequential", "Network", "Take the layers of unknown classes in the order shown."),
    flag("--params-only", "Network", "Count parameters alone, without --in."),
    option("--batch -b", "Network", "Samples: scales the memory.", COUNT, "N"),
    dtype("Network"),
    option(
        "--timeout",
        "Network",
        "How much processor time it may take: 10 unless given.",
        Number(0.001, 3600),
        "SECONDS",
        default=10.0,
    ),
    option(
        "--sizes",
        "Network",
        "Which sizes of the input fit: each from A to B is tried; by default 1 to twice the given.",
        values.read_range,
        "[A:B]",
    ),
]
ROWS = [
    flag("--diff", "Output", "Show only what would make it fit, as a diff for patch -p0."),
    option(
        "--columns",
        "Output",
        "The columns to show:",
        values.Names(column_names),
        "NAMES",
        shell_complete=complete_columns,
        listed=column_names,
    ),
    option(
        "--depth", "Output", "Sum up what is deeper in the model, a row per module.", INDEX, "N"
    ),
    flag("--graph", "Output", "Draw rails beside the rows: what each row reads."),
]
ANNOTATED = [written_as([*FORMATS, GITHUB]), *OUTPUT[1:]]
"""The output of `net`, which GitHub can show beside its lines."""

QUESTION = [
    input_shape("Question", "What goes in, channels first."),
    option(
        "--out -o --output output_shape",
        "Question",
        "What is to come out, channels first.",
        values.read_shape,
        "CxHxW",
    ),
    option(
        "--k -k --kernel-size kernel_size",
        "Question",
        "Keep this kernel: 3 for every axis, or 3x5.",
        values.read_sizes,
        "K",
    ),
    option(
        "--s -s --stride stride",
        "Question",
        "Keep this stride; else it is at most what the kernel spans.",
        values.read_sizes,
        "S",
    ),
    option(
        "--p -p --padding padding",
        "Question",
        "Keep this padding; else it is less than what the kernel spans.",
        values.read_counts,
        "P",
    ),
    option("--d -d --dilation dilation", "Question", "Keep this dilation.", values.read_sizes, "D"),
    flag("--transposed", "Question", "Look for a ConvTranspose."),
    option(
        "--max-k max_kernel_size",
        "Question",
        "The most that a kernel may span, dilation included: 32 unless given.",
        Whole(1, 256),
        "K",
        default=32,
    ),
]
LIMIT = option(
    "--limit", "Output", "Layers to show: 10 unless given.", Whole(1, 100_000), "N", default=10
)

OPERATIONS = ("unfold", "fold", "conv2d", "conv2d_backward")
CHECK = [
    choice(
        "--op operation",
        "Check",
        "What the function is meant to do.",
        OPERATIONS,
    ),
    choice(
        "--as handed_as",
        "Check",
        "What the inputs are handed over as; what the file imports decides unless given.",
        ("list", "numpy", "torch"),
    ),
    choice(
        "--layout",
        "Check",
        "How tensors are laid out: (b, p, k) and (b, c, h, w) unless given; (b, k, p), (b·p, k), "
        "(c, h, w), (b, h, w, c) or (h, w, c).",
        ("bpk", "bkp", "flat", "chw", "nhwc", "hwc"),
        default="bpk",
    ),
    option(
        "--timeout",
        "Check",
        "How long a case may take: 10 unless given.",
        Number(0.001, 3600),
        "SECONDS",
        default=10.0,
    ),
    option(
        "--jobs",
        "Check",
        "How many files are checked at a time: 1 unless given.",
        Whole(1, 64),
        "N",
        default=1,
    ),
]
