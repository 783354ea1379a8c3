"""What can go wrong in the people room."""

from qinghuan.core.errors import Conflict, Invalid, NotFound, QinghuanError, Refused


class PeopleError(QinghuanError):
    """Root of the people room's errors."""


class AreaCodeMalformed(PeopleError, Invalid):
    """An area code breaks the grammar of the published lists."""

    code = "people.area-code-malformed"
    zh = "区域代码“{area_code}”不正确：{why}"

    def __init__(self, area_code: str, why: str) -> None:
        """Keep the code and the rule it breaks."""
        super().__init__(f"area code {area_code[:20]!r} is malformed")
        self.area_code = area_code[:20]
        self.why = why


class AreaUnknown(PeopleError, NotFound):
    """No area has this code here."""

    code = "people.area-unknown"
    zh = "本平台没有代码为 {area_code} 的区域"

    def __init__(self, area_code: str) -> None:
        """Keep the code."""
        super().__init__(f"no area {area_code}")
        self.area_code = area_code


class AreaExists(PeopleError, Conflict):
    """The area is already there."""

    code = "people.area-exists"
    zh = "区域 {area_code} 已存在"

    def __init__(self, area_code: str) -> None:
        """Keep the code."""
        super().__init__(f"area {area_code} exists")
        self.area_code = area_code


class AreaWithoutParent(PeopleError, Invalid):
    """An area cannot be added before the area it lies in."""

    code = "people.area-without-parent"
    zh = "请先添加上级区域 {parent_code}，再添加 {area_code}"

    def __init__(self, area_code: str, parent_code: str) -> None:
        """Keep both codes."""
        super().__init__(f"area {area_code} lies in {parent_code}, which is not there")
        self.area_code = area_code
        self.parent_code = parent_code


class NameMissing(PeopleError, Invalid):
    """A name is empty, or too long to be one."""

    code = "people.name-missing"
    zh = "名称须为 1 至 {longest} 个字"

    def __init__(self, longest: int) -> None:
        """Keep the longest name taken."""
        super().__init__(f"a name has 1 to {longest} characters")
        self.longest = longest


class CreditCodeWrong(PeopleError, Invalid):
    """A unified social credit code does not pass its own check."""

    code = "people.credit-code-wrong"
    zh = "统一社会信用代码“{credit_code}”不正确，请核对 18 位字符"

    def __init__(self, credit_code: str) -> None:
        """Keep the code."""
        super().__init__(f"credit code {credit_code[:24]!r} fails its check")
        self.credit_code = credit_code[:24]


class CreditCodeTaken(PeopleError, Conflict):
    """Another office has this credit code."""

    code = "people.credit-code-taken"
    zh = "已有单位使用统一社会信用代码 {credit_code}"

    def __init__(self, credit_code: str) -> None:
        """Keep the code."""
        super().__init__("credit code taken")
        self.credit_code = credit_code


class CoordinatesUndeclared(PeopleError, Invalid):
    """Outlines came without saying in which coordinate system they are."""

    code = "people.coordinates-undeclared"
    zh = "请说明边界的坐标系：WGS84、CGCS2000 或 GCJ-02；不明坐标系的边界会偏移数百米"


class OutlinesUnreadable(PeopleError, Invalid):
    """The file is not a GeoJSON collection of areas."""

    code = "people.outlines-unreadable"
    zh = "无法读取边界文件：{why}"

    def __init__(self, why: str) -> None:
        """Keep the reason."""
        super().__init__(f"outlines unreadable: {why}")
        self.why = why


class OutlineWrong(PeopleError, Invalid):
    """One area's outline cannot be drawn."""

    code = "people.outline-wrong"
    zh = "边界不正确：{why}"

    def __init__(self, why: str) -> None:
        """Keep the reason."""
        super().__init__(f"outline wrong: {why}")
        self.why = why


class OfficeUnknown(PeopleError, NotFound):
    """No such office, or not in the caller's area."""

    code = "people.office-unknown"
    zh = "没有这个单位，或不在您的权限范围内"


class PersonUnknown(PeopleError, NotFound):
    """No such person, or not in the caller's area."""

    code = "people.person-unknown"
    zh = "没有这个人员，或不在您的权限范围内"


class LoginNameTaken(PeopleError, Conflict):
    """Another person signs in by this name."""

    code = "people.login-name-taken"
    zh = "登录名 {login_name} 已被使用"

    def __init__(self, login_name: str) -> None:
        """Keep the name."""
        super().__init__("login name taken")
        self.login_name = login_name


class LoginNameMalformed(PeopleError, Invalid):
    """A login name has signs that cannot be typed everywhere."""

    code = "people.login-name-malformed"
    zh = "登录名须为 3 至 32 位小写字母、数字、点、下划线或短横，并以字母开头"


class PhoneMalformed(PeopleError, Invalid):
    """A phone number is not one."""

    code = "people.phone-malformed"
    zh = "电话号码不正确，请填写 11 位手机号或带区号的固定电话"


class RightMissing(PeopleError, Refused):
    """The actor holds no role that gives this right there."""

    code = "people.right-missing"
    zh = "您在该区域没有这项权限（{right}）"

    def __init__(self, right: str) -> None:
        """Keep the right that was missing."""
        super().__init__(f"right {right} missing")
        self.right = right


class OwnRequest(PeopleError, Refused):
    """Nobody asks for, approves or decides a role for himself, or approves his own request."""

    code = "people.own-request"
    zh = "不能为本人申请或审批角色，申请人也不能审批自己提出的申请"


class RolesExclusive(PeopleError, Refused):
    """The person holds, or waits for, a role that cannot be combined with this one."""

    code = "people.roles-exclusive"
    zh = "此人已有或正在申请“{held}”，不能同时担任“{wanted}”：三员互斥，且不兼任业务岗位"

    def __init__(self, held: str, wanted: str) -> None:
        """Keep both roles."""
        super().__init__(f"{held} and {wanted} exclude each other")
        self.held = held
        self.wanted = wanted


class RoleNotGranted(PeopleError, Invalid):
    """A role that everyone has is not held by grant."""

    code = "people.role-not-granted"
    zh = "“公众”无须授予"


class GrantPeriodWrong(PeopleError, Invalid):
    """A grant ends before it begins."""

    code = "people.grant-period-wrong"
    zh = "授权的截止时间须晚于开始时间"


class GrantDecided(PeopleError, Conflict):
    """The request was already approved, declined or revoked."""

    code = "people.grant-decided"
    zh = "该申请已处理，请刷新后查看"


class GrantUnknown(PeopleError, NotFound):
    """No such grant, or not in the caller's area."""

    code = "people.grant-unknown"
    zh = "没有这项授权，或不在您的权限范围内"


class ReasonMissing(PeopleError, Invalid):
    """A privileged act must say why."""

    code = "people.reason-missing"
    zh = "请写明理由（2 至 200 字）"


class PasswordWeak(PeopleError, Invalid):
    """A new password breaks the policy."""

    code = "people.password-weak"
    zh = "新密码不符合要求：{faults}"

    def __init__(self, faults: tuple[str, ...]) -> None:
        """Keep every rule it breaks, in Chinese."""
        super().__init__(f"password breaks {len(faults)} rules")
        self.faults = "；".join(faults)


class SignInNeeded(PeopleError, Refused):
    """There is no session, or it has ended."""

    code = "people.sign-in-needed"
    zh = "请登录；若已登录，会话已因超时、退出或权限变动而结束"


class SecondFactorNotBegun(PeopleError, Conflict):
    """A code came before the secret it belongs to, or the factor is already enrolled."""

    code = "people.second-factor-not-begun"
    zh = "请重新开始绑定动态口令"


class TokenRefused(PeopleError, Refused):
    """An API token is unknown, expired, revoked, or its owner lost the area."""

    code = "people.token-refused"
    zh = "令牌无效、已过期或已吊销"


class TokenLimitsWrong(PeopleError, Invalid):
    """A token asks for more than the person who answers for it may see."""

    code = "people.token-limits-wrong"
    zh = "令牌的范围不正确：{why}"

    def __init__(self, why: str) -> None:
        """Keep the reason."""
        super().__init__("token limits wrong")
        self.why = why


class TokenUnknown(PeopleError, NotFound):
    """No such token."""

    code = "people.token-unknown"
    zh = "没有这个令牌"


class SetUpClosed(PeopleError, Refused):
    """A set-up code is wrong, used, expired, or the house is already open."""

    code = "people.set-up-closed"
    zh = "启用码不正确、已使用或已过期"


class SealBroken(PeopleError, Refused):
    """A sealed value does not open with the keys given: wrong key, or tampered with."""

    code = "people.seal-broken"
    zh = "加密内容无法解开：密钥不符或内容被改动"


class PlantingRefused(PeopleError, Refused):
    """Accounts with known secrets are for a demo only."""

    code = "people.planting-refused"
    zh = "生产模式下不能预置已知密码的账号"


class TooManyRequests(PeopleError, Refused):
    """A limit of requests was passed."""

    code = "people.too-many-requests"
    zh = "请求过于频繁，请于 {wait_s} 秒后再试"

    def __init__(self, wait_s: int) -> None:
        """Keep how long to wait."""
        super().__init__(f"too many requests, wait {wait_s} s")
        self.wait_s = wait_s
