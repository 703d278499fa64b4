"""The inverse question, against brute force and by feeding every answer back."""

import itertools
import json
import random

import pytest

from convcalc.formulas import (
    ConvcalcError,
    conv_output_size,
    conv_transpose_output_size,
    unread,
)
from convcalc.single.question import LayerQuestion
from convcalc.single.shape import shape
from convcalc.single.solve import SolveQuestion, solve

EVERYTHING = 10**6


def settings_of(solution):
    layer = solution.layer
    settings = (layer.dilation, layer.kernel_size, layer.stride, layer.padding)
    return (*settings, layer.output_padding)


def ordered(solutions):
    return sorted(solutions, key=lambda each: (any(each[1]), *each[0]))


def brute_force(size, wanted, transposed, max_kernel_size, given):
    """Every layer within the bounds, one setting after the other, for one axis."""
    found = []
    for kernel_size in given.get("kernel_size", range(1, max_kernel_size + 1)):
        for dilation in given.get("dilation", range(1, max(max_kernel_size, 2))):
            span = dilation * (kernel_size - 1) + 1
            if "dilation" not in given and dilation > 1 and kernel_size == 1:
                continue  # the same with every dilation
            narrowest = "kernel_size" in given and ("dilation" in given or dilation == 1)
            if span > max_kernel_size and not narrowest:
                continue
            for stride in given.get("stride", range(1, span + 1)):
                for padding in given.get("padding", range(span)):
                    if transposed:
                        for output_padding in range(max(stride, dilation)):
                            asked = (size, kernel_size, stride, padding, output_padding, dilation)
                            if came_out(conv_transpose_output_size, *asked) == wanted:
                                found.append(
                                    ((dilation, kernel_size, stride, padding, output_padding), 0)
                                )
                        continue
                    asked = (size, kernel_size, stride, padding, dilation)
                    if came_out(conv_output_size, *asked) == wanted:
                        settings = (dilation, kernel_size, stride, padding, 0)
                        found.append((settings, unread(*asked)))
    return found


def came_out(function, *settings):
    try:
        return function(*settings)
    except ConvcalcError:
        return None


def brute_force_all_axes(sizes, wanted, transposed, max_kernel_size, given):
    """The same settings on every axis; where there are none, every combination."""
    axes = [
        dict(brute_force(size, out, transposed, max_kernel_size, given))
        for size, out in zip(sizes, wanted, strict=True)
    ]
    # Output padding follows from the rest, so it needn't be shared.
    shared = []
    for settings in axes[0]:
        alike = [[each for each in axis if each[:4] == settings[:4]] for axis in axes]
        if all(alike):
            shared.append(tuple(each[0] for each in alike))
    combined = shared or list(itertools.product(*axes))
    return [
        (
            tuple(zip(*each, strict=True)),
            tuple(axis[part] for axis, part in zip(axes, each, strict=True)),
        )
        for each in combined
    ]


@pytest.mark.parametrize("transposed", [False, True])
def test_nothing_is_missing_and_the_order_is_right(transposed):
    rng = random.Random(5)
    answered = 0
    for _ in range(400):
        ndim = rng.choice([1, 1, 2, 2, 3])
        most = {1: 7, 2: 5, 3: 3}[ndim]
        sizes = [rng.randint(1, 12)] * ndim if rng.random() < 0.5 else None
        sizes = sizes or [rng.randint(1, 12) for _ in range(ndim)]
        reach = 24 if transposed else 14
        wanted = [rng.randint(1, reach)] * ndim if rng.random() < 0.5 else None
        wanted = wanted or [rng.randint(1, reach) for _ in range(ndim)]
        given = {}
        for name, values in (
            ("kernel_size", range(1, 9)),
            ("stride", range(1, 5)),
            ("padding", range(4)),
            ("dilation", range(1, 4)),
        ):
            if rng.random() < 0.2:
                given[name] = (rng.choice(values),)
        expected = brute_force_all_axes(sizes, wanted, transposed, most, given)
        answer = solve(
            SolveQuestion(
                (2, *sizes),
                (3, *wanted),
                transposed=transposed,
                max_kernel_size=most,
                limit=EVERYTHING,
                **given,
            )
        )
        answered += bool(expected)
        assert answer.total == len(expected), (sizes, wanted, given)
        found = [(settings_of(each), each.unread) for each in answer.solutions]
        assert found == ordered(expected), (sizes, wanted, given)
        assert bool(answer.reason) == (not expected)
    assert answered > 100


@pytest.mark.parametrize("transposed", [False, True])
def test_every_answer_fed_back_gives_the_size_asked_for(transposed, hostile):
    fed = asked = 0
    for rng in hostile:
        asked += 1
        ndim = rng.randint(1, 3)
        sizes = tuple(rng.choice([rng.randint(1, 300), rng.randint(1, 10**9)]) for _ in range(ndim))
        scale = rng.choice([1, 2, 3, 4, 8])
        wanted = tuple(
            max(1, (size * scale if transposed else size // scale) + rng.randint(-2, 2))
            for size in sizes
        )
        answer = solve(SolveQuestion((3, *sizes), (4, *wanted), transposed=transposed))
        for solution in answer.solutions:
            layer = solution.layer
            back = shape(
                LayerQuestion(
                    input_shape=(3, *sizes),
                    kernel_size=layer.kernel_size,
                    out_channels=4,
                    stride=layer.stride,
                    padding=tuple((each, each) for each in layer.padding),
                    dilation=layer.dilation,
                    transposed=transposed,
                    output_padding=layer.output_padding if transposed else None,
                )
            )
            assert back.output == (4, *wanted)
            assert back.unread == solution.unread
            assert back.code == solution.code
            fed += 1
    assert fed > 3 * asked


def first(line, run, count):
    answer = json.loads(run(f"{line} --format json").stdout)
    return [
        (each["kernel_size"][0], each["stride"][0], each["padding"][0])
        for each in answer["solutions"][:count]
    ]


def test_the_answers_that_everybody_expects(run):
    halves = first("solve --in 3x32x32 --out 16x16x16", run, 3)
    assert halves == [(2, 2, 0), (3, 2, 1), (4, 2, 1)]
    assert (3, 1, 1) in first("solve --in 3x32x32 --out 8x32x32", run, 2)
    assert first("solve --in 3x224x224 --out 64x55x55 --k 11 --s 4", run, 1) == [(11, 4, 2)]
    assert first("solve --in 3x224x224 --out 64x14x14 --s 16", run, 1) == [(16, 16, 0)]
    assert first("solve --in 8x16x16 --out 4x32x32 --transposed --k 4", run, 1) == [(4, 2, 1)]


def test_solve_json(run):
    answer = json.loads(run("solve --in 1x48x64 --out 8x24x16 --limit 1 --format json").stdout)
    assert answer == {
        "input": [1, 48, 64],
        "output": [8, 24, 16],
        "transposed": False,
        "total": 119184,
        "solutions": [
            {
                "kernel_size": [2, 4],
                "stride": [2, 4],
                "padding": [0, 0],
                "dilation": [1, 1],
                "output_padding": [0, 0],
                "unread": [0, 0],
                "params": 72,
                "code": "nn.Conv2d(1, 8, kernel_size=(2, 4), stride=(2, 4))",
            }
        ],
        "notes": [],
    }


NOTHING_FITS = {
    "solve --in 3x32x32 --out 3x99x99": "no convolution with kernels that span up to 32 turns "
    "height 32 into 99: the largest that it can become is 63",
    "solve --in 3x32 --out 3x16 --k 3 --s 3 --d 1": "no convolution with kernel 3, stride 3 "
    "and dilation 1 turns length 32 into 16: the largest that it can become is 12",
    "solve --in 3x9 --out 3x5 --k 2 --s 1 --d 1": "no convolution with kernel 2, stride 1 "
    "and dilation 1 turns length 9 into 5: the smallest that it can become is 8",
    "solve --in 3x32 --out 3x32 --k 4 --d 1 --s 1": "no convolution with kernel 4, stride 1 "
    "and dilation 1 turns length 32 into 32: the nearest that it can become are 31 and 33",
    "solve --in 3x2 --out 3x1 --k 9 --p 0 --d 1": "no convolution with kernel 9, padding 0 "
    "and dilation 1 turns length 2 into 1: no such kernel fits into it",
    "solve --in 3x4 --out 3x90 --transposed --max-k 5": "no transposed convolution with kernels "
    "that span up to 5 turns length 4 into 90: the largest that it can become is 24",
    "solve --in 3x14 --out 3x21 --transposed --k 1": "no transposed convolution with kernel 1 and "
    "dilation 1 turns length 14 into 21: the largest that it can become is 14",
    "solve --in 3x4 --out 3x6 --transposed --k 2 --s 1 --d 1": "no transposed convolution with "
    "kernel 2, stride 1 and dilation 1 turns length 4 into 6: the "
    "largest that it can become is 5",
}


@pytest.mark.parametrize("line", NOTHING_FITS)
def test_nothing_fits_and_why(line, run):
    result = run(line)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == f"{NOTHING_FITS[line]}\n"


def test_the_nearest_sizes_are_the_nearest():
    rng = random.Random(7)
    answered = 0
    for _ in range(600):
        transposed = rng.random() < 0.5
        size, wanted = rng.randint(1, 15), rng.randint(1, 30)
        given = {"kernel_size": (rng.randint(1, 4),), "stride": (rng.randint(1, 4),)}
        if rng.random() < 0.4:
            given["padding"] = (rng.randint(0, 3),)
        question = SolveQuestion(
            (1, size), (1, wanted), transposed=transposed, max_kernel_size=5, **given
        )
        reason = solve(question).reason
        if not reason:
            continue
        answered += 1
        reachable = [out for out in range(1, 80) if brute_force(size, out, transposed, 5, given)]
        nearest = [max((r for r in reachable if r < wanted), default=None)]
        nearest.append(min((r for r in reachable if r > wanted), default=None))
        for each in nearest:
            assert each is None or f" {each}" in reason, (question, reason, nearest)
        if None in nearest:
            assert " and " not in reason.rpartition(":")[2]
    assert answered > 200


def test_the_axis_with_no_answer_is_named():
    reason = solve(SolveQuestion((3, 32, 32), (3, 16, 99))).reason
    assert "turns width 32 into 99" in reason


def test_nothing_fits_in_json_too(run):
    result = run("solve --in 3x32x32 --out 3x99x99 --format json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["total"] == 0
    assert json.loads(result.stdout)["solutions"] == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("solve --in 3x32x32", "--out is missing, --out 16x16x16 for example"),
        (
            "solve --in 3x32x32 --out 3x32",
            "--out 3x32 has 1 spatial axis, but the input, 3x32x32, has 2",
        ),
        (
            "solve --in 3 --out 3",
            "--in 3 has 0 spatial axes: CxL, CxHxW and CxDxHxW have 1 to 3",
        ),
        ("solve --in 3x9 --out 3x9 --k 3x3", "--k 3x3 names 2 axes, but the input, 3x9, has 1"),
        ("solve --in 3x9 --out 3x9 --p same", "--p same: not understood, write 1 or 1x0"),
        (
            "solve --in 3x9 --out 3x9 --max-k 257",
            "--max-k 257: a whole number from 1 to 256 is expected",
        ),
        (
            "solve --in 3x9 --out 3x9 --limit 1000000",
            "--limit 1000000: a whole number from 1 to 100,000 is expected",
        ),
        (
            "solve --in 3x9 --out 3x9 --k 3 --d 9999999",
            "length: --k 3 with dilation 9999999 spans 19,999,999 positions, too many to look for: "
            "10,000 are the most",
        ),
    ],
)
def test_a_question_without_a_meaning(line, message, run):
    result = run(line)
    assert result.exit_code == 2
    assert result.stderr == f"Error: {message}\n"


def test_the_largest_questions_are_answered():
    """Nothing is tried out position by position, or this would never end."""
    for question in (
        SolveQuestion((1, 10**9, 10**9 - 1), (1, 5 * 10**8, 5 * 10**8)),
        SolveQuestion((1, 10**12), (1, 1)),
        SolveQuestion((1, 10**12), (1, 10**12), max_kernel_size=256),
        SolveQuestion((1, 7, 9, 11), (1, 1, 1, 1), max_kernel_size=256),
        SolveQuestion((1, 10**12, 10**6), (1, 10**3, 10**12), transposed=True),
    ):
        answer = solve(question)
        for each in answer.solutions:
            size = each.layer.output_size(question.input_shape[1:])
            assert size == question.output_shape[1:]
        assert (answer.total > 0) == bool(answer.solutions) != bool(answer.reason)


def spans(answer):
    return [
        dilation * (kernel - 1) + 1
        for each in answer.solutions
        for kernel, dilation in zip(each.layer.kernel_size, each.layer.dilation, strict=True)
    ]


def test_no_kernel_spans_more_than_asked_for_unless_it_is_given():
    question = SolveQuestion((3, 32), (4, 16), dilation=(3,), max_kernel_size=5, limit=EVERYTHING)
    assert max(spans(solve(question))) == 4
    given = SolveQuestion((3, 32), (4, 16), kernel_size=(5,), dilation=(3,), max_kernel_size=5)
    assert set(spans(solve(given))) == {13}
    narrow = SolveQuestion((3, 32), (4, 28), kernel_size=(5,), max_kernel_size=3)
    assert [each.code for each in solve(narrow).solutions] == ["nn.Conv1d(3, 4, kernel_size=5)"]


def test_a_kernel_of_one_is_found():
    given = solve(SolveQuestion((3, 9), (4, 9), kernel_size=(1,), limit=EVERYTHING))
    assert [each.code for each in given.solutions] == ["nn.Conv1d(3, 4, kernel_size=1)"]
    dilated = SolveQuestion((3, 9), (4, 9), kernel_size=(1,), dilation=(3,), padding=(0,))
    assert [each.unread for each in solve(dilated).solutions] == [(0,)]
    (solution,) = solve(SolveQuestion((3, 2), (4, 2), max_kernel_size=1)).solutions
    assert solution.code == "nn.Conv1d(3, 4, kernel_size=1)"
    assert (solution.params, solution.unread) == (16, (0,))


def test_what_reads_everything_comes_first():
    answer = solve(SolveQuestion((3, 32, 32), (16, 16, 16), limit=EVERYTHING))
    unread = [any(each.unread) for each in answer.solutions]
    assert unread == sorted(unread)
    assert (unread.count(False), unread.count(True)) == (166, 131)
    (holed,) = (
        each
        for each in answer.solutions
        if each.code == "nn.Conv2d(3, 16, kernel_size=2, stride=2, padding=1, dilation=2)"
    )
    assert holed.unread == (16, 16)
    apart = solve(SolveQuestion((3, 48, 64), (8, 24, 16), limit=30_000)).solutions
    unread = [any(each.unread) for each in apart]
    assert unread == sorted(unread)
    assert unread.count(False) == 24_168


def test_given_paddings_that_differ():
    answer = solve(
        SolveQuestion((3, 8, 9), (4, 8, 7), padding=(1, 0), kernel_size=(3,), limit=EVERYTHING)
    )
    assert [each.layer.padding for each in answer.solutions] == [(1, 0)]
    assert solve(SolveQuestion((3, 8, 9), (4, 8, 8), padding=(1, 0), kernel_size=(3,))).total == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"max_kernel_size": 0}, "max_kernel_size 0 is too small: it is at least 1"),
        ({"max_kernel_size": 10_001}, "max_kernel_size is more than 10,000 positions"),
        (
            {"kernel_size": (10_001,)},
            "length: kernel_size 10001 with dilation 1 spans 10,001 positions, too many to look "
            "for: 10,000 are the most",
        ),
        (
            {"stride": (1, 2)},
            "stride 1x2 names 2 axes, but the input, 3x9, has 1",
        ),
    ],
)
def test_an_error_knows_its_argument(settings, message):
    with pytest.raises(ConvcalcError) as caught:
        solve(SolveQuestion((3, 9), (4, 9), **settings))
    assert str(caught.value) == message
