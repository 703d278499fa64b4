"""What convcalc's reader makes of a program, in the words of `corpus.json`."""

import gc
import json
import re

from reading.make_corpus import name_of

from convcalc.formulas import ConvcalcError
from convcalc.reading.bounds import with_room
from convcalc.reading.exceptions import NotUnderstood, place_of
from convcalc.reading.files import Project
from convcalc.reading.values import Unknown


def outcome(program):
    """Return what the corpus has of a program: "said", "error"; None where it is refused."""
    gc.disable()  # 3.13.0 empties the lists that vars() keeps of an object in a circle
    try:
        project = Project.of_text(program, "<program>", None, runs=True)
        with_room(project.main.read)
        if project.reader.passed_over:
            return None  # a statement wasn't understood, and what it changed isn't known
        names, error = project.main.names, project.main.ended
        found = {}
        if error is not None:
            place = place_of(error)
            found["error"] = [name_of(type(error)), place.line if place else None]
        if "said" in names:
            found["said"] = json.loads(json.dumps(names["said"], default=_shown))
        return found
    except NotUnderstood:
        return None
    except ConvcalcError as error:  # the text is no Python
        line = re.search(r"line (\d+)", str(error))
        return {"error": ["SyntaxError", int(line[1])]} if line else None
    finally:
        gc.enable()


def _shown(value):
    """Return what stands for a value that JSON hasn't; refuse one that isn't known."""
    if isinstance(value, Unknown):
        raise NotUnderstood(str(value))
    return f"a {type(value).__name__}"


def verdict(expected, program):
    """Return "equal", "refused" or "wrong", and what the reader made of the program."""
    found = outcome(program)
    if found is None:
        return "refused", None
    same = all(
        json.dumps(found.get(key)) == json.dumps(expected.get(key)) for key in ("said", "error")
    )
    return "equal" if same else "wrong", found
