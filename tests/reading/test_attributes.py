"""Every attribute of many values, asked for, set and deleted: as Python has it, or refused."""

import json

import pytest
from reading.reader import verdict

HEAD = """
import collections, functools, re, types
class Meta(type):
    def kinds(cls): return 3
class Plain(metaclass=Meta):
    "words"
    one: int = 1
    def does(self, x: int = 2, *, y=3) -> int:
        "what it does"
        return x
    @property
    def half(self): return 0.5
    @classmethod
    def made(cls): return cls()
    @staticmethod
    def alone(): return 4
class Slots:
    __slots__ = ("a",)
class Listed(list): pass
class Trouble(ValueError): pass
def plain(a, b=1): return a
def yields():
    yield 1
"""
OWNERS = [
    *("Plain", "Plain()", "Plain().does", "Plain.does", "Plain.made", "Plain.alone", "Meta"),
    *("Slots", "Slots()", "Listed", "Listed()", "Trouble", "Trouble(5)", "plain", "yields()"),
    *("super(Plain, Plain())", "lambda: 0", "functools.partial(plain, 3)", "list[int]"),
    *("int", "5", "2.5", "True", "1j", "None", "...", "'text'", "b'bytes'", "[1]", "(1, 2)", "{}"),
    *("{1}", "frozenset()", "range(3)", "slice(1)", "object", "object()", "type", "ValueError()"),
    *("[].append", "list.append", "len", "int.from_bytes", "{}.keys()", "property(plain)"),
    *("collections.OrderedDict()", "collections.deque()", "collections.Counter", "iter([])"),
    *("re.compile('a')", "re.match('a', 'a')", "Plain.__dict__"),
    *("collections.namedtuple('P', 'x')(1)", "int | str"),
]
UNCHANGED = ("Meta", "list[int]", "super(Plain, Plain())", "collections.Counter")
CHANGED = [each for each in OWNERS if each not in UNCHANGED]
"""What is changed in Python itself too, which would keep a Counter that is."""
ASKED = "found = getattr(owner, {name!r}, 'none')"
SET = "owner.{name} = 7\nfound = owner.{name}"
DELETED = "del owner.{name}\nfound = hasattr(owner, {name!r})"
SAID = """
plain = type(found) in (int, float, complex, str, bool, type(None))
said = [repr(found) if plain else '', callable(found)]
"""


def expected(program):
    """Return what Python makes of a program, in the words of the corpus."""
    names = {"__name__": "__main__"}
    try:
        exec(program, names)
    except Exception as error:
        return {"error": type(error).__name__}
    return {"said": names["said"]}


def names_of(owner):
    names = {}
    exec(f"{HEAD}\nowner = {owner}", names)
    return [*dir(names["owner"]), "absent", "__absent__", "_absent"]


@pytest.mark.parametrize(
    ("words", "owner"),
    [
        *((ASKED, owner) for owner in OWNERS),
        *(
            pytest.param(words, owner, marks=pytest.mark.long)
            for words in (SET, DELETED)
            for owner in CHANGED
        ),
    ],
)
def test_attributes_are_those_of_python_or_refused(words, owner):
    told = 0
    for name in names_of(owner):
        program = f"{HEAD}\nowner = {owner}\n{words.format(name=name)}\n{SAID}"
        wanted = expected(program)
        _, found = verdict({}, program)
        if found is None:
            continue
        if "error" in found:
            found = {"error": found["error"][0]}
        told += 1
        assert json.dumps(found) == json.dumps(wanted), f"{owner}.{name}"
    assert told
