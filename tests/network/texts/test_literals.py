"""Arguments as print(model) shows them, and values as people type them."""

import math

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.network.texts.literals import arguments_of, value_of


def test_arguments_are_python_literals_and_words_without_quotes():
    words = "3, (1, -2), [4], padding=same, eps=1e-05, n=2 * 3, dtype=torch.float32, p=inf"
    assert arguments_of(words, 1, 1) == (
        [3, (1, -2), [4]],
        {"padding": "same", "eps": 1e-05, "n": 6, "dtype": "torch.float32", "p": math.inf},
    )
    assert arguments_of("torch.Size([3, 4])", 1, 1) == ([(3, 4)], {})


@pytest.mark.parametrize(
    ("words", "value"),
    [("7", 7), (" relu ", "relu"), ("None", None), ("'a b'", "a b"), ("(3, 4)", (3, 4)),
     ("-inf", -math.inf), ("resnet-50", "resnet-50"), ("a=3", "a=3"), ("f(3)", "f(3)"),
     ("**x", "**x"), ("3x32", "3x32"), ("", ""), ("{'a': [1], 2: {}}", {"a": [1], 2: {}})],
)  # fmt: skip
def test_a_value_that_somebody_types(words, value):
    assert value_of(words) == value


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("3, 4", "is not one value"),
        ("(f(3), 4)", "'f(3)' is not a literal value"),
        ("{[]: 3}", "the keys of a dict are texts or whole numbers"),
        ("{**x}", "is not a literal value"),
        ("1 // 0", "a division by zero"),
        ("9" * 30, "a number beyond"),
        ("(" * 200, "brackets are nested more than 100 deep"),
        ("1 + " * 5000 + "1", "an expression is too long"),
        ("3 4", "invalid syntax"),
        ("'a' * 9", "is not a literal value"),
    ],
)
def test_what_is_no_literal_is_refused(words, reason):
    with pytest.raises(ConvcalcError) as refusal:
        value_of(words)
    assert reason in str(refusal.value)


def test_a_fault_says_where_it_is():
    with pytest.raises(ConvcalcError, match=r"^line 4, column 13: invalid syntax"):
        arguments_of("3, 4 5", 4, 9)
