"""Bytes to packets: where each frame of a link begins and ends.

A frame ends at the first CR LF after its head, whatever its length says; the length is then
judged against that. So a damaged length costs one frame and never makes the link wait, and the
outcome does not depend on how the bytes were cut into pieces on their way. If the span holds a
head of another frame that ends perfectly at the same CR LF, that one is taken and what stands
before it is refused.
"""

from qinghuan.sensing.hj212.crc import crc_text
from qinghuan.sensing.hj212.frame import Packet, Verdict

HEAD_BYTES = 6
"""`##` and four digits."""

MAX_FRAME_BYTES = HEAD_BYTES + 9999 + 4 + 2
"""What a four-digit length can declare. The standard allows 1024; real senders exceed it."""

SLICE_BYTES = 16 * 1024
"""Longest piece taken at once, which bounds the buffer to `MAX_FRAME_BYTES` more."""

KEPT_BYTES = 2048
"""How much of refused bytes is kept."""

_BLANK = b"\r\n \t\0"


class Framer:
    """Cuts one link's bytes into packets; holds at most 26 KB."""

    def __init__(self) -> None:
        """Start with an empty buffer."""
        self._buffer = b""
        self._stray = bytearray()
        self._stray_bytes = 0

    @property
    def held_bytes(self) -> int:
        """Bytes waiting for their end."""
        return len(self._buffer) + len(self._stray)

    def feed(self, data: bytes) -> list[Packet]:
        """Take the next bytes of the link and return the packets they complete."""
        packets: list[Packet] = []
        for start in range(0, len(data), SLICE_BYTES):
            self._buffer += data[start : start + SLICE_BYTES]
            self._drain(packets)
        return packets

    def finish(self) -> list[Packet]:
        """Return what is left when the link closes, as refusals."""
        packets: list[Packet] = []
        rest, self._buffer = self._buffer, b""
        if len(rest) >= HEAD_BYTES and rest.startswith(b"##"):
            self._flush_stray(packets)
            packets.append(_refusal(rest, Verdict.TAIL, "the link closed inside this frame"))
        else:
            self._stray_add(rest)
            self._flush_stray(packets)
        return packets

    def _drain(self, packets: list[Packet]) -> None:
        """Take every complete packet off the front of the buffer."""
        buffer, start = self._buffer, 0
        while True:
            tail = buffer.find(b"\r\n", start, start + MAX_FRAME_BYTES)
            packet = _clean(buffer[start : tail + 2]) if tail > 0 else None
            if packet and not self._stray_bytes:
                packets.append(packet)
                start = tail + 2
                continue
            head = self._find_head(start, packets)
            end = None if head is None else self._take(head, packets)
            if end is None:
                return
            start = end

    def _find_head(self, start: int, packets: list[Packet]) -> int | None:
        """Find `##dddd` from a place on; what stands before it is stray.

        Returns:
            Where it begins, or None when more bytes are needed; the buffer then begins there.
        """
        buffer = self._buffer
        while True:
            head = buffer.find(b"##", start)
            if head < 0:
                keep = len(buffer) - 1 if buffer.endswith(b"#", start) else len(buffer)
                self._stray_lines(buffer[start:keep], packets)
                self._buffer = buffer[keep:]
                return None
            if head > start:
                self._stray_lines(buffer[start:head], packets)
            digits = buffer[head + 2 : head + HEAD_BYTES]
            if len(digits) < 4 and (not digits or digits.isdigit()):
                self._buffer = buffer[head:]
                return None
            if digits.isdigit():
                return head
            self._stray_add(b"#")
            start = head + 1

    def _take(self, head: int, packets: list[Packet]) -> int | None:
        """Judge the frame that begins at a head and return where it ends, if it has ended."""
        buffer = self._buffer
        declared = int(buffer[head + 2 : head + HEAD_BYTES])
        due = head + HEAD_BYTES + declared + 4
        tail = buffer.find(b"\r\n", head + HEAD_BYTES, head + MAX_FRAME_BYTES)
        if tail != due and len(buffer) >= due + 2 and not 0 <= tail < due:
            packet = _without_tail(buffer[head:due], declared)
            if packet:
                self._flush_stray(packets)
                packets.append(packet)
                return due
        if tail >= 0:
            self._flush_stray(packets)
            packets.extend(_judge_nested(buffer[head : tail + 2], declared))
            return tail + 2
        if len(buffer) - head < MAX_FRAME_BYTES:
            self._buffer = buffer[head:]
            return None
        return self._give_up(head, packets)

    def _give_up(self, head: int, packets: list[Packet]) -> int:
        """Refuse a head whose end never comes, up to the next head in what it covers."""
        stop = head + MAX_FRAME_BYTES - HEAD_BYTES
        following = self._buffer.find(b"##", head + 1, stop + 1)
        end = following if following >= 0 else stop
        self._flush_stray(packets)
        packets.append(
            _refusal(self._buffer[head:end], Verdict.OVERLONG, "no CR LF in 10 011 bytes")
        )
        return end

    def _stray_lines(self, data: bytes, packets: list[Packet]) -> None:
        """Collect stray bytes, telling of them line by line."""
        *lines, rest = data.split(b"\n")
        for line in lines:
            self._stray_add(line)
            self._flush_stray(packets)
        self._stray_add(rest)

    def _stray_add(self, data: bytes) -> None:
        """Count stray bytes and keep the first of them."""
        self._stray_bytes += len(data)
        self._stray += data[: KEPT_BYTES - len(self._stray)]

    def _flush_stray(self, packets: list[Packet]) -> None:
        """Tell of collected stray bytes; blank ones between frames are nobody's concern."""
        if not self._stray_bytes:
            return
        kept, size = bytes(self._stray), self._stray_bytes
        self._stray.clear()
        self._stray_bytes = 0
        if kept.strip(_BLANK):
            packets.append(
                Packet(
                    raw=kept,
                    size_bytes=size,
                    verdict=Verdict.GARBAGE,
                    reason="bytes that belong to no frame",
                )
            )


def _clean(raw: bytes) -> Packet | None:
    """Judge the bytes up to a CR LF if they are one sound frame, as nearly all are."""
    segment, found = raw[HEAD_BYTES:-6], raw[-6:-2]
    if (
        raw[:HEAD_BYTES] == b"##%04d" % len(segment)
        and found == crc_text(segment)
        and b"#" not in segment
        and b"{" not in segment
    ):
        return tuple.__new__(
            Packet, (raw, len(raw), Verdict.OK, "", segment, len(segment), found, found)
        )
    return None


def _judge_nested(raw: bytes, declared: int) -> list[Packet]:
    """Judge a span from a head to a CR LF, in which other heads may stand."""
    inner = _inner_head(raw) if raw.find(b"##", HEAD_BYTES) > 0 else 0
    if not inner:
        return [_judge(raw, declared)]
    cut = _refusal(raw[:inner], Verdict.TAIL, "another frame begins inside this one")
    return [cut, _judge(raw[inner:], int(raw[inner + 2 : inner + HEAD_BYTES]))]


def _judge(raw: bytes, declared: int) -> Packet:
    """Judge the envelope of one frame that ends in CR LF."""
    if len(raw) < HEAD_BYTES + 6:
        return _refusal(raw, Verdict.TAIL, "too short to hold a check")
    segment, found = raw[HEAD_BYTES:-6], raw[-6:-2]
    computed = crc_text(segment)
    verdict, reason = Verdict.OK, ""
    if b"CP=&&{0x" in segment:
        verdict, reason = Verdict.ENCRYPTED, "CP is SM4 cipher text and no key is held here"
    elif found.upper() != computed:
        verdict, reason = Verdict.CRC, _crc_reason(found, computed)
    elif declared != len(segment) and declared not in _characters(segment):
        verdict, reason = Verdict.LENGTH, f"declares {declared}, holds {len(segment)}"
    return Packet(
        raw=raw,
        size_bytes=len(raw),
        verdict=verdict,
        reason=reason,
        segment=segment,
        length_declared=declared,
        crc_found=found,
        crc_computed=computed,
    )


def _crc_reason(found: bytes, computed: bytes) -> str:
    """Say which check value stood there and which was due."""
    return f"carries {found.decode('ascii', 'replace')!r}, the bytes give {computed.decode()}"


def _characters(segment: bytes) -> tuple[int, ...]:
    """Length of a segment in characters, for senders that count Chinese that way."""
    if segment.isascii() or len(segment) > KEPT_BYTES:
        return ()
    counts = []
    for encoding in ("utf-8", "gb18030"):
        try:
            counts.append(len(segment.decode(encoding)))
        except UnicodeDecodeError:
            continue
    return tuple(counts)


def _inner_head(raw: bytes) -> int:
    """Find a later head in a span whose frame ends perfectly at the span's end; 0 if none."""
    head = raw.find(b"##", 1)
    while head > 0:
        digits = raw[head + 2 : head + HEAD_BYTES]
        segment = raw[head + HEAD_BYTES : -6]
        if (
            len(digits) == 4
            and digits.isdigit()
            and (int(digits) == len(segment) or int(digits) in _characters(segment))
            and crc_text(segment) == raw[-6:-2].upper()
        ):
            return head
        head = raw.find(b"##", head + 1)
    return 0


def _without_tail(raw: bytes, declared: int) -> Packet | None:
    """Recognise a frame that is whole but not followed by CR LF."""
    segment, found = raw[HEAD_BYTES:-4], raw[-4:]
    if b"##" in segment or crc_text(segment) != found.upper():
        return None
    return Packet(
        raw=raw,
        size_bytes=len(raw),
        verdict=Verdict.TAIL,
        reason="not followed by CR LF",
        segment=segment,
        length_declared=declared,
        crc_found=found,
        crc_computed=found.upper(),
    )


def _refusal(raw: bytes, verdict: Verdict, reason: str) -> Packet:
    """Make a packet of bytes that are no whole frame."""
    declared = int(raw[2:HEAD_BYTES]) if raw[2:HEAD_BYTES].isdigit() else None
    return Packet(
        raw=raw[:KEPT_BYTES],
        size_bytes=len(raw),
        verdict=verdict,
        reason=reason,
        length_declared=declared,
    )
