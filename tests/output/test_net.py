"""What `net` answers in JSON and tables: bytes of the dtype that was asked for."""

import json

import pytest


@pytest.mark.parametrize(("dtype", "size"), [("float64", 8), ("float16", 2), ("int8", 1)])
def test_the_bytes_of_rows_are_those_of_the_dtype(dtype, size, run):
    line = f"net --layers 'Conv2d(1, 2, 3), ReLU()' --in 1x5x5 --batch 3 --dtype {dtype}"
    answer = json.loads(run(f"{line} -f json").stdout)
    assert [row["bytes"] for row in answer["layers"]] == [3 * 2 * 3 * 3 * size] * 2
    assert answer["output_bytes"] == sum(row["bytes"] for row in answer["layers"])
    assert answer["bytes"] == answer["total_params"] * size
    memory = [line.split(",")[-1] for line in run(f"{line} -f csv --columns memory").stdout.split()]
    assert memory[1:4] == [str(54 * size), str(54 * size), str(108 * size)]
