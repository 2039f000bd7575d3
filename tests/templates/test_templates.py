"""What every template holds, in three languages; and that a copy in some of them is whole."""

from __future__ import annotations

import pytest

from peakend.errors import DocumentError
from peakend.service import ServiceDocument, check, loads
from peakend.service.drawings.journey_map import draw_map
from peakend.service.journeys import LANES
from peakend.templates import IDS, SETS, copy_of, indicator_set, template, template_text
from peakend.terms import LANGUAGES, Lang

BEHAVIOURS = ("welcome", "listen", "respond", "resolve", "follow_up")
SIDES = {"customer", "frontstage", "backstage", "support", "outside"}


@pytest.fixture(scope="module", params=IDS)
def service(request: pytest.FixtureRequest) -> ServiceDocument:
    return template(request.param)


@pytest.mark.parametrize("id", IDS)
def test_nothing_is_wrong_with_a_template_and_nothing_is_advised(id: str) -> None:
    assert check(template_text(id)) == []


def test_a_template_is_a_whole_service_of_its_industry(service: ServiceDocument) -> None:
    held = {
        "journeys": len(service.journeys) == 1,
        "stages": 4 <= len(service.journeys[0].stages) <= 7,
        "touchpoints": 10 <= len(service.touchpoints) <= 16,
        "personas": 2 <= len(service.personas) <= 3 and all(len(person.needs) >= 3 for person in service.personas),
        "stakeholders": len(service.stakeholders) >= 6 and {one.side for one in service.stakeholders} == SIDES,
        "failures": 8 <= len(service.failures) <= 13,
        "features": 6 <= len(service.features) <= 10 and len({one.kano for one in service.features}) >= 3,
        "benchmarks": len(service.benchmarks) >= 3 and all(one.feature for one in service.benchmarks),
        "standards": sum(len(point.all_standards) for point in service.touchpoints) >= 6,
        "promises": sum(len(point.all_promises) for point in service.touchpoints) >= 3,
        "rules": len(service.rules) >= 3 and {rule.cue for rule in service.rules} >= {"care", "delight"},
        "cases": any(rule.open == "case" for rule in service.rules),
        "peak": [point.designed_as for point in service.touchpoints].count("peak") == 1,
        "end": [point.designed_as for point in service.touchpoints].count("end") == 1,
        "quiet": any(survey.quiet_days == 84 for survey in service.surveys),
        "all languages": service.languages == LANGUAGES,
        "for later": all((service.strategy, service.queues, service.remedies, service.skills, service.courses)),
        "for whom": all((service.praise, service.purposes, service.kpis, service.contact_limits)),
    }
    assert {name for name, there in held.items() if not there} == set()


def test_every_touchpoint_has_all_its_lanes_and_at_least_two_senses(service: ServiceDocument) -> None:
    def lacks(point: object) -> list[str]:
        texts = ("channels", "owner", "customer", "expects", "fears", "evidence", *LANES)
        return [name for name in texts if not getattr(point, name)]

    assert {point.id: lacks(point) for point in service.touchpoints if lacks(point)} == {}
    assert [point.id for point in service.touchpoints if len(point.evidence.model_fields_set) < 2] == []  # type: ignore[union-attr]


def test_every_moment_of_truth_is_written_out(service: ServiceDocument) -> None:
    moments = {point.id: point.moment_of_truth for point in service.touchpoints if point.moment_of_truth}
    assert len(moments) >= 3
    for moment in moments.values():
        assert moment.behaviours is not None
        assert [name for name in BEHAVIOURS if getattr(moment.behaviours, name) is None] == []
        assert all((moment.trigger, moment.words, moment.delight))


def test_every_failure_is_named_by_a_touchpoint_weighs_something_and_begins_in_a_step(service: ServiceDocument) -> None:
    ids = {failure.id for failure in service.failures}
    assert {name for point in service.touchpoints for name in point.fails} == ids
    assert set(service.indicators[0].weights) == ids
    assert set(service.indicators[0].weights.values()) <= {1, 5, 10}
    assert [failure.id for failure in service.failures if failure.step is None] == []


def test_no_channel_or_owner_is_called_by_the_id_of_something_else(service: ServiceDocument) -> None:
    points = {point.id for point in service.touchpoints}
    stages = {stage.id for journey in service.journeys for stage in journey.stages}
    assert points & {channel.id for channel in service.channels} == set()
    assert (points | stages) & {person.id for person in service.stakeholders} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_template_is_drawn_in_every_language(service: ServiceDocument, lang: Lang) -> None:
    drawn = draw_map(service, lang=lang)
    assert all(point.title[lang][:4] in drawn for point in service.touchpoints)


@pytest.mark.parametrize("id", IDS)
def test_a_copy_in_two_languages_has_no_word_of_the_third(id: str) -> None:
    text = copy_of(id, ["zh-Hant", "en"])
    assert loads(text).languages == ("zh-Hant", "en")
    assert check(text) == []
    assert "zh-Hans:" not in text
    assert text.startswith(template_text(id).splitlines()[0])  # its authors' remarks stay


def test_the_published_twelve_weigh_fifty_one() -> None:
    assert SETS == ("express-12",)
    twelve = indicator_set("express-12")
    assert (len(twelve.failures), sum(twelve.weights.values())) == (12, 51)
    assert {failure.id for failure in twelve.failures} == set(twelve.weights)


def test_a_template_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(DocumentError) as caught:
        template("hospitl")
    assert caught.value.id == "template.unknown"
    assert "hospital" in caught.value.hint("en")
