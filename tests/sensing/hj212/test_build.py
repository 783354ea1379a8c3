import pytest
from factories.sensing import frames, golden_frames
from hypothesis import given

from qinghuan.sensing.hj212.build import (
    build,
    data_answer,
    execution_result,
    notice_answer,
    request_answer,
    wrap,
)
from qinghuan.sensing.hj212.frame import Frame, Verdict
from qinghuan.sensing.hj212.framer import Framer
from qinghuan.sensing.hj212.parse import parse

UPLOAD = Frame(
    qn="20160801085857534",
    st="32",
    cn="2061",
    pw="123456",
    mn="010000A8900016F000169DC0",
    flag=7,
    pnum=2,
    pno=1,
)
REQUEST = Frame(
    qn="20160801085857223", st="32", cn="2061", pw="123456", mn="010000A8900016F000169DC0", flag=5
)


def golden_from(source: str) -> bytes:
    (line,) = [g.line for g in golden_frames() if source in g.source]
    return line + b"\r\n"


def test_an_upload_is_answered_as_table_c48_answers_it() -> None:
    assert data_answer(UPLOAD) == golden_from("data answer 9014")


def test_a_request_is_answered_as_table_c48_answers_it() -> None:
    assert request_answer(REQUEST, 1) == golden_from("request answer 9011")


def test_a_request_is_finished_as_table_c48_finishes_it() -> None:
    assert execution_result(REQUEST, 1) == golden_from("execution result 9012")


def test_a_notice_is_answered_9013() -> None:
    assert parse(notice_answer(REQUEST)[6:-6]).cn == "9013"


def test_an_answer_speaks_the_edition_of_the_frame() -> None:
    upload = Frame(qn="20240601085857223", st="22", cn="2011", mn="A1", flag=9)

    assert parse(data_answer(upload)[6:-6]).flag == 8


def test_the_worked_example_of_the_annex_is_written_byte_for_byte() -> None:
    frame = Frame(
        qn="20160801085857223",
        st="32",
        cn="1062",
        pw="100000",
        mn="010000A8900016F000169DC0",
        flag=5,
        params=(("RtdInterval", "30"),),
    )

    assert build(frame) == golden_from("HJ 212-2017 Appendix A")


def test_more_than_four_digits_declare_is_refused() -> None:
    with pytest.raises(ValueError, match="10000 bytes"):
        wrap(b"x" * 10_000)


@given(frames())
def test_a_frame_built_is_judged_sound(frame: Frame) -> None:
    (packet,) = Framer().feed(build(frame))

    assert packet.verdict is Verdict.OK
    assert parse(packet.segment) == frame
