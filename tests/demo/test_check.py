"""The demo checks itself: from a frame to a closed and proved case, through the pages."""

import io

import pytest
from PIL import Image

from qinghuan.demo.check import MATTER, OUTFALL, check_city, drawn_picture
from qinghuan.sensing.standards.factors import factor_of


@pytest.mark.slow
@pytest.mark.db
@pytest.mark.timeout(240)
def test_the_demo_city_closes_one_case_and_proves_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_city() == 0

    said = capsys.readouterr().out
    assert "结案 closed" in said
    assert "proofs of the case" in said
    assert said.rstrip().endswith("通过 passed")


def test_the_matter_looked_for_is_that_of_the_outfalls_episode() -> None:
    assert OUTFALL.episode is not None
    factor = factor_of(OUTFALL.episode.code)

    assert factor is not None
    assert f"{factor.name_zh}超标" == MATTER


def test_the_drawn_picture_is_a_jpeg_of_its_own_for_each_purpose() -> None:
    after, check = (drawn_picture(purpose, OUTFALL.place) for purpose in ("after", "check"))

    assert after != check
    with Image.open(io.BytesIO(after)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (640, 480))
