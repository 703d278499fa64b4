"""Wrong implementations with numpy, one mistake each, and what the examiner has to say of it."""

import numpy as np


def two(value):
    return value if isinstance(value, tuple) else (value, value)


def padded(x, padding, **settings):
    p_h, p_w = two(padding)
    return np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)), **settings)


def patches(x, kernel_size, stride=1, padding=0, dilation=1):
    """Right, as far as it goes; what the others spoil."""
    (h_k, w_k), (s_h, s_w), (d_h, d_w) = kernel_size, two(stride), two(dilation)
    x = padded(x, padding)
    b, c, h, w = x.shape
    h_out = (h - d_h * (h_k - 1) - 1) // s_h + 1
    w_out = (w - d_w * (w_k - 1) - 1) // s_w + 1
    u = np.empty((b, h_out * w_out, c * h_k * w_k))
    for i in range(h_out):
        for j in range(w_out):
            window = x[
                :,
                :,
                i * s_h : i * s_h + d_h * h_k - d_h + 1 : d_h,
                j * s_w : j * s_w + d_w * w_k - d_w + 1 : d_w,
            ]
            u[:, i * w_out + j] = window.reshape(b, -1)
    return u


def as_maps(y, h_out):
    """(b, p, c_out) to (b, c_out, h_out, w_out)."""
    return y.transpose(0, 2, 1).reshape(len(y), y.shape[2], h_out, -1)


def height(x, weight, stride=1, padding=0):
    return (x.shape[2] + 2 * two(padding)[0] - weight.shape[2]) // two(stride)[0] + 1


def unfold_as_im2col(x, kernel_size, stride=1, padding=0):
    """The layout is (b, k, p), the transpose."""
    return patches(x, kernel_size, stride, padding).transpose(0, 2, 1)


def unfold_reshaped(x, kernel_size, padding=0):
    """U (b, k, p) is reshaped to (b, p, k) without being transposed."""
    u = patches(x, kernel_size, 1, padding)
    return u.transpose(0, 2, 1).reshape(u.shape)


def unfold_channels_last(x, kernel_size, stride=1):
    """The channels are in the wrong order."""
    (h_k, w_k), (s_h, s_w) = kernel_size, two(stride)
    x = x.transpose(0, 2, 3, 1)
    rows = [
        x[:, i : i + h_k, j : j + w_k].reshape(len(x), -1)
        for i in range(0, x.shape[1] - h_k + 1, s_h)
        for j in range(0, x.shape[2] - w_k + 1, s_w)
    ]
    return np.stack(rows, axis=1)


def unfold_columns_first(x, kernel_size):
    """Height and width are mixed up."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel_size, axis=(2, 3))
    return windows.transpose(0, 3, 2, 1, 4, 5).reshape(
        len(x), -1, x.shape[1] * np.prod(kernel_size)
    )


def unfold_squeezed(x, kernel_size):
    """The axes of length 1 are lost."""
    return np.squeeze(patches(x, kernel_size))


def unfold_mirrored(x, kernel_size, padding=0):
    """The padding mirrors the input."""
    return patches(padded(x, padding, mode="reflect"), kernel_size)


def unfold_of_bytes(x, kernel_size):
    """The results are kept in 8 bits."""
    return patches(x, kernel_size).astype(np.int64).astype(np.uint8)


def unfold_by_the_circulating_pseudocode(x, kernel_size, stride=1):
    """The circulating pseudocode."""
    (h_k, w_k), (s_h, s_w) = kernel_size, two(stride)
    b, c, h, w = x.shape
    p = ((h - h_k) // s_h + 1) * ((w - w_k) // s_w + 1)
    u = np.zeros((b, p, c * h_k * w_k))
    for r in range(p):
        i, j = r // (w - w_k + 1) * s_h, r % (w - w_k + 1) * s_w
        u[:, r, :] = x[:, :, i : i + h_k, j : j + w_k].reshape(b, -1)
    return u


def fold_of_the_last(u, output_size, kernel_size, stride=1):
    """Overlapping values are written over one another."""
    (h, w), (h_k, w_k), (s_h, s_w) = output_size, kernel_size, two(stride)
    c, w_out = u.shape[2] // (h_k * w_k), (w - w_k) // s_w + 1
    x = np.zeros((len(u), c, h, w))
    for r in range(u.shape[1]):
        i, j = r // w_out * s_h, r % w_out * s_w
        x[:, :, i : i + h_k, j : j + w_k] = u[:, r].reshape(-1, c, h_k, w_k)
    return x


def conv2d_reshaped(x, weight, stride=1):
    """Y′ (p, c_out) is reshaped to (c_out, h_out, w_out) without being transposed first."""
    y = patches(x, weight.shape[2:], stride) @ weight.reshape(len(weight), -1).T
    return y.reshape(len(x), len(weight), height(x, weight, stride), -1)


def conv2d_with_weights_reshaped(x, weight, padding=0):
    """W is reshaped to (k, c_out)."""
    u = patches(x, weight.shape[2:], 1, padding)
    return as_maps(u @ weight.reshape(-1, len(weight)), height(x, weight, 1, padding))


def conv2d_averaged(x, weight, bias=None):
    """The products are averaged over the patch."""
    y = np.zeros((len(x), len(weight), height(x, weight), x.shape[3] - weight.shape[3] + 1))
    h_k, w_k = weight.shape[2:]
    for n, o, i, j in np.ndindex(*y.shape):
        y[n, o, i, j] = np.mean(x[n, :, i : i + h_k, j : j + w_k] * weight[o])
        if bias is not None:
            y[n, o, i, j] += bias[o]
    return y


def conv2d_of_ints(x, weight):
    """The results are cut to whole numbers."""
    y = as_maps(patches(x, weight.shape[2:]) @ weight.reshape(len(weight), -1).T, height(x, weight))
    result = np.zeros(y.shape, dtype=int)
    result[...] = y
    return result


def conv2d_convolved(x, weight, stride=1, padding=0):
    """The kernel is flipped."""
    flipped = weight[:, :, ::-1, ::-1].reshape(len(weight), -1)
    y = patches(x, weight.shape[2:], stride, padding) @ flipped.T
    return as_maps(y, height(x, weight, stride, padding))


def conv2d_mirrored_left_to_right(x, weight):
    """The kernel's columns are in reverse order."""
    mirrored = weight[..., ::-1].reshape(len(weight), -1)
    return as_maps(patches(x, weight.shape[2:]) @ mirrored.T, height(x, weight))


def conv2d_ignoring_groups(x, weight, groups=1):
    """Every group reads the first group's channels."""
    x = x[:, : weight.shape[1]]
    return as_maps(
        patches(x, weight.shape[2:]) @ weight.reshape(len(weight), -1).T, height(x, weight)
    )


def conv2d_centring_its_input(x, weight):
    """The function changes its input in place."""
    mean = x.mean()
    x -= mean
    y = patches(x, weight.shape[2:]) @ weight.reshape(len(weight), -1).T
    y = y + mean * weight.sum(axis=(1, 2, 3))
    return as_maps(y, height(x, weight))


def conv2d_with_the_bias_along_the_width(x, weight, bias=None):
    """No known mistake: it is added to the wrong axis, which mostly doesn't even fit."""
    y = as_maps(patches(x, weight.shape[2:]) @ weight.reshape(len(weight), -1).T, height(x, weight))
    return y if bias is None else y + bias


def gradients(grad_y, x, weight, stride=1, padding=0):
    """Right, as far as it goes; what the others spoil."""
    (s_h, s_w), (p_h, p_w), (h_k, w_k) = two(stride), two(padding), weight.shape[2:]
    x = padded(x, padding)
    grad_x, grad_w = np.zeros_like(x), np.zeros_like(weight)
    for i, j in np.ndindex(*grad_y.shape[2:]):
        at = np.s_[:, :, i * s_h : i * s_h + h_k, j * s_w : j * s_w + w_k]
        grad_w += np.einsum("no,nchw->ochw", grad_y[:, :, i, j], x[at])
        grad_x[at] += np.einsum("no,ochw->nchw", grad_y[:, :, i, j], weight)
    grad_x = grad_x[:, :, p_h : x.shape[2] - p_h, p_w : x.shape[3] - p_w]
    return grad_x, grad_w, grad_y.sum((0, 2, 3))


def backward_averaging_the_bias(grad_y, x, weight, stride=1):
    """bias∇ is averaged over batch and positions."""
    grad_x, grad_w, _ = gradients(grad_y, x, weight, stride)
    return grad_x, grad_w, grad_y.mean(axis=(0, 2, 3))


def backward_dividing_by_the_batch(grad_y, x, weight, padding=0):
    """W∇ and bias∇ are averaged over the batch."""
    grad_x, grad_w, grad_b = gradients(grad_y, x, weight, 1, padding)
    return grad_x, grad_w / len(x), grad_b / len(x)


def backward_writing_over(grad_y, x, weight, stride=1):
    """X∇ isn't summed where windows overlap."""
    grad_x, (s_h, s_w), (h_k, w_k) = np.zeros_like(x), two(stride), weight.shape[2:]
    for i, j in np.ndindex(*grad_y.shape[2:]):
        part = np.tensordot(grad_y[:, :, i, j], weight, axes=(1, 0))
        grad_x[:, :, i * s_h : i * s_h + h_k, j * s_w : j * s_w + w_k] = part
    return grad_x, gradients(grad_y, x, weight, stride)[1]


def backward_transposing_the_kernels(grad_y, x, weight):
    """W∇ has its first two axes in each other's place."""
    grad_x, grad_w, grad_b = gradients(grad_y, x, weight)
    return grad_x, grad_w.transpose(1, 0, 2, 3), grad_b
