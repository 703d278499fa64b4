"""The unfold that circulates with the assignment: right for stride 1 only.

The worked example of `convcalc check`; nothing else uses it.
"""

from __future__ import annotations

from convcalc.formulas import Nested4, Size, Tensor3, pair


def unfold(x: Nested4, kernel_size: tuple[int, int], stride: Size = 1) -> Tensor3:
    """Return Ũ (b, p, k), the column of a patch taken as row % (w - w_k + 1)."""
    h, w = len(x[0][0]), len(x[0][0][0])
    (h_k, w_k), (s_h, s_w) = kernel_size, pair("stride", stride)
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
