"""Place: WGS84 inside, GCJ-02 only at the display edge.

CGCS2000 and WGS84 differ by centimetres and are one thing here.
"""

from dataclasses import dataclass
from math import asin, cos, hypot, pi, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius (IUGG R1)."""

_KRASOVSKY_A_M = 6_378_245.0
_KRASOVSKY_E2 = 0.00669342162296594323


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point in WGS84."""

    longitude_deg: float
    latitude_deg: float


def distance_m(first: Place, second: Place) -> float:
    """Great-circle distance between two places [m]."""
    lat1, lat2 = radians(first.latitude_deg), radians(second.latitude_deg)
    half_lat = sin((lat2 - lat1) / 2)
    half_lon = sin(radians(second.longitude_deg - first.longitude_deg) / 2)
    chord = half_lat**2 + cos(lat1) * cos(lat2) * half_lon**2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def to_gcj02(place: Place) -> Place:
    """Shift a WGS84 place into GCJ-02, as Chinese web maps draw it.

    Valid for:
        Mainland China; elsewhere the maps apply no shift and neither should a caller.

    Source:
        The widely published polynomial of the offset (no official text exists).
    """
    x, y = place.longitude_deg - 105.0, place.latitude_deg - 35.0
    ripple = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    d_lat += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    d_lat += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    d_lon += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    d_lon += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    lat = radians(place.latitude_deg)
    magic = 1 - _KRASOVSKY_E2 * sin(lat) ** 2
    meridian_m = _KRASOVSKY_A_M * (1 - _KRASOVSKY_E2) / (magic * sqrt(magic))
    parallel_m = _KRASOVSKY_A_M / sqrt(magic) * cos(lat)
    return Place(
        longitude_deg=place.longitude_deg + d_lon * 180.0 / (parallel_m * pi),
        latitude_deg=place.latitude_deg + d_lat * 180.0 / (meridian_m * pi),
    )


def from_gcj02(place: Place) -> Place:
    """Undo the GCJ-02 shift, to under a centimetre, by fixed-point steps."""
    guess = place
    for _ in range(8):
        shifted = to_gcj02(guess)
        d_lon = place.longitude_deg - shifted.longitude_deg
        d_lat = place.latitude_deg - shifted.latitude_deg
        guess = Place(
            longitude_deg=guess.longitude_deg + d_lon, latitude_deg=guess.latitude_deg + d_lat
        )
        if hypot(d_lon, d_lat) < 1e-9:
            break
    return guess
