from datetime import UTC, datetime
from decimal import Decimal

import pytest
from factories.sensing import frames, golden_frames
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.sensing.errors import BadGrammar
from qinghuan.sensing.hj212.build import segment_of
from qinghuan.sensing.hj212.frame import Frame, Reading, Version, beijing
from qinghuan.sensing.hj212.parse import parse

HEAD = "QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=A1;Flag=5;"


def cp(text: str) -> Frame:
    return parse(f"{HEAD}CP=&&{text}&&".encode())


def test_a_real_time_upload_gives_its_fields_values_and_flags() -> None:
    frame = cp("DataTime=20160801085857;w01018-Rtd=40.10,w01018-Flag=N;w01001-Rtd=7")

    assert (frame.st, frame.cn, frame.pw, frame.mn, frame.flag) == ("32", "2011", "123456", "A1", 5)
    assert frame.readings == (
        Reading("w01018", "Rtd", Decimal("40.10"), "N"),
        Reading("w01001", "Rtd", Decimal(7), ""),
    )


def test_digits_are_kept_as_sent() -> None:
    assert str(cp("DataTime=20160801085857;a-Rtd=2.69700").readings[0].value) == "2.69700"


def test_stamps_are_beijing_time() -> None:
    frame = cp("DataTime=20160801085857")

    assert frame.data_at == datetime(2016, 8, 1, 0, 58, 57, tzinfo=UTC)
    assert frame.sent_at == datetime(2016, 8, 1, 0, 58, 57, 223000, tzinfo=UTC)


def test_a_frame_of_2005_has_neither_qn_nor_flag_and_asks_for_no_answer() -> None:
    frame = parse(b"ST=32;CN=2011;PW=123456;MN=LD1;CP=&&DataTime=20160824003817;B01-Rtd=36.91&&")

    assert frame.version is Version.V2005
    assert not frame.wants_answer
    assert frame.sent_at == frame.data_at


@pytest.mark.parametrize(
    ("flag", "version", "asks"),
    [
        (0, Version.V2005, False),
        (4, Version.V2017, False),
        (7, Version.V2017, True),
        (8, Version.V2025, False),
        (9, Version.V2025, True),
        (255, Version.UNKNOWN, True),
    ],
)
def test_flag_bits_tell_edition_and_answer(flag: int, version: Version, asks: bool) -> None:  # noqa: FBT001  a table's cell
    frame = Frame(st="22", cn="2011", mn="A1", flag=flag)

    assert (frame.version, frame.wants_answer) == (version, asks)


def test_sampling_time_belongs_to_its_factor() -> None:
    frame = cp(
        "DataTime=20210320013400;w1-Rtd=1;w2-SampleTime=20210320005400,w2-Rtd=45.1,w2-Flag=N"
    )

    assert [r.sample_time for r in frame.readings] == ["", "20210320005400"]


def test_what_is_no_value_stays_in_its_order() -> None:
    frame = cp("RtdInterval=30;a01006-ValidNum=10;i1-Info=x")

    assert frame.params == (("RtdInterval", "30"), ("a01006-ValidNum", "10"), ("i1-Info", "x"))


def test_commas_where_semicolons_are_due_are_read() -> None:
    assert cp("BeginTime=20160801000000,EndTime=20160801000000").params == (
        ("BeginTime", "20160801000000"),
        ("EndTime", "20160801000000"),
    )


def test_a_space_before_a_name_is_read() -> None:
    assert cp("DataTime=20160801085857; LA-Rtd=50.1").readings[0].code == "LA"


def test_a_semicolon_before_the_end_is_read() -> None:
    assert len(cp("DataTime=20160801085857;a-Rtd=1,a-Flag=N;").readings) == 1


def test_text_between_slashes_may_hold_separators_and_chinese() -> None:
    frame = cp("DataTime=20160801085857;i11001-Info=//清洗;管路,一次=1//;PolId=w01018")

    assert frame.params == (("i11001-Info", "//清洗;管路,一次=1//"), ("PolId", "w01018"))


def test_gb18030_is_read_where_utf8_is_not_meant() -> None:
    frame = parse(f"{HEAD}CP=&&i11001-Info=//清洗管路//&&".encode("gb18030"))

    assert frame.params == (("i11001-Info", "//清洗管路//"),)


def test_two_values_of_one_name_are_both_kept() -> None:
    assert len(cp("DataTime=20160801085857;a21-Rtd=1;a21-Rtd=2").readings) == 2


@pytest.mark.parametrize(
    "value", ["", "-", "--5", "NaN", "sNaN1", "Infinity", "1E999999", "1" * 70, "abc"]
)
def test_a_value_that_is_no_number_is_left_out_and_named(value: str) -> None:
    frame = cp(f"DataTime=20160801085857;a-Rtd={value},a-Flag=D;b-Rtd=1")

    assert [r.code for r in frame.readings] == ["b"]
    assert len(frame.oddities) == 1
    assert frame.oddities[0].startswith("a-Rtd=")


@pytest.mark.parametrize(
    ("value", "number"), [("1.2E-5", "0.000012"), (".5", "0.5"), ("-3.", "-3"), ("+4", "4")]
)
def test_numbers_in_forms_vendors_use_are_read(value: str, number: str) -> None:
    assert cp(f"DataTime=20160801085857;a-Rtd={value}").readings[0].value == Decimal(number)


def test_a_sampling_time_that_is_none_is_left_out_and_named() -> None:
    frame = cp("DataTime=20160801085857;a-SampleTime=99999999999999,a-Rtd=1")

    assert frame.readings[0].sample_time == ""
    assert frame.oddities == ("a-SampleTime=99999999999999: no time",)


@pytest.mark.parametrize(
    ("segment", "detail"),
    [
        (b"", "CP="),
        (b"QN=1;ST=32", "CP="),
        (b"ST=32;CN=2011;MN=A;CP=&&DataTime=20160801085857", "CP="),
        (b"ST=32;CN=2011;MN=A,CP=&&&&", "';'"),
        (b"ST=32;2011;MN=A;CP=&&&&", "no '='"),
        (b"CN=2011;MN=A;CP=&&&&", "ST"),
        (b"ST=3;CN=2011;MN=A;CP=&&&&", "ST"),
        (b"ST=32;MN=A;CP=&&&&", "CN"),
        (b"ST=32;CN=20a1;MN=A;CP=&&&&", "CN"),
        (b"ST=32;CN=2011;CP=&&&&", "MN"),
        (b"ST=32;CN=2011;MN=" + b"A" * 65 + b";CP=&&&&", "MN"),
        (b"QN=20161301085857223;ST=32;CN=2011;MN=A;CP=&&&&", "month"),
        (b"QN=2016;ST=32;CN=2011;MN=A;CP=&&&&", "YYYYMMDDhhmmss"),
        (b"ST=32;CN=2011;MN=A;Flag=256;CP=&&&&", "Flag"),
        (b"ST=32;CN=2011;MN=A;Flag=x;CP=&&&&", "Flag"),
        (b"ST=32;CN=2011;MN=A;PNUM=;PNO=1;CP=&&&&", "PNUM"),
        (b"ST=32;CN=2011;MN=A;CP=&&DataTime=2016&&", "YYYYMMDDhhmmss"),
        (b"ST=32;CN=2011;MN=A;CP=&&a-Rtd=1&&", "without DataTime"),
        (b"ST=32;CN=2011;MN=A;CP=&&nonsense&&", "nonsense"),
        (b"ST=32;CN=2011;MN=A;CP=&&=5&&", "=5"),
        (b"ST=32;CN=2011;MN=A;CP=&&a-Info=\x07&&", "control"),
        (b"ST=32;CN=2011;MN=\x07;CP=&&&&", "before CP"),
        (b"ST=32;CN=2011;MN=\xff\xff;CP=&&&&", "UTF-8"),
        ("ST=32;CN=2011;MN=站;CP=&&&&".encode(), "before CP"),
        (b"ST=32;CN=2011;MN=A;CP=&&DataTime=20160801085857;a-Rtd=1_0&&", "no number has"),
        ("ST=32;CN=2011;MN=A;CP=&&DataTime=20160801085857;a-Rtd=９&&".encode(), "no number has"),
        (b"ST=32;CN=2011;MN=A;CP=&&DataTime=20160801085857;a?-Rtd=1&&", "no name"),
        ("ST=32;CN=2011;MN=A;CP=&&PolId=化学&&".encode(), "only -Info"),
    ],
)
def test_a_segment_that_does_not_hold_together_is_refused_with_the_reason(
    segment: bytes, detail: str
) -> None:
    with pytest.raises(BadGrammar) as caught:
        parse(segment)

    assert detail in caught.value.detail


def test_the_refusal_speaks_chinese() -> None:
    assert BadGrammar("x").message_zh() == "报文数据段不符合 HJ 212 的语法：x"


@given(frames())
def test_a_frame_written_and_read_is_the_same_frame(frame: Frame) -> None:
    assert parse(segment_of(frame).encode()) == frame


@given(st.one_of(st.binary(), st.text().map(str.encode)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        parse(HEAD.encode() + b"CP=&&" + data + b"&&")
    except BadGrammar as error:
        assert error.detail  # noqa: PT017  either outcome is right


def test_every_sound_golden_frame_is_read() -> None:
    for golden in golden_frames():
        if golden.verdict == "ok":
            parse(golden.line[6:-4])


@pytest.mark.parametrize("text", ["", "2016", "2016080108585", "2016080108585x", "９" * 14])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="YYYYMMDDhhmmss"):
        beijing(text)
