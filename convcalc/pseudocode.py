"""The unfold that circulates with the assignment: right for stride 1 only.

The worked example of `convcalc check`; nothing else uses it.
"""

from __future__ import annotations

from convcalc.formulas import Nested4, Tensor3


def unfold(x: Nested4, kernel_size: tuple[int, int], stride: int = 1) -> Tensor3:
    """Return Ũ (b, p, k), the column of a patch taken as row % (w - w_k + 1)."""
    h, w = len(x[0][0]), len(x[0][0][0])
    h_k, w_k = kernel_size
    p = ((h - h_k) // stride + 1) * ((w - w_k) // stride + 1)
    samples = []
    for sample in x:
        rows = []
        for row in range(p):
            i = row // (w - w_k + 1)
            j = row % (w - w_k + 1)
            rows.append(
                [
                    channel[i * stride + u][j * stride + v]
                    for channel in sample
                    for u in range(h_k)
                    for v in range(w_k)
                ]
            )
        samples.append(rows)
    return samples
