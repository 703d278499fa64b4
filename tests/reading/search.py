"""Search for programs that the reader follows otherwise than Python runs them.

    python tests/reading/search.py --count 5000 --seed 1

Makes random programs, statement by statement: names, containers and their aliases, functions,
closures, classes, generators, exceptions, comprehensions, patterns and calls of the library,
composed at random over values of a few kinds. Each is run by Python and read by the reader; what
they leave in `said`, and the error with its line, must be the same. A program that differs is
made as small as it can be while it still differs, and shown.
"""

import argparse
import ast
import collections
import copy
import random
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent)]

from reading.make_corpus import outcome  # noqa: E402
from reading.reader import verdict  # noqa: E402

HEAD = """\
import functools, heapq, itertools, math, operator, re
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple
from contextlib import contextmanager, suppress
said = []
@contextmanager
def managed(v):
    try: yield said.append('in') or v
    except KeyError: said.append('kept')
    finally: said.append('out')
class Base:
    made, __str__ = 0, lambda self: 'object'
    def __init__(self, n=0): self.n, self.items, self.d = n, [n], {'a': n}; type(self).made += 1
    def add(self, v): self.items.append(v); return self
    def step(self, v=1): self.n += v; return self.n
    def copy(self): return type(self)(self.n)
    total = property(lambda self: self.n + len(self.items))
    def __iter__(self): return iter(self.items)
    def __getitem__(self, k): return self.items[k]
i0, t0, l0, x0, d0, s0 = 2, 'ab', [3, 1, 2], ['a', 'x.y'], {'a': 1}, {1, 5}
f0, o0, g0 = abs, Base(3), iter([4, 5])
"""
METHODS = (
    "def __eq__(self, o): return self.n == getattr(o, 'n', None)",
    "def __lt__(self, o): said.append('lt'); return self.n < o.n",
    "def __bool__(self): return self.n > 1",
    "def __str__(self): return f'{type(self).__name__}:{self.n}'",
    "def __setattr__(self, k, v): said.append(k); super().__setattr__(k, v)",
    "def step(self, v=1): said.append('step'); return super().step(v) + 1",
    "def __getattr__(self, k): said.append(k); return [k] if k in 'ab' else super().items",
    "def __iter__(self): yield from super().__iter__(); yield self.n",
    "total = property(lambda self: self.n, lambda self, v: self.add(v))",
    "def __init__(self, n=1): super().__init__(n); self.items = self.items * 2",
    "def __add__(self, o): return self.n + (o.n if isinstance(o, Base) else o)",
    "made = property(lambda self: len(self.items))",
    "items = [5]",
    "def __call__(self, v): self.d['a'] = v; return v",
)
"""What classes by chance have besides what Base has."""
ERRORS = ("ValueError", "KeyError", "IndexError", "TypeError", "ZeroDivisionError", "LookupError")
SIMPLE = {
    "number": ("0", "1", "2", "3", "-1", "7"), "small": "0123", "word_name": "abn",
    "word": ("''", "'a'", "'b'", "'ab'", "'conv'", "'x.y'", "'A b'", "'3'"), "error": ERRORS,
}  # fmt: skip
"""Values that no other kinds stand in."""
DEEPEST = 3  # what stands deeper is a name


def patterns(words):
    """Return patterns that stand apart by two blanks, or on lines of their own."""
    return re.split(r"\s{2,}", words.strip())


VALUES = {
    "int": patterns(r"""
        {number}  {int}  len({list})  len({text})  sum({list})  {int} + {int}  {int} - {int}
        {int} * {number}  {int} // {int}  {int} % {int}  -{int}  {int} if {test} else {int}
        max({list})  min({int}, {int})  {list}[{number}]  {dict}[{word}]
        {dict}.get({word}, {int})  {list}.count({int})  {func}({int})  {list}.index({int})
        abs({int})  divmod({int}, {number})[1]  ord({text}[0])
        functools.reduce(operator.add, {list}, {int})  int({text})  {list}.pop()  {obj}.n
        {obj}.step({int})  {obj}.total  type({obj}).made  math.gcd({int}, 6)  next(iter({list}))
        next({gen}, {int})  {text}.find({word})  (lambda v: v * 2)({int})
        {dict}.setdefault({word}, {int})  {dict}.pop({word})  {int} & {int}  {int} ^ 3
        next(c for c in {list} if c > {number})  {obj}[{number}]  {func}(*{list}[:1])
        round({int} / 4)  Counter({text})['a']  bool({list})  ({int} or {int})
    """),
    "text": patterns(r"""
        {word}  {text}  ({text} + {text})[:20]  str({int})  {text}.upper()  {text}[::-1]
        f'{{{int}}}-{{{text}!r}}'  {text}.join({texts})[:20]  {text}.replace({word}, 'q')
        ({text} * {small})[:20]  '{{}}:{{}}'.format({int}, {text})  {text}[{number}:]  '%s' % {int}
        {texts}[{number}]  sorted({texts})[0]  type({obj}).__name__  repr({list})
        {text}.strip('a')  re.sub('[ab]', 'z', {text})  max({texts}, key=len)  str({obj})
        {text}.partition('.')[0]  {text} if {test} else {word}  next(iter({dict}))
        ','.join(map(str, {list}))  type({list}).__name__  {text}.zfill(3)  chr(97 + {small})
    """),
    "list": patterns(r"""
        [{int}, {int}]  [{int}]  {list}  ({list} + {list})[:20]  {list}[::-1]  {list}[{number}:]
        [v * 2 for v in {list}]  [v for v in {list} if v > {int}]  list({gen})  sorted({list})
        [w := {int}, w]  list(map({func}, {list}[:4]))  [*{list}, {int}]  list({dict}.values())
        list(itertools.accumulate({list}))  heapq.nsmallest({small}, {list})  {obj}.items
        [a + b for a in {list}[:2] for b in {list}[:2]]  list(range({small}))  {list}.copy()
        [len(w) for w in {texts}]  list(deque({list}, {small}))  sorted({set})  list({obj})
        list(itertools.chain({list}, {list}))  list(filter(None, {list}))  ({list} * {small})[:20]
        [x for x, *_ in zip({list}, {list})]  [i for i, _ in enumerate({texts})]  [{list}][0]
        list(itertools.islice({gen}, {small}))  list(reversed({list}))  ({list} or [{int}])
        sorted({list}, key=lambda v: -v)  [*itertools.takewhile(lambda v: v < 5, {list})]
    """),
    "texts": patterns(r"""
        [{text}, {text}]  {texts}  {text}.split()  sorted({dict})  list({text})[:3]
        [w.title() for w in {texts}]  {texts} + [{text}]  {text}.split('.')  list({dict})
        re.findall('[a-c]', {text})  [str(v) for v in {list}]  ['%d' % v for v in {list}]
    """),
    "dict": patterns(r"""
        {{{word}: {int}}}  {dict}  {{**{dict}, {word}: {int}}}  dict({word_name}={int})
        {{k: v + 1 for k, v in {dict}.items()}}  {dict} | {dict}  dict.fromkeys({texts}, {int})
        dict(zip({texts}, {list}))  dict(Counter({text}))  {dict}.copy()  vars({obj})['d']
        dict(ChainMap({dict}, {dict}))  dict(OrderedDict({dict}))  dict(sorted({dict}.items()))
    """),
    "set": patterns(r"""
        {{{int}, {int}}}  set({list})  {set} | {set}  {set} & {set}  {set} - {{{int}}}
        {set} ^ {set}  {{v % 3 for v in {list}}}  frozenset({list})  {set}
    """),
    "test": patterns(r"""
        {int} > {int}  {int} == {int}  {int} in {list}  {word} in {dict}  not {list}
        {text} < {text}  {list} == {list}  {int} < {int} < {int}  {test} and {test}
        {test} or {test}  isinstance({int}, bool)  {text}.startswith('a')  any({list})
        all(v > 0 for v in {list})  {list} is {list}  {obj} == {obj}  {obj}  {int} in {set}
        {obj} < {obj}  hasattr({obj}, {word})  {set} <= {set}  bool({dict})  callable({func})
    """),
    "gen": patterns(r"""
        (v + 1 for v in {list}[:4])  {maker}({list}[:4])  iter({list}[:4])  map({func}, {list}[:4])
    """),
    "func": patterns(r"""
        {func}  lambda v: v + {int}  functools.partial(operator.add, {int})  abs  {obj}.step
    """),
    "obj": patterns(r"""
        {obj}  {obj_class}({int})  {obj}.add({int})  {obj}.copy()
    """),
}  # fmt: skip
"""Expressions of each kind of value, with other kinds in them."""

STATEMENTS = patterns(r"""
    {=int} = {int}  {=text} = {text}  {=list} = {list}  {=texts} = {texts}  {=dict} = {dict}
    {=set} = {set}  {=func} = {func}  {=gen} = {gen}  {=obj} = {obj}  {=list} = {=list} = {list}
    {list}.append({int})  {list}.extend({list}[:3])  {list}.insert({number}, {int})  {list}.sort()
    {list}.remove({int})  {list}[{number}] = {int}  {list}[{number}:{small}] = {list}[:3]
    del {list}[{number}]  {dict}[{word}] = {int}  {dict}.update({dict})  del {dict}[{word}]
    {+int} += {int}  {+int} -= {int}  {+int} *= {small}  {+list} += {list}[:3]  {+text} += {word}
    {+set} |= {set}  {+set} -= {{{int}}}  {list}[{number}] += {int}  {dict}[{word}] -= {int}
    {=int}, {=int} = {int}, {int}  {=int}, *{=list} = {list}  ({=int}, {=text}) = {int}, {text}
    {obj}.n = {int}  {obj}.n += {int}  {obj}.items.append({int})  {obj}.d[{word}] = {int}
    {obj_class}.made += {int}  {obj}.total = {int}  {obj}.{word_name} = {list}  del {obj}.n
    heapq.heappush({list}, {int})  said.append({list})  assert {test}, {text}  {list}.reverse()
    setattr({obj}, {word}, {int})  raise {error}({text})  {list}.clear()  {set}.add({int})
""")
"""Statements of one line: `{=int}` is a name that is set, `{+int}` one that is there."""

SHOWN = {
    "int": "{0}", "text": "{0}", "list": "{0}[:9]", "texts": "{0}[:9]", "dict": "dict({0})",
    "set": "sorted({0})", "obj": "[{0}.n, {0}.items[:9], {0}.d]",
}  # fmt: skip
"""How a value of each kind is put into `said`."""

FIRST = {
    "int": "i0", "text": "t0", "list": "l0", "texts": "x0", "dict": "d0", "set": "s0",
    "func": "f0", "obj": "o0", "gen": "g0", "obj_class": "Base", "maker": "iter",
}  # fmt: skip
"""The names that HEAD gives to values of each kind."""
CASES = patterns(r"""
    0 | 1  [{=int}, *{=list}]  {{'a': {=int}}}  str() as {=text}  int({=int})  [int({=int}), _]
    {{'b': _, **{=dict}}}  [] | {{}}  -1 | 7 as {=int}  [_, *_, {=int}]
""")


class Maker:
    """One program by chance, whose statements mostly work: Python is asked on the way."""

    def __init__(self, chance):
        self.chance = chance
        self.names = {kind: [name] for kind, name in FIRST.items()}
        self.count = 0
        self.lines = HEAD.splitlines()

    def program(self):
        """Return a whole program."""
        live = {"__name__": "__main__"}
        exec(HEAD, live)
        for _ in range(self.chance.randint(8, 20)):
            start, before = len(self.lines), copy.deepcopy(self.names)
            self.statement(0, 0)
            try:
                exec("\n".join(self.lines[start:]), live)
            except Exception:
                if self.chance.random() < 0.9:
                    del self.lines[start:]
                    self.names = before
        for kind, how in SHOWN.items():
            for name in [name for name in self.names[kind] if name in live][:3]:
                self.put(0, f"said.append({how.format(name)})")
        return "\n".join(self.lines) + "\n"

    def put(self, depth, words):
        self.lines += ["    " * depth + line for line in words.splitlines()]

    def some(self, *ways):
        return self.chance.choice(ways)

    def rarely(self, share=0.3):
        return self.chance.random() < share

    def fresh(self, kind):
        """Return a name for a value: one that is there, or a new one."""
        if self.rarely(0.4):
            return self.some(*self.names[kind])
        self.count += 1
        self.names[kind].append(f"{kind[0]}{self.count}")
        return self.names[kind][-1]

    def value(self, kind, depth=0):
        """Return an expression of a kind."""
        if kind in SIMPLE:
            return self.some(*SIMPLE[kind])
        if kind not in VALUES or (kind in FIRST and self.rarely((0.3, 0.6, 0.8, 1)[depth])):
            return self.some(*self.names[kind])
        ways = VALUES[kind][: 5 if depth == DEEPEST else None]
        words = self.filled(self.some(*ways), min(depth, DEEPEST - 1))
        return f"({words})" if " " in words else words

    def filled(self, pattern, depth):
        """Return a pattern with values put where kinds stand in it, new names last."""

        def value(match):
            kind = match[1]
            if not kind:
                return match[0][0]
            if kind[0] == "+":
                return self.some(*self.names[kind[1:]])
            return f"\0{kind[1:]}\0" if kind[0] == "=" else self.value(kind, depth + 1)

        words = re.sub(r"\{\{|\}\}|\{([=+]?\w+)\}", value, pattern)
        return re.sub(r"\0(\w+)\0", lambda match: self.fresh(match[1]), words)

    # -- Statements -----------------------------------------------------------------------------

    def block(self, depth, nested):
        for _ in range(self.chance.randint(1, 3)):
            self.statement(depth, nested)

    def statement(self, depth, nested):
        """Put one statement, with what stands in it."""
        if nested < 2 and self.rarely(0.4):
            ways = [self.an_if, self.a_for, self.a_try, self.a_try, self.a_while, self.a_match]
            ways += [self.a_function, self.a_class, self.a_generator, self.a_closure, self.a_with]
            self.some(*ways)(depth, nested + 1)
        else:
            self.put(depth, self.filled(self.some(*STATEMENTS), 0))
        if self.rarely(0.2):
            kind = self.some(*SHOWN)
            self.put(depth, f"said.append({SHOWN[kind].format(self.some(*self.names[kind]))})")

    def an_if(self, depth, nested):
        for head in (f"if {self.value('test')}:", f"elif {self.value('test')}:", "else:"):
            self.put(depth, head)
            self.block(depth + 1, nested)

    def a_for(self, depth, nested):
        over = self.some("{list}[:5]", "[*itertools.islice({gen}, 4)]", "range({small})", "{set}")
        over = f"sorted({self.filled(over, 1)})" if over == "{set}" else self.filled(over, 1)
        self.put(depth, f"for {self.fresh('int')} in {over}:")
        self.block(depth + 1, nested)
        if self.rarely(0.5):
            how = self.some("break", "continue")
            self.put(depth + 1, f"if {self.value('test')}: {how}\nsaid.append('again')")
        self.put(depth, self.some("", "else: said.append('else')"))

    def a_while(self, depth, nested):
        self.count += 1
        left = f"w{self.count}"
        self.put(depth, f"{left} = {self.value('small')}\nwhile ({left} := {left} - 1) >= 0:")
        self.block(depth + 1, nested)

    def a_try(self, depth, nested):
        self.put(depth, "try:")
        self.block(depth + 1, nested)
        kinds = self.some(ERRORS[:2], ERRORS[2:4], ("Exception",), ("Exception",), ERRORS[4:])
        self.put(depth, f"except ({', '.join(kinds)},) as e:")
        self.put(depth + 1, "said.append([type(e).__name__, type(e.__context__).__name__])")
        self.block(depth + 1, nested)
        self.put(depth + 1, self.some(*[""] * 8, "raise", "raise KeyError('k') from e"))
        self.put(depth, self.some("", "", "else: said.append('fine')"))
        if self.rarely(0.4):
            self.put(depth, "finally:")
            self.block(depth + 1, nested)

    def a_with(self, depth, nested):
        ways = ("managed({int}) as {=int}", "suppress({error})", "managed({list}) as {=list}")
        self.put(depth, f"with {self.filled(self.some(*ways), 0)}:")
        self.block(depth + 1, nested)

    def a_match(self, depth, nested):
        self.put(depth, f"match {self.value(self.some('int', 'list', 'dict', 'text'))}:")
        for case in self.chance.sample(CASES, 3):
            guard = f" if {self.value('test')}" if self.rarely() else ""
            self.put(depth + 1, f"case {self.filled(case, 0)}{guard}:")
            self.block(depth + 2, nested)

    # -- Definitions ----------------------------------------------------------------------------

    def a_function(self, depth, nested):
        self.count += 1
        name, before = f"f{self.count}", copy.deepcopy(self.names)
        extra = self.some("", ", *rest", f", k={self.value('int')}", ", box=[]", ", /, *, k=1")
        cached = self.some("", "", "@functools.lru_cache\n")
        self.put(depth, f"{cached}def {name}(v{extra}):")
        self.put(depth + 1, self.some("", f"global {self.some(*self.names['int'])}"))
        self.put(depth + 1, "box.append(v); said.append(box[:9])" if "box" in extra else "")
        self.names["int"].append("v")
        self.block(depth + 1, nested)
        self.put(depth + 1, f"return {self.value('int')}")
        self.names = before
        self.names["func"].append(name)

    def a_closure(self, depth, nested):
        self.count += 1
        name, inner = f"c{self.count}", self.some("nonlocal n; n += v", "pass", "k = n", "n")
        self.put(depth, f"def make_{name}(n):\n    items = {self.value('list')}")
        self.put(depth + 1, f"def step(v=1):\n    {inner}\n    items.append(v)")
        self.put(depth + 1, "    return n + len(items)\nreturn step")
        self.put(depth, f"{name} = make_{name}({self.value('int')})")
        self.names["func"] += [name]

    def a_generator(self, depth, nested):
        self.count += 1
        head = self.some("for v in source[:5]:", "while v := source and source.pop():")
        last = self.some("yield from source[:2]", "return v", "yield 1 // len(source)")
        self.put(depth, f"def g{self.count}(source):\n    {head}")
        self.put(depth + 2, f"yield v + {self.value('number')}\nsaid.append('step')")
        self.put(depth + 1, last)
        self.names["maker"].append(f"g{self.count}")

    def a_class(self, depth, nested):
        self.count += 1
        self.put(depth, f"class C{self.count}({self.some(*self.names['obj_class'])}):")
        self.put(depth + 1, "\n".join(self.chance.sample(METHODS, 3)))
        self.names["obj_class"].append(f"C{self.count}")


def smaller(program):
    """Yield programs with one statement less."""
    tree = ast.parse(program)
    for node in list(ast.walk(tree)):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            for place in range(len(block) if isinstance(block, list) else 0):
                statement = block.pop(place)
                if block or name != "body":
                    yield ast.unparse(tree) + "\n"
                block.insert(place, statement)


def smallest(program):
    """Return a program that is still followed wrongly, and that no statement can be taken from."""
    for less in smaller(program):
        if compare(less)[0] == "wrong":
            return smallest(less)
    return program


def compare(program):
    """Return "equal", "refused" or "wrong", and what Python and the reader make of a program."""
    expected = outcome(program)
    return *verdict(expected, program), expected


def main(count, seed):
    """Compare that many programs, and show the smallest form of those that differ."""
    counts = collections.Counter()
    for number in range(count):
        program = Maker(random.Random(f"{seed} {number}")).program()
        said = compare(program)[0]
        counts[said] += 1
        if said == "wrong":
            program = smallest(program)
            print(f"# --- {seed} {number}", program, *compare(program)[1:], sep="\n")
    print(dict(counts))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", default="0")
    main(**vars(parser.parse_args()))
