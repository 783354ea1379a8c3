"""One station's TCP link: bytes in, packets out, answers back."""

import asyncio
from typing import Protocol

from typing_extensions import override

from qinghuan.sensing.hj212.frame import Packet
from qinghuan.sensing.hj212.framer import Framer


class Desk(Protocol):
    """Whoever takes a link's packets."""

    def opened(self, link: "Link") -> bool:
        """Take a new link, or refuse it."""
        ...

    def closed(self, link: "Link") -> None:
        """Forget a link."""
        ...

    def take(self, link: "Link", packet: Packet) -> None:
        """Take one packet."""
        ...

    def now_s(self) -> float:
        """Seconds of a clock that only runs forward."""
        ...


class Link(asyncio.Protocol):
    """A station's connection.

    Reading stops while the desk is full, and while the station does not take its answers: what
    waits for a link is bounded both ways.
    """

    def __init__(self, desk: Desk) -> None:
        """Belong to a desk."""
        self._desk = desk
        self._framer = Framer()
        self._transport: asyncio.Transport | None = None
        self._holds: set[str] = set()
        """Why reading is stopped: `desk`, `answers`."""
        self.peer = ""
        self.refusals = 0
        """Refusals in a row."""
        self.heard_s = desk.now_s()
        """When the last bytes came, by the desk's clock."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet the desk."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  a TCP server's always is
        self._transport = transport
        host, port = (transport.get_extra_info("peername") or ("?", 0))[:2]
        self.peer = f"{host}:{port}"
        if not self._desk.opened(self):
            transport.abort()

    @override
    def data_received(self, data: bytes) -> None:
        """Cut the bytes into packets and hand them over."""
        self.heard_s = self._desk.now_s()
        for packet in self._framer.feed(data):
            self._desk.take(self, packet)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Hand over what was left unfinished, and say goodbye."""
        for packet in self._framer.finish():
            self._desk.take(self, packet)
        self._transport = None
        self._desk.closed(self)

    def answer(self, data: bytes) -> None:
        """Send an answer, unless the link is gone."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """Close after what is written is sent."""
        if self._transport is not None:
            self._transport.close()

    @override
    def pause_writing(self) -> None:
        """Stop reading until the station has taken its answers."""
        self._hold("answers")

    @override
    def resume_writing(self) -> None:
        """Read on: the station took its answers."""
        self._release("answers")

    def pause(self) -> None:
        """Stop reading: the sender's own buffers fill and it waits."""
        self._hold("desk")

    def resume(self) -> None:
        """Read on: the desk has room."""
        self._release("desk")

    def _hold(self, why: str) -> None:
        """Stop reading for one more reason."""
        if self._transport is not None and not self._holds:
            self._transport.pause_reading()
        self._holds.add(why)

    def _release(self, why: str) -> None:
        """Read on once the last reason is gone."""
        was_held = bool(self._holds)
        self._holds.discard(why)
        if self._transport is not None and was_held and not self._holds:
            self._transport.resume_reading()
