"""What a case holds of answers that somebody takes back: unread from the moment they go, let go of by the job."""

from __future__ import annotations

from typing import Any

import pytest

from peakend_web.listening.actions.take_backs import take_back
from peakend_web.listening.queries.origins import Origin, of_program
from peakend_web.models import ApiKey, AuditEntry, Case, OutboxEntry
from peakend_web.people.actions.keys import make_key
from peakend_web.recovery import jobs as recovery
from peakend_web.recovery.actions import open_case
from peakend_web.recovery.jobs import open_from_answers
from peakend_web.running import outbox
from peakend_web.running.jobs import READERS
from peakend_web.store.identity import program
from tests.web.answers import deliver, rate, recommend, remark
from tests.web.conftest import Clinic, browser_of
from tests.web.recovery.test_case_pages import words_of

CASES = "/w/harbour/cases/"
WORDS = "The giraffe was purple."


@pytest.fixture
def case(clinic: Clinic) -> Case:
    """Mrs Lin recommends nobody, and says why; Mr Wang recommends nobody either."""
    keep(clinic, recommend(2)[0], remark("wait", WORDS), response="mrs-lin")
    keep(clinic, recommend(3)[0], response="mr-wang")
    open_from_answers(workspace=clinic.workspace)
    return Case.objects.get(response="mrs-lin")


def keep(clinic: Clinic, *rows: dict[str, Any], response: str, **more: Any) -> None:
    """Keep rows of one questionnaire as the survey's page would name them."""
    named = [
        {**row, "source": "till", "response": response, "source_key": f"{response}:{row['item']}", **more}
        for row in rows
    ]
    deliver(clinic.service, named)


def take(clinic: Clinic, item: str = "") -> None:
    """Wu takes an answer of Mrs Lin back, or all that the till has sent."""
    origin = Origin(source="till", source_key=f"mrs-lin:{item}" if item else "")
    take_back(actor=clinic.wu, service=clinic.service, origin=origin)


def read_by(clinic: Clinic, case: Case) -> str:
    """All that Wu, who reads everything of a case, finds of it anywhere."""
    pages = (f"{CASES}{case.pk}/", f"{CASES}?state=all", CASES, "/w/harbour/outpatient/", f"{CASES}?state=closed")
    return " ".join(words_of(browser_of(clinic.wu), page) for page in pages)


def found(clinic: Clinic, who: str, words: str) -> bool:
    page = browser_of(getattr(clinic, who)).get(f"{CASES}?state=all&q={words}").content.decode()
    return f'href="{CASES}' in page.partition("<main")[2] and "No case is like this" not in page


def closings() -> list[tuple[str | None, Any, Any]]:
    entries = AuditEntry.objects.filter(verb="close_case").select_related("actor").order_by("number")
    return [(each.actor.name if each.actor else None, each.before, each.after) for each in entries]


@pytest.mark.parametrize("item", ["", "why", "recommend"])
def test_between_the_verb_and_the_job_no_page_says_what_the_customer_said(
    clinic: Clinic, case: Case, item: str
) -> None:
    assert ("giraffe" in read_by(clinic, case), "Gave 2 on" in read_by(clinic, case)) == (True, True)
    assert [found(clinic, who, "giraffe") for who in ("wu", "mei")] == [True, True]
    take(clinic, item)
    for _ in range(2):
        assert ("giraffe" in read_by(clinic, case), "Gave 2 on" in read_by(clinic, case)) == (False, False)
        assert [found(clinic, who, "giraffe") for who in ("wu", "mei")] == [False, False]
        assert Case.objects.get(pk=case.pk).words == WORDS, "nobody has let go of it yet"
    outbox.empty("take_back", "recovery", READERS)
    case.refresh_from_db()
    assert (case.words, case.value, case.state) == {
        "": ("", None, "closed"),
        "why": ("", 2.0, "open"),
        "recommend": (WORDS, None, "closed"),
    }[item]


def test_the_case_of_somebody_else_is_read_as_before(clinic: Clinic, case: Case) -> None:
    other = Case.objects.get(response="mr-wang")
    take(clinic, "recommend")
    assert "Gave 3 on" in read_by(clinic, other)
    outbox.empty("take_back", "recovery", READERS)
    other.refresh_from_db()
    assert (other.state, other.value) == ("open", 3.0)


def test_the_jobs_hear_of_what_was_taken_back() -> None:
    assert READERS["take_back"]["recovery"] is recovery.withdraw


def test_the_job_closes_in_the_name_of_whoever_took_back_and_doing_it_again_changes_nothing(
    clinic: Clinic, case: Case
) -> None:
    take(clinic, "recommend")
    entry = OutboxEntry.objects.get(kind="take_back")
    assert (entry.payload["cases"], "mrs-lin" in str(entry.payload)) == ({str(case.pk): True}, False)
    for _ in range(2):
        recovery.withdraw(entry)
    case.refresh_from_db()
    assert (case.closed_by, closings()) == (clinic.wu, [("Wu", {"state": "open"}, {"state": "closed"})])


def test_where_a_program_took_back_the_trail_names_its_key_and_the_case_nobody(clinic: Clinic) -> None:
    key, _ = make_key(actor=clinic.olivia, workspace=clinic.workspace, name="till 3", scope=ApiKey.Scope.WRITE)
    keep(clinic, recommend(2)[0], response="mrs-lin", delivery=program(key.prefix))
    open_from_answers(workspace=clinic.workspace)
    take_back(actor=key.made_by, service=clinic.service, origin=of_program(key, "till"), key=key)
    outbox.empty("take_back", "recovery", READERS)
    assert Case.objects.get().closed_by is None
    assert closings() == [("Olivia Wang", {"state": "open"}, {"state": "closed", "key": "till 3"})]


def test_a_further_answer_that_is_taken_back_leaves_the_case_that_stands_on_another(clinic: Clinic) -> None:
    keep(clinic, recommend(2)[0], *rate("wait", 1), response="mrs-lin")
    open_from_answers(workspace=clinic.workspace)
    wait = {"item": "waiting", "touchpoint": "wait", "value": 1.0, "low": 1.0, "high": 5.0}
    open_case(actor=None, service=clinic.service, source="till", source_key="mrs-lin:wait", response="mrs-lin", **wait)
    case = Case.objects.get()
    assert "Gave 1 on" in read_by(clinic, case)
    take(clinic, "wait")
    assert "Gave 1 on" not in read_by(clinic, case)
    outbox.empty("take_back", "recovery", READERS)
    case.refresh_from_db()
    assert (case.further, case.state, case.value) == ([], "open", 2.0)


def test_rows_that_are_sent_anew_within_the_second_do_not_bring_the_old_case_back(clinic: Clinic, case: Case) -> None:
    take(clinic)
    keep(clinic, recommend(9)[0], remark("wait", "All well."), response="mrs-lin")
    assert ("giraffe" in read_by(clinic, case), "Gave 2 on" in read_by(clinic, case)) == (False, False)
    outbox.empty("take_back", "recovery", READERS)
    case.refresh_from_db()
    assert (case.words, case.value, case.state) == ("All well.", None, "closed")


def test_an_answer_that_is_taken_back_while_it_is_looked_at_opens_nothing(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(clinic, recommend(2)[0], response="mrs-lin")
    keep(clinic, recommend(3)[0], response="mr-wang")
    honest = recovery.case_of

    def of(match: Any) -> Case:
        if match.answer.response == "mrs-lin":
            take(clinic, "recommend")
        return honest(match)

    monkeypatch.setattr(recovery, "case_of", of)
    assert open_from_answers(workspace=clinic.workspace) == 1
    assert [case.response for case in Case.objects.all()] == ["mr-wang"]


def test_what_was_taken_back_and_is_not_erased_yet_opens_nothing(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peakend_web.listening.actions.take_backs.AT_ONCE", 0)
    keep(clinic, recommend(2)[0], *rate("wait", 1), response="mrs-lin")
    take(clinic, "recommend")
    assert open_from_answers(workspace=clinic.workspace) == 0
