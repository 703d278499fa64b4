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


def conv2d(x, weight, bias=None, stride=1, padding=0):
    rows = unfold(x, weight.shape[2:], stride, padding)
    y = rows @ weight.reshape(len(weight), -1).T
    if bias is not None:
        y = y + bias
    s_w = stride[1] if isinstance(stride, tuple) else stride
    p_w = padding[1] if isinstance(padding, tuple) else padding
    w_out = (x.shape[3] + 2 * p_w - weight.shape[3]) // s_w + 1
    return y.transpose(0, 2, 1).reshape(len(x), len(weight), -1, w_out)
