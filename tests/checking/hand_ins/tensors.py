"""Right ones on PyTorch's tensors."""

import torch
import torch.nn.functional as F
from torch import nn


def unfold(x, kernel_size, stride=1, padding=0, dilation=1):
    return F.unfold(x, kernel_size, dilation, padding, stride).transpose(1, 2)


def unfold_views(x, k, s=1):
    k = k if isinstance(k, tuple) else (k, k)
    s = s if isinstance(s, tuple) else (s, s)
    u = x.unfold(2, k[0], s[0]).unfold(3, k[1], s[1])
    return u.permute(0, 2, 3, 1, 4, 5).flatten(3).flatten(1, 2)


def fold(u, output_size, kernel_size, stride=1, padding=0):
    return F.fold(u.transpose(1, 2), output_size, kernel_size, 1, padding, stride)


def conv2d(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    return F.conv2d(x, weight, bias, stride, padding, dilation, groups)


def conv2d_views(x, w, b, stride=1):
    kh, kw = w.shape[2:]
    windows = x.unfold(2, kh, stride).unfold(3, kw, stride)
    return torch.einsum("bcijuv,ocuv->boij", windows, w) + b.view(1, -1, 1, 1)


def conv2d_backward(grad, x, weight, stride=1, padding=0):
    grad_x = torch.nn.grad.conv2d_input(x.shape, weight, grad, stride, padding)
    grad_w = torch.nn.grad.conv2d_weight(x, weight.shape, grad, stride, padding)
    return grad_x, grad_w, grad.sum((0, 2, 3))


class Plain(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None, stride=1):
        ctx.save_for_backward(x, weight)
        ctx.stride = stride
        return F.conv2d(x, weight, bias, stride)

    @staticmethod
    def backward(ctx, dy):
        x, weight = ctx.saved_tensors
        dx, dw, db = conv2d_backward(dy, x, weight, ctx.stride)
        return dx, dw, db, None


class WithoutBias(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, stride, padding):
        ctx.save_for_backward(x, w)
        ctx.settings = stride, padding
        return F.conv2d(x, w, None, stride, padding)

    @staticmethod
    def backward(ctx, grad_output):
        x, w = ctx.saved_tensors
        return *conv2d_backward(grad_output, x, w, *ctx.settings)[:2], None, None


class Unfolding(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias):
        u = F.unfold(x, weight.shape[2:])
        ctx.save_for_backward(u, weight)
        ctx.size = x.shape[2:]
        y = weight.flatten(1) @ u + bias[:, None]
        return y.view(len(x), len(weight), x.shape[2] - weight.shape[2] + 1, -1)

    @staticmethod
    def backward(ctx, dy):
        u, weight = ctx.saved_tensors
        dy = dy.flatten(2)
        dw = torch.einsum("bop,bkp->ok", dy, u).view_as(weight)
        dx = F.fold(weight.flatten(1).T @ dy, ctx.size, weight.shape[2:])
        return dx, dw, dy.sum((0, 2))


class NewStyle(torch.autograd.Function):
    @staticmethod
    def forward(x, weight, bias=None, padding=0):
        return F.conv2d(x, weight, bias, padding=padding)

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, weight, _, ctx.padding = inputs
        ctx.save_for_backward(x, weight)

    @staticmethod
    def backward(ctx, dy):
        x, weight = ctx.saved_tensors
        return *conv2d_backward(dy, x, weight, 1, ctx.padding), None


class Dilated(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, stride=1, padding=0, dilation=1):
        ctx.save_for_backward(x, weight)
        ctx.how = stride, padding, dilation
        return F.conv2d(x, weight, None, *ctx.how)

    @staticmethod
    def backward(ctx, dy):
        x, weight = ctx.saved_tensors
        dx = torch.nn.grad.conv2d_input(x.shape, weight, dy, *ctx.how)
        dw = torch.nn.grad.conv2d_weight(x, weight.shape, dy, *ctx.how)
        return dx, dw, None, None, None


class MyConv2d(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, bias=True):
        super().__init__()
        k = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, *k))
        self.bias = nn.Parameter(torch.zeros(out_channels)) if bias else None
        self.stride, self.padding = stride, padding

    def forward(self, x):
        return F.conv2d(x, self.weight, self.bias, self.stride, self.padding)


class Around(nn.Module):
    def __init__(self, in_ch, out_ch, k, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(in_ch, out_ch, k, stride)

    def forward(self, x):
        return self.conv(x)


class Functional(nn.Module):
    def forward(self, x, weight, bias=None):
        return F.conv2d(x, weight, bias)


class Grouped(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, groups=1):
        super().__init__()
        self.inner = nn.Conv2d(in_channels, out_channels, kernel_size, groups=groups, bias=False)

    def forward(self, x):
        return self.inner(x)


class FlatWeight(nn.Module):
    def __init__(self, c_in, c_out, kernel_size, padding=0):
        super().__init__()
        self.k, self.p = kernel_size, padding
        self.w = nn.Parameter(torch.randn(c_out, c_in * kernel_size**2))
        self.b = nn.Parameter(torch.randn(c_out, 1))

    def forward(self, x):
        y = self.w @ F.unfold(x, self.k, padding=self.p) + self.b
        return y.view(len(x), len(self.w), x.shape[2] + 2 * self.p - self.k + 1, -1)
