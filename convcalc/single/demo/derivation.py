"""The formula in indices that makes each tensor, as the assignment derives it.

Every relation on the way from X to Y is linear: an entry of its result is a sum over the entries of
its source, each times a coefficient. That coefficient is the derivative, and by the chain rule the
gradient goes back through the same sum. δ is 1 where its indices agree and 0 elsewhere; a δ over
several indices agrees where a patch's number, or a value's, belongs to these places.

In texts a subscript is a letter per axis; letters in brackets stand for one index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, cast

from convcalc import text
from convcalc.formulas import nested_shape
from convcalc.single.demo.walk import Walk, Weighted

if TYPE_CHECKING:  # so that a walk loads no other kind's
    from convcalc.single.demo.convolution import Walkthrough
    from convcalc.single.demo.pooling import Pooled
    from convcalc.single.demo.transposed import Transposed

EQUAL = "δ_{} = 1 ⇔ {}, and 0 elsewhere"
"""What a δ of two indices means."""

MOST_READERS = 4
"""How many values of patches an example names."""


@dataclass(frozen=True)
class Step:
    """How one tensor comes about.

    `formula` has a line for each equality, `derivative` is the coefficient that it uses, and
    `where` says of each δ when it is 1, in the layer shown. `altogether` is the gradient in the
    tensors that the layer began with.
    """

    of: str
    formula: tuple[str, ...]
    where: tuple[str, ...] = ()
    derivative: str = ""
    altogether: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything that is to be read, line by line, but for what the δs mean."""
        return tuple(filter(None, (self.derivative, *self.formula, self.altogether)))


@dataclass(frozen=True)
class Relation:
    """`result` is the sum over its source's other letters of `source` times `coefficient`.

    `where` says when its δs are 1.
    """

    result: str
    source: str
    coefficient: str
    where: tuple[str, ...] = ()

    def forward(self, plus: str = "") -> Step:
        """Return how the result comes about."""
        summed = _over(self.source, self.result)
        return Step(
            of=self.result.partition("_")[0],
            formula=(f"{self.result} = {summed}{self.source} {self.coefficient}{plus}",),
            where=self.where,
        )

    def backward(self, collapsed: str, altogether: str = "", where: Sequence[str] = ()) -> Step:
        """Return how the source's gradient comes about; `collapsed` is what the δs leave of it."""
        arriving, name = _gradient(self.result), _gradient(self.source)
        derivative = f"∂{self.result}/∂{self.source}"
        summed = _over(self.result, "")
        return Step(
            of=name.partition("_")[0],
            derivative=f"{derivative} = {self.coefficient}",
            formula=(
                f"{name} = {summed}{arriving} {derivative}",
                f"= {summed}{arriving} {self.coefficient}",
                f"= {collapsed}",
            ),
            where=(*self.where, *where),
            altogether=altogether,
        )


def _gradient(entry: str) -> str:
    """Return an entry of a tensor's gradient: Y∇_abcd for Y_abcd."""
    return entry.replace("_", "∇_", 1)


def _over(entry: str, fixed: str) -> str:
    """Return the sum over an entry's letters but those that stand in another, if any are left."""
    letters = entry.partition("_")[2].replace("(", "").replace(")", "")
    free = "".join(each for each in letters if each not in fixed.partition("_")[2])
    return f"Σ_{free} " if free else ""


def derivation(walk: Walk) -> list[Step]:
    """Return how every tensor of a walk comes about, forward and, where it goes, backward."""
    if not isinstance(walk, Weighted):
        return _of_pooling(cast("Pooled", walk))
    if walk.layer.transposed:
        return _of_transposed(cast("Transposed", walk))
    return _of_convolution(cast("Walkthrough", walk))


def _of_convolution(walk: Walkthrough) -> list[Step]:
    s, groups = _Space(walk), walk.layer.groups
    bpk = walk.layout == "bpk"

    def u(patch: str, value: str, sample: str = "e") -> str:
        """Return an entry of the unfolded X, as it is laid out."""
        return f"Ũ_{sample}{patch}{value}" if bpk else f"U_{sample}{value}{patch}"

    opened = Relation(
        u("f", "h"),
        f"X_ab{s.cd}",
        f"δ_ea δ_fh,b{s.cd}",
        (EQUAL.format("ea", "e = a"), s.reading(walk, walk.in_channels)),
    )
    kernels = Relation("W̃_hi", f"W_ab{s.cd}", f"δ_ia δ_h,{s.own}", (s.value(walk),))
    by_kernels = Relation("Y′_efg", "W̃_hi", f"{u('f', 'h')} δ_gi")
    by_patches = Relation("Y′_efg", u("b", "h", "a"), "δ_ea δ_fb W̃_hg")
    maps = Relation(f"Y_ab{s.cd}", "Y′_efg", f"δ_ae δ_bg δ_{s.cd},f", (s.patch(walk),))
    product_ = Step("Y′", (f"Y′_efg = Σ_h {u('f', 'h')} W̃_hg",))
    plus = "" if walk.bias is None else " + bias_b"
    steps = [opened.forward(), kernels.forward(), product_, maps.forward(plus)]
    if walk.gradients is None:
        return steps
    taps = f"({'o' if groups > 1 else ''}c{s.uv})"
    of_weight = f"∂L/∂W_oc{s.uv} = Σ_b Σ_p Y′∇_bpo {u('p', taps, 'b')}"
    steps += [
        maps.backward(f"Σ_{s.cd} Y∇_eg{s.cd} δ_{s.cd},f"),
        by_kernels.backward(f"Σ_ef Y′∇_efi {u('f', 'h')}"),
        kernels.backward(
            f"Σ_h W̃∇_ha δ_h,{s.own}", of_weight, (f"{taps} = {s.number(walk, 'o', 'c', s.uv)}",)
        ),
        by_patches.backward("Σ_g Y′∇_abg W̃_hg"),
        opened.backward(
            f"Σ_fh {u('f', 'h', 'a').replace('_', '∇_')} δ_fh,b{s.cd}",
            *s.altogether(walk),
        ),
    ]
    return steps + ([] if walk.bias is None else [s.bias()])


def _of_transposed(walk: Transposed) -> list[Step]:
    s = _Space(walk)
    rows = Relation(
        "X′_efg",
        f"X_ab{s.cd}",
        f"δ_ae δ_bg δ_{s.cd},f",
        (EQUAL.format("ae", "a = e"), s.patch(walk)),
    )
    kernels = Relation("W̃_gh", f"W_ab{s.cd}", f"δ_ga δ_h,{s.own}", (s.value(walk),))
    by_kernels = Relation("Ũ_efh", "W̃_gi", "X′_efg δ_hi")
    by_patches = Relation("Ũ_efh", "X′_abg", "δ_ea δ_fb W̃_gh")
    folded = Relation(
        f"Y_ab{s.cd}",
        "Ũ_efh",
        f"δ_ea δ_fh,b{s.cd}",
        (s.reading(walk, walk.layer.out_channels),),
    )
    product_ = Step("Ũ", ("Ũ_efh = Σ_g X′_efg W̃_gh",))
    plus = "" if walk.bias is None else " + bias_b"
    steps = [rows.forward(), kernels.forward(), product_, folded.forward(plus)]
    if walk.gradients is None:
        return steps
    of_weight, of_input, meant = s.transposed(walk)
    steps += [
        folded.backward(f"Σ_b{s.cd} Y∇_eb{s.cd} δ_fh,b{s.cd}"),
        by_kernels.backward("Σ_ef Ũ∇_efi X′_efg"),
        kernels.backward(f"Σ_h W̃∇_ah δ_h,{s.own}", of_weight, meant),
        by_patches.backward("Σ_h Ũ∇_abh W̃_gh"),
        rows.backward(f"Σ_f X′∇_afb δ_{s.cd},f", of_input, meant),
    ]
    return steps + ([] if walk.bias is None else [s.bias()])


def _of_pooling(walk: Pooled) -> list[Step]:
    s = _Space(walk)
    read = ", ".join(s.places(walk, s.xy, s.ij, s.uv))
    of_a_window = f"for a tap {_listed(s.uv)}"
    if walk.maxima:
        coefficient = f"δ_ab{s.ij},{s.xy}"
        example = walk.placed(0, 0, *walk.maxima[0][0][0][0])[2:]
        where = (
            f"{coefficient} = 1 ⇔ X_ab{s.xy} is the first maximum of what window {_listed(s.ij)} "
            f"reads: in the first map {_listed(s.xy)} = {_numbers(example)} for window "
            f"{_numbers((0,) * walk.ndim)}"
        )
    else:
        coefficient = f"δ_{s.ij},{s.xy} / n_{s.ij}"
        where = (
            f"δ_{s.ij},{s.xy} = 1 ⇔ {read} {of_a_window}; n_{s.ij} is how many positions the "
            f"window has, so that n_{'0' * walk.ndim} = {walk.windows[0].size}"
        )
    relation = Relation(f"Y_ab{s.ij}", f"X_ab{s.xy}", coefficient, (where,))
    steps = [relation.forward()]
    if walk.gradients is not None:
        derivative = f"∂Y_ab{s.ij}/∂X_ab{s.xy}"
        steps.append(
            Step(
                of="X∇",
                derivative=f"{derivative} = {coefficient}",
                formula=(
                    f"X∇_ab{s.xy} = Σ_{s.ij} Y∇_ab{s.ij} {derivative}",
                    f"= Σ_{s.ij} Y∇_ab{s.ij} {coefficient}",
                ),
                where=(where,),
            )
        )
    return steps


class _Space:
    """The letters of a walk's axes, and what its δs mean."""

    def __init__(self, walk: Walk) -> None:
        flat = walk.ndim == 1
        self.cd = "c" if flat else "cd"
        self.ij = "j" if flat else "ij"
        self.uv = "v" if flat else "uv"
        self.xy = "x" if flat else "yx"
        groups = getattr(walk.layer, "groups", 1)
        self.own = f"{'a' if groups > 1 else ''}b{self.cd}"
        """What a value's number in W̃ depends on: with groups on the kernel's group too."""

    def patch(self, walk: Walk) -> str:
        """Return when δ_cd,f is 1."""
        width = len(walk.moves[0][0][0])
        example = min(width, len(walk.positions) - 1) if walk.patch is None else walk.patch
        place = walk.positions[example][2 - walk.ndim :]
        return (
            f"δ_{self.cd},f = 1 ⇔ f = {self._row_of(walk, self.cd)}, so that "
            f"f = {example} ⇔ {_listed(self.cd)} = {_numbers(place)}"
        )

    def value(self, walk: Walkthrough | Transposed) -> str:
        """Return when δ_h,bcd is 1."""
        kernels, share = nested_shape(walk.W)[:2]
        h_k, w_k = walk.layer.kernel_size
        a, b, c = (kernels - 1 if walk.layer.groups > 1 else 0), share - 1, h_k - 1
        first = a // (kernels // walk.layer.groups) * share
        number = ((first + b) * h_k + c) * w_k
        place = (*((a,) if walk.layer.groups > 1 else ()), b, *walk.placed(0, 0, c, 0)[2:])
        return (
            f"δ_h,{self.own} = 1 ⇔ h = {self.number(walk, 'a', 'b', self.cd)}, so that "
            f"h = {number} ⇔ {_listed(self.own)} = {_numbers(place)}"
        )

    def number(self, walk: Walkthrough | Transposed, kernel: str, channel: str, taps: str) -> str:
        """Return the number in W̃ of a kernel's value, from these letters."""
        h_k, w_k = walk.layer.kernel_size
        kernels, share = nested_shape(walk.W)[:2]
        groups, size = walk.layer.groups, h_k * w_k
        last = _linear(*zip((w_k, 1)[2 - walk.ndim :], taps, strict=True))
        if groups == 1:
            return f"{_linear((size, channel))} + {last}"
        first = f"⌊{kernel}/{kernels // groups}⌋" if kernels > groups else kernel
        return f"{_linear((size, f'({_linear((share, first), (1, channel))})'))} + {last}"

    def reading(self, walk: Walk, channels: int) -> str:
        """Return when δ_fh,bcd is 1: value h of patch f is where a window and its taps are."""
        h_k, w_k = walk.layer.settings[0]
        taps = _linear(*zip((w_k, 1)[2 - walk.ndim :], self.uv, strict=True))
        conditions = [
            f"f = {self._row_of(walk, self.ij)}",
            f"h = {_linear((h_k * w_k, 'b'))} + {taps}",
            *self.places(walk, self.cd, self.ij, self.uv),
        ]
        said = f"δ_fh,b{self.cd} = 1 ⇔ {', '.join(conditions)} for a window {_listed(self.ij)} "
        said += f"and a tap {_listed(self.uv)}"
        place, readers = _most_read(walk)
        if not readers:
            return said
        named = [_numbers(each) for each in readers[:MOST_READERS]]
        if len(readers) > MOST_READERS:
            named.append(f"{len(readers) - MOST_READERS} others")
        letters = _listed(f"b{self.cd}")
        return f"{said}, so that {letters} = {_numbers((0, *place))} ⇔ (f, h) = " + text.listed(
            named, "or"
        )

    def places(self, walk: Walk, at: str, window: str, tap: str) -> list[str]:
        """Return for each axis where a window's tap is, padding not counted in."""
        _, stride, ends, dilation = walk.layer.settings
        axes = range(2 - walk.ndim, 2)
        return [
            f"{letter} = {_linear((stride[axis], i), (dilation[axis], u), less=ends[axis][0])}"
            for axis, letter, i, u in zip(axes, at, window, tap, strict=True)
        ]

    def transposed(self, walk: Transposed) -> tuple[str, str, list[str]]:
        """Return W∇ and X∇ of a transposed convolution in Y∇, X and W, and when their δs are 1."""
        deltas, where = self._of_places(walk)
        channel = "o"
        if walk.layer.groups > 1:
            kernels, share = nested_shape(walk.W)[:2]
            group = kernels // walk.layer.groups
            first = f"⌊c/{group}⌋" if group > 1 else "c"
            channel = "(co)"
            where.append(f"(co) = {_linear((share, first), (1, 'o'))}")
        grad_y = f"Y∇_b{channel}{self.xy}"
        over_y = _sums(self.xy)
        weight, input_ = f"W_co{self.uv}", f"X_bc{self.ij}"
        return (
            f"∂L/∂{weight} = {_sums(f'b{self.ij}')}{over_y}{input_} {grad_y} {deltas}",
            f"∂L/∂{input_} = {_sums(f'o{self.uv}')}{over_y}{grad_y} {weight} {deltas}",
            where,
        )

    def _of_places(self, walk: Walk) -> tuple[str, list[str]]:
        """Return the δs that say where each tap of a window is, and when they are 1."""
        deltas = [f"δ_{z},{i}{u}" for z, i, u in zip(self.xy, self.ij, self.uv, strict=True)]
        places = self.places(walk, self.xy, self.ij, self.uv)
        said = [f"{delta} = 1 ⇔ {place}" for delta, place in zip(deltas, places, strict=True)]
        return " ".join(deltas), said

    def altogether(self, walk: Walkthrough) -> tuple[str, list[str]]:
        """Return X∇ in Y∇ and W, and when its δs are 1."""
        groups = walk.layer.groups
        sums = _sums(f"o{'g' if groups > 1 else ''}{self.ij}{self.uv}")
        of_group = "δ_c,og " if groups > 1 else ""
        channel = "g" if groups > 1 else "c"
        deltas, where = self._of_places(walk)
        if groups > 1:
            kernels, share = nested_shape(walk.W)[:2]
            first = f"⌊o/{kernels // groups}⌋" if kernels > groups else "o"
            where.append(f"δ_c,og = 1 ⇔ c = {_linear((share, first), (1, 'g'))}")
        return (
            f"∂L/∂X_bc{self.xy} = {sums}Y∇_bo{self.ij} W_o{channel}{self.uv} {of_group}{deltas}",
            where,
        )

    def bias(self) -> Step:
        """Return how the bias's gradient comes about."""
        y = f"ab{self.cd}"
        return Step(
            of="bias∇",
            derivative=f"∂Y_{y}/∂bias_o = δ_bo",
            formula=(
                f"bias∇_o = Σ_{y} Y∇_{y} ∂Y_{y}/∂bias_o",
                f"= Σ_{y} Y∇_{y} δ_bo",
                f"= Σ_a{self.cd} Y∇_ao{self.cd}",
            ),
        )

    def _row_of(self, walk: Walk, letters: str) -> str:
        """Return the number of a patch, from the letters of its window."""
        width = len(walk.moves[0][0][0])
        return _linear(*zip((width, 1)[2 - walk.ndim :], letters, strict=True))


def _most_read(walk: Walk) -> tuple[tuple[int, ...], list[tuple[int, int]]]:
    """Return a place of the first channel and every (f, h) that reads it.

    It is the middle one of those that most patches read.
    """
    (top, _), (left, _) = walk.layer.ends
    h, w = nested_shape(walk.spanned)[2:]
    readers: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for f in range(len(walk.positions)):
        for value, (row, column) in enumerate(walk.read_by(f)):
            readers.setdefault((row - top, column - left), []).append((f, value))
    real = [place for place in product(range(h), range(w)) if place in readers]
    if not real:
        return (), []
    most = max(len(readers[place]) for place in real)
    often = [place for place in real if len(readers[place]) == most]
    place = often[len(often) // 2]
    return place[2 - walk.ndim :], readers[place]


def _sums(letters: str) -> str:
    """Return a sum over each of these letters: Σ_b Σ_p."""
    return "".join(f"Σ_{letter} " for letter in letters)


def _linear(*terms: tuple[int, str], less: int = 0) -> str:
    """Return a sum of letters times numbers: 2·c + d − 1."""
    written = [letter if factor == 1 else f"{factor}·{letter}" for factor, letter in terms]
    return " + ".join(written) + (f" − {less}" if less else "")


def _listed(letters: str) -> str:
    """Return letters as a place: (c, d), or c alone."""
    return letters if len(letters) == 1 else f"({', '.join(letters)})"


def _numbers(place: Sequence[int]) -> str:
    """Return a place: (1, 0), or 1 alone."""
    return str(place[0]) if len(place) == 1 else f"({', '.join(map(str, place))})"
