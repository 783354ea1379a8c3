"""What can go wrong in sensing."""

from typing import ClassVar

from qinghuan.core.errors import Conflict, Invalid, NotFound, QinghuanError, Unavailable


class SensingError(QinghuanError):
    """Root of sensing's errors."""

    code: ClassVar[str] = "sensing.error"
    zh: ClassVar[str] = "监测数据出错"


class BadGrammar(SensingError, Invalid):
    """A data segment does not follow the grammar of HJ 212."""

    code = "sensing.bad-grammar"
    zh = "报文数据段不符合 HJ 212 的语法：{detail}"

    def __init__(self, detail: str) -> None:
        """Keep which part is wrong."""
        super().__init__(f"data segment breaks the grammar: {detail}")
        self.detail = detail


class StationUnknown(SensingError, NotFound):
    """No station has this number, or it is not the caller's to see."""

    code = "sensing.station-unknown"
    zh = "没有这个站点，或您无权查看：{station}"

    def __init__(self, station: str) -> None:
        """Keep what was asked for."""
        super().__init__(f"no such station: {station}")
        self.station = station


class StationTaken(SensingError, Conflict):
    """Another station already has this MN."""

    code = "sensing.station-taken"
    zh = "设备唯一标识 {mn} 已被另一站点使用"

    def __init__(self, mn: str) -> None:
        """Keep the number asked for."""
        super().__init__(f"MN {mn} is taken")
        self.mn = mn


class StationInvalid(SensingError, Invalid):
    """A station's particulars break a rule we can name."""

    code = "sensing.station-invalid"
    zh = "站点信息有误：{detail_zh}"

    def __init__(self, detail: str, detail_zh: str) -> None:
        """Keep the rule broken, for the log and for the screen."""
        super().__init__(f"station refused: {detail}")
        self.detail = detail
        self.detail_zh = detail_zh


class DatastreamUnknown(SensingError, NotFound):
    """No datastream has this id, or it is not the caller's to see."""

    code = "sensing.datastream-unknown"
    zh = "没有这个数据流，或您无权查看：{datastream}"

    def __init__(self, datastream: str) -> None:
        """Keep what was asked for."""
        super().__init__(f"no such datastream: {datastream}")
        self.datastream = datastream


class ObservationUnknown(SensingError, NotFound):
    """No value is kept for this time, or it is not the caller's to see."""

    code = "sensing.observation-unknown"
    zh = "该时刻没有观测值，或您无权查看：{observation}"

    def __init__(self, observation: str) -> None:
        """Keep what was asked for."""
        super().__init__(f"no such observation: {observation}")
        self.observation = observation


class FrameUnknown(SensingError, NotFound):
    """No kept frame has this id, or it is not the caller's to see."""

    code = "sensing.frame-unknown"
    zh = "没有这条报文，或您无权查看：{frame}"

    def __init__(self, frame: str) -> None:
        """Keep what was asked for."""
        super().__init__(f"no such frame: {frame}")
        self.frame = frame


class EpisodeUnknown(SensingError, NotFound):
    """No episode has this id, or it is not the caller's to see."""

    code = "sensing.episode-unknown"
    zh = "没有这个超标或断线过程，或您无权查看：{episode}"

    def __init__(self, episode: str) -> None:
        """Keep what was asked for."""
        super().__init__(f"no such episode: {episode}")
        self.episode = episode


class LimitInvalid(SensingError, Invalid):
    """A limit cannot be watched as given."""

    code = "sensing.limit-invalid"
    zh = "限值设置有误：{detail_zh}"

    def __init__(self, detail: str, detail_zh: str) -> None:
        """Keep the rule broken, for the log and for the screen."""
        super().__init__(f"limit refused: {detail}")
        self.detail = detail
        self.detail_zh = detail_zh


class UnitsDiffer(SensingError, Invalid):
    """Two units do not measure the same thing, or one of them is not known here."""

    code = "sensing.units-differ"
    zh = "单位 {given} 不能换算为 {wanted}"

    def __init__(self, given: str, wanted: str) -> None:
        """Keep both units."""
        super().__init__(f"cannot convert {given!r} to {wanted!r}")
        self.given = given
        self.wanted = wanted


class StandardUnknown(SensingError, NotFound):
    """No dated rule set covers this day."""

    code = "sensing.standard-unknown"
    zh = "{on} 没有可用的标准：{subject}"

    def __init__(self, subject: str, on: str) -> None:
        """Keep what was to be judged and the day."""
        super().__init__(f"no rule set for {subject} on {on}")
        self.subject = subject
        self.on = on


class PortTaken(SensingError, Unavailable):
    """The gateway cannot listen where it is told to."""

    code = "sensing.port-taken"
    zh = (
        "数采网关无法监听 {host}:{port}（{detail}）。"
        "请检查端口是否被占用，或修改 QINGHUAN_SENSING_GATEWAY_PORT"
    )

    def __init__(self, host: str, port: int, detail: str) -> None:
        """Keep where, and what the system says."""
        super().__init__(f"cannot listen on {host}:{port}: {detail}")
        self.host = host
        self.port = port
        self.detail = detail


class StoreUnavailable(SensingError, Unavailable):
    """The database does not answer; frames wait and are not answered."""

    code = "sensing.store-unavailable"
    zh = "数据库暂时不可用，报文尚未入库"

    def __init__(self, detail: str) -> None:
        """Keep the driver's words."""
        super().__init__(f"database does not answer: {detail}")
        self.detail = detail


class GatewayUnreachable(SensingError, Unavailable):
    """Nothing listens where frames are to be sent."""

    code = "sensing.gateway-unreachable"
    zh = "连不上数采网关 {host}:{port}，请检查地址、端口和网络"

    def __init__(self, host: str, port: int) -> None:
        """Keep where."""
        super().__init__(f"no gateway answers at {host}:{port}")
        self.host = host
        self.port = port
