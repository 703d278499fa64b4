"""Programs made by chance say the same in Python and in the reader."""

from reading.search import Maker, compare, smallest


def test_programs_by_chance(hostile):
    for chance in hostile:
        program = Maker(chance).program()
        if compare(program)[0] == "wrong":
            program = smallest(program)
            _, found, expected = compare(program)
            raise AssertionError(f"{program}\nPython: {expected}\nreader: {found}")
