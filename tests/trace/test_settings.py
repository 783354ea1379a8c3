import pytest
from pydantic import ValidationError

from qinghuan.trace.settings import TraceSettings


def test_the_origin_can_name_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert TraceSettings().origin == "qinghuan.example/log"
    monkeypatch.setenv("QINGHUAN_TRACE_ORIGIN", "log of the city")
    with pytest.raises(ValidationError):
        TraceSettings()


def test_a_log_that_may_never_lag_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGHUAN_TRACE_MAX_LAG_S", "0")
    with pytest.raises(ValidationError):
        TraceSettings()
