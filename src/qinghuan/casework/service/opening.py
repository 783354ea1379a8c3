"""A signal comes in: kept once, and put into a case before the sender hears back."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from qinghuan.casework.codec import to_json
from qinghuan.casework.errors import (
    CommandRefused,
    MalformedSignal,
    SubmitKeyReused,
    UnknownSignal,
)
from qinghuan.casework.model import SYSTEM_ACTOR, Acting, Signal
from qinghuan.casework.problem import commands as c
from qinghuan.casework.problem.asking import Context, Refusal
from qinghuan.casework.problem.case import Case
from qinghuan.casework.problem.decide import decide
from qinghuan.casework.problem.intake import FirstStep, continues, first_step
from qinghuan.casework.problem.states import State
from qinghuan.casework.repository import cases, signals
from qinghuan.casework.repository.signals import Kept
from qinghuan.casework.service.desk import DEFAULT_DESK, Desk, centre_of
from qinghuan.casework.service.saving import SALT_BYTES, append, load, reference
from qinghuan.core.clock import BEIJING
from qinghuan.core.identity import new_id
from qinghuan.infra.database import Session
from qinghuan.infra.events import announce
from qinghuan.trace import canonical
from qinghuan.trace.model import Entry
from qinghuan.trace.service.recording import record

MAX_TITLE, MAX_TEXT = 200, 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the sender holds in exchange for his report.

    The log's record holds SHA-256(salt + body hash), so the receipt alone shows that the report
    is in the log, and nobody without it can guess what was reported.
    """

    signal_id: UUID
    submit_key: str
    case_id: UUID
    case_number: str
    received_at: datetime
    body_sha256: str
    salt: str
    record_id: UUID
    media_sha256: tuple[str, ...]
    is_repeat: bool
    """The same report had come before; nothing new was kept."""


def submit_signal(
    session: Session, signal: Signal, actor: Acting, at: datetime, desk: Desk = DEFAULT_DESK
) -> Receipt:
    """Keep a signal and put it into a case: a new one, or the one its episode opened.

    Args:
        session: In the SYSTEM scope: anybody may report anywhere.
        signal: As sent; `reporter` is the sender's person id, or empty for machines.
        actor: Who sends it.
        at: When it was received.
        desk: The rules in force.

    Raises:
        MalformedSignal: Something every signal carries is missing.
        SubmitKeyReused: The key came before with other content.
    """
    signal = _checked(signal)
    body_sha256 = hash_of(signal)
    signals.one_at_a_time(session, f"submit/{signal.submit_key}")
    known = signals.by_submit_key(session, signal.submit_key)
    if known is not None:
        return _repeated(session, signal, known, body_sha256)
    signal_id = new_id()
    sender = signal.reporter
    signal = replace(
        signal,
        signal_id=str(signal_id),
        reporter=f"reporter/{signal_id}" if sender else "",
    )
    apart = replace(actor, person=signal.reporter, label="上报人") if sender else actor
    context = desk.context(centre_office=centre_of(session, signal.area_code))
    case = _find_or_open(session, signal, apart, at, (desk, context))
    salt = secrets.token_bytes(SALT_BYTES)
    kept = Kept(
        case_id=UUID(case.case_id),
        body_sha256=body_sha256,
        salt=salt,
        record_id=_record(session, signal, apart, salt + body_sha256, at),
        received_at=at,
    )
    signals.add(session, signal, kept)
    if sender:
        signals.keep_reporter(session, signal_id, sender)
    case = _put(session, case, signal, at, context)
    announce(
        session,
        "signal",
        subject=f"signal/{signal_id}",
        area_code=signal.area_code,
        mark=signal.mark,
    )
    return _receipt(signal, kept, case.number, is_repeat=False)


def receipt_of(session: Session, submit_key: str) -> Receipt:
    """The receipt of a report, for whoever holds its key.

    Raises:
        UnknownSignal: No report came under this key.
    """
    known = signals.by_submit_key(session, submit_key)
    found = None if known is None else signals.by_id(session, known[0])
    if found is None:
        raise UnknownSignal(submit_key)
    signal, kept = found
    return _receipt(signal, kept, _number(session, kept.case_id), is_repeat=True)


def hash_of(signal: Signal) -> bytes:
    """SHA-256 of a signal's canonical form, without our id and without the sender."""
    content = to_json(replace(signal, signal_id="", reporter=""))
    return hashlib.sha256(canonical.encode(content)).digest()


def _find_or_open(
    session: Session, signal: Signal, actor: Acting, at: datetime, rules: tuple[Desk, Context]
) -> Case:
    """The case a signal belongs to; a fresh one is opened."""
    desk, context = rules
    if signal.source_ref is not None:
        signals.one_at_a_time(session, f"source/{signal.source_ref}")
        for case_id in cases.open_ids_of_source(session, signal.source_ref):
            case = load(session, case_id)
            gap = signal.observed_at - case.last_seen_at
            if continues(case, signal, gap, desk.episodes) or _recurs(case, signal, at, context):
                return case
    year = at.astimezone(BEIJING).year
    number = f"{year}-{cases.next_number(session, year):06d}"
    opening = c.Submit(case_id=str(new_id()), number=number, signal=signal)
    return _do(session, None, opening, actor, at, context)


def _put(session: Session, case: Case, signal: Signal, at: datetime, context: Context) -> Case:
    """Attach, reopen, or do the first step the platform does by itself."""
    if signal.signal_id not in case.signals:
        if case.state is State.CLOSED:
            return _do(session, case, _recurrence(signal), SYSTEM_ACTOR, at, context)
        return _do(session, case, c.AttachSignal(signal=signal), SYSTEM_ACTOR, at, context)
    step = first_step(signal)
    if step is FirstStep.FILE:
        filing = c.File(code=signal.code, grid_code=signal.area_code, is_condition_met=True)
        return _do(session, case, filing, SYSTEM_ACTOR, at, context)
    if step is FirstStep.VERIFY:
        return _do(session, case, c.SendVerify(collector=""), SYSTEM_ACTOR, at, context)
    return case


def _recurs(case: Case, signal: Signal, at: datetime, context: Context) -> bool:
    """Whether the alarm opens a closed case again."""
    if case.state is not State.CLOSED or signal.code is None:
        return False
    answer = decide(case, _recurrence(signal), SYSTEM_ACTOR, at, context)
    return not isinstance(answer, Refusal)


def _recurrence(signal: Signal) -> c.Recur:
    if signal.code is None or signal.source_ref is None:
        raise MalformedSignal("复发线索须有监测对象和事项代码")
    return c.Recur(
        signal_id=signal.signal_id,
        source=signal.source,
        source_ref=signal.source_ref,
        code=signal.code,
        observed_at=signal.observed_at,
    )


def _do(
    session: Session,
    case: Case | None,
    command: c.Command,
    actor: Acting,
    at: datetime,
    context: Context,
) -> Case:
    answer = decide(case, command, actor, at, context)
    if isinstance(answer, Refusal):
        raise CommandRefused(answer.code, answer.zh)
    return append(session, case, answer, context)


def _record(session: Session, signal: Signal, actor: Acting, secret: bytes, at: datetime) -> UUID:
    entry = Entry(
        kind="signal.received",
        subject=f"signal/{signal.signal_id}",
        at=at,
        actor=reference(actor),
        data={
            "source": signal.source.value,
            "area": signal.area_code,
            "commitment": hashlib.sha256(secret).hexdigest(),
            "media_sha256": list(signal.media_sha256),
        },
    )
    return record(session, entry)


def _repeated(
    session: Session, signal: Signal, known: tuple[UUID, Kept], body_sha256: bytes
) -> Receipt:
    signal_id, kept = known
    if kept.body_sha256 != body_sha256:
        raise SubmitKeyReused(signal.submit_key)
    signal = replace(signal, signal_id=str(signal_id))
    return _receipt(signal, kept, _number(session, kept.case_id), is_repeat=True)


def _receipt(signal: Signal, kept: Kept, number: str, *, is_repeat: bool) -> Receipt:
    return Receipt(
        signal_id=UUID(signal.signal_id),
        submit_key=signal.submit_key,
        case_id=kept.case_id,
        case_number=number,
        received_at=kept.received_at,
        body_sha256=kept.body_sha256.hex(),
        salt=kept.salt.hex(),
        record_id=kept.record_id,
        media_sha256=signal.media_sha256,
        is_repeat=is_repeat,
    )


def _number(session: Session, case_id: UUID) -> str:
    projection = cases.projection_of(session, case_id)
    return "" if projection is None else str(projection["number"])


def _checked(signal: Signal) -> Signal:
    """A signal that carries what every signal must."""
    signal = replace(signal, title=signal.title.strip(), text=signal.text.strip())
    problems = {
        "缺少上报编号": not 8 <= len(signal.submit_key) <= 200,
        "缺少标题": not signal.title,
        f"标题超过 {MAX_TITLE} 字": len(signal.title) > MAX_TITLE,
        f"描述超过 {MAX_TEXT} 字": len(signal.text) > MAX_TEXT,
        "区域代码应为数字": not (signal.area_code.isascii() and signal.area_code.isdigit()),
        "观测时间没有时区": signal.observed_at.tzinfo is None,
        "监测来源须写明监测对象": signal.source.is_machine and not signal.source_ref,
        "人员来源须有上报人": not signal.source.is_machine and not signal.reporter,
        "密级应为 0 至 3": not 0 <= signal.mark <= 3,
        "附件摘要应为 64 位十六进制": any(
            len(digest) != 64 or set(digest) - set("0123456789abcdef")
            for digest in signal.media_sha256
        ),
    }
    for problem, is_wrong in problems.items():
        if is_wrong:
            raise MalformedSignal(problem)
    return signal
