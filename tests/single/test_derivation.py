"""The derivation, read as it is printed: its sums and deltas make the tensors that are shown."""

import json
import random
import re
from functools import lru_cache
from itertools import islice, product

import pytest

from convcalc.formulas import nested_shape

LAYERS = {
    "worked": "--in 2x3x3 --out 2 --k 2",
    "oblong": "--in 2x3x5 --out 3 --k 2x3 --batch 2",
    "settings": "--in 2x4x5 --out 2 --k 2x3 --s 2x1 --p 1:0x0:1 --d 2x1 --bias --batch 2",
    "groups": "--in 4x3x4 --out 6 --k 2x3 --groups 2 --p 1x0",
    "depthwise": "--in 2x3x4 --out 2 --k 3x2 --groups 2",
    "u": "--in 2x3x4 --out 3 --k 2x1 --layout bkp",
    "u-groups": "--in 4x2x3 --out 2 --k 1x2 --groups 2 --layout bkp --batch 2 --s 1x2",
    "flat": "--in 2x6 --out 3 --k 3 --s 2 --p 1 --bias",
    "flat-groups": "--in 4x5 --out 4 --k 2 --groups 2 --batch 2 --d 2",
    "transposed": "--in 2x2x3 --out 3 --k 3x2 --s 2 --p 1x0 --output-padding 1 --transposed",
    "transposed-groups": "--in 4x2x3 --out 6 --k 2x3 --groups 2 --transposed --bias --batch 2",
    "transposed-flat": "--in 3x3 --out 2 --k 3 --s 2 --d 2 --transposed",
    "max": "--in 2x4x5 --k 2x3 --s 1x2 --pool max --p 1x0 --batch 2",
    "max-flat": "--in 2x7 --k 3 --s 2 --pool max --ceil-mode",
    "avg": "--in 2x4x5 --k 2x3 --s 1x2 --pool avg --p 1x0 --ceil-mode",
    "avg-flat": "--in 2x7 --k 3 --s 2 --pool avg",
}
KEYS = {
    "X": "X", "X′": "X_matrix", "Ũ": "U", "U": "U", "W": "W", "W̃": "W_matrix", "Y′": "Y_matrix",
    "Y": "Y", "bias": "bias",
}  # fmt: skip
ENTRY = re.compile(r"(δ|n|bias∇?|[A-ZŨ]\N{COMBINING TILDE}?′?∇?)_([a-z(),]+)")


MOST_PLACES = 24
"""At how many places a formula is held to a tensor, if it has more."""


class Red(Exception):
    """A formula that doesn't make its tensor."""


class Reader:
    """Reads the formulas of one answer of demo's in the numbers of that answer."""

    def __init__(self, answer, kernel):
        self.answer = answer
        self.known = {}
        self.steps = {step["of"]: step for step in answer["derivation"]}
        moves = answer["X" if "X_stretched" in answer else "Y"]
        ndim = len(kernel)
        windows = nested_shape(moves)[2:]
        self.bounds = dict(zip("ij"[2 - ndim :], windows, strict=True))
        self.bounds |= dict(zip("uv"[2 - ndim :], kernel, strict=True))

    def tensor(self, name):
        key = KEYS[name.removesuffix("∇")]
        return self.answer[f"grad_{key}" if name.endswith("∇") else key]

    def equality(self, name, line, where):
        """Raise Red where one side of an equality isn't the other, for any index."""
        left, letters = ENTRY.fullmatch(name.removeprefix("∂L/∂")).groups()
        if name.startswith("∂L/∂"):
            left += "∇"
        made = self.tensor(left)
        ranges = dict(zip(letters, nested_shape(made), strict=True))
        plus = "+ bias[b]" if line.endswith(" + bias_b") else ""
        summed = "".join(re.findall(r"Σ_([a-z]+)", line))
        factors = re.sub(r"Σ_[a-z]+ ", "", line.removesuffix(" + bias_b"))
        values, deltas = self.factors(factors, where, ranges)
        for letter in summed:
            if letter not in ranges:
                ranges[letter] = self.bounds[letter]
        loops = " ".join(f"for {x} in range({ranges[x]})" for x in summed)
        term = " * ".join(values) or "1"
        held = " and ".join(sorted(deltas, key=len)) or "True"
        source = f"sum({term} {loops} if {held})" if loops else f"({term}) * ({held})"
        function = eval(f"lambda {', '.join(letters)}: {source} {plus}", self.scope())
        places = list(product(*(range(ranges[letter]) for letter in letters)))
        if len(places) > MOST_PLACES:
            places = random.Random(line).sample(places, MOST_PLACES)
        for place in places:
            value = made
            try:
                for index in place:
                    value = value[index]
                if abs(function(*place) - value) > 1e-9:
                    raise Red(f"{name}{place}: {function(*place)} for {value} in {line}")
            except IndexError:
                raise Red(f"{line}: beyond the tensor") from None

    def factors(self, text, where, ranges):
        """Return Python for the tensors' entries of a product, and for its deltas."""
        values, deltas = [], []
        for factor in text.replace("/ n_", "n_").split():
            if factor.startswith("∂"):
                more = self.factors(self.step_of(factor), where, ranges)
                values += more[0]
                deltas += more[1]
            elif factor.startswith("n_"):
                values.append(f"(1 / n({', '.join(factor[2:])}))")
            elif factor.startswith("δ"):
                deltas.append(self.delta(factor, ENTRY.fullmatch(factor)[2], where))
            else:
                values.append(self.entry(factor, where, ranges))
        return values, deltas

    def scope(self):
        tensors = {
            ascii_name(name): self.tensor(name)
            for name in [*KEYS, *(f"{each}∇" for each in KEYS)]
            if ("grad_" if name.endswith("∇") else "") + KEYS[name.removesuffix("∇")] in self.answer
        }
        return tensors | {"known": self.known, "is_maximum": self.is_maximum, "n": self.size_of}

    def entry(self, factor, where, ranges):
        name, index = ENTRY.fullmatch(factor).groups()
        groups = re.findall(r"\([a-z]+\)|[a-z]", index)
        shape = nested_shape(self.tensor(name))
        if len(shape) != len(groups):
            raise Red(f"{factor} has {len(groups)} indices for {shape}")
        code = ascii_name(name)
        for group, size in zip(groups, shape, strict=True):
            if len(group) == 1:
                if ranges.setdefault(group, size) != size:
                    raise Red(f"{factor}: {group} is up to {size} and {ranges[group]}")
                code += f"[{group}]"
            else:
                numbers = [w.partition(" = ")[2] for w in where if w.startswith(f"{group} = ")]
                if not numbers:
                    raise Red(f"{group} is nowhere explained")
                code += f"[{python(numbers[0])}]"
        return code

    def step_of(self, fraction):
        """Return what stands for a derivative in the line above."""
        lines = [step["derivative"] or "" for step in self.steps.values()]
        (line,) = {each for each in lines if each.startswith(f"{fraction} = ")}
        return line.partition(" = ")[2]

    def delta(self, factor, index, where):
        if "," not in index:
            first, second = index
            return f"({first} == {second})"
        said = next((each for each in where if each.startswith(f"{factor} = 1 ⇔ ")), None)
        if said is None:
            raise Red(f"{factor} is nowhere explained")
        condition = said.partition(" ⇔ ")[2]
        if "maximum" in condition:
            return f"is_maximum({', '.join(index.replace(',', ''))})"
        condition = re.split(r", so that|; ", condition)[0]
        conditions, _, bound = condition.partition(" for a ")
        equations = " and ".join(
            python(each).replace(" = ", " == ") for each in conditions.split(", ")
        )
        letters = re.findall(r"\b[a-z]\b", bound.replace(" a ", " "))
        loops = " ".join(f"for {x} in range({self.bounds[x]})" for x in letters)
        if not loops:
            return f"({equations})"
        given = ", ".join(index.replace(",", ""))
        if factor not in self.known:  # asked again and again for the same
            self.known[factor] = lru_cache(None)(eval(f"lambda {given}: any({equations} {loops})"))
        return f"known['{factor}']({given})"

    def is_maximum(self, a, b, *place):
        window, at = place[: len(place) // 2], place[len(place) // 2 :]
        index = self.answer["indices"][a][b]
        for each in window:
            index = index[each]
        width = nested_shape(self.answer["X"])[-1]
        return index == (at[0] if len(at) == 1 else at[0] * width + at[1])

    def size_of(self, *window):
        """Return what an average divides by, from what it comes to: for X = 1 it would be 1."""
        return self.answer["sizes"][window]


def ascii_name(name):
    swaps = {"Ũ": "U", "\N{COMBINING TILDE}": "t", "′": "p", "∇": "g"}
    return "".join(swaps.get(each, each) for each in name)


def python(text):
    text = re.sub(r"⌊(\w)/(\d+)⌋", r"(\1//\2)", text)
    return text.replace("·", "*").replace("−", "-")


def lines_of(step):
    """Yield (name, right side) for every equality of a step."""
    if step["derivative"]:
        yield None, step["derivative"]
    name, *sides = step["formula"].split(" = ")
    for side in sides:
        yield name, side
    if step["altogether"]:
        yield tuple(step["altogether"].split(" = "))


def read(run, line):
    answer = json.loads(run(f"demo {line} --backward --seed 3 -f json").stdout)
    text = re.search(r"--k (\d+)(?:x(\d+))?", line)
    axes = nested_shape(answer["X"])[2:]
    kernel = [int(text[1]), int(text[2] or text[1])][: len(axes)]
    if "--pool avg" in line:
        answer["sizes"] = sizes(line, answer)
    return Reader(answer, kernel)


def sizes(line, answer):
    """Return how many positions each window has, by the reference."""
    from convcalc.references import pool_windows

    x = answer["X"]
    flat = len(nested_shape(x)) == 3
    if flat:
        x = [[[row] for row in sample] for sample in x]

    def setting(name, default):
        found = re.search(rf"--{name} (\d+)(?:x(\d+))?", line)
        pair = (int(found[1]), int(found[2] or found[1])) if found else default
        return (1 if name != "p" else 0, pair[1]) if flat else pair

    windows = pool_windows(
        x,
        setting("k", None),
        setting("s", setting("k", None)),
        setting("p", (0, 0)),
        ceil_mode="--ceil-mode" in line,
    )
    places = product(range(len(windows)), range(len(windows[0])))
    return {(i, j)[flat:]: windows[i][j].size for i, j in places}


@pytest.mark.parametrize("layer", LAYERS)
def test_every_formula_makes_the_tensor_that_is_shown(layer, run):
    reader = read(run, LAYERS[layer])
    held = 0
    for step in reader.steps.values():
        for name, side in lines_of(step):
            if name is not None:
                reader.equality(name, side, step["where"])
                held += 1
    assert held >= (3 if "--pool" in LAYERS[layer] else 17)
    named = {"X∇"} if "--pool" in LAYERS[layer] else {"W̃∇", "W∇", "X∇"}
    assert named <= set(reader.steps)


def drawn(chance):
    """Return the options of a random layer."""
    kind, ndim = chance.choice(["conv", "conv", "transposed", "max", "avg"]), chance.randint(1, 2)
    groups = chance.choice([1, 1, 2]) if kind in ("conv", "transposed") else 1

    def sizes(least, most):
        return "x".join(str(chance.randint(least, most)) for _ in range(ndim))

    line = f"--in {groups * chance.randint(1, 2)}x{sizes(1, 5)} --k {sizes(1, 3)}"
    settings = [f"--s {sizes(1, 3)}", f"--p {sizes(0, 2)}", "--batch 2"]
    if kind == "avg":
        settings.append("--ceil-mode")
    else:
        settings.append(f"--d {sizes(1, 2)}")
    line += "".join(f" {each}" for each in settings if chance.random() < 0.5)
    if kind in ("max", "avg"):
        return f"{line} --pool {kind}"
    line += f" --out {groups * chance.randint(1, 3)} --groups {groups}"
    if kind == "transposed":
        return f"{line} --transposed --output-padding {sizes(0, 1)}"
    return line + chance.choice(["", " --layout bkp", " --bias"])


def test_every_formula_of_random_layers_makes_its_tensor(hostile, run):
    held = 0
    for chance in islice(hostile, 0, None, 6):
        line = drawn(chance)
        if run(f"demo {line} --backward").exit_code == 2:
            continue
        reader = read(run, line)
        for step in reader.steps.values():
            for name, side in lines_of(step):
                if name is not None:
                    reader.equality(name, side, step["where"])
        held += 1
    assert held


def exchanged(side):
    """Yield a right side with two indices of one factor exchanged, in every way."""
    summed = "".join(re.findall(r"Σ_([a-z]+)", side))
    for found in ENTRY.finditer(side):
        name, index = found.groups()
        if name == "δ" and "," not in index:
            continue  # which says the same
        # Of two that stand nowhere else, and are summed over, the order is nothing.
        elsewhere = re.sub(r"Σ_[a-z]+ ", "", side[: found.start()]) + side[found.end() :]
        letters = [at for at, each in enumerate(index) if each.isalpha()]
        once = {at for at in letters if index[at] in summed and index[at] not in elsewhere}
        for first, second in product(letters, letters):
            if first < second and name != "δ" and not {first, second} <= once:
                swapped = list(index)
                swapped[first], swapped[second] = swapped[second], swapped[first]
                start, end = found.span(2)
                yield side[:start] + "".join(swapped) + side[end:]


@pytest.mark.parametrize("layer", ["settings", "groups", "flat", "transposed"])
def test_two_indices_exchanged_are_seen(layer, run):
    reader = read(run, LAYERS[layer])
    tried = 0
    for step in reader.steps.values():
        for name, side in lines_of(step):
            if name is None or "∂" in side:
                continue
            for wrong in exchanged(side):
                tried += 1
                with pytest.raises(Red):
                    reader.equality(name, wrong, step["where"])
    assert tried > 40


@pytest.mark.parametrize("layer", LAYERS)
def test_what_the_deltas_mean_is_true_of_the_layer_shown(layer, run):
    reader = read(run, LAYERS[layer])
    seen = 0
    for step in reader.steps.values():
        for said in step["where"]:
            delta = re.match(r"(δ_([a-z]+),([a-z]+)) = 1 ⇔ ", said)
            example = re.search(r", so that (.*) ⇔ (.*)$", said)
            if not delta or not example:
                continue
            condition = reader.delta(delta[1], f"{delta[2]},{delta[3]}", [said])
            letters = delta[2] + delta[3]
            fixed, values = assigned(example[1])
            free, ways = assigned(example[2])
            for way in ways:
                scope = dict(zip(fixed + free, [*values[0], *way], strict=True))
                assert set(scope) == set(letters)
                assert eval(condition, scope | {"known": reader.known}), (said, scope)
            others = re.search(r"(\d+) others", example[2])
            if free != ["f", "h"]:
                assert len(ways) == 1
            else:
                code = eval(
                    f"lambda {', '.join(fixed)}, f, h: {condition}", {"known": reader.known}
                )
                found = [way for way in product(range(40), repeat=2) if code(*values[0], *way)]
                assert len(found) == len(ways) + int(others[1] if others else 0), said
            seen += 1
    assert seen or "--pool" in LAYERS[layer]


def assigned(text):
    """Return the letters of `(c, d) = (1, 0)`, and every place that is named."""
    letters, _, places = text.partition(" = ")
    found = [tuple(map(int, re.findall(r"\d+", each))) for each in re.findall(r"\([^)]*\)", places)]
    if not found:
        found = [(int(places),)]
    return re.findall("[a-z]", letters), found
