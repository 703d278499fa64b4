"""convcalc: a shape and parameter calculator for convolutional layers.

The arithmetic and the loop-based references, on plain ints and nested lists.
"""

from convcalc.formulas import (
    ConvcalcError,
    conv2d,
    conv2d_backward,
    conv2d_by_unfold,
    conv_output_size,
    conv_transpose_output_size,
    fold,
    mac_count,
    num_patches,
    param_count,
    pool_output_size,
    same_padding,
    unfold,
    unread,
    values_per_patch,
    weight_shape,
)

__version__ = "0.1.0"

__all__ = [
    "ConvcalcError",
    "conv2d",
    "conv2d_backward",
    "conv2d_by_unfold",
    "conv_output_size",
    "conv_transpose_output_size",
    "fold",
    "mac_count",
    "num_patches",
    "param_count",
    "pool_output_size",
    "same_padding",
    "unfold",
    "unread",
    "values_per_patch",
    "weight_shape",
]
