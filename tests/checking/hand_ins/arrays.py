"""Right ones on NumPy's arrays, (b, c, h, w) and (b, p, k)."""

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def pair_of(value):
    return (value, value) if np.isscalar(value) else tuple(value)


def windows_of(x, kernel, stride, padding):
    (kh, kw), (sh, sw), (ph, pw) = pair_of(kernel), pair_of(stride), pair_of(padding)
    x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    return sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::sh, ::sw]


def unfold(x, kernel_size, stride=1, padding=0):
    windows = windows_of(x, kernel_size, stride, padding)
    b, c, rows, cols, kh, kw = windows.shape
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(b, rows * cols, c * kh * kw)


def unfold_strided(img, k_h, k_w, stride=1):
    n, c, h, w = img.shape
    img = np.ascontiguousarray(img)
    rows, cols = (h - k_h) // stride + 1, (w - k_w) // stride + 1
    s0, s1, s2, s3 = img.strides
    view = as_strided(
        img,
        (n, rows, cols, c, k_h, k_w),
        (s0, s2 * stride, s3 * stride, s1, s2, s3),
    )
    return view.reshape(n, rows * cols, -1).copy()


def fold(u, output_size, kernel_size, stride=1, padding=0):
    (h, w), (kh, kw) = pair_of(output_size), pair_of(kernel_size)
    (sh, sw), (ph, pw) = pair_of(stride), pair_of(padding)
    rows, cols = (h + 2 * ph - kh) // sh + 1, (w + 2 * pw - kw) // sw + 1
    patches = u.reshape(len(u), rows, cols, -1, kh, kw)
    x = np.zeros((len(u), patches.shape[3], h + 2 * ph, w + 2 * pw))
    for i in range(kh):
        for j in range(kw):
            part = patches[..., i, j].transpose(0, 3, 1, 2)
            x[:, :, i : i + sh * rows : sh, j : j + sw * cols : sw] += part
    return x[:, :, ph : ph + h, pw : pw + w]


def conv2d(x, w, b=None, stride=1, padding=0):
    windows = windows_of(x, w.shape[2:], stride, padding)
    y = np.einsum("bcijuv,ocuv->boij", windows, w)
    return y if b is None else y + b[None, :, None, None]


def conv2d_matrix(x, weight, bias=None, stride=1, padding=0):
    windows = windows_of(x, weight.shape[2:], stride, padding)
    b, c, rows, cols = windows.shape[:4]
    u = windows.transpose(0, 2, 3, 1, 4, 5).reshape(b * rows * cols, -1)
    y = u @ weight.reshape(len(weight), -1).T
    if bias is not None:
        y += bias
    return y.reshape(b, rows, cols, len(weight)).transpose(0, 3, 1, 2)


def conv2d_depth(x, weight, stride=1, padding=0, groups=1):
    step, inner = len(weight) // groups, weight.shape[1]
    parts = [
        conv2d(
            x[:, g * inner : (g + 1) * inner],
            weight[g * step : (g + 1) * step],
            None,
            stride,
            padding,
        )
        for g in range(groups)
    ]
    return np.concatenate(parts, axis=1)


def conv2d_backward(dy, x, w, stride=1, padding=0):
    (sh, sw), (ph, pw) = pair_of(stride), pair_of(padding)
    kh, kw = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            rows, cols = slice(i * sh, i * sh + kh), slice(j * sw, j * sw + kw)
            g = dy[:, :, i, j]
            dw += np.einsum("bo,bcuv->ocuv", g, xp[:, :, rows, cols])
            dxp[:, :, rows, cols] += np.einsum("bo,ocuv->bcuv", g, w)
    h, width = x.shape[2:]
    return dxp[:, :, ph : ph + h, pw : pw + width], dw, dy.sum(axis=(0, 2, 3))


def conv2d_backward_by_taps(grad_out, x, weight, stride=1):
    s = stride
    rows, cols = grad_out.shape[2:]
    grad_x, grad_w = np.zeros_like(x), np.zeros_like(weight)
    for u in range(weight.shape[2]):
        for v in range(weight.shape[3]):
            at = np.s_[:, :, u : u + s * rows : s, v : v + s * cols : s]
            grad_w[:, :, u, v] = np.einsum("boij,bcij->oc", grad_out, x[at])
            grad_x[at] += np.einsum("boij,oc->bcij", grad_out, weight[:, :, u, v])
    return grad_x, grad_w, grad_out.sum((0, 2, 3))
