"""What PyTorch answers to questions in words, and whether the torch of shapes answers the same."""

import ast
from functools import cache
from math import isclose, isnan

from convcalc.formulas import ConvcalcError
from convcalc.network.torch.dtypes import FLOAT32
from convcalc.network.torch.namespace import TORCH_LIBRARY
from convcalc.network.torch.strides import packed, strides_of
from convcalc.network.torch.tensor import METHODS, Tensor
from convcalc.reading.values import Unknown, Value

UNKNOWN = Unknown("nobody knows")


class Asking(ast.NodeTransformer):
    """Attributes asked of values as the reader asks for them."""

    def visit_Attribute(self, node):
        self.generic_visit(node)
        call = ast.Call(ast.Name("get", ast.Load()), [node.value, ast.Constant(node.attr)], [])
        return ast.copy_location(call, node)


def get(owner, name):
    return owner.get(name) if isinstance(owner, Value) else getattr(owner, name)


@cache
def compiled(words):
    """Return words as code, and the names of tensors in them."""
    tree = ast.parse(words, mode="eval")
    names = [each.id for each in ast.walk(tree) if isinstance(each, ast.Name)]
    tree = ast.fix_missing_locations(Asking().visit(tree))
    return compile(tree, words, "eval"), list(dict.fromkeys(names))


def evaluated(words, known, **names):
    """Return what words come to; the names that they use are made of words, too."""
    nn = TORCH_LIBRARY.get("nn")
    names |= {"torch": TORCH_LIBRARY, "nn": nn, "F": nn.get("functional"), "get": get}
    code, needed = compiled(words)
    for name in needed:
        if name not in names and name in known:
            names[name] = evaluated(known[name], known)
    return eval(code, names)


def is_known(value):
    several = value if isinstance(value, (list, tuple)) else ()
    return not isinstance(value, Unknown) and all(is_known(each) for each in several)


def alike(found, wanted):
    """Return whether known numbers are PyTorch's; their last digits are a processor's."""
    if isinstance(wanted, list) and isinstance(found, list):
        return len(found) == len(wanted) and all(map(alike, found, wanted))
    if isinstance(wanted, float) and isinstance(found, float):
        return isclose(found, wanted, rel_tol=3e-7) or (isnan(found) and isnan(wanted))
    return found == wanted and type(found) is type(wanted)


def told(tensor):
    """Return a tensor as functions.json tells of it."""
    shape = tensor.shape
    wide = [at for at, size in enumerate(shape) if size != 1 and 0 not in shape]
    words = f"~{','.join(map(str, shape))}"
    if tensor.dtype != FLOAT32:
        words += f" {tensor.dtype.name}"
    strides, plain = strides_of(tensor), packed(shape)
    if any(strides[at] != plain[at] for at in wide):
        words += f" @{','.join(str(strides[at] * (at in wide)) for at in range(len(shape)))}"
    return words


def difference(found, wanted, most):
    """Return in what a result isn't PyTorch's, in words; None where it is.

    Of a tensor of no more than `most` numbers these are kept, too, unless chance makes them.
    """
    if isinstance(found, Tensor):
        words, numbers = next(iter(wanted.items())) if isinstance(wanted, dict) else (wanted, None)
        if told(found) != words:
            return f"{told(found)}, not {words}"
        few = found.values is not None and len(found.values) <= most
        known = METHODS["tolist"](found) if few and found.dtype.kind != "complex" else UNKNOWN
        same = isinstance(known, Unknown) or alike(known, numbers)
        return None if same else f"{known}, not {numbers}"
    if isinstance(found, (list, tuple, range)) and isinstance(wanted, list):
        if len(found) != len(wanted):
            return f"{len(found)}, not {len(wanted)}"
        pairs = zip(found, wanted, strict=True)
        return next((each for pair in pairs if (each := difference(*pair, most))), None)
    plain = isinstance(wanted, (bool, int, float))
    same = alike(found, wanted) if plain else str(found) == wanted
    return None if same else f"{found!r}, not {wanted!r}"


RAISED = (ArithmeticError, AssertionError, AttributeError, IndexError, RuntimeError, TypeError,
          ValueError)  # fmt: skip


def judged(words, wanted, most, known, **names):
    """Return what is wrong with our answer to a question: "" for nothing, None for a refusal."""
    try:
        found = evaluated(words, known, **names)
    except ConvcalcError:
        return None
    except RAISED as error:
        return f"{words}: {error!r}, not {wanted}" if wanted is not None else ""
    if not is_known(found):
        return None
    if wanted is None:
        return f"{words}: {found!r}, where PyTorch raises"
    wrong = difference(found, wanted, most)
    return f"{words}: {wrong}" if wrong else ""
