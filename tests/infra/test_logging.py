"""Secrets never reach a log, whoever writes the line."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.infra.logging import BLACK, configure_logging, redact

FRAME = (
    "##0101QN=20160801085857223;ST=32;CN=1062;PW=123456;MN=010000A8900016F000169DC0;Flag=5;CP=&&"
)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging(is_production=True, stream=stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)


def last(lines: io.StringIO) -> dict[str, object]:
    line: dict[str, object] = json.loads(lines.getvalue().splitlines()[-1])
    return line


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        (FRAME, "123456"),
        ("password=hunter2&x=1", "hunter2"),
        ('{"password": "hunter2"}', "hunter2"),
        ("token: abcdef", "abcdef"),
        ("Authorization: Bearer eyJhbGciOi.J9.x-y_z", "eyJhbGciOi"),
        ("postgresql://qh:hunter2@db:5432/q", "hunter2"),
        ("call 13812345678 now", "13812345678"),
        ("call +86 13812345678", "13812345678"),
        ("电话13812345678。", "13812345678"),
        ("身份证 11010519491231002X", "11010519491231002X"),
    ],
)
def test_a_secret_in_a_text_is_blacked_out(words: str, secret: str) -> None:
    assert secret not in redact(words)
    assert BLACK in redact(words)


@pytest.mark.parametrize(
    "words",
    [
        "MN=010000A8900016F000169DC0",
        "QN=20160801085857223",
        "took 1381234567 ns",
        "case 0190a6f2-1381-7345-9678-13812345678a",
        "排放口 3 号 COD 52.1 mg/L",
        "postgresql://db/q",
    ],
)
def test_what_is_no_secret_stays(words: str) -> None:
    assert redact(words) == words


@given(st.text())
def test_blacking_out_twice_changes_nothing_more(words: str) -> None:
    assert redact(redact(words)) == redact(words)


@given(before=st.text(alphabet="青 ;,\n"), number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_phone_number_is_found_anywhere(before: str, number: str) -> None:
    assert number not in redact(f"{before}{number}{before}")


def test_production_writes_one_json_object_a_line(lines: io.StringIO) -> None:
    structlog.get_logger("room").info("case.opened", case_id="1", label="青")

    line = last(lines)
    assert (line["event"], line["case_id"], line["label"]) == ("case.opened", "1", "青")
    assert line["level"] == "info"
    assert "青" in lines.getvalue()


def test_fields_with_secret_names_are_blacked_out_at_any_depth(lines: io.StringIO) -> None:
    structlog.get_logger("room").info(
        "x", password="p1", form={"user_token": "p2", "fields": [{"phone": "p3"}]}, frame=FRAME
    )

    assert not [secret for secret in ("p1", "p2", "p3", "123456") if secret in lines.getvalue()]


def test_libraries_and_tracebacks_go_through_the_same_channel(lines: io.StringIO) -> None:
    try:
        int("password=hunter2")
    except ValueError:
        logging.getLogger("some.library").exception("failed with token=abcdef")

    line = last(lines)
    assert "ValueError" in str(line["exception"])
    assert "hunter2" not in lines.getvalue()
    assert "abcdef" not in lines.getvalue()


def test_chatter_of_libraries_is_left_out(lines: io.StringIO) -> None:
    logging.getLogger("procrastinate.worker").info("Starting job room.note(phone=1)")

    assert lines.getvalue() == ""


def test_development_writes_readable_lines(lines: io.StringIO) -> None:
    stream = io.StringIO()
    configure_logging(is_production=False, stream=stream)
    structlog.get_logger("room").warning("case.late", pw="p1")

    assert "case.late" in stream.getvalue()
    assert "p1" not in stream.getvalue()
    assert lines.getvalue() == ""
