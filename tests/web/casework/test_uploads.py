"""A file is what it is, whatever it calls itself."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from qinghuan.casework.model import EvidenceKind
from qinghuan.web.casework.errors import EvidenceUnreadable
from qinghuan.web.casework.uploads import look_at


def picture(kind: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "grey").save(content, kind)
    return content.getvalue()


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")],
)
def test_a_photo_is_known_by_its_bytes(kind: str, media_type: str) -> None:
    found = look_at(picture(kind))

    assert (found.kind, found.media_type) == (EvidenceKind.PHOTO, media_type)


def test_a_pdf_is_a_document() -> None:
    assert look_at(b"%PDF-1.7\n").kind is EvidenceKind.DOCUMENT


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", picture("GIF"), b"MZ\x90"])
def test_anything_else_is_refused_in_the_fields_words(content: bytes) -> None:
    with pytest.raises(EvidenceUnreadable) as caught:
        look_at(content)

    assert "未保存" in caught.value.message_zh()


@given(kept=st.integers(0, 45))
def test_a_photo_torn_off_before_its_picture_is_refused(kept: int) -> None:
    with pytest.raises(EvidenceUnreadable):
        look_at(picture("PNG")[:kept])


@given(content=st.binary(max_size=400))
def test_noise_never_gets_in_and_never_breaks_anything(content: bytes) -> None:
    if not content.startswith(b"%PDF-"):
        with pytest.raises(EvidenceUnreadable):
            look_at(content)
