"""A response that is odd in itself is flagged when it is finished; it counts, and the figures say both numbers."""

from __future__ import annotations

import pytest

from peakend_web.asking.answers import AnswerFact, Submission
from peakend_web.asking.arrivals import MINUTE_US
from peakend_web.asking.quality import NEVER_AGAIN, flags_of
from peakend_web.asking.render_tokens import Opened
from peakend_web.asking.survey_cache import find
from peakend_web.models import Response, Survey
from tests.web.conftest import Clinic
from tests.web.store.test_aside import counts
from tests.web.surveys import clinic_survey, hotel_survey, said, send

SECOND = MINUTE_US // 60


@pytest.mark.parametrize(
    ("words", "goes"),
    [
        ("I will never come back.", True),
        ("We won’t be coming back, ever", True),
        ("Never again!", True),
        ("不會再來第二次", True),
        ("以后绝不再来了", True),
        ("I never waited, and I will come back", False),
        ("再來一次也願意", False),
        ("以前不懂，现在会再来", False),
    ],
)
def test_who_stays_away_is_known_by_plain_words_alone(words: str, goes: bool) -> None:
    assert bool(NEVER_AGAIN.search(words.casefold().replace("\u2019", "'"))) is goes


@pytest.mark.parametrize(
    ("score", "why", "flags"),
    [
        (10, "I will never come back, the nurse shouted at me", "contradictory"),
        (10, "Everybody was kind.", ""),
        (3, "I will never come back.", ""),
    ],
)
def test_the_best_mark_beside_words_that_say_never_again_is_questionable_and_counts(
    clinic: Clinic, score: int, why: str, flags: str
) -> None:
    survey = clinic_survey(clinic)
    for at in range(3):
        send(survey, said("recommend", 9), response=f"a-guest-of-the-day-{at}", key=f"key-of-guest-{at}")
    send(survey, said("recommend", score), said("why", why), done=True)
    assert [*Response.objects.exclude(reasons="").values_list("aside", "reasons")] == (
        [("questionable", flags)] if flags else []
    )
    odd = int(bool(flags))
    assert counts(clinic.olivia, clinic) == {"counted": 4, "sure": 4 - odd, "all": 4}


def finished(survey: Survey, seconds: float, place: str = "", **values: float) -> tuple[str, ...]:
    """The flags of a response that gives these values, by roles and names of fields, so many seconds after its page."""
    asked = find(survey.token).questionnaire
    facts = [AnswerFact(asked.fields[name], "answered", value) for name, value in values.items()]
    sent = Submission(response="mrs-lin-at-breakfast", key="the-first-key", answers=(), done=True, place=place)
    return flags_of(asked, facts, sent, Opened(int(sent.received_us - seconds * SECOND), 0))


def scales(survey: Survey, many: int) -> dict[str, float]:
    """The lowest step of the first questions on a scale."""
    questions = find(survey.token).questionnaire.questions
    fields = [each.fields[0] for each in questions if each.fields[0].low is not None]
    return {field.name: field.low or 0.0 for field in fields[:many]}


def test_a_pair_that_likes_a_feature_whether_it_is_there_or_not_contradicts_itself(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    fields = find(survey.token).questionnaire.fields
    there, gone = (
        next(name for name, field in fields.items() if field.role == role) for role in ("functional", "dysfunctional")
    )
    flags = {
        (one, other): finished(survey, 60, **{there: one, gone: other})
        for one, other in [(1, 1), (5, 5), (1, 5), (3, 3)]
    }
    odd = ("contradictory",)
    assert flags == {(1, 1): odd, (5, 5): odd, (1, 5): (), (3, 3): ()}


def test_many_questions_in_a_second_each_are_hasty_and_three_are_not(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    five, three = scales(survey, 5), scales(survey, 3)
    told = (finished(survey, 2, **five), finished(survey, 30, **five), finished(survey, 2, **three))
    assert told == (("hasty",), (), ())


def test_the_same_answers_several_times_within_a_minute_at_one_device_are_a_game(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    rated = scales(survey, 5)
    told = [finished(survey, 60, "abc234", **rated) for _ in range(5)]
    assert told == [(), (), (), ("burst",), ("burst",)]
    others = [finished(survey, 60, "xyz234", **scales(survey, 3)) for _ in range(5)]
    links = [finished(survey, 60, **rated) for _ in range(5)]
    assert others + links == [()] * 10, "three answers are soon the same by chance, and a link is opened anywhere"
