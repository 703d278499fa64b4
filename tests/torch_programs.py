# ruff: noqa: E501  # programs are read better a line each
"""Programs of torch that are asked of PyTorch and of the torch of shapes: each finds `found`.

Every method and attribute of modules, every function of nn.init and nn.utils, and what is written
into memory that several tensors share.
"""

from itertools import product

START = """import copy, torch
from collections import OrderedDict
from torch import nn
import torch.nn.functional as F
def show(t):
    if isinstance(t, torch.Tensor):
        few = t.numel() < 13 and not t.is_complex()
        return [list(t.shape), str(t.dtype), t.requires_grad, t.tolist() if few else None]
    if isinstance(t, (list, tuple)):
        return [show(each) for each in t]
    return t if t is None or isinstance(t, (bool, int, float, str)) else type(t).__name__
def state(m):
    return [[k, list(v.shape), str(v.dtype), v.requires_grad] for k, v in m.state_dict(keep_vars=True).items()]
"""
"""What stands before each of them."""


def indented(program):
    """Return a program that tells what it raises, in the Python that both read."""
    lines = "".join(f"    {line}\n" for line in program.split("\n"))
    return f"{START}try:\n{lines}except Exception as error:\n    found = {{'raises': 1}}\n"


# ---------------------------------------------------------------------------------------------
# Shared memory
# ---------------------------------------------------------------------------------------------

VIEWS = (
    "x[0:2]", "x[1]", "x[..., 0]", "x[:, 1:]", "x[[0, 1]]", "x.view(3, 2)", "x.reshape(6)",
    "x.t().reshape(6)", "x.unsqueeze(0)", "x.T", "x.transpose(0, 1)", "x.permute(1, 0)",
    "x.expand(2, 2, 3)", "x.flip(0)", "x.clone()", "x.detach()", "x.data", "x.narrow(1, 0, 2)",
    "x.split(1)[0]", "x.chunk(2)[1]", "x.unbind()[1]", "x.contiguous()", "x.t().contiguous()",
    "x.to(torch.float32)", "x.float()", "x.double()", "x.flatten()", "x.ravel()", "x.squeeze()",
    "x.select(0, 1)", "x.repeat(1, 1)", "x.view_as(x)", "x.diagonal()", "x.unfold(1, 2, 1)",
    "x.as_strided((2,), (1,))", "x.real", "x.movedim(0, 1)", "x.detach().view(-1)", "x + 0",
    "x.swapaxes(0, 1)", "x.unflatten(1, (3, 1))", "x.reshape(3, 2).view(6)[2:]", "torch.as_tensor(x)",
    "nn.Parameter(x)", "nn.Identity()(x)", "nn.Flatten(0)(x)", "F.dropout(x, 0.5, False)",
    "torch.tensor(x.tolist())", "copy.copy(x)", "copy.deepcopy(x)", "x.type(torch.float32)",
    "x.requires_grad_(False)", "x.new_tensor([[1.0, 2.0]])", "x.cpu()", "x.masked_fill(x > 9, 0)",
)  # fmt: skip
WRITES = (
    "t.fill_(7)", "t.zero_()", "t.add_(1)", "t.mul_(2)", "t[0] = 5", "t[...] = 4",
    "t.copy_(torch.ones_like(t))", "nn.init.constant_(t, 3.0)", "nn.init.ones_(t)", "t += 2",
    "torch.add(t, 1, out=t)", "t.clamp_(0, 1)", "t.data.fill_(8)", "F.relu(t - 2, inplace=True)",
    "t.detach().zero_()", "t.view(-1)[0].fill_(6)", "t.neg_()",
)  # fmt: skip


def of_memory():
    """Yield programs that write into a tensor and look at another one in the same place."""
    for view, write in product(VIEWS, WRITES):
        for target in ("x", "v"):
            lines = ["x = torch.arange(6.0).view(2, 3)", f"v = {view}", "with torch.no_grad():"]
            lines += [f"    t = {target}", f"    {write}", "found = [show(x), show(v)]"]
            yield "\n".join(lines)


# ---------------------------------------------------------------------------------------------
# nn.init
# ---------------------------------------------------------------------------------------------

FILLED = ("torch.zeros(2, 3)", "torch.zeros(3)", "torch.zeros(4, 2, 3)", "torch.zeros(6, 3, 2, 2)",
          "torch.zeros(())", "torch.zeros(0, 3)", "torch.zeros(2, 4, 1, 2, 3)",
          "torch.zeros(3, 3, dtype=torch.float64)", "torch.zeros(2, 3, dtype=torch.int64)",
          "nn.Linear(2, 3).weight", "None", "3")  # fmt: skip
FANS = (
    "",
    "a=0.2",
    "mode='fan_out'",
    "mode='x'",
    "nonlinearity='relu'",
    "nonlinearity='x'",
    "0, 'fan_in'",
)
FILLS = {
    "uniform_": ("", "0, 2", "a=-1.0", "2, 1", "b=3, generator=None", "c=1"),
    "normal_": ("", "1.0, 2", "std=0.5", "mean=1", "std=-1.0", "1, 2, None, 3"),
    "constant_": ("0.3", "val=2", "", "True"), "ones_": ("", "1"), "zeros_": ("",), "eye_": ("", "2"),
    "dirac_": ("", "2", "groups=3", "groups=0"), "orthogonal_": ("", "2", "gain=0.5"),
    "trunc_normal_": ("", "0, 1, -2, 2", "std=0.02", "a=-0.1, b=0.1"),
    "xavier_uniform_": ("", "gain=2.0", "0.5"), "xavier_normal_": ("", "gain=2.0"),
    "kaiming_uniform_": FANS, "kaiming_normal_": FANS,
    "sparse_": ("0.1", "sparsity=0.5, std=0.1", "", "2.0"),
    "_calculate_fan_in_and_fan_out": ("",), "_calculate_correct_fan": ("'fan_in'", "'fan_out'", "'x'"),
    **dict.fromkeys(("uniform", "normal", "constant", "eye", "dirac", "xavier_uniform",
                     "xavier_normal", "kaiming_uniform", "kaiming_normal", "orthogonal", "sparse"),
                    ("", "0.5")),
}  # fmt: skip
KNOWN_FILLS = ("constant_", "ones_", "zeros_", "eye_")


def of_init():
    """Yield a program for each function of nn.init, tensor and arguments."""
    for name, several in FILLS.items():
        for tensor, given in product(FILLED, several):
            call = f"nn.init.{name}({', '.join(filter(None, (tensor, given)))})"
            shown = "show(t)" if name in KNOWN_FILLS or "calc" in name else "show(t)[:3]"
            yield f"t = {call}\nfound = {shown}"
    for given in ("'relu'", "'tanh'", "'leaky_relu'", "'leaky_relu', 0.2", "'leaky_relu', True",
                  "'selu'", "'sigmoid'", "'linear'", "'conv2d'", "'gelu'", "nonlinearity='relu'",
                  "'conv_transpose3d', 5", "'leaky_relu', param=0", "'leaky_relu', 'x'", "None"):  # fmt: skip
        yield f"found = nn.init.calculate_gain({given})"


# ---------------------------------------------------------------------------------------------
# nn.utils
# ---------------------------------------------------------------------------------------------

NETS = ("nn.Linear(3, 4)", "nn.Conv2d(3, 4, (2, 1))", "nn.ConvTranspose1d(3, 4, 2)", "nn.Embedding(5, 3)",
        "nn.Linear(3, 4, bias=False, dtype=torch.float64)", "nn.BatchNorm1d(3)", "nn.ReLU()",
        "nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))", "nn.LSTM(3, 4)")  # fmt: skip
NORMED = (
    "",
    "'weight'",
    "name='bias'",
    "dim=1",
    "dim=None",
    "name='weight', dim=-1",
    "name='x'",
    "foo=1",
)
LENGTHS = ("torch.tensor([3, 2])", "[3, 2]", "[2, 3]", "torch.tensor([3])", "[3, 0]", "[9, 2]")


def of_utils():
    """Yield programs of nn.utils."""
    for net, given in product(NETS, NORMED):
        call = ", ".join(filter(None, ("m", given)))
        for room in ("utils", "utils.parametrizations"):
            yield f"m = {net}\nr = nn.{room}.weight_norm({call})\nfound = [r is m, state(m)]"
        for room in ("utils", "utils.parametrizations"):
            given_ = given.replace("dim=-1", "dim=0")
            call_ = ", ".join(filter(None, ("m", given_)))
            yield f"m = {net}\nr = nn.{room}.spectral_norm({call_})\nfound = [r is m, state(m)]"
        yield f"m = {net}\nr = nn.utils.parametrizations.orthogonal({call})\nfound = [r is m, state(m)]"
    for net in NETS:
        for one in ("weight_norm", "spectral_norm"):
            yield f"m = nn.utils.{one}({net})\nnn.utils.remove_{one}(m)\nfound = state(m)"
            yield f"m = nn.utils.parametrizations.{one}({net})\nfound = nn.utils.parametrize.is_parametrized(m)"
            yield (f"m = nn.utils.parametrizations.{one}({net})\n"
                   "nn.utils.parametrize.remove_parametrizations(m, 'weight')\nfound = state(m)")  # fmt: skip
        yield f"m = {net}\nnn.utils.remove_weight_norm(m)\nfound = state(m)"
        yield f"m = {net}\nfound = show(nn.utils.parameters_to_vector(m.parameters()))[:3]"
        yield (f"m = {net}\nv = torch.zeros(sum(p.numel() for p in m.parameters()))\n"
               "nn.utils.vector_to_parameters(v, m.parameters())\nfound = state(m)")  # fmt: skip
        for norm in ("clip_grad_norm_(m.parameters(), 1.0)", "clip_grad_norm_(m.parameters(), max_norm=2, norm_type=1)",
                     "clip_grad_norm_(m.parameters())", "get_total_norm(m.parameters())"):  # fmt: skip
            yield f"m = {net}\nr = nn.utils.{norm}\nfound = state(m)"
    for inputs, lengths, first, even in product(
        ("torch.rand(3, 2, 4)", "torch.rand(2, 3, 4)", "torch.rand(3, 2)"), LENGTHS,
        (False, True), (True, False),
    ):  # fmt: skip
        packed = f"nn.utils.rnn.pack_padded_sequence({inputs}, {lengths}, {first}, {even})"
        yield f"p = {packed}\nfound = [show(p.data)[:3], show(p.batch_sizes)]"
        yield (f"p = {packed}\no, n = nn.utils.rnn.pad_packed_sequence(p, batch_first={first})\n"
               "found = [show(o)[:3], show(n)]")  # fmt: skip
        yield (f"p = {packed}\no, h = nn.GRU(4, 5)(p)\n"
               "found = [type(o).__name__, show(o.data)[:3], show(h)[:3]]")  # fmt: skip
    for several in ("[torch.rand(3, 4), torch.rand(2, 4)]", "[torch.rand(2), torch.rand(3)]",
                    "(torch.rand(1, 2, 3),)", "[torch.rand(3, 4), torch.rand(2, 5)]", "[]",
                    "torch.rand(2, 3, 4)", "[torch.ones(2).long(), torch.ones(3).long()]"):  # fmt: skip
        for given in (
            "",
            ", batch_first=True",
            ", True, 1.0",
            ", padding_value=-1",
            ", padding_side='left'",
        ):
            yield f"found = show(nn.utils.rnn.pad_sequence({several}{given}))[:3]"
        yield f"p = nn.utils.rnn.pack_sequence({several}, enforce_sorted=False)\nfound = show(p.data)[:3]"
        yield "found = show(nn.utils.rnn.unpad_sequence(torch.rand(3, 2, 4), torch.tensor([3, 2])))"
    yield ("c, b = nn.Conv2d(3, 4, 2).eval(), nn.BatchNorm2d(4).eval()\n"
           "found = state(nn.utils.fuse_conv_bn_eval(c, b))")  # fmt: skip
    yield ("c, b = nn.Linear(3, 4).eval(), nn.BatchNorm1d(4).eval()\n"
           "found = state(nn.utils.fuse_linear_bn_eval(c, b))")  # fmt: skip
    yield "c, b = nn.Conv2d(3, 4, 2), nn.BatchNorm2d(4)\nfound = state(nn.utils.fuse_conv_bn_eval(c, b))"
    yield "m = nn.utils.skip_init(nn.Linear, 3, 4)\nfound = state(m)"


# ---------------------------------------------------------------------------------------------
# Methods and attributes of modules
# ---------------------------------------------------------------------------------------------

NET = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(2, 3)
        self.b = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3))
        self.c = self.a
        self.d = None
        self.w = nn.Parameter(torch.zeros(2))
        self.w2 = self.w
        self.register_buffer('e', torch.ones(3))
        self.register_buffer('f', torch.ones(1).long(), persistent=False)
        self.register_parameter('none', None)
        self.plain = [nn.ReLU()]
    def forward(self, x):
        return self.b(self.a(x))
m = Net()
names = lambda pairs: [[k, type(v).__name__] for k, v in pairs]
"""
METHODS = {
    "named_modules": ("", "prefix='p'", "remove_duplicate=False", "set(), 'q'", "foo=1"),
    "named_children": ("",), "children": ("",), "modules": ("", "False", "remove_duplicate=False"),
    "named_parameters": ("", "'p'", "recurse=False", "remove_duplicate=False", "'', True, False"),
    "parameters": ("", "False", "recurse=True"), "buffers": ("", "recurse=False"),
    "named_buffers": ("", "'p'", "recurse=False", "remove_duplicate=False"),
    "get_submodule": ("''", "'b.1'", "'b.2'", "'w'", "'x'", "target='a'"),
    "get_parameter": ("'b.0.weight'", "'w'", "'e'", "'x.y'", "target='a.bias'"),
    "get_buffer": ("'e'", "'b.1.running_mean'", "'w'", "'f'"),
    "set_submodule": ("'b.0', nn.ReLU()", "'x', nn.ReLU()", "'x', nn.ReLU(), True", "'', nn.ReLU()", "'b.0', 3"),
    "state_dict": ("", "prefix='p.'", "keep_vars=True", "destination=OrderedDict()"),
    "add_module": ("'n', nn.ReLU()", "'n.x', nn.ReLU()", "'', nn.ReLU()", "'a', nn.ReLU()", "'n', 3", "'n', None", "3, nn.ReLU()", "'forward', nn.ReLU()"),
    "register_module": ("'n', nn.ReLU()",),
    "register_buffer": ("'n', torch.ones(2)", "'n', None", "'n', 3", "'n', torch.ones(2), False", "'a', torch.ones(1)", "'w.x', None", "name='n', tensor=None, persistent=True"),
    "register_parameter": ("'n', nn.Parameter(torch.ones(2))", "'n', None", "'n', torch.ones(2)", "'w', None", "'', None"),
    "requires_grad_": ("", "False", "requires_grad=True"), "train": ("", "False", "mode=True", "1"),
    "eval": ("", "1"), "half": ("",), "float": ("",), "double": ("",), "bfloat16": ("",),
    "type": ("torch.float64", "'torch.DoubleTensor'"), "cpu": ("",),
    "to": ("torch.float16", "'cpu'", "dtype=torch.float64", "torch.int64", "torch.ones(1).half()", "'cpu', torch.float64", "'x'", "memory_format=torch.channels_last", "device=None", "torch.complex64"),
    "zero_grad": ("", "set_to_none=False"), "share_memory": ("",), "to_empty": ("device='cpu'", ""),
    "apply": ("lambda k: None", "print_", ""), "extra_repr": ("",), "_get_name": ("",),
    "load_state_dict": ("m.state_dict()", "{}", "{}, strict=False", "{'e': torch.zeros(4)}, False", "{'w': torch.zeros(2)}, strict=False", "3", "{'x': torch.zeros(1)}", "OrderedDict(m.state_dict()), assign=True"),
    "register_forward_hook": ("lambda *a: None",), "register_forward_pre_hook": ("lambda *a: None",),
    "register_full_backward_hook": ("lambda *a: None",), "__dir__": ("",), "get_extra_state": ("",),
    "share_memory_": ("",), "cuda_": ("",),
}  # fmt: skip
AFTER = ("found = [show(r) if not hasattr(r, '__next__') else 'iterator', state(m), m.training, "
         "[n for n, _ in m.named_modules()], [n for n, _ in m.named_buffers()], m is r]")  # fmt: skip
LISTED = {"named_modules": "names(r)", "named_children": "names(r)", "named_parameters": "names(r)",
          "named_buffers": "names(r)", "children": "[type(e).__name__ for e in r]", "__dir__": "len(r) > 5",
          "modules": "[type(e).__name__ for e in r]", "parameters": "[show(e)[:3] for e in r]",
          "buffers": "[show(e) for e in r]", "state_dict": "[[k, list(v.shape)] for k, v in r.items()]"}  # fmt: skip
ATTRIBUTES = ("training", "_modules", "_parameters", "_buffers", "__class__.__name__", "a.weight.shape",
              "__dict__.keys()", "_non_persistent_buffers_set", "_forward_hooks", "dump_patches", "d", "none",
              "x", "e", "T_destination", "call_super_init", "_version", "plain", "w2",
              "_get_name()", "forward.__name__")  # fmt: skip
HELD = {
    "nn.Sequential(nn.ReLU(), nn.Linear(2, 3), nn.Tanh())": (
        "m[0]", "m[-1]", "m[3]", "m[1:]", "m[::2]", "m['0']", "len(m)", "list(m)", "m.append(nn.ReLU())",
        "m.insert(1, nn.ReLU())", "m.insert(9, nn.ReLU())", "m.insert(-1, nn.ReLU())", "m.extend([nn.ReLU()])",
        "m.extend(nn.Sequential(nn.ReLU()))", "m.pop(0)", "m.pop(-1)", "m.pop(5)", "m + nn.Sequential(nn.ReLU())",
        "m + [nn.ReLU()]", "m * 2", "2 * m", "m * 0", "m.__setitem__(0, nn.Tanh())", "m.__setitem__(0, 3)",
        "m.__delitem__(0)", "m.__delitem__(slice(0, 2))", "nn.ReLU() in m", "m[True]", "m.index", "reversed(m)",
        "m.append(3)", "m.append(None)", "bool(m)", "m.__iadd__(nn.Sequential(nn.ReLU()))", "m.__imul__(2)",
        "nn.Sequential(OrderedDict(a=nn.ReLU()))", "nn.Sequential(nn.ReLU)", "nn.Sequential([nn.ReLU()])",
        "nn.Sequential(OrderedDict([('a.b', nn.ReLU())]))", "m(torch.ones(4, 2)).shape[1]", "m.forward", "m.keys"),
    "nn.ModuleList([nn.ReLU(), nn.Linear(2, 3), nn.Tanh()])": (
        "m[0]", "m[-1]", "m[3]", "m[1:]", "m['0']", "len(m)", "m.append(nn.ReLU())", "m.insert(1, nn.ReLU())",
        "m.insert(9, nn.ReLU())", "m.extend([nn.ReLU()])", "m.extend(nn.ReLU())", "m.pop(0)", "m.pop(5)",
        "m + nn.ModuleList([nn.ReLU()])", "m + [nn.ReLU()]", "m * 2", "m.__setitem__(0, nn.Tanh())",
        "m.__delitem__(0)", "m.__delitem__(slice(0, 2))", "m(torch.ones(2))", "list(reversed(m))", "m.__iadd__([nn.ReLU()])",
        "nn.ModuleList(nn.ReLU())", "nn.ModuleList(3)", "nn.ModuleList(nn.ReLU() for _ in range(2))", "m.append(3)",
        "m.append(None)", "m.forward", "m.__setitem__(5, nn.ReLU())", "[n for n, _ in m.named_children()]"),
    "nn.ModuleDict({'b': nn.ReLU(), 'a': nn.Linear(2, 3)})": (
        "m['a']", "m['x']", "len(m)", "list(m)", "list(m.keys())", "list(m.values())", "[k for k, _ in m.items()]",
        "'a' in m", "m.pop('a')", "m.pop('x')", "m.clear()", "m.update({'c': nn.Tanh()})", "m.update([('c', nn.Tanh())])",
        "m.update([('c',)])", "m.update(3)", "m.update(nn.ModuleDict({'z': nn.Tanh(), 'y': nn.ReLU()}))", "m.get('a')",
        "m.__setitem__('c', nn.ReLU())", "m.__setitem__('c', 3)", "m.__setitem__(1, nn.ReLU())", "m.__delitem__('a')",
        "m.__delitem__('x')", "nn.ModuleDict([('a', nn.ReLU())])", "nn.ModuleDict({'a.b': nn.ReLU()})", "m.a", "m.popitem()",
        "nn.ModuleDict({'keys': nn.ReLU()})", "m(torch.ones(2))", "m.setdefault('a')", "nn.ModuleDict({'q': None})"),
    "nn.ParameterList([torch.ones(2), nn.Parameter(torch.zeros(3))])": (
        "m[0]", "m[-1]", "m[2]", "m[1:]", "len(m)", "m.append(torch.ones(1))", "m.append(3)", "m.extend([torch.ones(1)])",
        "m.extend(torch.ones(2))", "m.__iadd__([torch.ones(1)])", "m.__setitem__(0, torch.ones(4))", "m.__setitem__(9, torch.ones(4))",
        "list(m)", "m()", "nn.ParameterList(3)", "nn.ParameterList()", "m.__delitem__(0)", "m.pop(0)", "m.insert(0, torch.ones(1))",
        "nn.ParameterList(torch.ones(1) for _ in range(2))", "m + [torch.ones(1)]", "[n for n, _ in m.named_parameters()]"),
    "nn.ParameterDict({'b': torch.ones(2), 'a': nn.Parameter(torch.zeros(3))})": (
        "m['a']", "m['x']", "len(m)", "list(m)", "list(m.keys())", "list(m.values())", "[k for k, _ in m.items()]", "'a' in m",
        "m.pop('a')", "m.pop('x')", "m.popitem()", "m.clear()", "m.get('a')", "m.get('x')", "m.get('x', 5)", "m.setdefault('x', torch.ones(1))",
        "m.setdefault('a')", "m.update({'c': torch.ones(1)})", "m.copy()", "m.fromkeys(['x', 'y'])", "m.fromkeys(['x'], torch.ones(1))",
        "m | nn.ParameterDict({'n': torch.ones(1)})", "list(reversed(m))", "m.__setitem__('c', 3)", "m.__setitem__(3, torch.ones(1))",
        "m.__delitem__('a')", "m.__delitem__('x')", "m(torch.ones(1))", "m.a", "nn.ParameterDict([('a', torch.ones(1))])",
        "m.__ior__({'q': torch.ones(1)})", "{'q': torch.ones(1)} | m", "nn.ParameterDict(3)"),
}  # fmt: skip
OF_TENSORS = (
    "T mT H mH real imag data grad grad_fn is_leaf layout device nbytes itemsize ndim shape dtype requires_grad "
    "is_cuda is_sparse is_quantized is_meta is_nested is_mps names output_nr _version retains_grad volatile name "
    "is_cpu is_xla is_mkldnn is_vulkan is_ipu is_maia is_mtia is_sparse_csr is_xpu _base _grad _is_view __class__.__name__ "
    "dim() numel() element_size() get_device() is_contiguous() is_floating_point() is_complex() is_signed() stride() "
    "storage_offset() size() nelement() ndimension() is_pinned() is_shared() is_inference() is_conj() is_neg() "
    "has_names() dense_dim() sparse_dim() data_ptr() untyped_storage() tolist() __len__() type() is_set_to(t) "
    "is_same_size(t) requires_grad_() detach().requires_grad clone().is_leaf foo _foo"
).split()  # fmt: skip
TENSORS = ("torch.arange(6.0).view(2, 3)", "torch.ones(2, 3, requires_grad=True)", "torch.ones(2, 3).long()",
           "torch.tensor(2.5)", "torch.zeros(0, 3)", "torch.ones(2, 3) + 0j", "torch.ones(4, 2, 3).permute(2, 0, 1)",
           "nn.Parameter(torch.ones(2, 3))", "torch.ones(3, requires_grad=True) * 2", "torch.arange(6)[2:4]")  # fmt: skip


def of_modules():
    """Yield programs of the methods and attributes of modules, containers and tensors."""
    for name, several in METHODS.items():
        for given in several:
            after = AFTER if name not in LISTED else f"found = {LISTED[name]}"
            yield f"{NET}r = m.{name}({given})\n{after}"
    for name in ATTRIBUTES:
        shown = f"r = m.{name}\nfound = sorted(map(str, r)) if isinstance(r, (dict, set)) or 'keys' in {name!r} else show(r)"
        yield f"{NET}{shown}"
        yield f"{NET}found = hasattr(m, {name!r})"
    for made, several in HELD.items():
        for words in several:
            yield f"m = {made}\nr = {words}\nfound = [str(r) if isinstance(r, nn.Module) else show(r), str(m), state(m)]"
    for tensor, name in product(TENSORS, OF_TENSORS):
        yield f"t = {tensor}\nr = t.{name}\nfound = show(r) if {name!r} not in ('dtype', 'device', 'layout') else str(r)"


# ---------------------------------------------------------------------------------------------
# torch.distributions
# ---------------------------------------------------------------------------------------------

MADE = (
    "Normal(torch.zeros(3, 2), torch.ones(2))", "Normal(0.0, 1.0)", "Normal(torch.zeros(3), 2)", "Normal(0, torch.ones(4, 1))",
    "Normal(torch.zeros(3), torch.ones(2))", "Normal(torch.zeros(2, requires_grad=True), 1.0)", "Normal(torch.zeros(3))",
    "Uniform(torch.zeros(3), torch.ones(2, 3))", "Uniform(0.0, 2.0)", "Uniform(low=torch.zeros(2), high=1.0)",
    "Bernoulli(torch.rand(3, 2))", "Bernoulli(logits=torch.zeros(2))", "Bernoulli(0.3)", "Bernoulli()", "Bernoulli(torch.rand(2), torch.rand(2))",
    "Categorical(torch.rand(3, 4))", "Categorical(logits=torch.zeros(4))", "Categorical(probs=torch.rand(2, 3, 4))", "Categorical(torch.tensor(1.0))",
    "Categorical(logits=torch.zeros(2, 4, dtype=torch.float64))", "Categorical()", "Categorical(torch.rand(0, 3))",
    "Independent(Normal(torch.zeros(3, 2), torch.ones(3, 2)), 1)", "Independent(Normal(torch.zeros(3, 2), 1.0), 2)",
    "Independent(Bernoulli(logits=torch.zeros(2, 3, 4)), 2)", "Independent(Normal(torch.zeros(3), 1.0), 2)", "Independent(Normal(torch.zeros(3), 1.0), 0)",
)  # fmt: skip
ASKED = (
    "d.sample()", "d.sample((5,))", "d.sample(torch.Size([2, 3]))", "d.sample([4])", "d.rsample()", "d.rsample((5,))", "d.entropy()",
    "d.log_prob(d.sample())", "d.log_prob(d.sample((5,)))", "d.log_prob(torch.ones(2))", "d.log_prob(torch.zeros(3, 1))", "d.log_prob(torch.zeros(5, 3, 2))",
    "d.mean", "d.stddev", "d.variance", "d.mode", "list(d.batch_shape)", "list(d.event_shape)", "d.probs", "d.logits", "d.loc", "d.scale",
    "d.has_rsample", "kl_divergence(d, d)", "d.cdf(torch.zeros(2))", "d.icdf(torch.rand(2))", "d.perplexity()", "d.param_shape", "isinstance(d, Distribution)",
    "type(d).__name__", "d.expand((5, 3, 2)).sample()", "kl_divergence(d, Normal(0.0, 1.0))", "d.foo", "d.sample_n(2)",
)  # fmt: skip


def of_distributions():
    """Yield programs that ask distributions for samples, and how likely those are."""
    start = "from torch.distributions import *\nfrom torch.distributions.kl import kl_divergence\n"
    for made, asked in product(MADE, ASKED):
        value = "show(r)[:3] if isinstance(r, torch.Tensor) else show(r)"
        yield f"{start}d = {made}\nr = {asked}\nfound = {value}"


SECTIONS = {
    "memory": of_memory,
    "init": of_init,
    "utils": of_utils,
    "modules": of_modules,
    "distributions": of_distributions,
}
"""The programs by what they are about."""


def plain(value, unknown=()):
    """Return what a program found as JSON keeps it; ? for what isn't known."""
    if isinstance(value, unknown):
        return "?"
    if isinstance(value, dict):
        return {str(key): plain(each, unknown) for key, each in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(each, unknown) for each in value]
    return (
        value
        if value is None or isinstance(value, (bool, int, float, str))
        else type(value).__name__
    )
