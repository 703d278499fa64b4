"""What ends the reading of a program, and where something was raised.

What the program itself raises is a real exception of Python's; a refusal is none that it could
catch.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from convcalc.formulas import ConvcalcError, TooLarge

PLACES = "_convcalc_places"
"""The attribute of an exception that keeps the places it passed, the innermost first."""
STATED = "_convcalc_stated"
"""The attribute of an exception that a `raise` or an `assert` of the program made."""
TOLD = "_convcalc_told"
"""The attribute of an exception that keeps what is told of it, in plainer words than Python's."""
WORDS = "_convcalc_words"
"""The attribute of an exception that keeps what was worked out when Python raised it."""
HIDDEN = "_convcalc"
"""How names begin that the program never sees."""


class Place(NamedTuple):
    """Where something stands in somebody's file."""

    file: str
    line: int
    cell: int | None = None
    """Of a notebook, the number of the code cell, in which lines are counted."""

    def __str__(self) -> str:
        return f"{self.file}, {self.within}"

    @property
    def within(self) -> str:
        """Where it is in its file."""
        return line_text(self.line, self.cell)

    def seen_from(self, other: Place | None) -> str:
        """Return how another line speaks of it: by its file and cell too, where it has others."""
        if other is None or (self.file, self.cell) == (other.file, other.cell):
            return line_text(self.line)
        return self.within if self.file == other.file else str(self)


def line_text(line: int, cell: int | None = None) -> str:
    """Return how a line is named, and the cell of a notebook that it stands in."""
    return f"line {line}" if cell is None else f"cell {cell}, line {line}"


UNTOLD = "_convcalc_untold"
"""The attribute of an error about what nobody said: what tells how it is given."""


class NotUnderstood(ConvcalcError):
    """Something that can't be followed: no answer is given rather than a wrong one."""

    at: Place | None = None
    within: Place | None = None
    """Where a package stops the reading, that somebody's file uses."""

    @property
    def told(self) -> str:
        """The sentence, with the place in a package where there is one."""
        return f"{self.message} ({self.within})" if self.within else self.message


class Final(NotUnderstood):
    """Something after which nothing is known any more."""


class Behind(NotUnderstood):
    """A name that only what stands behind `if __name__ == "__main__"` may set, which isn't read."""


class TooMuch(NotUnderstood):
    """A bound was reached: of steps, time, memory, depth or size. Nothing is passed over then."""


def too_large(what: str) -> TooMuch:
    """Return the refusal of a number or a size beyond what is calculated with."""
    return TooMuch(str(TooLarge(what)))


Raising = TypeVar("Raising", bound=BaseException)


class Passed(NamedTuple):
    """One call that an exception left: its line, and whether the file is the user's own."""

    place: Place
    own: bool
    frame: object


def passed(error: BaseException) -> list[Passed]:
    """Return the calls that an exception left, the innermost first."""
    found = vars(error).get(PLACES)
    return found if isinstance(found, list) else []


def ends_well(error: BaseException | None) -> bool:
    """Return whether a program ended because it was done."""
    return isinstance(error, SystemExit) and error.code in (None, 0)


def note(error: BaseException, place: Place, own: bool, frame: object) -> None:
    """Keep that an exception leaves a call, once for each call."""
    places = passed(error)
    if not places:
        vars(error)[PLACES] = places
    if not any(each.frame is frame for each in places[-1:]):
        places.append(Passed(place, own, frame))


def place_of(error: BaseException) -> Place | None:
    """Return the innermost line of the user's own files that an exception left."""
    if isinstance(error, NotUnderstood) and error.at is not None:
        return error.at
    return next((each.place for each in passed(error) if each.own), None)


def told(error: Raising, sentence: str) -> Raising:
    """Return an exception that is told in this sentence, not in Python's."""
    vars(error)[TOLD] = sentence
    return error


def is_stated(error: BaseException) -> bool:
    """Return whether the program itself raised an exception, by a `raise` or an `assert`."""
    return bool(vars(error).get(STATED))


def forgotten(error: BaseException) -> BaseException:
    """Return an exception that a handler caught, as it was before it was raised."""
    vars(error).pop(PLACES, None)
    return error
