"""What is wrong with a field, said so that it can be mended: never "illegal input"."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from qinghuan.web.language import Language, translate
from qinghuan.web.language import mark_for_translation as N_  # noqa: N812  gettext's own name

RULES: Mapping[str, str] = MappingProxyType(
    {
        "missing": N_("请填写"),
        "string_too_short": N_("至少 {min_length} 个字"),
        "string_too_long": N_("最多 {max_length} 个字"),
        "string_pattern_mismatch": N_("格式不正确"),
        "int_parsing": N_("请填整数"),
        "int_from_float": N_("请填整数"),
        "float_parsing": N_("请填数字"),
        "decimal_parsing": N_("请填数字"),
        "bool_parsing": N_("请选“是”或“否”"),
        "datetime_parsing": N_("请填日期和时间，如 2026-11-19 14:30"),
        "datetime_from_date_parsing": N_("请填日期和时间，如 2026-11-19 14:30"),
        "date_parsing": N_("请填日期，如 2026-11-19"),
        "date_from_datetime_parsing": N_("请填日期，如 2026-11-19"),
        "time_parsing": N_("请填时间，如 14:30"),
        "uuid_parsing": N_("编号不正确，请从列表中选择"),
        "enum": N_("请从列表中选择"),
        "literal_error": N_("请从列表中选择"),
        "greater_than": N_("须大于 {gt}"),
        "greater_than_equal": N_("不小于 {ge}"),
        "less_than": N_("须小于 {lt}"),
        "less_than_equal": N_("不大于 {le}"),
        "too_short": N_("至少选 {min_length} 项"),
        "too_long": N_("最多选 {max_length} 项"),
        "json_invalid": N_("内容不是有效的 JSON"),
        "model_attributes_type": N_("内容不是有效的 JSON 对象"),
        "timezone_aware": N_("时间须带时区"),
    }
)
"""Pydantic's kinds of fault, in the field's words."""

OTHERWISE = N_("请核对后重填")


def field_faults(errors: Sequence[Mapping[str, Any]], language: Language) -> dict[str, str]:
    """A sentence for each wrong field, by the field's name.

    Args:
        errors: As pydantic lists them.
        language: Of the sentences.
    """
    faults: dict[str, str] = {}
    for error in errors:
        name = ".".join(str(part) for part in error["loc"][1:]) or str(error["loc"][0])
        faults.setdefault(name, _sentence(error, language))
    return faults


def _sentence(error: Mapping[str, Any], language: Language) -> str:
    pattern = translate(RULES.get(str(error["type"]), OTHERWISE), language)
    facts = {name: str(value) for name, value in (error.get("ctx") or {}).items()}
    try:
        return pattern.format(**facts)
    except KeyError:
        return translate(OTHERWISE, language)
