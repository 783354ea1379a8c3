"""Wrong passwords: a growing delay, then a lock; per person and per source address."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class LockoutPolicy:
    """How many wrong tries, and what follows."""

    free: int = 4
    """Wrong tries without any delay."""
    locked_after: int = 20
    """Wrong tries that lock the account."""
    locked_for_s: int = 1_800
    """How long the lock lasts, unless an administrator opens it. [s]"""
    longest_delay_s: int = 60
    forgotten_after_s: int = 86_400
    """Failures older than this count no more. [s]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """The wrong tries of one key (a login name, known or not) since the last success."""

    count: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None


def wait_s(failures: Failures, policy: LockoutPolicy, at: datetime) -> int:
    """Seconds until the next try is looked at; 0 if now."""
    until = failures.locked_until or _delayed_until(failures, policy)
    if until is None or until <= at:
        return 0
    return -int((at - until).total_seconds() // 1)


def is_locked(failures: Failures, at: datetime) -> bool:
    """Whether the lock holds, rather than a mere delay."""
    return failures.locked_until is not None and at < failures.locked_until


def after_failure(failures: Failures, policy: LockoutPolicy, at: datetime) -> Failures:
    """Count one more wrong try; one made during a delay counts too.

    A try made while the lock holds neither counts nor lengthens it, or anyone could keep
    anyone out for ever.
    """
    if is_locked(failures, at):
        return failures
    if _is_forgotten(failures, policy, at) or failures.locked_until is not None:
        failures = Failures()
    counted = replace(failures, count=failures.count + 1, last_at=at)
    if counted.count < policy.locked_after:
        return counted
    return replace(counted, locked_until=at + timedelta(seconds=policy.locked_for_s))


def _delayed_until(failures: Failures, policy: LockoutPolicy) -> datetime | None:
    """When the delay after the last wrong try ends: 1, 2, 4, … seconds."""
    beyond = failures.count - policy.free
    if beyond <= 0 or failures.last_at is None:
        return None
    delay_s = min(2 ** (beyond - 1), policy.longest_delay_s)
    return failures.last_at + timedelta(seconds=delay_s)


def _is_forgotten(failures: Failures, policy: LockoutPolicy, at: datetime) -> bool:
    """Whether the last wrong try lies too far back to count."""
    age_s = 0.0 if failures.last_at is None else (at - failures.last_at).total_seconds()
    return age_s >= policy.forgotten_after_s
