"""A page and a verb more take the files of their recipes alone: planted ones stand in the menu, are guarded, leave
their trail and are read in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from peakend_web.base import audit_lines
from peakend_web.models import Case, Person
from peakend_web.people.views import audit_sentences
from peakend_web.recovery import actions as cases
from tests.web.base.test_access_matrix import Address, addresses, attempt, expectation, met, name
from tests.web.base.test_menu import seen
from tests.web.conftest import Clinic, browser_of, left_by
from tests.web.people.test_audit_lines import said_on, verbs
from tests.web.recovery.test_case_actions import opened

from .handover import urls
from .handover.actions import give_case_back

FOLDER: Final = Path(__file__).parent / "handover"
PAGE: Final = "/w/harbour/cases/own/"
PLANTED: Final = list(addresses(urls.own))


@pytest.fixture(autouse=True)
def _planted(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder as its area would have it, and the verb's sentence and its kind."""
    settings.ROOT_URLCONF = urls.__name__
    settings.TEMPLATES = [{**each, "DIRS": [FOLDER / "templates"]} for each in settings.TEMPLATES]
    monkeypatch.setattr(audit_lines, "VERBS", {kind: set(verbs) for kind, verbs in audit_lines.VERBS.items()})
    monkeypatch.setattr(audit_lines, "SENTENCES", dict(audit_lines.SENTENCES))
    monkeypatch.setattr(audit_sentences, "VERBS", audit_lines.VERBS)
    monkeypatch.setattr(audit_sentences, "SENTENCES", audit_lines.SENTENCES)
    audit_lines.declare("cases", give_case_back="%(who)s gave the case “%(what)s” back.")


def taken(clinic: Clinic) -> Case:
    return cases.take_case(actor=clinic.chen, case=opened(clinic))


@pytest.mark.parametrize("address", PLANTED, ids=name)
def test_a_planted_address_is_met_by_everybody_as_it_is_declared(clinic: Clinic, address: Address) -> None:
    assert address.declared
    (verb,), where = address.declared.verbs, address.filled({"workspace": "harbour", "case": taken(clinic).pk})
    people: dict[str, Person | None] = {
        "nobody": None, "owner": clinic.olivia, "manager": clinic.wu, "analyst": clinic.mei, "viewer": clinic.victor,
        "stranger": clinic.sam,
    }  # fmt: skip
    wanted = {who: expectation(address.declared, person, clinic)(verb) for who, person in people.items()}
    # What is Chen's to give back is nobody else's: they miss it.
    wanted |= {who: "missing" for who, met_by in wanted.items() if (verb, met_by) == ("POST", "open")}
    assert {who: met(attempt(browser_of(person), verb, where)) for who, person in people.items()} == wanted
    assert met(attempt(browser_of(clinic.chen), verb, where)) == "open"


def test_a_planted_page_stands_in_the_menu_and_its_button_leads_back_to_it(clinic: Clinic) -> None:
    chen, case = browser_of(clinic.chen), taken(clinic)
    assert dict(seen(clinic.wu, PAGE).places)["Deliver"] == "true"  # beside it stand cases and customers
    assert "Give back wait" in chen.get(PAGE).content.decode()
    given = chen.post(f"/w/harbour/cases/{case.pk}/give-back/", follow=True)
    assert given.redirect_chain == [(PAGE, 302)]
    assert "You have none" in given.content.decode()
    again = chen.get(f"/w/harbour/cases/{case.pk}/give-back/")
    assert (again.status_code, again["Location"]) == (302, PAGE)


def test_a_planted_verb_leaves_its_change_its_audit_row_and_its_outbox_row_and_is_read_as_a_sentence(
    clinic: Clinic,
) -> None:
    case = give_case_back(actor=clinic.chen, case=taken(clinic))
    case.refresh_from_db()
    assert (case.state, case.owner) == ("open", None)
    states = ({"state": "taken", "owner": clinic.chen.email}, {"state": "open", "owner": None})
    assert left_by(clinic.workspace)[2:] == [(3, "Chen", "give_case_back", "case", *states)]
    page = browser_of(clinic.olivia).get("/w/harbour/audit/", {"kind": "cases"})
    assert said_on(page)[0] == f"Chen gave the case “{case.pk} · Wait to be called · East” back."


def test_a_planted_verb_without_its_sentence_is_found() -> None:
    assert verbs(FOLDER) == {"give_case_back"}
