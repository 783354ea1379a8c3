"""The enrolment's QR code keeps to the content policy."""

import segno

from qinghuan.web.account.qr import qr_svg

ADDRESS = "otpauth://totp/Qinghuan:duty?secret=GEZDGNBVGY3TQOJQ&issuer=Qinghuan"


def test_every_dark_module_is_drawn_once_inside_its_margin() -> None:
    svg = qr_svg(ADDRESS, "二维码")
    dark = sum(map(sum, segno.make(ADDRESS, error="m", micro=False).matrix))

    assert svg.count("h1v1h-1z") == dark
    assert "M4 4h1" in svg
    assert "style=" not in svg


def test_its_name_is_escaped() -> None:
    assert "<b>" not in qr_svg(ADDRESS, '"><b>x')
