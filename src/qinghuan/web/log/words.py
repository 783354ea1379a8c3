"""Chinese words of the records' kinds, marked for translation."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from qinghuan.core.clock import BEIJING
from qinghuan.web.administration.words import ACTS
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "signal": N_("线索"),
        "case": N_("案卷"),
        "station": N_("站点"),
        "frame": N_("报文"),
        "frames": N_("报文入库"),
        "episode": N_("超标过程"),
        "limit": N_("限值"),
        "observation": N_("观测值"),
        "evidence": N_("证据"),
        "clock": N_("时限"),
    }
)
"""First words of kinds that have no word of their own here."""


def word_of(kind: str) -> str:
    """A record's kind in words; the kind itself where there is none."""
    first = kind.partition(".")[0]
    return ACTS.get(kind) or KINDS.get(first, kind)


def csv_moment(at: datetime) -> str:
    """A moment in a CSV cell: ISO 8601 with what the record holds, Beijing time."""
    return at.astimezone(BEIJING).isoformat()
