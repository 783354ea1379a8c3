import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.core.geo import Place, distance_m, from_gcj02, to_gcj02

china = st.builds(
    lambda lon, lat: Place(longitude_deg=lon, latitude_deg=lat),
    st.floats(75, 134),
    st.floats(18, 53),
)


def test_one_degree_of_latitude_is_about_111_km() -> None:
    south = Place(longitude_deg=110, latitude_deg=21)
    north = Place(longitude_deg=110, latitude_deg=22)

    assert distance_m(south, north) == pytest.approx(111_195, abs=1)


@given(place=china)
def test_the_chinese_map_offset_is_undone_to_a_centimetre(place: Place) -> None:
    assert distance_m(from_gcj02(to_gcj02(place)), place) < 0.01


@given(place=china)
def test_the_chinese_map_offset_moves_a_point_by_less_than_a_kilometre(place: Place) -> None:
    assert distance_m(to_gcj02(place), place) < 1_000
