from datetime import date

import pytest

from qinghuan.sensing.errors import StandardUnknown
from qinghuan.sensing.standards.rulebook import AIR_HOUR, AQI, WATER, edition_on, read_edition


@pytest.mark.parametrize("name", [*AQI, *WATER, *AIR_HOUR])
def test_every_table_says_where_it_comes_from(name: str) -> None:
    edition = read_edition(name)

    assert edition.standard
    assert edition.clause
    assert edition.provenance in {"text", "two sources", "one source"}
    assert edition.rows


def test_a_day_without_an_edition_is_named() -> None:
    with pytest.raises(StandardUnknown) as caught:
        edition_on(AIR_HOUR, date(2026, 3, 1))

    assert "2026-03-01" in str(caught.value)
