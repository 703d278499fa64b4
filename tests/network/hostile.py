"""Sources and prints that try to hang, to grow, to escape or to be executed."""

import importlib
import pkgutil

import convcalc

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


def load_everything():
    """Load all of convcalc: what is loaded by need would be seen as opened and run."""
    for each in pkgutil.walk_packages(convcalc.__path__, "convcalc."):
        if not each.name.endswith("__main__") and ".child" not in each.name:
            importlib.import_module(each.name)


def net(body, init="", before="", after=""):
    """Return a file whose class Net does this in its forward."""

    def indented(text):
        return "".join(f"        {line}\n" for line in text.split("\n"))

    return (
        f"{HEAD}{before}\nclass Net(nn.Module):\n    def __init__(self):\n"
        f"        super().__init__()\n{indented(init)}\n    def forward(self, x):\n"
        f"{indented(body)}\n{after}\n"
    )


def top(text):
    """Return a file with this at its top level, on which its model depends."""
    return net("return x + value", before=text)


TANGLED = "a = b = (1,)\nfor i in range(60): a, b = (a, a), (b, b)\n"
"""Tuples that share their parts, so that to walk them takes for ever."""
WIDE = "a = ['a' * 190000] * 190000\n"
LONG = "a = b = [0] * 190000\nt = tuple(a)\ns = set(range(90000))\nu = 'a' * 190000\n"
ITSELF = "class A:\n    def __index__(self): return 10**9\n"
HEXADECIMAL = "0x" + "f" * 3600


SOURCES = {
    # It doesn't end.
    "while True": net("while True:\n    pass"),
    "while True at the top": top("value = 0\nwhile True:\n    value += 1"),
    "while in a class body": top("class Config:\n    while True:\n        pass\nvalue = Config"),
    "nested ranges": net("for a in range(10**5):\n    for b in range(10**5):\n        x = x + 1"),
    "nested comprehensions": top(
        "value = [[[a for a in range(999)] for b in range(999)] for c in range(999)]"
    ),
    "comprehension with many rounds": top(
        "value = sum(1 for a in range(9999) for b in range(9999) for c in range(9999))"
    ),
    "huge range": net("for i in range(10**18):\n    x = x + 1"),
    "range of range": top("value = list(range(10**9))"),
    "generator without end": top(
        "def count():\n    n = 0\n    while True:\n        yield n\n        n += 1\n"
        "value = next(iter(count()))"
    ),
    "yield without end": top("def g():\n    while True: yield\nvalue = list(g())"),
    "count": top("import itertools\nvalue = list(itertools.count())"),
    "count summed": top("import itertools\nvalue = sum(itertools.count())"),
    "cycle": top("import itertools\nvalue = [i for i in itertools.cycle([1])]"),
    "product": top("import itertools\nvalue = list(itertools.product(range(99), repeat=9))"),
    "permutations": top("import itertools\nvalue = list(itertools.permutations(range(99)))"),
    "permutations counted": top(
        "import itertools\nvalue = len(list(itertools.permutations(range(30), 25)))"
    ),
    "combinations": top("import itertools\nvalue = sum(itertools.combinations(range(99), 50))"),
    "chain of itself": top(
        "import itertools\nvalue = itertools.chain.from_iterable(itertools.repeat([1], 10**9))"
    ),
    "zip of counts": top(
        "import itertools\nvalue = list(zip(itertools.count(), itertools.count()))"
    ),
    "enumerate a count": top("import itertools\nvalue = list(enumerate(itertools.count()))"),
    "repeat": top("import itertools\nvalue = list(itertools.repeat(1))"),
    "islice": top("import itertools\nvalue = list(itertools.islice(itertools.count(), 10**9))"),
    "a list that grows in its loop": top("value = [1]\nfor v in value:\n    value.append(v)"),
    "a list that holds itself": top("value = []\nvalue.append(value)\nvalue = str(value)"),
    "a dict that holds itself": top("value = {}\nvalue[1] = value\nvalue = repr(value) == value"),
    "lists that hold each other": top("a = []\nb = [a]\na.append(b)\nvalue = a == b"),
    "flattened without end": top(
        "a = []\na.append(a)\ndef flat(v):\n    return [w for u in v for w in flat(u)]\nvalue = flat(a)"
    ),
    "a tensor of a list that holds itself": top("a = []\na.append(a)\nvalue = torch.tensor(a)"),
    "a copy of itself": top("import copy\na = []\na.append(a)\nvalue = copy.deepcopy(a)"),
    "sort": top("value = sorted(range(10**5), key=lambda v: sorted(range(10**4)))"),
    "an argument that holds itself": net("a = []\na.append(a)\nreturn torch.cat([x, a])"),
    "iter of itself": top(
        "class A:\n    def __iter__(self): return self\n    def __next__(self): return 1\n"
        "value = list(A())"
    ),
    "len for ever": top("class A:\n    def __len__(self): return len(self)\nvalue = len(A())"),
    "decorator": top("def d(f):\n    while True: pass\n@d\ndef f(): pass\nvalue = f"),
    "reduce": top("import functools\nvalue = functools.reduce(lambda a, b: a * 3, range(10**9))"),
    "map": top("value = list(map(lambda v: [v] * 9999, range(10**5)))"),
    "filter": top("import itertools\nvalue = list(filter(lambda v: False, itertools.count()))"),
    "any": top("import itertools\nvalue = any(v < 0 for v in itertools.count())"),
    "max": top("import itertools\nvalue = max(itertools.count())"),
    "modules that hold each other": net(
        "return x", init="self.a = nn.Sequential()\nself.a.append(self.a)\nself.b = self"
    ),
    "a Sequential in itself": net(
        "return self.a(x)", init="self.a = nn.Sequential()\nself.a.append(self.a)"
    ),
    "apply on itself": net("return x", init="self.a = self\nself.apply(print)"),
    "train of itself": net("return x", init="self.a = nn.ModuleList([self])"),
    "repeat asked": top("import itertools\nvalue = any(itertools.repeat(0))"),
    "map over a count": top("import itertools\nvalue = list(map(str, itertools.count()))"),
    "a count put into a slice": top(
        "import itertools\nvalue = [0] * 10**5\nvalue[::2] = itertools.count()"
    ),
    "a set of a count": top("import itertools\nvalue = {1}.union(itertools.count())"),
    "yield from itself": top("def g():\n    yield from g()\nvalue = list(g())"),
    "generator asked while it runs": top(
        "def g():\n    yield next(it)\nit = g()\nvalue = list(it)"
    ),
    "getitem without end": top(
        "class A:\n    def __getitem__(self, i): return i\nvalue = list(A())"
    ),
    "eval of an f-string": top("value = eval('f\"' + '{1}' * 40000 + '\"')"),
    "evals of f-strings": top("while True: value = eval('f\"' + '{1}' * 3000 + '\"')"),
    "round": top("value = round(5, -10**12)"),
    "lcm": top("import math\nvalue = math.lcm(*range(1, 100000))"),
    "product of many": top("import itertools\nvalue = next(itertools.product([1], repeat=10**9))"),
    "combinations of many": top(
        "import itertools\nvalue = list(itertools.combinations([1], 10**9))"
    ),
    **{
        f"tangled tuples: {code}": top(f"{TANGLED}value = {code}")
        for code in (
            "a < b",
            "sorted([a, b])",
            "max(a, b)",
            "set([a])",
            "frozenset([a])",
            "a in {1: 2}",
            "{1: 2}[a]",
            "dict.fromkeys([a])",
            "isinstance(1, a)",
            "{1: 2}.pop(a)",
            "{1}.add(a)",
            "{}.update([(a, 1)])",
            "a in [b]",
            "[b].count(a)",
            "[b].index(a)",
            "str(a)",
            "{a: b}",
            "{**{1: a}} == {1: b}",
            "dict([(a, 1)])",
            "hash(a)",
            "{1}.issubset([a])",
        )
    },
    **{
        f"for ever: {code}": net("return x", init=f"import copy\n{LONG}while True: {code}")
        for code in (
            "a == b",
            "a[:]",
            "a.count(0)",
            "max(a)",
            "a < b",
            "torch.tensor(a)",
            "5 in a",
            "{t: 1}",
            "copy.deepcopy(a)",
            "t in {1: 1}",
            "list(s)",
            "s.issubset(s)",
            "u.count('b')",
            "u[::-1]",
            "'%s' % u",
            "'{}'.format(u)",
            "sorted(a)",
            "isinstance(1, t)",
            "print(*a)",
            "all(a)",
        )
    },
    **{
        f"in one go: {code}": top(f"import collections, heapq, json, re\n{ITSELF}value = {code}")
        for code in (
            "re.match('(a|a)*b', 'a' * 40)",
            "re.match('(?:a|aa)+$', 'a' * 60 + 'b')",
            "re.split('(a|a)*b', 'a' * 60)",
            "re.compile('(a|a)*b').split('a' * 60)",
            "re.compile('( a | a ) *b', 64).scanner('a' * 60).search()",
            "re.sub('a', '\\\\g<0>' * 9999, 'a' * 100000)",
            "re.sub('a', lambda m: 'b' * 100000, 'a' * 100000)",
            "re.match('a*', 'a' * 100000).expand('\\\\g<0>' * 9999)",
            "re.findall('a*?b|c', 'a' * 100000)",
            "('ab' * 90000).translate({97: 'c' * 190000})",
            "('ab' * 90000).translate(collections.defaultdict(lambda: 'c' * 190000))",
            "('{:99999}' * 9999).format(*[1] * 9999)",
            "('%99999d' * 9999) % ((1,) * 9999)",
            "('%(a)s' * 9999) % {'a': 'b' * 190000}",
            "('{0}' * 9999).format('a' * 190000)",
            "''.join('a' * 190000 for i in range(9999)) and 1",
            "('a' * 10**5).join(str(i) for i in range(10**5))",
            "str.join('a' * 10**5, {str(i): 1 for i in range(10**5)})",
            "json.dumps([1] * 10000, indent=99999)",
            "json.dumps([1] * 10000, separators=('a' * 99999, ':'))",
            "''.join(chr(i) for i in range(128, 50000)).encode('punycode')",
            "set(range(0, (2**61 - 1) * 10**5, 2**61 - 1))",
            "dict.fromkeys([(i * (2**61 - 1),) for i in range(10**5)])",
            "heapq.heapify([[0] * 190000 for i in range(100)])",
            "[0] * A()",
            "'a'.center(A())",
        )
    },
    **{
        f"holds itself twice: {code}": top(
            "import collections, functools, itertools, typing\nT = typing.TypeVar('T')\n"
            f"v = {first}\nfor i in range(60): v = {code}\nvalue = str(v)"
        )
        for first, code in (
            ("typing.Tuple[T, T]", "v[v]"),
            ("int", "tuple[v, v]"),
            ("int | str", "list[v] | tuple[v]"),
            ("1", "slice(v, v)"),
            ("1", "ValueError(v, v)"),
            ("1", "collections.UserList([v, v])"),
            ("1", "itertools.repeat([v, v])"),
            ("print", "functools.partial(v, v, v)"),
            ("{}", "{1: v, 2: v}.items()"),
            ("{}", "collections.ChainMap(v, v)"),
        )
    },
    # It is nested too deep.
    **{
        f"nested iterators: {code}": top(
            "import itertools\ndef g(it):\n    yield from it\nit = [1]\n"
            f"for i in range(10**5): it = {code}\nvalue = next(it)"
        )
        for code in (
            "enumerate(it)",
            "zip(it)",
            "map(str, it)",
            "filter(None, it)",
            "g(it)",
            "iter(it)",
            "itertools.islice(it, 5)",
            "itertools.chain(it)",
            "(i for i in it)",
            "reversed([it])",
            "itertools.accumulate(it)",
            "itertools.cycle(it)",
            "itertools.starmap(str, it)",
        )
    },
    "recursion": net("return self.forward(x)"),
    "recursion of functions": top("def f(n): return f(n + 1)\nvalue = f(0)"),
    "mutual recursion": top("def f(n): return g(n)\ndef g(n): return f(n)\nvalue = f(0)"),
    "recursion by lambda": top("f = lambda v: f(v)\nvalue = f(0)"),
    "recursion by default": top("def f(n, g=lambda: f(1)): return g()\nvalue = f(0)"),
    "class makes itself": net("return x", init="self.inner = Net()"),
    "getattr": top(
        "class A:\n    def __getattr__(self, n): return getattr(self, n)\nvalue = A().b"
    ),
    "setattr": top(
        "class A:\n    def __setattr__(self, n, v): self.n = v\nvalue = A()\nvalue.b = 1"
    ),
    "getattr of a module": net(
        "return self.b(x)",
        after="def g(self, n): return getattr(self, n + 'a')\nNet.__getattr__ = g",
    ),
    "property": top("class A:\n    @property\n    def b(self): return self.b\nvalue = A().b"),
    "eq": top("class A:\n    def __eq__(self, o): return self == o\nvalue = A() == A()"),
    "add": top("class A:\n    def __add__(self, o): return self + o\nvalue = A() + 1"),
    "radd": top("class A:\n    def __radd__(self, o): return o + self\nvalue = 1 + A()"),
    "contains": top("class A:\n    def __contains__(self, o): return o in self\nvalue = 1 in A()"),
    "bool": top("class A:\n    def __bool__(self): return bool(self)\nvalue = 1 if A() else 2"),
    "str": top("class A:\n    def __str__(self): return str(self)\nvalue = str(A())"),
    "format": top("class A:\n    def __str__(self): return f'{self}'\nvalue = f'{A()}'"),
    "call": top("class A:\n    def __call__(self): return self()\nvalue = A()()"),
    "getitem": top("class A:\n    def __getitem__(self, i): return self[i]\nvalue = A()[0]"),
    "hash": top("class A:\n    def __hash__(self): return hash(self)\nvalue = {A(): 1}"),
    "init": top("class A:\n    def __init__(self): self.__init__()\nvalue = A()"),
    "enter": top(
        "class A:\n    def __enter__(self):\n        with self: pass\nwith A(): value = 1"
    ),
    "iter": top("class A:\n    def __iter__(self): return iter(self)\nvalue = list(A())"),
    "next": top("class A:\n    def __next__(self): return next(self)\nvalue = next(A())"),
    "new": top("class A:\n    def __new__(cls): return cls()\nvalue = A()"),
    "metaclass": top(
        "class M(type):\n    def __call__(c): return c()\nclass A(metaclass=M): pass\nvalue = A()"
    ),
    "subclass hook": top(
        "class A:\n    def __init_subclass__(c):\n        class B(c): pass\nclass C(A): pass\nvalue = 1"
    ),
    "class made of itself": top("class A(A): pass\nvalue = A()"),
    "partial of itself": top(
        "import functools\nf = lambda: f\nfor i in range(9**5): f = functools.partial(f)\nvalue = f()"
    ),
    "deep expression": top("value = " + "-" * 3000 + "1"),
    "deep sum": top("value = " + "+".join(["1"] * 20_000)),
    "deep attributes": top("value = a" + ".b" * 20_000),
    "deep calls": top("value = " + "f(" * 150 + ")" * 150),
    "deep brackets": top("value = " + "[" * 5000 + "]" * 5000),
    "deep nots": top("value = " + "not " * 5000 + "1"),
    "deep lambdas": top("value = " + "lambda: " * 3000 + "1"),
    "deep conditions": top("value = " + "1 if 0 else " * 5000 + "1"),
    "deep subscripts": top("value = [1]" + "[0]" * 10_000),
    "deep ifs": HEAD + "".join(" " * i + "if 1:\n" for i in range(90)) + " " * 90 + "pass\n",
    "deep elifs": top("if 0: pass\n" + "elif 0: pass\n" * 3000 + "value = 1"),
    "deep functions": HEAD
    + "".join(" " * i + "def f():\n" for i in range(90))
    + " " * 90
    + "pass\n",
    "deep list": top("value = []\nfor i in range(10**5): value = [value]\nvalue = str(value)"),
    "deep list compared": top(
        "a, b = [], []\nfor i in range(10**5): a, b = [a], [b]\nvalue = a == b"
    ),
    "deep tuple as key": top("a = ()\nfor i in range(10**5): a = (a,)\nvalue = {a: 1}"),
    "deep list into a tensor": top(
        "a = 1.0\nfor i in range(10**5): a = [a]\nvalue = torch.tensor(a)"
    ),
    "deep list out of the forward": net("a = x\nfor i in range(10**5):\n    a = [a]\nreturn a"),
    "deep dict copied": top(
        "import copy\na = {}\nfor i in range(10**5): a = {1: a}\nvalue = copy.deepcopy(a)"
    ),
    "deep modules": net(
        "return self.m(x)",
        init="self.m = nn.ReLU()\nfor i in range(10**4):\n    self.m = nn.Sequential(self.m)",
    ),
    "wide modules": net(
        "return self.m(x)",
        init="self.m = nn.Sequential(*[nn.ReLU()] * 10**5)\nself.n = nn.Sequential(*[self.m] * 10**4)\nself.m = self.n",
    ),
    # It is too large.
    "a hexadecimal number": top(f"value = [][{HEXADECIMAL}]"),
    "a hexadecimal layer": net("return x", init=f"self.a = nn.Linear({HEXADECIMAL}, 3)"),
    "a hexadecimal number that isn't reached": top(f"value = await {HEXADECIMAL}"),
    "hexadecimal digits": top("value = f'{int(\"f\" * 5000, 16)}'"),
    "digits in eval": top("value = eval('9' * 4301)"),
    **{
        f"a wide list: {code}": net("return x", init=f"{WIDE}{code}")
        for code in (
            "str(a)",
            "f'{a}'",
            "'%s' % a",
            "raise ValueError(a)",
            "assert 0, a",
            "[].index(a)",
            "nn.Conv2d(a, 3, 3)",
            "nn.Conv2d(3, 3, kernel_size=a)",
            "{}[tuple(a)]",
        )
    },
    "int of digits": top("value = int('9' * 5000)"),
    "digits": top("value = " + "9" * 5000),
    "power": top("value = 10 ** 10 ** 10"),
    "powers": top("value = 9\nfor i in range(99): value = value ** 9"),
    "negative power": top("value = 10 ** -(10 ** 10)"),
    "pow": top("value = pow(10, 10 ** 10)"),
    "math.pow": top("import math\nvalue = math.pow(10, 10 ** 10)"),
    "factorial": top("import math\nvalue = math.factorial(10 ** 6)"),
    "comb": top("import math\nvalue = math.comb(10 ** 6, 5 * 10 ** 5)"),
    "shift": top("value = 1 << 10 ** 10"),
    "shift by a float": top("value = 1 << 1e10"),
    "long text": top("value = 'a' * 10 ** 9"),
    "long text doubled": top("value = 'a'\nfor i in range(99): value += value"),
    "long list": top("value = [0] * 10 ** 9"),
    "long lists": top("value = [[0] * 10 ** 6] * 10 ** 6"),
    "lists of lists": top("value = [[0] * 10 ** 5 for i in range(10 ** 5)]"),
    "list doubled": top("value = [1]\nfor i in range(99): value += value"),
    "list extended by itself": top("value = [1]\nfor i in range(99): value.extend(value)"),
    "tuple doubled": top("value = (1,)\nfor i in range(99): value = value + value"),
    "tuple of doubles": top(
        "value = 1\nfor i in range(99): value = (value, value)\nvalue = str(value)"
    ),
    "compared doubles": top("a = b = 1\nfor i in range(99): a, b = (a, a), (b, b)\nvalue = a == b"),
    "doubles as a key": top("a = 1\nfor i in range(99): a = (a, a)\nvalue = {a: 1}"),
    "doubles in a tensor": top("a = 1.0\nfor i in range(40): a = [a, a]\nvalue = torch.tensor(a)"),
    "doubles out of the forward": net("for i in range(40):\n    x = [x, x]\nreturn x"),
    "doubles into cat": net("for i in range(40):\n    x = [x, x]\nreturn torch.cat(x)"),
    "doubles copied": top(
        "import copy\na = []\nfor i in range(99): a = [a, a]\nvalue = copy.deepcopy(a)"
    ),
    "dict doubled": top("value = {i: i for i in range(10 ** 7)}"),
    "set": top("value = {i for i in range(10 ** 7)}"),
    "join": top("value = ('a' * 9999).join(['b'] * 99999)"),
    "replace": top("value = ('a' * 99999).replace('a', 'b' * 99999)"),
    "f-string": top("value = f'{1:{10 ** 9}}'"),
    "f-string of a width": top("value = f'{1:999999999}'"),
    "f-string of digits": top("value = f'{1.0:.999999999f}'"),
    "percent": top("value = '%999999999d' % 1"),
    "percent star": top("value = '%*d' % (999999999, 1)"),
    "format width": top("value = '{:>999999999}'.format(1)"),
    "format nested": top("value = '{:{}}'.format(1, 999999999)"),
    "zfill": top("value = '1'.zfill(10 ** 9)"),
    "center": top("value = '1'.center(10 ** 9, 'x')"),
    "expandtabs": top("value = '\\t'.expandtabs(10 ** 9)"),
    "str of an int": top("value = str(2 ** 4000 * 2 ** 90)"),
    "bytes": top("value = b'a' * 10 ** 9"),
    "slice": top("value = [1, 2][:: -10 ** 30]"),
    "splits": top("value = [('a ' * 99999).split() for i in range(9999)]"),
    "strings kept": top("value = [('a' * 99999) + str(i) for i in range(99999)]"),
    "linspace": top("value = [torch.linspace(0, 1, 4000).tolist() for i in range(10 ** 5)]"),
    "tensor": top("value = torch.zeros(10 ** 9, 10 ** 9)"),
    "expanded to many axes": net("return torch.zeros(3).expand(*[3] * 10**5)"),
    "tensor of many axes": top("value = torch.zeros(*[2] * 9999)"),
    "tensor of a huge size": top("value = torch.zeros(10 ** 100)"),
    "tensor of values": top("value = torch.arange(10 ** 12)"),
    "arange in tiny steps": top("value = torch.arange(0, 1, 1e-18)"),
    "arange without steps": top("value = torch.arange(0, 1, 0)"),
    "arange to infinity": top("value = torch.arange(0, float('inf'))"),
    "repeated": net("for i in range(99):\n    x = x.repeat(1, 9, 1)\nreturn x"),
    "unbound": net("return x.repeat(1, 10 ** 6, 1).unbind(1)"),
    "chunks": net("return x.repeat(1, 10 ** 6, 1).split(1, 1)"),
    "iterated": net("return [list(x) for i in range(10 ** 6)]"),
    "huge layer": net("return self.a(x)", init="self.a = nn.Linear(10 ** 12, 10 ** 12)"),
    "huge kernel": net("return self.a(x)", init="self.a = nn.Conv1d(3, 3, 10 ** 30)"),
    "many layers": net(
        "return x", init="self.a = nn.ModuleList(nn.Linear(1, 1) for i in range(10 ** 6))"
    ),
    "many calls": net("for i in range(10 ** 6):\n    x = F.relu(x)\nreturn x"),
    "einsum": net("return torch.einsum('a' * 10 ** 5, x)"),
    "einsum of many": net("return torch.einsum(','.join(['abc'] * 9999) + '->a', *[x] * 9999)"),
    "long name": top("value = " + "a" * 10**6),
    "4 MB": top("value = '" + "a" * (4 * 2**20) + "'"),
    "a line of 3 MB": top("value = [" + "1, " * 10**6 + "]"),
    "10,000 classes": HEAD + "".join(f"class C{i}(nn.Module): pass\n" for i in range(10_000)),
    "10,000 functions": top(
        "".join(f"def f{i}(): return f{i + 1}()\n" for i in range(10_000)) + "value = f0()"
    ),
    "100,000 names": top("".join(f"a{i} = {i}\n" for i in range(100_000)) + "value = a7"),
    "a bases' chain": top(
        "class C0: pass\n"
        + "".join(f"class C{i}(C{i - 1}): pass\n" for i in range(1, 400))
        + "value = C399()"
    ),
    "a long bases' chain": top(
        "class C0: pass\n"
        + "".join(f"class C{i}(C{i - 1}): pass\n" for i in range(1, 3000))
        + "value = C2999()"
    ),
    "many bases": top(
        "".join(f"class C{i}: pass\n" for i in range(999))
        + "class D("
        + ", ".join(f"C{i}" for i in range(999))
        + "): pass\nvalue = D()"
    ),
    # It wants out.
    "subclasses": top("value = ().__class__.__bases__[0].__subclasses__()"),
    "mro": top("value = ''.__class__.__mro__[-1].__subclasses__()[0]"),
    "globals of a function": top("def f(): pass\nvalue = f.__globals__['__builtins__']"),
    "globals of a method": top("value = nn.Linear.forward.__globals__['os'].system('echo')"),
    "builtins": top("value = __builtins__.eval('1')"),
    "code": top("def f(): pass\nvalue = f.__code__.co_consts"),
    "frame": top("import sys\nvalue = sys._getframe().f_globals"),
    "dict of an object": top("class A: pass\nvalue = A().__dict__['cls']"),
    "dict of a module": net(
        "return x", init="self.__dict__['children'] = None\nself.__dict__['layer'] = 1"
    ),
    "reduce_ex": top("value = (1).__reduce_ex__(2)"),
    "getattr with a strange name": top("value = getattr(torch, '__loader__')"),
    "getattr with a null": top("value = getattr(torch, '\\0')"),
    "getattr with a number": top("value = getattr(torch, 1)"),
    "getattr of every name": top("value = [getattr(nn.Linear, n) for n in dir(nn.Linear)]"),
    "format attack": top("value = '{0.__class__.__init__.__globals__}'.format(torch)"),
    "format attack by name": top("value = '{a[__class__]}'.format(a={})"),
    "percent attack": top("value = '%(__class__)s' % torch"),
    "import": top("value = __import__('os').system('echo')"),
    "importlib": top("import importlib\nvalue = importlib.import_module('os').system('echo')"),
    "eval": top("value = eval(\"__import__('os').system('echo')\")"),
    "eval in eval": top("value = eval('eval(\"eval(1)\")')"),
    "eval of itself": top("a = 'eval(a)'\nvalue = eval(a)"),
    "exec": top("exec('import os')\nvalue = os"),
    "compile": top("value = compile('1', '', 'eval')"),
    "open": top("value = open('/etc/passwd').read()"),
    "pathlib": top("import pathlib\nvalue = pathlib.Path('/etc/passwd').read_text()"),
    "os": top("import os\nvalue = os.popen('echo').read()"),
    "subprocess": top("import subprocess\nvalue = subprocess.check_output('echo')"),
    "pickle": top("import pickle\nvalue = pickle.loads(b'cos\\nsystem')"),
    "torch.load": top("value = torch.load('/etc/passwd')"),
    "ctypes": top("import ctypes\nvalue = ctypes.string_at(0)"),
    "network": top("import urllib.request\nvalue = urllib.request.urlopen('http://localhost')"),
    "exit": top("exit()\nvalue = quit()"),
    "sys.exit": top("import sys\nvalue = sys.exit(0)"),
    "SystemExit": top("raise SystemExit(0)\nvalue = 1"),
    "KeyboardInterrupt": net("raise KeyboardInterrupt"),
    "GeneratorExit": net("raise GeneratorExit"),
    "BaseException": net("raise BaseException()"),
    "MemoryError": net("raise MemoryError"),
    "regex": top("import re\nvalue = re.match('(a+)+$', 'a' * 99 + 'b')"),
    "import of itself": HEAD + "from source import Net\n",
    "import star of itself": HEAD + "from source import *\nvalue = Net\n",
    "import of everything": HEAD + "from . import *\nfrom .. import *\nfrom ... import *\n",
    "import far above": HEAD + "from ........ import secrets\n",
    "import by a path": HEAD + "import a.b.c.d.e.f.g\nfrom os.path import join\n",
    "setting of a library": top("torch.nn.Linear = None\nnn.Linear.forward = 1\nvalue = 1"),
    "a class of torch changed": top(
        "nn.Module.__call__ = lambda *a: 1\nvalue = nn.Linear(1, 1)(1)"
    ),
    "deleted": top("value = 1\ndel value\nvalue = value"),
    "del of all": net("del self, x\nreturn self.a(x)"),
    "global in a class": top("class A:\n    global value\n    value = 1\nvalue = value"),
    "nonlocal at the top": HEAD + "nonlocal a\n",
    "nonlocal of nothing": top("def f():\n    nonlocal q\n    q = 1\nvalue = f()"),
    "return at the top": HEAD + "return 1\n",
    "yield at the top": HEAD + "yield 1\n",
    "break alone": HEAD + "break\n",
    "await": top("async def f(): await f()\nvalue = f()"),
    "star alone": HEAD + "*a, *b = 1\n",
    "unpack": top("a, (b, *c), d = 1, [2], 3\nvalue = a, b, c, d, *()"),
    "walrus": top("value = [y := 1, y ** 2, (y := y + 1)]"),
    "match": top("match 1:\n    case int(x): value = x\n    case {**rest}: value = rest"),
    "nan": top("value = float('nan')\nvalue = value == value"),
    "inf to int": top("value = int(float('inf'))"),
    "inf as a size": net("return x.view(float('inf'))"),
    "nan as a size": net("return x.view(int(float('nan')))"),
    "complex": top("value = 1j ** 10 ** 10"),
    "bool as a size": net("return x.view(True, -1)"),
    "negative sizes": net("return x.view(-5, -1)"),
    "text as a size": net("return x.view('a' * 10 ** 5)"),
    "None everywhere": net("return F.conv2d(None, None)(None)[None](*[None], **{'a': None})"),
    "keys that aren't texts": net("return F.relu(**{1: x})"),
    "wrong keyword": net("return F.relu(x, **{'a b': 1, '\\0': 2})"),
    "surrogates": top("value = '\\ud800'\nvalue = nn.Linear(value, 1)"),
    "escapes": net("raise ValueError('\\x1b[31m\\n\\r\\u202e' + 'a' * 10 ** 5)"),
    "assert message": net("assert False, '\\x1b[31m' * 10 ** 4"),
    "names in an error": net("self.ａ"),
    # It is no text, or no Python.
    "nothing": "",
    "null bytes": HEAD + "a = 1\0\n",
    "a null alone": "\0",
    "latin-1": (HEAD + "a = 'é'\n").encode("latin-1"),
    "declared latin-1": ("# -*- coding: latin-1 -*-\n" + HEAD + "a = 'é'\n").encode("latin-1"),
    "declared utf-7": b"# coding: utf-7\n+AGE-\n",
    "UTF-16": HEAD.encode("utf-16"),
    "a BOM": b"\xef\xbb\xbf" + net("return x").encode(),
    "two BOMs": b"\xef\xbb\xbf" * 2 + net("return x").encode(),
    "CRLF": net("return x").replace("\n", "\r\n"),
    "CR": net("return x").replace("\n", "\r"),
    "tabs": net("return x").replace("    ", "\t"),
    "tabs and blanks": HEAD + "if 1:\n\ta = 1\n        b = 2\n",
    "form feeds": net("return x").replace("\nclass", "\n\f\nclass"),
    "backslashes": HEAD + "\\\n" * 100_000,
    "headings of tables": "Layer (type" * 90_000,
    "lines of tables": "| \n" * 250_000 + "-" * 100_000 + "\n" * 100_000,
    "semicolons": HEAD + "a = 1;" * 100_000,
    "blank lines": HEAD + "\n" * 1_000_000,
    "comments": HEAD + "#" * 1_000_000,
    "quotes": HEAD + '"""' + "a" * 100_000,
    "opened brackets": HEAD + "(" * 100_000,
    "closed brackets": HEAD + ")" * 100_000,
    "print": "print 'hello'\n",
    "a picture": bytes(range(256)) * 1000,
    "too large": HEAD + "#" * (5 * 2**20),
}

FILES = {
    "loop/a.py": HEAD + "from loop.b import *\nfrom loop.b import B\n" + net("return B()(x)"),
    "loop/b.py": HEAD + "from loop.a import *\nfrom loop.a import Net\nB = Net\n",
    "loop/__init__.py": "from .a import *\nfrom .b import *\nfrom . import a, b, loop\nimport loop.loop\n",
    "folder.py/__init__.py": "Net = 1\n",
    "user.py": "from folder import Net\nimport folder.inner\nfrom linked import secret\n"
    + net("return x"),
    "secret_user.py": "from linked import secret\n" + net("return x + secret"),
    "circle/__init__.py": "from .base import *\nfrom .net import *\n",
    "circle/base.py": HEAD + "class Base(nn.Module):\n    pass\n",
    "circle/net.py": "import torch.nn as nn\nfrom circle import Base\nclass Net(Base):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(4, 2)\n    def forward(self, x): return self.fc(x)\n",
    "chain0.py": "from chain1 import *\n" + net("return x"),
    **{f"chain{i}.py": f"from chain{i + 1} import *\n" for i in range(1, 400)},
}
"""Files that lie in folders of their own, and what is asked of them."""
ASKED = ["loop/a.py", "circle/net.py", "loop/b.py", "loop/__init__.py", "user.py", "secret_user.py", "chain0.py",
         "folder.py"]  # fmt: skip


def printed(*lines):
    """Return what print(model) shows of a class of one's own with these lines."""
    return "\n".join(("Net(", *(f"  {line}" for line in lines), ")"))


PRINTS = [
    printed(f"({'a' * 20_000}): Sequential(", "(0-9999): 10000 x ReLU()", ")"),
    "\n" * 40_000 + "(",
    " " * 400_000 + "(a):",
    ("a" * 9999 + ",") * 40,
    printed("(a): Conv2d(" + ("a" * 9999 + ",") * 40 + ")"),
    printed("(a): Conv2d(" + "(" * 200_000 + ")" * 200_000 + ")"),
    printed("(a): Conv2d(" + "1+" * 9000 + "1, 2, 3)"),
    printed("(a): Parameter containing: [torch.float32 of size " + "1x" * 100_000),
    printed("(a): ReLU()", "a " * 200_000 + "("),
    printed("(a): ReLU()", "(a)" * 130_000),
    printed("(0-99999): 100000 x ReLU()"),
    "\n".join(["Net(", *["(0-9): 10 x ModuleList("] * 50, *[")"] * 51]),
    "\n".join(["Net(", *["(a): Sequential("] * 5000]),
    printed(f"(a): Linear(in_features={HEXADECIMAL}, out_features=2)"),
    printed(f"(a): Linear(in_features=[{HEXADECIMAL} + {HEXADECIMAL}j], out_features=2)"),
    printed("(a): Linear(in_features=" + "9" * 5000 + ", out_features=2)"),
    printed("(0-1): 2 x " + "2 x " * 100_000 + "ReLU()"),
]
"""Printed texts that are refused, each at once: the benchmark says how soon."""


def write(folder):
    """Write the sources into folders of their own; return their paths, by what they do."""
    paths = {}
    for number, (name, text) in enumerate(SOURCES.items()):
        paths[name] = f"source{number}/source.py"
        data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
        (folder / paths[name]).parent.mkdir()
        (folder / paths[name]).write_bytes(data)
    return paths
