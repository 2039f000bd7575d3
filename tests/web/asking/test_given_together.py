"""Places and points are given together: kept while somebody is at it, and whole at the end; and days within limits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from django.test import Client
from playwright.sync_api import BrowserContext

from peakend.methods.importance import importance
from peakend.methods.ridit import ridit
from peakend.methods.servqual import servqual
from peakend.methods.zone import zone
from peakend_web.asking.actions import publish_survey
from peakend_web.models import Answer, Response, Survey
from tests.web.asking.phone import says, stored, until, visit
from tests.web.browser import tap
from tests.web.conftest import Clinic, service
from tests.web.surveys import EVERYTHING, LIN, hotel_survey, kept, nothing_is_kept, said, send

FIRST = said("recommend", 9)


def places(**given: float) -> list[dict[str, Any]]:
    """The places that Mrs Lin gives."""
    return [said(f"matters.{option}", place) for option, place in given.items()]


def points(**given: float) -> list[dict[str, Any]]:
    """The points that she gives."""
    return [said(f"weighs.{option}", number) for option, number in given.items()]


def of(item: str) -> list[tuple[Any, ...]]:
    """What is kept of a question."""
    return [row[1:] for row in kept("item", "construct", "role", "state", "value", "low", "high") if row[0] == item]


def facts(**more: str) -> pl.DataFrame:
    """Everything that is kept, as facts."""
    rows = [
        {**row, **more}
        for row in Answer.objects.values(
            "response", "item", "construct", "role", "state", "value", "low", "high", "wave"
        )
    ]
    return pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"wave": pl.String})


def test_the_first_places_are_given_and_what_has_none_was_passed_over(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    assert send(survey, FIRST, *places(price=1, bed=2), done=True)[0] == 200
    assert of("matters") == [
        ("matters.bed", "importance", "answered", 2.0, 1.0, 2.0),
        ("matters.price", "importance", "answered", 1.0, 1.0, 2.0),
        ("matters.view", "importance", "skipped", None, 1.0, 2.0),
    ]


def test_points_are_divided_and_what_is_left_empty_has_none(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    emptied = [said("weighs.tangibles", "")]
    assert send(survey, FIRST, *points(empathy=70, quiet=30), *emptied, done=True)[0] == 200
    assert of("weighs") == [
        ("empathy", "importance", "answered", 70.0, 0.0, 100.0),
        ("quiet", "importance", "answered", 30.0, 0.0, 100.0),
        ("tangibles", "importance", "answered", 0.0, 0.0, 100.0),
    ]


UNFINISHED = [
    (places(bed=2), "“What matters most?”: nothing has place 1 yet."),
    (places(bed=1), "“What matters most?”: nothing has place 2 yet."),
    (points(empathy=60), "“How much does each weigh?”: 40 left. The points add up to 60, and there are 100."),
]
WRONG = [
    (places(bed=2, view=2), "“What matters most?”: two have place 2."),
    (
        points(empathy=60, quiet=65),
        "“How much does each weigh?”: 25 too many. The points add up to 125, and there are 100.",
    ),
]


@pytest.mark.parametrize(("answers", "what"), UNFINISHED)
def test_what_is_not_whole_yet_is_kept_and_refused_at_the_end_alone(
    clinic: Clinic, answers: list[dict[str, Any]], what: str
) -> None:
    survey = hotel_survey(clinic)
    assert send(survey, *answers)[0] == 200
    before = kept("source_key", "state", "value")
    status, told = send(survey, FIRST, *answers, done=True, key="the-end-of-it")
    assert (status, [each["what"] for each in told["problems"]]) == (422, [what])
    assert told["problems"][0]["field"] == answers[0]["field"].partition(".")[0]
    assert kept("source_key", "state", "value") == before


@pytest.mark.parametrize(("answers", "what"), WRONG)
@pytest.mark.parametrize("done", [False, True])
def test_what_no_further_answer_can_mend_is_refused_at_once(
    clinic: Clinic, answers: list[dict[str, Any]], what: str, *, done: bool
) -> None:
    status, told = send(hotel_survey(clinic), FIRST, *answers, done=done)
    assert (status, [each["what"] for each in told["problems"]]) == (422, [what])
    assert nothing_is_kept()


def test_everything_that_is_wrong_is_told_at_once_and_of_one_question_one_thing(clinic: Clinic) -> None:
    wrong = [*places(bed=1), *points(empathy=101, quiet=65), said("came", "yesterday")]
    _, told = send(hotel_survey(clinic), *wrong, done=True)
    assert [(each["error"], each["field"]) for each in told["problems"]] == [
        ("survey.required", "recommend"),
        ("survey.place_open", "matters"),
        ("survey.value_outside", "weighs.empathy"),
        ("survey.date_needed", "came"),
    ]


def test_in_a_plain_form_too_many_points_are_told_by_how_many_and_all_the_rest_is_kept(clinic: Clinic) -> None:
    survey, phone = hotel_survey(clinic), Client(headers={"accept-language": "zh-TW"})
    form = {"response": LIN, "rev": "1", "recommend": "9", "lang": "zh-Hant", "matters.bed": "1", "came": "2026/3/9"}
    over = {**form, "weighs.empathy": "80", "weighs.quiet": "50", "send": "1"}
    page = phone.get(phone.post(f"/s/{survey.token}", over)["Location"]).content.decode()
    assert '<a href="#q-matters">「什麼最重要？」的第 2 名還空著。</a>' in page
    assert '<a href="#q-weighs">「各占多少份量？」多分了 30 點：合計 130 點，總共只有 100 點。</a>' in page
    assert 'value="80"' in page
    assert '<option value="1" selected>1</option>' in page
    answered = [row[0].partition(":")[2] for row in kept("source_key", "state") if row[1] == "answered"]
    assert sorted(answered) == ["came", "matters.bed", "recommend"]
    whole = {**form, "rev": "2", "matters.view": "2", "weighs.empathy": "50", "weighs.quiet": "50", "send": "1"}
    assert "/thanks" in phone.post(f"/s/{survey.token}", whole)["Location"]
    assert [row[3] for row in of("weighs")] == [50.0, 50.0, 0.0]


def test_points_weigh_the_dimensions_of_service_quality_and_places_are_compared_between_groups(clinic: Clinic) -> None:
    looks = "{id: looked, kind: servqual, construct: tangibles, expectation: {en: Bright}, perception: {en: It was}}"
    text = EVERYTHING.replace("      - {id: late,", f"      - {looks}\n      - {{id: late,").replace(
        "service: stay", "service: inn"
    )
    survey = publish_survey(actor=clinic.sam, service=service(clinic.elsewhere, text, clinic.sam), item="morning-after")
    people = [(7, 3, 5, 1, 80, 20), (6, 4, 6, 2, 60, 40), (7, 5, 4, 4, 90, 10), (5, 5, 3, 3, 70, 30)]
    for at, (expected, found, adequate, quiet, cares, rest) in enumerate(people):
        answers = [
            FIRST, said("cared.expectation", expected), said("cared.perception", found), said("sleep.score", quiet),
            said("looked.expectation", 5), said("looked.perception", 4), said("quietness.adequate", adequate),
            said("quietness.expectation", 5), said("quietness.perception", 4), *points(empathy=cares, tangibles=rest),
            *places(bed=1 + at % 2, view=2 - at % 2),
        ]  # fmt: skip
        sent = send(survey, *answers, done=True, key=f"guest-{at}-at-the-desk", response=f"guest-{at}-at-breakfast")
        assert sent[0] == 200
    overall = servqual(facts(), dimension=["empathy", "tangibles"])[-1]
    gaps = [(found - expected, -1, cares, rest) for expected, found, _, _, cares, rest in people]
    assert overall.value == pytest.approx(sum((a + b) / 2 for a, b, _, _ in gaps) / 4)
    assert overall.importance_weighted == pytest.approx(sum((a * v + b * w) / 100 for a, b, v, w in gaps) / 4)
    told = {
        row.construct: (row.importance, row.performance)
        for row in importance(facts(), construct="empathy", performance="perception")
    }
    assert told == {"empathy": (75.0, 4.25)}, "more points are more importance"
    assert {row.dimension: (row.n, row.reversed) for row in zone(facts())} == {"quiet": (3, 1)}
    first, second = facts(wave="one"), facts(wave="two").with_columns(pl.col("response") + "'", pl.col("value") % 2 + 1)
    rows = ridit(pl.concat([first, second]), construct="matters.bed", role="importance")
    assert [(row.level, row.value) for row in rows] == [("one", 0.5), ("two", 0.5)]
    assert "matters.bed" not in {row.construct for row in ridit(pl.concat([first, second]))}


@pytest.mark.parametrize("written", ["2026-03-09", "2026/3/9", "2026.03.09", "2026年3月9日"])
def test_a_day_is_kept_as_text_and_as_a_number_however_it_was_written(clinic: Clinic, written: str) -> None:
    assert send(hotel_survey(clinic), said("came", written))[0] == 200
    days = float((dt.date(2026, 3, 9) - dt.date(1970, 1, 1)).days)
    assert kept("item", "role", "state", "value", "text", "low") == [
        ("came", "choice", "answered", days, "2026-03-09", None)
    ]


def soon(days: int) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).date().isoformat()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("2026-02-30", "survey.date_needed"),
        ("٢٠٢٦-٠١-٠٢", "survey.date_needed"),
        ("the day after Christmas", "survey.date_needed"),
        (20_000, "survey.date_needed"),
        ("2025-12-31", "survey.date_early"),
        (soon(3), "survey.date_late"),
    ],
)
def test_no_day_and_a_day_outside_the_limits_are_refused(clinic: Clinic, answer: Any, error: str) -> None:
    status, told = send(hotel_survey(clinic), said("came", answer))
    assert (status, told["error"], told["field"]) == (422, error, "came")
    assert "When did you come?" in told["what"]
    assert nothing_is_kept()


def test_today_is_the_day_on_which_it_was_answered_wherever_that_was(clinic: Clinic) -> None:
    survey, week = hotel_survey(clinic), 7 * 86_400_000
    assert send(survey, said("came", soon(0)))[0] == 200
    assert (
        send(survey, said("came", soon(0), ago=week, revision=2), key="a-week-late")[1]["error"] == "survey.date_late"
    )


pages = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]


def marked(test: Any) -> Any:
    for mark in pages:
        test = mark(test)
    return test


@marked
def test_options_are_tapped_in_order_taken_out_and_moved_by_key_and_each_step_is_told(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    ranking = page.locator("[data-item=matters]")

    def pick(name: str) -> None:
        ranking.get_by_role("button", name=name, exact=False).first.click()

    def shown() -> list[str]:
        return [" ".join(each.split()) for each in ranking.locator(".pick").all_inner_texts()]

    pick("The price")
    pick("The view")
    assert shown() == ["The bed", "2 The view", "1 The price"]
    assert ranking.locator(".pick").first.is_disabled(), "two places are all there are"
    assert ranking.locator("[role=status]").inner_text() == "The view: place 2"
    ranking.get_by_role("button", name="The view: one place up").focus()
    page.keyboard.press("Enter")
    assert shown() == ["1 The view", "2 The price", "The bed"]
    assert page.evaluate("document.activeElement.ariaLabel") == "The view: one place down"
    until(
        page, lambda: stored() == {"matters.view": (1, None), "matters.price": (2, None), "matters.bed": (None, None)}
    )
    pick("1 The view")
    assert shown() == ["The view", "1 The price", "The bed"]
    says(page, "Saved")
    page.reload()
    assert shown() == ["1 The price", "The bed", "The view"] or shown() == ["1 The price", "The view", "The bed"]
    tap(page, "recommend", "9")
    page.locator("button.send").click()
    page.wait_for_selector("#q-matters-e")
    assert page.locator("#q-matters-e").inner_text().startswith("“What matters most?”: nothing has place 2 yet.")
    pick("The bed")
    page.locator("button.send").click()
    page.wait_for_url("**/thanks*")
    assert {key: value for key, (value, _) in stored().items() if key.startswith("matters.")} == {
        "matters.price": 1,
        "matters.bed": 2,
        "matters.view": None,
    }


@marked
def test_points_are_given_by_thumb_and_by_key_what_is_left_is_told_and_too_many_wait_until_they_are_mended(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    left = page.locator("[data-item=weighs] [role=status]")
    assert left.inner_text() == "Left: 100"
    more, less = (page.get_by_role("button", name=f"{word} for Empathy") for word in ("More", "Fewer"))
    for _ in range(3):
        more.click()
    less.click()
    assert left.inner_text() == "Left: 90"
    until(page, lambda: stored().get("weighs.empathy") == (10, None))
    page.locator("#q-weighs--quiet").fill("95")
    assert left.inner_text() == "Too many: 5"
    page.wait_for_timeout(1200)
    assert stored()["weighs.quiet"] == (None, None)
    tap(page, "recommend", "9")
    page.locator("button.send").click()
    page.wait_for_selector("#q-weighs-e")
    assert "5 too many" in page.locator("#q-weighs-e").inner_text()
    page.locator("#q-weighs--quiet").fill("50")
    page.locator("#q-weighs--tangibles").fill("40")
    assert left.inner_text() == "Left: 0"
    page.get_by_role("button", name="More for Quiet").click()
    assert page.locator("#q-weighs--quiet").input_value() == "50", "nothing is left to give"
    page.locator("button.send").click()
    page.wait_for_url("**/thanks*")
    assert {key: value for key, (value, _) in stored().items() if key.startswith("weighs.")} == {
        "weighs.empathy": 10,
        "weighs.tangibles": 40,
        "weighs.quiet": 50,
    }


def test_points_that_came_one_by_one_are_added_up_at_the_end_and_none_is_lost(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    for at, one in enumerate(({"empathy": 60}, {"quiet": 30})):
        assert send(survey, *points(**one), key=f"tap-number-{at}")[0] == 200
    status, told = send(survey, FIRST, key="too-soon-to-end", done=True)
    assert (status, told["what"]) == (
        422, "“How much does each weigh?”: 10 left. The points add up to 90, and there are 100.",
    )  # fmt: skip
    assert send(survey, FIRST, *points(tangibles=10), key="the-end-of-it", done=True)[0] == 200
    assert [row[3] for row in of("weighs")] == [60.0, 30.0, 10.0]


def test_a_place_that_was_given_before_is_not_given_again_at_the_end(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    assert send(survey, *places(bed=1), key="tap-number-1")[0] == 200
    status, told = send(survey, FIRST, *places(view=1), key="the-end-of-it", done=True)
    assert (status, told["error"]) == (422, "survey.place_twice")
    assert send(survey, FIRST, *places(view=2), key="the-end-again", done=True)[0] == 200
    assert [row[3] for row in of("matters")] == [1.0, None, 2.0]


def test_levels_in_an_odd_order_are_kept_and_marked_also_where_they_came_one_by_one(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    assert send(survey, said("quietness.adequate", 8), key="tap-number-1")[0] == 200
    assert send(survey, FIRST, said("quietness.expectation", 3), key="the-end-of-it", done=True)[0] == 200
    response = Response.objects.get()
    assert (response.aside, "contradictory" in response.reasons.split()) == ("questionable", True)
    assert [row[3] for row in of("quietness")] == [8.0, 3.0, None]
