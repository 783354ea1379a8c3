"""What can go wrong at the web's edge, and the one table from kind to status.

Rooms know nothing of status codes; `web.problems` renders what this table decides.
"""

from types import MappingProxyType

from qinghuan.core.errors import Conflict, Invalid, NotFound, QinghuanError, Refused, Unavailable
from qinghuan.people.errors import SignInNeeded, TokenRefused, TooManyRequests
from qinghuan.people.model import SessionState


class WebError(QinghuanError):
    """Root of the web room's errors."""


class PageUnknown(WebError, NotFound):
    """No page has this address."""

    code = "web.page-unknown"
    zh = "没有这个页面，请核对地址，或从左侧菜单进入"


class MethodUnknown(WebError, Invalid):
    """The address exists, but not for this way of asking."""

    code = "web.method-unknown"
    zh = "该地址不接受这种请求方式"


class StepMissing(SignInNeeded):
    """Signing in is not finished; the page for the next step follows."""

    def __init__(self, state: SessionState) -> None:
        """Keep the step that is due."""
        super().__init__(f"sign-in stands at {state}")
        self.state = state


class RoleMissing(WebError, Refused):
    """None of the caller's roles opens this page."""

    code = "web.role-missing"
    zh = "您的岗位不能打开此页；可打开的岗位：{roles}"

    def __init__(self, roles: str) -> None:
        """Keep the roles that open it, in Chinese."""
        super().__init__(f"none of the roles that open this page is held: {roles}")
        self.roles = roles


class ScopeMissing(WebError, Refused):
    """The token was not given the scope that this address asks for."""

    code = "web.scope-missing"
    zh = "令牌缺少权限：{scopes}"

    def __init__(self, scopes: str) -> None:
        """Keep the scopes that would do."""
        super().__init__(f"the token lacks a scope of: {scopes}")
        self.scopes = scopes


class CrossSite(WebError, Refused):
    """The request was sent by another site's page."""

    code = "web.cross-site"
    zh = "该请求来自其他网站，已拒绝；请在本平台页面内操作"


class FormStale(WebError, Refused):
    """The form belongs to another session, or to one that has ended."""

    code = "web.form-stale"
    zh = "页面已过期，请刷新后重新提交；填写的内容请先复制"


class BodyTooLarge(WebError, Invalid):
    """The request is larger than the server takes."""

    code = "web.body-too-large"
    zh = "提交的内容超过 {limit_mib} MiB，请压缩或分次上传"

    def __init__(self, limit_bytes: int) -> None:
        """Keep the limit, as people read it."""
        super().__init__(f"body over {limit_bytes} bytes")
        self.limit_mib = limit_bytes // 1_048_576


class FieldsWrong(WebError, Invalid):
    """Fields of a form or a document break their rules; each with its own sentence."""

    code = "web.fields-wrong"
    zh = "请按提示修改后再提交"

    def __init__(self, faults: dict[str, str]) -> None:
        """Keep a sentence for each field, by the field's name."""
        super().__init__(f"{len(faults)} fields are wrong")
        self.faults = faults


class InnerFault(WebError, Unavailable):
    """Something of ours broke; the log has the whole story under the request's id."""

    code = "web.inner-fault"
    zh = "平台内部出错，已记录；请把下面的请求编号告诉管理员"


STATUS = MappingProxyType(
    {
        SignInNeeded: 401,
        TokenRefused: 401,
        TooManyRequests: 429,
        BodyTooLarge: 413,
        MethodUnknown: 405,
        InnerFault: 500,
        Invalid: 422,
        NotFound: 404,
        Conflict: 409,
        Refused: 403,
        Unavailable: 503,
    }
)
"""Kind to status. Exact errors stand before their kinds."""


def status_of(error: QinghuanError) -> int:
    """Status of an error by its kind; 500 for one without a kind."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)
