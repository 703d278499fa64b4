"""Programs on modules that PyTorch and convcalc's torch both run: each says what it found.

A program is a function of torch, its nn, and Python's copy.deepcopy; what it raises counts as its
answer too.
"""

from collections import OrderedDict
from math import prod


class Programs:
    def names(torch, nn, deepcopy):
        net = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Linear(3, 4, bias=False)))
        shared = net[0]
        net.add_module("again", shared)
        return [
            [name for name, _ in net.named_modules()],
            [name for name, _ in net.named_modules(prefix="p", remove_duplicate=False)],
            [name for name, _ in net.named_parameters()],
            [name for name, _ in net.named_parameters("x", recurse=False)],
            [name for name, _ in net.named_parameters(remove_duplicate=False)],
            [name for name, _ in net.named_children()],
            len(list(net.modules())), len(list(net.children())), len(list(net.parameters())),
            list(net.state_dict()), list(net.state_dict(prefix="net.")),
        ]  # fmt: skip

    def buffers(torch, nn, deepcopy):
        net = nn.Module()
        net.register_buffer("kept", torch.zeros(2))
        net.register_buffer("fleeting", torch.zeros(3), persistent=False)
        net.register_buffer("none", None)
        net.other = nn.Buffer(torch.zeros(4))
        net.gone = nn.Buffer(torch.zeros(4), persistent=False)
        net.kept = torch.ones(5)
        before = list(net.state_dict())
        net.fleeting = None
        del net.other
        return [before, list(net.state_dict()), [name for name, _ in net.named_buffers()]]

    def bias_given_later(torch, nn, deepcopy):
        x, found = torch.zeros(2, 3, 8, 8), []
        for layer, size in ((nn.Conv2d(3, 4, 1, bias=False), 4), (nn.Conv2d(3, 4, 1), 4)):
            layer.bias = nn.Parameter(torch.zeros(size))
            found += [list(layer(x).shape), sum(each.numel() for each in layer.parameters())]
        return found

    def attributes_of_tensors(torch, nn, deepcopy):
        layer = nn.Linear(3, 4)
        layer.weight.colour = "red"
        layer.weight._tag = [1]
        layer.bias.view = 5
        found = [layer.weight.colour, layer.weight._tag, layer.bias.view]
        del layer.weight.colour
        found += [hasattr(layer.weight, "_tag"), list(layer(torch.zeros(2, 3)).shape)]
        try:
            del layer.weight.nothing
        except AttributeError:
            found.append("gone")
        return found

    def parameters(torch, nn, deepcopy):
        net = nn.Module()
        net.a = nn.Parameter(torch.zeros(2, 3))
        net.register_parameter("b", None)
        net.c = torch.zeros(2)
        net.a = None
        found = [list(net.state_dict()), list(net._parameters), "c" in vars(net)]
        net.a = nn.Parameter(torch.zeros(4))
        net.c = nn.Parameter(torch.zeros(5))
        return [found, list(net.state_dict()), "c" in vars(net), len(list(net.parameters()))]

    def parameter_over_module(torch, nn, deepcopy):
        net = nn.Module()
        net.a = nn.ReLU()
        net.a = nn.Parameter(torch.zeros(2))
        net.b = 5
        net.b = nn.ReLU()
        return [list(net._modules), list(net._parameters), "b" in vars(net)]

    def module_taken(torch, nn, deepcopy):
        net = nn.Module()
        net.a = nn.ReLU()
        net.a = 5

    def parameter_taken(torch, nn, deepcopy):
        net = nn.Linear(2, 3)
        net.weight = torch.zeros(3, 2)

    def buffer_taken(torch, nn, deepcopy):
        net = nn.BatchNorm1d(3)
        net.running_mean = 5

    def no_super(torch, nn, deepcopy):
        class Net(nn.Module):
            def __init__(self):
                self.a = nn.Linear(2, 3)

        Net()

    def no_super_parameter(torch, nn, deepcopy):
        class Net(nn.Module):
            def __init__(self):
                self.a = nn.Parameter(torch.zeros(2))

        Net()

    def no_super_plain(torch, nn, deepcopy):
        class Net(nn.Module):
            def __init__(self):
                self.a = 5

        return Net().a

    def no_super_called(torch, nn, deepcopy):
        class Net(nn.Module):
            def __init__(self):
                pass

            def forward(self, x):
                return x

        Net()(torch.zeros(2))

    def no_forward(torch, nn, deepcopy):
        nn.Module()(torch.zeros(2))

    def missing(torch, nn, deepcopy):
        return [hasattr(nn.ReLU(), "weight"), getattr(nn.ReLU(), "weight", 3), nn.ReLU().weight]

    def init_arguments(torch, nn, deepcopy):
        class Net(nn.Module):
            def __init__(self):
                super().__init__(5)

        Net()

    def bad_names(torch, nn, deepcopy):
        found = []
        for name in ("a.b", "", "forward", 5):
            try:
                nn.Module().add_module(name, nn.ReLU())
            except Exception as error:
                found.append(type(error).__name__)
        return found

    def add_no_module(torch, nn, deepcopy):
        nn.Module().add_module("a", 5)

    def submodules(torch, nn, deepcopy):
        net = nn.Sequential(OrderedDict(a=nn.Linear(2, 3), b=nn.Sequential(nn.BatchNorm1d(3))))
        found = [
            net.get_submodule("b.0") is net.b[0], net.get_submodule("") is net,
            list(net.get_parameter("a.weight").shape),
            list(net.get_buffer("b.0.running_var").shape),
        ]  # fmt: skip
        net.set_submodule("b.0", nn.ReLU())
        found.append(str(net))
        for what in (net.get_submodule, net.get_parameter, net.get_buffer):
            try:
                what("b.7")
            except Exception as error:
                found.append(type(error).__name__)
        return found

    def sequential(torch, nn, deepcopy):
        net = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.Sigmoid(), nn.ELU())
        found = [str(net[1:3]), str(net[-1]), len(net), str(net[::2])]
        net[1] = nn.GELU()
        net.insert(1, nn.Identity())
        net.insert(-1, nn.SiLU())
        found.append(str(net))
        del net[0]
        found += [str(net.pop(-1)), str(net), list(net._modules)]
        net.append(nn.Mish()).extend([nn.ReLU6()])
        found += [str(net + nn.Sequential(nn.SELU())), str(net[:2] * 2), str(2 * net[:1])]
        net += nn.Sequential(nn.SELU())
        part = net[:2]
        part *= 3
        return [*found, str(net), str(part), [str(each) for each in net], "0" in dir(net)]

    def sequential_named(torch, nn, deepcopy):
        net = nn.Sequential(OrderedDict([("a", nn.ReLU()), ("b", nn.Tanh()), ("c", nn.ELU())]))
        found = [str(net), str(net[1:]), str(net.b)]
        del net[1]
        return [*found, str(net)]

    def sequential_of_list(torch, nn, deepcopy):
        nn.Sequential([nn.ReLU()])

    def sequential_of_dict(torch, nn, deepcopy):
        nn.Sequential({"a": nn.ReLU()})

    def sequential_index(torch, nn, deepcopy):
        return nn.Sequential(nn.ReLU())[1]

    def sequential_add(torch, nn, deepcopy):
        return nn.Sequential() + [nn.ReLU()]  # noqa: RUF005

    def sequential_times(torch, nn, deepcopy):
        return nn.Sequential() * 0

    def sequential_insert(torch, nn, deepcopy):
        nn.Sequential().insert(3, nn.ReLU())

    def sequential_own(torch, nn, deepcopy):
        class Own(nn.Sequential):
            def __init__(self, *layers):
                super().__init__(*layers)
                self.extra = 1

        class Fixed(nn.Sequential):
            def __init__(self, channels):
                super().__init__(nn.Conv2d(channels, 2, 1), nn.ReLU(), nn.Tanh())

        made = Own(nn.ReLU(), nn.Tanh())
        found = [type(made[:1]).__name__, made[:1].extra, str(made)]
        try:
            Fixed(3)[0:1]
        except Exception as error:
            found.append(type(error).__name__)
        return found

    def module_list(torch, nn, deepcopy):
        net = nn.ModuleList(nn.Linear(1, at) for at in (1, 2, 3))
        found = [str(net), str(net[-1]), str(net[1:]), len(net)]
        net[0] = nn.ReLU()
        net.insert(1, nn.Tanh())
        net.append(nn.ReLU())
        net.extend([nn.ReLU(), nn.ReLU()])
        found.append(str(net))
        del net[1:3]
        found += [str(net), str(net.pop(0)), list(net._modules), str(net + [nn.ELU()])]  # noqa: RUF005
        net += [nn.ELU()]
        return [*found, str(net), list(net._modules), str(nn.ModuleList())]

    def module_list_of_number(torch, nn, deepcopy):
        nn.ModuleList(5)

    def module_list_of_others(torch, nn, deepcopy):
        nn.ModuleList([nn.ReLU(), 5])

    def module_list_called(torch, nn, deepcopy):
        nn.ModuleList([nn.ReLU()])(torch.zeros(2))

    def module_list_none(torch, nn, deepcopy):
        net = nn.ModuleList([None, nn.ReLU()])
        return [str(net), len(net), [name for name, _ in net.named_modules()]]

    def module_dict(torch, nn, deepcopy):
        net = nn.ModuleDict({"b": nn.ReLU(), "a": nn.Tanh()})
        net["c"] = nn.ELU()
        net.update([("d", nn.SELU()), ("a", nn.Mish())])
        net.update(nn.ModuleDict({"e": nn.GELU()}))
        found = [list(net), list(net.keys()), [str(each) for each in net.values()], "a" in net]
        found += [len(net), str(net.pop("b")), str(net), [name for name, _ in net.items()]]
        del net["c"]
        found.append(str(net))
        net.clear()
        return [*found, str(net)]

    def module_dict_missing(torch, nn, deepcopy):
        return nn.ModuleDict({"a": nn.ReLU()})["b"]

    def module_dict_delete(torch, nn, deepcopy):
        del nn.ModuleDict({"a": nn.ReLU()})["b"]

    def module_dict_name(torch, nn, deepcopy):
        nn.ModuleDict({"type": nn.ReLU()})

    def module_dict_pairs(torch, nn, deepcopy):
        nn.ModuleDict([("a", nn.ReLU(), 3)])

    def parameter_list(torch, nn, deepcopy):
        net = nn.ParameterList([nn.Parameter(torch.zeros(2, 3)), torch.zeros(4)])
        net.append(torch.ones(1))
        net.extend([nn.Parameter(torch.zeros(5))])
        net += [torch.zeros(6)]
        net[0] = torch.zeros(7)
        net.append(5)
        found = [str(net), len(net), list(net.state_dict()), str(net[1:3]), list(net[-2].shape)]
        net.append(nn.ParameterList([torch.zeros(9)]))
        return [*found, [name for name, _ in net.named_parameters()], net[5], str(net)]

    def parameter_list_called(torch, nn, deepcopy):
        nn.ParameterList()(torch.zeros(2))

    def parameter_list_of_tensor(torch, nn, deepcopy):
        nn.ParameterList(torch.zeros(2))

    def parameter_list_index(torch, nn, deepcopy):
        return nn.ParameterList([torch.zeros(2)])[1]

    def parameter_dict(torch, nn, deepcopy):
        net = nn.ParameterDict({"b": torch.zeros(1), "a": nn.Parameter(torch.zeros(2))})
        net["c"] = 5
        net.update(OrderedDict(z=torch.zeros(3), y=torch.zeros(4)))
        found = [list(net), list(net.state_dict()), str(net), net.get("q", 3), "a" in net]
        found += [net.setdefault("c", 4), list(net.pop("a").shape), net.popitem()[0], list(net)]
        other = net | nn.ParameterDict({"n": torch.zeros(1)})
        del net["b"]
        return [*found, list(other), list(net), list(net.copy()), list(reversed(net)), len(net)]

    def parameter_dict_key(torch, nn, deepcopy):
        nn.ParameterDict({5: torch.zeros(1)})

    def frozen_copy(torch, nn, deepcopy):
        net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 4))
        net[0].requires_grad_(False)
        net[2] = net[0]
        other = deepcopy(net)
        other[1].weight.requires_grad = False
        return [
            [each.requires_grad for each in other.parameters()],
            [each.requires_grad for each in net.parameters()],
            other[0] is other[2], other[0] is net[0], other[0].weight is net[0].weight,
            list(other.state_dict()), len(list(other.parameters())),
            sum(prod(p.shape) for p in other.parameters() if p.requires_grad),
        ]  # fmt: skip

    def copy_of_method(torch, nn, deepcopy):
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner = nn.Linear(2, 3)
                self.does = self.go
                self.table = {"inner": self.inner, "sizes": [1, [2]], "pair": (self.inner, 1)}

            def go(self):
                return self

        net = Net()
        other = deepcopy(net)
        other.table["sizes"][1].append(3)
        return [
            other.go() is other, other.does() is other, other.table["inner"] is other.inner,
            other.table["pair"][0] is other.inner, net.table["sizes"], other.table["sizes"],
        ]  # fmt: skip

    def training(torch, nn, deepcopy):
        net = nn.Sequential(nn.Dropout(), nn.Sequential(nn.ReLU()))
        found = [net.training, net.eval() is net, net[1][0].training]
        net[0].train()
        return [*found, [each.training for each in net.modules()]]

    def training_wrong(torch, nn, deepcopy):
        nn.ReLU().train(1)

    def applied(torch, nn, deepcopy):
        net = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU()))
        seen = []
        net.apply(lambda module: seen.append(type(module).__name__))
        return seen

    def kinds(torch, nn, deepcopy):
        net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
        net.half()
        found = [str(each.dtype) for each in net.state_dict().values()]
        net.to(torch.float64)
        found += [str(each.dtype) for each in net.state_dict().values()]
        net.to("cpu", torch.bfloat16).to("cpu")
        return [*found, *(str(each.dtype) for each in net.buffers()), net[0].weight.requires_grad]

    def kinds_wrong(torch, nn, deepcopy):
        nn.Linear(2, 3).to(torch.int64)

    def kind_given(torch, nn, deepcopy):
        net = nn.BatchNorm1d(3, dtype=torch.float64, device="cpu")
        return [str(each.dtype) for each in net.state_dict().values()]

    def loaded(torch, nn, deepcopy):
        net, other = nn.BatchNorm1d(3), nn.BatchNorm1d(3)
        found = net.load_state_dict(other.state_dict())
        lone = net.load_state_dict({"weight": torch.zeros(3), "more": 1}, strict=False)
        return [str(found), list(lone.missing_keys), list(lone.unexpected_keys), str(lone)]

    def loaded_strictly(torch, nn, deepcopy):
        nn.Linear(2, 3).load_state_dict({"weight": torch.zeros(3, 2)})

    def loaded_shape(torch, nn, deepcopy):
        nn.Linear(2, 3).load_state_dict({"weight": torch.zeros(4, 2), "bias": torch.zeros(3)})

    def loaded_none(torch, nn, deepcopy):
        nn.Linear(2, 3).load_state_dict(None)

    def state_hook(torch, nn, deepcopy):
        net = nn.Sequential(nn.Linear(2, 3))

        def without_bias(module, state, prefix, data):
            del state["0.bias"]

        net._register_state_dict_hook(without_bias)
        handle = net[0].register_full_backward_hook(lambda *given: None)
        handle.remove()
        return list(net.state_dict())

    def extra_state(torch, nn, deepcopy):
        class Net(nn.Module):
            def get_extra_state(self):
                return 5

            def set_extra_state(self, state):
                self.state = state

        net = nn.Sequential(Net())
        net.load_state_dict({"0._extra_state": 7})
        return [list(net.state_dict()), net[0].state]

    def texts(torch, nn, deepcopy):
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(2, 3)
                self.b = None
                self.register_module("c", None)
                self.list = nn.ModuleList([nn.ReLU(), nn.ReLU()])

            def extra_repr(self):
                return "one=1\ntwo=2"

        class Plain(nn.Module):
            def extra_repr(self):
                return "alone"

        return [str(Net()), str(Plain()), str(nn.Module()), repr(nn.Sequential(Plain()))]

    def bases(torch, nn, deepcopy):
        def shown(cls):
            return [f"{each.__module__}.{each.__name__}" for each in cls.__mro__]

        kinds = (nn.Conv2d, nn.ConvTranspose1d, nn.BatchNorm2d, nn.SyncBatchNorm, nn.InstanceNorm1d,
                 nn.MaxPool2d, nn.Dropout2d, nn.LSTM, nn.GRUCell, nn.AdaptiveAvgPool2d, nn.Linear,
                 nn.ZeroPad2d, nn.Embedding, nn.ReLU6, nn.Softmax2d, nn.NLLLoss, nn.Upsample,
                 nn.UpsamplingNearest2d, nn.LayerNorm, nn.PixelShuffle, nn.Flatten)  # fmt: skip
        return [
            *(each.__module__ for each in kinds), shown(nn.Conv2d), shown(nn.BatchNorm2d),
            issubclass(nn.Conv2d, nn.modules.conv._ConvNd),
            issubclass(nn.SyncBatchNorm, nn.modules.batchnorm._BatchNorm),
            issubclass(nn.InstanceNorm2d, nn.modules.batchnorm._NormBase),
            isinstance(nn.MaxPool1d(2), nn.modules.pooling._MaxPoolNd),
        ]  # fmt: skip

    def layer_changed(torch, nn, deepcopy):
        conv = nn.Conv2d(3, 8, 3)
        conv.stride = (2, 2)
        conv.padding = (1, 1)
        conv.bias = None
        pool = nn.MaxPool2d(2)
        pool.ceil_mode = True
        x = torch.zeros(2, 3, 9, 9)
        return [list(conv(x).shape), list(pool(x).shape), list(conv.state_dict()), str(conv)]

    def layer_narrowed(torch, nn, deepcopy):
        conv = nn.Conv2d(3, 8, 3)
        conv.in_channels = 1
        conv.weight = nn.Parameter(torch.zeros(8, 1, 3, 3))
        return list(conv(torch.zeros(2, 1, 9, 9)).shape)

    def layer_arguments(torch, nn, deepcopy):
        nn.Conv2d(3, 8, 3, filters=2)

    def layer_too_many(torch, nn, deepcopy):
        nn.ReLU(True, 3)

    def layer_missing(torch, nn, deepcopy):
        nn.Linear(3)

    def layer_wrong(torch, nn, deepcopy):
        nn.Conv2d(3, 8, 3, groups=2)

    def upsampling_mode(torch, nn, deepcopy):
        nn.UpsamplingNearest2d(scale_factor=2, mode="nearest")

    def unknown_layer(torch, nn, deepcopy):
        nn.Conv2dd(3, 4, 5)

    def lazy(torch, nn, deepcopy):
        net = nn.Sequential(nn.LazyConv2d(4, 3), nn.LazyBatchNorm2d())
        net(torch.zeros(2, 3, 9, 9))
        return [str(net), type(net[0]).__name__, list(net.state_dict())]

    def embedding(torch, nn, deepcopy):
        made = nn.Embedding.from_pretrained(torch.zeros(5, 4), padding_idx=1)
        bag = nn.EmbeddingBag.from_pretrained(torch.zeros(5, 4), freeze=False, mode="sum")
        return [str(made), made.weight.requires_grad, str(bag), bag.weight.requires_grad]

    def embedding_wrong(torch, nn, deepcopy):
        nn.Embedding.from_pretrained(torch.zeros(5))

    def losses(torch, nn, deepcopy):
        loss = nn.CrossEntropyLoss(weight=torch.ones(3), label_smoothing=0.1)
        return [
            str(loss), list(loss.state_dict()), loss.reduction, loss.ignore_index,
            str(nn.MSELoss()),
            list(nn.MSELoss()(torch.zeros(2, 3), torch.zeros(2, 3)).shape),
            nn.TripletMarginLoss(2.0).margin, nn.HuberLoss("sum").delta,
        ]  # fmt: skip

    def loss_arguments(torch, nn, deepcopy):
        nn.MSELoss(weight=3)

    def loss_alone(torch, nn, deepcopy):
        nn.MSELoss()(torch.zeros(2))

    def loss_of_number(torch, nn, deepcopy):
        nn.CrossEntropyLoss()(torch.zeros(2, 3), 5)

    def normed(torch, nn, deepcopy):
        weight = nn.utils.weight_norm(nn.Conv1d(3, 8, 5))
        spectral = nn.utils.spectral_norm(nn.Conv1d(3, 8, 5))
        turned = nn.utils.spectral_norm(nn.ConvTranspose1d(3, 8, 5))
        new = nn.utils.parametrizations.weight_norm(nn.Linear(3, 8), dim=None)
        other = nn.utils.parametrizations.spectral_norm(nn.Linear(3, 8))
        return [
            *([[name, list(each.shape)] for name, each in made.state_dict().items()]
              for made in (weight, spectral, turned, new, other)),
            list(weight(torch.zeros(2, 3, 9)).shape), list(weight.weight.shape),
            sorted(nn.utils.remove_weight_norm(weight).state_dict()),
        ]  # fmt: skip

    def vector(torch, nn, deepcopy):
        return list(nn.utils.parameters_to_vector(nn.Linear(3, 8).parameters()).shape)

    def gains(torch, nn, deepcopy):
        gain = nn.init.calculate_gain
        return [gain("relu"), gain("tanh"), gain("conv2d"), gain("leaky_relu"),
                gain("leaky_relu", 0.2), gain("selu"), gain("sigmoid")]  # fmt: skip

    def gain_wrong(torch, nn, deepcopy):
        nn.init.calculate_gain("gelu")

    def fans(torch, nn, deepcopy):
        conv = nn.Conv2d(3, 8, (5, 7), groups=1)
        return [nn.init._calculate_fan_in_and_fan_out(conv.weight),
                nn.init._calculate_correct_fan(conv.weight, "fan_out")]  # fmt: skip

    def fans_wrong(torch, nn, deepcopy):
        nn.init.xavier_uniform_(nn.Linear(2, 3).bias)

    def init_none(torch, nn, deepcopy):
        nn.init.zeros_(nn.Linear(2, 3, bias=False).bias)

    def init_arguments_wrong(torch, nn, deepcopy):
        nn.init.normal_(nn.Linear(2, 3).weight, 0.0, std=0.02, nothing=3)

    def parameter_of_whole_numbers(torch, nn, deepcopy):
        nn.Parameter(torch.zeros(2, dtype=torch.int64))

    def parameter_kinds(torch, nn, deepcopy):
        made = nn.Parameter(torch.zeros(2), requires_grad=False)
        return [isinstance(made, nn.Parameter), isinstance(made, torch.Tensor), made.requires_grad,
                isinstance(torch.zeros(2), nn.Parameter)]  # fmt: skip

    def versions(torch, nn, deepcopy):
        found = torch.__version__
        return [found >= "1.8", found < "2.4", found > "2.12", found.split(".")[0]]

    def attributes(torch, nn, deepcopy):
        net = nn.Linear(2, 3)
        net.flag = True
        return [
            {"weight", "forward", "flag", "_modules", "in_features"} <= set(dir(net)),
            sorted(vars(net))[-4:], net.__class__.__name__,
        ]  # fmt: skip

    def deleted(torch, nn, deepcopy):
        net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
        del net[0].bias
        del net[1].running_mean
        found = list(net.state_dict())
        try:
            del net[0].nothing
        except AttributeError:
            found.append("there is nothing")
        return found

    def attention(torch, nn, deepcopy):
        one, other = nn.MultiheadAttention(8, 2), nn.MultiheadAttention(8, 2, kdim=4, bias=False)
        kept = nn.MultiheadAttention(8, 2, add_bias_kv=True)
        x = torch.zeros(5, 3, 8)
        return [
            list(one.state_dict()), list(other.state_dict()), list(kept.state_dict()),
            other.in_proj_weight is None, one.q_proj_weight is None, other.in_proj_bias is None,
            one.head_dim, [list(each.shape) for each in one(x, x, x)],
        ]  # fmt: skip

    def standardised(torch, nn, deepcopy):
        class Standardised(nn.Conv2d):
            def forward(self, x):
                return self._conv_forward(x, self.weight - self.weight.mean(), self.bias)

        class Padded(nn.Conv2d):
            def _conv_forward(self, input, weight, bias):
                return super()._conv_forward(input, weight, bias)[:, :1]

        x = torch.zeros(2, 3, 9, 9)
        return [list(Standardised(3, 8, 3)(x).shape), list(Padded(3, 8, 3)(x).shape)]

    def synchronised(torch, nn, deepcopy):
        net = nn.Sequential(nn.Conv2d(3, 4, 1), nn.Sequential(nn.BatchNorm2d(4, eps=1e-3)))
        weight = net[1][0].weight
        made = nn.SyncBatchNorm.convert_sync_batchnorm(net)
        return [str(made), made is net, made[1][0].weight is weight, list(made.state_dict())]

    def moved(torch, nn, deepcopy):
        net = nn.Linear(2, 3)
        return [net.cpu() is net, net.share_memory() is net,
                net.zero_grad(), net.requires_grad_(False) is net]  # fmt: skip

    def parameters_in_a_dict(torch, nn, deepcopy):
        def said(does):
            try:
                return does()
            except Exception as error:
                return type(error).__name__

        many = nn.ParameterDict({"a": torch.zeros(2), "b": nn.Parameter(torch.zeros(3))})
        more = nn.ParameterDict({"b": torch.zeros(5), "c": torch.zeros(6)})
        found = [
            sorted((many | more).keys()),
            list((many | more)["b"].shape),
            [list(each.shape) for each in many.values()],
            many.popitem()[0],
            list(many),
        ]
        many |= more
        found += [
            sorted(many),
            list(many.setdefault("b", torch.zeros(9)).shape),
            many.setdefault("d") is None,
            sorted({"z": torch.zeros(1)} | many),
            sorted(many.fromkeys(["x", "y"], torch.zeros(1)).keys()),
        ]
        many.clear()
        return [*found, len(many), said(many.popitem), said(lambda: many(5)),
                said(lambda: many.pop("no")), said(lambda: many.update([(1, 2, 3)])),
                said(lambda: many.update([5])), said(lambda: many.update(5)),
                said(lambda: many.__delitem__("no")), said(lambda: many[5])]  # fmt: skip

    def containers_that_refuse(torch, nn, deepcopy):
        def said(does):
            try:
                return str(does())
            except Exception as error:
                return type(error).__name__

        net = nn.Sequential(nn.ReLU(), nn.Tanh())
        return [
            said(lambda: net["a"]), said(lambda: net * "2"), said(lambda: net * 0),
            said(lambda: net.__add__([nn.ReLU()])), said(lambda: net.insert(0, 5)),
            said(lambda: net.insert(9, nn.ReLU())), said(lambda: net[7]),
            said(lambda: nn.ModuleList(5)), said(lambda: nn.ModuleDict([("a",)])),
            said(lambda: nn.ModuleDict({"a": nn.ReLU()})["b"]),
            said(lambda: nn.ParameterList([torch.zeros(1)])(5)),
            said(lambda: nn.ModuleList([nn.ReLU()])(5)), said(lambda: net.append(5)),
        ]  # fmt: skip

    def modules_that_refuse(torch, nn, deepcopy):
        def said(does):
            try:
                return str(does())
            except Exception as error:
                return type(error).__name__

        net = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
        net.five = 5
        return [
            said(lambda: net.get_submodule("0.no")), said(lambda: net.get_submodule("five")),
            said(lambda: net.get_parameter("0.weight").shape), said(lambda: net.get_parameter("1")),
            said(lambda: net.get_parameter("0.no")), said(lambda: net.get_buffer("0.weight")),
            said(lambda: net.set_submodule("", nn.ReLU())),
            said(lambda: net.set_submodule("0", 5)),
            said(lambda: net.set_submodule("no.x", nn.ReLU())),
            said(lambda: net.set_submodule("five.x", nn.ReLU())),
            said(lambda: net.train("yes")), said(lambda: net.to(torch.int64)),
            said(lambda: net.add_module(5, nn.ReLU())), said(lambda: net.add_module("a", 5)),
            said(lambda: net.add_module("a.b", nn.ReLU())),
            said(lambda: net.add_module("", nn.ReLU())),
            said(lambda: net.add_module("five", nn.ReLU())),
            said(lambda: net.register_buffer("b", 5)), said(lambda: net.register_parameter("p", 5)),
            said(lambda: net.register_buffer("five", None)), said(lambda: nn.Module(5)),
            said(lambda: net.register_forward_hook(print, no=5)), said(lambda: net.no),
            said(lambda: nn.Parameter("text")), said(lambda: nn.Buffer("text")),
            said(lambda: nn.Parameter(torch.zeros(2, dtype=torch.int64))),
            said(lambda: nn.Parameter().shape), said(lambda: nn.functional.relus),
            said(lambda: nn.utils.remove_weight_norm(net[0])),
            said(lambda: nn.Conv2d(1, 2, 3, 1, 0, 1, 1, True, "zeros", None, None, 5)),
            said(lambda: nn.MSELoss(None, None, "mean", 5)), said(lambda: torch.dtype()),
            said(lambda: torch._assert(False, "no")), said(lambda: torch.zerosss),
            said(lambda: nn.LinearCrossEntropyLoss(3, 5)),
        ]  # fmt: skip

    def states_with_more(torch, nn, deepcopy):
        import copy

        class Extra(nn.Linear):
            def get_extra_state(self):
                return {"seen": 3}

            def set_extra_state(self, state):
                self.seen = state["seen"]

        net, seen = nn.Sequential(Extra(2, 3)), []
        with net.register_state_dict_pre_hook(lambda *given: seen.append(len(given))):
            state = net.state_dict()
        net.register_load_state_dict_post_hook(lambda module, keys: seen.append(len(keys)))
        net.load_state_dict(state)
        missing = {name: each for name, each in state.items() if "extra" not in name}
        lax = net.load_state_dict(missing, strict=False)
        net.load_state_dict(state, assign=True)
        shared = copy.copy(net)
        shared.more = nn.ReLU()
        try:
            net.load_state_dict(missing)
        except RuntimeError:
            seen.append("refused")
        try:
            nn.Linear(2, 3).get_extra_state()
        except RuntimeError:
            seen.append("never")
        return [list(state), net[0].seen, seen, lax, shared[0] is net[0], len(list(net.modules()))]

    def without_gradients(torch, nn, deepcopy):
        @torch.no_grad()
        def plain(x, more=1):
            "words"
            return x * more

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(2, 3)

            @torch.no_grad()
            def forward(self, x):
                return self.a(x)

        weight = nn.Parameter(torch.zeros(2))
        return [plain.__name__, plain.__doc__, plain(weight).requires_grad,
                Net()(torch.zeros(1, 2)).requires_grad, (weight * 2).requires_grad,
                torch.is_grad_enabled(), torch.utils.checkpoint.checkpoint(plain, weight).shape[0],
                torch.jit.isinstance(5, int)]  # fmt: skip

    def kinds_of_numbers(torch, nn, deepcopy):
        whole = "uint8 int8 int16 int32 int64 uint16 uint32 uint64"
        pointed = ("float16 bfloat16 float32 float64 float8_e4m3fn float8_e5m2 complex32 complex64 "
                   "complex128")  # fmt: skip
        found = []
        for name in ("bool", *whole.split(), *pointed.split()):
            dtype = getattr(torch, name)
            found.append([str(dtype), dtype.itemsize, dtype.is_floating_point, dtype.is_complex,
                          dtype.is_signed])  # fmt: skip
            if name in whole.split():
                said = torch.iinfo(dtype)
                found[-1] += [said.bits, said.max, said.min, said.dtype]
            elif name != "bool":
                said = torch.finfo(dtype)
                found[-1] += [said.bits, said.max, said.min, said.eps, said.tiny,
                              said.smallest_normal, said.resolution, said.dtype]  # fmt: skip
        return found


PROGRAMS = {name: does for name, does in vars(Programs).items() if not name.startswith("_")}


def answer(name, torch, nn, deepcopy):
    """Return what a program finds, as JSON keeps it, or what it raises."""
    try:
        found = PROGRAMS[name](torch, nn, deepcopy)
    except Exception as error:
        return {"raises": type(error).__name__}
    return {"finds": plain(found)}


def plain(value):
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value if value is None or isinstance(value, (int, float, str, bool)) else str(value)
