"""Right ones in other layouts: a sample without its batch, channels last, rows otherwise."""

import numpy as np


def places(h, w, kh, kw, s):
    for i in range((h - kh) // s + 1):
        for j in range((w - kw) // s + 1):
            yield i, j, slice(i * s, i * s + kh), slice(j * s, j * s + kw)


def pad_chw(x, p):
    return np.pad(x, ((0, 0), (p, p), (p, p)))


def chw_unfold(x, k, stride=1, padding=0):
    k = k if isinstance(k, tuple) else (k, k)
    x = pad_chw(x, padding)
    return np.stack([x[:, a, b].ravel() for _, _, a, b in places(*x.shape[1:], *k, stride)])


def chw_fold(u, output_size, kernel_size, stride=1):
    (h, w), (kh, kw) = output_size, kernel_size
    x = np.zeros((u.shape[1] // (kh * kw), h, w))
    for row, (_, _, a, b) in zip(u, places(h, w, kh, kw, stride)):
        x[:, a, b] += row.reshape(-1, kh, kw)
    return x


def chw_conv(image, kernels, bias=None, stride=1, pad=0):
    image = pad_chw(image, pad)
    f, _, kh, kw = kernels.shape
    h, w = image.shape[1:]
    y = np.zeros((f, (h - kh) // stride + 1, (w - kw) // stride + 1))
    for i, j, a, b in places(h, w, kh, kw, stride):
        y[:, i, j] = (kernels * image[:, a, b]).sum(axis=(1, 2, 3))
    return y if bias is None else y + bias[:, None, None]


def chw_conv_backward(dout, x, w, stride=1):
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i, j, a, b in places(*x.shape[1:], *w.shape[2:], stride):
        g = dout[:, i, j][:, None, None, None]
        dx[:, a, b] += (g * w).sum(axis=0)
        dw += g * x[None, :, a, b]
    return dx, dw, dout.sum(axis=(1, 2))


class ChwLayer:
    def __init__(self, in_channels, out_channels, kernel_size):
        self.weights = np.random.rand(out_channels, in_channels, kernel_size, kernel_size)
        self.bias = np.zeros(out_channels)

    def forward(self, image):
        return chw_conv(image, self.weights, self.bias)


def nhwc_conv(x, w, b=None, stride=1, pad=0):
    kh, kw, _, f = w.shape
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    n, h, width, _ = x.shape
    y = np.zeros((n, (h - kh) // stride + 1, (width - kw) // stride + 1, f))
    for i, j, a, c in places(h, width, kh, kw, stride):
        y[:, i, j] = np.tensordot(x[:, a, c], w, axes=3)
    return y if b is None else y + b


def nhwc_conv_einsum(images, kernel, strides=1):
    kh, kw = kernel.shape[:2]
    rows = (images.shape[1] - kh) // strides + 1
    cols = (images.shape[2] - kw) // strides + 1
    out = 0
    for u in range(kh):
        for v in range(kw):
            part = images[:, u : u + rows * strides : strides, v : v + cols * strides : strides]
            out = out + part @ kernel[u, v]
    return out


def nhwc_backward(dz, x, w, stride=1):
    kh, kw = w.shape[:2]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i, j, a, c in places(*x.shape[1:3], kh, kw, stride):
        g = dz[:, i, j]
        dx[:, a, c] += np.einsum("bo,uvco->buvc", g, w)
        dw += np.einsum("bo,buvc->uvco", g, x[:, a, c])
    return dx, dw, dz.sum(axis=(0, 1, 2))


def nhwc_unfold(x, kernel_size, stride=1):
    kh, kw = kernel_size
    n, h, w, _ = x.shape
    rows = [x[:, a, b].reshape(n, -1) for _, _, a, b in places(h, w, kh, kw, stride)]
    return np.stack(rows, axis=1)


def nhwc_fold(u, output_size, kernel_size, stride=1):
    (h, w), (kh, kw) = output_size, kernel_size
    x = np.zeros((len(u), h, w, u.shape[2] // (kh * kw)))
    for r, (_, _, a, b) in enumerate(places(h, w, kh, kw, stride)):
        x[:, a, b] += u[:, r].reshape(len(u), kh, kw, -1)
    return x


def hwc_conv(image, filters, b=None, stride=1, pad=0):
    y = nhwc_conv(image[None], filters, b, stride, pad)
    return y[0]


def hwc_conv_loops(image, filters):
    kh, kw, _, f = filters.shape
    h, w, _ = image.shape
    y = np.zeros((h - kh + 1, w - kw + 1, f))
    for i, j, a, b in places(h, w, kh, kw, 1):
        for o in range(f):
            y[i, j, o] = (image[a, b] * filters[..., o]).sum()
    return y


def hwc_backward(dout, x, w, stride=1):
    dx, dw, db = nhwc_backward(dout[None], x[None], w, stride)
    return dx[0], dw, db


def hwc_unfold(x, kernel_size, stride=1):
    return nhwc_unfold(x[None], kernel_size, stride)[0]


def hwc_fold(u, output_size, kernel_size, stride=1):
    return nhwc_fold(u[None], output_size, kernel_size, stride)[0]


def windows_of(x, kh, kw, stride, pad):
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    n, c, h, w = x.shape
    found = [x[:, :, a, b].reshape(n, -1) for _, _, a, b in places(h, w, kh, kw, stride)]
    return np.stack(found, axis=1)


def bkp_im2col(x, kernel_h, kernel_w, stride=1, pad=0):
    return windows_of(x, kernel_h, kernel_w, stride, pad).transpose(0, 2, 1)


def bkp_unfold(x, k, s=1):
    k = k if isinstance(k, tuple) else (k, k)
    return np.swapaxes(windows_of(x, *k, s, 0), 1, 2)


def bkp_unfold_by_taps(x, kernel_size, stride=1):
    kh, kw = kernel_size
    rows, cols = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    out = np.empty((len(x), x.shape[1], kh, kw, rows, cols))
    for u in range(kh):
        for v in range(kw):
            a, b = slice(u, u + stride * rows, stride), slice(v, v + stride * cols, stride)
            out[:, :, u, v] = x[:, :, a, b]
    return out.reshape(len(x), -1, rows * cols)


def bkp_fold(u, output_size, kernel_size, stride=1):
    (h, w), (kh, kw) = output_size, kernel_size
    x = np.zeros((len(u), u.shape[1] // (kh * kw), h, w))
    for r, (_, _, a, b) in enumerate(places(h, w, kh, kw, stride)):
        x[:, :, a, b] += u[:, :, r].reshape(len(u), -1, kh, kw)
    return x


def bkp_col2im(cols, x_shape, k_h, k_w, stride=1):
    return bkp_fold(cols, x_shape[2:], (k_h, k_w), stride)


def flat_im2col(x, fh, fw, stride=1, pad=0):
    u = windows_of(x, fh, fw, stride, pad)
    return u.reshape(-1, u.shape[2])


def flat_unfold(x, kernel_size):
    return np.vstack(list(windows_of(x, *kernel_size, 1, 0)))


def flat_unfold_per_sample(images, k, step=1):
    k = k if isinstance(k, tuple) else (k, k)
    return np.concatenate([windows_of(each[None], *k, step, 0)[0] for each in images], axis=0)


def flat_col2im(col, input_shape, filter_h, filter_w, stride=1, pad=0):
    n, c, h, w = input_shape
    x = np.zeros((n, c, h + 2 * pad, w + 2 * pad))
    u = col.reshape(n, -1, col.shape[1])
    for r, (_, _, a, b) in enumerate(places(*x.shape[2:], filter_h, filter_w, stride)):
        x[:, :, a, b] += u[:, r].reshape(n, c, filter_h, filter_w)
    return x[:, :, pad : pad + h, pad : pad + w]


def flat_fold(u, output_size, kernel_size, batch_size):
    (h, w), (kh, kw) = output_size, kernel_size
    c = u.shape[1] // (kh * kw)
    return flat_col2im(u, (batch_size, c, h, w), kh, kw)
