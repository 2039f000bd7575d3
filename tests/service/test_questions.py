"""What a question is in the facts, and what it refuses, from its document alone."""

from __future__ import annotations

from typing import Any

import pytest

from peakend.service import check, loads
from peakend.service.coverage import asked_touchpoints
from peakend.service.questions import AnswerField
from peakend.service.surveys import Item

WARD = """\
service: ward
title: {{en: Ward}}
languages: [en]
journeys:
  - id: stay
    title: {{en: Stay}}
    stages:
      - id: day
        title: {{en: Day}}
        touchpoints: [{{id: bed, title: {{en: Bed}}}}, {{id: meal, title: {{en: Meal}}}}]
constructs: [{{id: care, title: {{en: Care}}}}]
surveys:
  - id: pulse
    title: {{en: Pulse}}
    items:
      - {item}
"""
HOW = "wording: {en: How was it?}"


def problems(item: str) -> list[tuple[str, dict[str, Any]]]:
    """What is wrong with a survey of this one question, without the advice."""
    return [(each.id, dict(each.fields)) for each in check(WARD.format(item=item)) if each.level == "error"]


def asked(item: str) -> tuple[Item, list[AnswerField]]:
    """The question, and its fields."""
    service = loads(WARD.format(item=item))
    survey = service.surveys[0]
    return survey.items[0], list(survey.items[0].spec.fields(service, survey, survey.items[0]))


CAN = ["buttons", "stars", "faces", "agreement"]


@pytest.mark.parametrize(
    ("low", "high", "looks"),
    [
        (1, 5, CAN),
        (1, 7, CAN),
        (0, 4, ["buttons", "faces", "agreement"]),
        (1, 3, ["buttons", "stars", "faces"]),
        (1, 2, ["buttons", "stars"]),
        (1, 10, ["buttons", "stars"]),
        (0, 10, ["buttons"]),
    ],
)
def test_a_scale_looks_only_as_it_can_be_shown(low: int, high: int, looks: list[str]) -> None:
    def refused(look: str) -> list[tuple[str, dict[str, Any]]]:
        item = f"{{id: q, kind: rating, {HOW}, look: {look}, scale: {{low: {low}.0, high: {high}.0}}}}"
        return [(id, {key: fields[key] for key in ("look", "low", "high")}) for id, fields in problems(item)]

    assert [look for look in CAN if not refused(look)] == looks
    assert [refused(look) for look in CAN if look not in looks] == [
        [("document.look_scale", {"look": look, "low": low, "high": high})] for look in CAN if look not in looks
    ]


@pytest.mark.parametrize("kind", ["rating", "csat", "touchpoint_rating"])
def test_what_is_answered_is_the_same_whatever_it_looks_like(kind: str) -> None:
    about = ", touchpoints: [bed, meal]" if kind == "touchpoint_rating" else ""
    plain = asked(f"{{id: q, kind: {kind}, {HOW}{about}}}")[1]
    assert [asked(f"{{id: q, kind: {kind}, {HOW}{about}, look: {look}}}")[1] for look in CAN] == [plain] * 4


def test_only_what_is_rated_has_a_look() -> None:
    assert [id for id, _ in problems(f"{{id: q, kind: nps, {HOW}, look: faces}}")] == ["document.item_takes_no"]


ROWS = """\
{id: team, kind: matrix, wording: {en: Our team …}, construct: care, not_used: {en: Not seen}, rows: [
          {id: kind, title: {en: was kind}},
          {id: knew, title: {en: knew me}, role: perception},
          {id: fed, title: {en: brought the meal}, touchpoint: meal},
          {id: clean, title: {en: kept things clean}, construct: hygiene}]}"""


def test_each_row_of_a_matrix_is_a_question_by_itself_about_what_it_names_else_about_what_the_matrix_names() -> None:
    item, fields = asked(ROWS)
    assert [(each.name, each.question, each.construct, each.touchpoint, each.role) for each in fields] == [
        ("team.kind", "team.kind", "care", None, "score"),
        ("team.knew", "team.knew", "care", None, "perception"),
        ("team.fed", "team.fed", "meal", "meal", "score"),
        ("team.clean", "team.clean", "hygiene", None, "score"),
    ]
    assert [(each.item, each.low, each.high, each.not_used) for each in fields] == [("team", 1, 5, item.not_used)] * 4
    alone = asked("{id: m, kind: matrix, wording: {en: Rate}, rows: [{id: tea, title: {en: Tea}}]}")[1]
    assert [(each.construct, each.of_the_whole) for each in alone] == [("tea", False)]


def test_a_row_asks_about_its_touchpoint_and_may_be_named_by_a_rule() -> None:
    assert asked_touchpoints(loads(WARD.format(item=ROWS))) == {"meal"}

    def ruled(item: str) -> list[str]:
        rule = f"rules: [{{open: case, survey: pulse, item: {item}, score_at_most: 2.0, to: nurse}}]"
        return [each.id for each in check(WARD.format(item=ROWS) + rule)]

    named = {item: ruled(item) for item in ("team.fed", "team")}
    assert "document.no_item" not in named["team.fed"]
    assert "document.no_item" in named["team"]


def test_two_rows_of_one_name_are_refused() -> None:
    assert [id for id, _ in problems(ROWS.replace("id: knew", "id: kind"))] == ["document.duplicate"]


def test_three_levels_of_a_quality_are_the_roles_that_the_zone_of_tolerance_reads() -> None:
    levels = "adequate: {en: Would do}, desired: {en: Wished}, perception: {en: Found}"
    assert [
        (each.name, each.question, each.construct, each.role, each.low, each.high)
        for each in asked(f"{{id: z, kind: zone, construct: care, {levels}}}")[1]
    ] == [
        ("z.adequate", "z", "care", "adequate", 1, 9),
        ("z.expectation", "z", "care", "expectation", 1, 9),
        ("z.perception", "z", "care", "perception", 1, 9),
    ]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("kind: ranking, options: [{id: a, title: {en: A}}]", ["document.places_many"]),
        (
            "kind: ranking, top: 3, options: [{id: a, title: {en: A}}, {id: b, title: {en: B}}]",
            ["document.places_many"],
        ),
        ("kind: ranking, top: 2, options: [{id: a, title: {en: A}}, {id: b, title: {en: B}}]", []),
        ("kind: points, total: 0, options: [{id: a, title: {en: A}}]", ["document.out_of_range"]),
        ("kind: date, earliest: 2026-02-01, latest: 2026-01-31", ["document.days_order"]),
        ("kind: date, earliest: today, latest: 2026-01-31", []),
        ("kind: date, earliest: tomorrow", ["document.not_date"]),
        ("kind: date, earliest: 7", ["document.not_date"]),
    ],
)
def test_places_points_and_days_that_nobody_can_give_are_refused(more: str, found: list[str]) -> None:
    assert [id for id, _ in problems(f"{{id: q, {HOW}, {more}}}")] == found


def test_an_option_is_what_points_are_about_and_a_place_is_about_nothing_else() -> None:
    options = "options: [{id: bed, title: {en: Bed}}, {id: meal, title: {en: Meal}}, {id: staff, title: {en: Staff}}]"
    whole, first = (asked(f"{{id: q, kind: ranking, {HOW}, {more}{options}}}")[1] for more in ("", "top: 2, "))
    divided = asked(f"{{id: q, kind: points, total: 10, {HOW}, {options}}}")[1]
    assert [
        [(each.name, each.construct, each.role, each.low, each.high) for each in fields]
        for fields in (whole[:1], first[:1], divided[:1])
    ] == [
        [("q.bed", "q.bed", "importance", 1, 3)],
        [("q.bed", "q.bed", "importance", 1, 2)],
        [("q.bed", "bed", "importance", 0, 10)],
    ]
