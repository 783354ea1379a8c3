"""Personal columns of this room and of the two floors below it."""

from qinghuan.people.model import Mark
from qinghuan.people.register import Basis, Declaration, PersonalField, person_reference

WHILE_EMPLOYED = "在岗期间；停用账号后随履职记录保存，不再显示"
PLATFORM_ONLY = "任何人不可见，仅平台自身在登录时使用"
ADMINISTRATORS = "本区域系统、安全、审计管理员"


def _key(column: str, what: str, kept: str) -> PersonalField:
    """A column that opens the door."""
    return PersonalField(
        column=column,
        what=what,
        purpose="确认登录者身份",
        basis=Basis.DUTY,
        kept=kept,
        seen_by=PLATFORM_ONLY,
        mark=Mark.IMPORTANT,
    )


def _staff(column: str, what: str, purpose: str) -> PersonalField:
    """A column about a person's post."""
    return PersonalField(
        column=column,
        what=what,
        purpose=purpose,
        basis=Basis.EMPLOYMENT,
        kept=WHILE_EMPLOYED,
        seen_by=f"本人；{ADMINISTRATORS}",
    )


PERSON = (
    _staff("people_person.id", "人员编号（随机，不含身份信息）", "区分人员"),
    _staff("people_person.login_name", "登录名", "登录"),
    _staff("people_person.name", "姓名", "核对账号归属"),
    PersonalField(
        column="people_person.post_label",
        what="岗位标签（如“值守员 07”）",
        purpose="页面以岗位代替姓名",
        basis=Basis.EMPLOYMENT,
        kept=WHILE_EMPLOYED,
        seen_by="已登录人员",
    ),
    PersonalField(
        column="people_person.phone_sealed",
        what="电话号码（AES-256-GCM 加密）",
        purpose="紧急联络",
        basis=Basis.EMPLOYMENT,
        kept="在岗期间；本人可随时更正或删除",
        seen_by="本人；本区域值守员、派遣员、指挥长（每次打开须写明理由并存证）",
        mark=Mark.SENSITIVE,
    ),
    _staff("people_person.area_code", "所在区域", "确定可见范围"),
    _staff("people_person.office_id", "所在单位", "确定职责"),
    person_reference("people_person.created_by", "建立账号的人"),
    person_reference("people_person.disabled_by", "停用账号的人"),
)

GRANT = (
    _staff("people_grant.person_id", "被授权人", "授权"),
    _staff("people_grant.role", "角色", "授权"),
    PersonalField(
        column="people_grant.reason",
        what="申请理由（自由文字）",
        purpose="审批与审计",
        basis=Basis.DUTY,
        kept="长期，作为授权档案",
        seen_by=ADMINISTRATORS,
    ),
    person_reference("people_grant.asked_by", "申请人"),
    person_reference("people_grant.approved_by", "审批人"),
    person_reference("people_grant.declined_by", "否决人"),
    person_reference("people_grant.revoked_by", "撤销人"),
)

_UNTIL_CHANGED = "更换或停用账号即失效"
KEYS = (
    _key("people_credential.person_id", "密码归属", _UNTIL_CHANGED),
    _key("people_credential.password_hash", "密码的 argon2id 散列", _UNTIL_CHANGED),
    _key("people_former_password.person_id", "旧密码归属", "最近五次"),
    _key("people_former_password.password_hash", "旧密码的散列，防止重复使用", "最近五次"),
    _key("people_factor.person_id", "动态口令归属", "解除绑定即删除"),
    _key("people_factor.secret_sealed", "动态口令密钥（加密）", "解除绑定即删除"),
    _key("people_factor.pending_sealed", "待确认的动态口令密钥（加密）", "确认后清除"),
    _key("people_recovery_code.person_id", "恢复码归属", "解除绑定即删除"),
    _key("people_session.person_id", "会话归属", "结束后 30 天删除"),
    _key("people_session.token_hash", "会话令牌的散列", "结束后 30 天删除"),
    PersonalField(
        column="people_session.source",
        what="登录来源地址",
        purpose="发现异常登录",
        basis=Basis.DUTY,
        kept="结束后 30 天删除",
        seen_by="本人",
        mark=Mark.SENSITIVE,
    ),
    _key("people_failure.login_key", "登录名的带钥指纹，用于计数", "30 天删除"),
)

TOKEN = (
    _staff("people_token.person_id", "令牌负责人", "接口令牌责任到人"),
    person_reference("people_token.created_by", "签发人"),
    person_reference("people_token.revoked_by", "吊销人"),
)

_AUDIT_LAW = "不少于六个月（网络安全法），默认 365 天后删除"
AUDIT = (
    PersonalField(
        column="people_attempt.person_id",
        what="尝试登录的账号",
        purpose="安全审计",
        basis=Basis.DUTY,
        kept=_AUDIT_LAW,
        seen_by="本人；审计管理员",
        mark=Mark.SENSITIVE,
    ),
    PersonalField(
        column="people_attempt.source",
        what="尝试登录的来源地址",
        purpose="安全审计",
        basis=Basis.DUTY,
        kept=_AUDIT_LAW,
        seen_by="本人；审计管理员",
        mark=Mark.SENSITIVE,
    ),
    PersonalField(
        column="people_act.actor",
        what="操作人编号",
        purpose="安全审计",
        basis=Basis.DUTY,
        kept="长期，与存证日志一致",
        seen_by="审计管理员",
    ),
    PersonalField(
        column="people_act.subject",
        what="操作对象编号",
        purpose="安全审计",
        basis=Basis.DUTY,
        kept="长期，与存证日志一致",
        seen_by="审计管理员",
    ),
    PersonalField(
        column="people_act.reason",
        what="操作理由（自由文字，存证日志中只有其摘要）",
        purpose="安全审计",
        basis=Basis.DUTY,
        kept="长期",
        seen_by="审计管理员",
        mark=Mark.SENSITIVE,
    ),
)

DECLARATION = Declaration(
    room="people 人员与权限",
    personal=(*PERSON, *GRANT, *KEYS, *TOKEN, *AUDIT),
    ordinary=(
        "people_area.*",
        "people_area.name",
        "people_area.name_en",
        "people_area.longitude_deg",
        "people_area.latitude_deg",
        "people_office.*",
        "people_office.name",
        "people_office.name_en",
        "people_person.*_at",
        "people_person.mark",
        "people_grant.id",
        "people_grant.area_code",
        "people_grant.office_id",
        "people_grant.mark",
        "people_grant.*_at",
        "people_grant.valid_*",
        "people_credential.must_change",
        "people_credential.*_at",
        "people_former_password.id",
        "people_former_password.left_at",
        "people_factor.enrolled_at",
        "people_factor.last_step",
        "people_recovery_code.id",
        "people_recovery_code.code_hash",
        "people_recovery_code.used_at",
        "people_session.id",
        "people_session.*_at",
        "people_token.*",
        "people_token.name",
        "people_token.token_hash",
        "people_failure.*",
        "people_attempt.id",
        "people_attempt.outcome",
        "people_attempt.attempted_at",
        "people_setup_code.*",
        "people_act.*",
    ),
)

TRACE = Declaration(
    room="trace 存证与溯源",
    personal=(
        PersonalField(
            column="trace_record.actor",
            what="操作人编号（不透明，不含姓名号码）",
            purpose="证明谁做了什么",
            basis=Basis.DUTY,
            kept="永久：存证日志不可删改",
            seen_by="已登录人员；随证明出示",
        ),
        PersonalField(
            column="trace_record.subject",
            what="事项编号，可能为人员编号",
            purpose="证明对什么做了什么",
            basis=Basis.DUTY,
            kept="永久：存证日志不可删改",
            seen_by="已登录人员；随证明出示",
        ),
        PersonalField(
            column="trace_record.body",
            what="记录正文：人员只以编号出现",
            purpose="证明记录未被改动",
            basis=Basis.DUTY,
            kept="永久：存证日志不可删改",
            seen_by="已登录人员；随证明出示",
        ),
    ),
    ordinary=("trace_*.*", "trace_checkpoint.note", "trace_edge.position"),
)

INFRA = Declaration(
    room="infra 基础设施",
    ordinary=(
        "alembic_version.*",
        "infra_*.*",
        "infra_job_failure.reason",
        "infra_job_key.name",
        "procrastinate_*.*",
        "procrastinate_jobs.args",
        "procrastinate_jobs.queue_name",
        "procrastinate_jobs.task_name",
        "procrastinate_periodic_defers.task_name",
    ),
)

BELOW = (INFRA, TRACE)
"""Declarations of the floors below, which may not import this room."""
