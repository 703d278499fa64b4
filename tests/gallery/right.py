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


def unfold_anything(x, kernel_size, **settings):
    print("a print that must not get into the JSON")
    return unfold(x, kernel_size, **settings)


def unfold_transposed(x, kernel_size, stride=1, padding=0, dilation=1):
    """Laid out (b, k, p), as PyTorch's."""
    return [list(zip(*rows)) for rows in unfold(x, kernel_size, stride, padding, dilation)]


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


def as_pair(value):
    return value if isinstance(value, tuple) else (value, value)
