"""A link to a map: made by who may edit, for a time, showing only what was switched on; and every way to misuse it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from peakend.errors import PeakendError
from peakend.service import as_data, loads
from peakend.service.document import dump, of_data
from peakend_web.base.refusals import Conflict, Denied, Gone, Missing, Refusal
from peakend_web.design.actions import sharing
from peakend_web.design.actions import versions as services
from peakend_web.design.actions.sharing import Shows, find_shared_map, share_map
from peakend_web.design.shared_document import shared_document
from peakend_web.models import Membership, Role, Service, SharedMap
from peakend_web.people.actions import members
from tests.service.ward import WARD
from tests.web.answers import deliver, rate
from tests.web.conftest import OUTPATIENT, Clinic, browser_of, left_by
from tests.web.people.test_workspaces import text_of

LINKS = "/w/harbour/outpatient/versions/links/"


def in_days(clinic: Clinic, days: int) -> date:
    return sharing.today_in(clinic.workspace) + timedelta(days=days)


def shared(clinic: Clinic, **more: Any) -> tuple[SharedMap, str]:
    given = {"actor": clinic.wu, "service": clinic.service, "reader": "The board", "until": in_days(clinic, 30)}
    return share_map(**{**given, **more})


def opened(secret: str, **more: Any) -> Any:
    return Client().get(f"/map/{secret}", **more)


def refusal_of(act: Any) -> str:
    with pytest.raises(PeakendError) as told:
        act()
    return told.value.id


# --- making and ending ------------------------------------------------------------------------------------------------


def test_wu_makes_a_link_in_the_browser_and_whoever_has_it_sees_the_map(clinic: Clinic) -> None:
    wu = browser_of(clinic.wu)
    until = in_days(clinic, 30)
    answer = wu.post(LINKS, {"reader": "The board", "until": until.isoformat(), "version": ""})
    assert answer.headers["Location"] == LINKS
    page = wu.get(LINKS).content.decode()
    address = re.search(r"<code>https?://[^/]+(/map/[\w-]{32})</code>", page)
    assert address
    assert "/map/" not in wu.get(LINKS).content.decode()  # shown once
    link = SharedMap.objects.get()
    assert (link.reader, link.until, link.version, link.made_by) == ("The board", until, None, clinic.wu)
    assert (link.shows_words, link.shows_people, link.shows_scores) == (False, False, False)
    assert address[1].removeprefix("/map/") not in str(SharedMap.objects.values().get())
    seen = Client().get(address[1])
    assert (seen.status_code, seen.headers["X-Robots-Tag"]) == (200, "noindex, nofollow")
    assert "Wait to be called" in seen.content.decode()
    assert left_by(clinic.workspace)[-1][1:] == (
        "Wu", "share_map", "service", None,
        {"reader": "The board", "until": until.isoformat(), "words": False, "people": False, "scores": False},
    )  # fmt: skip


def test_wu_ends_a_link_and_it_opens_nothing_any_more(clinic: Clinic) -> None:
    link, secret = shared(clinic)
    wu = browser_of(clinic.wu)
    assert wu.post(f"{LINKS}{link.pk}/end/").headers["Location"] == LINKS
    answer = opened(secret)
    assert (answer.status_code, "This link to a map is no longer valid." in text_of(answer)) == (410, True)
    assert "Wait to be called" not in answer.content.decode()
    assert left_by(clinic.workspace)[-1][2] == "end_shared_map"
    assert wu.post(f"{LINKS}{link.pk}/end/").status_code == 404


def test_a_link_opens_up_to_its_day_and_not_after_it(clinic: Clinic) -> None:
    link, secret = shared(clinic, until=in_days(clinic, 0))
    assert opened(secret).status_code == 200
    SharedMap.objects.filter(pk=link.pk).update(until=in_days(clinic, -1))
    assert opened(secret).status_code == 410
    assert "Expired on" in text_of(browser_of(clinic.wu).get(LINKS))


def test_a_link_opens_a_year_at_most_and_never_backwards(clinic: Clinic) -> None:
    assert refusal_of(lambda: shared(clinic, until=in_days(clinic, 366))) == "web.map_until"
    assert refusal_of(lambda: shared(clinic, until=in_days(clinic, -1))) == "web.map_until"
    shared(clinic, until=in_days(clinic, 365))
    answer = browser_of(clinic.wu).post(LINKS, {"reader": "x", "until": ""})
    assert (answer.status_code, SharedMap.objects.count()) == (422, 1)


def test_a_link_shows_the_version_in_force_or_the_one_it_was_made_of(clinic: Clinic) -> None:
    first = clinic.service.current
    _, moving = shared(clinic)
    _, fixed = shared(clinic, version=first)
    changed = OUTPATIENT.replace("Wait to be called", "Wait with a number")
    services.save_service_version(
        actor=clinic.wu, workspace=clinic.workspace, text=changed, service=Service.objects.get(pk=clinic.service.pk)
    )
    assert "Wait with a number" in opened(moving).content.decode()
    assert "Wait with a number" not in opened(fixed).content.decode()
    assert "Version 1 of" in text_of(opened(fixed))


def test_a_service_without_a_journey_has_nothing_to_share(clinic: Clinic) -> None:
    Service.objects.filter(pk=clinic.service.pk).update(current=None)
    assert refusal_of(lambda: shared(clinic)) == "web.map_of_nothing"


# --- what is not shown ------------------------------------------------------------------------------------------------

HIDDEN = {
    "thinks": "Have they forgotten me", "expects": "I expect my turn", "fears": "I fear the needle",
    "said": "How long", "quote": "Nobody told me", "persona": "Mrs Lin", "owner": "Nurse Chen", "why": "He was here",
}  # fmt: skip
FULL = (
    WARD.replace("service: ward", "service: outpatient")
    .replace(
        "basis: observed",
        "basis: observed\n            owner: nurse\n            expects: {en: I expect my turn}\n"
        "            fears: {en: I fear the needle}",
    )
    .replace("emotion: {planned: 1}", "emotion: {planned: 1, why: {en: He was here before me}}")
    .replace("state: named}", "state: named, thinks: {en: Have they forgotten me twice?}}")
    .replace("title: {en: A morning}", "title: {en: A morning}\n    persona: mrs-lin")
)


@pytest.fixture
def ward(clinic: Clinic) -> Clinic:
    services.save_service_version(actor=clinic.wu, workspace=clinic.workspace, text=FULL, service=clinic.service)
    return clinic


def words_in(body: bytes) -> set[str]:
    return {name for name, word in HIDDEN.items() if word.encode() in body}


def test_what_is_not_switched_on_is_in_no_byte_of_the_page(ward: Clinic) -> None:
    assert words_in(opened(shared(ward)[1]).content) == set()
    assert words_in(opened(shared(ward, shows=Shows(scores=True))[1]).content) == set()
    assert words_in(opened(shared(ward, shows=Shows(people=True))[1]).content) == {"owner"}
    of_words = words_in(opened(shared(ward, shows=Shows(words=True))[1]).content)
    assert {"thinks", "expects", "fears"} <= of_words <= {*HIDDEN} - {"owner"}


def test_the_document_behind_a_link_holds_nothing_but_the_map() -> None:
    whole = loads(FULL)
    plain = shared_document(whole, words=False, people=False)
    text = plain.model_dump_json(exclude_unset=True)
    assert words_in(text.encode()) == set()
    assert {"surveys", "rules", "remedies", "stakeholders", "personas", "strategy"} & plain.model_fields_set == set()
    assert '"who"' not in text
    more = shared_document(whole, words=True, people=True).model_dump_json(exclude_unset=True)
    assert {"thinks", "expects", "fears", "owner", "persona", "why"} <= words_in(more.encode())
    assert [point.id for point in plain.touchpoints] == [point.id for point in whole.touchpoints]


def in_every_place() -> tuple[str, dict[str, str]]:
    """The document with words of its own in every place that takes words, each with the name of that place."""
    data = as_data(loads(FULL))
    data["summary"] = data["source"] = data["journeys"][0]["summary"] = {"en": "x"}
    point = data["journeys"][0]["stages"][0]["touchpoints"][0]
    point |= {"customer": {"en": "x"}, "evidence": {"sight": {"en": "x"}}, "channels": ["desk"], "owner": "nurse"}
    point["moment_of_truth"] |= {"delight": {"en": "x"}, "behaviours": {"welcome": {"en": "x"}}}
    point["wait"]["text"] = {"en": "x"}
    data["channels"] = [{"id": "desk", "title": {"en": "x"}}]
    data["personas"][0] |= {"story": {"en": "x"}, "goals": [{"en": "x"}], "fears": [{"en": "x"}]}
    places: dict[str, str] = {}

    def write(part: Any, place: str) -> Any:
        if isinstance(part, dict) and set(part) == {"en"}:
            said = f"word{len(places):03}z"  # so long that no random token on the page holds it
            places[said] = place
            return {"en": said}
        if isinstance(part, list):
            return [write(each, place) for each in part]
        return (
            {key: write(each, f"{place}.{key}".strip(".")) for key, each in part.items()}
            if isinstance(part, dict)
            else part
        )

    return dump(of_data(write(data, ""))), places


ALWAYS = {"title", "journeys.title", "journeys.stages.title", "journeys.stages.touchpoints.title"}
OF_WORDS = {
    "source",
    "label",
    "journeys.stages.touchpoints.moment_of_truth.trigger",
    "journeys.stages.touchpoints.moment_of_truth.words",
    *(f"journeys.stages.touchpoints.{key}" for key in ("customer", "thinks", "expects", "fears")),
}
OF_PEOPLE = {
    "label",
    "channels.title",
    "failures.title",
    "stakeholders.name",
    *(f"journeys.stages.touchpoints.{key}" for key in ("customer", "evidence.sight", "frontstage", "wait.text")),
    *(f"journeys.stages.touchpoints.{key}.text" for key in ("backstage", "support")),
}


@pytest.mark.parametrize(
    ("shows", "expected"),
    [
        (Shows(), ALWAYS),
        (Shows(words=True), ALWAYS | OF_WORDS),
        (Shows(people=True), ALWAYS | OF_PEOPLE),
        (Shows(words=True, people=True), ALWAYS | OF_WORDS | OF_PEOPLE),
    ],
)
def test_of_all_places_that_take_words_a_link_shows_those_of_its_switches(
    clinic: Clinic, shows: Shows, expected: set[str]
) -> None:
    text, places = in_every_place()
    services.save_service_version(actor=clinic.wu, workspace=clinic.workspace, text=text, service=clinic.service)
    body = opened(shared(clinic, shows=shows)[1]).content.decode()
    assert {place for words, place in places.items() if words in body} == expected


def test_the_page_leads_nowhere_inside_and_asks_nobody_else_for_anything(ward: Clinic) -> None:
    answer = opened(shared(ward)[1])
    page = answer.content.decode()
    assert re.findall(r'(?:src|href|action)="((?!/static/|/language/|#|data:)[^"]*)"', page) == []
    assert ('name="robots" content="noindex, nofollow"' in page, "harbour" in page) == (True, False)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "Wu" not in re.sub(r"<svg.*?</svg>|<[^>]+>", "", page, flags=re.DOTALL)  # not in a token, which may say so


def test_the_map_follows_the_dark_and_a_phone_reads_the_lanes_in_words(ward: Clinic) -> None:
    body = opened(shared(ward, shows=Shows(words=True, people=True))[1]).content.decode()
    assert "peakend_web/generated/map" in body
    in_words = re.findall(r'<div class="narrow-only stack">(.*?)</div>\n', body, re.DOTALL)
    assert ["<svg" in lanes for lanes in in_words] == [False, False]
    assert ["<h3>Thinks</h3>" in lanes for lanes in in_words] == [True, False]


def test_stored_text_is_inert_on_the_page(ward: Clinic) -> None:
    hostile = FULL.replace("title: {en: Wait}", "title: {en: '<script>alert(1)</script>'}")
    services.save_service_version(
        actor=ward.wu, workspace=ward.workspace, text=hostile, service=Service.objects.get(pk=ward.service.pk)
    )
    assert b"<script>alert" not in opened(shared(ward)[1]).content


# --- attacks ----------------------------------------------------------------------------------------------------------


def test_a_guess_opens_nothing_and_is_told_so_plainly(clinic: Clinic) -> None:
    _, secret = shared(clinic)
    for guess in (secret[:-1], secret + "A", secret.swapcase(), "x" * 32, "%00", "a" * 5_000, "..%2f..%2fadmin"):
        answer = opened(guess)
        assert answer.status_code in {404, 410}
        assert b"Wait to be called" not in answer.content
    assert opened(SharedMap.objects.get().digest).status_code == 404


def test_a_link_ends_with_the_rights_of_whoever_made_it(clinic: Clinic) -> None:
    _, secret = shared(clinic)
    membership = Membership.objects.get(person=clinic.wu)
    members.change_role(actor=clinic.olivia, membership=membership, role=Role.ANALYST)
    assert opened(secret).status_code == 410
    assert "No longer valid: Wu may no longer edit the design" in text_of(browser_of(clinic.olivia).get(LINKS))
    members.change_role(actor=clinic.olivia, membership=membership, role=Role.MANAGER)
    assert opened(secret).status_code == 200
    members.remove_member(actor=clinic.olivia, membership=membership)
    assert opened(secret).status_code == 410
    with pytest.raises(Gone):
        find_shared_map(secret)


def test_nobody_makes_or_ends_a_link_who_may_not_edit(clinic: Clinic) -> None:
    link, _ = shared(clinic)
    for person in (clinic.mei, clinic.chen, clinic.victor):
        browser = browser_of(person)
        assert browser.get(LINKS).status_code == 403
        assert browser.post(f"{LINKS}{link.pk}/end/").status_code == 403
        with pytest.raises(Denied):
            shared(clinic, actor=person)
    with pytest.raises(Denied):
        shared(clinic, actor=clinic.sam)
    assert browser_of(clinic.sam).post(f"{LINKS}{link.pk}/end/").status_code == 404


def test_a_link_of_another_workspace_is_not_ended_nor_its_version_shown(clinic: Clinic) -> None:
    link, _ = shared(clinic)
    sam = browser_of(clinic.sam)
    assert sam.post(f"/w/lakeside/stay/versions/links/{link.pk}/end/").status_code == 404
    assert SharedMap.objects.get(pk=link.pk).ended_at is None
    other = clinic.other_service.current
    with pytest.raises(Missing):
        shared(clinic, version=other)


def test_the_refusals_are_of_the_kinds_that_programs_know() -> None:
    assert {each.status for each in (Gone, Missing, Conflict, Refusal, Denied)} == {410, 404, 409, 422, 403}


# --- live scores ------------------------------------------------------------------------------------------------------


def test_live_scores_are_shown_where_switched_on_from_ten_answers_on_and_of_the_version_in_force(
    clinic: Clinic,
) -> None:
    deliver(clinic.service, [*rate("wait", 2, 20), *rate("wait", 3, 20), *rate("register", 4, 7)])
    _, secret = shared(clinic, shows=Shows(scores=True))
    shown = opened(secret).content.decode()
    assert "2.50" in shown
    assert "4.00" not in shown  # of seven answers there is no figure
    assert "2.50" not in opened(shared(clinic)[1]).content.decode()
    fixed = shared(clinic, version=clinic.service.current, shows=Shows(scores=True))[1]
    assert "2.50" not in opened(fixed).content.decode()


def test_whoever_has_a_link_narrows_no_scores_by_its_address(clinic: Clinic) -> None:
    deliver(clinic.service, [*rate("wait", 2, 20), *rate("wait", 3, 20, site="west")])
    _, secret = shared(clinic, shows=Shows(scores=True))
    asked = {"site": "west", "from": "2026-11-02", "journey": "x", "measure": "share"}
    assert "2.50" in opened(secret, query_params=asked).content.decode()
