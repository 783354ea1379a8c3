"""What can go wrong in casework."""

from datetime import datetime

from qinghuan.core.errors import Conflict, Invalid, NotFound, QinghuanError, Refused


class CaseworkError(QinghuanError):
    """Root of the room's errors."""

    code = "casework.error"
    zh = "案卷业务出错了"


class MalformedCalendar(CaseworkError, Invalid):
    """A calendar's data contradict themselves."""

    code = "casework.malformed-calendar"
    zh = "工作日历数据有误：{problem}"

    def __init__(self, calendar_id: str, problem: str) -> None:
        """Keep which calendar, and what is wrong with it."""
        super().__init__(f"calendar {calendar_id}: {problem}")
        self.calendar_id = calendar_id
        self.problem = problem


class BeyondCalendar(CaseworkError, Invalid):
    """A time lies outside every year the calendar can count in."""

    code = "casework.beyond-calendar"
    zh = "时间 {at} 超出工作日历 {calendar_id} 可推算的范围"

    def __init__(self, calendar_id: str, at: datetime) -> None:
        """Keep the calendar and the time asked for."""
        super().__init__(f"{at.isoformat()} is outside calendar {calendar_id}")
        self.calendar_id = calendar_id
        self.at = at.isoformat()


class MalformedDuration(CaseworkError, Invalid):
    """A time limit is not a positive whole number of a known unit."""

    code = "casework.malformed-duration"
    zh = "时限“{text}”写法有误：应为正整数加单位"

    def __init__(self, text: str) -> None:
        """Keep the text as it came."""
        super().__init__(f"not a duration: {text!r}")
        self.text = text


class MalformedHistory(CaseworkError, Invalid):
    """A clock's events are not a possible history."""

    code = "casework.malformed-clock-history"
    zh = "时限记录有误：{problem}"

    def __init__(self, problem: str) -> None:
        """Keep what is wrong."""
        super().__init__(problem)
        self.problem = problem


class UnknownCalendar(CaseworkError, NotFound):
    """No calendar of that version is on the shelf."""

    code = "casework.unknown-calendar"
    zh = "没有编号为 {calendar_id} 的工作日历"

    def __init__(self, calendar_id: str) -> None:
        """Keep the version asked for."""
        super().__init__(f"no calendar {calendar_id}")
        self.calendar_id = calendar_id


class UnknownPolicy(CaseworkError, NotFound):
    """No time-limit policy of that version is on the shelf."""

    code = "casework.unknown-policy"
    zh = "没有编号为 {policy_id} 的时限规则"

    def __init__(self, policy_id: str) -> None:
        """Keep the version asked for."""
        super().__init__(f"no policy {policy_id}")
        self.policy_id = policy_id


class UnknownCode(CaseworkError, NotFound):
    """No such component or matter code in the named edition."""

    code = "casework.unknown-code"
    zh = "{standard_ref} 中没有代码 {matter_code}"

    def __init__(self, standard_ref: str, matter_code: str) -> None:
        """Keep the edition and the digits: the digits alone mean nothing."""
        super().__init__(f"no code {matter_code} in {standard_ref}")
        self.standard_ref = standard_ref
        self.matter_code = matter_code


class UnknownCase(CaseworkError, NotFound):
    """There is no such case, or it is not the caller's to see."""

    code = "casework.unknown-case"
    zh = "案卷不存在，或不在您的管辖范围内"

    def __init__(self, case_ref: object) -> None:
        """Keep what was asked for."""
        super().__init__(f"no case {case_ref}")
        self.case_ref = str(case_ref)


class UnknownSignal(CaseworkError, NotFound):
    """There is no such signal, or it is not the caller's to see."""

    code = "casework.unknown-signal"
    zh = "线索不存在，或不在您的管辖范围内"

    def __init__(self, signal_ref: object) -> None:
        """Keep what was asked for."""
        super().__init__(f"no signal {signal_ref}")
        self.signal_ref = str(signal_ref)


class StaleVersion(CaseworkError, Conflict):
    """The case moved on after the caller looked at it."""

    code = "casework.stale-version"
    zh = "案卷已有新的进展（第 {actual} 步），您看到的是第 {expected} 步，请刷新后再办"

    def __init__(self, expected: int, actual: int) -> None:
        """Keep both versions."""
        super().__init__(f"expected version {expected}, case is at {actual}")
        self.expected = expected
        self.actual = actual


class SubmitKeyReused(CaseworkError, Conflict):
    """The same submit key came again with other content."""

    code = "casework.submit-key-reused"
    zh = "该上报编号已用于另一条内容不同的线索，请重新生成编号后再报"

    def __init__(self, submit_key: str) -> None:
        """Keep the key."""
        super().__init__(f"submit key {submit_key} was used for other content")
        self.submit_key = submit_key


class MalformedSignal(CaseworkError, Invalid):
    """A signal lacks what every signal must carry."""

    code = "casework.malformed-signal"
    zh = "线索不完整：{problem}"

    def __init__(self, problem: str) -> None:
        """Keep what is missing or wrong."""
        super().__init__(problem)
        self.problem = problem


class CommandRefused(CaseworkError, Refused):
    """The state table does not allow this command now."""

    code = "casework.command-refused"
    zh = "{sentence}"

    def __init__(self, refusal_code: str, sentence: str) -> None:
        """Keep which rule refused, and its Chinese sentence."""
        super().__init__(f"refused: {refusal_code}")
        self.refusal_code = refusal_code
        self.sentence = sentence


class ImpossibleHistory(CaseworkError, Invalid):
    """An event does not fit the case it is applied to."""

    code = "casework.impossible-history"
    zh = "案卷事件与案卷不符：{problem}"

    def __init__(self, problem: str) -> None:
        """Keep what is wrong."""
        super().__init__(problem)
        self.problem = problem
