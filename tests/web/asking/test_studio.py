"""Manager Wu makes a survey: begins it, words it, orders it, lets a question depend on another, and publishes it."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any, Final

import pytest
from django.test import Client

from peakend.errors import PeakendError
from peakend.service.edits import Edit
from peakend.service.kinds import KINDS
from peakend_web.asking.kinds import WORDS
from peakend_web.asking.new_questions import new_question
from peakend_web.design.actions.drafts import edit_draft
from peakend_web.design.queries import document_at
from peakend_web.models import Answer, Draft, Survey
from tests.web.conftest import Clinic, browser_of, left_by
from tests.web.surveys import said, send

SURVEYS: Final = "/w/harbour/outpatient/surveys/"
STUDIO: Final = f"{SURVEYS}studio/after-visit/"
RECOMMEND, WAITING, WHY = (f"items:after-visit/{id}" for id in ("recommend", "waiting", "why"))


def survey() -> dict[str, Any]:
    """The survey in its draft."""
    found: list[dict[str, Any]] = document_at(Draft.objects.get(ended_at=None)).data["surveys"]
    return found[-1]


def ids() -> list[str]:
    """The questions of the survey in its draft, in order."""
    return [item["id"] for item in survey()["items"]]


def press(browser: Client, do: str, part: str = "", **more: str) -> str:
    """Press a button of the studio; where it leads."""
    return browser.post(f"{STUDIO}edit/", {"do": do, "part": part, **more})["Location"]


def sentence(browser: Client, address: str = STUDIO) -> str:
    """The first sentence of a page."""
    found = re.search(r"<h1>(.*?)</h1>", browser.get(address).content.decode(), re.DOTALL)
    return found[1].strip() if found else ""


# --- a survey begins --------------------------------------------------------------------------------------------------


def begin(clinic: Clinic, **form: str) -> str:
    """Begin a survey; the page that it leads to."""
    asked = {"title": "At the desk", "respondents": "customer", "begins": "instrument:pulse", **form}
    return browser_of(clinic.wu).post(f"{SURVEYS}new/", asked)["Location"]


def test_wu_begins_with_three_questions_about_the_wait_in_three_languages_and_hangs_the_survey_up(
    clinic: Clinic,
) -> None:
    studio, wu = begin(clinic, touchpoint="wait"), browser_of(clinic.wu)
    assert sentence(wu, studio) == (
        "3 questions, about 30 seconds, in 3 languages; 繁體中文 lacks 1 text; 简体中文 lacks 1 text."
    )
    published = wu.post(f"{studio}publish/")["Location"]
    out = Survey.objects.get()
    assert (out.item, out.version.number, published) == ("at-the-desk", 2, f"{SURVEYS}{out.pk}/")
    send(out, said("today", 4), said("better", "Chairs"))
    assert sorted(Answer.objects.values_list("item", "touchpoint")) == [("better", None), ("today", None)]
    assert [(who, verb) for _at, who, verb, *_rest in left_by(clinic.workspace)] == [
        ("Wu", "begin_draft"),
        ("Wu", "edit_draft"),
        ("Wu", "save_service_version"),
        ("Wu", "publish_survey"),
    ]


def test_a_pasted_list_is_shown_as_questions_before_anything_is_kept_and_becomes_these(clinic: Clinic) -> None:
    wu, text = browser_of(clinic.wu), "一、您滿意嗎？（1-5）\n二、怎麼來的？\n- 捷運\n- 開車"
    asked = {"title": "櫃檯", "respondents": "customer", "begins": "paste", "text": text}
    shown = wu.post(f"{SURVEYS}new/", {**asked, "look": "1"}).content.decode()
    assert ("您滿意嗎？" in shown, "捷運 · 開車" in shown, Draft.objects.count()) == (True, True, 0)
    wu.post(f"{SURVEYS}new/", asked)
    assert (survey()["title"], [(item["kind"], item["wording"]) for item in survey()["items"]]) == (
        {"zh-Hant": "櫃檯"},
        [("rating", {"zh-Hant": "您滿意嗎？"}), ("single_choice", {"zh-Hant": "怎麼來的？"})],
    )


def test_a_copy_has_all_that_the_other_has_under_a_title_of_its_own(clinic: Clinic) -> None:
    begin(clinic, begins="copy:after-visit", title="After a second visit")
    copy = survey()
    assert (copy["id"], copy["title"], ids()) == (
        "after-a-second-visit", {"en": "After a second visit"}, ["recommend", "waiting", "why"],
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"begins": "paste", "text": " \n"}, {"begins": "copy:nothing"}, {"respondents": "everybody"},
     {"touchpoint": "moon"}, {"text": "x" * 50_000}],
)  # fmt: skip
def test_what_cannot_begin_is_told_and_keeps_nothing(clinic: Clinic, wrong: dict[str, str]) -> None:
    asked = {"title": "At the desk", "respondents": "customer", "begins": "blank", **wrong}
    reply = browser_of(clinic.wu).post(f"{SURVEYS}new/", asked)
    assert (reply.status_code, Draft.objects.count()) == (422, 0)


def test_two_taps_on_begin_begin_one_survey_and_two_surveys_may_be_called_alike(clinic: Clinic) -> None:
    once = uuid.uuid4()
    for _ in range(2):
        begin(clinic, token=str(once))
    begin(clinic)
    assert list(Draft.objects.order_by("pk").values_list("area", flat=True)) == [
        "survey:at-the-desk",
        "survey:at-the-desk-2",
    ]


# --- it is worded and ordered -----------------------------------------------------------------------------------------


def test_words_of_two_languages_are_saved_side_by_side_without_a_script(clinic: Clinic, wu: Client) -> None:
    fields = {"part": WHY, "wording-en": "Why is that?", "was-wording-en": "What is the main reason?",
              "wording-zh-Hant": "為什麼呢？", "was-wording-zh-Hant": "主要原因是什麼？",
              "wording-zh-Hans": "主要原因是什么？", "was-wording-zh-Hans": "主要原因是什么？"}  # fmt: skip
    assert wu.post(f"{STUDIO}save/", fields)["Location"] == f"{STUDIO}?part={WHY}#{WHY}"
    assert survey()["items"][2]["wording"] == {
        "en": "Why is that?", "zh-Hant": "為什麼呢？", "zh-Hans": "主要原因是什么？",
    }  # fmt: skip


def test_the_words_of_a_choice_can_be_changed_and_its_last_option_stays(clinic: Clinic, wu: Client) -> None:
    press(wu, "add", kind="single_choice")
    name = f"items:after-visit/{ids()[-1]}"
    draft = Draft.objects.get()
    edit_draft(actor=clinic.wu, draft=draft, edit=Edit("set_text", name, "wording", "en", "How did you come?"))
    first, second = (f"options:{name.partition(':')[2]}/option-{at}" for at in (1, 2))
    edit_draft(actor=clinic.wu, draft=draft, edit=Edit("remove", first))
    with pytest.raises(PeakendError) as refused:
        edit_draft(actor=clinic.wu, draft=draft, edit=Edit("remove", second))
    item = survey()["items"][-1]
    assert (refused.value.id, item["wording"]["en"], [option["id"] for option in item["options"]]) == (
        "document.item_needs", "How did you come?", ["option-2"],
    )  # fmt: skip


def test_questions_are_added_moved_copied_and_removed_and_all_of_it_is_undone(clinic: Clinic, wu: Client) -> None:
    before = document_at(Draft.objects.get()).data
    assert press(wu, "add", kind="csat", after=RECOMMEND).startswith(f"{STUDIO}?part=items:after-visit/")
    press(wu, "move", WHY, after="")
    press(wu, "copy", WAITING)
    press(wu, "remove", RECOMMEND)
    assert [item["kind"] for item in survey()["items"]] == ["text", "csat", "touchpoint_rating", "touchpoint_rating"]
    for _ in range(4):
        wu.post(f"{STUDIO}undo/")
    assert json.dumps(document_at(Draft.objects.get()).data) == json.dumps(before)
    wu.post(f"{STUDIO}undo/", {"redo": "1"})
    assert len(ids()) == 4


def test_the_last_question_is_not_removed_but_changed(clinic: Clinic, wu: Client) -> None:
    for part in (WHY, WAITING, RECOMMEND):
        press(wu, "remove", part)
    assert ids() == ["recommend"]
    assert "A survey keeps at least one question." in wu.get(STUDIO).content.decode()


def test_a_question_is_shown_by_an_earlier_answer_on_a_scale_of_its_own(clinic: Clinic, wu: Client) -> None:
    page = wu.get(f"{STUDIO}?part={WHY}").content.decode()
    rule = '{"item": "recommend", "at_most": 6}'
    assert f"<option value='{rule}'" in page.replace("&quot;", '"').replace(f'"{rule}"', f"'{rule}'")
    press(wu, "rule", WHY, **{"if-0": rule})
    press(wu, "scale", WAITING, scale="1-7")
    items = survey()["items"]
    assert (items[2]["show_if"], items[1]["scale"]) == (json.loads(rule), {"low": 1, "high": 7})


@pytest.mark.parametrize(
    "asked",
    [{"do": "fly"}, {"do": "add", "kind": "poem"}, {"do": "move", "part": "touchpoints:wait"}, {"do": "remove"},
     {"do": "scale", "part": WAITING, "scale": "a-b"}, {"do": "scale", "part": WAITING, "scale": "9-1"},
     {"do": "rule", "part": WHY, "if-0": "{"}, {"do": "rule", "part": WHY, "if-0": '{"item": []}'},
     {"do": "rule", "part": WHY, "if-0": "[" * 5000}, {"do": "rule", "part": WHY, "if-0": "[]"},
     {"do": "quota", "at_most": "5"}, {"do": "up", "part": WHY}, {"do": "no-quota", "quota": WHY},
     {"do": "copy", "part": "surveys:after-visit"}],
)  # fmt: skip
def test_what_no_button_says_changes_nothing_and_is_told(clinic: Clinic, wu: Client, asked: dict[str, str]) -> None:
    before = json.dumps(document_at(Draft.objects.get()).data)
    assert wu.post(f"{STUDIO}edit/", asked).status_code in {302, 404}
    assert json.dumps(document_at(Draft.objects.get()).data) == before


# --- by script, and by two people at once -----------------------------------------------------------------------------


def step(browser: Client, **asked: Any) -> tuple[int, dict[str, Any]]:
    """Send an edit as the page's script does."""
    body = {"name": str(uuid.uuid4()), "since": 0, **asked}
    reply = browser.post(f"{STUDIO}steps/", json.dumps(body), content_type="application/json")
    return reply.status_code, reply.json()


def test_two_word_the_same_question_at_once_and_both_texts_are_shown(clinic: Clinic, wu: Client) -> None:
    mine = {"verb": "set_text", "target": WHY, "field": "wording", "lang": "en", "seen": "What is the main reason?"}
    assert step(browser_of(clinic.olivia), **mine, value="Why?")[0] == 200
    status, told = step(wu, **mine, value="Tell us why")
    assert (status, told["who"], told["theirs"], told["mine"]) == (409, "Olivia Wang", "Why?", "Tell us why")
    changed = wu.get(f"{STUDIO}changes/?since=0").json()
    assert changed["fields"] == [[WHY, "wording", "en", "Why?", "Olivia Wang"]]


@pytest.mark.parametrize("target", ["touchpoints:wait", "document:", "rules:low-recommend"])
def test_here_the_survey_is_edited_and_nothing_else(clinic: Clinic, wu: Client, target: str) -> None:
    status, told = step(wu, verb="remove", target=target)
    assert (status, told["error"]) == (422, "edit.not_there")


def test_two_surveys_are_made_apart_and_one_is_published_without_the_other(clinic: Clinic, wu: Client) -> None:
    press(wu, "remove", WHY)
    studio = begin(clinic)
    wu.post(f"{studio}publish/")
    assert [len(each["items"]) for each in Survey.objects.get().version.document["surveys"]] == [3, 3]
    assert [draft.area for draft in Draft.objects.filter(ended_at=None)] == ["survey:after-visit"]


# --- it is looked at and published ------------------------------------------------------------------------------------


def test_the_preview_is_the_respondents_page_in_a_frame_of_ours_and_keeps_nothing(clinic: Clinic, wu: Client) -> None:
    step(wu, verb="set_text", target=WHY, field="wording", lang="zh-Hant", value="為什麼呢？", seen="主要原因是什麼？")
    page = wu.get(f"{STUDIO}preview/?lang=zh-Hant")
    html = page.content.decode()
    assert (page["X-Frame-Options"], "frame-ancestors 'self'" in page["Content-Security-Policy"]) == (
        "SAMEORIGIN",
        True,
    )
    assert ("為什麼呢？" in html, 'data-keep=""' in html, 'method="get"' in html) == (True, True, True)


def test_answers_stay_with_the_words_that_they_were_given_to(clinic: Clinic, wu: Client) -> None:
    wu.post(f"{STUDIO}publish/")
    first = Survey.objects.get()
    send(first, said("recommend", 9))
    wu.post(f"{STUDIO}begin/")
    step(wu, verb="set_text", target=RECOMMEND, field="wording", lang="en", value="Would you come again?",
         seen="Would you recommend us to a friend?")  # fmt: skip
    assert "recommend" in wu.get(f"{STUDIO}publish/").content.decode()
    wu.post(f"{STUDIO}publish/", {"note": "Plainer"})
    second = Survey.objects.latest("pk")
    send(second, said("recommend", 3), key="another-key-of", response="somebody-else-today")
    words = {
        survey.version.number: survey.version.document["surveys"][0]["items"][0]["wording"]["en"]
        for survey in Survey.objects.all()
    }
    assert words == {1: "Would you recommend us to a friend?", 2: "Would you come again?"}
    assert {f"survey:{survey.pk}" for survey in (first, second)} == set(Answer.objects.values_list("source", flat=True))
    assert (first.address, Survey.objects.get(pk=first.pk).status) == (second.address, "replaced")


def test_a_survey_without_a_question_is_not_published_and_one_without_a_draft_is_shown(clinic: Clinic) -> None:
    wu, studio = browser_of(clinic.wu), begin(clinic, begins="blank")
    assert sentence(wu, f"{studio}publish/") == "There is no question to publish yet."
    assert wu.post(f"{studio}publish/")["Location"] == studio
    assert "No question yet" in wu.get(f"{studio}preview/").content.decode()
    assert Survey.objects.count() == 0
    viewer = browser_of(clinic.victor).get(STUDIO).content.decode()
    assert ("<button" in viewer.partition('id="desk-list"')[2].partition("</ol>")[0], "data-open" in viewer) == (
        False, False,
    )  # fmt: skip


# --- every kind, and all of it back -----------------------------------------------------------------------------------


def test_every_kind_of_question_has_words_here(clinic: Clinic) -> None:
    assert KINDS.keys() - WORDS.keys() == set()


def test_each_kind_that_can_be_added_is_added_worded_and_looked_at(clinic: Clinic, wu: Client) -> None:
    working = document_at(Draft.objects.get())
    can = [kind for kind in KINDS if new_question(working, kind) is not None]
    for kind in can:
        assert wu.get(press(wu, "add", kind=kind).partition("#")[0]).status_code == 200
    assert [item["kind"] for item in survey()["items"]][3:] == can
    assert wu.get(f"{STUDIO}preview/?lang=zh-Hans").status_code == 200


def test_before_all_that_is_ready_stand_the_five_that_are_asked_most(clinic: Clinic) -> None:
    page = browser_of(clinic.wu).get(f"{SURVEYS}new/", headers={"accept-language": "en"})
    first = page.content.decode().partition("Your own")[0]
    offered = re.findall(r'value="instrument:([\w-]+)"', first)
    assert offered == ["pulse", "touchpoint-pulse", "nps", "csat", "ces2"]
