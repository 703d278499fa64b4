"""Right layers as classes, on NumPy's arrays."""

import numpy as np


def im2col(x, kh, kw, s, p):
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    n, c, h, w = x.shape
    rows, cols = (h - kh) // s + 1, (w - kw) // s + 1
    out = np.empty((n, rows, cols, c, kh, kw))
    for i in range(rows):
        for j in range(cols):
            out[:, i, j] = x[:, :, i * s : i * s + kh, j * s : j * s + kw]
    return out.reshape(n * rows * cols, -1), rows, cols


def col2im(cols, shape, kh, kw, s, p):
    n, c, h, w = shape
    x = np.zeros((n, c, h + 2 * p, w + 2 * p))
    rows, columns = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
    cols = cols.reshape(n, rows, columns, c, kh, kw)
    for i in range(rows):
        for j in range(columns):
            x[:, :, i * s : i * s + kh, j * s : j * s + kw] += cols[:, i, j]
    return x[:, :, p : p + h, p : p + w]


class Convolution:
    """Made with its weight and bias; keeps the gradients as dW and db."""

    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad
        self.dW = self.db = None

    def forward(self, x):
        f, _, kh, kw = self.W.shape
        self.x = x
        self.col, rows, cols = im2col(x, kh, kw, self.stride, self.pad)
        out = self.col @ self.W.reshape(f, -1).T + self.b
        return out.reshape(len(x), rows, cols, f).transpose(0, 3, 1, 2)

    def backward(self, dout):
        f, _, kh, kw = self.W.shape
        dout = dout.transpose(0, 2, 3, 1).reshape(-1, f)
        self.db = dout.sum(axis=0)
        self.dW = (dout.T @ self.col).reshape(self.W.shape)
        return col2im(dout @ self.W.reshape(f, -1), self.x.shape, kh, kw, self.stride, self.pad)


class Conv2D:
    """Draws its parameters, into a dictionary; so the gradients."""

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        k = kernel_size
        self.settings = stride, padding
        self.params = {
            "W": np.random.randn(out_channels, in_channels, k, k) * 0.1,
            "b": np.zeros(out_channels),
        }
        self.grads = {name: np.zeros_like(value) for name, value in self.params.items()}

    def forward(self, inputs):
        self.layer = Convolution(self.params["W"], self.params["b"], *self.settings)
        return self.layer.forward(inputs)

    def backward(self, grad_output):
        dx = self.layer.backward(grad_output)
        self.grads["W"], self.grads["b"] = self.layer.dW, self.layer.db
        return dx


class ConvLayer:
    """Called itself; the bias stands in a column."""

    def __init__(self, num_filters, filter_size, input_channels, stride=1):
        shape = num_filters, input_channels, filter_size, filter_size
        self.filters = np.random.normal(0, 0.01, shape)
        self.biases = np.zeros((num_filters, 1))
        self.stride = stride

    def __call__(self, x):
        return Convolution(self.filters, self.biases[:, 0], self.stride).forward(x)


class Convolutional:
    """Takes the shape of its input, as (c, h, w)."""

    def __init__(self, input_shape, kernel_size, depth):
        self.kernels = np.random.randn(depth, input_shape[0], kernel_size, kernel_size)

    def forward(self, input):
        self.input = input
        return Convolution(self.kernels, np.zeros(len(self.kernels))).forward(input)

    def backward(self, output_gradient, learning_rate):
        layer = Convolution(self.kernels, np.zeros(len(self.kernels)))
        layer.forward(self.input)
        dx = layer.backward(output_gradient)
        self.kernels_gradient = layer.dW
        self.kernels = self.kernels - learning_rate * layer.dW
        return dx


class InADictionary(Conv2D):
    """Returns its gradients by name."""

    def backward(self, dout):
        dx = super().backward(dout)
        return {"dx": dx, "dW": self.grads["W"], "db": self.grads["b"]}


class ConvMatrix:
    """Holds the kernels as a matrix, (k, c_out)."""

    def __init__(self, n_channels, n_filters, kernel_size, stride=1, bias=True):
        self.k, self.stride = kernel_size, stride
        self.weight = np.zeros((n_channels * kernel_size**2, n_filters))
        self.bias = np.zeros(n_filters) if bias else None

    def forward(self, x):
        u, rows, cols = im2col(x, self.k, self.k, self.stride, 0)
        y = u @ self.weight
        if self.bias is not None:
            y = y + self.bias
        return y.reshape(len(x), rows, cols, -1).transpose(0, 3, 1, 2)


class ConvAnySize:
    """Takes every setting as a pair or as one int."""

    def __init__(self, c_in, c_out, kernel_size, strides=(1, 1), pads=(0, 0), dilation=1):
        def both(size):
            return size if isinstance(size, tuple) else (size, size)

        self.k, self.s, self.p = both(kernel_size), both(strides), both(pads)
        self.d = both(dilation)
        self.w = np.ones((c_out, c_in, *self.k))
        self.b = np.ones(c_out)

    def forward(self, x):
        (kh, kw), (sh, sw), (ph, pw), (dh, dw) = self.k, self.s, self.p, self.d
        x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
        rows = (x.shape[2] - dh * (kh - 1) - 1) // sh + 1
        cols = (x.shape[3] - dw * (kw - 1) - 1) // sw + 1
        y = np.zeros((len(x), len(self.w), rows, cols)) + self.b[:, None, None]
        for u in range(kh):
            for v in range(kw):
                top, left = u * dh, v * dw
                part = x[:, :, top : top + sh * rows : sh, left : left + sw * cols : sw]
                y += np.einsum("bcij,oc->boij", part, self.w[:, :, u, v])
        return y
