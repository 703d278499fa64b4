"""Pages as plain data: columns chosen by name, totals, cells as people read them."""

import pytest

from convcalc.formulas import ConvcalcError
from convcalc.output.page import Column, Judged, Memory, Table, cell_text, chosen, shared

COLUMNS = [
    Column("name", "name", lambda row, _: row[0], lambda _: "total", left=True),
    Column("params", "parameters", lambda row, rows: row[1], lambda rows: sum(r[1] for r in rows)),
    Column("macs", "MACs", lambda row, _: row[2], where=lambda rows: any(r[2] for r in rows)),
]


def test_columns_are_chosen_by_name_in_the_order_asked_for():
    assert [column.heading for column in chosen(COLUMNS, [], ["macs", "name"])] == ["MACs", "name"]
    with pytest.raises(ConvcalcError) as refused:
        chosen(COLUMNS, [], ["name", "work"])
    assert refused.value.argument == "columns"
    assert refused.value.sentence("--columns") == (
        "--columns work: no such column, there are name, params, macs"
    )


def test_unless_asked_for_a_column_stands_where_it_says_something():
    assert chosen(COLUMNS, [("a", 2, None)]) == COLUMNS[:2]
    assert chosen(COLUMNS, [("a", 2, 3)]) == COLUMNS


def test_a_total_is_a_row_where_a_column_has_one():
    rows = [("a", 2, None), ("b", 3, 4)]
    assert Table(COLUMNS, rows, rows).cells() == [["a", 2, None], ["b", 3, 4], ["total", 5, ""]]
    assert Table(COLUMNS[2:], rows, rows).cells() == [[None], [4]]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, "–"),
        ("text\n", "text\\n"),
        (1024, "1,024"),
        (0.5, "0.5"),
        (Memory(2048), "2.0 KiB"),
        ((None, 32, 1024), "C_out × 32 × 1,024"),
        (Judged(12, good=False), "12"),
    ],
)
def test_cells(cell, shown):
    assert cell_text(cell) == shown


def test_what_all_axes_share_is_one_number():
    assert shared((3, 3)) == 3
    assert shared((3, 5)) == (3, 5)
    assert shared(()) == ()
    assert shared(None) is None
