"""The command line: read the arguments, ask one function, hand its answer to the output."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from click.core import ParameterSource

from convcalc import __version__
from convcalc.formulas import BYTES, ConvcalcError

FORMATS = ("table", "json", "csv", "markdown")

OPTION_OF = {
    "input_shape": "--in",
    "output_shape": "--out",
    "in_channels": "the input channels",
    "out_channels": "--out",
    "kernel_size": "--k",
    "stride": "--s",
    "padding": "--p",
    "dilation": "--d",
    "groups": "--groups",
    "bias": "--bias/--no-bias",
    "output_padding": "--output-padding",
    "ceil_mode": "--ceil-mode",
    "patch": "--patch",
}
"""What the command line calls the arguments that an error names."""


class Refusal(click.ClickException):
    """A question without a meaning: one sentence, exit status 2."""

    exit_code = 2
    prefix = "Error: "

    def __init__(self, message: str) -> None:
        # What was typed is quoted in messages: it must not steer the terminal.
        super().__init__("".join(c if c.isprintable() else ascii(c)[1:-1] for c in message))

    def show(self, file: Any = None) -> None:
        """Print the sentence, in characters that the terminal has."""
        from convcalc.glyphs import writable

        message = writable(f"{self.prefix}{self.message}", sys.stderr.encoding or "utf-8")
        click.echo(message, file=file, err=file is None)


class NothingFits(Refusal):
    """A question with a meaning, but no answer: one sentence, exit status 1."""

    exit_code = 1
    prefix = ""


def in_options(message: str) -> str:
    """Return a message with the options in the place of the arguments that it names."""
    names = re.compile(rf"\b({'|'.join(OPTION_OF)})\b(?!=)")
    return names.sub(lambda name: OPTION_OF[name[0]], message)


@contextmanager
def one_sentence() -> Iterator[None]:
    """Turn what Click says of wrong arguments into one sentence, without the usage."""
    try:
        yield
    except click.UsageError as error:
        raise Refusal(error.format_message()) from None


class Commands(click.Group):
    """The group of all commands."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments before the command's name."""
        with one_sentence():
            return super().make_context(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which one comes to need them."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Read a command's arguments and run it."""
        with one_sentence():
            return super().invoke(ctx)


class Option(click.Option):
    """An option that stands in a section of its command's help."""

    def __init__(self, *args: Any, section: str = "Output", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section


class Command(click.Command):
    """A command that, with no question of its own, runs a worked example and says so.

    Sections of options that only say how an answer is given are no question.
    """

    aside = ("Output", "Walk")

    def __init__(self, *args: Any, example: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example = example

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; where nothing is asked, the example's before them."""
        given = list(args)
        rest = super().parse_args(ctx, args)
        if self.example and not any(
            getattr(param, "section", "") not in self.aside
            and ctx.get_parameter_source(param.name or "") is not ParameterSource.DEFAULT
            for param in self.params
        ):
            ctx.params.clear()
            rest = super().parse_args(ctx, [*shlex.split(self.example), *given])
            ctx.meta["convcalc.example"] = f"convcalc {self.name} {self.example}"
        return rest

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a question without a meaning is refused in the options' words."""
        try:
            return super().invoke(ctx)
        except ConvcalcError as error:
            message = str(error)
            # Elsewhere these are the arguments of a layer in somebody's text.
            if any(param.name == "kernel_size" for param in self.params):
                message = in_options(message)
            raise Refusal(message) from None

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options section by section."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and isinstance(param, click.Option):
                sections.setdefault(getattr(param, "section", "Output"), []).append(record)
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)


class Reading(click.ParamType[Any]):
    """An option's text made into a value by a function of `convcalc.reading`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the text; the error names the option and what was typed."""
        from convcalc import reading

        if not isinstance(value, str):
            return value
        try:
            return getattr(reading, f"read_{self.name}")(value)
        except ConvcalcError as error:
            option = param.opts[0] if param else ""
            typed = value if len(value) <= 40 else f"{value[:40]}…"
            raise Refusal(f"{option} {typed or repr('')}: {error}") from None


def option(*names: str, section: str, **settings: Any) -> Callable[[Any], Any]:
    """Return a decorator that adds an option to a section of the help."""
    return click.option(*names, cls=Option, section=section, **settings)


LAYER_OPTIONS = {
    "input_shape": option(
        "--in",
        "-i",
        "--input",
        "input_shape",
        section="Layer",
        type=Reading("shape"),
        metavar="CxHxW",
        help="Input, channels first, without the batch: CxL is 1-D, CxDxHxW 3-D.",
    ),
    "out_channels": option(
        "--out",
        "-o",
        "--out-channels",
        "out_channels",
        section="Layer",
        type=Reading("positive"),
        metavar="N",
        help="Output channels.",
    ),
    "kernel_size": option(
        "--k",
        "-k",
        "--kernel-size",
        "kernel_size",
        section="Layer",
        type=Reading("sizes"),
        metavar="K",
        help="Kernel: 3 for every axis, or 3x5.",
    ),
    "stride": option(
        "--s",
        "-s",
        "--stride",
        "stride",
        section="Layer",
        type=Reading("sizes"),
        metavar="S",
        help="Stride: 1 unless given; for pooling the kernel size.",
    ),
    "padding": option(
        "--p",
        "-p",
        "--padding",
        "padding",
        section="Layer",
        type=Reading("padding"),
        metavar="P",
        help="Padding: 1, 1x2, 0:1x0:1 (before:after), same, valid or full; 0 unless given.",
    ),
    "dilation": option(
        "--d",
        "-d",
        "--dilation",
        "dilation",
        section="Layer",
        type=Reading("sizes"),
        metavar="D",
        help="Dilation: 1 unless given.",
    ),
    "groups": option(
        "--groups",
        "-g",
        section="Layer",
        type=Reading("positive"),
        metavar="N",
        help="Groups: must divide both channel counts.",
    ),
    "bias": option(
        "--bias/--no-bias",
        section="Layer",
        default=None,
        help="Whether there is a bias.",
    ),
    "transposed": option(
        "--transposed", section="Layer", is_flag=True, help="A transposed convolution."
    ),
    "output_padding": option(
        "--output-padding",
        section="Layer",
        type=Reading("counts"),
        metavar="N",
        help="Added at the end of a transposed convolution's output.",
    ),
    "pool": option(
        "--pool",
        section="Layer",
        type=click.Choice(("max", "avg")),
        help="Pooling instead of a convolution.",
    ),
    "ceil_mode": option(
        "--ceil-mode",
        section="Layer",
        is_flag=True,
        help="Pooling: round the output size up.",
    ),
    "batch": option(
        "--batch",
        "-b",
        section="Layer",
        type=Reading("positive"),
        metavar="N",
        help="Samples: scales memory and the shapes shown.",
    ),
    "dtype": option(
        "--dtype",
        section="Layer",
        type=click.Choice(tuple(BYTES)),
        help="Type of the numbers, for the memory: float32 unless given.",
    ),
}


def layer_options(*left_out: str) -> Callable[[Any], Any]:
    """Return a decorator that adds the options that describe one layer."""

    def add(command: Any) -> Any:
        for name, add_option in reversed(LAYER_OPTIONS.items()):
            if name not in left_out:
                command = add_option(command)
        return command

    return add


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


help_option = option(
    "-h",
    "--help",
    section="Output",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=show_help,
    help="Show this help.",
)


def output_options(command: Any) -> Any:
    """Add the options that say how the answer is written."""
    for add_option in (
        help_option,
        option(
            "--save",
            section="Output",
            metavar="FILE",
            help="Also save what is shown: a picture (.svg), a page (.html) or text (.txt).",
        ),
        option(
            "--format",
            "-f",
            "format_",
            section="Output",
            type=click.Choice(FORMATS),
            default="table",
            help="How the answer is written: table unless given.",
        ),
    ):
        command = add_option(command)
    return command


def require(ctx: click.Context, **needed: str) -> None:
    """Refuse where an option that has no default is missing."""
    for name, example in needed.items():
        if ctx.params[name] is None:
            raise Refusal(f"{OPTION_OF[name]} is missing: {example} would do")


def noted(ctx: click.Context, answer: Any) -> Any:
    """Return the answer, with a note first where it is a worked example."""
    example = ctx.meta.get("convcalc.example")
    if example is None:
        return answer
    from dataclasses import replace

    return replace(answer, notes=(f"A worked example: {example}", *answer.notes))


@click.group(
    cls=Commands,
    invoke_without_command=True,
    # Click's own help option looks for translations, which takes time at every start.
    context_settings={"help_option_names": [], "max_content_width": 100},
)
@help_option
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=show_version,
    help="Show the version.",
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Shapes, parameters and numbers of convolutional layers, without a framework.

    \b
    convcalc shape --in 3x32x32 --k 3 --p 1           what comes out of this layer?
    convcalc params --in 3x32x32 --out 16 --k 3       how many weights has it?
    convcalc demo                                     what does unfolding look like?
    convcalc net model.txt --in 3x224x224             and my whole network?
    convcalc solve --in 3x32x32 --out 16x16x16        which layer does this?
    convcalc check mine.py:unfold --op unfold         is my own implementation right?

    Each command alone runs a worked example; -h after its name explains it.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@cli.command(cls=Command, example="--in 3x32x32 --k 3 --p 1")
@layer_options()
@output_options
@click.pass_context
def shape(ctx: click.Context, /, format_: str, save: str | None, **layer: Any) -> None:
    """What comes out of a layer, and how it unfolds.

    \b
    convcalc shape --in 3x32x32 --k 3 --s 1 --p 1
    convcalc shape --in 3x224x224 --out 64 --k 11 --s 4 --p 2
    convcalc shape --in 16x100 --k 5 --p same --d 2
    convcalc shape --in 8x16x16 --out 4 --k 4 --s 2 --p 1 --transposed
    convcalc shape --in 64x55x55 --k 3 --s 2 --pool max --ceil-mode

    --in and --k must be given, or nothing at all: then a worked example is shown.
    """
    require(ctx, input_shape="--in 3x32x32", kernel_size="--k 3")
    from convcalc import calculator
    from convcalc.output import show
    from convcalc.question import LayerQuestion

    answer = noted(ctx, calculator.shape(LayerQuestion(**layer)))
    show("shape", answer, format_, save)


@cli.command(cls=Command, example="--in 3x32x32 --out 16 --k 3 --p 1")
@layer_options()
@output_options
@click.pass_context
def params(ctx: click.Context, /, format_: str, save: str | None, **layer: Any) -> None:
    """The weights of a layer, and its work.

    \b
    convcalc params --in 3 --out 16 --k 3
    convcalc params --in 3x32x32 --out 16 --k 3 --p 1
    convcalc params --in 32x56x56 --out 32 --k 3 --p 1 --groups 32 --no-bias
    convcalc params --in 16x8x8 --out 8 --k 4 --s 2 --p 1 --transposed --dtype float16

    --in (the channels alone are enough), --out and --k must be given, or nothing at all: then a
    worked example is shown. MACs are multiply-accumulates with the weights, per sample.
    """
    require(ctx, input_shape="--in 3x32x32", kernel_size="--k 3")
    if layer["pool"] is None:
        require(ctx, out_channels="--out 16")
    from convcalc import calculator
    from convcalc.output import show
    from convcalc.question import LayerQuestion

    answer = noted(ctx, calculator.params(LayerQuestion(**layer)))
    show("params", answer, format_, save)


@cli.command(cls=Command, example="--in 2x3x3 --out 2 --k 2")
@layer_options("transposed", "output_padding", "pool", "ceil_mode", "dtype")
@option("--backward", section="Walk", is_flag=True, help="Go on through the gradients.")
@option(
    "--patch",
    section="Walk",
    type=Reading("index"),
    metavar="N",
    help="Mark patch N in X, its row in U and its cells in Y.",
)
@option("--animate", section="Walk", is_flag=True, help="Step through the patches in place.")
@option(
    "--delay",
    section="Walk",
    type=Reading("seconds"),
    metavar="SECONDS",
    default=1.0,
    help="How long each patch of --animate stays: 1 unless given.",
)
@option(
    "--seed",
    section="Walk",
    type=Reading("index"),
    metavar="N",
    help="Draw small random integers; without it the values count up.",
)
@output_options
@click.pass_context
def demo(
    ctx: click.Context,
    /,
    format_: str,
    save: str | None,
    backward: bool,
    patch: int | None,
    animate: bool,
    delay: float,
    seed: int | None,
    **layer: Any,
) -> None:
    """A small convolution by unfolding, with its numbers.

    \b
    convcalc demo
    convcalc demo --in 2x4x4 --k 3 --p 1 --s 2 --backward
    convcalc demo --in 1x5x5 --k 3 --patch 4
    convcalc demo --in 1x5x5 --k 3 --animate --delay 0.5

    --in and --k must be given, or no layer at all: then a worked example is shown.
    """
    require(ctx, input_shape="--in 2x3x3", kernel_size="--k 2")
    from convcalc.output import show, step_through
    from convcalc.question import LayerQuestion
    from convcalc.walkthrough import walk

    answer = noted(ctx, walk(LayerQuestion(**layer), seed, backward, patch))
    if animate and format_ == "table" and sys.stdout.isatty():
        step_through(answer.patch_by_patch(), delay)
        return
    show("demo", answer, format_, save)


@cli.command(cls=Command, example="--in 3x32x32 --out 16x16x16")
@option(
    "--in",
    "-i",
    "--input",
    "input_shape",
    section="Question",
    type=Reading("shape"),
    metavar="CxHxW",
    help="What goes in, channels first.",
)
@option(
    "--out",
    "-o",
    "--output",
    "output_shape",
    section="Question",
    type=Reading("shape"),
    metavar="CxHxW",
    help="What is to come out, channels first.",
)
@option(
    "--k",
    "-k",
    "--kernel-size",
    "kernel_size",
    section="Question",
    type=Reading("sizes"),
    metavar="K",
    help="Keep this kernel: 3 for every axis, or 3x5.",
)
@option(
    "--s",
    "-s",
    "--stride",
    "stride",
    section="Question",
    type=Reading("sizes"),
    metavar="S",
    help="Keep this stride; else it is at most what the kernel spans.",
)
@option(
    "--p",
    "-p",
    "--padding",
    "padding",
    section="Question",
    type=Reading("counts"),
    metavar="P",
    help="Keep this padding; else it is less than what the kernel spans.",
)
@option(
    "--d",
    "-d",
    "--dilation",
    "dilation",
    section="Question",
    type=Reading("sizes"),
    metavar="D",
    help="Keep this dilation.",
)
@option("--transposed", section="Question", is_flag=True, help="Look for a ConvTranspose.")
@option(
    "--max-k",
    "max_kernel_size",
    section="Question",
    type=Reading("largest_kernel"),
    metavar="K",
    default=32,
    help="The most that a kernel spans, dilation included: 32 unless given.",
)
@option(
    "--limit",
    section="Output",
    type=Reading("limit"),
    metavar="N",
    default=10,
    help="Layers to show: 10 unless given.",
)
@output_options
@click.pass_context
def solve(ctx: click.Context, /, format_: str, save: str | None, **question: Any) -> None:
    """Which layers turn this shape into that one.

    \b
    convcalc solve --in 3x32x32 --out 16x16x16
    convcalc solve --in 3x224x224 --out 64x55x55 --k 11 --s 4
    convcalc solve --in 1x48x64 --out 8x24x16
    convcalc solve --in 16x8x8 --out 8x16x16 --transposed

    First the layers that drop nothing of the input, then by dilation, kernel, stride and padding.
    The exit status is 1 where nothing fits.
    """
    require(ctx, input_shape="--in 3x32x32", output_shape="--out 16x16x16")
    from convcalc import solver
    from convcalc.output import show

    answer = solver.solve(solver.SolveQuestion(**question))
    if answer.total or format_ == "json":
        show("solve", noted(ctx, answer), format_, save)
    if not answer.total:
        raise NothingFits(in_options(answer.reason))


LENET = (
    "Conv2d(1, 6, 5), Tanh(), AvgPool2d(2), Conv2d(6, 16, 5), Tanh(), AvgPool2d(2), "
    "Conv2d(16, 120, 5), Tanh(), Flatten(), Linear(120, 84), Tanh(), Linear(84, 10)"
)


@cli.command(cls=Command, example=f"--in 1x32x32 --layers '{LENET}'")
@click.argument("file", type=click.File(encoding="utf-8-sig"), required=False)
@option(
    "--in",
    "-i",
    "--input",
    "input_shape",
    section="Network",
    type=Reading("shape"),
    metavar="CxHxW",
    help="Input, channels first, without the batch; or the features alone.",
)
@option("--layers", section="Network", metavar="TEXT", help="The layers themselves, not a file.")
@option(
    "--define",
    section="Network",
    multiple=True,
    metavar="NAME=VALUE",
    help="The value of a name in the text; may be given several times.",
)
@option(
    "--params-only",
    section="Network",
    is_flag=True,
    help="Count parameters alone: any printed model, no --in.",
)
@output_options
@click.pass_context
def net(
    ctx: click.Context,
    /,
    format_: str,
    save: str | None,
    file: Any,
    layers: str | None,
    input_shape: tuple[int, ...] | None,
    define: tuple[str, ...],
    params_only: bool,
) -> None:
    """A whole network, from the text that people already have.

    \b
    python -c "…; print(model)" | convcalc net - --in 3x224x224
    convcalc net model.py --in 3x32x32 --define num_classes=10
    convcalc net --layers "Conv2d(3, 16, 3), ReLU(), MaxPool2d(2)" --in 3x32x32
    convcalc net resnet.txt --params-only

    FILE (- for standard input) holds what print(model) shows, or the layers in Python:
    nn.Sequential(…), or one layer a line. Nothing in it is executed.
    """
    if (file is None) == (layers is None):
        raise Refusal("either a FILE (- for standard input) or --layers would do, one of the two")
    if not params_only:
        require(ctx, input_shape="--in 3x224x224")
    from convcalc import network, reading
    from convcalc.output import show

    root = reading.read_network(file, layers, define)
    answer = network.count(root) if params_only else network.follow(root, input_shape or ())
    show("network", noted(ctx, answer), format_, save)


@cli.command(cls=Command)
@click.argument("target", metavar="FILE.py:FUNCTION")
@option(
    "--op",
    "operation",
    section="Check",
    type=click.Choice(("unfold", "fold", "conv2d", "conv2d_backward")),
    help="What the function is meant to do.",
)
@option(
    "--as",
    "handed_as",
    section="Check",
    type=click.Choice(("list", "numpy", "torch")),
    default="list",
    help="What the inputs are handed over as: nested lists unless given.",
)
@option(
    "--layout",
    section="Check",
    type=click.Choice(("bpk", "bkp")),
    default="bpk",
    help="Of unfolded matrices: a patch per row, (b, p, k), unless given.",
)
@output_options
@click.pass_context
def check(
    ctx: click.Context,
    /,
    format_: str,
    save: str | None,
    target: str,
    operation: str | None,
    handed_as: str,
    layout: str,
) -> None:
    """Is my own implementation right, and if not, where?

    \b
    convcalc check mine.py:unfold --op unfold
    convcalc check mine.py:my_conv --op conv2d --as numpy
    convcalc check mine.py:backward --op conv2d_backward --as torch

    \b
    The function is called as the reference is:
    unfold(x, kernel_size, stride=1, padding=0, dilation=1)
    fold(u, output_size, kernel_size, stride=1, padding=0, dilation=1)
    conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)
    conv2d_backward(grad_y, x, weight, stride=1, padding=0, dilation=1, groups=1)

    What it doesn't take of bias, stride, padding, dilation and groups isn't asked of it. FILE.py
    is imported, so that what stands in it is run. The exit status is 1 where a case fails.
    """
    if operation is None:
        raise Refusal("--op is missing: unfold, fold, conv2d or conv2d_backward would do")
    from convcalc import checker
    from convcalc.output import show

    answer = checker.check(target, operation, handed_as, layout)
    show("check", answer, format_, save)
    ctx.exit(1 if answer.failed else 0)
