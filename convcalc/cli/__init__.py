"""The command line: read the arguments, ask one function, hand its answer to the output.

errors        how a command line ends without an answer
values        option values as people type them, as Click types
needs         what a command can't do without
names         which option a name stands for
numbers       numbers that stand where no option takes them
typos         what was probably meant by what isn't understood
click_extras  what is added to Click: help in sections, worked examples
options       the options of every command
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from convcalc.cli import options
from convcalc.cli.click_extras import Command, Commands, noted, refuse_others, require
from convcalc.cli.errors import AnswerIsNo, Interrupted, Refusal
from convcalc.formulas import ConvcalcError
from convcalc.output import GITHUB, JSON, TABLE, Format, Target, show
from convcalc.text import listed, typed

if TYPE_CHECKING:
    from convcalc.network.answer.rows import NetworkAnswer
    from convcalc.network.inputs import Input
    from convcalc.network.several import SeveralAnswer
    from convcalc.network.sizes import Trying


@click.group(
    cls=Commands,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",  # in every version of Click
    context_settings={"help_option_names": [], "max_content_width": 100},
    params=[options.VERSION, options.HELP],
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Shapes, parameters and numbers of convolutional layers, without a framework.

    \b
    convcalc shape --in 3x32x32 --k 3 --p 1       what comes out of this layer?
    convcalc params --in 3x32x32 --out 16 --k 3   how many weights does it have?
    convcalc demo                                 what does unfolding look like?
    convcalc net model.txt --in 3x224x224         and my whole network?
    convcalc solve --in 3x32x32 --out 16x16x16    which layer does this?
    convcalc check mine.py:unfold --op unfold     is my own implementation right?

    Each command alone runs a worked example; -h after its name explains it.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@cli.command(
    cls=Command,
    example="--in 3x32x32 --k 3 --p 1",
    needs={"input_shape": "--in 3x32x32", "kernel_size": "--k 3"},
    params=[*options.ANY_LAYER, *options.OUTPUT],
)
@click.pass_context
def shape(ctx: click.Context, /, format_: Format, save: Target | None, **layer: Any) -> None:
    """What comes out of a layer, and how it unfolds.

    \b
    convcalc shape --in 3x32x32 --k 3 --s 1 --p 1
    convcalc shape --in 3x224x224 --out 64 --k 11 --s 4 --p 2
    convcalc shape --in 16x100 --k 5 --p same --d 2
    convcalc shape --in 8x16x16 --out 4 --k 4 --s 2 --p 1 --transposed
    convcalc shape --in 64x55x55 --k 3 --s 2 --pool max --ceil-mode

    --in and --k must be given; without any option of the layer, a worked example is shown.
    """
    require(ctx)
    from convcalc.output import shape as written
    from convcalc.single.question import LayerQuestion
    from convcalc.single.shape import shape as answered

    answer = noted(ctx, answered(LayerQuestion(**layer)))
    show(answer, written.as_page, written.as_json, format_, save)


@cli.command(
    cls=Command,
    example="--in 3x32x32 --out 16 --k 3 --p 1",
    needs={"input_shape": "--in 3x32x32", "kernel_size": "--k 3", "out_channels": "--out 16"},
    unless={"out_channels": "pool"},
    params=[*options.ANY_LAYER, *options.OUTPUT],
)
@click.pass_context
def params(ctx: click.Context, /, format_: Format, save: Target | None, **layer: Any) -> None:
    """The weights of a layer, and its work.

    \b
    convcalc params --in 3 --out 16 --k 3
    convcalc params --in 3x32x32 --out 16 --k 3 --p 1
    convcalc params --in 32x56x56 --out 32 --k 3 --p 1 --groups 32 --no-bias
    convcalc params --in 16x8x8 --out 8 --k 4 --s 2 --transposed --dtype float16

    --in (the channels alone are enough), --k and, but for pooling, --out must be given; without
    any option of the layer, a worked example is shown. MACs are multiply-accumulates with the
    weights, per sample.
    """
    require(ctx)
    from convcalc.output import params as written
    from convcalc.single.params import params as answered
    from convcalc.single.question import LayerQuestion

    answer = noted(ctx, answered(LayerQuestion(**layer)))
    show(answer, written.as_page, written.as_json, format_, save)


@cli.command(
    cls=Command,
    example="--in 2x3x3 --out 2 --k 2",
    needs={"input_shape": "--in 2x3x3", "kernel_size": "--k 2"},
    unless={"input_shape": "x", "kernel_size": "w"},
    params=[
        *options.DEMO_LAYER,
        *options.BEYOND_CONVOLUTION,
        options.BATCH,
        *options.OWN,
        *options.WALK,
        *options.OUTPUT,
    ],
)
@click.pass_context
def demo(
    ctx: click.Context,
    /,
    format_: Format,
    save: Target | None,
    code: str | None,
    animate: bool,
    delay: float | None,
    x: Any,
    w: Any,
    **given: Any,
) -> None:
    """A small layer with its numbers, step by step.

    \b
    convcalc demo
    convcalc demo --in 2x4x4 --k 3 --p 1 --s 2 --backward
    convcalc demo --in 1x5x5 --k 3 --patch 4
    convcalc demo --x "[[1, 2, 3], [4, 5, 6]]" --w "[[1, 0], [0, -1]]"
    convcalc demo --in 1x2x2 --k 3 --s 2 --transposed --output-padding 1
    convcalc demo --in 1x4x4 --k 2 --pool max --backward
    convcalc demo --in 1x5x5 --k 3 --animate --delay 0.5
    convcalc demo --save page.html
    convcalc demo --animate --save demo.svg
    convcalc demo --code unfold > mine.py

    --in and --k, or numbers of your own, must be given; without any option of the layer, a
    worked example is shown. The page that --save writes is one to play with: point at a cell, or
    change the layer.
    """
    if code is not None:
        refuse_others(ctx, "code", "format_", "save")
        from convcalc.output.demo import loops as printed
        from convcalc.single.demo.loops import loops

        show(loops(code), printed.as_page, printed.as_json, format_, save)
        return
    require(ctx)
    if animate and format_ is not TABLE:
        said = f"--animate draws in a terminal, --format {format_.name} doesn't"
        raise Refusal(f"{said}: use one of the two")
    if delay is not None and not animate:
        raise Refusal("--delay has no meaning without --animate")
    names = ("seed", "backward", "patch", "grad", "layout", "folds")
    of_walk = {"x": x, "w": w} | {name: given.pop(name) for name in names}
    from convcalc.single.demo.numbers import with_own_numbers

    question = with_own_numbers(given, x, w)
    answer: Any
    written: Any
    as_file: dict[str, Any] = {}  # pages and pictures of their own, which few save
    if question.pool:
        from convcalc.output.demo import pooling as written
        from convcalc.single.demo import pooling

        answer = pooling.walk(question, **of_walk)
    elif question.transposed:
        from convcalc.output.demo import transposed as written
        from convcalc.single.demo import transposed

        answer = transposed.walk(question, **of_walk)
    else:
        from convcalc.output.demo import convolution as written
        from convcalc.single.demo import convolution

        answer = convolution.walk(question, **of_walk)
    if save is not None and save.suffix == ".html":
        from convcalc.output.touch import walk as page

        as_file[".html"] = page.as_html
    if animate and save is not None and save.suffix == ".svg":
        from convcalc.output import moving

        as_file[".svg"] = moving.pictured(1.0 if delay is None else delay)
    answer = noted(ctx, answer)
    animated = animate and sys.stdout.isatty()
    show(answer, written.as_page, written.as_json, format_, save, as_file, not animated)
    if animated:
        from convcalc.output.demo.animation import animation
        from convcalc.output.terminal.animation import animate as play

        steps, layouts = animation(answer)
        play(steps, layouts, 1.0 if delay is None else delay, click.getchar)


def _show_several(
    ctx: click.Context, answer: SeveralAnswer, format_: Format, save: Target | None
) -> None:
    """Write what came of several files; end with the worst of their exit statuses."""
    from convcalc.output.network import several as written

    as_json = written.annotated if format_ is GITHUB else written.as_json
    show(noted(ctx, answer), written.as_page, as_json, format_, save)
    if answer.status:
        (*_, last) = answer.files
        said = written.sentence(last) if len(answer.files) == 1 else written.verdict(answer)
        raise (AnswerIsNo if answer.status == 1 else Refusal)(said)


def _show_diff(answer: NetworkAnswer) -> None:
    """Write what makes a network fit as a diff, and the sentence of its misfit."""
    from pathlib import Path  # here, since it takes long to load, and few commands need it

    from convcalc.output import diff as written

    error = answer.error
    mend = next((each for each in (error.mends if error else answer.mends) if each.edits), None)
    if mend is not None:
        here = Path.cwd()
        try:
            words, folder = written.unified(mend, here)
        except ConvcalcError as reason:
            told = f"{reason}: {error.sentence if error else mend.message}"
            raise Refusal(f"--diff has no meaning here, {told}") from None
        written.show(words)
        if folder != here.resolve():
            click.echo(f"its paths begin in {folder}: patch -p0 -d takes that", err=True)
    if error is not None:
        raise AnswerIsNo(error.sentence)
    if mend is None:
        click.echo("it fits: there is nothing to mend", err=True)


LENET = (
    "Conv2d(1, 6, 5), Tanh(), AvgPool2d(2), Conv2d(6, 16, 5), Tanh(), AvgPool2d(2), "
    "Conv2d(16, 120, 5), Tanh(), Flatten(), Linear(120, 84), Tanh(), Linear(84, 10)"
)


@cli.command(
    cls=Command,
    example=f"--in 1x32x32 --layers '{LENET}'",
    needs={"target": "model.py:Net", "input_shapes": "--in 3x224x224"},
    unless={"target": "layers", "input_shapes": "params_only"},
    params=[
        click.Argument(
            ["target"],
            metavar="[FILE[:EXPRESSION]]",
            required=False,
            shell_complete=options.file_names,
        ),
        click.Argument(
            ["others"],
            metavar="...",
            nargs=-1,
            shell_complete=options.file_names,
        ),
        *options.NETWORK,
        *options.ROWS,
        *options.ANNOTATED,
    ],
)
@click.pass_context
def net(
    ctx: click.Context,
    /,
    format_: Format,
    save: Target | None,
    target: str | None,
    layers: str | None,
    input_shapes: tuple[Input, ...],
    define: tuple[tuple[str, Any], ...],
    sites: tuple[Any, ...],
    train: bool,
    sequential: bool,
    params_only: bool,
    batch: int | None,
    dtype: str | None,
    optimizer: str | None,
    fit_in: int | None,
    timeout: float,
    sizes: tuple[int | None, int | None] | None,
    columns: tuple[str, ...] | None,
    depth: int | None,
    graph: bool,
    diff: bool,
    others: tuple[str, ...],
) -> None:
    """A whole network, read from its source.

    \b
    convcalc net model.py:Net --in 3x32x32
    convcalc net "unet.py:UNet(3, 2)" --in 3x256x256
    convcalc net train.py --in 100 --define opt.latent_dim=100
    python -c "...; print(model)" | convcalc net --in 3x224x224
    convcalc net --layers "Conv2d(3, 16, 3), ReLU(), MaxPool2d(2)" --in 3x32x32
    convcalc net resnet.txt --params-only
    convcalc net unet.py --in 3x64x64 --sizes 32:256
    convcalc net model.py --in 3x28x28 --diff | patch -p0
    convcalc net models/*.py --in 3x224x224 --format github
    convcalc net model.py:Net --in 3x224x224 --train --fit-in 24GiB

    FILE holds classes of PyTorch (a notebook may, too), what print(model) shows, or layers in
    Python; piped text takes its place. EXPRESSION says which model in the file's own names;
    without it `model` or `net` is meant, or the one class that no other uses. Nothing of it is
    executed: what isn't understood is refused. Several FILEs have a line each. The exit status is
    1 where the network doesn't fit its input.
    """
    if target is not None and layers is not None:
        raise Refusal("a FILE or --layers is expected, not both")
    if params_only and input_shapes:
        raise Refusal("--in has no meaning with --params-only, which counts without an input")
    if graph:
        if params_only:
            raise Refusal("--graph has no meaning with --params-only, which follows no calls")
        if format_ not in (TABLE, JSON):
            said = f"--graph draws beside a table, --format {format_.name} has no place for it"
            raise Refusal(f"{said}: --columns name,from lists what each row reads")
    for asked, name in ((optimizer, "--optimizer"), (fit_in, "--fit-in")):
        if asked is not None and (not train or params_only):
            raise Refusal(f"{name} is about training: add --train, which says what that takes")
    if params_only and sizes is not None:
        raise Refusal("--sizes has no meaning with --params-only, which counts without an input")
    if diff:
        for given, name in ((format_ is not TABLE, "--format"), (save, "--save"),
                            (columns, "--columns"), (depth is not None, "--depth"),
                            (sizes is not None, "--sizes")):  # fmt: skip
            if given:
                raise Refusal(f"{name} has no meaning with --diff, which prints a diff alone")
    require(ctx)
    from convcalc.cli.values import read_piped
    from convcalc.network import model
    from convcalc.network.following import Reading
    from convcalc.output import net as written
    from convcalc.output.progress import Progress

    def ask(reading: Reading, root: Any) -> Any:
        return reading.follow(root, input_shapes, batch or 0, dtype or "float32", optimizer)

    words = read_piped() if layers is None and target in (None, "-") else layers
    if others or format_ is GITHUB or model.is_pattern(target or ""):
        from convcalc.network import several

        files = several.expanded([*filter(None, (target,)), *others])
        if len(files) != 1 or format_ is GITHUB:
            beside: list[tuple[object, str]] = [
                (columns, "--columns"), (depth is not None, "--depth"), (graph, "--graph"),
                (sizes is not None, "--sizes"), (diff, "--diff"),
                (save if format_ is GITHUB else None, "--save"),
            ]  # fmt: skip
            for value, said in beside:
                if value:
                    raise Refusal(f"{said} has no meaning with several FILEs or --format github")

            def follow(file: str) -> NetworkAnswer:
                return model.answered(
                    model.counted if params_only else ask,
                    file or None,
                    words,
                    defined=dict(define),
                    train=train,
                    sequential=sequential,
                    seconds=timeout,
                    sites=sites,
                )

            _show_several(ctx, several.asked(files or [""], follow), format_, save)
            return
        (target,) = files
    progress = Progress("sizes")
    trying: Trying | None = None
    if sizes is not None:
        from convcalc.network.sizes import Trying

        trying = Trying(*sizes, tell=progress.tell)
    try:
        answer = model.answered(
            model.counted if params_only else ask,
            target,
            words,
            defined=dict(define),
            train=train,
            sequential=sequential,
            seconds=timeout,
            sizes=trying,
            sites=sites,
            limit=fit_in,
        )
    except KeyboardInterrupt:
        progress.clear()
        if trying is None or trying.answer is None:
            raise
        first, last = trying.answer.tried
        fitting = written.runs_text(trying.answer.fit)
        raise Interrupted(f"interrupted: {first:,} to {last:,} were tried, {fitting} fit") from None
    progress.clear()
    if diff:
        _show_diff(answer)
        return
    if depth is not None:
        from convcalc.network.answer import depth as depths

        answer = depths.summed(answer, depth)
    page = written.laid_out(columns or (), graph)
    as_file: dict[str, Any] = {}
    if save is not None and answer.rows:
        from convcalc.output.touch import network

        as_file[".html"] = network.paged(columns or ())
    show(noted(ctx, answer), page, written.as_json, format_, save, as_file)
    if answer.error is not None:
        slip = ctx.meta.get("convcalc.slip")
        raise AnswerIsNo(f"{answer.error.sentence}; {slip}" if slip else answer.error.sentence)


@cli.command(
    cls=Command,
    example="--in 3x32x32 --out 16x16x16",
    needs={"input_shape": "--in 3x32x32", "output_shape": "--out 16x16x16"},
    params=[*options.QUESTION, options.LIMIT, *options.OUTPUT],
)
@click.pass_context
def solve(ctx: click.Context, /, format_: Format, save: Target | None, **question: Any) -> None:
    """Which layers turn this shape into that one.

    \b
    convcalc solve --in 3x32x32 --out 16x16x16
    convcalc solve --in 3x224x224 --out 64x55x55 --k 11 --s 4
    convcalc solve --in 1x48x64 --out 8x24x16
    convcalc solve --in 16x8x8 --out 8x16x16 --transposed

    Layers that read all of the input come first; of them and of the others, those with the
    smallest dilation, then kernel, stride and padding. The exit status is 1 where nothing fits.
    """
    require(ctx)
    from convcalc.output import solve as written
    from convcalc.single import solve as solver

    inputs, outputs = question["input_shape"], question["output_shape"]
    if len(outputs) == 1 < len(inputs):
        sizes = typed((*outputs, *inputs[1:]))
        said = f"--out {outputs[0]} is channels alone: all sizes are needed"
        raise Refusal(f"{said}, --out {sizes} for example")
    answer = solver.solve(solver.SolveQuestion(**question))
    if answer.total or format_ is JSON:
        show(noted(ctx, answer), written.as_page, written.as_json, format_, save)
    if not answer.total:
        raise AnswerIsNo(answer.reason)


@cli.command(
    cls=Command,
    example="{package}/checking/example.py:unfold --op unfold",
    needs={"target": "mine.py:unfold", "operation": "--op unfold"},
    params=[
        click.Argument(
            ["target"],
            metavar="[FILE.py:FUNCTION]",
            required=False,
            shell_complete=options.file_names,
        ),
        click.Argument(
            ["others"],
            metavar="...",
            nargs=-1,
            shell_complete=options.file_names,
        ),
        *options.CHECK,
        *options.OUTPUT,
    ],
)
@click.pass_context
def check(
    ctx: click.Context,
    /,
    format_: Format,
    save: Target | None,
    target: str | None,
    operation: str | None,
    handed_as: str | None,
    layout: Any,
    timeout: float,
    jobs: int,
    others: tuple[str, ...],
) -> None:
    """Is my own implementation right, and if not, where?

    \b
    convcalc check mine.py:unfold --op unfold
    convcalc check mine.ipynb:Conv.forward --op conv2d --as numpy
    convcalc check mine.py:backward --op conv2d_backward --as torch
    convcalc check hand_ins/ --op unfold --jobs 2 --format csv

    \b
    The function is called as the reference is, and has to return the same:
    unfold(x, kernel_size, stride=1, padding=0, dilation=1)
      Ũ (b, p, k)
    fold(u, output_size, kernel_size, stride=1, padding=0, dilation=1)
      X (b, c, h, w)
    conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)
      Y (b, c_out, h_out, w_out)
    conv2d_backward(grad_y, x, weight, stride=1, padding=0, dilation=1, groups=1)
      X∇ (b, c, h, w) and W∇ (c_out, c/groups, h_k, w_k), and bias∇ (c_out) or not

    It needn't take all of bias, stride, padding, dilation and groups: it is only asked for what
    it takes, under names like strides and pad too, or as {"stride": 1, "pad": 0}. Sizes are ints
    or pairs; X is (b, c, h, w), W (c_out, c/groups, h_k, w_k), unless --layout says otherwise. It
    may be a method, or a class, which is made with each case's arguments and given its weight: an
    nn.Module, Conv.forward; the apply of an autograd.Function; a backward pass that takes what its
    forward pass kept. Results are lists, or anything with tolist().

    Without :FUNCTION the one is meant that has the operation's name. FILE may be a notebook, and
    may be many, or a folder: then each has a line. What the function needs of its file is run, in
    a process of its own. The exit status is 1 where a case fails.
    """
    if target is None:
        raise Refusal("FILE.py:FUNCTION is missing, mine.py:unfold for example")
    if operation is None:
        raise Refusal(f"--op is missing: {listed(options.OPERATIONS, 'or')}")
    from convcalc.checking import check as checking
    from convcalc.checking import several
    from convcalc.output import check as written

    targets = [target, *others]
    many = several.is_several(targets)
    asked = checking.Asked(operation, handed_as, layout, timeout, tells=not many)
    if many:
        answers = several.check_all(targets, asked, jobs)
        pages = written.several_as_page, written.several_as_json
        show(noted(ctx, answers), *pages, format_, save)
        ctx.exit(1 if answers.failed else 0)
    answer = checking.check(target, asked)
    show(noted(ctx, answer), written.as_page, written.as_json, format_, save)
    ctx.exit(1 if answer.failed else 0)
