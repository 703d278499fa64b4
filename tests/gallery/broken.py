"""Functions that return nothing usable."""

from right import unfold


def raises(x, kernel_size):
    if len(x) > 1:
        raise KeyError("samples")  # line 8
    return unfold(x, kernel_size)


def ragged(x, kernel_size):
    rows = unfold(x, kernel_size)
    rows[-1][-1] = rows[-1][-1][:-1]
    return rows


def wrong_type(x, kernel_size):
    return "rows"


def nothing(x, kernel_size):
    return None


def no_number(x, kernel_size):
    return [[[None for _ in row] for row in rows] for rows in unfold(x, kernel_size)]


def not_a_number(x, kernel_size):
    return [[[float("nan") for _ in row] for row in rows] for rows in unfold(x, kernel_size)]


def wrong_shape(x, kernel_size):
    return [rows[:-1] or [[0]] for rows in unfold(x, kernel_size)]


def exits(x, kernel_size):
    raise SystemExit(0)


def changes_its_input(x, kernel_size):
    rows = unfold(x, kernel_size)
    x[0][0][0][0] = 99
    return rows


def almost(x, kernel_size):
    return [[[v * (1 + 1e-8) for v in row] for row in rows] for rows in unfold(x, kernel_size)]


def two_gradients(grad_y, x, weight):
    return x, weight


def needs_more(x, kernel_size, step):
    return unfold(x, kernel_size, step)


def takes_less(x):
    return x


number = 3
