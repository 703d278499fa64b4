"""convcalc: a shape and parameter calculator for convolutional layers.

The arithmetic and the loop-based references, on plain ints and nested lists, can be imported from
here. Below one another, so that each imports only what stands above it in this list:

formulas    the arithmetic and the references, in pure Python
references  the transposed convolution and the poolings as plain loops, and back
text        numbers, shapes and memory as people read them; the package's own texts
layers/     what each of PyTorch's layers does
reading/    Python that is read and never executed
single/     questions about one layer
network/    whole networks
checking/   somebody's own implementation, checked
output/     answers written out
cli/        the command line
api         what Python callers get, imported once it is asked for
__main__    where it begins
"""

TYPE_CHECKING = False  # for type checkers it is True

if TYPE_CHECKING:
    from convcalc.api import net, solve
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
    "net",
    "num_patches",
    "param_count",
    "pool_output_size",
    "same_padding",
    "solve",
    "unfold",
    "unread",
    "values_per_patch",
    "weight_shape",
]


def __getattr__(name: str) -> object:
    """Return what is imported when it is asked for: the command line begins before all of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in ("net", "solve"):
        from convcalc import api

        found = getattr(api, name)
    else:
        from convcalc import formulas

        found = getattr(formulas, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
