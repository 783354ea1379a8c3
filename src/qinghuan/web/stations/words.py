"""Chinese words of sensing's codes, marked for translation, and how its values are written."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from qinghuan.core.clock import BEIJING
from qinghuan.sensing.hj212.frame import Verdict
from qinghuan.sensing.model import Period
from qinghuan.sensing.standards.factors import factor_of
from qinghuan.web.access import Caller
from qinghuan.web.language import Language, translate
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name
from qinghuan.web.views import FlagView

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "21": N_("地表水"),
        "22": N_("环境空气"),
        "23": N_("声环境"),
        "24": N_("地下水"),
        "25": N_("土壤"),
        "26": N_("海水"),
        "27": N_("挥发性有机物"),
        "31": N_("废气污染源"),
        "32": N_("废水污染源"),
        "33": N_("地下水污染源"),
        "34": N_("海洋污染源"),
        "35": N_("土壤污染源"),
        "36": N_("噪声污染源"),
        "37": N_("振动污染源"),
        "38": N_("放射性污染源"),
        "39": N_("工地扬尘"),
        "41": N_("电磁环境"),
        "44": N_("用电监控"),
        "45": N_("关键工况"),
        "51": N_("烟气过程"),
        "52": N_("污水过程"),
    }
)
"""What a station watches, short, by system code ST."""

PERIODS: Mapping[str, str] = MappingProxyType(
    {
        Period.REALTIME: N_("实时"),
        Period.MINUTE: N_("分钟"),
        Period.HOUR: N_("小时"),
        Period.DAY: N_("日"),
        Period.STATE: N_("设备状态"),
        Period.RUNTIME: N_("运行时长"),
    }
)

VALUE_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "Rtd": N_("实测值"),
        "Avg": N_("均值"),
        "Min": N_("最小值"),
        "Max": N_("最大值"),
        "Cou": N_("累计值"),
        "ZsRtd": N_("折算实测值"),
        "ZsAvg": N_("折算均值"),
        "ZsMin": N_("折算最小值"),
        "ZsMax": N_("折算最大值"),
        "Data": N_("噪声数据"),
        "DayData": N_("昼间数据"),
        "NightData": N_("夜间数据"),
        "RS": N_("运行状态"),
        "RT": N_("运行时长"),
    }
)
"""Suffixes of values (HJ 212-2017, Table 7)."""

FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "N": N_("正常"),
        "F": N_("停运"),
        "M": N_("维护"),
        "S": N_("手工设定"),
        "D": N_("故障"),
        "C": N_("校准"),
        "T": N_("超量程"),
        "B": N_("通信中断"),
        "P": N_("断电"),
    }
)
"""Data flags (HJ 212-2017, Table 8; P of HJ/T 212-2005)."""

VERDICTS: Mapping[str, str] = MappingProxyType(
    {
        Verdict.OK: N_("合格"),
        Verdict.CRC: N_("校验码不符"),
        Verdict.LENGTH: N_("长度不符"),
        Verdict.TAIL: N_("包尾缺失"),
        Verdict.OVERLONG: N_("超长无包尾"),
        Verdict.ENCRYPTED: N_("已加密，无密钥"),
        Verdict.GRAMMAR: N_("语法错误"),
        Verdict.GARBAGE: N_("非报文字节"),
        Verdict.STATION: N_("站点未登记或已停用"),
        Verdict.PASSWORD: N_("密码不符"),
        Verdict.TIME: N_("时间不合理"),
    }
)
"""Why bytes were refused, in the words of whoever accepts a sender."""

MENDING: Mapping[str, str] = MappingProxyType(
    {
        Verdict.CRC: N_("核对数采仪的 CRC 算法与传输线路"),
        Verdict.LENGTH: N_("核对数采仪的数据段长度：按字节计，不含包头和校验"),
        Verdict.TAIL: N_("核对包尾是否为回车换行，线路是否中途断开"),
        Verdict.OVERLONG: N_("核对包尾；一包数据段不超过 9999 字节"),
        Verdict.ENCRYPTED: N_("本平台尚不解密 SM4 数据段，请先关闭加密"),
        Verdict.GRAMMAR: N_("按 HJ 212 核对字段名、等号与分隔符"),
        Verdict.GARBAGE: N_("核对端口用途：只接收 HJ 212 报文"),
        Verdict.STATION: N_("由系统管理员核对 MN，登记或启用站点"),
        Verdict.PASSWORD: N_("由系统管理员核对或更换访问密码 PW"),
        Verdict.TIME: N_("给数采仪校时"),
    }
)
"""What to check for a verdict."""

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "2011": N_("实时数据"),
        "2021": N_("设备运行状态"),
        "2031": N_("日数据"),
        "2041": N_("设备日运行时间"),
        "2051": N_("分钟数据"),
        "2061": N_("小时数据"),
        "2081": N_("数采仪开机时间"),
        "3019": N_("设备唯一标识"),
        "3020": N_("现场端信息"),
        "9011": N_("请求应答"),
        "9012": N_("执行结果"),
        "9013": N_("通知应答"),
        "9014": N_("数据应答"),
    }
)
"""Commands that stations send (HJ 212-2017, Table 9)."""

UNREADABLE = N_("不明")


def say(caller: Caller, text: str) -> str:
    """A marked text in the caller's language."""
    return translate(text, caller.preferences.language)


def factor_name(code: str, language: Language) -> str:
    """What a factor's code measures; the code itself if it is in no list."""
    factor = factor_of(code)
    if factor is None:
        return code
    return factor.name_zh if language is Language.ZH else factor.name_en


def flag_view(flag: str) -> FlagView:
    """A value's flag with its word; a frame that gives none says normal."""
    code = flag or "N"
    return FlagView(code=code, word=FLAGS.get(code.upper(), UNREADABLE))


def csv_moment(at: datetime | None) -> str:
    """A moment in a CSV cell: ISO 8601, Beijing time."""
    return "" if at is None else at.astimezone(BEIJING).isoformat(timespec="seconds")
