"""Wrong implementations, one mistake each, and what the examiner has to say of it."""

from right import as_pair, conv2d, conv2d_backward, fold, unfold


def output_size(x, kernel_size, stride, padding=0):
    h, w = len(x[0][0]), len(x[0][0][0])
    (h_k, w_k), (s_h, s_w), (p_h, p_w) = map(as_pair, (kernel_size, stride, padding))
    return (h + 2 * p_h - h_k) // s_h + 1, (w + 2 * p_w - w_k) // s_w + 1


def unfold_by_the_circulating_pseudocode(x, kernel_size, stride=1):
    """The circulating pseudocode."""
    (h_k, w_k), (s_h, s_w) = kernel_size, as_pair(stride)
    h_out, w_out = output_size(x, kernel_size, stride)
    w = len(x[0][0][0])
    samples = []
    for sample in x:
        rows = []
        for row in range(h_out * w_out):
            i, j = row // w_out * s_h, row % (w - w_k + 1) * s_w
            rows.append([c[i + u][j + v] for c in sample for u in range(h_k) for v in range(w_k)])
        samples.append(rows)
    return samples


def unfold_by_the_circulating_pseudocode_twice(x, kernel_size, stride=1, padding=0):
    """The circulating pseudocode."""
    p_h, p_w = as_pair(padding)
    width = len(x[0][0][0]) + 2 * p_w
    x = [
        [
            [[0] * width] * p_h + [[0] * p_w + row + [0] * p_w for row in c] + [[0] * width] * p_h
            for c in sample
        ]
        for sample in x
    ]
    (h_k, w_k), (s_h, s_w) = kernel_size, as_pair(stride)
    h_out, w_out = output_size(x, kernel_size, stride)
    positions = width - w_k + 1
    return [
        [
            [
                c[row // positions * s_h + u][row % positions * s_w + v]
                for c in sample
                for u in range(h_k)
                for v in range(w_k)
            ]
            for row in range(h_out * w_out)
        ]
        for sample in x
    ]


def unfold_laid_out_bkp(x, kernel_size, stride=1, padding=0, dilation=1):
    """The layout is (b, k, p), the transpose; --layout bkp accepts it."""
    return [list(zip(*rows)) for rows in unfold(x, kernel_size, stride, padding, dilation)]


def unfold_columns_first(x, kernel_size, stride=1):
    """Height and width are mixed up."""
    h_out, w_out = output_size(x, kernel_size, stride)
    return [
        [rows[i * w_out + j] for j in range(w_out) for i in range(h_out)]
        for rows in unfold(x, kernel_size, stride)
    ]


def unfold_channels_innermost(x, kernel_size, stride=1, padding=0, dilation=1):
    """The channels are in the wrong order."""
    area, channels = kernel_size[0] * kernel_size[1], len(x[0])
    return [
        [[row[c * area + at] for at in range(area) for c in range(channels)] for row in rows]
        for rows in unfold(x, kernel_size, stride, padding, dilation)
    ]


def unfold_without_padding(x, kernel_size, padding=0):
    """The padding is left out."""
    return unfold(x, kernel_size)


def unfold_without_dilation(x, kernel_size, dilation=1):
    """The dilation is left out."""
    return unfold(x, kernel_size)


def unfold_with_strides_swapped(x, kernel_size, stride=1):
    """The two strides are mixed up."""
    s_h, s_w = as_pair(stride)
    h_out, w_out = output_size(x, kernel_size, stride)
    h_k, w_k = kernel_size
    return [
        [
            [c[i * s_w + u][j * s_h + v] for c in sample for u in range(h_k) for v in range(w_k)]
            for i in range(h_out)
            for j in range(w_out)
        ]
        for sample in x
    ]


def unfold_without_stride(x, kernel_size, stride=1):
    """The stride is left out where a window begins."""
    h_out, w_out = output_size(x, kernel_size, stride)
    h_k, w_k = kernel_size
    return [
        [
            [c[i + u][j + v] for c in sample for u in range(h_k) for v in range(w_k)]
            for i in range(h_out)
            for j in range(w_out)
        ]
        for sample in x
    ]


def fold_overwriting(u, output_size, kernel_size, stride=1):
    """Overlapping values are written over one another."""
    (h, w), (h_k, w_k), (s_h, s_w) = output_size, kernel_size, as_pair(stride)
    w_out = (w - w_k) // s_w + 1
    channels = len(u[0][0]) // (h_k * w_k)
    x = [[[[0] * w for _ in range(h)] for _ in range(channels)] for _ in u]
    for n, rows in enumerate(u):
        for r, row in enumerate(rows):
            values = iter(row)
            for c in range(channels):
                for i in range(h_k):
                    for j in range(w_k):
                        x[n][c][r // w_out * s_h + i][r % w_out * s_w + j] = next(values)
    return x


def fold_not_cropped(u, output_size, kernel_size, stride=1, padding=0):
    """The padding is still around the result."""
    p_h, p_w = as_pair(padding)
    padded = (output_size[0] + 2 * p_h, output_size[1] + 2 * p_w)
    return fold(u, padded, kernel_size, stride)


def conv2d_flipped(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The kernel is flipped."""
    weight = [[[row[::-1] for row in c[::-1]] for c in kernel] for kernel in weight]
    return conv2d(x, weight, bias, stride, padding, dilation, groups)


def conv2d_without_bias(x, weight, bias=None, stride=1, padding=0):
    """The bias is forgotten."""
    return conv2d(x, weight, None, stride, padding)


def conv2d_by_the_circulating_pseudocode(x, weight, stride=1):
    """The circulating pseudocode."""
    size = (len(weight[0][0]), len(weight[0][0][0]))
    return by_product(x, weight, unfold_by_the_circulating_pseudocode(x, size, stride), stride)


def conv2d_with_channels_innermost(x, weight, stride=1):
    """The channels are in the wrong order."""
    size = (len(weight[0][0]), len(weight[0][0][0]))
    return by_product(x, weight, unfold_channels_innermost(x, size, stride), stride)


def conv2d_reshaped(x, weight, stride=1):
    """Y′ (p, c_out) is reshaped to (c_out, h_out, w_out) without being transposed."""
    size = (len(weight[0][0]), len(weight[0][0][0]))
    h_out, w_out = output_size(x, size, stride)
    results = []
    for maps in conv2d(x, weight, None, stride):
        rows = [value for at in zip(*[sum(m, []) for m in maps]) for value in at]
        values = iter(rows)
        results.append([[[next(values) for _ in range(w_out)] for _ in range(h_out)] for _ in maps])
    return results


def conv2d_first_group_only(x, weight, groups=1):
    """Every group reads the first group's channels."""
    return conv2d([sample[: len(weight[0])] for sample in x], weight)


def by_product(x, weight, unfolded, stride):
    size = (len(weight[0][0]), len(weight[0][0][0]))
    _, w_out = output_size(x, size, stride)
    flat = [sum((row for c in kernel for row in c), []) for kernel in weight]
    results = []
    for rows in unfolded:
        maps = [[sum(a * b for a, b in zip(row, column)) for row in rows] for column in flat]
        results.append([[m[at : at + w_out] for at in range(0, len(m), w_out)] for m in maps])
    return results


def backward_of_the_last_sample(grad_y, x, weight, stride=1, padding=0):
    """W∇ isn't summed over the batch."""
    grad_x, _, grad_b = conv2d_backward(grad_y, x, weight, stride, padding)
    _, grad_w, _ = conv2d_backward(grad_y[-1:], x[-1:], weight, stride, padding)
    return grad_x, grad_w, grad_b


def backward_averaged(grad_y, x, weight, stride=1, padding=0):
    """W∇ is averaged over the batch."""
    grad_x, grad_w, grad_b = conv2d_backward(grad_y, x, weight, stride, padding)
    grad_w = [[[[v / len(x) for v in row] for row in c] for c in kernel] for kernel in grad_w]
    return grad_x, grad_w, grad_b


def backward_without_overlaps(grad_y, x, weight, stride=1):
    """X∇ isn't summed where windows overlap."""
    _, grad_w, grad_b = conv2d_backward(grad_y, x, weight, stride)
    (h, w), size = (len(x[0][0]), len(x[0][0][0])), (len(weight[0][0]), len(weight[0][0][0]))
    flat = [sum((row for c in kernel for row in c), []) for kernel in weight]
    rows = []
    for maps in grad_y:
        columns = list(zip(*[sum(m, []) for m in maps]))
        rows.append([[sum(a * b for a, b in zip(g, k)) for k in zip(*flat)] for g in columns])
    return fold_overwriting(rows, (h, w), size, stride), grad_w, grad_b


def backward_with_the_kernel_flipped(grad_y, x, weight, stride=1, padding=0):
    """The kernel of X∇ is flipped the wrong way."""
    _, grad_w, grad_b = conv2d_backward(grad_y, x, weight, stride, padding)
    flipped = [[[row[::-1] for row in c[::-1]] for c in kernel] for kernel in weight]
    return conv2d_backward(grad_y, x, flipped, stride, padding)[0], grad_w, grad_b


def backward_without_bias(grad_y, x, weight, stride=1, padding=0):
    """bias∇ is forgotten."""
    grad_x, grad_w, grad_b = conv2d_backward(grad_y, x, weight, stride, padding)
    return grad_x, grad_w, [0.0 for _ in grad_b]


def backward_with_the_bias_of_one_sample(grad_y, x, weight, stride=1, padding=0):
    """bias∇ isn't summed over the batch."""
    grad_x, grad_w, _ = conv2d_backward(grad_y, x, weight, stride, padding)
    return grad_x, grad_w, [sum(map(sum, m)) for m in grad_y[-1]]
