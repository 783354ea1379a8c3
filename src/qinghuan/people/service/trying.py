"""Counting wrong passwords and codes, per login name and per source address.

Names nobody has are counted like real ones, so that a lock tells nothing about who exists.
A name is kept as a keyed fingerprint: people type passwords into the wrong field.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from qinghuan.infra.database import Session
from qinghuan.people.gate import Gate
from qinghuan.people.lockout import Failures, after_failure, is_locked, wait_s
from qinghuan.people.model import SignInAttempt
from qinghuan.people.repository import attempts
from qinghuan.people.service.audit import Deed, note

SOURCE_WINDOW_S = 900
SOURCE_WRONG_AT_MOST = 100
"""Wrong tries from one address in the window; an office behind one address must fit."""

LONGEST_SOURCE = 64


class Outcome(StrEnum):
    """How a try at signing in ended."""

    SIGNED_IN = "signed-in"
    PASSWORD_RIGHT = "password-right"  # noqa: S105 - an outcome, not a secret
    WRONG = "wrong"
    WAIT = "wait"
    LOCKED = "locked"
    SOURCE_BUSY = "source-busy"


REFUSALS = (Outcome.WRONG, Outcome.WAIT, Outcome.LOCKED)
"""Outcomes that count against a source address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRefused:
    """A try that was not let in. A value, so that the count of it is committed."""

    outcome: Outcome
    wait_s: int = 0
    """Seconds until the next try is looked at. [s]"""

    def message_zh(self) -> str:
        """What the person reads; the same for an unknown name and a wrong password."""
        if self.outcome is Outcome.LOCKED:
            minutes = -(-self.wait_s // 60)
            return f"失败次数过多，账号已锁定，请于 {minutes} 分钟后再试，或联系系统管理员"
        if self.wait_s:
            return f"请于 {self.wait_s} 秒后再试"
        return "登录名、密码或动态口令不正确"

    def message_en(self) -> str:
        """The same in English."""
        if self.outcome is Outcome.LOCKED:
            minutes = -(-self.wait_s // 60)
            return f"Too many failures: locked, try again in {minutes} minutes"
        if self.wait_s:
            return f"Try again in {self.wait_s} seconds"
        return "Login name, password or code is wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try at signing in, its counter held until the transaction ends."""

    login_key: bytes
    source: str
    at: datetime
    failures: Failures


def login_key_of(gate: Gate, login_name: str) -> bytes:
    """The keyed fingerprint under which a login name is counted."""
    return gate.vault.blind(f"login:{login_name.strip().lower()}")


def begin_try(
    session: Session, gate: Gate, login_name: str, source: str, at: datetime
) -> Try | SignInRefused:
    """Let a try be looked at, or refuse it unseen because of those before it.

    A try that comes before its time counts as wrong, whatever it holds.
    """
    source = source[:LONGEST_SOURCE]
    since = at - timedelta(seconds=SOURCE_WINDOW_S)
    if attempts.tries_from(session, source, since, REFUSALS) >= SOURCE_WRONG_AT_MOST:
        _keep(session, None, source, Outcome.SOURCE_BUSY, at)
        return SignInRefused(outcome=Outcome.SOURCE_BUSY, wait_s=SOURCE_WINDOW_S)
    key = login_key_of(gate, login_name)
    opened = Try(login_key=key, source=source, at=at, failures=attempts.failures_held(session, key))
    if wait_s(opened.failures, gate.lockout, at) == 0:
        return opened
    return fail_try(session, gate, opened, None, Outcome.WAIT)


def fail_try(
    session: Session,
    gate: Gate,
    opened: Try,
    person_id: UUID | None,
    outcome: Outcome = Outcome.WRONG,
) -> SignInRefused:
    """Count a wrong try; the one too many locks, and the lock goes into the log."""
    after = after_failure(opened.failures, gate.lockout, opened.at)
    attempts.keep_failures(session, opened.login_key, after)
    locked = is_locked(after, opened.at)
    if locked and not is_locked(opened.failures, opened.at):
        note(
            session,
            "gate",
            Deed(
                kind="person.locked",
                subject=f"login/{opened.login_key.hex()[:32]}",
                data={"failures": after.count},
            ),
            opened.at,
        )
    outcome = Outcome.LOCKED if locked else outcome
    _keep(session, person_id, opened.source, outcome, opened.at)
    return SignInRefused(outcome=outcome, wait_s=wait_s(after, gate.lockout, opened.at))


def pass_try(session: Session, opened: Try, person_id: UUID, outcome: Outcome) -> None:
    """Keep a right try; only one that is let in wholly wipes the count."""
    if outcome is Outcome.SIGNED_IN and opened.failures.count:
        attempts.keep_failures(session, opened.login_key, Failures())
    _keep(session, person_id, opened.source, outcome, opened.at)


def _keep(
    session: Session, person_id: UUID | None, source: str, outcome: Outcome, at: datetime
) -> None:
    attempts.add_attempt(
        session,
        SignInAttempt(at=at, person_id=person_id, source=source, outcome=outcome.value),
    )
