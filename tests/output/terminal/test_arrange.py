"""Where pictures stand: in order, within the width, in the fewest lines there can be."""

import random
from itertools import product

from convcalc.output.terminal.arrange import arranged


def test_beside_where_there_is_room_and_below_where_there_is_none():
    boxes = [[(10, 5)], [(20, 3)], [(5, 4)]]
    assert arranged(boxes, 39, 2).rows == ((((0, 0),), ((1, 0),), ((2, 0),)),)
    assert arranged(boxes, 39, 2).height == 5
    assert arranged(boxes, 20, 2).height == 5 + 1 + 3 + 1 + 4


def test_what_is_low_stands_in_a_stack_beside_what_is_high():
    layout = arranged([[(10, 5)], [(10, 5)], [(10, 11)]], 22, 2)
    assert layout.rows == ((((0, 0), (1, 0)), ((2, 0),)),)
    assert (layout.width, layout.height) == (22, 11)


def test_what_is_too_wide_has_a_row_of_its_own():
    layout = arranged([[(10, 2)], [(50, 2), (40, 9)], [(10, 2)]], 30, 2)
    assert layout.rows == ((((0, 0),),), (((1, 1),),), (((2, 0),),))


def heights(sizes, room, gap):
    """Yield the height of every layout of one row, as plainly as can be."""
    for cuts in product([False, True], repeat=len(sizes) - 1):
        columns = [[0]]
        for at, cut in enumerate(cuts, 1):
            columns.append([at]) if cut else columns[-1].append(at)
        for ways in product(*(range(len(each)) for each in sizes)):
            drawn = [sizes[at][way] for at, way in enumerate(ways)]
            width = sum(max(drawn[at][0] for at in column) for column in columns)
            if width + gap * (len(columns) - 1) <= room:
                yield max(sum(drawn[at][1] + 1 for at in column) - 1 for column in columns)


def test_no_layout_of_one_row_is_lower():
    rng = random.Random("layouts")
    for _ in range(200):
        sizes = [
            [(rng.randint(1, 12), rng.randint(1, 9)) for _ in range(rng.randint(1, 2))]
            for _ in range(rng.randint(1, 5))
        ]
        layout = arranged(sizes, 30, 2)
        assert [at for row in layout.rows for column in row for at, _ in column] == [
            *range(len(sizes))
        ]
        assert layout.width <= 30
        assert layout.height <= min(heights(sizes, 30, 2), default=10**6)
