"""The visitor reads pages as people do: forms, lists, links, and the reasons he is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinghuan.demo.visiting import Form, Page, VisitFailed

CASE = """
<main><h1>污水处理厂总排口</h1>
<div class="act" id="act-dispatch"><form method="post" action="/cases/1/commands/dispatch">
<input type="hidden" name="csrf" value="abc"><input type="hidden" name="expected_version" value="7">
<select name="lead"><option value="">—</option><option value="u1">市生态环境局</option></select>
<input type="checkbox" name="others" value="u2"><textarea name="note"></textarea>
<button>派遣</button></form></div>
<div class="act" id="act-close"><button disabled>结案</button><small><svg></svg><span>监测值尚未恢复
 · 由 监测设备 提供</span></small></div>
<a href="/log/records/1?x=2"><svg></svg> 记录 <b>一</b></a></main>
"""


def test_a_form_is_found_by_its_address_with_its_hidden_fields_and_choices() -> None:
    form = Page(CASE).form("/cases/1/commands/dispatch")

    assert form.fields == {"csrf": "abc", "expected_version": "7", "note": ""}
    assert form.value_of("lead", "市生态环境局") == "u1"


def test_a_choice_that_is_not_offered_is_a_failure_that_names_what_is() -> None:
    form = Page(CASE).form("/cases/1/commands/dispatch")

    with pytest.raises(VisitFailed, match="市生态环境局"):
        form.value_of("lead", "市水务局")


def test_an_act_that_is_withheld_fails_with_the_pages_own_reason() -> None:
    with pytest.raises(VisitFailed, match="监测值尚未恢复 · 由 监测设备 提供"):
        Page(CASE).form("/cases/1/commands/close")


def test_links_come_with_their_text() -> None:
    assert list(Page(CASE).links_to("/log/")) == [("/log/records/1?x=2", "记录 一")]


def test_what_a_page_marks_as_wrong_is_its_reason() -> None:
    page = Page(
        '<form action="/x"><span class="err" role="alert"><svg></svg>请填写理由</span></form>'
    )

    assert page.faults == ["请填写理由"]
    assert page.reason() == "请填写理由"


@given(html=st.text(alphabet="<>/=\"' abceforminputselectoptionsmall", max_size=200))
def test_no_page_however_broken_stops_the_visitor(html: str) -> None:
    page = Page(html)

    assert all(isinstance(form, Form) for form in page.forms)
