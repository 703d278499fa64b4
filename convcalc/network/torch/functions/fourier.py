"""torch.fft, short-time Fourier transforms, and the windows that go with them.

Source: https://docs.pytorch.org/docs/stable/fft.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from convcalc.network.torch.dtypes import COMPLEX, FLOAT32, REAL, DType, dtype_of
from convcalc.network.torch.errors import misfit
from convcalc.network.torch.functions.registry import operation, tensor_of
from convcalc.network.torch.gradients.rules import CONSTANT, NOTHING, memory, needs
from convcalc.network.torch.gradients.storage import Storage
from convcalc.network.torch.sizes import as_size, axes_of, axis_of, definite, is_open, shown
from convcalc.network.torch.strides import ordered, strides_of
from convcalc.network.torch.tensor import Kept, Tensor
from convcalc.reading.exceptions import NotUnderstood

NORMS = (None, "forward", "backward", "ortho")


def _complex(dtype: DType) -> DType:
    return dtype if dtype.kind == "complex" else COMPLEX.get(dtype, COMPLEX[FLOAT32])


def _transformed(name: str, input: Tensor, sizes: Sequence[object], axes: Sequence[int],
                 norm: object) -> Tensor:  # fmt: skip
    """Return what a transform makes along some axes, the last of them the one that is halved.

    Real numbers have half of their frequencies alone: `rfft` gives these, `irfft` takes them;
    `hfft` and `ihfft` do the same the other way round.
    """
    if norm not in NORMS:
        raise misfit(f"{name}: {norm!r} is not a norm")
    halves, doubles = name.startswith(("rfft", "ihfft")), name.startswith(("irfft", "hfft"))
    if halves and input.dtype.kind == "complex":
        raise misfit(f"{name} takes real numbers, not {input.dtype}")
    shape = list(input.shape)
    for at, asked in zip(axes, sizes, strict=True):
        last = at == axes[-1]
        if asked is not None and asked != -1:
            size = as_size(name, asked)
        elif doubles and last:
            size = 2 * (definite(name, shape[at]) - 1)
        else:
            size = shape[at]
        if not is_open(size) and size < 1:
            raise misfit(f"{name}: there are no {size} frequencies")
        shape[at] = definite(name, size) // 2 + 1 if halves and last else size
    if 0 in input.shape and len(axes) == 1 and name[-1] not in "2n":
        raise misfit(f"{name} takes numbers, {shown(input.shape)} has none")
    dtype = _complex(input.dtype)
    steps = strides_of(input)

    def innermost_first(some: Iterable[int]) -> list[int]:
        return sorted(some, key=lambda at: (steps[at], -at))

    if name.startswith("ihfft") and len(axes) > 1:
        raise NotUnderstood(f"how the results of {name}() lie in memory isn't followed")
    apart = axes[-1:] if halves or doubles else []
    inner = [*apart, *innermost_first(set(axes) - {*apart})]
    rest = innermost_first(at for at in range(input.ndim) if at not in axes)
    strides = ordered(shape, [*inner, *rest])
    return Tensor(shape, REAL[dtype] if doubles else dtype, strides=strides, fed=input.fed)


def _resized(input: Tensor, sizes: Sequence[object], axes: Sequence[int]) -> Kept:
    """Return real numbers as a transform takes them: padded where it is asked for more."""
    shape = list(input.shape)
    for at, asked in zip(axes, sizes, strict=True):
        if isinstance(asked, int) and asked != -1:
            shape[at] = asked
    padded = any(new > old for new, old in zip(shape, input.shape, strict=True))
    return memory(shape, input.dtype) if padded else input


def _halves(name: str, input: Tensor) -> bool:
    """Return whether a transform takes real numbers as such, which are kept."""
    return input.dtype.kind != "complex" and name in OF_REAL


OF_REAL = ("fft", "ifft", "rfft", "ihfft", "rfft2", "rfftn", "ihfft2", "ihfftn")
"""The transforms that take real numbers as such, of which the last axis alone is halved."""


def _along_one(name: str) -> None:
    def keeps(result: Tensor, input: Tensor, n: object = None,
              dim: object = -1) -> Iterator[Kept]:  # fmt: skip
        if _halves(name, input):
            at = axis_of(name, dim, input.ndim, input.shape)
            yield _resized(input, [n], [at])

    @operation(name, where="d", saves=keeps)
    def transform(input: Tensor, n: object = None, dim: object = -1, norm: object = None) -> Tensor:
        tensor_of(name, input)
        if not input.shape:
            raise misfit(f"{name} takes at least one dimension", IndexError)
        at = axis_of(name, dim, input.ndim, input.shape)
        return _transformed(name, input, [n], [at], norm)


def _asked(input: Tensor, s: object, dim: object) -> tuple[list[object], list[int]]:
    """Return the sizes that are asked for of several axes, and these: all or the last ones."""
    asked = None if s is None else list(s) if isinstance(s, (list, tuple)) else [s]
    if dim is None:
        count = input.ndim if asked is None else len(asked)
        dim = list(range(input.ndim - count, input.ndim))
    axes = axes_of("a transform", dim, input.shape)
    return asked or [None] * len(axes), axes


def _along_several(name: str, usual: tuple[int, ...] | None) -> None:
    def keeps(result: Tensor, input: Tensor, s: object = None,
              dim: object = usual) -> Iterator[Kept]:  # fmt: skip
        if _halves(name, input):
            yield _resized(input, *_asked(input, s, dim))

    @operation(name, where="d", saves=keeps)
    def transform(input: Tensor, s: object = None, dim: object = usual,
                  norm: object = None) -> Tensor:  # fmt: skip
        tensor_of(name, input)
        if dim is None and usual is not None:
            raise misfit(f"{name} needs dim, which isn't None", TypeError)
        if not input.shape and dim not in ([], (), None):
            raise misfit(f"{name}: a single number has no dimensions", IndexError)
        asked, axes = _asked(input, s, dim)
        if len(asked) != len(axes):
            raise misfit(f"{name}: {len(asked)} sizes are given for {len(axes)} dimensions")
        if not axes and name != "fftn" and name != "ifftn":
            raise misfit(f"{name} takes at least one dimension")
        return _transformed(name, input, asked, axes, norm)


for _name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
    _along_one(_name)
    _along_several(f"{_name}2", (-2, -1))
    _along_several(f"{_name}n", None)


@operation("fftshift", "ifftshift", where="d", saves=NOTHING)
def fftshift(input: Tensor, dim: object = None) -> Tensor:
    """Frequencies in another order."""
    if dim is None and not input.shape:
        raise misfit("fftshift takes at least one dimension, not a single number")
    every = list(range(input.ndim))
    result = input.like().mixed(*(every if dim is None else axes_of("fftshift", dim, input.shape)))
    result.strides = None
    return result


@operation("fftfreq", where="d", harmless="d", saves=CONSTANT)
def fftfreq(n: object, dtype: object = None) -> Tensor:
    """The frequencies of a transform."""
    return Tensor((as_size("fftfreq", n),), dtype_of(dtype, FLOAT32))


@operation("rfftfreq", where="d", harmless="d", saves=CONSTANT)
def rfftfreq(n: object, dtype: object = None) -> Tensor:
    """The frequencies of a transform of real numbers."""
    count = definite("rfftfreq", as_size("rfftfreq", n))
    return Tensor((int(count / 2) + 1,), dtype_of(dtype, FLOAT32))


@operation("hann_window", "hamming_window", "bartlett_window", "blackman_window", "kaiser_window",
           where="t", harmless="alpha beta", saves=CONSTANT)  # fmt: skip
def window(window_length: object, periodic: object = True, dtype: object = None) -> Tensor:
    """A window of so many numbers: a periodic one is part of one that is longer by one."""
    count = as_size("a window", window_length)
    kind = dtype_of(dtype, FLOAT32)
    if count < 0 or kind.kind in ("int", "bool"):
        raise misfit(f"there is no window of {count} numbers of {kind}")
    made = Tensor((count,), kind)
    made.held = Storage(int(count) + bool(periodic and count > 1), kind.itemsize)
    return made


def _framed(name: str, n_fft: object, hop_length: object, win_length: object,
            window: object) -> tuple[int, int]:  # fmt: skip
    """Return the length of a frame and how far the next one is; raise where they don't fit."""
    size = as_size(name, n_fft)
    hop = size // 4 if hop_length is None else as_size(name, hop_length)
    length = size if win_length is None else as_size(name, win_length)
    if size < 1 or hop < 1 or not 0 < length <= size:
        raise misfit(f"{name}: frames of {size}, {hop} apart, with a window of {length}")
    if isinstance(window, Tensor) and window.shape != (length,):
        raise misfit(f"{name}: a window of {shown(window.shape)} isn't one of {length}")
    return size, hop


def _keeps_of_frames(
    result: Tensor, input: Tensor, n_fft: int, hop_length: object = None,
    win_length: object = None, window: object = None, center: object = True,
    pad_mode: object = "reflect",
) -> Iterator[Kept]:  # fmt: skip
    """Yield what is padded, where its border is repeated, and the frames as they are transformed.

    Source: `stft` of torch/functional and of PyTorch's ATen/native/SpectralOps.
    """
    del hop_length  # by which the result is as long
    padded: Kept = input
    if center:
        if needs(input) and pad_mode in ("reflect", "replicate"):
            yield input
        size = definite("stft", input.shape[-1]) + 2 * (n_fft // 2)
        padded = memory((*input.shape[:-1], size), input.dtype)
    short = isinstance(win_length, int) and win_length < n_fft
    if not isinstance(window, Tensor) and not short:
        yield padded
        return
    if needs(window):
        yield padded
    if needs(input):
        yield window if isinstance(window, Tensor) and not short else memory((n_fft,))
    if result.dtype.kind == "complex" and input.dtype.kind != "complex":
        yield memory((*result.shape[:-2], result.shape[-1], n_fft), input.dtype)


@operation("stft", where="tm", harmless="normalized", saves=_keeps_of_frames)
def stft(input: Tensor, n_fft: object, hop_length: object = None, win_length: object = None,
         window: object = None, center: object = True, pad_mode: object = "reflect",
         onesided: object = None, return_complex: object = None,
         align_to_window: object = None) -> Tensor:  # fmt: skip
    """The frequencies of overlapping frames: (b, n) to (b, frequencies, frames)."""
    if tensor_of("stft", input).ndim not in (1, 2) or align_to_window is not None:
        raise misfit(f"stft takes one or two dimensions, not {shown(input.shape)}")
    size, hop = _framed("stft", n_fft, hop_length, win_length, window)
    if not return_complex and input.dtype.kind != "complex":
        if return_complex is None and getattr(window, "dtype", FLOAT32).kind != "complex":
            raise misfit("stft requires the return_complex parameter be given for real inputs")
        raise NotUnderstood("stft() without return_complex isn't followed")
    length = definite("stft", input.shape[-1])
    if center and pad_mode == "reflect" and size // 2 >= length:
        raise misfit(f"stft: {length} numbers can't be reflected by {size // 2}")
    length += 2 * (size // 2) if center else 0
    if length < size:
        raise misfit(f"stft: frames of {size} are longer than the {length} there are")
    half = input.dtype.kind != "complex" if onesided is None else bool(onesided)
    shape = (*input.shape[:-1], size // 2 + 1 if half else size, 1 + (length - size) // hop)
    strides = ordered(shape, [len(shape) - 2, len(shape) - 1, *range(len(shape) - 2)])
    return Tensor(shape, _complex(input.dtype), strides=strides, fed=input.fed)


def _keeps_of_overlap(
    result: Tensor, input: Tensor, n_fft: int, hop_length: object = None,
    win_length: object = None, window: object = None,
) -> Iterable[Kept] | None:  # fmt: skip
    """Return the window, and how often each place was seen through it."""
    if needs(window):
        return None
    hop = n_fft // 4 if hop_length is None else as_size("istft", hop_length)
    whole = n_fft + hop * (definite("istft", input.shape[-1]) - 1)
    plain = isinstance(window, Tensor) and win_length in (None, n_fft)
    own = window if plain and isinstance(window, Tensor) else memory((n_fft,), result.dtype)
    return [own, memory((whole,), result.dtype)]


@operation("istft", where="tm", harmless="normalized", saves=_keeps_of_overlap)
def istft(input: Tensor, n_fft: object, hop_length: object = None, win_length: object = None,
          window: object = None, center: object = True, onesided: object = None,
          length: object = None, return_complex: object = False) -> Tensor:  # fmt: skip
    """The numbers of which these are the frequencies of overlapping frames."""
    if tensor_of("istft", input).dtype.kind != "complex" or input.ndim not in (2, 3):
        raise misfit(f"istft takes complex frequencies of frames, not {shown(input.shape)}")
    size, hop = _framed("istft", n_fft, hop_length, win_length, window)
    half = input.shape[-2] != size if onesided is None else bool(onesided)
    if input.shape[-2] != (size // 2 + 1 if half else size):
        raise misfit(
            f"istft: {shown(input.shape)} doesn't have the frequencies of frames of {size}"
        )
    if return_complex and half:
        raise misfit("istft: numbers of half of the frequencies aren't complex")
    whole = size + hop * (definite("istft", input.shape[-1]) - 1)
    if not center:
        raise NotUnderstood("whether the windows of istft() overlap enough isn't followed")
    start = size // 2
    if length is not None:
        count = as_size("istft", length)
        if start + count > whole:
            raise NotUnderstood("istft() of more numbers than the frames hold isn't followed")
    else:
        count = whole - 2 * start
    dtype = input.dtype if return_complex else REAL[input.dtype]
    return Tensor((*input.shape[:-2], count), dtype, fed=input.fed)
