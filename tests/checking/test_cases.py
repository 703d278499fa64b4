"""The cases: what they cover, and that no mistake in an option slips between them."""

from itertools import combinations, product

import pytest

from convcalc.checking.cases import cases, in_form, trial
from convcalc.checking.compare import numbers
from convcalc.checking.operations import OPERATIONS
from convcalc.formulas import transpose

SIZED = ("stride", "padding", "dilation")
NEUTRAL = {"stride": 1, "padding": 0, "dilation": 1}


def subsets(names):
    return [each for count in range(len(names) + 1) for each in combinations(names, count)]


def both(value):
    return value if isinstance(value, tuple) else (value, value)


@pytest.fixture(params=OPERATIONS)
def operation(request):
    return OPERATIONS[request.param]


@pytest.fixture
def table(operation):
    return list(cases(operation, operation.options))


def test_every_subset_of_the_options_has_a_case(operation, table):
    for taken in subsets(operation.options):
        given = {tuple(case.options) for case in cases(operation, taken)}
        assert given >= set(subsets(taken))
        assert all(set(each) <= set(taken) for each in given)


def test_every_pair_of_values_of_two_options_has_a_case(operation, table):
    sized = [name for name in SIZED if name in operation.options]
    values = {name: {case.options.get(name) for case in table} for name in sized}
    assert all(len(each) >= 4 for each in values.values())
    for a, b in combinations(sized, 2):
        met = {(case.options.get(a), case.options.get(b)) for case in table}
        combined = [
            (x, y)
            for x, y in product(values[a], values[b])
            if None not in (x, y) and (x, y) not in {(2, 2)}
        ]
        assert len([pair for pair in combined if pair in met]) >= 9


@pytest.mark.parametrize("where", ["stride", "padding", "dilation", "groups", "bias"])
@pytest.mark.parametrize("name", SIZED)
def test_an_option_that_is_lost_or_turned_beside_another_is_seen(name, where, operation):
    if where not in operation.options or where == name:
        return
    spoilt = {
        "lost": lambda value: NEUTRAL[name],
        "turned": lambda value: both(value)[::-1],
        "lost along the height": lambda value: (NEUTRAL[name], both(value)[1]),
        "lost along the width": lambda value: (both(value)[0], NEUTRAL[name]),
    }
    for taken in ((name, where), operation.options):
        beside = [case for case in cases(operation, taken) if {name, where} <= set(case.options)]
        for how, change in spoilt.items():
            changed = [both(change(c.options[name])) != both(c.options[name]) for c in beside]
            assert any(changed), f"{name} {how} where there is {where}, of {taken}"


def test_a_bias_and_groups_stand_beside_every_option(table, operation):
    for name in operation.options:
        for other in operation.options:
            assert any({name, other} <= set(case.options) for case in table)


def test_groups_have_several_kernels_and_channels(table, operation):
    if "groups" in operation.options:
        per_group = {
            (len(case.tensors["weight"]) // groups, len(case.tensors["weight"][0]))
            for case in table
            if (groups := case.options.get("groups"))
        }
        assert {1, 2} <= {kernels for kernels, _ in per_group}
        assert {1, 2} <= {channels for _, channels in per_group}


def test_numbers_that_small_types_lose(operation):
    for taken in ((), operation.options):
        held = [
            number
            for case in cases(operation, taken)
            for result in case.expected
            for number in numbers(result)
        ]
        assert min(held) < -300
        assert max(held) > 300
        assert max(map(abs, held)) > 2**15
        assert sum(number != int(number) for number in held) > len(held) / 10


def test_fractions_are_fractions_in_every_tensor(operation):
    for case in cases(operation, ()):
        if case.kind == "fractions":
            for tensor in case.tensors.values():
                assert all(number != int(number) for number in numbers(tensor))


def test_a_kernel_larger_than_the_input_that_only_padding_makes_fit(operation):
    larger = [each for each in cases(operation, ("padding",)) if each.kind.startswith("kernel lar")]
    assert {each.windows.size for each in larger} == {(2, 2), (1, 3)}
    assert all(max(case.windows.kernel_size) > min(case.windows.size) for case in larger)


def test_no_two_numbers_of_an_input_are_the_same(table):
    for case in table:
        for tensor in case.tensors.values():
            flat = numbers(tensor)
            assert len({abs(number) for number in flat}) == len(flat)
            assert 0 not in flat


def test_numbers_are_the_same_in_32_bits(table):
    import struct

    for case in table:
        for tensor in case.tensors.values():
            for number in numbers(tensor):
                assert struct.unpack("f", struct.pack("f", number))[0] == number


def test_the_first_cases_are_small_and_count(operation):
    first = next(cases(operation, operation.options))
    assert first.kind == "one channel, square"
    assert not first.options
    counted = first.tensors["u" if operation.name == "fold" else "x"]
    assert numbers(counted) == list(range(1, len(numbers(counted)) + 1))


def test_cases_are_the_same_every_time(operation, table):
    assert table == list(cases(operation, operation.options))


def test_kernels_fit_without_padding_and_turned(table):
    for case in table:
        windows = case.windows
        if case.kind.startswith(("kernel as large", "kernel larger")):
            continue
        largest = max(windows.dilation) * (max(windows.kernel_size) - 1) + 1
        assert largest <= min(windows.size) or not {"stride", "padding"} & set(case.options)


def test_strides_leave_a_rest_on_either_axis_beside_other_options(table):
    rests = [set(), set()]
    for case in table:
        w = case.windows
        if len(case.options) < 2:
            continue
        for axis in (0, 1):
            span = w.dilation[axis] * (w.kernel_size[axis] - 1) + 1
            rests[axis].add((w.padded[axis] - span) % w.stride[axis])
    assert all({0, 1} <= each for each in rests)


@pytest.mark.parametrize(
    ("value", "form", "handed"),
    [
        ((2, 2), "int", 2),
        ((2, 3), "int", None),
        (2, "int", 2),
        (2, "pair", (2, 2)),
        ((2, 3), "pair", (2, 3)),
        ((2, 3), None, (2, 3)),
        (2, None, 2),
    ],
)
def test_the_form_of_a_size(value, form, handed):
    assert in_form(value, form) == handed


@pytest.mark.parametrize("form", ["int", "pair"])
def test_cases_in_a_form(form, operation):
    names = (*operation.sizes, *SIZED)
    kind = int if form == "int" else tuple
    table = list(cases(operation, operation.options, dict.fromkeys(names, form)))
    assert len(table) > 30
    for case in table:
        for name in names:
            if name in case.handed:
                assert isinstance(case.handed[name], kind)
    for name in SIZED:
        assert len({case.options.get(name) for case in table}) >= 3


def test_a_kernel_of_one_int_leaves_several_sizes():
    table = cases(OPERATIONS["unfold"], (), {"kernel_size": "int"})
    assert {case.sizes["kernel_size"] for case in table} >= {1, 2, 3}


def test_the_layout_is_that_of_what_is_handed_over_and_expected():
    unfold, fold = OPERATIONS["unfold"], OPERATIONS["fold"]
    for bpk, bkp in zip(cases(unfold, ()), cases(unfold, (), layout="bkp"), strict=True):
        assert bkp.handed == bpk.handed
        assert bkp.expected == ([transpose(rows) for rows in bpk.expected[0]],)
    for bpk, bkp in zip(cases(fold, ()), cases(fold, (), layout="bkp"), strict=True):
        assert bkp.handed["u"] == [transpose(rows) for rows in bpk.handed["u"]]
        assert bkp.expected == bpk.expected


def test_a_trial_is_as_asked_for():
    case = trial(OPERATIONS["unfold"], {"stride": (2, 2)}, {"kernel_size": "int"}, "bpk")
    assert case.handed["kernel_size"] == 2
    assert case.handed["stride"] == (2, 2)
