"""Run every snippet in CPython and write what came out: `corpus.json`, a snippet a line.

    python tests/reading/make_corpus.py [TOPIC ...]

A file of `snippets/` holds programs, each below a line `# --- name: tag, tag`, and tables, below a
line `# +++`. A table's row is `tag, tag: value, value`: a program in which `said` becomes the list
of those values, each through one of the ways in WAYS, which the row's text chooses. With `~`
instead of `:` it is the values' `repr`; with `!`, what is raised: a single value's error isn't
caught, several are. Statements may come first, `a = [1]; a.append(2) ;; a, len(a)`. Modules that a
row names are imported.

Every Python from 3.10 to 3.13 that is found must say the same, with two seeds of the hashes.
"""

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import types
import zlib
from pathlib import Path

HERE = Path(__file__).parent
CORPUS = HERE / "corpus.json"
SECONDS = 5
"""How long a snippet may take."""

PROGRAM = re.compile(r"# --- (\w+)(?:: (.*))?")
ROW = re.compile(r"([\w., ]+?)([:~!]) (.*)")
MODULES = re.compile(
    r"\b(functools|itertools|collections\.abc|collections|argparse|dataclasses|enum|copy|abc|types"
    r"|contextlib|operator|warnings|logging|typing|math|re|string|os\.path|json|statistics|heapq"
    r"|bisect|inspect)\.[a-zA-Z_]"
)

WAYS = (
    "said = [{all}]",
    "def outer():\n    found = []\n    def keep(value): found.append(value)\n"
    "{each:    keep(%s)}\n    return found\nsaid = outer()",
    "class Log:\n    said = []\n    def note(self, value): self.said.append(value); return self\n"
    "said, log = Log.said, Log()\n{each:log.note(%s)}",
    "def keep(value, found=[]): found.append(value); return found\n{each:said = keep(%s)}",
    "said = []\ndef values():\n{each:    yield %s}\nsaid.extend(values())",
    "box = {{'in': [[]]}}\nalias = box['in'][0]\n{each:alias.append(%s)}\nsaid = box['in'][-1]",
    "said = [made() for made in [{lambdas}]]",
    "def told(*values, **named): return [*values, *named.values()]\nsaid = told({all})",
    "said = []\nfor made in ({lambdas},):\n    said += [made()]",
    "said = []\ndef note(value):\n    global said\n    said = said + [value]\n{each:note(%s)}",
    "class Got:\n    def __getitem__(self, key): return key\n    def __set__(self, o, value): "
    "said.append(value)\nclass Box: slot = Got()\nsaid, box = [], Box()\n{each:box.slot = %s}",
    "said = []\nmatch [{all}]:\n    case [*values]: said.extend(values)",
)
"""How a row's values come to stand in `said`."""

CAUGHT = (
    "said = []\nfor made in ({lambdas},):\n    try: said.append(repr(made()))\n"
    "    except Exception as error: said.append(type(error).__name__)",
    "def tried(made):\n    try: return repr(made())\n"
    "    except Exception as error: return type(error).__name__\n"
    "said = list(map(tried, [{lambdas}]))",
    "class Noted:\n    def __enter__(self): return self\n"
    "    def __exit__(self, kind, error, trace):"
    " said.append(kind.__name__ if kind else None); return True\nsaid = []\n"
    "{each:with Noted(): said.append(repr(%s))}",
    "said = []\ndef told(made):\n    try:\n        said.append(repr(made()))\n"
    "    except (TypeError, AttributeError): said.append('kind')\n"
    "    except ValueError as error: said.append(type(error).__name__)\n"
    "    except Exception: said.append('other')\n    else: said.append('none')\n"
    "    finally: said.append(len(said))\n{each:told(lambda: %s)}",
)
"""How several errors are caught."""

UNCAUGHT = (
    "said = ['before']\n{all}\nsaid.append('after')",
    "said = []\ndef inner():\n    said.append('in')\n    return {all}\ndef outer():\n"
    "    try: return inner()\n    finally: said.append('out')\nouter()",
    "said = []\nclass Box:\n    def made(self):\n        said.append(type(self).__name__)\n"
    "        return {all}\n    value = property(made)\nBox().value",
    "said = []\ndef steps():\n    yield 1\n    yield {all}\nfor step in steps():\n"
    "    said.append(step)",
    "said = [1]\ntry:\n    said.append(repr({all}))\nexcept KeyboardInterrupt: said.append(2)\n"
    "else: said.append(3)\nfinally: said.append(4)",
)
"""Where a single error that isn't caught stands."""


def form(pattern, values):
    """Return a way's program with the values put in."""

    def lines(match):
        words = "\n".join(match[1] % value for value in values)
        return words.replace("{", "{{").replace("}", "}}")

    lambdas = ", ".join(f"lambda: {value}" for value in values)
    pattern = re.sub(r"\{each:(.*)\}", lines, pattern)
    return pattern.format(all=", ".join(values), lambdas=lambdas)


def split(words):
    """Return the texts of values that stand in a row, separated by commas."""
    words = f"f({words})"
    call = ast.parse(words, mode="eval").body
    return [ast.get_source_segment(words, value) for value in call.args]


def row_program(sign, words):
    """Return the program of a table's row."""
    before, _, values = words.rpartition(" ;; ")
    values = split(values)
    chance = zlib.crc32(words.encode())
    imports = sorted({f"import {name}" for name in MODULES.findall(words)})
    start = [*imports, *([before] if before else [])]
    errors = UNCAUGHT if len(values) == 1 else CAUGHT
    ways = errors if sign == "!" else WAYS
    if sign == "~":
        values = [f"repr({value})" for value in values]
    return "\n".join([*start, form(ways[chance % len(ways)], values)]) + "\n"


def read_snippets(path):
    """Yield the snippets of a file: name, tags, program."""
    topic, name, tags, lines, counts = path.stem, "", [], [], {}
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), "# +++"], 1):
        head = PROGRAM.fullmatch(line)
        if head or line == "# +++":
            if name:
                program = "\n".join(lines).strip("\n") + "\n"
                yield {"name": f"{topic}.{name}", "tags": tags, "program": program}
            name, tags, lines = (head[1], (head[2] or "").split(", "), []) if head else ("", [], [])
        elif name:
            lines.append(line)
        elif line and not line.startswith("# "):
            row = ROW.fullmatch(line)
            if not row:
                raise SystemExit(f"{path}:{number}: neither a program nor a row: {line}")
            tags = row[1].split(", ")
            counts[tags[0]] = count = counts.get(tags[0], 0) + 1
            own = f"{topic}.{tags[0].replace('.', '_').strip('_')}_{count}"
            try:
                yield {"name": own, "tags": tags, "program": row_program(row[2], row[3])}
            except SyntaxError as error:
                raise SystemExit(f"{path}:{number}: {error}: {line}") from error
            tags = []


def all_snippets(topics=()):
    """Return every snippet of `snippets/`, or of some files of it."""
    paths = sorted((HERE / "snippets").glob("*.txt"))
    return [
        {**snippet, "tags": [tag for tag in snippet["tags"] if tag]}
        for path in paths
        if not topics or path.stem in topics
        for snippet in read_snippets(path)
    ]


# What follows is done within each Python.

NAMES = {"PatternError": "error"}
"""What exceptions are called in some Pythons, and in the corpus."""


def name_of(kind):
    """Return what an exception's class is called, in every Python the same."""
    return NAMES.get(kind.__name__, kind.__name__)


def outcome(program, tracer=None):
    """Run a program as `__main__`; return what `corpus.json` has of it: "said", "error"."""
    module = types.ModuleType("__main__")
    names, found = vars(module), {}
    before, sys.modules["__main__"] = sys.modules["__main__"], module
    try:
        code = compile(program, "<program>", "exec", dont_inherit=True)
        sys.settrace(tracer)
        exec(code, names)
    except BaseException as error:
        line, trace = getattr(error, "lineno", None), error.__traceback__
        while trace:
            if trace.tb_frame.f_code.co_filename == "<program>":
                line = trace.tb_lineno
            trace = trace.tb_next
        found["error"] = [name_of(type(error)), line]
    finally:
        sys.settrace(None)
        sys.modules["__main__"] = before
    if "said" in names:
        found["said"] = json.loads(json.dumps(names["said"], allow_nan=False))
    return found


def raised_in(program):
    """Return the names of the exceptions that are raised in a program, caught or not."""
    names = []

    def tracer(frame, event, argument):
        if frame.f_code.co_filename != "<program>":
            return None
        frame.f_trace_lines = False
        if event == "exception" and argument[0] not in (StopIteration, GeneratorExit):
            names.append(name_of(argument[0]))
        return tracer

    error = outcome(program, tracer).get("error")
    return sorted({*names, *([error[0]] if error else [])})


def apart(work, program):
    """Do some work in a child process, so that it changes nothing here."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        silent = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(silent, stream)
        signal.alarm(SECONDS)
        try:
            result = work(program)
        except BaseException as error:
            result = {"broken": f"{type(error).__name__}: {error}"}
        os.write(writing, json.dumps(result).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as stream:
        words = stream.read()
    os.waitpid(child, 0)
    return json.loads(words) if words else {"broken": f"no answer within {SECONDS} s"}


def answer():
    """Answer standard input's programs: what each leaves, and what it raises."""
    for module in ("argparse", "dataclasses", "enum", "inspect", "logging", "statistics", "typing"):
        __import__(module)
    programs = json.load(sys.stdin)
    json.dump([[apart(outcome, p), apart(raised_in, p)] for p in programs], sys.stdout)


def pythons():
    """Return the Pythons from 3.10 to 3.13 that are there, this one first."""
    found = {sys.version_info[1]: sys.executable}
    for minor in range(10, 14):
        places = sorted(Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python"))
        path = str(places[-1]) if places else shutil.which(f"python3.{minor}")
        if path:
            found.setdefault(minor, path)
    return list(found.values())


def ask(python, programs, seed):
    """Start a Python that answers these programs."""
    return subprocess.run(
        [python, __file__, "--answer"],
        input=json.dumps(programs),
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": str(seed), "TZ": "UTC"},
    ).stdout


def main(topics):
    """Write the corpus; say which snippets can't stand in it, and why."""
    snippets = all_snippets(topics)
    programs = [snippet["program"] for snippet in snippets]
    answers = [
        json.loads(ask(python, programs, seed))
        for seed, python in enumerate([*pythons(), sys.executable])
    ]
    bad, good, seen = [], [], {}
    for snippet, *found in zip(snippets, *answers, strict=True):
        name, first = snippet["name"], found[0][0]
        outcomes = {json.dumps(each[0]): None for each in found}
        if any("broken" in each for each, _ in found):
            bad.append(f"{name}: {next(e['broken'] for e, _ in found if 'broken' in e)}")
        elif not first:
            bad.append(f"{name}: leaves nothing in said")
        elif len(outcomes) > 1:
            bad.append(f"{name}: Pythons disagree: {' / '.join(outcomes)[:600]}")
        elif name in seen or snippet["program"] in seen.values():
            bad.append(f"{name}: is there twice")
        else:
            seen[name] = snippet["program"]
            good.append({**snippet, **first, "raised": found[0][1]})
    if not topics:
        lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in good)
        CORPUS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print("\n".join(bad))
    print(f"{len(good)} snippets, {len(bad)} that can't stand")
    return bool(bad)


if __name__ == "__main__":
    if sys.argv[1:] == ["--answer"]:
        answer()
    else:
        sys.exit(main(sys.argv[1:]))
