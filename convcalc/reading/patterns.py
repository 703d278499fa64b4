"""The patterns of a match statement.

Source: Python's reference, "The match statement".
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from convcalc.reading import attributes
from convcalc.reading.reader import Reader, Scope
from convcalc.reading.values import MISSING, Unknown, Value

Pattern = Callable[[Reader, ast.pattern, object, Scope, dict[str, object]], bool]


def chosen(reader: Reader, node: ast.Match, scope: Scope) -> list[ast.stmt]:
    """Return the body of the case that a value matches, its names set; nothing where none does."""
    subject = reader.value(node.subject, scope)
    if type(subject) is Unknown:
        raise reader.not_understood(node.subject, "isn't known, so that no case can be chosen")
    for case in node.cases:
        names: dict[str, object] = {}
        reader.frame.line = case.pattern.lineno
        if matches(reader, case.pattern, subject, scope, names):
            for name, value in names.items():
                scope.set(name, value)
            if case.guard is None or reader.truth(reader.value(case.guard, scope), case.guard):
                return case.body
    return []


def matches(
    reader: Reader, pattern: ast.pattern, subject: object, scope: Scope, names: dict[str, object]
) -> bool:
    """Return whether a value is of a pattern; what its names get is put among `names`."""
    subject = reader.known(subject)
    if type(subject) is Unknown:
        capture = isinstance(pattern, ast.MatchAs) and pattern.pattern is None
        if not capture and not isinstance(pattern, ast.MatchStar):
            raise subject.refused()
    return PATTERNS[type(pattern)](reader, pattern, subject, scope, names)


def _value(reader: Reader, pattern: ast.MatchValue, subject: object, scope: Scope,
           names: dict[str, object]) -> bool:  # fmt: skip
    del names  # a value has none
    if isinstance(subject, Value):
        raise reader.not_understood(pattern, "isn't compared with such a value")
    return reader.truth(subject == reader.value(pattern.value, scope))


def _singleton(reader: Reader, pattern: ast.MatchSingleton, subject: object, scope: Scope,
               names: dict[str, object]) -> bool:  # fmt: skip
    del reader, scope, names  # True, False and None are what they are
    return subject is pattern.value


def _as(reader: Reader, pattern: ast.MatchAs, subject: object, scope: Scope,
        names: dict[str, object]) -> bool:  # fmt: skip
    if pattern.pattern is not None and not matches(reader, pattern.pattern, subject, scope, names):
        return False
    if pattern.name is not None:
        names[pattern.name] = subject
    return True


def _or(reader: Reader, pattern: ast.MatchOr, subject: object, scope: Scope,
        names: dict[str, object]) -> bool:  # fmt: skip
    return any(matches(reader, each, subject, scope, names) for each in pattern.patterns)


def _sequence(reader: Reader, pattern: ast.MatchSequence, subject: object, scope: Scope,
              names: dict[str, object]) -> bool:  # fmt: skip
    if not isinstance(subject, Sequence) or isinstance(subject, (str, bytes, bytearray)):
        return False
    patterns = pattern.patterns
    star = next((i for i, p in enumerate(patterns) if isinstance(p, ast.MatchStar)), None)
    if star is None:
        return len(subject) == len(patterns) and all(
            matches(reader, each, part, scope, names)
            for each, part in zip(patterns, subject, strict=True)
        )
    behind = len(patterns) - star - 1
    if len(subject) < star + behind:
        return False
    starred = patterns[star]
    assert isinstance(starred, ast.MatchStar)
    parts = [subject[at] for at in range(len(subject))]
    middle = parts[star : len(parts) - behind]
    sides = (*zip(patterns[:star], parts, strict=False),
             *zip(patterns[star + 1 :], parts[len(parts) - behind :], strict=True))  # fmt: skip
    if not all(matches(reader, each, part, scope, names) for each, part in sides):
        return False
    if starred.name is not None:
        names[starred.name] = middle
    return True


def _mapping(reader: Reader, pattern: ast.MatchMapping, subject: object, scope: Scope,
             names: dict[str, object]) -> bool:  # fmt: skip
    if not isinstance(subject, Mapping):
        return False
    keys = [reader.value(key, scope) for key in pattern.keys]
    if len(subject) < len(keys):
        return False
    for key, each in zip(keys, pattern.patterns, strict=True):
        value = subject.get(key, MISSING)
        if value is MISSING or not matches(reader, each, value, scope, names):
            return False
    if pattern.rest is not None:
        names[pattern.rest] = {key: subject[key] for key in subject if key not in keys}
    return True


ITSELF = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)
"""Types whose one positional pattern is matched against the value itself."""


def _class(reader: Reader, pattern: ast.MatchClass, subject: object, scope: Scope,
           names: dict[str, object]) -> bool:  # fmt: skip
    cls = reader.value(pattern.cls, scope)
    if not isinstance(cls, type):
        if type(cls) is Unknown:
            raise reader.not_understood(pattern.cls, "isn't known as a class")
        raise TypeError("called match pattern must be a class")
    if not isinstance(subject, cls):
        return False
    patterns = pattern.patterns
    if patterns and issubclass(cls, ITSELF) and not hasattr(cls, "__match_args__"):
        if len(patterns) > 1:
            raise TypeError(f"{cls.__name__}() accepts 1 positional sub-pattern")
        if not matches(reader, patterns[0], subject, scope, names):
            return False
        patterns = []
    arguments = getattr(cls, "__match_args__", ())
    if not isinstance(arguments, tuple) or len(arguments) < len(patterns):
        raise TypeError(f"{cls.__name__}() accepts {len(arguments)} positional sub-patterns")
    listed = [str(each) for each in arguments[: len(patterns)]] + pattern.kwd_attrs
    if len(set(listed)) < len(listed):
        raise TypeError(f"{cls.__name__}() got multiple sub-patterns for an attribute")
    for name, each in zip(listed, [*patterns, *pattern.kwd_patterns], strict=True):
        try:
            value = attributes.get(subject, name)
        except AttributeError:
            return False
        if not matches(reader, each, value, scope, names):
            return False
    return True


PATTERNS: dict[type[ast.AST], Pattern] = {
    ast.MatchValue: _value,  # type: ignore[dict-item]
    ast.MatchSingleton: _singleton,  # type: ignore[dict-item]
    ast.MatchSequence: _sequence,  # type: ignore[dict-item]
    ast.MatchMapping: _mapping,  # type: ignore[dict-item]
    ast.MatchClass: _class,  # type: ignore[dict-item]
    ast.MatchAs: _as,  # type: ignore[dict-item]
    ast.MatchOr: _or,  # type: ignore[dict-item]
}
"""How each kind of pattern is matched."""
