"""Right ones on nested lists."""


def two(size):
    return size if isinstance(size, tuple) else (size, size)


def out_size(n, k, s, p, d=1):
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


def unfold(x, kernel_size, stride=1, padding=0, dilation=1):
    (kh, kw), (sh, sw) = two(kernel_size), two(stride)
    (ph, pw), (dh, dw) = two(padding), two(dilation)
    h, w = len(x[0][0]), len(x[0][0][0])
    result = []
    for image in x:
        rows = []
        for i in range(out_size(h, kh, sh, ph, dh)):
            for j in range(out_size(w, kw, sw, pw, dw)):
                row = []
                for plane in image:
                    for u in range(kh):
                        for v in range(kw):
                            a, b = i * sh + u * dh - ph, j * sw + v * dw - pw
                            inside = 0 <= a < h and 0 <= b < w
                            row.append(plane[a][b] if inside else 0)
                rows.append(row)
        result.append(rows)
    return result


def unfold_by_row_number(x, k, s=1):
    k, s = two(k), two(s)
    height, width = len(x[0][0]), len(x[0][0][0])
    columns = (width - k[1]) // s[1] + 1
    count = ((height - k[0]) // s[0] + 1) * columns
    batch = []
    for sample in x:
        matrix = []
        for r in range(count):
            top, left = r // columns * s[0], r % columns * s[1]
            patch = [row[left : left + k[1]] for c in sample for row in c[top : top + k[0]]]
            matrix.append([value for row in patch for value in row])
        batch.append(matrix)
    return batch


def unfold_keyword_only(images, *, kernel, step=1, pad=0):
    return unfold(images, kernel, stride=step, padding=pad)


def unfold_passed_on(*args, **kwargs):
    return unfold(*args, **kwargs)


def fold(u, output_size, kernel_size, stride=1, padding=0, dilation=1):
    (h, w), (kh, kw), (sh, sw) = two(output_size), two(kernel_size), two(stride)
    (ph, pw), (dh, dw) = two(padding), two(dilation)
    columns = out_size(w, kw, sw, pw, dw)
    result = []
    for rows in u:
        channels = len(rows[0]) // (kh * kw)
        image = [[[0] * w for _ in range(h)] for _ in range(channels)]
        for r, row in enumerate(rows):
            i, j = divmod(r, columns)
            for at, value in enumerate(row):
                c, u_v = divmod(at, kh * kw)
                a, b = divmod(u_v, kw)
                y, z = i * sh + a * dh - ph, j * sw + b * dw - pw
                if 0 <= y < h and 0 <= z < w:
                    image[c][y][z] += value
        result.append(image)
    return result


def conv2d(x, weight, bias=None, stride=1, padding=0):
    (sh, sw), (ph, pw) = two(stride), two(padding)
    kh, kw = len(weight[0][0]), len(weight[0][0][0])
    h, w = len(x[0][0]), len(x[0][0][0])
    padded = [
        [
            [[0] * (w + 2 * pw)] * ph
            + [[0] * pw + list(row) + [0] * pw for row in plane]
            + [[0] * (w + 2 * pw)] * ph
            for plane in image
        ]
        for image in x
    ]

    def at(image, kernel, i, j):
        return sum(
            image[c][i * sh + u][j * sw + v] * kernel[c][u][v]
            for c in range(len(kernel))
            for u in range(kh)
            for v in range(kw)
        )

    return [
        [
            [
                [
                    at(image, kernel, i, j) + (bias[o] if bias else 0)
                    for j in range(out_size(w, kw, sw, pw))
                ]
                for i in range(out_size(h, kh, sh, ph))
            ]
            for o, kernel in enumerate(weight)
        ]
        for image in padded
    ]


def conv2d_by_matrix(x, weight, bias=None, stride=1, padding=0, dilation=1):
    kh, kw = len(weight[0][0]), len(weight[0][0][0])
    height, width = len(x[0][0]), len(x[0][0][0])
    (sh, sw), (ph, pw), (dh, dw) = two(stride), two(padding), two(dilation)
    rows_out, columns = out_size(height, kh, sh, ph, dh), out_size(width, kw, sw, pw, dw)
    kernels = [[v for plane in kernel for row in plane for v in row] for kernel in weight]
    result = []
    for rows in unfold(x, (kh, kw), stride, padding, dilation):
        maps = []
        for o, kernel in enumerate(kernels):
            flat = [sum(a * b for a, b in zip(row, kernel)) for row in rows]
            flat = [v + (bias[o] if bias else 0) for v in flat]
            maps.append([flat[i * columns : (i + 1) * columns] for i in range(rows_out)])
        result.append(maps)
    return result


def conv2d_backward(grad_y, x, weight, stride=1, padding=0):
    (sh, sw), (ph, pw) = two(stride), two(padding)
    b, c, h, w = len(x), len(x[0]), len(x[0][0]), len(x[0][0][0])
    c_out, kh, kw = len(weight), len(weight[0][0]), len(weight[0][0][0])
    grad_x = [[[[0] * w for _ in range(h)] for _ in range(c)] for _ in range(b)]
    grad_w = [[[[0] * kw for _ in range(kh)] for _ in range(c)] for _ in range(c_out)]
    grad_b = [0] * c_out
    for n in range(b):
        for o in range(c_out):
            for i, row in enumerate(grad_y[n][o]):
                for j, g in enumerate(row):
                    grad_b[o] += g
                    for ch in range(c):
                        for u in range(kh):
                            for v in range(kw):
                                y, z = i * sh + u - ph, j * sw + v - pw
                                if 0 <= y < h and 0 <= z < w:
                                    grad_x[n][ch][y][z] += g * weight[o][ch][u][v]
                                    grad_w[o][ch][u][v] += g * x[n][ch][y][z]
    return grad_x, grad_w, grad_b


class Layer:
    """A layer without a library, its kernels drawn at random."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        from random import random

        kh, kw = two(kernel_size)
        self.stride, self.padding = stride, padding
        self.kernels = [
            [[[random() for _ in range(kw)] for _ in range(kh)] for _ in range(in_channels)]
            for _ in range(out_channels)
        ]
        self.bias = [0.0] * out_channels

    def forward(self, x):
        self.x = x
        return conv2d(x, self.kernels, self.bias, self.stride, self.padding)

    def backward(self, dout):
        return conv2d_backward(dout, self.x, self.kernels, self.stride, self.padding)


class ConvWithPatches:
    def __init__(self, filter_size=3, num_filters=1, channels=1, strides=1):
        k = filter_size
        self.size, self.strides = k, strides
        self.filters = [[[[0.0] * k] * k for _ in range(channels)] for _ in range(num_filters)]

    def __call__(self, images):
        return conv2d(images, self.filters, stride=self.strides)
