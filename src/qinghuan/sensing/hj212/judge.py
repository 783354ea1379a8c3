"""What a stream of bytes holds, frame by frame, for people who must accept a sender."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import chain

from qinghuan.sensing.errors import BadGrammar
from qinghuan.sensing.hj212.frame import Packet, Verdict
from qinghuan.sensing.hj212.framer import Framer
from qinghuan.sensing.hj212.parse import parse

MASK = "******"
"""What is shown for a password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One frame, judged."""

    verdict: Verdict
    reason: str = ""
    version: str | None = None
    """2005, 2017 or 2025 by the Flag; None where the fields cannot be read."""
    qn: str | None = None
    st: str | None = None
    cn: str | None = None
    mn: str | None = None
    pw: str | None = None
    """Masked."""
    flag: int | None = None
    values: int = 0
    """Readings in it: numbers with a factor code."""
    oddities: tuple[str, ...] = ()
    crc_found: str | None = None
    crc_computed: str | None = None
    length_declared: int | None = None
    length_found: int | None = None
    size_bytes: int = 0

    def to_json(self) -> dict[str, object]:
        """Return the fields by name, ready for `json.dumps`."""
        return asdict(self)


def judge(chunks: bytes | Iterable[bytes]) -> Iterator[Judgement]:
    """Judge every frame of a file or stream.

    Lines may end in LF alone, as text files do, and the last one in nothing; a line that
    begins with a single `#` is a comment. On a link neither is so: there `Framer` is used
    as it is.

    Args:
        chunks: All the bytes, or pieces of them in order.
    """
    framer = Framer()
    pieces = (chunks,) if isinstance(chunks, bytes) else chunks
    for piece in _lines(pieces):
        for packet in framer.feed(piece):
            yield judge_packet(packet)
    for packet in framer.finish():
        yield judge_packet(packet)


def judge_packet(packet: Packet) -> Judgement:
    """Judge one packet: its envelope is judged already, now the fields in it."""
    verdict, reason, frame = packet.verdict, packet.reason, None
    if packet.crc_found:
        try:
            frame = parse(packet.segment)
        except BadGrammar as error:
            if verdict is Verdict.OK:
                verdict, reason = Verdict.GRAMMAR, error.detail
    envelope = Judgement(
        verdict=verdict,
        reason=reason,
        crc_found=packet.crc_found.decode("ascii", "replace").upper() or None,
        crc_computed=packet.crc_computed.decode() or None,
        length_declared=packet.length_declared,
        length_found=len(packet.segment) if packet.crc_found else None,
        size_bytes=packet.size_bytes,
    )
    if frame is None:
        return envelope
    return replace(
        envelope,
        version=frame.version.value,
        qn=frame.qn or None,
        st=frame.st,
        cn=frame.cn,
        mn=frame.mn,
        pw=MASK if frame.pw else None,
        flag=frame.flag,
        values=len(frame.readings),
        oddities=frame.oddities,
    )


def mask_secrets(raw: bytes) -> bytes:
    """Blank passwords and keys in a frame's bytes, for showing them."""
    for name in (b"PW=", b"NewSK="):
        first, *others = raw.split(name)
        for place, part in enumerate(others):
            ends = [end for mark in b";,&\r\n" if (end := part.find(mark)) >= 0]
            others[place] = MASK.encode() + (part[min(ends) :] if ends else b"")
        raw = name.join([first, *others])
    return raw


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Cut text into lines that end as frames do, leaving comments out."""
    rest = b""
    for piece in chain(pieces, (b"\n",)):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if not line.startswith(b"#") or line.startswith(b"##"):
                yield line.removesuffix(b"\r") + b"\r\n"
        if len(rest) > 64 * 1024:
            yield rest
            rest = b""
