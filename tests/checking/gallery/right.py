"""Right implementations, as students write them."""

from itertools import product


def unfold(x, kernel_size, stride=1, padding=0, dilation=1):
    """The loops of the assignment, window by window."""
    (h_k, w_k), (s_h, s_w), (p_h, p_w), (d_h, d_w) = map(
        as_pair, (kernel_size, stride, padding, dilation)
    )
    samples = []
    for sample in x:
        h, w = len(sample[0]), len(sample[0][0])
        h_out = (h + 2 * p_h - d_h * (h_k - 1) - 1) // s_h + 1
        w_out = (w + 2 * p_w - d_w * (w_k - 1) - 1) // s_w + 1
        rows = []
        for i in range(h_out):
            for j in range(w_out):
                row = []
                for channel in sample:
                    for u in range(h_k):
                        for v in range(w_k):
                            y, z = i * s_h + u * d_h - p_h, j * s_w + v * d_w - p_w
                            row.append(channel[y][z] if 0 <= y < h and 0 <= z < w else 0)
                rows.append(row)
        samples.append(rows)
    return samples


def unfold_plain(X, k):
    """No stride, padding or dilation, and other names."""
    return unfold(X, k)


def unfold_stride_only(x, kernel_size, *, stride):
    return tuple(unfold(x, kernel_size, stride))


def unfold_rounded(x, kernel_size):
    """Off by what floats are off."""
    return [[[v * (1 + 1e-8) for v in row] for row in rows] for rows in unfold(x, kernel_size)]


def unfold_anything(x, kernel_size, **settings):
    print("a print that must not get into the JSON")
    return unfold(x, kernel_size, **settings)


def unfold_other_names(image, ksize, strides=1, pad=0, rate=1):
    return unfold(image, ksize, strides, pad, rate)


def unfold_in_halves(x, k_h, k_w, stride_h=1, stride_w=1):
    return unfold(x, (k_h, k_w), (stride_h, stride_w))


def unfold_in_its_own_order(kernel, stride, x):
    return unfold(x, kernel, stride)


def unfold_square(x, k, stride=1, padding=0):
    """Kernel, stride and padding are one int each."""
    h, w = len(x[0][0]), len(x[0][0][0])
    rows = []
    for sample in x:
        padded = [
            [[0] * (w + 2 * padding)] * padding
            + [[0] * padding + row + [0] * padding for row in channel]
            + [[0] * (w + 2 * padding)] * padding
            for channel in sample
        ]
        rows.append([])
        for i in range(0, h + 2 * padding - k + 1, stride):
            for j in range(0, w + 2 * padding - k + 1, stride):
                rows[-1].append([v for c in padded for row in c[i : i + k] for v in row[j : j + k]])
    return rows


def unfold_with_pairs(x, kernel_size, stride=(1, 1)):
    """Pairs alone."""
    s_h, s_w = stride
    return unfold(x, kernel_size, (s_h, s_w))


def unfold_transposed(x, kernel_size, stride=1, padding=0, dilation=1):
    """Laid out (b, k, p), as PyTorch's."""
    return [list(zip(*rows)) for rows in unfold(x, kernel_size, stride, padding, dilation)]


def unfold_padded_by_default(x, field_height, field_width, padding=1, stride=(2, 2)):
    return unfold(x, (field_height, field_width), stride, padding)


def unfold_same_by_default(x, kernel_size, padding="same"):
    p = tuple((k - 1) // 2 for k in kernel_size) if padding == "same" else padding
    return unfold(x, kernel_size, padding=p)


def unfold_padded_at_both_ends(x, k, padding=((0, 0), (0, 0))):
    (top, bottom), (left, right) = padding
    assert (top, left) == (bottom, right)
    return unfold(x, k, padding=(top, left))


def unfold_padded_by_four(x, k, padding=(0, 0, 0, 0)):
    top, _, left, _ = padding
    return unfold(x, k, padding=(top, left))


def unfold_of_any_name(x, kernel_size, **kwargs):
    return unfold(x, kernel_size, kwargs.get("s", 1), kwargs.get("pad", 0))


def timed(function):
    """A decorator that doesn't say what it wraps."""

    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@timed
def unfold_decorated(x, kernel_size, stride=1):
    return unfold(x, kernel_size, stride)


@timed
@timed
def unfold_decorated_twice(x, ksize, pad=0):
    return unfold(x, ksize, padding=pad)


class Counted:
    """A decorator that is a class."""

    def __init__(self, function):
        self.function = function
        self.count = 0

    def __call__(self, *args, **kwargs):
        self.count += 1
        return self.function(*args, **kwargs)


@Counted
def conv2d_counted(x, w, b=None, stride=1):
    return conv2d(x, w, b, stride)


def unfold_passing_on(*args, **kwargs):
    return unfold_stride_and_padding(*args, **kwargs)


def unfold_stride_and_padding(x, kernel_size, stride=1, pad=0):
    return unfold(x, kernel_size, stride, pad)


def unfold_by_place_alone(x, kernel_size, stride=1, padding=0, /):
    return unfold(x, kernel_size, stride, padding)


class Unfold:
    """A layer without a framework."""

    def __call__(self, x, kernel_size, stride=1):
        return unfold(x, kernel_size, stride)


class Conv:
    def __init__(self):
        self.made = True

    def forward(self, x, weight, bias=None, stride=1, padding=0):
        assert self.made
        return conv2d(x, weight, bias, stride, padding)

    @staticmethod
    def static(x, weight, stride=1):
        return conv2d(x, weight, None, stride)

    @classmethod
    def of_the_class(cls, x, weight, padding=0):
        return conv2d(x, weight, None, 1, padding)


conv2d_of_an_instance = Conv().forward


class Module:
    """Like the layers of a framework: called with anything, it goes forward."""

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)


class ConvModule(Module):
    def forward(self, kernels, images, b=None, strides=1):
        return conv2d(images, kernels, b, strides)


def fold(u, output_size, kernel_size, stride=1, padding=0, dilation=1):
    h, w = output_size
    (h_k, w_k), (s_h, s_w), (p_h, p_w), (d_h, d_w) = map(
        as_pair, (kernel_size, stride, padding, dilation)
    )
    w_out = (w + 2 * p_w - d_w * (w_k - 1) - 1) // s_w + 1
    channels = len(u[0][0]) // (h_k * w_k)
    x = [[[[0] * w for _ in range(h)] for _ in range(channels)] for _ in u]
    for n, rows in enumerate(u):
        for r, row in enumerate(rows):
            i, j = divmod(r, w_out)
            for (c, a, b), value in zip(product(range(channels), range(h_k), range(w_k)), row):
                y, z = i * s_h + a * d_h - p_h, j * s_w + b * d_w - p_w
                if 0 <= y < h and 0 <= z < w:
                    x[n][c][y][z] += value
    return x


def fold_transposed(u, output_size, kernel_size, stride=1, padding=0, dilation=1):
    """Takes (b, k, p), as PyTorch's."""
    rows = [list(zip(*sample)) for sample in u]
    return fold(rows, output_size, kernel_size, stride, padding, dilation)


def fold_square(cols, size, k, s=1):
    """Input and kernel are one int each."""
    x = [
        [[[0.0] * size for _ in range(size)] for _ in range(len(cols[0][0]) // k**2)] for _ in cols
    ]
    per_row = (size - k) // s + 1
    for n, patches in enumerate(cols):
        for r, patch in enumerate(patches):
            for at, value in enumerate(patch):
                c, rest = divmod(at, k * k)
                x[n][c][r // per_row * s + rest // k][r % per_row * s + rest % k] += value
    return x


def fold_to_height_and_width(u, h, w, k_h, k_w, stride=1):
    return fold(u, (h, w), (k_h, k_w), stride)


def fold_within_a_shape(cols, x_shape, field_height=3, field_width=3, padding=0, stride=1):
    _, _, h, w = x_shape
    return fold(cols, (h, w), (field_height, field_width), stride, padding)


def fold_to_parts(cols, N, C, H, W, kernel_size):
    x = fold(cols, (H, W), kernel_size)
    assert (len(x), len(x[0])) == (N, C)
    return x


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """By matrix product: every kernel of a group with the patches of its channels."""
    c_group, per_group = len(weight[0]), len(weight) // groups
    h_k, w_k = len(weight[0][0]), len(weight[0][0][0])
    results = []
    for sample in x:
        maps = []
        for o, kernel in enumerate(weight):
            first = o // per_group * c_group
            rows = unfold([sample[first : first + c_group]], (h_k, w_k), stride, padding, dilation)[
                0
            ]
            flat = [value for channel in kernel for row in channel for value in row]
            column = [sum(a * b for a, b in zip(row, flat)) for row in rows]
            column = [value + (bias[o] if bias is not None else 0) for value in column]
            w, p_w = len(sample[0][0]), as_pair(padding)[1]
            span = as_pair(dilation)[1] * (w_k - 1) + 1
            w_out = (w + 2 * p_w - span) // as_pair(stride)[1] + 1
            maps.append([column[at : at + w_out] for at in range(0, len(column), w_out)])
        results.append(maps)
    return results


def conv2d_with_bias(x, weight, bias):
    """The bias has to be given."""
    return conv2d(x, weight, [0 + each for each in bias])


def conv2d_with_a_flag(x, weight, bias=False, padding=1):
    return conv2d(x, weight, None, 1, padding) if bias is False else None


def conv2d_needing_what_is_known(x, weight, kernel_size, in_channels, out_channels, stride=2):
    assert (len(weight), len(x[0])) == (out_channels, in_channels)
    assert (len(weight[0][0]), len(weight[0][0][0])) == kernel_size
    return conv2d(x, weight, None, stride)


def conv2d_kernels_first(kernels, images, p=0, s=1):
    return conv2d(images, kernels, None, s, p)


def conv2d_of_unknown_letters(a, b):
    return conv2d(a, b)


def conv2d_by_definition(x, w, b=None, s=1):
    """One int of stride, sums by hand, floats."""
    n, c, c_out = len(x), len(x[0]), len(w)
    h_k, w_k = len(w[0][0]), len(w[0][0][0])
    h_out, w_out = (len(x[0][0]) - h_k) // s + 1, (len(x[0][0][0]) - w_k) // s + 1
    y = [[[[0.0] * w_out for _ in range(h_out)] for _ in range(c_out)] for _ in range(n)]
    for m, o, i, j in product(range(n), range(c_out), range(h_out), range(w_out)):
        total = 0.0
        for k, u, v in product(range(c), range(h_k), range(w_k)):
            total += x[m][k][i * s + u][j * s + v] * w[o][k][u][v]
        y[m][o][i][j] = total if b is None else total + b[o]
    return y


def conv2d_backward(grad_y, x, weight, stride=1, padding=0, dilation=1, groups=1):
    """Straight from the definition: every product of the forward pass, the other way round."""
    (s_h, s_w), (p_h, p_w), (d_h, d_w) = map(as_pair, (stride, padding, dilation))
    h, w = len(x[0][0]), len(x[0][0][0])
    c_group, per_group = len(weight[0]), len(weight) // groups
    grad_x = [[[[0.0] * w for _ in range(h)] for _ in x[0]] for _ in x]
    grad_w = [[[[0.0] * len(r) for r in channel] for channel in kernel] for kernel in weight]
    grad_b = [0.0] * len(weight)
    for n, sample in enumerate(grad_y):
        for o, rows in enumerate(sample):
            for i, row in enumerate(rows):
                for j, g in enumerate(row):
                    grad_b[o] += g
                    for c, u, v in product(
                        range(c_group), range(len(weight[0][0])), range(len(weight[0][0][0]))
                    ):
                        at = o // per_group * c_group + c
                        y, z = i * s_h + u * d_h - p_h, j * s_w + v * d_w - p_w
                        if 0 <= y < h and 0 <= z < w:
                            grad_x[n][at][y][z] += g * weight[o][c][u][v]
                            grad_w[o][c][u][v] += g * x[n][at][y][z]
    return grad_x, grad_w, grad_b


def conv2d_backward_two(grad_y, x, weight, stride=1):
    """Two gradients."""
    return conv2d_backward(grad_y, x, weight, stride)[:2]


def conv2d_backward_like_autograd(grad_y, x, weight, stride=1):
    """A gradient per argument of the forward pass, None where there is none."""
    return (*conv2d_backward(grad_y, x, weight, stride)[:2], None, None, None)


def conv2d_backward_in_its_own_order(x, w, dout, pad=0):
    return list(conv2d_backward(dout, x, w, padding=pad))


def conv2d_backward_with_a_bias(x, w, b, dout, stride, pad):
    assert not any(b)
    return conv2d_backward(dout, x, w, stride, pad)


def as_pair(value):
    return value if isinstance(value, tuple) else (value, value)
