"""Write network/torch/rooms/homes.txt: the file in which each of torch's functions stands.

Run with this repository on the path, once a function is registered:
python tests/data/make_function_homes.py
"""

import sys
from collections import defaultdict
from importlib import import_module
from pathlib import Path

PACKAGE = "convcalc.network.torch"
ROOT = Path(__file__).parents[2] / "convcalc" / "network" / "torch"
TEXT = ROOT / "rooms" / "homes.txt"
LETTERS = {"torch": "t", "torch.nn.functional": "f", "torch.linalg": "l", "torch.fft": "d",
           "torch.special": "s", "torch.Tensor": "m"}  # fmt: skip


class Everything(dict):
    """What is known before homes.txt is: any name may be there."""

    def __contains__(self, name):
        return True


def registered():
    """Load every file with functions; return the rooms, and which file set what in them."""
    from convcalc.network.torch.rooms import room

    everything = defaultdict(Everything)
    room.homes = lambda: everything
    homes = {}

    class Recorded(room.Room):
        def __setitem__(self, name, function):
            frame = sys._getframe(1)
            while not is_home(frame.f_globals["__name__"]):
                frame = frame.f_back
            home = frame.f_globals["__name__"].removeprefix(f"{PACKAGE}.")
            homes[self.letter, name] = home
            dict.__setitem__(self, name, function)

        def update(self, functions):
            for name, function in functions.items():
                self[name] = function

        def __contains__(self, name):
            return dict.__contains__(self, name)

    room.Room = Recorded
    files = sorted((ROOT / "functions").rglob("*.py"))
    for path in sorted(files, key=lambda path: path.stem == "in_place"):  # it changes the others'
        import_module(
            ".".join(("convcalc", *path.relative_to(ROOT.parents[1]).with_suffix("").parts))
        )
    import_module(f"{PACKAGE}.nn")
    return room.BY_LETTER, homes


def is_home(name):
    """Return whether a module is one whose functions are registered."""
    return name.startswith(PACKAGE) and not name.endswith((".registry", ".room", ".tensor"))


def completed(rooms, homes):
    """Return what is the same in several rooms, as far as PyTorch has it there: how it is made.

    torch has functions that change a tensor in its place, and many of its functional; tensors have
    as methods what torch has.
    """
    from convcalc.network.torch.functions.registry import Operation
    from convcalc.network.torch.functions.signatures import names_of

    def there(letter, name):
        return isinstance(dict.get(rooms[letter], name), Operation)

    made = {}
    for name in names_of("torch") - {each for letter, each in homes if letter == "t"}:
        ways = [letter for letter in ("m" if name[-1] == "_" else "") + "f" if there(letter, name)]
        if ways:
            made["t", name] = f"called {ways[0]}"
    taken = {each for letter, each in homes if letter in "ma"}
    for name in names_of("torch.Tensor") - taken:
        if there("t", name) or ("t", name) in made:
            made["m", name] = "called t"
    for name in names_of("torch"):
        base = name.removesuffix("_copy")
        if name != base and ("t", name) not in {*homes, *made}:
            if there("m", base) or ("m", base) in made:
                made["t", name] = "copying m"
    kept = {
        (letter, name): home
        for room, letter in LETTERS.items()
        for (each, name), home in homes.items()
        if each == letter and name in names_of(room)
    }
    return {**kept, **{key: home for key, home in homes.items() if key[0] in "ae"}, **made}


def found():
    """Return homes.txt: a line for the letters that have the same names of a file."""
    found = completed(*registered())
    letters = defaultdict(str)
    for letter, name in sorted(found):
        letters[name, found[letter, name]] += letter
    lines = defaultdict(list)
    for (name, home), several in sorted(letters.items()):
        lines[f"{several} {home}"].append(name)
    return "".join(f"{head}: {' '.join(names)}\n" for head, names in sorted(lines.items()))


if __name__ == "__main__":
    TEXT.write_text(found(), encoding="utf-8")
