"""Units of the wire and the screen, and the conversions between them."""

from decimal import Decimal

from qinghuan.sensing.errors import UnitsDiffer

_MASS = {"ng": -9, "ug": -6, "mg": -3, "g": 0}
_PER = ("m3", "L")

_SHOWN = {
    "1": "",
    "ug/m3": "µg/m³",
    "mg/m3": "mg/m³",
    "ng/m3": "ng/m³",
    "ug/L": "µg/L",
    "Cel": "℃",
    "deg": "°",
    "m3": "m³",
    "m2": "m²",
    "m3/s": "m³/s",
    "uS/cm": "µS/cm",
    "1/L": "个/L",
    "degree": "度",
    "t/(km2.mo)": "t/(km²·月)",
}


def shown(unit: str) -> str:
    """A unit as screens print it."""
    return _SHOWN.get(unit, unit)


def convert(value: Decimal, unit: str, wanted: str) -> Decimal:
    """Express a value in another unit of the same kind, exactly.

    Raises:
        UnitsDiffer: The units do not measure the same thing, or one is not known here.
    """
    if unit == wanted:
        return value
    given_power, wanted_power = _power(unit), _power(wanted)
    if given_power is None or wanted_power is None or given_power[1] != wanted_power[1]:
        raise UnitsDiffer(unit, wanted)
    return Decimal(f"{value.scaleb(given_power[0] - wanted_power[0]):f}")


def _power(unit: str) -> tuple[int, str] | None:
    """Power of ten of a concentration's mass, and what it is in."""
    mass, _, per = unit.partition("/")
    return (_MASS[mass], per) if mass in _MASS and per in _PER else None
