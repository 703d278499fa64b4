"""Questions and texts that go wrong by chance: what the property tests ask by the thousand."""

import ast
import copy
import string

NASTY = [
    "",
    " ",
    "0",
    "-1",
    "1",
    "3",
    "2x2",
    "3x8x8",
    "1x2x3x4",
    "1x2x3x4x5",
    "9" * 12,
    "9" * 13,
    "9" * 5000,
    "-" * 100,
    "٣x٣",
    "３x３",
    "1_000",
    "0x10",
    "1e9",
    "nan",
    "inf",
    "3.5",
    "same",
    "valid",
    "full",
    "SAME",
    "1:2",
    "1:2x3:4",
    ":",
    "x",
    "xxx",
    "x" * 5000,
    "3,3,3",
    "3×3",
    "\x00",
    "\x1b[31m",
    "\r\n",
    "\ud800",
    "‮",
    "💥",
    "{0}",
    "{package}",
    "%s",
    "$(id)",
    "--k",
    "[bold]",
    ":smile:",
    "'",
    '"',
    "\\",
]
"""What stands where a value is expected."""

EXPRESSIONS = [
    "0", "-1", "10**12", "9**9**9", "1e400", "float('nan')", "1.5", "None", "True", "...", "''",
    "'\\x1b[31m\\u202e'", "'a' * 10**9", "[]", "{}", "()", "(1, 2)", "[x]", "x", "self", "self.a",
    "super()", "torch", "nn.Linear", "nn.Linear(3, 4)", "range(10**9)", "lambda *a: a",
    "[a for a in range(10**9)]", "getattr(self, 'a')", "__import__('os')", "open('/etc/passwd')",
    "eval('x')", "x.size(0)", "x.shape", "x[..., None]", "not x", "print", "(yield)", "type(x)",
]  # fmt: skip
"""What stands where an expression was."""


def mutated(text, rng):
    """Return a text with a few things done to it that nobody would do on purpose."""
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        end = min(len(text), at + rng.randint(1, 20))
        what = rng.randrange(8)
        if what == 0:
            text = text[:at] + text[end:]
        elif what == 1:
            text = text[:at] + rng.choice(string.printable) + text[at:]
        elif what == 2:
            text = text[:at] + rng.choice(NASTY[:40]) + text[at:]
        elif what == 3:
            text = text[:end] + text[at:]
        elif what == 4:
            digits = [i for i, c in enumerate(text) if c.isdigit()]
            if digits:
                at = rng.choice(digits)
                text = text[:at] + rng.choice(["0", "-1", "9" * 30, "1.5", "None"]) + text[at + 1 :]
        elif what == 5:
            text = text.replace("(", rng.choice(["((", "[", ""]), rng.randint(1, 3))
        elif what == 6:
            lines = text.split("\n")
            rng.shuffle(lines)
            text = "\n".join(lines)
        else:
            text = text.replace("Conv2d", rng.choice(["Conv2D", "eval", "__import__", "Conv3d"]), 1)
        text = text or "x"
    return text


def mutated_source(source, rng):
    """Return a file of Python that still is one, mostly, with a few of its parts exchanged."""
    try:
        tree = ast.parse(source)
        for _ in range(rng.randint(1, 4)):
            rng.choice([_exchange, _exchange, _rename, _move, _drop, _double])(tree, rng)
        return ast.unparse(tree)
    except (SyntaxError, ValueError, RecursionError, IndexError):
        return mutated(source, rng)


def _exchange(tree, rng):
    """Put another expression where one was: one of the file's, or a hostile one."""
    places = [
        (node, name, at)
        for node in ast.walk(tree)
        if not isinstance(node, ast.JoinedStr)
        for name, value in ast.iter_fields(node)
        for at, each in enumerate(value if isinstance(value, list) else [value])
        if isinstance(each, ast.expr) and isinstance(getattr(each, "ctx", ast.Load()), ast.Load)
    ]
    node, name, at = rng.choice(places)
    if rng.random() < 0.5:
        new = ast.parse(rng.choice(EXPRESSIONS), mode="eval").body
    else:
        other, field, index = rng.choice(places)
        value = getattr(other, field)
        new = copy.deepcopy(value[index] if isinstance(value, list) else value)
    if isinstance(getattr(node, name), list):
        getattr(node, name)[at] = new
    else:
        setattr(node, name, new)


def _rename(tree, rng):
    """Put another of the file's names where one was."""
    names = [node for node in ast.walk(tree) if isinstance(node, (ast.Name, ast.Attribute))]
    first, second = rng.choice(names), rng.choice(names)
    new = second.id if isinstance(second, ast.Name) else second.attr
    if isinstance(first, ast.Name):
        first.id = new
    else:
        first.attr = new


def _bodies(tree):
    return [node.body for node in ast.walk(tree) if isinstance(getattr(node, "body", None), list)]


def _move(tree, rng):
    """Move a statement to somewhere else."""
    body, other = rng.choice(_bodies(tree)), rng.choice(_bodies(tree))
    statement = body[rng.randrange(len(body))]
    other.insert(rng.randint(0, len(other)), copy.deepcopy(statement))
    _remove(body, statement)


def _drop(tree, rng):
    """Leave a statement out."""
    body = rng.choice(_bodies(tree))
    _remove(body, rng.choice(body))


def _remove(body, statement):
    body[:] = [each for each in body if each is not statement] or [ast.Pass()]


def _double(tree, rng):
    """Have a statement twice."""
    body = rng.choice(_bodies(tree))
    body.insert(rng.randint(0, len(body)), copy.deepcopy(rng.choice(body)))
