"""The server and the page lead everybody past the same questions."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.web.asking.path_agreement import SCRIPT, WALKS, agreement

pytestmark = pytest.mark.browser


def test_whatever_is_asked_and_answered_server_and_page_agree_on_the_path_and_demand_what_is_on_it(
    chromium: Browser,
) -> None:
    found = agreement(chromium.new_page(), 150)
    assert (found.surveys, found.walks, found.differences) == (150, 150 * WALKS, [])
    assert found.hidden > 500
    assert found.demanded > 100


def test_a_page_that_decided_otherwise_would_be_found_out(chromium: Browser) -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    for right, wrong in (("some((part)", "every((part)"), ("value <= high", "value < high"), ("reached))", "given))")):
        assert right in script
        assert agreement(chromium.new_page(), 60, script=script.replace(right, wrong)).differences
