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


def needs_more(x, kernel_size, speed):
    return unfold(x, kernel_size, speed)


def takes_less(x):
    return x


number = 3


def never(x, kernel_size):
    while True:
        pass


def never_of_three(x, kernel_size):
    while len(x) == 3:
        pass
    return unfold(x, kernel_size)


def never_where_strided(x, kernel_size, stride=1):
    while stride != 1:
        pass
    return unfold(x, kernel_size)


def slips_where_a_rest_is_left(x, kernel_size, stride=1):
    s_h, s_w = stride if isinstance(stride, tuple) else (stride, stride)
    if (len(x[0][0]) - kernel_size[0]) % s_h or (len(x[0][0][0]) - kernel_size[1]) % s_w:
        int("shapes (2,) (3,)")
    return unfold(x, kernel_size, stride)


def wants_an_array(x, kernel_size):
    return x.shape


def wants_an_array_once(x, kernel_size):
    return x.shape if len(x) == 3 else unfold(x, kernel_size)


class Silent:
    """Nothing to call."""

    def speak(self, x, kernel_size):
        return unfold(x, kernel_size)


class Needy:
    def __init__(self, channels):
        self.channels = channels

    def __call__(self, x, kernel_size):
        return unfold(x, kernel_size)


class Failing:
    def __init__(self):
        raise OSError("no weights")

    def __call__(self, x, kernel_size):
        return unfold(x, kernel_size)
