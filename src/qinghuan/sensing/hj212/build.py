"""Frame to bytes, and the answers a host gives."""

from qinghuan.sensing.hj212.crc import crc_text
from qinghuan.sensing.hj212.frame import Frame

SYSTEM_INTERACTION = "91"
"""ST of every answer (HJ 212-2017, Table 5)."""


def build(frame: Frame) -> bytes:
    """Write a frame as it goes on the wire, from `##` to CR LF.

    Raises:
        ValueError: The data segment is longer than four digits can declare.

    Source:
        HJ 212-2017, clause 6.3; length and check count bytes.
    """
    return wrap(segment_of(frame).encode())


def wrap(segment: bytes) -> bytes:
    """Put head, length, check and CR LF around a data segment."""
    if len(segment) > 9999:
        message = f"a data segment of {len(segment)} bytes does not fit a frame"
        raise ValueError(message)
    return b"##%04d%s%s\r\n" % (len(segment), segment, crc_text(segment))


def segment_of(frame: Frame) -> str:
    """Write a frame's data segment: the fields in the order of Table 3."""
    fields = [
        ("QN", frame.qn),
        ("ST", frame.st),
        ("CN", frame.cn),
        ("PW", frame.pw),
        ("MN", frame.mn),
        ("Flag", "" if frame.flag is None else str(frame.flag)),
        ("RF", "1" if frame.is_backfill else ""),
        ("PNUM", "" if frame.pnum is None else str(frame.pnum)),
        ("PNO", "" if frame.pno is None else str(frame.pno)),
    ]
    head = ";".join(f"{name}={value}" for name, value in fields if value)
    return f"{head};CP=&&{';'.join(_items(frame))}&&"


def data_answer(frame: Frame) -> bytes:
    """Answer an upload (9014): it is kept.

    Source:
        HJ 212-2017, clause 6.5 and Table C.48: ST=91, the QN of the upload, empty CP.
    """
    return build(_answer(frame, "9014"))


def notice_answer(frame: Frame) -> bytes:
    """Answer a notice (9013)."""
    return build(_answer(frame, "9013"))


def request_answer(frame: Frame, qn_rtn: int) -> bytes:
    """Answer a request (9011) with QnRtn: 1 ready, 2 refused, 3 PW … 9 CRC, 100 unknown."""
    return build(_answer(frame, "9011")._replace(params=(("QnRtn", str(qn_rtn)),)))


def execution_result(frame: Frame, exe_rtn: int) -> bytes:
    """Tell how a request went (9012) with ExeRtn: 1 done, 2 failed … 100 no data."""
    return build(_answer(frame, "9012")._replace(params=(("ExeRtn", str(exe_rtn)),)))


def _answer(frame: Frame, cn: str) -> Frame:
    """Empty answer in the edition of the frame answered, asking for none itself."""
    return Frame(
        qn=frame.qn,
        st=SYSTEM_INTERACTION,
        cn=cn,
        pw=frame.pw,
        mn=frame.mn,
        flag=None if frame.flag is None else frame.flag >> 2 << 2,
    )


def _items(frame: Frame) -> list[str]:
    """Items of CP: time, other items, then each run of one factor's values with its flag."""
    items = [f"DataTime={frame.data_time}"] if frame.data_time else []
    items += [f"{name}={value}" for name, value in frame.params]
    readings, start = frame.readings, 0
    while start < len(readings):
        first = readings[start]
        stop = start
        parts = [f"{first.code}-SampleTime={first.sample_time}"] if first.sample_time else []
        while stop < len(readings) and readings[stop].code == first.code:
            parts.append(f"{first.code}-{readings[stop].kind}={readings[stop].value:f}")
            stop += 1
        if first.flag:
            parts.append(f"{first.code}-Flag={first.flag}")
        items.append(",".join(parts))
        start = stop
    return items
