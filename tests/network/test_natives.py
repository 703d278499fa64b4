"""Python's own values, built-in functions and methods: what they give here and in Python itself."""

import itertools
import math

import pytest

from convcalc.network.model import Reading
from convcalc.network.refusals import Raised, Unknown
from convcalc.network.source import Project

NAMES = {"itertools": itertools, "math": math}
HEAD = "import itertools, math\nimport torch.nn as nn\n"


def read(code):
    """Return what the name value is worth at the end of a file."""
    project = Project.of_text(HEAD + code, "net.py", {})
    project.main.read(Reading(project).interpreter)
    return project.main.scope.names["value"]


def written(code):
    """Return the code of an expression, or the statements that it is already."""
    return code if "value = " in code else f"value = {code}"


def in_python(code):
    """Return what the name value is worth after Python itself has run the code."""
    names = dict(NAMES)
    exec(code, names)
    return names["value"]


GENERATOR = "seen = []\ndef g():\n    for i in range(3):\n        seen.append(i)\n        yield i\n"
ALIKE = [
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
]


@pytest.mark.parametrize("code", ALIKE)
def test_what_python_gives(code):
    code = written(code)
    value = read(code)
    assert not isinstance(value, Unknown), value.why
    assert repr(value) == repr(in_python(code))


UNKNOWN = [
    "str(int)",
    "str(lambda: 1)",
    "'%s' % (nn.ReLU,)",
    "'%s' % nn.ReLU()",
    "'%d' % nn.ReLU",
    "str([nn.ReLU()])",
    "repr([nn.ReLU()])",
    "f'{nn.ReLU()}'",
    "f'{nn.ReLU()!r}'",
    "'{}'.format([nn.ReLU])",
    "'a' + str(nn.ReLU())",
    "','.join([str(int)])",
    "str({'a', 'b'})",
    "try:\n    [][1]\nexcept IndexError as e:\n    value = str(e)",
    "try:\n    {}['a']\nexcept KeyError as e:\n    value = e.args[0]",
    "def g():\n    try:\n        yield 1\n    finally:\n        pass\nvalue = list(g())",
    "def g():\n    a = [(yield 1)]\nvalue = list(g())",
    "def g():\n    yield 1\n    yield [][:unknown]\nit = g()\nfor i in it: pass\nvalue = list(it)",
    "it = iter([1, 2])\nfor a, b in it: pass\nvalue = list(it)",
]


@pytest.mark.parametrize("code", UNKNOWN)
def test_what_is_not_known_to_the_letter(code):
    assert isinstance(read(written(code)), Unknown)


NOT_FOLLOWED = [
    "'a'.translate({97: 'b'})",
    "'{a}'.format_map({'a': 1})",
    "(3).to_bytes(2)",
    "(2.5).hex()",
    "(1, 2).__contains__(1)",
    "a = [1]\na.__setitem__(0, 2)\nvalue = a",
    "a = {1: 2}\ndict.__setitem__(a, 1, 3)\nvalue = a",
    "a = {1, 2}\na.__ior__({3})\nvalue = a",
    "import collections\na = collections.deque([1])\na.appendleft(0)\nvalue = a",
    "import collections\nvalue = collections.Counter('aab').most_common(1)",
    "a = {'a', 'b'}\nvalue = a.pop()",
    "def g():\n    yield 1\na = g()\na.close()\nvalue = list(a)",
    "nn.__dict__",
    "nn.__spec__",
    "ValueError.__doc__",
    "ValueError('a').__traceback__",
    "ValueError('a').with_traceback(None)",
    "class A: pass\nvalue = A().__reduce__()",
    "class A: pass\nvalue = A.__subclasses__()",
]


@pytest.mark.parametrize("code", NOT_FOLLOWED)
def test_what_python_has_and_is_not_followed(code):
    """It is no misfit, and nothing that it may change is known from then on."""
    value = read(written(code))
    assert isinstance(value, Unknown)
    assert not isinstance(value.error, Raised), value.error


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
}


@pytest.mark.parametrize("code", RAISED)
def test_what_python_raises(code):
    with pytest.raises(Exception) as error:  # noqa: PT011
        in_python(written(code))
    value = read(written(code))
    assert isinstance(value, Unknown)
    assert isinstance(value.error, Raised), value.why
    assert type(error.value).__name__ == value.error.kind == RAISED[code]
