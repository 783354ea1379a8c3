"""The rail: rooms that exist, each shown to whom it opens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qinghuan.people.model import Actor
from qinghuan.web.classification import Classified
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room of the rail, wherever its pages are."""

    key: str
    label: str
    icon: str
    href: str
    is_low: bool = False
    """Stands at the rail's foot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RailEntry:
    """A room with the rule of its first page."""

    room: Room
    rule: Rule


ROOMS = (
    Room(key="cockpit", label=N_("驾驶舱"), icon="map", href="/cockpit"),
    Room(key="lookout", label=N_("瞭望"), icon="tower", href="/lookout"),
    Room(key="signals", label=N_("线索"), icon="inbox", href="/signals"),
    Room(key="cases", label=N_("案卷"), icon="case", href="/cases"),
    Room(key="tasks", label=N_("任务"), icon="task", href="/tasks"),
    Room(key="stations", label=N_("站点"), icon="station", href="/stations"),
    Room(key="carbon", label=N_("双碳"), icon="carbon", href="/carbon"),
    Room(key="suggestions", label=N_("建议"), icon="deputy", href="/suggestions"),
    Room(key="supervision", label=N_("督办"), icon="watch", href="/supervision"),
    Room(key="log", label=N_("存证"), icon="proof", href="/log"),
    Room(key="admin", label=N_("管理"), icon="gear", href="/admin", is_low=True),
)
"""Every room that can stand on the rail, in its order; only those with a route do."""


def rail_of(classified: Iterable[Classified]) -> tuple[RailEntry, ...]:
    """The rooms whose first page exists."""
    rules: Mapping[str, Rule] = {
        route.path: route.rule for route in classified if "GET" in route.methods
    }
    return tuple(
        RailEntry(room=room, rule=rules[room.href]) for room in ROOMS if room.href in rules
    )


def open_to(rail: Iterable[RailEntry], actor: Actor) -> tuple[RailEntry, ...]:
    """The entries an actor may open."""
    return tuple(entry for entry in rail if entry.rule.opens_to(actor))
