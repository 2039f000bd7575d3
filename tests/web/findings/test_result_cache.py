"""What is kept of a result is shown only while it would be computed alike: of the same answers, under the same document
and the same least cell, to whoever may ask for it.
"""

from __future__ import annotations

import pytest

from peakend_web.design.actions.versions import save_service_version
from peakend_web.models import Workspace
from tests.web.answers import deliver, rate, recommend
from tests.web.conftest import OUTPATIENT, Clinic, browser_of

HOME = "/w/harbour/outpatient/"
CSAT = HOME + "methods/csat.svg"
RENAMED = OUTPATIENT.replace("{en: Wait to be called,", "{en: Sit and wait,")
WITHOUT_SEGMENTS = OUTPATIENT[: OUTPATIENT.index("segments:")] + OUTPATIENT[OUTPATIENT.index("stakeholders:") :]


def publish(clinic: Clinic, text: str) -> None:
    save_service_version(actor=clinic.wu, workspace=clinic.workspace, text=text, service=clinic.service)


def test_a_picture_says_the_words_of_the_version_that_was_published_since_it_was_drawn(clinic: Clinic) -> None:
    deliver(clinic.service, rate("wait", 4, 40))
    olivia = browser_of(clinic.olivia)
    assert "Wait to be called" in olivia.get(CSAT).content.decode()
    publish(clinic, RENAMED)
    drawn = olivia.get(CSAT).content.decode()
    assert ("Wait to be called" in drawn, "Sit and wait" in drawn) == (False, True)


def test_a_picture_shows_no_group_that_the_least_cell_hides_since_it_was_drawn(clinic: Clinic) -> None:
    deliver(clinic.service, [*rate("wait", 4, 40), *rate("consult", 2, 12)])
    olivia = browser_of(clinic.olivia)
    before = olivia.get(CSAT).content
    Workspace.objects.filter(pk=clinic.workspace.pk).update(least_cell=20)
    after = olivia.get(CSAT).content
    assert after != before
    assert olivia.get(CSAT).content == after


def test_a_column_that_a_new_version_has_not_is_refused_whatever_was_read_by_it_before(clinic: Clinic) -> None:
    deliver(clinic.service, recommend(9, 40, who={"purpose": "treatment"}))
    files = [f"{HOME}methods/nps.{ending}?purpose=treatment" for ending in ("json", "csv", "svg")]
    for who in (clinic.olivia, clinic.victor):
        assert [browser_of(who).get(each).status_code for each in files] == [200, 200, 200]
    publish(clinic, WITHOUT_SEGMENTS)
    for who in (clinic.olivia, clinic.victor):
        assert [browser_of(who).get(each).status_code for each in files] == [422, 422, 422]


@pytest.mark.parametrize(("across", "narrowed"), [("purpose", "site=east"), ("site", "purpose=treatment")])
def test_whoever_sees_groups_sets_no_column_across_another_that_the_page_is_narrowed_to(
    clinic: Clinic, across: str, narrowed: str
) -> None:
    """Else one would read the cells of two columns of people, of which a small one may follow from the others."""
    for site, purpose, score in (("east", "treatment", 4), ("east", "check-up", 2), ("west", "treatment", 3)):
        deliver(clinic.service, rate("wait", score, 40, site=site, who={"purpose": purpose}))
    ridit = f"{HOME}methods/ridit.json"
    victor, mei = browser_of(clinic.victor), browser_of(clinic.mei)
    plain = victor.get(f"{ridit}?{narrowed}").content
    assert victor.get(f"{ridit}?across={across}").content != victor.get(ridit).content
    assert victor.get(f"{ridit}?across={across}&{narrowed}").content == plain
    assert mei.get(f"{ridit}?across={across}&{narrowed}").content != mei.get(f"{ridit}?{narrowed}").content
    assert f"across={across}" not in victor.get(f"{HOME}methods/ridit/?{narrowed}").content.decode()


def test_whoever_is_limited_to_a_site_sets_nothing_across_it(clinic: Clinic) -> None:
    for purpose, score in (("treatment", 4), ("check-up", 2)):
        deliver(clinic.service, rate("wait", score, 40, who={"purpose": purpose}))
    chen = browser_of(clinic.chen)
    ridit = f"{HOME}methods/ridit.json"
    assert chen.get(f"{ridit}?across=purpose").content == chen.get(ridit).content
