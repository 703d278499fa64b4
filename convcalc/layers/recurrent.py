"""Recurrent networks and their cells.

Source: https://pytorch.org/docs/stable/nn.html#recurrent-layers
"""

from __future__ import annotations

from typing import Any

from convcalc import text
from convcalc.formulas import ConvcalcError, TooLarge, whole
from convcalc.layers.base import (
    IN_PLACE,
    Batch,
    Layer,
    Output,
    Reach,
    Shape,
    along_sequence,
    described,
    flag,
    misfit,
    one_of,
    samples,
)

GATES = {"RNN_TANH": 1, "RNN_RELU": 1, "GRU": 3, "LSTM": 4}
"""How many rows of weights each mode has for every hidden value."""
MOST_LAYERS = 10_000
"""The most layers that are stacked: each has tensors of its own."""
NONLINEARITIES = ("tanh", "relu")


def check_state(hx: Any, hidden: Shape) -> None:
    """Raise ConvcalcError where the state that is handed on isn't one tensor of this shape."""
    if hx is not None and not all(isinstance(each, int) for each in hx):
        raise ConvcalcError(f"expects hx of {described(hidden)}, gets {len(hx)} tensors")
    if hx is not None and tuple(hx) != hidden:
        raise ConvcalcError(f"expects hx of {described(hidden)}, gets {described(hx)}")


def check_pair(hx: Any, hidden: Shape, cell: Shape) -> None:
    """Raise ConvcalcError where the states that are handed on aren't two tensors of these."""
    if hx is None:
        return
    both = f"{described(hidden)} and {described(cell)}"
    if len(hx) != 2 or any(isinstance(each, int) for each in hx):
        given = described(hx) if all(isinstance(each, int) for each in hx) else len(hx)
        raise ConvcalcError(f"expects the pair (h_0, c_0) of {both}, gets {given}")
    if [tuple(each) for each in hx] != [hidden, cell]:
        gets = " and ".join(map(described, hx))
        raise ConvcalcError(f"expects hx of {both}, gets {gets}")


class RNNBase(Layer):
    """What recurrent networks share, by their mode: weights for every layer and direction."""

    told_apart = True
    mode: str
    input_size: int
    hidden_size: int
    num_layers: int
    bias: bool
    batch_first: bool
    dropout: float
    bidirectional: bool
    proj_size: int

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        one_of("mode", mode, tuple(GATES))
        flag("bias", bias)
        flag("batch_first", batch_first)
        is_number = isinstance(dropout, (int, float)) and not isinstance(dropout, bool)
        if not is_number or not 0 <= dropout <= 1:
            raise ConvcalcError(f"{dropout!r} is not a number from 0 to 1", "dropout")
        hidden_size = whole("hidden_size", hidden_size, 1)
        proj_size = whole("proj_size", proj_size, 0)
        if proj_size >= hidden_size:
            raise ConvcalcError(f"{proj_size} is not below hidden_size {hidden_size}", "proj_size")
        num_layers = whole("num_layers", num_layers, 1)
        if num_layers > MOST_LAYERS:
            raise TooLarge(f"a stack of {num_layers:,} layers")
        self._keep(
            mode=mode,
            input_size=whole("input_size", input_size, 1),
            hidden_size=hidden_size,
            num_layers=num_layers,
            bias=bias,
            batch_first=batch_first,
            dropout=float(dropout),
            bidirectional=bidirectional,
            proj_size=proj_size,
        )

    @property
    def _directions(self) -> int:
        return 2 if self.bidirectional else 1

    @property
    def _kept(self) -> int:
        """How many values a step hands on to the next, and to the layer above."""
        return self.proj_size or self.hidden_size

    def _sequence(self, input: Shape) -> tuple[Shape, Shape]:
        """Return the sequence's and the batch's axes that come out, and the batch alone."""
        if len(input) not in (2, 3) or input[-1] != self.input_size:
            axes = ("batch", "sequence") if self.batch_first else ("sequence", "batch")
            raise misfit(text.shape((*axes, self.input_size)), input)
        outer = input[:-1]
        return outer, (() if len(input) == 2 else (outer[0 if self.batch_first else 1],))

    def _hidden(self, batch: Shape, size: int) -> Shape:
        return (self.num_layers * self._directions, *batch, size)

    def output(self, input: Shape, hx: Any = None) -> Output:
        """Return (out, h): a row for every step, and what the last step hands on."""
        outer, batch = self._sequence(input)
        hidden = self._hidden(batch, self.hidden_size)
        check_state(hx, hidden)
        return [(*outer, self._directions * self.hidden_size), hidden]

    def parameters(self) -> dict[str, Shape | None]:
        """Return the weights and biases of every layer and direction, in PyTorch's order."""
        learnt: dict[str, Shape | None] = {}
        rows = GATES[self.mode] * self.hidden_size
        for layer in range(self.num_layers):
            inputs = self._kept * self._directions if layer else self.input_size
            for suffix in ("", "_reverse")[: self._directions]:
                learnt[f"weight_ih_l{layer}{suffix}"] = (rows, inputs)
                learnt[f"weight_hh_l{layer}{suffix}"] = (rows, self._kept)
                if self.bias:
                    learnt[f"bias_ih_l{layer}{suffix}"] = (rows,)
                    learnt[f"bias_hh_l{layer}{suffix}"] = (rows,)
                if self.proj_size:
                    learnt[f"weight_hr_l{layer}{suffix}"] = (self.proj_size, self.hidden_size)
        return learnt

    def macs(self, *inputs: Any) -> int:
        """Return weights × steps, over all samples."""
        self._sequence(inputs[0])
        weights = [
            shape[0] * shape[1]
            for name, shape in self.parameters().items()
            if name.startswith("weight") and shape is not None
        ]
        return samples(inputs[0], 1) * sum(weights)

    def reach(self, input: Shape) -> Reach:
        """Return the batch in place: every step reads all before it."""
        return along_sequence(input, self.batch_first)

    def notes(self, input: Shape) -> list[str]:
        """Return that the samples are taken for a sequence, where they are."""
        if (self.batch_first and len(input) == 3) or not isinstance(input[0], Batch):
            return []
        would = (
            "batch_first=True takes the batch first" if len(input) == 3 else "one step is 1 long"
        )
        return [f"The samples are taken for the steps of one sequence: {would}."]

    def filled(self, input: Shape) -> Shape:
        """Return the length of the sequences."""
        return input[self.batch_first and len(input) == 3 :][:1]


class RNN(RNNBase):
    """A recurrent network of tanh or relu."""

    saves = "composed"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        one_of("nonlinearity", nonlinearity, NONLINEARITIES)
        mode = f"RNN_{nonlinearity.upper()}"
        sizes = (input_size, hidden_size, num_layers)
        super().__init__(mode, *sizes, bias, batch_first, dropout, bidirectional)
        self._keep(nonlinearity=nonlinearity)


class GRU(RNNBase):
    """A network of gated recurrent units."""

    saves = "composed"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        sizes = (input_size, hidden_size, num_layers)
        super().__init__("GRU", *sizes, bias, batch_first, dropout, bidirectional)


class LSTM(RNNBase):
    """A long short-term memory, with projections where proj_size is above 0."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        sizes = (input_size, hidden_size, num_layers)
        super().__init__("LSTM", *sizes, bias, batch_first, dropout, bidirectional, proj_size)

    def output(self, input: Shape, hx: Any = None) -> Output:
        """Return (out, (h, c)): a row for every step, and what the last step hands on."""
        outer, batch = self._sequence(input)
        hidden, cell = self._hidden(batch, self._kept), self._hidden(batch, self.hidden_size)
        check_pair(hx, hidden, cell)
        return [(*outer, self._directions * self._kept), [hidden, cell]]


class RNNCellBase(Layer):
    """What the cells share: one step of a recurrent network, with `num_chunks` gates."""

    told_apart = True
    saves = "composed"
    input_size: int
    hidden_size: int
    bias: bool
    _gates: int

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool,
        num_chunks: int,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        self._keep(
            input_size=whole("input_size", input_size, 1),
            hidden_size=whole("hidden_size", hidden_size, 1),
            bias=bias,
            _gates=whole("num_chunks", num_chunks, 1),
        )

    def _step(self, input: Shape) -> Shape:
        """Return the hidden state that comes out."""
        if len(input) not in (1, 2) or input[-1] != self.input_size:
            raise misfit(f"{self.input_size:,} features", input)
        return (*input[:-1], self.hidden_size)

    def output(self, input: Shape, hx: Any = None) -> Output:
        """Return h (b, hidden_size)."""
        hidden = self._step(input)
        check_state(hx, hidden)
        return hidden

    def parameters(self) -> dict[str, Shape | None]:
        """Return the weights and biases for the input and for the hidden state."""
        rows = self._gates * self.hidden_size
        bias = (rows,) if self.bias else None
        return {
            "weight_ih": (rows, self.input_size),
            "weight_hh": (rows, self.hidden_size),
            "bias_ih": bias,
            "bias_hh": bias,
        }

    def macs(self, *inputs: Any) -> int:
        """Return weights × samples."""
        rows = self._gates * self.hidden_size
        return samples(self._step(inputs[0]), 1) * rows * (self.input_size + self.hidden_size)

    def reach(self, input: Shape) -> Reach:
        """Return the batch in place, and None for the features."""
        return (IN_PLACE,) * (len(input) - 1) + (None,)


class RNNCell(RNNCellBase):
    """One step of an RNN."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        one_of("nonlinearity", nonlinearity, NONLINEARITIES)
        super().__init__(input_size, hidden_size, bias, 1)
        self._keep(nonlinearity=nonlinearity)


class GRUCell(RNNCellBase):
    """One step of a GRU."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 3)


class LSTMCell(RNNCellBase):
    """One step of an LSTM."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 4)

    def output(self, input: Shape, hx: Any = None) -> Output:
        """Return (h, c), both (b, hidden_size)."""
        hidden = self._step(input)
        check_pair(hx, hidden, hidden)
        return [hidden, hidden]
