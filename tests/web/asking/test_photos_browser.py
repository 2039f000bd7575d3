"""Mrs Lin adds photos on her phone: they are made small there, wait while she is offline, and go before the rest."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from peakend_web.base.files.disk import content_of
from peakend_web.models import File, Response, Survey
from tests.web.asking.phone import stored, until, visit
from tests.web.asking.photographs import a_photo
from tests.web.browser import tap

pytestmark = pytest.mark.browser


def choose(page: Page, *photos: bytes, name: str = "IMG.jpg") -> None:
    files = [{"name": name, "mimeType": "image/jpeg", "buffer": each} for each in photos]
    page.set_input_files("#q-shown", files)  # type: ignore[arg-type]


def test_photos_wait_on_the_phone_while_it_is_offline_and_are_there_before_the_thanks(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    tap(page, "recommend", "9")
    part, sent = page.locator("[data-photos]"), []
    page.on("request", lambda each: sent.append(each) if each.url.endswith("/photos") else None)
    choose(page, a_photo(size=(3000, 1500)))
    expect(part.get_by_role("listitem")).to_have_text(["Photo 1 · sentRemove"])
    until(page, lambda: stored().get("shown") == (1.0, None))
    drawn = Image.open(io.BytesIO(content_of(File.objects.get())))
    assert (drawn.size, len(sent[0].post_data_buffer or b"") < 100_000) == ((800, 1600), True)

    choose(page, b"<html>no photo</html>")
    expect(part.get_by_role("status")).to_contain_text("this file is no photo that can be read")
    expect(part.get_by_role("listitem")).to_have_count(1)

    phone.set_offline(True)
    choose(page, a_photo(turned=3))
    expect(part.get_by_role("listitem")).to_have_text(["Photo 1 · sentRemove", "Photo 2 · waitsRemove"])
    expect(part.get_by_role("status")).to_contain_text("kept on this device")
    assert page.locator("#q-shown").is_disabled()
    page.locator("button.send:not(.sr)").click()
    expect(page.locator("#status")).to_contain_text("No connection")
    phone.set_offline(False)
    page.wait_for_url("**/thanks**")
    assert (stored()["shown"], File.objects.count()) == ((2.0, None), 2)
    assert Response.objects.get().completed_us is not None


def test_a_photo_that_waits_outlives_its_page_and_one_that_was_sent_is_removed(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    part = page.locator("[data-photos]")
    page.route("**/photos", lambda route: route.fulfill(status=503))
    choose(page, a_photo(turned=3))
    expect(part.get_by_role("status")).to_contain_text("cannot be sent at the moment")
    page.unroute("**/photos")
    page.reload()
    expect(part.get_by_role("listitem")).to_have_text(["Photo 1 · sentRemove"])
    until(page, lambda: File.objects.count() == 1)
    page.reload()
    expect(part.get_by_role("listitem")).to_have_text(["Sent: 1Remove"])
    part.get_by_role("button", name="Remove: Sent: 1").click()
    expect(part.get_by_role("listitem")).to_have_count(0)
    until(page, lambda: File.objects.count() == 0)
