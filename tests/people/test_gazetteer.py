from qinghuan.people.adapters.gazetteer import children_of, name_of, search


def test_a_code_brings_its_published_name() -> None:
    assert name_of("440000") == "广东省"
    assert name_of("440803") == "霞山区"
    assert name_of("4419") == name_of("441900") == "东莞市"
    assert name_of("990101") is None


def test_all_34_first_level_areas_are_there() -> None:
    assert [name_of(code) for code in ("71", "81", "82")] == [
        "台湾省",
        "香港特别行政区",
        "澳门特别行政区",
    ]


def test_children_are_one_level_below() -> None:
    names = {listed.name for listed in children_of("4408")}

    assert {"赤坎区", "霞山区", "徐闻县"} <= names
    assert all(len(listed.area_code) == 6 for listed in children_of("4408"))


def test_a_place_is_found_by_part_of_its_name_or_code() -> None:
    assert [listed.area_code for listed in search("霞山")] == ["440803"]
    assert search("440803")[0].name == "霞山区"
    assert search("") == ()
    assert len(search("市", limit=5)) == 5
