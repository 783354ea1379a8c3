"""A file offered as evidence: read by what it is, not by what it claims to be."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from qinghuan.casework.model import EvidenceKind
from qinghuan.web.casework.errors import EvidenceUnreadable

PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PDF = b"%PDF-"
MAX_PIXELS = 80_000_000
"""A phone's largest photo has about 50 million; beyond it a picture is a bomb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a file is."""

    kind: EvidenceKind
    media_type: str


def look_at(content: bytes) -> Found:
    """What a file is, by reading it whole.

    Raises:
        EvidenceUnreadable: It is no picture we know and no PDF, or a broken one.
    """
    if content.startswith(PDF):
        return Found(kind=EvidenceKind.DOCUMENT, media_type="application/pdf")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Image.open(io.BytesIO(content), formats=tuple(PICTURES))
            if picture.width * picture.height > MAX_PIXELS:
                raise EvidenceUnreadable
            picture.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning) as error:
        raise EvidenceUnreadable from error
    return Found(kind=EvidenceKind.PHOTO, media_type=PICTURES[str(picture.format)])
