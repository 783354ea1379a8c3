"""An outline as a path: inside its box, north up."""

import re

from hypothesis import given
from hypothesis import strategies as st

from qinghuan.web.administration.outline_drawing import HEIGHT, WIDTH, draw


@given(
    west=st.floats(73, 130),
    south=st.floats(4, 50),
    wide=st.floats(0.001, 5),
    high=st.floats(0.001, 5),
)
def test_a_drawing_stays_in_its_box(west: float, south: float, wide: float, high: float) -> None:
    ring = [[west, south], [west + wide, south], [west + wide, south + high], [west, south]]

    drawing = draw({"type": "MultiPolygon", "coordinates": [[ring]]})

    spots = [(float(x), float(y)) for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", drawing.path)]
    assert drawing.vertices == len(spots) == 3
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in spots)
    assert spots[2][1] <= spots[0][1]
