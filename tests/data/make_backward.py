"""Ask PyTorch what work the backward of products is, and keep it in backward.json.

Run with PyTorch 2.13.0: python tests/data/make_backward.py

Of every call of backward_calls.txt, which makes its tensors behind a semicolon (L is one that needs
a gradient), the multiply-accumulates of its backward, half of what FlopCounterMode counts: with all
gradients, with one tensor frozen after another, and with one after another alone that isn't. What
is frozen is named behind the call.
"""

import json
from pathlib import Path

import torch
from make_kept import of_attention, of_convolution, tensors_in
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

HERE = Path(__file__).parent
COUNTED = {
    torch.ops.aten.convolution_backward: of_convolution,
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward: of_attention,
}


def learnt(*sizes):
    """Return a tensor that needs a gradient."""
    return torch.rand(*sizes).requires_grad_().clone()


def work_of(call, made, frozen):
    """Return the multiply-accumulates of a call's backward; None where it has none."""
    names = {"torch": torch, "F": nn.functional, "nn": nn}
    given = eval(f"dict({made})", {"L": learnt, "torch": torch})
    names |= {name: each.detach() if name in frozen else each for name, each in given.items()}
    results = [each for each in tensors_in(eval(call, names)) if each.requires_grad]
    if not results:
        return None
    with FlopCounterMode(display=False, custom_mapping=COUNTED) as counter:
        sum(each.sum() for each in results).backward()
    return counter.get_total_flops() // 2


def main():
    answers = {}
    for line in (HERE / "backward_calls.txt").read_text("utf-8").splitlines():
        call, made = line.split(" ; ")
        given = eval(f"dict({made})", {"L": learnt, "torch": torch})
        own = [name for name, each in given.items() if each.requires_grad]
        alone = [" ".join(each for each in own if each != name) for name in own]
        for frozen in dict.fromkeys(["", *own, *alone]):
            work = work_of(call, made, frozen.split())
            if work is not None:
                answers[f"{line} ; {frozen}"] = work
    lines = ",\n".join(f"{json.dumps(each)}: {answers[each]}" for each in answers)
    (HERE / "backward.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    print(len(answers), "calls")


if __name__ == "__main__":
    main()
