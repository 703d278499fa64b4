"""Wrong implementations with torch, one mistake each, and what the examiner has to say of it."""

import torch
import torch.nn.functional as F
from torch import nn


def unfold_of_torch(x, kernel_size, stride=1, padding=0, dilation=1):
    """The layout is (b, k, p), the transpose."""
    return F.unfold(x, kernel_size, dilation, padding, stride)


def unfold_by_view(x, kernel_size, stride=1):
    """U (b, k, p) is reshaped to (b, p, k) without being transposed."""
    u = F.unfold(x, kernel_size, stride=stride)
    return u.reshape(len(x), u.shape[2], u.shape[1])


class ConvWithoutBias(nn.Module):
    """The bias is forgotten."""

    def forward(self, x, weight, bias=None, stride=1, padding=0):
        return F.conv2d(x, weight, None, stride, padding)


class ConvApplied(torch.autograd.Function):
    """The dilation is ignored."""

    @staticmethod
    def forward(ctx, x, weight, stride=1, padding=0, dilation=1):
        return F.conv2d(x, weight, None, stride, padding)

    @staticmethod
    def backward(ctx, grad_y):
        raise NotImplementedError


@torch.jit.script
def conv2d_scripted(x, weight, stride: int = 1):
    """The stride is ignored."""
    return F.conv2d(x, weight, None, 1)


def conv2d_transposing(x, weight):
    """The kernel's height and width are mixed up."""
    return F.conv2d(x, weight.transpose(2, 3))


def conv2d_in_place(x, weight, bias=None):
    """The function changes its input in place."""
    y = F.conv2d(x, weight, bias)
    x.mul_(2)
    return y


def conv2d_of_half_precision(x, weight):
    """No known mistake: it is rounded."""
    return F.conv2d(x.half().float(), weight)


def conv2d_padded_with_edges(x, weight, padding=0):
    """The padding repeats the edge."""
    p_h, p_w = padding if isinstance(padding, tuple) else (padding, padding)
    return F.conv2d(F.pad(x, (p_w, p_w, p_h, p_h), mode="replicate"), weight)


def conv2d_padded_in_its_own_order(x, weight, padding=0):
    """The two paddings are mixed up."""
    p_h, p_w = padding if isinstance(padding, tuple) else (padding, padding)
    return F.conv2d(F.pad(x, (p_h, p_h, p_w, p_w)), weight)


def conv2d_padded_once(x, weight, padding=0):
    """The padding is put behind the input only."""
    p_h, p_w = padding if isinstance(padding, tuple) else (padding, padding)
    return F.conv2d(F.pad(x, (0, p_w, 0, p_h)), weight)


def fold_of_torch(u, output_size, kernel_size, stride=1):
    """Ũ is taken as (b, k, p) and reshaped, not transposed."""
    return F.fold(
        u.reshape(len(u), u.shape[2], u.shape[1]), output_size, kernel_size, stride=stride
    )


def backward_by_convolution(grad_y, x, weight, padding=0):
    """In X∇ the kernel is the wrong way round."""
    weight_, x_ = weight.clone().requires_grad_(), x.clone().requires_grad_()
    F.conv2d(x_, weight_, None, 1, padding).backward(grad_y)
    grad_x = torch.nn.grad.conv2d_input(x.shape, weight.flip(2, 3), grad_y, 1, padding)
    return grad_x, weight_.grad


def backward_of_the_sum(grad_y, x, weight):
    """No known mistake: Y∇ isn't used."""
    weight, x = weight.clone().requires_grad_(), x.clone().requires_grad_()
    F.conv2d(x, weight).sum().backward()
    return x.grad, weight.grad
