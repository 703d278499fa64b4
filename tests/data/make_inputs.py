"""Ask PyTorch what comes of inputs that are given by name, whole, or as whole numbers.

Run with PyTorch 2.13.0: python tests/data/make_inputs.py

A case of inputs.json is a forward, the inputs as --in takes them and what is defined, the arguments
that they stand for in PyTorch (t is a tensor, b the samples, i whole numbers), and what came of it:
parameters and the output's sizes per sample, or null where PyTorch raised.
"""

import json
from pathlib import Path

import torch
from torch import nn

SAMPLES = 5
TEXTS = "image, text: self.fc(image) + text.float()"
DICT = "batch: self.fc(batch['image']) + batch['text']"
BOTH = "{'image': t(b, 6), 'text': t(b, 4)}"
PAIR = "pair: self.fc(pair[0]) + pair[1]"
MASK = "x, mask: self.fc(x) + mask"
STATE = "x, h, c: self.lstm(x, (h, c))[0]"
TABLE = "x, t: self.fc(x) + self.table(t)"
FLAG = "x, flag=False: self.fc(x) if flag else x"
CASES = [
    (TEXTS, ["text=4:int64", "image=6"], {}, "t(b, 6), t(b, 4, dtype=i)"),
    (TEXTS, ["text=4:long", "6"], {}, "t(b, 6), t(b, 4, dtype=i)"),
    ("x, *, other: self.fc(x) * other", ["6", "other=4"], {}, "t(b, 6), other=t(b, 4)"),
    ("x, *others: torch.cat([x, *others], 1)", ["6", "3", "2"], {}, "t(b, 6), t(b, 3), t(b, 2)"),
    ("x, **others: self.fc(x) + others['a']", ["6", "a=4"], {}, "t(b, 6), a=t(b, 4)"),
    (DICT, ["image=6", "text=4"], {}, BOTH),
    (DICT, ["batch.text=4", "batch.image=6"], {}, BOTH),
    ("batch: self.fc(batch['a']['b'])", ["a.b=6"], {}, "{'a': {'b': t(b, 6)}}"),
    (PAIR, ["pair.0=6", "pair.1=4"], {}, "[t(b, 6), t(b, 4)]"),
    (PAIR, ["0=6", "1=4"], {}, "[t(b, 6), t(b, 4)]"),
    (MASK, ["7x6", "=7x4"], {}, "t(b, 7, 6), t(7, 4)"),
    (MASK, ["7x6", "mask==4"], {}, "t(b, 7, 6), t(4)"),
    (MASK, ["7x6", "=3x4"], {}, "t(b, 7, 6), t(3, 4)"),
    (STATE, ["7x6", "=1x5x3", "=1x5x3"], {}, "t(b, 7, 6), t(1, b, 3), t(1, b, 3)"),
    (STATE, ["7x6", "=1x2x3", "=1x2x3"], {}, "t(b, 7, 6), t(1, 2, 3), t(1, 2, 3)"),
    ("x, t: self.fc(x) * t[:, None]", ["6", "()"], {}, "t(b, 6), t(b)"),
    (TABLE, ["6", "():int64"], {}, "t(b, 6), t(b, dtype=i)"),
    (TABLE, ["6", "()"], {}, "t(b, 6), t(b, dtype=i)"),
    (TABLE, ["6", "():float32"], {}, "t(b, 6), t(b)"),
    (TABLE, ["6", "():int16"], {}, "t(b, 6), t(b, dtype=torch.int16)"),
    (TABLE, ["6", "=():int64"], {}, "t(b, 6), t((), dtype=i)"),
    ("x: self.fc(x)", ["6:int64"], {}, "t(b, 6, dtype=i)"),
    ("x: self.fc(x.float())", ["6:bool"], {}, "t(b, 6, dtype=torch.bool)"),
    ("x: x + 1", ["3x4:int32"], {}, "t(b, 3, 4, dtype=torch.int32)"),
    ("x: torch.nn.functional.one_hot(x, 9)", ["3:int32"], {}, "t(b, 3, dtype=torch.int32)"),
    (FLAG, ["6"], {}, "t(b, 6)"),
    (FLAG, ["6"], {"flag": True}, "t(b, 6), True"),
    ("x, *, n=1: torch.cat([x] * n, 1)", ["6"], {"n": 3}, "t(b, 6), n=3"),
    ("x, mode: self.fc(x) if mode == 'fc' else x", ["6"], {"mode": "fc"}, "t(b, 6), 'fc'"),
    ("x, cfg: self.fc(x) if cfg['a']['b'] else x", ["6"], {"cfg.a.b": 1},
     "t(b, 6), {'a': {'b': 1}}"),
    ("x, **kw: torch.cat([x] * kw['n'], 1)", ["6"], {"n": 2}, "t(b, 6), n=2"),
    ("batch: self.fc(batch['x']) if batch['fc'] else batch['x']", ["x=6"], {"batch.fc": True},
     "{'x': t(b, 6), 'fc': True}"),
]  # fmt: skip


class Net(nn.Module):
    def __init__(self, forward):
        super().__init__()
        self.fc = nn.Linear(6, 4)
        self.table = nn.Embedding(9, 4)
        self.lstm = nn.LSTM(6, 3, batch_first=True)
        self.says = forward

    def forward(self, *arguments, **named):
        return self.says(self, *arguments, **named)


def main():
    """Write what PyTorch says."""
    cases = []
    known = {"torch": torch, "t": torch.zeros, "b": SAMPLES, "i": torch.int64}
    for forward, inputs, define, call in CASES:
        model = Net(eval(f"lambda self, {forward}", known)).eval()
        case = {"forward": forward, "inputs": inputs, "define": define, "call": call,
                "params": sum(each.numel() for each in model.parameters())}  # fmt: skip
        try:
            samples, *case["output"] = eval(f"model({call})", {**known, "model": model}).shape
            assert samples == SAMPLES
        except (RuntimeError, IndexError) as error:
            case |= {"output": None, "raised": str(error)[:80]}
        cases.append(case)
    path = Path(__file__).with_name("inputs.json")
    lines = ",\n".join(json.dumps(case) for case in cases)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
