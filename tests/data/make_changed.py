"""Change one number or line of public models, and keep in changed.json whether the first mend runs.

Run with PyTorch 2.13.0 and torchvision: python tests/data/make_changed.py FOLDER

FOLDER holds `cifar`, the models of https://github.com/kuangliu/pytorch-cifar without their
__init__.py, and `unet`, that of https://github.com/milesial/Pytorch-UNet; torchvision's are those
that are installed. What is changed is drawn by a fixed seed, of what has to do with shapes; what
PyTorch runs all the same is left out. A line per change: where it is, "old" and "new", what is
asked, PyTorch's error, how many mends convcalc names, and the first of them with "runs".

With --again behind FOLDER, only convcalc is asked about the same changes anew, and PyTorch about
what it hasn't been asked about them.
"""

import ast
import json
import random
import re
import shutil
import sys
import tempfile
import types
from pathlib import Path

import torch

OPERATORS = torch.library.Library("torchvision", "DEF")  # of a build without them
for _name in ("nms", "qnms"):
    OPERATORS.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import torchvision  # noqa: E402
from load_model import build  # noqa: E402
from make_mends import FOLDER, error_of, followed, put_in  # noqa: E402
from run_pytorch import one_line  # noqa: E402

RGB = (3, 32, 32)
MODELS = [
    ("torchvision/models/resnet.py", "resnet18()", (3, 64, 64)),
    ("torchvision/models/resnet.py", "resnet50()", (3, 64, 64)),
    ("torchvision/models/squeezenet.py", "squeezenet1_1()", (3, 64, 64)),
    ("torchvision/models/mobilenetv2.py", "mobilenet_v2()", (3, 64, 64)),
    ("torchvision/models/shufflenetv2.py", "shufflenet_v2_x0_5()", (3, 64, 64)),
    ("torchvision/models/densenet.py", "densenet121()", (3, 64, 64)),
    ("torchvision/models/googlenet.py", "googlenet(init_weights=False)", (3, 64, 64)),
    ("torchvision/models/mnasnet.py", "mnasnet0_5()", (3, 64, 64)),
    ("torchvision/models/convnext.py", "convnext_tiny()", (3, 64, 64)),
    ("torchvision/models/swin_transformer.py", "swin_t()", (3, 64, 64)),
    ("cifar/lenet.py", "LeNet()", RGB),
    ("cifar/vgg.py", "VGG('VGG11')", RGB),
    ("cifar/resnet.py", "ResNet18()", RGB),
    ("cifar/preact_resnet.py", "PreActResNet18()", RGB),
    ("cifar/googlenet.py", "GoogLeNet()", RGB),
    ("cifar/densenet.py", "densenet_cifar()", RGB),
    ("cifar/resnext.py", "ResNeXt29_2x64d()", RGB),
    ("cifar/mobilenet.py", "MobileNet()", RGB),
    ("cifar/mobilenetv2.py", "MobileNetV2()", RGB),
    ("cifar/dpn.py", "DPN26()", RGB),
    ("cifar/senet.py", "SENet18()", RGB),
    ("cifar/efficientnet.py", "EfficientNetB0()", RGB),
    ("cifar/regnet.py", "RegNetX_200MF()", RGB),
    ("cifar/dla.py", "DLA()", RGB),
    ("unet/unet_model.py", "UNet(3, 2)", (3, 64, 64)),
    ("unet/unet_parts.py", "UNet(3, 2)", (3, 64, 64)),
]
WANTED, TIMES = 100, 4
"""How many changes, and how many of each model at the most."""
SHAPED = (
    "conv", "linear", "norm", "pool", "view", "reshape", "flatten", "cat", "permute", "transpose",
    "chunk", "split", "basicblock", "bottleneck", "inception", "down", "up", "fire", "layer",
)  # fmt: skip
"""What a call is called whose arguments have to do with shapes."""
NUMBERS = r"plan|chan|feat|width|in_|out_|dim|growth|inp|oup|_c\b|ch\dx\d"
"""What the names of arguments have in them that are numbers of channels."""
LINES = ("flatten(", ".view(", "torch.cat(", "self.downsample")


def changes(words, rng):
    """Yield changes of a source, in an order that is drawn: line, what stands there, what then."""
    found = []
    lines = words.split("\n")
    for function in ast.walk(ast.parse(words)):
        if not isinstance(function, ast.FunctionDef):
            continue
        names = [each.arg for each in function.args.args[1:] if re.search(NUMBERS, each.arg)]
        for call in ast.walk(function):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", "")).lower()
            if not any(each in name for each in SHAPED):
                continue
            for node in (*call.args, *(each.value for each in call.keywords)):
                for part in ast.walk(node):
                    text = ast.get_source_segment(words, part)
                    if isinstance(part, ast.Constant) and type(part.value) is int:
                        value = part.value
                        new = [str(value + 1), str(2 * value), str(max(value - 1, 0))]
                    elif isinstance(part, ast.Name) and part.id in names:
                        new = [f"2 * {part.id}", *[each for each in names if each != part.id]]
                    else:
                        continue
                    found += [(part.lineno, part.col_offset, text, each) for each in new]
    for at, line in enumerate(lines, 1):
        if (
            any(each in line for each in LINES)
            and "=" in line
            and line.count("(") == line.count(")")
        ):
            found.append((at, len(line) - len(line.lstrip()), line.strip(), "pass"))
    rng.shuffle(found)
    for line, start, old, new in dict.fromkeys(found):
        text = lines[line - 1]
        if text[start : start + len(old)] == old and old != new:
            yield line, start, old, new


def in_torchvision(path, expression):
    """Return a model of a file of torchvision's, which stands in the place of its own."""
    torchvision.models._api.BUILTIN_MODELS.clear()  # each name is taken once
    name = f"torchvision.models.{path.stem}_changed"
    module = types.ModuleType(name)
    module.__package__, module.__file__ = "torchvision.models", str(path)
    sys.modules[name] = module
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), vars(module))
    return eval(expression, vars(module))


def answer(root, file, expression, shape, change, before=None):
    """Return what convcalc says of a change, and PyTorch of that; None where PyTorch runs it.

    `before` is what was found of it earlier.
    """
    path, target = root / file, root / file
    if file == "unet/unet_parts.py":
        target = root / "unet/unet_model.py"
    make = in_torchvision if file.startswith("torchvision") else build
    words = path.read_text(encoding="utf-8")
    line, start, old, new = change
    lines = words.split("\n")
    lines[line - 1] = lines[line - 1][:start] + new + lines[line - 1][start + len(old) :]
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        if before is not None:
            error = before["error"]
        else:
            with torch.device("meta"):  # as quick as shapes alone are
                if error_of(target, expression, [shape], make) is None:
                    return None
            error = error_of(target, expression, [shape], make)
        if error is None or error.startswith(("NameError", "AttributeError", "UnboundLocal")):
            return None
        try:
            found = followed(target, expression, [shape]).error
        except Exception as refusal:
            found, mends = None, [{"refused": str(refusal)}]
        else:
            mends = [] if found is None else list(found.mends)
        first = mends[0] if mends else None
        if found is None:
            first = {"runs": False, **(first or {"refused": "it fits"})}
        elif first is not None:
            said = written(first)
            same = before is not None and before["first"] == {**said, "runs": True}
            runs = same or runs_with(root, target, expression, shape, first, make)
            first = {**said, "runs": runs}
        return {
            "file": file, "line": line, "old": old, "new": new, "target": expression,
            "input": [list(shape)], "error": error, "mends": len(mends), "first": first,
        }  # fmt: skip
    finally:
        path.write_text(words, encoding="utf-8")


def written(mend):
    """Return a mend as it is kept."""
    if mend.inputs is not None:
        return {"inputs": [list(each) for each in mend.inputs]}
    return {"edits": [list(each[:4]) for each in mend.edits]}


def runs_with(root, target, expression, shape, mend, make):
    """Return whether PyTorch runs a model with a mend."""
    if mend.inputs is not None:
        return error_of(target, expression, mend.inputs, make) is None
    top = target.parent if target.parent.name == "cifar" else root
    kept = {file: (top / file).read_text(encoding="utf-8") for file, *_ in mend.edits}
    try:
        put_in(top, mend.edits)
        return error_of(target, expression, [shape], make) is None
    finally:
        for file, words in kept.items():
            (top / file).write_text(words, encoding="utf-8")


def main(folder, again=False):
    rng = random.Random(26)
    answers, before = [], []
    if again:
        before = json.loads((FOLDER / "changed.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        for each in ("cifar", "unet"):
            shutil.copytree(folder / each, root / each)
        package = Path(torchvision.__file__).parent
        shutil.copytree(package, root / "torchvision", ignore=shutil.ignore_patterns("*.so*"))
        for file, expression, shape in MODELS:
            count = 0
            for change in changes((root / file).read_text(encoding="utf-8"), rng):
                if count == TIMES or len(answers) == WANTED:
                    break
                known = before[len(answers)] if again else None
                line, _, old, new = change
                if known is not None and (known["file"], known["line"], known["old"],
                                          known["new"]) != (file, line, old, new):  # fmt: skip
                    continue
                found = answer(root, file, expression, shape, change, known)
                if found is not None:
                    answers.append(found)
                    count += 1
                    print(json.dumps(found), flush=True)
    lines = ",\n".join(map(one_line, answers))
    FOLDER.joinpath("changed.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    named = [each["first"] for each in answers if each["first"] and "refused" not in each["first"]]
    print(f"{len(answers)} changes, {len(named)} with a mend, of which "
          f"{sum(each['runs'] for each in named)} run")  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--again" in sys.argv)
