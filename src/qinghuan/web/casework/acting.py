"""A caller as casework knows him: a person with capacities, acting for one office."""

from qinghuan.casework.model import Acting
from qinghuan.people.area import contains
from qinghuan.people.model import Actor


def acting_as(actor: Actor, area_code: str = "") -> Acting:
    """How a caller acts on a matter of an area.

    Only roles whose area holds the matter's count; the office is that of the nearest of them.

    Args:
        actor: Who is signed in.
        area_code: Where the matter lies; empty counts every role.
    """
    held = [each for each in actor.roles if not area_code or contains(each.area_code, area_code)]
    held.sort(key=lambda each: len(each.area_code), reverse=True)
    office = next((str(each.office_id) for each in held if each.office_id is not None), None)
    return Acting(
        person=str(actor.person_id or ""),
        roles=frozenset(each.role.value for each in held),
        office_id=office,
        label=actor.name_label,
    )
