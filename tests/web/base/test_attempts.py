"""Nobody gets at what is not theirs, whatever they change in an address, a query or a body.

A sample here; `make access` makes 20,000 attempts.
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import islice

import pytest

from peakend_web.models import Membership
from tests.web.base.attempts import COUNTS, DRAFT, LAKE, WEST, attempts, run, scene, things
from tests.web.conftest import Clinic, browser_of

MANY = int(os.environ.get("PEAKEND_ATTEMPTS", "300"))
SEED = int(os.environ.get("PEAKEND_SEED", "1"))


@pytest.fixture
def calm(caplog: pytest.LogCaptureFixture) -> None:
    """Refusals are what is wanted here: they need not be written down."""
    caplog.set_level("ERROR")


def test_no_attempt_succeeds(clinic: Clinic, calm: None) -> None:
    made = scene(clinic)
    count, succeeded = run(made, SEED, MANY)
    print(f"{count:,} attempts, {len(succeeded)} successes")
    assert (count, succeeded) == (MANY, [])


def test_attempts_are_made_by_everybody_at_every_address_in_every_way(clinic: Clinic, calm: None) -> None:
    made = scene(clinic)
    tried = list(islice(attempts(made, SEED), 6_000))  # keys have few addresses of their own
    who = Counter(each.who.name for each in tried)
    assert (len(who), min(who.values()) > 50) == (len(made.attackers), True)
    assert len({each.address.pattern for each in tried}) > 60
    assert {each.verb for each in tried} >= {"GET", "POST", "PUT", "DELETE"}


def test_an_attempt_that_succeeds_would_be_seen(clinic: Clinic, calm: None) -> None:
    """Whoever may see everything is shown every mark and every count; and a change that is made is a change that is
    noticed.
    """
    scene(clinic)
    olivia = browser_of(clinic.olivia)
    pages = ("cases/", "people/", "outpatient/words/", "outpatient/methods/nps.json", "outpatient/methods/nps/")
    shown = " ".join(olivia.get(f"/w/harbour/{page}").content.decode() for page in pages)
    assert (WEST in shown, any(count in shown for count in COUNTS), LAKE in shown) == (True, True, False)
    designed = ("design/", "design/remarks/", "design/draft.yaml", "versions/links/", "design/touchpoints/pelican/")
    drawn = [olivia.get(f"/w/harbour/outpatient/{page}").content.decode() for page in designed]
    assert [DRAFT in page for page in drawn] == [True] * len(designed)
    before = things()
    Membership.objects.get(person=clinic.wu).sites.clear()
    olivia.post("/w/harbour/outpatient/design/undo/")
    olivia.post("/w/harbour/outpatient/design/remarks/make/", {"part": "touchpoints:wait", "words": "Why?"})
    assert {each[0] for each in before ^ things()} == {"member", "draft", "remark"}
