"""Fields of the account pages."""

from dataclasses import replace

from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.views import FieldView

LOGIN = FieldView(
    name="login_name",
    label=N_("登录名"),
    is_required=True,
    autocomplete="username",
    maxlength=64,
)
PASSWORD = FieldView(
    name="password",
    label=N_("密码"),
    kind="password",
    is_required=True,
    autocomplete="current-password",
    maxlength=200,
)
NEW = replace(PASSWORD, name="new", label=N_("新密码"), autocomplete="new-password")
AGAIN = replace(NEW, name="again", label=N_("再输入一次新密码"))
OLD = replace(PASSWORD, name="old", label=N_("原密码"))
CODE = FieldView(
    name="code",
    label=N_("6 位口令，或一个恢复码"),
    is_required=True,
    autocomplete="one-time-code",
    maxlength=40,
)
SET_UP_CODE = FieldView(
    name="code",
    label=N_("启用码"),
    is_required=True,
    hint=N_("首次启动时打印在服务器控制台，每位管理员一个"),
    autocomplete="off",
    maxlength=60,
)
NAME = FieldView(name="name", label=N_("姓名"), is_required=True, autocomplete="name", maxlength=40)
POST = FieldView(
    name="post_label",
    label=N_("岗位"),
    is_required=True,
    hint=N_("页面上只显示岗位，如“系统管理员 01”"),
    maxlength=40,
)


def filled(field: FieldView, value: str) -> FieldView:
    """A field that already has something in it."""
    return replace(field, value=value)
