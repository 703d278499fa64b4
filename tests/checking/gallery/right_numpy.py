"""Right implementations with numpy."""

import numpy as np


def unfold(x, kernel_size, stride=1, padding=0):
    """With stride tricks."""
    h_k, w_k = kernel_size
    s_h, s_w = stride if isinstance(stride, tuple) else (stride, stride)
    p_h, p_w = padding if isinstance(padding, tuple) else (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)))
    b, c, h, w = x.shape
    h_out, w_out = (h - h_k) // s_h + 1, (w - w_k) // s_w + 1
    n, k, i, j = x.strides
    windows = np.lib.stride_tricks.as_strided(
        x, (b, h_out, w_out, c, h_k, w_k), (n, i * s_h, j * s_w, k, i, j)
    )
    return windows.reshape(b, h_out * w_out, c * h_k * w_k)


def get_indices(shape, k, p, s):
    """Of the im2col that is taught with CS231n."""
    _, c, h, w = shape
    h_out, w_out = (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1
    i0 = np.tile(np.repeat(np.arange(k), k), c)
    i1 = s * np.repeat(np.arange(h_out), w_out)
    j0 = np.tile(np.arange(k), k * c)
    j1 = s * np.tile(np.arange(w_out), h_out)
    channel = np.repeat(np.arange(c), k * k).reshape(-1, 1)
    return channel, i0.reshape(-1, 1) + i1, j0.reshape(-1, 1) + j1


def unfold_bkp(x, field, pad=0, stride=1):
    x_padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    k, i, j = get_indices(x.shape, field, pad, stride)
    return x_padded[:, k, i, j]


def fold_bkp(cols, x_shape, field, pad=0, stride=1):
    """The sizes are one int each; overlaps are added where they meet."""
    b, c = len(cols), cols.shape[1] // field**2
    x = np.zeros((b, c, x_shape + 2 * pad, x_shape + 2 * pad))
    k, i, j = get_indices((b, c, x_shape, x_shape), field, pad, stride)
    np.add.at(x, (slice(None), k, i, j), cols)
    return x[:, :, pad : pad + x_shape, pad : pad + x_shape]


def conv2d(x, weight, bias=None, stride=1, padding=0):
    rows = unfold(x, weight.shape[2:], stride, padding)
    y = rows @ weight.reshape(len(weight), -1).T
    if bias is not None:
        y = y + bias
    s_w = stride[1] if isinstance(stride, tuple) else stride
    p_w = padding[1] if isinstance(padding, tuple) else padding
    w_out = (x.shape[3] + 2 * p_w - weight.shape[3]) // s_w + 1
    return y.transpose(0, 2, 1).reshape(len(x), len(weight), -1, w_out)


def conv2d_by_einsum(x, w, b=None, groups=1):
    n, c = x.shape[:2]
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))
    windows = windows.reshape(n, groups, c // groups, *windows.shape[2:])
    kernels = w.reshape(groups, -1, *w.shape[1:])
    y = np.einsum("ngcijuv,gocuv->ngoij", windows, kernels)
    y = y.reshape(n, len(w), *y.shape[3:])
    return y if b is None else y + b.reshape(1, -1, 1, 1)


def conv2d_by_fourier(x, w, b=None):
    """Exact but for rounding: circular correlation, of which the valid part is kept."""
    h, v = x.shape[2:]
    spectrum = np.fft.rfft2(x)[:, None] * np.conj(np.fft.rfft2(w, (h, v)))[None]
    y = np.fft.irfft2(spectrum.sum(axis=2), (h, v))
    y = y[:, :, : h - w.shape[2] + 1, : v - w.shape[3] + 1]
    return y if b is None else y + b[None, :, None, None]


def conv2d_in_single_precision(x, w, stride=1):
    return conv2d(x.astype(np.float32), w.astype(np.float32), stride=stride)


def conv_forward(x, w, b, stride, pad):
    """The naive loops of the course: everything has to be given."""
    n, _, h, width = x.shape
    f, _, hh, ww = w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), "constant")
    h_out, w_out = 1 + (h + 2 * pad - hh) // stride, 1 + (width + 2 * pad - ww) // stride
    out = np.zeros((n, f, h_out, w_out))
    for m in range(n):
        for o in range(f):
            for i in range(h_out):
                for j in range(w_out):
                    part = x_pad[m, :, i * stride : i * stride + hh, j * stride : j * stride + ww]
                    out[m, o, i, j] = np.sum(part * w[o]) + b[o]
    return out


def conv2d_naive(x, w, b, stride, pad):
    return conv_forward(x, w, b, stride, pad)


def conv2d_backward(grad_y, x, weight, stride=1, padding=0):
    s_h, s_w = stride if isinstance(stride, tuple) else (stride, stride)
    p_h, p_w = padding if isinstance(padding, tuple) else (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)))
    h_k, w_k = weight.shape[2:]
    grad_x, grad_w = np.zeros_like(x), np.zeros_like(weight)
    for i in range(grad_y.shape[2]):
        for j in range(grad_y.shape[3]):
            at = np.s_[:, :, i * s_h : i * s_h + h_k, j * s_w : j * s_w + w_k]
            grad_w += np.einsum("no,nchw->ochw", grad_y[:, :, i, j], x[at])
            grad_x[at] += np.einsum("no,ochw->nchw", grad_y[:, :, i, j], weight)
    grad_x = grad_x[:, :, p_h : x.shape[2] - p_h, p_w : x.shape[3] - p_w]
    return grad_x, grad_w, grad_y.sum((0, 2, 3))
