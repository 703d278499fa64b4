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


def unfold_asked_for_bkp(x, kernel_size, stride=1, padding=0, dilation=1):
    """The layout is (b, p, k); it is right without --layout bkp."""
    return unfold(x, kernel_size, stride, padding, dilation)


def unfold_moved_asked_for_bkp(x, kernel_size):
    """No known mistake: 1 is added to every value."""
    return [[[v + 1 for v in k] for k in zip(*rows)] for rows in unfold(x, kernel_size)]


def unfold_without_batch_asked_for_bkp(x, kernel_size):
    """The batch axis is lost."""
    return [list(k) for k in zip(*unfold(x, kernel_size)[0])]


def unfold_into_one_matrix(x, kernel_size):
    """All samples have one matrix, (k, p·b)."""
    rows = [row for rows in zip(*unfold(x, kernel_size)) for row in rows]
    return [list(k) for k in zip(*rows)]


def unfold_of_the_last_channel(x, kernel_size, stride=1):
    """Only the last channel is read."""
    return unfold([sample[-1:] for sample in x], kernel_size, stride)


def unfold_counted_by_rows(x, kernel_size):
    """Patch r is taken as window (r // h_out, r % w_out)."""
    h_out, w_out = output_size(x, kernel_size, 1)
    return [
        [rows[r // h_out * w_out + r % w_out] for r in range(h_out * w_out)]
        for rows in unfold(x, kernel_size)
    ]


def unfold_of_a_longer_span(x, kernel_size, dilation=1):
    """A dilated kernel is taken to span d·k positions."""
    (h_k, w_k), (d_h, d_w) = kernel_size, as_pair(dilation)
    h_out, w_out = len(x[0][0]) - d_h * h_k + 1, len(x[0][0][0]) - d_w * w_k + 1
    return [
        [
            [c[i + u * d_h][j + v * d_w] for c in s for u in range(h_k) for v in range(w_k)]
            for i in range(h_out)
            for j in range(w_out)
        ]
        for s in x
    ]


def unfold_wrapping(x, kernel_size, padding=0):
    """Positions before the input are read at its end."""
    (h_k, w_k), (p_h, p_w) = kernel_size, as_pair(padding)
    h, w = len(x[0][0]), len(x[0][0][0])
    return [
        [
            [
                c[i + u][j + v] if i + u < h and j + v < w else 0
                for c in sample
                for u in range(h_k)
                for v in range(w_k)
            ]
            for i in range(-p_h, h + p_h - h_k + 1)
            for j in range(-p_w, w + p_w - w_k + 1)
        ]
        for sample in x
    ]


def unfold_padded_twice(x, kernel_size, padding=0):
    """The padding is put on both sides twice."""
    return unfold(x, kernel_size, 1, tuple(2 * p for p in as_pair(padding)))


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
    """The padding is ignored."""
    return unfold(x, kernel_size)


def unfold_without_dilation(x, kernel_size, dilation=1):
    """The dilation is ignored."""
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
    """The stride is ignored."""
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


def fold_overwriting_by_the_kernel(u, output_size, kernel_size, stride=1):
    """Overlapping values are written over one another."""
    (h, w), (h_k, w_k), (s_h, s_w) = output_size, kernel_size, as_pair(stride)
    w_out = (w - w_k) // s_w + 1
    channels = len(u[0][0]) // (h_k * w_k)
    x = [[[[0] * w for _ in range(h)] for _ in range(channels)] for _ in u]
    for n, rows in enumerate(u):
        for at in range(len(rows[0])):
            c, rest = divmod(at, h_k * w_k)
            for r, row in enumerate(rows):
                x[n][c][r // w_out * s_h + rest // w_k][r % w_out * s_w + rest % w_k] = row[at]
    return x


def fold_averaging_nothing(u, output_size, kernel_size, stride=1):
    """Overlapping values are averaged."""
    sums = fold(u, output_size, kernel_size, stride)
    counts = fold([[[1] * len(r) for r in rows] for rows in u], output_size, kernel_size, stride)
    return [
        [
            [[a / b if b else float("nan") for a, b in zip(*rows)] for rows in zip(*channels)]
            for channels in zip(*samples)
        ]
        for samples in zip(sums, counts)
    ]


def fold_wrapping(u, output_size, kernel_size, stride=1, padding=0):
    """What belongs in the padding is added to the end."""
    (h, w), (h_k, w_k) = output_size, kernel_size
    (s_h, s_w), (p_h, p_w) = as_pair(stride), as_pair(padding)
    w_out = (w + 2 * p_w - w_k) // s_w + 1
    channels = len(u[0][0]) // (h_k * w_k)
    x = [[[[0] * w for _ in range(h)] for _ in range(channels)] for _ in u]
    for n, rows in enumerate(u):
        for r, row in enumerate(rows):
            for at, value in enumerate(row):
                c, rest = divmod(at, h_k * w_k)
                y = r // w_out * s_h + rest // w_k - p_h
                z = r % w_out * s_w + rest % w_k - p_w
                if y < h and z < w:
                    x[n][c][y][z] += value
    return x


def fold_of_the_transpose(u, output_size, kernel_size, stride=1, padding=0):
    """The layout is (b, k, p), the transpose; --layout bkp accepts it."""
    return fold([list(zip(*rows)) for rows in u], output_size, kernel_size, stride, padding)


def fold_asked_for_bkp(u, output_size, kernel_size, stride=1, padding=0):
    """The layout is (b, p, k); it is right without --layout bkp."""
    return fold(u, output_size, kernel_size, stride, padding)


def conv2d_of_the_last_channel(x, weight, bias=None):
    """Only the last input channel is taken."""
    return conv2d([s[-1:] for s in x], [kernel[-1:] for kernel in weight], bias)


def conv2d_output_channels_first(x, weight, stride=1):
    """The output channels come before the samples."""
    return [list(maps) for maps in zip(*conv2d(x, weight, None, stride))]


def conv2d_of_the_last_kernel(x, weight):
    """Every output channel has the last kernel."""
    return conv2d(x, [weight[-1]] * len(weight))


def conv2d_with_whole_weights(x, weight, bias=None, stride=1):
    """W is cut to whole numbers."""
    weight = [[[[int(v) for v in row] for row in c] for c in kernel] for kernel in weight]
    return conv2d(x, weight, bias, stride)


def conv2d_with_rounded_weights(x, weight):
    """W is rounded to whole numbers."""
    return conv2d(x, [[[[round(v) for v in row] for row in c] for c in k] for k in weight])


def backward_with_whole_weights(grad_y, x, weight, stride=1):
    """W is cut to whole numbers."""
    weight = [[[[int(v) for v in row] for row in c] for c in kernel] for kernel in weight]
    return conv2d_backward(grad_y, x, weight, stride)


def backward_of_whole_gradients(grad_y, x, weight):
    """Y∇ is cut to whole numbers."""
    grad_y = [[[[int(v) for v in row] for row in c] for c in sample] for sample in grad_y]
    return conv2d_backward(grad_y, x, weight)


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
    """In X∇ the kernel is the wrong way round."""
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


def unfold_rows_and_columns_short(x, kernel_size, stride=1):
    """The output is a row and a column short."""
    (h_k, w_k), (s_h, s_w) = kernel_size, as_pair(stride)
    h, w = len(x[0][0]), len(x[0][0][0])
    h_out, w_out = (h - h_k) // s_h, (w - w_k) // s_w
    return [
        [
            [c[i * s_h + u][j * s_w + v] for c in sample for u in range(h_k) for v in range(w_k)]
            for i in range(h_out)
            for j in range(w_out)
        ]
        for sample in x
    ]


def unfold_of_the_first_sample(x, kernel_size, stride=1):
    """Only the first sample of the batch is taken."""
    return unfold(x[:1], kernel_size, stride)


def unfold_without_batch(x, kernel_size):
    """The batch axis is lost."""
    return unfold(x, kernel_size)[0]


def unfold_stacked(x, kernel_size, padding=0):
    """The layout is (b·p, k): the samples stand below one another."""
    return [row for rows in unfold(x, kernel_size, 1, padding) for row in rows]


def unfold_with_the_stride_of_the_height(x, kernel_size, stride=1):
    """The height's stride is taken for both axes."""
    return unfold(x, kernel_size, as_pair(stride)[0])


def unfold_with_the_stride_ignored_along_the_width(x, kernel_size, stride=1, padding=0):
    """The stride is ignored along the width."""
    return unfold(x, kernel_size, (as_pair(stride)[0], 1), padding)


def unfold_with_dilations_swapped(x, kernel_size, dilation=1):
    """The two dilations are mixed up."""
    return unfold(x, kernel_size, dilation=as_pair(dilation)[::-1])


def unfold_padded_on_one_side(x, kernel_size, padding=0):
    """The padding is only before the input, or counted once."""
    p_h, p_w = as_pair(padding)
    width = len(x[0][0][0]) + p_w
    padded = [[[[0] * width] * p_h + [[0] * p_w + r for r in c] for c in sample] for sample in x]
    return unfold(padded, kernel_size)


def unfold_with_edges_repeated(x, kernel_size, padding=0):
    """The padding repeats the edge."""
    p_h, p_w = as_pair(padding)
    padded = []
    for sample in x:
        padded.append([])
        for c in sample:
            rows = [row[:1] * p_w + row + row[-1:] * p_w for row in c]
            padded[-1].append(rows[:1] * p_h + rows + rows[-1:] * p_h)
    return unfold(padded, kernel_size)


def unfold_cut_to_ints(x, kernel_size):
    """The results are cut to whole numbers."""
    return [[[int(v) for v in row] for row in rows] for rows in unfold(x, kernel_size)]


def unfold_ignoring_strides(x, kernel_size, strides=1):
    """The stride is ignored."""
    return unfold(x, kernel_size)


def unfold_losing_padding_where_dilated(x, kernel_size, padding=0, dilation=1):
    """Where there is dilation, the padding is ignored."""
    if as_pair(dilation) != (1, 1):
        padding = 0
    return unfold(x, kernel_size, 1, padding, dilation)


def unfold_padding_in_place(x, kernel_size, padding=0):
    """The function changes its input in place."""
    p_h, p_w = as_pair(padding)
    for sample in x:
        for c in sample:
            for row in c:
                row[:] = [0] * p_w + row + [0] * p_w
            width = len(c[0])
            c[:] = [[0] * width for _ in range(p_h)] + c + [[0] * width for _ in range(p_h)]
    return unfold(x, kernel_size)


def unfold_raising_where_padded(x, kernel_size, padding=0):
    """No known mistake: it gives no results to tell."""
    if padding:
        return unfold(x, kernel_size)[99]
    return unfold(x, kernel_size)


def unfold_slipping_over_pairs(x, kernel_size, stride=1):
    """No known mistake: a pair is taken, but it isn't done with it."""
    if isinstance(stride, tuple):
        return unfold(x, kernel_size, stride)[len(x)]
    return unfold(x, kernel_size, stride)


def unfold_one_value_off(x, kernel_size, stride=1):
    """No known mistake: one value of one patch."""
    rows = unfold(x, kernel_size, stride)
    rows[-1][-1][-1] += 1
    return rows


def fold_averaging(u, output_size, kernel_size, stride=1):
    """Overlapping values are averaged."""
    ones = [[[1] * len(row) for row in rows] for rows in u]
    sums = fold(u, output_size, kernel_size, stride)
    counts = fold(ones, output_size, kernel_size, stride)
    return [
        [
            [[a / max(b, 1) for a, b in zip(r, q)] for r, q in zip(c, d)]
            for c, d in zip(sample, count)
        ]
        for sample, count in zip(sums, counts)
    ]


def fold_cropped_behind(u, output_size, kernel_size, stride=1, padding=0):
    """The padding is cut off behind only."""
    h, w = output_size
    padded = fold_not_cropped(u, output_size, kernel_size, stride, padding)
    return [[[row[:w] for row in c[:h]] for c in sample] for sample in padded]


def fold_with_strides_swapped(u, output_size, kernel_size, stride=1):
    """No known mistake: it counts its windows by the wrong strides too."""
    return fold(u, output_size, kernel_size, as_pair(stride)[::-1])


def fold_to_the_first_sample(u, output_size, kernel_size, padding=0):
    """Only the first sample of the batch is taken."""
    return fold(u[:1], output_size, kernel_size, 1, padding)


def fold_of_channels_innermost(u, output_size, kernel_size, stride=1):
    """The channels are in the wrong order."""
    area = kernel_size[0] * kernel_size[1]
    channels = len(u[0][0]) // area
    rows = [
        [[row[at * channels + c] for c in range(channels) for at in range(area)] for row in sample]
        for sample in u
    ]
    return fold(rows, output_size, kernel_size, stride)


def conv2d_with_bias_twice(x, weight, bias=None, stride=1):
    """The bias is added twice."""
    doubled = None if bias is None else [2 * b for b in bias]
    return conv2d(x, weight, doubled, stride)


def conv2d_with_bias_at_every_step(x, weight, bias=None):
    """The bias is added at every step of the sum."""
    c, (h_k, w_k) = len(x[0]), (len(weight[0][0]), len(weight[0][0][0]))
    y = conv2d(x, weight)
    if bias is None:
        return y
    for sample in y:
        for o, rows in enumerate(sample):
            for row in rows:
                for j in range(len(row)):
                    for _ in range(c * h_k * w_k):
                        row[j] += bias[o]
    return y


def conv2d_with_bias_of_the_group(x, weight, bias=None, groups=1):
    """The bias is taken by its index within the group."""
    if bias is not None:
        per_group = len(weight) // groups
        bias = [bias[o % per_group] for o in range(len(weight))]
    return conv2d(x, weight, bias, 1, 0, 1, groups)


def conv2d_averaging(x, w):
    """The products are averaged over the window."""
    area = len(w[0][0]) * len(w[0][0][0])
    y = conv2d(x, w)
    return [[[[v / area for v in row] for row in rows] for rows in sample] for sample in y]


def conv2d_of_the_first_channel(x, weight, padding=0):
    """Only the first input channel is read."""
    return conv2d([sample[:1] for sample in x], [k[:1] for k in weight], None, 1, padding)


def conv2d_channels_last(x, weight):
    """The output channels come last."""
    return [
        [[list(values) for values in zip(*rows)] for rows in zip(*sample)]
        for sample in conv2d(x, weight)
    ]


def conv2d_upside_down(x, weight, bias=None):
    """The kernel is upside down."""
    return conv2d(x, [[c[::-1] for c in kernel] for kernel in weight], bias)


def conv2d_with_kernels_transposed(x, weight, stride=1):
    """The kernel's height and width are mixed up."""
    turned = [[[list(column) for column in zip(*c)] for c in kernel] for kernel in weight]
    return conv2d(x, turned, None, stride)


def conv2d_dealing_kernels_to_groups(x, weight, groups=1):
    """The kernels are dealt to the groups in turn."""
    size, maps = len(x[0]) // groups, []
    for o, kernel in enumerate(weight):
        g = o % groups
        maps.append(conv2d([sample[g * size : (g + 1) * size] for sample in x], [kernel]))
    return [[each[n][0] for each in maps] for n in range(len(x))]


def conv2d_losing_stride_where_grouped(x, weight, stride=1, padding=0, groups=1):
    """Where there are groups, the stride is ignored."""
    return conv2d(x, weight, None, 1 if groups > 1 else stride, padding, 1, groups)


def conv2d_with_the_padding_of_the_width(x, weight, padding=0):
    """The width's padding is taken for both axes."""
    return conv2d(x, weight, None, 1, as_pair(padding)[1])


def conv2d_rectified(x, weight, bias=None):
    """Negative results are cut to zero."""
    y = conv2d(x, weight, bias)
    return [[[[max(0, v) for v in row] for row in rows] for rows in sample] for sample in y]


def conv2d_in_a_byte(x, weight, stride=1):
    """The results are kept in 8 bits."""
    y = conv2d(x, weight, None, stride)
    return [[[[int(v) & 255 for v in row] for row in rows] for rows in sample] for sample in y]


def conv2d_forgetting_the_bias_where_padded(x, weight, bias=None, padding=0):
    """Where there is padding, the bias is forgotten."""
    return conv2d(x, weight, None if as_pair(padding) != (0, 0) else bias, 1, padding)


def conv2d_adding_up_over_calls(x, weight, total=[]):  # noqa: B006 - that is the mistake
    """The first failing case passes when it is called alone."""
    total.append(1)
    y = conv2d(x, weight)
    return [[[[v + len(total) - 1 for v in row] for row in rows] for rows in s] for s in y]


def backward_in_the_wrong_order(grad_y, x, weight, stride=1):
    """X∇ and W∇ are returned in each other's place."""
    grad_x, grad_w, grad_b = conv2d_backward(grad_y, x, weight, stride)
    return grad_w, grad_x, grad_b


def backward_not_cropped(grad_y, x, weight, padding=0):
    """X∇ still has the padding around it."""
    p_h, p_w = as_pair(padding)
    wide = len(x[0][0][0]) + 2 * p_w
    padded = [
        [
            [[0] * wide] * p_h + [[0] * p_w + row + [0] * p_w for row in c] + [[0] * wide] * p_h
            for c in sample
        ]
        for sample in x
    ]
    return conv2d_backward(grad_y, padded, weight)


def backward_of_two_with_w_averaged(grad_y, x, weight, stride=1):
    """W∇ is averaged over the batch."""
    return backward_averaged(grad_y, x, weight, stride)[:2]


def backward_with_the_sign_wrong(grad_y, x, weight):
    """The gradients have the wrong sign."""

    def minus(tensor):
        return [minus(each) for each in tensor] if isinstance(tensor, list) else -tensor

    return [minus(each) for each in conv2d_backward(grad_y, x, weight)]


def backward_without_stride_in_x(grad_y, x, weight, stride=1):
    """In X∇ the stride is ignored."""
    _, grad_w, grad_b = conv2d_backward(grad_y, x, weight, stride)
    grad_x = [[[[0.0 for _ in row] for row in c] for c in sample] for sample in x]
    for n, maps in enumerate(grad_y):
        for o, rows in enumerate(maps):
            for i, row in enumerate(rows):
                for j, g in enumerate(row):
                    for c, channel in enumerate(weight[o]):
                        for u, values in enumerate(channel):
                            for v, value in enumerate(values):
                                grad_x[n][c][i + u][j + v] += g * value
    return grad_x, grad_w, grad_b


def backward_with_bias_over_one_axis(grad_y, x, weight):
    """No known mistake: a shape of its own."""
    grad_x, grad_w, _ = conv2d_backward(grad_y, x, weight)
    return grad_x, grad_w, [[sum(row) for row in rows] for rows in grad_y[0]]


def backward_with_a_bias_of_two_axes(grad_y, x, weight):
    """Bias∇ has the shape (c_out, 1)."""
    grad_x, grad_w, grad_b = conv2d_backward(grad_y, x, weight)
    return grad_x, grad_w, [[v] for v in grad_b]


def backward_with_a_bias_of_four_axes(grad_y, x, weight):
    """Bias∇ has the shape (1, c_out, 1, 1)."""
    grad_x, grad_w, grad_b = conv2d_backward(grad_y, x, weight)
    return grad_x, grad_w, [[[[v]] for v in grad_b]]


def backward_with_one_bias(grad_y, x, weight):
    """Bias∇ is one number."""
    grad_x, grad_w, grad_b = conv2d_backward(grad_y, x, weight)
    return grad_x, grad_w, sum(grad_b)


def backward_with_a_bias_per_sample(grad_y, x, weight):
    """Bias∇ isn't summed over the batch, (b, c_out)."""
    grad_x, grad_w, _ = conv2d_backward(grad_y, x, weight)
    return grad_x, grad_w, [[sum(map(sum, maps)) for maps in sample] for sample in grad_y]


def backward_with_kernels_per_sample(grad_y, x, weight):
    """W∇ isn't summed over the batch: it has an axis for the samples."""
    grad_x, _, grad_b = conv2d_backward(grad_y, x, weight)
    each = [conv2d_backward([g], [s], weight)[1] for g, s in zip(grad_y, x)]
    return grad_x, each, grad_b


def backward_with_a_matrix(grad_y, x, weight, stride=1):
    """W∇ is left as a matrix, (c_out, k)."""
    grad_x, grad_w, grad_b = conv2d_backward(grad_y, x, weight, stride)
    return grad_x, [[v for c in kernel for row in c for v in row] for kernel in grad_w], grad_b


def backward_bias_first(grad_y, x, weight):
    """The gradients are returned in the order bias∇, W∇, X∇."""
    return conv2d_backward(grad_y, x, weight)[::-1]


def backward_bias_second(grad_y, x, weight):
    """The gradients are returned in the order X∇, bias∇, W∇."""
    grad_x, grad_w, grad_b = conv2d_backward(grad_y, x, weight)
    return grad_x, grad_b, grad_w


def backward_reshaping_the_output(grad_y, x, weight, stride=1, padding=0):
    """Y∇ is reshaped to (b, p, c_out) without being transposed."""
    c_out = len(weight)
    wrong = []
    for sample in grad_y:
        flat = [v for maps in sample for row in maps for v in row]
        rows = [flat[at : at + c_out] for at in range(0, len(flat), c_out)]
        w_out = len(sample[0][0])
        maps = [[row[o] for row in rows] for o in range(c_out)]
        wrong.append([[m[at : at + w_out] for at in range(0, len(m), w_out)] for m in maps])
    return conv2d_backward(wrong, x, weight, stride, padding)


def backward_reshaping_the_kernels(grad_y, x, weight, stride=1):
    """In Ũ∇ W is reshaped to (k, c_out)."""
    flat = [v for kernel in weight for c in kernel for row in c for v in row]
    by_kernel = iter([v for o in range(len(weight)) for v in flat[o :: len(weight)]])
    wrong = [[[[next(by_kernel) for _ in row] for row in c] for c in k] for k in weight]
    grad_x, _, _ = conv2d_backward(grad_y, x, wrong, stride)
    return grad_x, *conv2d_backward(grad_y, x, weight, stride)[1:]


def backward_reshaping_its_kernels(grad_y, x, weight):
    """W̃∇ (k, c_out) is reshaped to W's shape without being transposed."""
    grad_x, grad_w, grad_b = conv2d_backward(grad_y, x, weight)
    columns = [[v for c in kernel for row in c for v in row] for kernel in grad_w]
    flat = iter([v for row in zip(*columns) for v in row])
    return grad_x, [[[[next(flat) for _ in r] for r in c] for c in k] for k in grad_w], grad_b


def backward_cropping_to_nothing(grad_y, x, weight, padding=0):
    """In X∇ the padding is cut off by [p:-p], which leaves nothing where p is 0."""
    p_h, p_w = as_pair(padding)
    wide = [
        [
            [
                [0] * (2 * p_w + len(c[0]))
                if not p_h <= i < p_h + len(c)
                else [0] * p_w + c[i - p_h] + [0] * p_w
                for i in range(2 * p_h + len(c))
            ]
            for c in sample
        ]
        for sample in x
    ]
    grad_x, grad_w, grad_b = conv2d_backward(grad_y, wide, weight)
    return [[[r[p_w:-p_w] for r in c[p_h:-p_h]] for c in s] for s in grad_x], grad_w, grad_b


class ConvDoublingItsBias:
    """The bias is added twice."""

    def __call__(self, x, weight, bias=None):
        return conv2d_with_bias_twice(x, weight, bias)

    def forward(self, x, weight, bias=None):
        return self(x, weight, bias)
