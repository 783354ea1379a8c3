"""The shelf of versioned files: calendars, time-limit policies and code lists.

Files lie in `casework/data`, one per version, and are never edited once a case has been
judged by them: a change is a new file with a new id.
"""

import json
from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import cache
from importlib import resources
from typing import Any, cast

from qinghuan.casework.calendar import Duration, Unit, WorkingCalendar
from qinghuan.casework.clock import PauseReason
from qinghuan.casework.codes import CodeKind, CodeList, CodeRow, MatterCode
from qinghuan.casework.errors import UnknownCalendar, UnknownCode, UnknownPolicy
from qinghuan.casework.policy import Policy, PolicyItem, Stage

CALENDAR_IN_FORCE = "cn-2026.1"
"""Calendar version pinned by clocks that start now."""

POLICY_IN_FORCE = "example-yuncheng.1"
"""An example, and marked so on every screen, until a site names its own approved rules."""


@cache
def calendars() -> Mapping[str, WorkingCalendar]:
    """Every calendar version on the shelf, by id."""
    shelf = (parse_calendar(text) for text in _texts("calendars"))
    return {calendar.calendar_id: calendar for calendar in shelf}


def calendar(calendar_id: str = CALENDAR_IN_FORCE) -> WorkingCalendar:
    """One calendar version.

    Raises:
        UnknownCalendar: No such version.
    """
    try:
        return calendars()[calendar_id]
    except KeyError:
        raise UnknownCalendar(calendar_id) from None


def parse_calendar(text: str) -> WorkingCalendar:
    """Read a calendar file: holidays as ranges, 调休 workdays as days, periods as hours."""
    raw = json.loads(text)
    return WorkingCalendar(
        calendar_id=raw["calendar_id"],
        title=raw["title"],
        known_from=date.fromisoformat(raw["known_from"]),
        known_through=date.fromisoformat(raw["known_through"]),
        holidays=frozenset(
            on
            for row in raw["holidays"]
            for on in _days(date.fromisoformat(row["from"]), date.fromisoformat(row["through"]))
        ),
        workdays=frozenset(date.fromisoformat(on) for on in raw["workdays"]),
        periods=tuple(
            (time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in raw["periods"]
        ),
        sources=tuple(cast("list[str]", raw["sources"])),
    )


@cache
def policies() -> Mapping[str, Policy]:
    """Every time-limit policy on the shelf, by id."""
    shelf = (parse_policy(text) for text in _texts("policies"))
    return {policy.policy_id: policy for policy in shelf}


def policy(policy_id: str = POLICY_IN_FORCE) -> Policy:
    """One policy version.

    Raises:
        UnknownPolicy: No such version.
    """
    try:
        return policies()[policy_id]
    except KeyError:
        raise UnknownPolicy(policy_id) from None


@cache
def code_lists() -> Mapping[str, CodeList]:
    """Every code list on the shelf, by the standard's number."""
    shelf = (parse_code_list(text) for text in _texts("codes"))
    return {codes.standard_ref: codes for codes in shelf}


def code_row(code: MatterCode) -> CodeRow:
    """The row of a code in its own edition.

    Raises:
        UnknownCode: No such edition, or no such row in it.
    """
    try:
        codes = code_lists()[code.standard_ref]
    except KeyError:
        raise UnknownCode(code.standard_ref, code.code) from None
    return codes.row(code.kind, code.code)


def parse_policy(text: str) -> Policy:
    """Read a policy file."""
    raw = json.loads(text)
    return Policy(
        policy_id=raw["policy_id"],
        title=raw["title"],
        label=raw["label"],
        is_example=raw["is_example"],
        provenance=raw["provenance"],
        stages={Stage(name): _duration(limit) for name, limit in raw["stages"].items()},
        default_limit=_duration(raw["default_limit"]),
        items=tuple(_item(row) for row in raw["items"]),
        longest_pause={
            PauseReason(name): _duration(limit) for name, limit in raw["longest_pause"].items()
        },
        return_window=_duration(raw["return_window"]),
        appeal_window=_duration(raw["appeal_window"]),
        max_returns=raw["max_returns"],
        max_extensions=raw["max_extensions"],
        max_suspensions=raw["max_suspensions"],
        follow_up_days=tuple(raw["follow_up_days"]),
        follow_up_answer_days=raw["follow_up_answer_days"],
        quiet_days=raw["quiet_days"],
        recurrence_days=raw["recurrence_days"],
        photo_radius_m=raw["photo_radius_m"],
    )


def parse_code_list(text: str) -> CodeList:
    """Read a code list file."""
    raw = json.loads(text)
    rows = [_code_row(raw["standard_ref"], row) for row in raw["rows"]]
    return CodeList(
        standard_ref=raw["standard_ref"],
        title=raw["title"],
        effective_on=date.fromisoformat(raw["effective_on"]),
        provenance=raw["provenance"],
        group_names=raw["groups"],
        rows={(row.key.kind, row.key.code): row for row in rows},
    )


def _item(raw: Mapping[str, Any]) -> PolicyItem:
    columns = ("standard_ref", "kind", "code", "limit")
    return PolicyItem(
        code=_code(raw["standard_ref"], raw),
        limit=_duration(raw["limit"]),
        **{name: value for name, value in raw.items() if name not in columns},
    )


def _code_row(standard_ref: str, raw: Mapping[str, Any]) -> CodeRow:
    return CodeRow(
        key=_code(standard_ref, raw),
        name=raw["name"],
        group=raw["group"],
        is_withdrawn=raw.get("is_withdrawn", False),
        becomes=raw.get("becomes"),
        note=raw.get("note"),
    )


def _code(standard_ref: str, raw: Mapping[str, Any]) -> MatterCode:
    return MatterCode(standard_ref=standard_ref, kind=CodeKind(raw["kind"]), code=raw["code"])


def _duration(raw: Mapping[str, Any]) -> Duration:
    return Duration(amount=raw["amount"], unit=Unit(raw["unit"]))


def _texts(folder: str) -> list[str]:
    """Every file of a folder of the package's data, in name order."""
    root = resources.files("qinghuan.casework") / "data" / folder
    files = sorted(root.iterdir(), key=lambda entry: entry.name)
    return [entry.read_text(encoding="utf-8") for entry in files if entry.name.endswith(".json")]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
