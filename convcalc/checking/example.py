"""The unfold that circulates with the assignment: right for stride 1 only.

The worked example of `convcalc check`, which reads it like anybody's file.
"""

from __future__ import annotations

Image = list[list[list[list[float]]]]


def unfold(
    x: Image, kernel_size: tuple[int, int], stride: int | tuple[int, int] = 1
) -> list[list[list[float]]]:
    """Return Ũ (b, p, k), the column of a patch taken as row % (w - w_k + 1)."""
    h, w = len(x[0][0]), len(x[0][0][0])
    h_k, w_k = kernel_size
    s_h, s_w = stride if isinstance(stride, tuple) else (stride, stride)
    p = ((h - h_k) // s_h + 1) * ((w - w_k) // s_w + 1)
    samples = []
    for sample in x:
        rows = []
        for row in range(p):
            i = row // (w - w_k + 1)
            j = row % (w - w_k + 1)
            rows.append(
                [
                    channel[i * s_h + u][j * s_w + v]
                    for channel in sample
                    for u in range(h_k)
                    for v in range(w_k)
                ]
            )
        samples.append(rows)
    return samples
