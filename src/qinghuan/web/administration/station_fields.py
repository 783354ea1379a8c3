"""Fields of a station and of a limit."""

from qinghuan.people.outline import CoordinateSystem
from qinghuan.sensing.model import Datastream, OwnLimit, Station
from qinghuan.web.access import Caller
from qinghuan.web.administration import words
from qinghuan.web.administration.choosing import area_field
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.stations.words import KINDS
from qinghuan.web.views import FieldView

AREA_CLASSES = {
    "0": N_("不分类"),
    "1": N_("1 类（空气一类区 / 水 Ⅰ 类）"),
    "2": N_("2 类（空气二类区 / 水 Ⅱ 类）"),
    "3": N_("水 Ⅲ 类"),
    "4": N_("水 Ⅳ 类"),
    "5": N_("水 Ⅴ 类"),
}
"""Which class's limits hold (GB 3095, clause 4; GB 3838, clause 3)."""

MN = FieldView(
    name="mn",
    label=N_("设备唯一标识 MN"),
    is_required=True,
    maxlength=64,
    autocomplete="off",
    hint=N_("与数采仪设置一致，登记后不可修改"),
)
PASSWORD = FieldView(
    name="password",
    label=N_("访问密码 PW"),
    maxlength=64,
    autocomplete="off",
    hint=N_("不填则生成一个，只显示一次；不含分号"),
)


def station_fields(caller: Caller, station: Station | None = None) -> tuple[FieldView, ...]:
    """A station's particulars, empty or as they are."""
    kinds = tuple((st, f"{st} {words.say(caller, word)}") for st, word in KINDS.items())
    return (
        _text("name", N_("名称"), station.name if station else "", longest=100),
        FieldView(
            name="st",
            label=N_("系统编码 ST"),
            value=station.st if station else "22",
            is_required=True,
            choices=kinds,
        ),
        area_field(caller, station.area_code if station else ""),
        _text("longitude_deg", N_("经度 °"), f"{station.longitude_deg:.6f}" if station else ""),
        _text("latitude_deg", N_("纬度 °"), f"{station.latitude_deg:.6f}" if station else ""),
        _system_field(caller, is_known=station is not None),
        FieldView(
            name="area_class",
            label=N_("功能区类别"),
            value=str(station.area_class) if station else "0",
            is_required=True,
            choices=tuple((key, words.say(caller, word)) for key, word in AREA_CLASSES.items()),
            hint=N_("决定按标准的哪一类限值判定"),
        ),
        FieldView(
            name="cadence_s",
            label=N_("上报间隔 s"),
            value=str(station.cadence_s or "") if station else "",
            inputmode="numeric",
            hint=N_("不填则按来数学习；超过数倍未到算断线"),
        ),
        _yes_or_no(
            caller,
            "is_simulated",
            N_("数据来源"),
            (N_("实测"), N_("模拟或回放")),
            chosen=station.is_simulated if station else False,
        ),
    )


def active_field(caller: Caller, station: Station) -> FieldView:
    """Whether a station's frames are taken."""
    return _yes_or_no(
        caller,
        "is_active",
        N_("状态"),
        (N_("停用，报文拒收"), N_("启用")),
        chosen=station.is_active,
    )


def limit_fields(stream: Datastream) -> tuple[FieldView, ...]:
    """A limit as it is set, or empty."""
    own = stream.own_limit or OwnLimit()
    unit = N_("无量纲") if stream.unit == "1" else stream.unit
    return (
        _number("upper", N_("上限"), own.upper, hint=unit),
        _number("lower", N_("下限"), own.lower, hint=unit),
        FieldView(
            name="source",
            label=N_("依据"),
            value=own.source,
            is_required=True,
            maxlength=200,
            hint=N_("标准编号与条款，或排污许可证编号"),
        ),
        _number("raise_after", N_("连续几个超限才算超标"), own.raise_after),
        _number("raise_after_min", N_("且持续多久 min"), own.raise_after_s // 60),
        _number("clear_after", N_("连续几个达标才算恢复"), own.clear_after),
        _number(
            "clear_pct",
            N_("恢复须低于限值的 %"),
            int(own.clear_ratio * 100),
            hint=N_("100 为低于限值即可；90 可避免在限值上下反复"),
        ),
    )


def _system_field(caller: Caller, *, is_known: bool) -> FieldView:
    choices = [(each.value, words.say(caller, word)) for each, word in words.SYSTEMS.items()]
    if not is_known:
        choices.insert(0, ("", words.say(caller, N_("请选择，不能默认"))))
    return FieldView(
        name="system",
        label=N_("坐标系"),
        value=CoordinateSystem.WGS84.value if is_known else "",
        is_required=True,
        choices=tuple(choices),
    )


def _yes_or_no(
    caller: Caller, name: str, label: str, answers: tuple[str, str], *, chosen: bool
) -> FieldView:
    no, yes = answers
    return FieldView(
        name=name,
        label=label,
        value="true" if chosen else "false",
        is_required=True,
        choices=(("false", words.say(caller, no)), ("true", words.say(caller, yes))),
    )


def _text(name: str, label: str, value: str, longest: int = 20) -> FieldView:
    return FieldView(name=name, label=label, value=value, is_required=True, maxlength=longest)


def _number(name: str, label: str, value: object, hint: str = "") -> FieldView:
    text = "" if value is None else str(value)
    return FieldView(name=name, label=label, value=text, inputmode="decimal", hint=hint)
