"""The register of personal fields: every column of the house is in it, one way or the other.

A room keeps a `personal.py` beside its tables with one `Declaration`: its personal columns,
each with purpose, basis, retention and readers, and its ordinary ones by pattern. A column
whose name hints at a person or may hold free text is never covered by a pattern: whoever
adds it must say by its full name what it is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from qinghuan.people.model import Mark


class Basis(StrEnum):
    """Why a personal value may be handled.

    Source:
        个人信息保护法, Art. 13, items 1 to 7.
    """

    CONSENT = "第十三条第一项：本人同意"
    EMPLOYMENT = "第十三条第二项：依法实施人力资源管理所必需"
    DUTY = "第十三条第三项：履行法定职责或者法定义务所必需"
    EMERGENCY = "第十三条第四项：应对突发公共卫生事件或紧急情况"
    PUBLISHED = "第十三条第六项：本人已经公开"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalField:
    """One personal column and the reasons it exists. Chinese, as the public notice reads it."""

    column: str
    """`table.column`."""
    what: str
    purpose: str
    basis: Basis
    kept: str
    """How long, and what happens then."""
    seen_by: str
    mark: Mark = Mark.INTERNAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What one room says of its columns."""

    room: str
    personal: tuple[PersonalField, ...] = ()
    ordinary: tuple[str, ...] = ()
    """`table.column` or a pattern such as `sensing_frame.*`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with the register."""

    column: str
    says: str

    def line(self) -> str:
        """For a list of faults."""
        return f"{self.column}: {self.says}"


HINTS = re.compile(
    r"name|phone|mobile|mail|address|source|contact|person|reporter|user|author|(^|_)actor|owner"
    r"|_by$|_by_|birth|gender|id_card|avatar|openid|(^|_)ip($|_)|plate|face|voice"
    r"|password|secret|sealed|token|login|longitude|latitude|position"
    r"|text|note|reason|comment|description|remark|message|body|payload|data$|args"
)
"""Column names that may mean a person, his secret, his whereabouts, or free text about him."""


def person_reference(column: str, what: str) -> PersonalField:
    """A column that only names a person by id: who did it."""
    return PersonalField(
        column=column,
        what=what,
        purpose="分清责任：谁做了什么",
        basis=Basis.DUTY,
        kept="与所在记录同期",
        seen_by="与所在记录相同；页面只显示岗位标签",
    )


def faults_of(columns: Iterable[str], declarations: Iterable[Declaration]) -> tuple[Fault, ...]:
    """What is wrong between the columns there are and what the rooms say of them.

    Args:
        columns: Every `table.column` of the database.
        declarations: Every room's.
    """
    declarations = tuple(declarations)
    existing = set(columns)
    fields = [field for each in declarations for field in each.personal]
    patterns = [pattern for each in declarations for pattern in each.ordinary]
    personal = {field.column for field in fields}
    faults = [fault for field in fields for fault in _faults_of_field(field)]
    faults += _twice(field.column for field in fields)
    faults += [
        Fault(column=column, says="登记了，但库里没有这一列")
        for column in sorted(personal | {p for p in patterns if "*" not in p})
        if column not in existing
    ]
    for column in sorted(existing):
        says = _fault_of_column(column, personal, patterns)
        if says:
            faults.append(Fault(column=column, says=says))
    return tuple(faults)


def page_of(declarations: Iterable[Declaration]) -> str:
    """The register as a Markdown page, room by room."""
    parts = [_HEAD]
    for each in declarations:
        if not each.personal:
            continue
        parts.append(f"\n## {each.room}\n\n{_TABLE_HEAD}")
        parts += [
            f"| `{field.column}` | {field.what} | {field.purpose} | {field.basis.value} "
            f"| {field.kept} | {field.seen_by} | {int(field.mark)} |\n"
            for field in each.personal
        ]
    return "".join(parts)


def _fault_of_column(column: str, personal: set[str], patterns: list[str]) -> str:
    """What is wrong with how a column is declared; empty if nothing."""
    if column in personal:
        return "既登记为个人信息，又登记为普通字段" if column in patterns else ""
    if column in patterns:
        return ""
    if HINTS.search(column.partition(".")[2]):
        return "列名可能涉及个人信息：请在本房间 personal.py 中逐列登记（个人信息或普通字段）"
    if not any(fnmatchcase(column, pattern) for pattern in patterns):
        return "未登记：请在本房间 personal.py 中登记"
    return ""


def _faults_of_field(field: PersonalField) -> Iterable[Fault]:
    """What a row of the register leaves out."""
    if not all((field.what, field.purpose, field.kept, field.seen_by)):
        yield Fault(column=field.column, says="登记不完整")
    if field.mark is Mark.PUBLIC:
        yield Fault(column=field.column, says="个人信息的安全标记不能为公开")


def _twice(columns: Iterable[str]) -> list[Fault]:
    """Columns registered more than once."""
    seen: set[str] = set()
    twice = [column for column in columns if column in seen or seen.add(column)]  # type: ignore[func-returns-value]  # add answers nothing
    return [Fault(column=column, says="重复登记") for column in twice]


_HEAD = """<!-- written from the rooms' personal.py by tests/people/write_personal_fields.py -->

# 个人信息字段登记 · Register of personal fields

平台存储的每一项个人信息：用途、依据（个人信息保护法）、保存期限、谁能看到、安全标记
（1 内部，2 敏感，3 重要）。未登记的列不能通过测试。

Every stored personal value: purpose, lawful basis, retention, readers, security mark. A column
that is not declared fails the tests.
"""

_TABLE_HEAD = (
    "| 字段 | 内容 | 用途 | 依据 | 保存 | 谁能看到 | 标记 |\n|---|---|---|---|---|---|---|\n"
)
