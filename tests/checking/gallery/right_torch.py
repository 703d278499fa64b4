"""Right implementations with torch."""

from typing import List, Tuple  # noqa: UP035 - the words of torch.jit

import torch
import torch.nn.functional as F
from torch import nn


def unfold_bkp(x, kernel_size, stride=1, padding=0, dilation=1):
    return F.unfold(x, kernel_size, dilation, padding, stride)


def unfold(x, kernel_size, stride=1, padding=0, dilation=1):
    return F.unfold(x, kernel_size, dilation, padding, stride).transpose(1, 2)


def unfold_by_views(x, k, s=1):
    s_h, s_w = s if isinstance(s, tuple) else (s, s)
    windows = x.unfold(2, k[0], s_h).unfold(3, k[1], s_w)
    b, c, h_out, w_out, h_k, w_k = windows.shape
    return windows.permute(0, 2, 3, 1, 4, 5).reshape(b, h_out * w_out, c * h_k * w_k)


@torch.jit.script
def unfold_scripted(x, kernel_size: Tuple[int, int], stride: int = 1):  # noqa: UP006
    return F.unfold(x, kernel_size, stride=stride).transpose(1, 2)


@torch.jit.script
def unfold_scripted_list(x, k: List[int], strides: List[int] = (1, 1)):  # noqa: UP006
    return F.unfold(x, k, stride=strides).transpose(1, 2)


def fold_bkp(u, output_size, kernel_size, stride=1, padding=0, dilation=1):
    return F.fold(u, output_size, kernel_size, dilation, padding, stride)


conv2d = F.conv2d


class Conv(nn.Module):
    """A layer that is given its weights."""

    def forward(self, x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
        return F.conv2d(x, weight, bias, stride, padding, dilation, groups)


class Learning(nn.Module):
    """Results that would be learnt from."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x, weight, stride=1):
        return F.conv2d(x, weight * self.scale, None, stride)


conv2d_made = Learning()


class Function(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None, stride=1, padding=0):
        ctx.save_for_backward(x, weight)
        return F.conv2d(x, weight, bias, stride, padding)

    @staticmethod
    def backward(ctx, grad_y):
        raise NotImplementedError


conv2d_applied = Function.apply


class NewFunction(torch.autograd.Function):
    """The newer kind, whose forward has no ctx."""

    @staticmethod
    def forward(x, weight, stride):
        return F.conv2d(x, weight, None, stride)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.stride = inputs[2]

    @staticmethod
    def backward(ctx, grad_y):
        raise NotImplementedError


def conv2d_by_unfold(x, w, b=None, stride=1, padding=0):
    u = F.unfold(x, w.shape[2:], stride=stride, padding=padding)
    y = w.reshape(len(w), -1) @ u
    if b is not None:
        y = y + b[:, None]
    s = stride[0] if isinstance(stride, tuple) else stride
    p = padding[0] if isinstance(padding, tuple) else padding
    h_out = (x.shape[2] + 2 * p - w.shape[2]) // s + 1
    return y.view(len(x), len(w), h_out, -1)


def conv2d_backward(grad_y, x, weight, stride=1, padding=0, dilation=1, groups=1):
    """By autograd."""
    x, weight = x.clone().requires_grad_(), weight.clone().requires_grad_()
    bias = torch.zeros(len(weight), requires_grad=True)
    y = F.conv2d(x, weight, bias, stride, padding, dilation, groups)
    y.backward(grad_y)
    return x.grad, weight.grad, bias.grad


def conv2d_backward_by_torch(grad_y, x, weight, stride=1, padding=0):
    return (
        torch.nn.grad.conv2d_input(x.shape, weight, grad_y, stride, padding),
        torch.nn.grad.conv2d_weight(x, weight.shape, grad_y, stride, padding),
    )
