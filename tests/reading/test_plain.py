"""What programs read by `files.read` give, against Python itself on the same text."""

import gc
import itertools
import math
import weakref

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.reading.bounds import with_room
from convcalc.reading.files import Project, read
from convcalc.reading.values import Reserved, Unknown

HEAD = "import itertools, math\n"


def written(code):
    """Return the code of an expression, or the statements that it is already."""
    return code if "value = " in code else f"value = {code}"


def in_python(code):
    """Return what the name value is after Python itself has run the code."""
    names = {"itertools": itertools, "math": math}
    exec(code, names)
    return names["value"]


GENERATOR = "seen = []\ndef g():\n    for i in range(3):\n        seen.append(i)\n        yield i\n"
ALIKE = [
    "class A: pass\nclass B(A): pass\nvalue = [each.__name__ for each in A.__subclasses__()]",
    # Classes, functions and statements.
    "import functools\nvalue = functools.reduce(lambda a, b: a * b, [1, 2, 3], 10)",
    "from functools import reduce\nimport operator\nvalue = reduce(operator.mul, (2, 3, 4))",
    "from functools import partial\nf = partial(pow, 2)\nvalue = f(5)",
    "from functools import partial\nf = partial(sorted, reverse=True)\nvalue = f([1, 3, 2]), f.func([2, 1])",
    "import functools\ndef d(f):\n    @functools.wraps(f)\n    def w(*a, **k):\n        return f(*a, **k) + 1\n    return w\n@d\ndef g(x, y=2): return x * y\nvalue = g(3), g.__name__",
    "import functools\n@functools.lru_cache(maxsize=None)\ndef f(n): return n if n < 2 else f(n - 1) + f(n - 2)\nvalue = f(15)",
    "import inspect\ndef f(a, b=1, *c, d=2, **e): pass\nvalue = list(inspect.signature(f).parameters)",
    "import inspect\nclass A:\n    def __init__(self, x, y=3): pass\nvalue = [p.default for p in inspect.signature(A).parameters.values()][1]",
    "import copy\na = [[1], 2]\nb = copy.copy(a)\nb[0].append(3)\nb.append(4)\nvalue = a",
    "import copy\na = {'x': [1]}\nb = copy.deepcopy(a)\nb['x'].append(2)\nvalue = a, b",
    "import copy\nclass A:\n    def __init__(self): self.v = [1]\na = A()\nb = copy.copy(a)\nb.v.append(2)\nb.w = 1\nvalue = a.v, hasattr(a, 'w')",
    "from enum import Enum\nclass C(Enum):\n    RED = 1\n    BLUE = 'b'\nvalue = C.RED.value, C.BLUE.name, C(1) is C.RED, C['BLUE'].value, [c.name for c in C], len(C)",
    "from enum import Enum, auto\nclass C(Enum):\n    A = auto()\n    B = auto()\nvalue = C.A.value, C.B.value, C.A == C.B",
    "from enum import IntEnum\nclass C(IntEnum):\n    A = 3\nvalue = C.A + 1",
    "from dataclasses import dataclass, field\n@dataclass\nclass D:\n    a: int\n    b: int = 2\n    c: list = field(default_factory=list)\nd = D(1)\nd.c.append(5)\nvalue = d.a, d.b, d.c, D(1).c, D(1, 3) == D(1, 3)",
    "from dataclasses import dataclass, asdict, replace\n@dataclass(frozen=True)\nclass D:\n    a: int\n    b: int = 2\nvalue = asdict(D(1)), replace(D(1), b=9).b",
    "from dataclasses import dataclass\n@dataclass\nclass D:\n    a: int\n    def __post_init__(self): self.b = self.a * 2\n@dataclass\nclass E(D):\n    c: int = 7\nvalue = E(2).b, E(2).c",
    "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\n    y: int = 4\nx, y = P(2)\nvalue = x, y, P(1).y",
    "from collections import defaultdict\nd = defaultdict(list)\nd['a'].append(1)\nvalue = dict(d), 'b' in d",
    "class A:\n    def __init__(self): self._v = 1\n    @property\n    def v(self): return self._v\n    @v.setter\n    def v(self, n): self._v = n * 2\na = A()\na.v = 5\nvalue = a.v",
    "class A:\n    n = 0\n    def __init__(self): A.n += 1\n    @classmethod\n    def make(cls): return cls()\n    @staticmethod\n    def two(): return 2\nA.make()\nvalue = A().n, A.two(), A().two(), A.__name__",
    "class A:\n    x = 1\na = A()\na.x = 2\ndel a.x\nvalue = a.x, hasattr(a, 'y'), getattr(a, 'y', 5)",
    "class A:\n    pass\na = A()\nsetattr(a, 'x', 3)\na.__dict__['y'] = 4\ndelattr(a, 'x')\nvalue = a.y, vars(a), hasattr(a, 'x')",
    "class A:\n    pass\nA.f = lambda self: 7\nA.n = 3\nvalue = A().f(), A().n\ndel A.n",
    "class A:\n    def __getattr__(self, name): return name + '!'\nvalue = A().b",
    "class A:\n    def __setattr__(self, name, value): super().__setattr__(name, value + 1)\na = A()\na.x = 1\nvalue = a.x",
    "class A:\n    def __getitem__(self, i): return i * 2\n    def __len__(self): return 3\n    def __contains__(self, v): return v == 5\n    def __iter__(self): return iter([1, 2])\na = A()\nvalue = a[4], len(a), 5 in a, list(a), bool(a)",
    "class A:\n    def __add__(self, o): return 'add'\n    def __radd__(self, o): return 'radd'\n    def __mul__(self, o): return 'mul'\n    def __neg__(self): return 'neg'\n    def __eq__(self, o): return True\n    def __lt__(self, o): return True\n    def __call__(self, v): return v\na = A()\nvalue = a + 1, 1 + a, a * 2, -a, a == 3, a < 1, a(9)",
    "class A:\n    def __enter__(self): return 4\n    def __exit__(self, *a): return False\nwith A() as v:\n    value = v",
    "class A:\n    def f(self): return 'A'\nclass B(A):\n    def f(self): return 'B' + super().f()\nclass C(A):\n    def f(self): return 'C' + super().f()\nclass D(B, C): pass\nvalue = D().f(), [c.__name__ for c in D.__mro__][:4]",
    "x = 5\ndef f():\n    global x\n    x += 1\n    return x\nvalue = f(), x",
    "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 2\n        return n\n    return g\ng = f()\nvalue = g(), g()",
    "def f(a, /, b, *c, d, e=5, **g): return a, b, c, d, e, g\nvalue = f(1, 2, 3, 4, d=6, z=7)",
    "a, (b, *c), d = 1, (2, 3, 4), 5\nvalue = a, b, c, d",
    "value = [i * j for i in range(3) if i for j in range(2)], {i: i ** 2 for i in range(3)}, {i % 2 for i in range(5)}",
    "value = (n := 4) + n, [y for x in range(4) if (y := x * 2) > 2]",
    "d = {'a': 1, **{'b': 2}}\nd |= {'c': 3}\nvalue = d, d.get('z', 0), d.pop('a'), d.setdefault('q', 9), list(d.items())",
    "d = dict(a=1, b=2)\nd.update(c=3)\nvalue = sorted(d), max(d, key=d.get), dict(zip('xy', (1, 2))), {**d}",
    "l = [3, 1, 2]\nl.sort(reverse=True)\nl.insert(1, 9)\nl.remove(2)\nl.extend((7, 8))\nvalue = l, l.pop(), l.pop(0), l.index(9), l.count(7), l[::-1]",
    "l = [1, 2, 3, 4]\nl[1:3] = [9]\ndel l[0]\nl *= 2\nvalue = l, l + [1], 9 in l, l.copy() == l",
    "s = {1, 2}\ns.add(3)\ns.discard(1)\ns |= {7}\nvalue = s, s & {2}, s - {2}, s ^ {3}, s <= {2, 3, 7}, frozenset(s)",
    "value = 'a,b'.split(','), ' x '.strip(), 'abc'.replace('b', '-'), 'a'.join(['1', '2']), 'AbC'.lower(), 'abc'.upper(), 'abc'.startswith(('a', 'x')), 'abc'.find('c'), 'a.b.c'.rsplit('.', 1), 'x=y'.partition('='), 'ab'.isdigit(), '12'.isdigit(), 'abc'[1:], 'abc'.title(), 'a b'.capitalize(), 'conv1'.removeprefix('conv')",
    "value = int('12'), float('1.5'), str(3), bool([]), abs(-2), round(2.567, 2), divmod(7, 2), min(3, 1), max([1, 5]), sum([1, 2], 10), any([0, 1]), all([]), sorted('ba'), list(reversed([1, 2])), list(enumerate('ab', 1)), pow(2, 3), hex(10), bin(3), ord('a'), chr(98)",
    "value = math.ceil(1.2), math.floor(-1.2), math.sqrt(16), math.log2(8), math.prod([2, 3]), math.gcd(12, 8), math.pi, math.inf > 1, math.isnan(math.nan), math.log(1), math.exp(0), math.cos(0), math.pow(2, 3), math.trunc(2.7), math.hypot(3, 4), math.factorial(5), math.comb(5, 2)",
    "def f(n):\n    try:\n        if n == 0: raise ValueError('zero')\n        return 1 // (n - 1)\n    except ValueError as e:\n        return str(e)\n    except (ZeroDivisionError, KeyError):\n        return 'div'\n    else:\n        return 'else'\n    finally:\n        seen.append(n)\nseen = []\nvalue = f(0), f(1), f(3), seen",
    "out = []\nfor i in range(10):\n    if i == 2: continue\n    if i == 5: break\n    out.append(i)\nelse:\n    out.append('never')\nn = 0\nwhile n < 3:\n    n += 1\nelse:\n    out.append('end')\nvalue = out",
    "from itertools import chain\nvalue = list(chain.from_iterable([[1], [2, 3]]))",
    "value = 7 // 2, -7 // 2, 7 % 3, -7 % 3, 2 ** -1, 7 & 3, 7 | 8, 7 ^ 2, ~7, 1 << 4, 16 >> 2, 1 < 2 < 3, not 0, 1 if 0 else 2, None or 3, 0 and 1",
    "import argparse\np = argparse.ArgumentParser()\np.add_argument('--n', type=int, default=3)\np.add_argument('--flag', action='store_true')\np.add_argument('--list', nargs='+', default=[1])\na = p.parse_args([])\nvalue = a.n, a.flag, a.list, vars(a)['n']",
    "import types\na = types.SimpleNamespace(x=1)\na.y = 2\nvalue = a.x, a.y",
    "value = [*range(3), *'ab'], (*[1], 2), {*[1, 1]}, [1, 2, 3][-1], (1, 2) + (3,), (1,) * 2, [1, 2] < [1, 3], slice(1, 3), range(0, 10, 3)[2], len(range(5))",
    "value = list(map(lambda a, b: a + b, [1, 2], [3, 4])), list(filter(lambda v: v > 1, [1, 2])), list(zip([1], [2], [3])), next(iter([4])), next(iter([]), 'd'), list(iter('ab'))",
    # Iterators make their items when they are asked for.
    "list(zip(range(7), itertools.repeat(0)))",
    "list(itertools.repeat(1, 3))",
    "list(itertools.repeat(1, times=2))",
    "list(itertools.repeat(1, 0))",
    "list(itertools.islice(itertools.count(5), 4))",
    "list(itertools.islice(itertools.count(5), 1, 9, 3))",
    "list(itertools.chain([1], (2,), 'ab'))",
    "list(itertools.islice(itertools.cycle([1, 2]), 5))",
    "list(itertools.zip_longest([1], [2, 3], fillvalue=0))",
    "list(itertools.pairwise(range(4)))",
    "list(itertools.accumulate([1, 2, 3]))",
    "list(itertools.accumulate([1, 2, 3], initial=10))",
    "list(itertools.accumulate([], initial=10))",
    "list(itertools.accumulate([1, 2, 3], lambda a, b: a * b))",
    "list(itertools.starmap(pow, [(2, 3), (3, 2)]))",
    "list(itertools.product([1, 2], repeat=2))",
    "list(itertools.combinations(range(4), 2))",
    "list(itertools.permutations([1, 2, 3]))",
    "next(map(str, itertools.count()))",
    "next(filter(None, itertools.count()))",
    "list(zip('ab', itertools.count(1)))",
    "it = iter([1, 2, 3])\nnext(it)\nvalue = list(iter(it))",
    "it = enumerate('ab')\nnext(it)\nvalue = list(it)",
    "seen = []\nit = map(seen.append, [1, 2, 3])\nnext(it)\nvalue = seen",
    "a = [1, 2]\nit = zip(a)\na.append(3)\nvalue = list(it)",
    GENERATOR + "value = [len(seen) for i in g()]",
    GENERATOR + "value = []\nfor i in g():\n    if i == 0: value = len(seen)",
    GENERATOR + "it = g()\nnext(it)\nvalue = list(seen)",
    GENERATOR + "g()\nvalue = seen",
    GENERATOR + "value = any(i == 1 for i in g()), seen",
    GENERATOR + "def h():\n    yield 9\n    yield from g()\nvalue = list(h()), next(h())",
    "def g(n):\n    while True:\n        if n > 3: return\n        yield n\n        n += 1\n"
    "value = list(g(1))",
    "def g():\n    for i in range(9):\n        if i == 2: continue\n        if i == 5: break\n"
    "        yield i\n    else:\n        yield 99\nvalue = list(g())",
    "def g():\n    for i in range(2):\n        yield i\n    else:\n        yield 99\n"
    "value = list(g())",
    "def g():\n    def inner():\n        yield 1\n    yield list(inner())\nvalue = list(g())",
    "def walk(t):\n    for e in t:\n        if isinstance(e, list):\n"
    "            yield from walk(e)\n        else:\n            yield e\n"
    "value = list(walk([1, [2, [3]], 4]))",
    "k = 2\nit = (i * k for i in range(3))\nk = 5\nvalue = list(it)",
    "a = [1, 2]\nit = (i for i in a)\na = [3]\nvalue = list(it)",
    "value = list((i, j) for i in range(3) for j in range(i) if j != 1)",
    "from contextlib import contextmanager\nvalue = []\n@contextmanager\ndef g():\n"
    "    value.append(1)\n    try:\n        yield 2\n    finally:\n        value.append(4)\n"
    "with g() as two:\n    value.append(two)\n    value.append(3)",
    # Texts.
    "[1, 2, 1].index(1, 1)",
    "[1, 2, 1, 3].index(1, -2, 4)",
    "(1, 2, 1).index(1, 1)",
    "'abab'.index('a', 1)",
    "'abab'.rindex('a')",
    "len('a'.ljust(5000)), len('a'.rjust(5000, '.')), len('a'.center(5000)), len('a'.zfill(5000))",
    "'-7'.zfill(5), 'a'.ljust(3, '.'), 'a'.center(4), '\\ta\\t'.expandtabs(3)",
    "'aBc'.swapcase(), 'ß'.casefold()",
    "str([1, 'a', (2.5, None), {'b': True}, range(3), ...])",
    "repr('a'), repr(1.0), str('a')",
    "'%s and %r' % ('a', 'a')",
    "'%s' % [1, 'a']",
    "'%d of %5.2f%%' % (3, 2.5)",
    "'%(a)s' % {'a': 1}",
    "'%s' % {'a': 1}",
    "f'{[1]!s:>20}', f'{\"é\"!a}', f'{\"a\"!r:5}|', f'{1.5:.3f}', f'{7:>{4}}'",
    "'{:>{}}'.format(3, 7)",
    "'{1} {0} {a}'.format(1, 2, a=3)",
    "'{!r:>5} {{}}'.format('a')",
    "'{:>{w}}'.format('a', w=4)",
    "class A:\n    def __str__(self): return 'me'\nvalue = str(A()), f'{A()}', '%s' % A()",
    "class A:\n    def __repr__(self): return 'me'\nvalue = str(A()), repr(A()), f'{A()!r:>4}'",
    # Methods and functions.
    "pow(3, 2, 7), pow(3, 2), pow(2, -1)",
    "a = {3}\nvalue = a.pop(), a",
    "a = {1, 2, 3}\na.intersection_update([2, 3], {3, 4})\nvalue = a",
    "a = {1, 2, 3}\na.difference_update([2], {3})\nvalue = a",
    "a = {1, 2}\na.symmetric_difference_update([2, 3])\nvalue = a",
    "class A:\n    def __getitem__(self, i):\n        if i > 2: raise IndexError\n"
    "        return i\nvalue = list(A()), 2 in A(), [i for i in A()]",
    "class A:\n    def __len__(self): return 9\n    def __getitem__(self, i): return [1, 2][i]\n"
    "value = list(A())",
    "hasattr([], 'append'), hasattr([], 'push'), hasattr('', 'translate')",
    "class A: pass\nvalue = hasattr(A(), '__len__')",
    "round(5, -1000), round(-1250, -2), round(2.5), round(2.675, 2)",
    "math.lcm(4, 6), math.lcm(), math.lcm(0, 3), math.gcd(4, 6)",
    "int('ff', 16), int('7'), int(2.7), int('-3'), float('1e3')",
    "-5, ~5, +5, -True, -2.5",
    "a = [1, 2, 3, 4]\na[::2] = (9, 8)\na[3] = 0\nvalue = a",
    "d = {}\nd.update({1: 2}, a=3)\nd.update([(4, 5)])\nvalue = d",
    "dict.fromkeys('ab', 1), set([1, 2, 1]), frozenset([3])",
    "(1, 2) in {(1, 2): 3}, 1 in (1, 2), 'b' in 'abc', 2 in {1, 2}",
    "sorted([(2, 'b'), (1, 'c')]), max((1, 2), (1, 3)), (1, 2) < (1, 3)",
    "eval('1 + 2')",
    # Exceptions.
    "try:\n    raise ValueError('a', 1)\nexcept ValueError as e:\n    value = str(e)",
    "try:\n    raise ValueError('a')\nexcept ValueError as e:\n    value = str(e) + f'{e}'",
    "class A:\n    def __str__(self): return 'me'\ntry:\n    raise ValueError(A())\nexcept ValueError as e:\n    value = str(e)",
    "str(int)",
    "','.join([str(int)])",
    "try:\n    [][1]\nexcept IndexError as e:\n    value = str(e)",
    "try:\n    {}['a']\nexcept KeyError as e:\n    value = e.args[0]",
    "ValueError('a').__traceback__",
    "class A: pass\nclass B(A): pass\nvalue = [each.__name__ for each in A.__subclasses__()]",
    # Generators that are sent something, closed, or end themselves.
    "def g():\n    try:\n        yield 1\n    finally:\n        pass\nvalue = list(g())",
    "def g():\n    a = [(yield 1)]\nvalue = list(g())",
    "def g():\n    yield 1\na = g()\na.close()\nvalue = list(a)",
    # Methods that are seldom called.
    "'a'.translate({97: 'b'})",
    "'{a}'.format_map({'a': 1})",
    "(3).to_bytes(2, 'big')",
    "(2.5).hex()",
    "(1, 2).__contains__(1)",
    "a = [1]\na.__setitem__(0, 2)\nvalue = a",
    "a = {1: 2}\ndict.__setitem__(a, 1, 3)\nvalue = a",
    "a = {1, 2}\na.__ior__({3})\nvalue = a",
    "import collections\na = collections.deque([1])\na.appendleft(0)\nvalue = a",
    "import collections\nvalue = collections.Counter('aab').most_common(1)",
]


@pytest.mark.parametrize("code", ALIKE)
def test_what_python_gives(code):
    code = written(code)
    value = read(HEAD + code)["value"]
    assert not isinstance(value, Unknown), value.why
    assert repr(value) == repr(in_python(code))


NOT_FOLLOWED = [
    "ValueError.__doc__",
    "object.__subclasses__()",
    "Exception.__subclasses__()",
    "class A: pass\nvalue = A().__reduce__()",
    "(lambda: 1).__globals__",
    "(lambda: 1).__code__.co_code",
    "(i for i in []).gi_frame",
    "open('/etc/passwd')",
]


@pytest.mark.parametrize("code", NOT_FOLLOWED)
def test_what_python_has_and_is_not_followed(code):
    """It leads out of the program: nobody knows it, and no error says that it isn't there."""
    assert isinstance(read(HEAD + written(code))["value"], Unknown)


ANOTHER_EACH_TIME = [
    "list({'a', 'b'})",
    "[each for each in {'a', 'b'}]",
    "next(iter({'a', 'b'}))",
    "str({'a', 'b'})",
    "f'{ {1, \"b\"} }'",
    "repr(frozenset('ab'))",
    "'%s' % ({'a', 'b'},)",
    "a = {'a', 'b'}\nvalue = a.pop()",
    "str(lambda: 1)",
    "hash('a')",
]


@pytest.mark.parametrize("code", ANOTHER_EACH_TIME)
def test_what_is_another_in_every_run_of_python(code):
    assert isinstance(read(HEAD + written(code))["value"], (Unknown, Reserved))


RAISED = {
    "'a'.push": "AttributeError",
    "[].push": "AttributeError",
    "{}.push(1)": "AttributeError",
    "class A: pass\nvalue = A().push": "AttributeError",
    "pow(3, 2, 0)": "ValueError",
    "[1].index(2)": "ValueError",
    "[1, 2].index(1, 1)": "ValueError",
    "'%d' % 'a'": "TypeError",
    "'%s %s' % (1,)": "TypeError",
    "f'{[1]:>4}'": "TypeError",
    "'{:d}'.format('a')": "ValueError",
    "'{0}{}'.format(1, 2)": "ValueError",
    "set().pop()": "KeyError",
    "next(iter([]))": "StopIteration",
    "range(2.5)": "TypeError",
    "range(1, 2, 0)": "ValueError",
    "round(float('inf'))": "OverflowError",
    "1 << -1": "ValueError",
    "~1.5": "TypeError",
    "abs('a')": "TypeError",
    "int('a')": "ValueError",
    "float([1])": "TypeError",
    "math.sqrt(-1)": "ValueError",
    "math.lcm('a')": "TypeError",
    "{[1]: 2}": "TypeError",
    "[1] in {1: 2}": "TypeError",
    "{1: 2}[3]": "KeyError",
    "a = [1]\na[3] = 2\nvalue = a": "IndexError",
    "a = [1, 2, 3]\na[::2] = [1]\nvalue = a": "ValueError",
    "def g():\n    next(iter([]))\n    yield 1\nvalue = list(g())": "RuntimeError",
    "def g():\n    yield 1\n    yield [][:unknown]\nit = g()\nfor i in it: pass\nvalue = list(it)": "NameError",
    "it = iter([1, 2])\nfor a, b in it: pass\nvalue = list(it)": "TypeError",
}


@pytest.mark.parametrize("code", RAISED)
def test_what_python_raises(code):
    """It ends the program, as itself; to who asks for names it is raised."""
    with pytest.raises(Exception) as error:  # noqa: PT011
        in_python(written(code))
    project = Project.of_text(HEAD + written(code), "net.py")
    project.main.read()
    assert type(error.value).__name__ == RAISED[code]
    assert type(project.main.ended) is type(error.value)
    assert "value" not in project.main.names
    with pytest.raises(type(error.value)):
        read(HEAD + written(code))


LARGE = [
    "'a' * 10**9",
    "[0] * 10**9",
    "2 ** 10**9",
    "1 << 10**9",
    "list(range(10**9))",
    "'a'.ljust(10**9)",
    "f'{1:>{10**9}}'",
    "'%999999999d' % 1",
    "sum(itertools.count())",
    "math.factorial(10**7)",
    "list(itertools.repeat(1))",
    "value = 1\nwhile True: value += 1",
]


@pytest.mark.parametrize("code", LARGE)
def test_what_would_take_for_ever_is_refused_at_once(code):
    """Nothing of it is known, or the program isn't read further: never a hang."""
    try:
        value = read(HEAD + written(code))["value"]
    except ConvcalcError:
        return
    assert isinstance(value, Unknown)


def test_nothing_of_a_reading_stays_behind():
    project = Project.of_text(
        "class A:\n    def f(self): return [self]\n"
        "def g():\n    yield A().f()\nkept = [each for each in g()]\n",
        "kept.py",
    )
    with_room(project.main.read)
    there = weakref.ref(project.main.names["A"])
    assert there() is not None
    del project
    gc.collect()
    assert there() is None
