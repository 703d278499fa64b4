"""Print what becomes of torchvision's models: read from their source, and from their print.

    python tests/network/torchvision_table.py …/site-packages/torchvision/models [MODEL …]

A line per model: whether each way agrees with PyTorch's stored answer, output, parameters,
multiply-accumulates and every call of a layer, and whether the two ways agree with each other, the
operations between the layers and the memory of all outputs included.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
if __name__ == "__main__":
    sys.path[:0] = [str(TESTS.parent), str(TESTS)]

from network.test_blocks import MODELS, PRINTED, calls, followed, truth_of  # noqa: E402

from convcalc.formulas import ConvcalcError  # noqa: E402
from convcalc.network.model import followed as read  # noqa: E402


def faults(answer, truth) -> Iterator[str]:
    """Yield what PyTorch says otherwise."""
    if not answer.fits:
        yield f"doesn't fit: {answer.error.message}"
        return
    if list(answer.output) != truth["output"]:
        yield f"output {answer.output}"
    for key, value in (("params", answer.total_params), ("macs", answer.total_macs)):
        if value != truth[key]:
            yield f"{key} {value:,}, not {truth[key]:,}"
    if calls(answer) != [truth_of(call) for call in truth["calls"]]:
        yield "calls"


def between(answer) -> list[tuple[str | None, object, object, int | None]]:
    """Return what a network does, in its order, but for the names of the operations."""
    return [(row.name, row.input, row.output, row.macs) for row in answer.rows if row.macs]


def differences(source, printed) -> Iterator[str]:
    """Yield where the two ways differ."""
    if between(source) != between(printed):
        yield "work"
    if source.output_bytes != printed.output_bytes:
        yield f"memory {source.output_bytes:,} and {printed.output_bytes:,}"
    if source.total_params != printed.total_params:
        yield "parameters"
    seen = [
        {(row.name, row.receptive_field, row.effective_stride) for row in answer.rows if row.name}
        for answer in (source, printed)
    ]
    if seen[0] != seen[1]:
        yield "receptive fields"


def main() -> None:
    folder, *chosen = sys.argv[1:]
    right = agreed = 0
    for truth in MODELS:
        name = truth["model"]
        if chosen and name not in chosen:
            continue
        shape = tuple(truth["input"])
        ways, words = [], []
        for ask in (
            lambda: read(Path(folder, truth["file"]), f"{name}()", [shape]),  # noqa: B023
            lambda: followed(PRINTED[name], shape),  # noqa: B023
        ):
            before = time.process_time()
            try:
                ways.append(ask())
                found = list(faults(ways[-1], truth))
            except ConvcalcError as error:
                found = [str(error)]
            seconds = time.process_time() - before
            right += not found
            words.append(f"{'; '.join(found) or 'right'} ({seconds:.2f} s)")
        other = list(differences(*ways)) if len(ways) == 2 else ["one way alone"]
        agreed += not other
        print(f"{name:22}", *words, "; ".join(other) or "agree", sep=" | ", flush=True)
    print(f"{right} of {2 * len(MODELS)} right, {agreed} of {len(MODELS)} agree")


if __name__ == "__main__":
    main()
