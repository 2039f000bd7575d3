"""A service is begun: from the template of an industry, or from one's own steps, while its map grows."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from peakend.errors import FormatError
from peakend.service import ServiceDocument, check, loads
from peakend.templates import IDS
from peakend.terms import LANGUAGES
from peakend_web.design.queries import document_at
from peakend_web.design.starters import starter_data
from peakend_web.design.starters.beginning import BLANK
from peakend_web.design.starters.steps import Steps
from peakend_web.models import Draft, Service
from tests.web.conftest import Clinic, browser_of
from tests.web.people.test_workspaces import text_of

BEGIN = "/w/harbour/services/begin/"


@pytest.fixture
def wu(clinic: Clinic) -> Client:
    return browser_of(clinic.wu)


def begun(wu: Client, lang: str = "en", **asked: Any) -> tuple[Service, ServiceDocument]:
    given = {"template": BLANK, "languages": [lang], **asked}
    reply = wu.post(BEGIN, given, headers={"accept-language": lang})
    assert reply.status_code == 302
    made = Service.objects.latest("pk")
    assert made.current is not None
    return made, loads(made.current.text)


def stages(steps: Steps) -> list[tuple[str, list[str]]]:
    return [(one["title"]["en"], [point["title"]["en"] for point in one["touchpoints"]]) for one in steps.stages("en")]


@pytest.mark.parametrize("template", [*IDS, BLANK])
def test_wu_begins_a_service_from_a_template_and_can_publish_it_as_it_stands(
    clinic: Clinic, wu: Client, template: str
) -> None:
    asked = {"template": template, "name": "Clinic by the sea", "languages": ["en", "zh-Hant"],
             "for_whom": "Families", "sites": "East\n西區\n"}  # fmt: skip
    made, document = begun(wu, **asked)
    assert (document.title["en"], made.title) == ("Clinic by the sea", {"en": "Clinic by the sea"})
    assert document.languages == ("en", "zh-Hant")
    assert document.strategy
    assert document.strategy.for_whom
    assert document.strategy.for_whom["en"] == "Families"
    assert [(site.id, site.title["en"]) for site in document.sites] == [("east", "East"), ("site-1", "西區")]
    assert made.current
    assert [problem.id for problem in check(made.current.text) if problem.level == "error"] == []


def test_whoever_has_begun_a_service_lands_in_a_draft_that_can_be_edited_at_once(clinic: Clinic, wu: Client) -> None:
    reply = wu.post(BEGIN, {"template": "hotel", "languages": ["en"]}, follow=True)
    made = Service.objects.latest("pk")
    assert reply.redirect_chain == [(f"/w/harbour/{made.slug}/design/", 302)]
    assert Draft.objects.get(service=made).seq == 0
    assert "Add a stage" in text_of(reply)


def test_a_double_tap_on_start_makes_one_service(clinic: Clinic, wu: Client) -> None:
    token = re.findall(r'name="token" value="([^"]+)"', wu.get(BEGIN).content.decode())[0]
    asked = {"template": "hotel", "name": "By the lake", "languages": ["en"], "token": token}
    replies = [wu.post(BEGIN, asked).headers["Location"] for _ in range(2)]
    assert replies == ["/w/harbour/hotel/design/"] * 2
    assert clinic.workspace.services.count() == 2
    made, _document = begun(wu, template="hotel")
    assert made.slug == "hotel-2"


def test_the_central_step_comes_first_and_those_before_and_after_it_fall_into_the_five_scenes() -> None:
    before, after = "See the sign\nFind the door\nRegister\nWait", "Pay\nGo home\nA call next day"
    assert stages(Steps(before, "The doctor", after)) == [
        ("Draw in", ["See the sign", "Find the door"]), ("Enter", ["Register", "Wait"]), ("Use", ["The doctor"]),
        ("Leave", ["Pay", "Go home"]), ("Go on", ["A call next day"]),
    ]  # fmt: skip
    assert stages(Steps("Door", "The doctor", "", scenes=("", "Come in", "See the doctor"))) == [
        ("Come in", ["Door"]), ("See the doctor", ["The doctor"]),
    ]  # fmt: skip


def test_a_line_that_begins_with_a_hash_names_a_stage_wherever_it_stands() -> None:
    assert stages(Steps("# Arrive\nDoor\n# See the doctor", "The doctor", "Pay")) == [
        ("Arrive", ["Door"]), ("See the doctor", ["The doctor", "Pay"]),
    ]  # fmt: skip
    found = Steps(all="# Arrive\nDoor\nDesk\n# Stay\nDoor\n#").stages("en")
    assert [(stage["id"], [point["id"] for point in stage["touchpoints"]]) for stage in found] == [
        ("arrive", ["door", "desk"]), ("stay", ["door-2"]),
    ]  # fmt: skip


def test_pasted_steps_are_spread_over_the_scenes() -> None:
    assert Steps(all="  \n \n").stages("en") == []
    pasted = [Steps(all="\n".join(["x"] * n)).stages("en") for n in (1, 3, 4, 5, 60)]
    assert [len(found) for found in pasted] == [1, 3, 4, 5, 5]
    assert sum(len(stage["touchpoints"]) for stage in pasted[-1]) == 60
    assert stages(Steps(all="1. Door\n2、Desk\n• Chair")) == [
        ("Enter", ["Door"]),
        ("Use", ["Desk"]),
        ("Leave", ["Chair"]),
    ]


@pytest.mark.parametrize(
    ("steps", "error"), [("\n".join(["x"] * 61), "names.many"), (f"Door\n{'x' * 201}", "names.long")]
)
def test_more_than_sixty_steps_and_a_step_of_more_than_two_hundred_characters_are_not_cut_but_refused_in_words(
    clinic: Clinic, wu: Client, steps: str, error: str
) -> None:
    with pytest.raises(FormatError) as refused:
        Steps(all=steps).stages("en")
    assert refused.value.id == error
    said = refused.value.message("en")
    for address, alone in ((BEGIN, {}), (f"{BEGIN}preview/", {}), (f"{BEGIN}preview/", {"hx-request": "true"})):
        page = wu.post(address, {"template": BLANK, "languages": ["en"], "steps": steps}, headers=alone)
        assert html.unescape(text_of(page)).count(said) == 1
    assert clinic.workspace.services.count() == 1


def test_a_line_may_end_with_the_planned_feeling_and_only_with_one_that_there_is() -> None:
    pasted = "Wait -3\nGate 3\nGreeting ＋2.5\nTerminal -9\n候診 −1\n-2\nGreet 0\nGate 10"
    points = [point for stage in Steps(all=pasted).stages("zh-Hant") for point in stage["touchpoints"]]
    assert [(point["title"]["zh-Hant"], point.get("emotion", {}).get("planned")) for point in points] == [
        ("Wait", -3), ("Gate 3", None), ("Greeting", 2.5), ("Terminal -9", None), ("候診", -1), ("2", None),
        ("Greet", 0), ("Gate 10", None),
    ]  # fmt: skip


def test_steps_that_were_pasted_one_a_line_become_a_journey_that_is_asked_about(clinic: Clinic, wu: Client) -> None:
    steps = "1. 找科別\n2、預約\n• 報到\n\n候診\n看診\n領藥\n  回家  "
    made, document = begun(wu, "zh-Hant", steps=steps, name="門診", peak="看診", end="回家")
    words = [point.title["zh-Hant"] for point in document.touchpoints]
    assert words == ["找科別", "預約", "報到", "候診", "看診", "領藥", "回家"]
    assert [len(stage.touchpoints) for stage in document.journeys[0].stages] == [2, 1, 2, 1, 1]
    assert document.surveys[0].items[1].touchpoints == tuple(point.id for point in document.touchpoints)
    assert made.current
    assert check(made.current.text) == []


def test_three_answers_plan_feelings_and_marks_and_leave_what_was_typed(clinic: Clinic, wu: Client) -> None:
    steps = "Door\nWait -1\nDesk\nDoctor\nHome"
    _made, document = begun(wu, steps=steps, hurts="Wait", peak="Doctor", end="Home")
    felt = [(point.emotion.planned if point.emotion else None, point.designed_as) for point in document.touchpoints]
    assert felt == [(None, None), (-1, None), (None, None), (4, "peak"), (3, "end")]


def test_a_template_keeps_its_peak_and_end_until_another_is_chosen(clinic: Clinic, wu: Client) -> None:
    _made, document = begun(wu, template="hospital")
    known = {point.designed_as: point.title["en"] for point in document.touchpoints if point.designed_as}
    other = next(point.title["en"] for point in document.touchpoints if not point.designed_as)
    _made, changed = begun(wu, template="hospital", peak=other)
    assert {point.designed_as: point.title["en"] for point in changed.touchpoints if point.designed_as} == {
        "peak": other, "end": known["end"],
    }  # fmt: skip


def test_steps_beside_a_template_and_steps_in_two_places_are_not_dropped_in_silence(clinic: Clinic, wu: Client) -> None:
    for asked, told in (
        ({"template": "hotel", "steps": "Door"}, "choose “My own steps” above"),
        ({"template": BLANK, "steps": "Door", "centre": "Desk"}, "not both"),
    ):
        reply = wu.post(BEGIN, {"languages": ["en"], **asked})
        assert (reply.status_code, told in text_of(reply)) == (422, True)
    assert clinic.workspace.services.count() == 1


def test_the_map_grows_while_one_types_and_without_a_script_by_a_button(clinic: Clinic, wu: Client) -> None:
    asked = {"template": BLANK, "languages": ["en"], "before": "Door\nDesk", "centre": "See <b>the</b> doctor"}
    piece = wu.post(f"{BEGIN}preview/", asked, headers={"hx-request": "true"}).content.decode()
    assert piece.count('class="pk-map"') == 2
    assert "3 touchpoints in 3 stages" in piece
    assert '<option value="Desk">Desk</option>' in piece
    assert "<b>the</b>" not in piece
    page = wu.post(f"{BEGIN}preview/", asked).content.decode()
    assert (page.count('class="pk-map"'), "<h1>" in page, "Door\nDesk</textarea>" in page) == (2, True, True)
    nothing = wu.post(f"{BEGIN}preview/", {"template": BLANK}, headers={"hx-request": "true"})
    assert "Your map grows here" in text_of(nothing)
    assert clinic.workspace.services.count() == 1


def test_the_first_services_of_all_languages_are_one_in_three() -> None:
    whole = starter_data(LANGUAGES)
    assert [starter_data([lang])["title"] for lang in LANGUAGES] == [{lang: whole["title"][lang]} for lang in LANGUAGES]
    assert whole["journeys"][0]["stages"][0]["touchpoints"][0]["title"].keys() == set(LANGUAGES)


def test_a_new_service_speaks_in_its_own_words_and_has_no_step_yet(clinic: Clinic, wu: Client) -> None:
    made, document = begun(wu, centre="The doctor")
    working = document_at(Draft.objects.get(service=made))
    assert [part["title"] for part in working.parts("stages:use", "touchpoints")] == [{"en": "The doctor"}]
    assert document.touchpoints[0].id == "the-doctor"


def test_the_journey_of_a_new_service_opens_with_what_is_planned_and_a_file_may_be_of_any_form(wu: Client) -> None:
    made, _document = begun(wu, centre="See the doctor +3")
    page = wu.get(f"/w/harbour/{made.slug}/journey/").content.decode()
    assert "<h1>1 touchpoint in 1 stage; no moment of truth yet; no planned peak and no planned end yet.</h1>" in page
    assert 'href="/w/harbour/services/import/">I have a file</a>' in wu.get(BEGIN).content.decode()
