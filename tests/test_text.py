"""Numbers, shapes and memory as people read them."""

import pytest

from convcalc import text


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1,023 bytes"),
        (1024, "1.0 KiB"),
        (1792, "1.8 KiB"),
        (32_000, "31.3 KiB"),
        (1024**2 - 1, "1.0 MiB"),
        (1023 * 1024 + 972, "1,023.9 KiB"),
        (1023 * 1024 + 973, "1.0 MiB"),
        (10**12, "931.3 GiB"),
        (1024**6 * 1023, "1,023.0 EiB"),
        (1024**6 * 123_456_789_012_345_678_901, "123,456,789,012,345,678,901.0 EiB"),
    ],
)
def test_memory(size, shown):
    assert text.memory(size) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (1024, "1,024"),
        (10**20 + 1, "100,000,000,000,000,000,001"),
        (9.00439, "9.004"),
        (999.96, "1,000"),
        (9999.6, "10,000"),
        (12_345.6, "12,346"),
    ],
)
def test_number(number, shown):
    assert text.number(number) == shown


def test_shapes():
    assert text.shape((1024, 27)) == "1,024 × 27"
    assert text.shape((None, 32, 32)) == "C_out × 32 × 32"
    assert text.product((3, None, 1024)) == "3 · 1,024"
    assert text.typed((3, 5)) == "3x5"
    assert text.typed(((0, 1), (0, 1))) == "0:1x0:1"
    assert text.source((3, 3)) == "3"
    assert text.source((3, 5)) == "(3, 5)"


@pytest.mark.parametrize(
    ("padding", "words"),
    [
        (((1, 1), (1, 1)), "1 on every side"),
        (((1000, 1000), (2, 2)), "1,000 × 2 on both sides"),
        (((0, 1), (0, 0)), "0:1 × 0:0 before:after"),
    ],
)
def test_padding_in_words(padding, words):
    assert text.around(padding) == words


def test_words():
    assert text.counted(1, "level") == "1 level"
    assert text.counted(2000, "level") == "2,000 levels"
    assert text.listed(["a"]) == "a"
    assert text.listed(["a", "b", "c"], "or") == "a, b or c"
    assert text.nearest("Conv2D", ["Linear", "Conv2d", "Conv3d"]) == "Conv2d"
    assert text.nearest("x", ["Linear"]) is None
    assert text.excerpt("  a 'b'  ") == '''"a 'b'"'''
    assert text.excerpt("a" * 50) == repr("a" * 40 + "…")
    assert text.bytes_each("int8") == "1 byte (int8)"
    assert text.bytes_each("float64") == "8 bytes (float64)"


def test_ascii_stands_in_only_where_it_must():
    assert text.writable("1 × 2 → Ũ", "utf-8") == "1 × 2 → Ũ"
    assert text.writable("1 × 2 → Ũ", "ascii") == "1 x 2 -> U~"
    assert text.writable("1 × 2 → Ũ", "latin-1") == "1 × 2 -> U~"
    assert text.writable("π", "ascii") == "\\u03c0"
