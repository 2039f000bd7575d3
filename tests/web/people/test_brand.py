"""Harbour Clinic puts its name, logo and colour on what customers see."""

from __future__ import annotations

import zlib
from io import BytesIO

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from peakend.draw.palette import LIGHT
from peakend_web.base.headers import POLICY
from peakend_web.models import Brand
from peakend_web.people.actions.brand import LARGEST_LOGO, LOGO_WITHIN, change_brand
from tests.web.brand import a_logo
from tests.web.conftest import Clinic, browser_of, left_by
from tests.web.surveys import clinic_survey

PAGE = "/w/harbour/brand/"
RED = "#c8102e"


def sent(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def test_wu_gives_the_clinic_its_name_logo_and_colour_and_the_survey_carries_them(clinic: Clinic) -> None:
    survey, wu = clinic_survey(clinic), browser_of(clinic.wu)
    before = Client().get(f"/s/{survey.token}", headers={"accept-language": "en"})
    assert (before.headers["Content-Security-Policy"], "<style>" in before.content.decode()) == (POLICY, False)
    reply = wu.post(PAGE, {"name": "海港門診", "colour": RED, "logo": sent(a_logo())}, follow=True)
    assert "Saved." in reply.content.decode()
    brand = Brand.objects.get()
    assert (brand.logo_width, brand.logo_height) == LOGO_WITHIN
    assert left_by(clinic.workspace)[-1] == (
        2, "Wu", "change_brand", "brand", {"name": "", "colour": "", "logo": ""},
        {"name": "海港門診", "colour": RED, "logo": brand.logo_digest[:8]},
    )  # fmt: skip


def test_the_pages_of_customers_have_its_style_under_a_policy_that_allows_this_one_alone(clinic: Clinic) -> None:
    change_brand(actor=clinic.wu, workspace=clinic.workspace, name="海港門診", colour=RED, logo=a_logo())
    survey = clinic_survey(clinic)
    for address in (f"/s/{survey.token}", f"/s/{survey.token}/thanks"):
        page = Client().get(address, headers={"accept-language": "en"})
        words = page.content.decode()
        assert "海港門診" in words
        assert f"<style>:root{{--accent:{RED}}}" in words
        assert "style-src 'self' 'sha256-" in page.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
        assert 'width="144" height="48"' in words
    logo = Client().get(f"/logo/{Brand.objects.get().logo_digest}.png")
    assert (logo["Content-Type"], "immutable" in logo["Cache-Control"]) == ("image/png", True)
    assert len(logo.content) <= LARGEST_LOGO


def test_a_pale_colour_is_refused_with_the_nearest_that_is_read(clinic: Clinic) -> None:
    page = browser_of(clinic.wu).post(PAGE, {"name": "", "colour": "#ffc800"}, headers={"accept-language": "en"})
    assert page.status_code == 422
    words = page.content.decode()
    assert "the contrast is 1.5 : 1, and 4.5 is needed." in words
    assert "#8c6e00" in words
    assert not Brand.objects.exists()


def test_our_own_colour_is_none_of_the_houses_and_a_logo_is_taken_away_again(clinic: Clinic) -> None:
    wu = browser_of(clinic.wu)
    wu.post(PAGE, {"colour": LIGHT["accent"].lower(), "logo": sent(a_logo())})
    assert (Brand.objects.get().colour, bool(Brand.objects.get().logo_digest)) == ("", True)
    wu.post(PAGE, {"colour": LIGHT["accent"].lower()})
    assert Brand.objects.get().logo_digest, "it stays where no other is sent"
    wu.post(PAGE, {"colour": LIGHT["accent"].lower(), "remove_logo": "on"})
    assert (Brand.objects.get().logo, Brand.objects.get().logo_digest) == (None, "")


def noise() -> bytes:
    dots = np.random.default_rng(7).integers(0, 256, (1000, 2000, 3), dtype=np.uint8)
    picture = Image.fromarray(dots)
    file = BytesIO()
    picture.save(file, "JPEG", quality=40, exif=Image.Exif())
    return file.getvalue()


def test_what_is_kept_is_the_picture_alone_upright_and_small(clinic: Clinic) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "taken at 25.0478 N, 121.5319 E", 6  # a description; lying on its side
    lying = a_logo("JPEG", (400, 1200), exif=exif) + b"<script>behind the end</script>"
    brand = change_brand(actor=clinic.wu, workspace=clinic.workspace, name="", colour="", logo=lying)
    kept = bytes(Brand.objects.get().logo)
    assert (brand.logo_width, brand.logo_height) == LOGO_WITHIN
    assert all(secret not in kept for secret in (b"25.0478", b"Exif", b"<script>"))
    brand = change_brand(actor=clinic.wu, workspace=clinic.workspace, name="", colour="", logo=noise())
    assert len(bytes(Brand.objects.get().logo)) <= LARGEST_LOGO


def bomb() -> bytes:
    """A PNG that says it is 50,000 × 50,000 pixels, in a few hundred bytes."""
    body = b"IHDR" + (50_000).to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    data = b"IDAT" + zlib.compress(bytes(1000))
    chunks = (len(each[4:]).to_bytes(4) + each + zlib.crc32(each).to_bytes(4) for each in (body, data, b"IEND"))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "This file is no picture"),
        (b"GIF89a" + bytes(40), "This file is no picture"),
        (a_logo()[:400], "This file is no picture"),
        (b"", "The submitted file is empty"),
        (bomb(), "This picture is too large"),
        (bytes(5 * 1024 * 1024), "This picture is too large"),
    ],
    ids=["a drawing with a program", "an animation", "cut off", "empty", "a bomb", "heavy"],
)
def test_what_is_no_picture_or_a_bomb_is_refused_and_nothing_is_kept(clinic: Clinic, content: bytes, said: str) -> None:
    page = browser_of(clinic.wu).post(PAGE, {"logo": sent(content)}, headers={"accept-language": "en"})
    assert (page.status_code, said in page.content.decode()) == (422, True)
    assert not Brand.objects.exists()


def test_who_works_at_some_sites_or_only_looks_changes_nothing(clinic: Clinic) -> None:
    for who in (clinic.mei, clinic.chen, clinic.victor):
        assert browser_of(who).post(PAGE, {"name": "Mine"}).status_code == 403
    assert browser_of(clinic.sam).post(PAGE, {"name": "Mine"}).status_code == 404
    assert not Brand.objects.exists()
