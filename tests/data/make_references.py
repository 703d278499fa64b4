"""Ask PyTorch for the numbers of small integer convolutions, and keep them in references.json.

Run with PyTorch 2.13.0: python tests/data/make_references.py

Every case holds X, W, bias and Y∇ with what PyTorch made of them: Y, the unfolded U (b, k, p),
fold(U) and the gradients. Small integers in float64, so that every value is exact.
"""

import json
import random
from pathlib import Path

import torch
from torch.nn import functional

SEED = 21
COUNT = 60


def random_case(rng: random.Random) -> dict | None:
    groups = rng.choice([1, 1, 1, 2, 3])
    kernel_size = [rng.randint(1, 3), rng.randint(1, 3)]
    case = {
        "kernel_size": kernel_size,
        "stride": rng.choice([1, 2, 3, [1, 2], [2, 1]]),
        "padding": rng.choice([0, 1, 2, [1, 0], [0, 2], [[0, 1], [2, 0]], [[1, 0], [0, 0]]]),
        "dilation": rng.choice([1, 1, 2, [2, 1], [1, 3]]),
        "groups": groups,
    }
    b, c, c_out = rng.randint(1, 2), groups * rng.randint(1, 2), groups * rng.randint(1, 2)
    h, w = rng.randint(2, 7), rng.randint(2, 7)

    def integers(*shape: int) -> torch.Tensor:
        count = torch.Size(shape).numel()
        values = [rng.randint(-9, 9) for _ in range(count)]
        return torch.tensor(values, dtype=torch.float64).reshape(shape)

    x = integers(b, c, h, w).requires_grad_()
    weight = integers(c_out, c // groups, *kernel_size).requires_grad_()
    bias = integers(c_out).requires_grad_()
    with_bias = rng.random() < 0.6
    padded = padded_by(x, case["padding"])
    settings = {"stride": case["stride"], "dilation": case["dilation"]}
    try:
        y = functional.conv2d(
            padded, weight, bias if with_bias else None, groups=groups, **settings
        )
    except RuntimeError:
        return None  # a kernel larger than this input
    grad_y = integers(*y.shape)
    y.backward(grad_y)
    u = functional.unfold(padded, kernel_size, **settings)
    v = integers(*u.shape).requires_grad_()
    folded = functional.fold(v, padded.shape[2:], kernel_size, **settings)
    (top, _), (left, _) = ends_of(case["padding"])
    folded = folded[:, :, top : top + h, left : left + w]
    tensors = {
        "x": x,
        "weight": weight,
        "bias": bias if with_bias else None,
        "y": y,
        "u": u,
        "v": v,
        "folded": folded,
        "grad_y": grad_y,
        "grad_x": x.grad,
        "grad_weight": weight.grad,
        # The gradient of a bias that isn't there is what it would be if it were zero.
        "grad_bias": bias.grad if with_bias else grad_y.sum((0, 2, 3)),
    }
    return case | {name: exact(tensor) for name, tensor in tensors.items()}


def ends_of(padding: object) -> list:
    vertical, horizontal = padding if isinstance(padding, list) else (padding, padding)
    return [each if isinstance(each, list) else [each, each] for each in (vertical, horizontal)]


def padded_by(x: torch.Tensor, padding: object) -> torch.Tensor:
    (top, bottom), (left, right) = ends_of(padding)
    return functional.pad(x, (left, right, top, bottom))


def exact(tensor: torch.Tensor | None) -> list | None:
    if tensor is None:
        return None
    whole = tensor.detach().to(torch.int64)
    assert torch.equal(whole.to(torch.float64), tensor.detach())
    return whole.tolist()


def main() -> None:
    rng = random.Random(SEED)
    cases = []
    while len(cases) < COUNT:
        case = random_case(rng)
        if case is not None:
            cases.append(case)
    target = Path(__file__).with_name("references.json")
    lines = ",\n".join(json.dumps(case) for case in cases)
    target.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(cases)} cases from PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
