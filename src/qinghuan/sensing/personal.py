"""Personal columns of sensing: almost none, as instruments report and not people."""

from qinghuan.people.register import Basis, Declaration, PersonalField


def _peer(column: str, what: str, kept: str) -> PersonalField:
    """A network address, which may lead to whoever runs the line."""
    return PersonalField(
        column=column,
        what=what,
        purpose="查找异常接入、排除故障",
        basis=Basis.DUTY,
        kept=kept,
        seen_by="有该区域站点权限的工作人员",
    )


DECLARATION = Declaration(
    room="sensing 站点与报文",
    personal=(
        _peer("sensing_seen.peer", "站点最近一次接入的网络地址", "下次接入时覆盖"),
        _peer("sensing_frame.peer", "报文来自的网络地址", "与报文同期"),
        _peer("sensing_reject.peer", "被拒报文来自的网络地址", "与被拒报文同期"),
    ),
    ordinary=(
        "sensing_station.*",
        "sensing_station.name",
        "sensing_station.longitude_deg",
        "sensing_station.latitude_deg",
        "sensing_station.password_salt",
        "sensing_station.password_hash",
        "sensing_seen.*",
        "sensing_datastream.*",
        "sensing_datastream.limit_source",
        "sensing_frame.*",
        "sensing_reject.*",
        "sensing_reject.reason",
        "sensing_reject_count.*",
        "sensing_observation.*",
        "sensing_observation_change.*",
        "sensing_pending.*",
        "sensing_watch.*",
        "sensing_episode.*",
        "sensing_episode.limit_source",
    ),
)
