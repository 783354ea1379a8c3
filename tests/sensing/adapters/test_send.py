"""Frames are played as they are, and the report says which were answered."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from qinghuan.sensing.adapters.send import play
from qinghuan.sensing.errors import GatewayUnreachable
from qinghuan.sensing.hj212.build import data_answer
from qinghuan.sensing.hj212.frame import Verdict
from qinghuan.sensing.hj212.framer import Framer
from qinghuan.sensing.hj212.parse import parse

GOOD = (
    b"##0285QN=20190925181031464;ST=22;CN=2061;PW=BF470F88957588DE902D1A52;MN=Z13401000010301;"
    b"Flag=5;CP=&&DataTime=20190924220000;a34006-Avg=2.69700,a34006-Flag=N;"
    b"a34007-Avg=7.96600,a34007-Flag=N;a34048-Avg=3.30600,a34048-Flag=N;"
    b"a34047-Avg=7.35700,a34047-Flag=N;a34049-Avg=10.66300,a34049-Flag=N&&C181"
)
BAD = GOOD[:-4] + b"C180"


@contextmanager
def a_gateway() -> Iterator[int]:
    """A listener that answers good frames with 9014 and stays silent on bad ones."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer() -> None:
            link, _ = door.accept()
            framer = Framer()
            with link:
                while data := link.recv(65_536):
                    for packet in framer.feed(data):
                        if packet.verdict is Verdict.OK:
                            link.sendall(data_answer(parse(packet.segment)))

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield door.getsockname()[1]
        thread.join(5)


def test_every_good_frame_is_answered_and_comments_are_left_out() -> None:
    with a_gateway() as port:
        report = play(b"# made for a test\n" + GOOD + b"\n", "127.0.0.1", port)

    assert (report.sent, report.expected, report.answered) == (1, 1, 1)
    assert report.is_complete
    assert report.answers == {"9014": 1}


def test_a_damaged_frame_is_reported_as_unanswered_if_it_asked() -> None:
    with a_gateway() as port:
        report = play(BAD + b"\n", "127.0.0.1", port, answer_within_s=0.3)

    assert report.sent == 1
    assert report.answered == 0


def test_a_closed_port_is_told_in_the_fields_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]

    with pytest.raises(GatewayUnreachable, match=str(port)) as caught:
        play(GOOD, "127.0.0.1", port)

    assert "数采网关" in caught.value.message_zh()


def test_the_same_frame_twice_is_two_frames() -> None:
    with a_gateway() as port:
        report = play(GOOD + b"\n" + GOOD + b"\n", "127.0.0.1", port)

    assert (report.expected, report.answered, report.unanswered) == (2, 2, ())
