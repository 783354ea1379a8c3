"""Personal columns of casework: reporters stand apart, staff by opaque ids, texts by case."""

from qinghuan.people.model import Mark
from qinghuan.people.register import Basis, Declaration, PersonalField, person_reference

WITH_CASE = "随案卷长期保存；存证日志中只有加盐摘要"
STAFF = "有该区域案卷权限的工作人员；页面只显示岗位标签"
AREA_STAFF = "有该区域案卷权限的工作人员"


def _words(column: str, what: str, *, mark: Mark = Mark.INTERNAL) -> PersonalField:
    """Free text, which may name somebody."""
    return PersonalField(
        column=column,
        what=what,
        purpose="说明问题与处理过程",
        basis=Basis.DUTY,
        kept=WITH_CASE,
        seen_by=AREA_STAFF,
        mark=mark,
    )


def _spot(column: str, what: str) -> PersonalField:
    """A place, which may be near somebody's home."""
    return PersonalField(
        column=column,
        what=what,
        purpose="定位问题、核对处置照片",
        basis=Basis.DUTY,
        kept=WITH_CASE,
        seen_by=AREA_STAFF,
    )


def _duty(column: str, what: str) -> PersonalField:
    """Which member of staff a matter stands with."""
    return PersonalField(
        column=column,
        what=what,
        purpose="责任到人",
        basis=Basis.DUTY,
        kept=WITH_CASE,
        seen_by=STAFF,
    )


REPORTER = PersonalField(
    column="casework_reporter.person",
    what="上报人的账号编号，或匿名回执编号；与线索分开存放",
    purpose="告知结果、回访、申诉",
    basis=Basis.CONSENT,
    kept="归档或不予受理后 1 年删除；案卷与存证日志中只有线索编号",
    seen_by="本人；经授权人员每次打开须写明理由并存证",
    mark=Mark.IMPORTANT,
)

DECLARATION = Declaration(
    room="casework 线索与案卷",
    personal=(
        REPORTER,
        _words("casework_signal.title", "线索标题"),
        _words("casework_signal.text", "线索描述（自由文字）"),
        _words("casework_case.title", "案卷标题"),
        _words("casework_event.body", "事件内容（含理由等自由文字，存证日志中只有加盐摘要）"),
        _words("casework_notice.text", "通知文字（只有案号和动作）"),
        _words("casework_alarm.text", "对账发现（只有编号）"),
        _spot("casework_signal.address", "线索地址"),
        _spot("casework_signal.longitude_deg", "线索经度"),
        _spot("casework_signal.latitude_deg", "线索纬度"),
        _spot("casework_case.address", "案发地址"),
        _spot("casework_case.longitude_deg", "案发经度"),
        _spot("casework_case.latitude_deg", "案发纬度"),
        _spot("casework_evidence.longitude_deg", "证据拍摄经度"),
        _spot("casework_evidence.latitude_deg", "证据拍摄纬度"),
        _duty("casework_case.owner_person", "当前责任人编号"),
        _duty("casework_case.waits_for", "待办归属（人员、单位或角色编号）"),
        _duty("casework_notice.audience", "通知对象（人员、单位或角色编号）"),
        person_reference("casework_event.actor", "办理人编号和岗位标签；上报人只以线索编号出现"),
        person_reference("casework_evidence.by_person", "证据提供人编号"),
        person_reference("casework_refusal.actor", "发出未被接受指令的人"),
        person_reference("casework_disposition.decided_by", "作出处置的单位"),
    ),
    ordinary=(
        "casework_case_number.*",
        "casework_case.*",
        "casework_case.source",
        "casework_case.source_ref",
        "casework_case.owner_office",
        "casework_signal.*",
        "casework_signal.source",
        "casework_signal.source_ref",
        "casework_signal.body_sha256",
        "casework_reporter.signal_id",
        "casework_disposition.*",
        "casework_event.*",
        "casework_leg.*",
        "casework_leg.office_name",
        "casework_clock.*",
        "casework_clock.limit_text",
        "casework_rung.*",
        "casework_evidence.*",
        "casework_refusal.*",
        "casework_notice.*",
        "casework_alarm.*",
    ),
)
