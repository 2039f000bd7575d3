"""Wu asks which instrument to use: at a touchpoint, for what she wants to know, or for the whole service."""

from __future__ import annotations

import pytest

from peakend.errors import DocumentError
from peakend.instruments.advice import advise
from peakend.service import loads
from peakend.templates import template
from peakend.terms import LANGUAGES


def test_at_a_touchpoint_what_happens_there_decides() -> None:
    hospital = template("hospital")
    assert [one.instrument for one in advise(hospital, touchpoint="wait")][:2] == ["touchpoint-pulse", "lenses"]
    first = advise(hospital, touchpoint="wait")[1]
    assert first.sentence("en") == (
        f"People wait at “{hospital.title_of('wait')}”: "
        "ask whether it is the effort, the time or the care that they miss."
    )
    end = next(point.id for point in hospital.touchpoints if point.designed_as == "end")
    assert "remembered" in [one.instrument for one in advise(hospital, touchpoint=end)]


def test_for_the_whole_service_what_its_document_holds_decides() -> None:
    found = advise(template("hotel"))
    assert [one.instrument for one in found] == ["pulse", "importance-performance", "kano"]
    assert all(lang == "en" or "{" not in one.sentence(lang) for one in found for lang in LANGUAGES)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Would they recommend us?", "nps"),
        ("Is it worth the price?", "expectation-value"),
        ("Are we disturbing people?", "too-much"),
        ("顧客最在意的特性是什麼，哪些會帶來驚喜？", "kano"),
        ("客户会再来吗？", "loyalty"),
        ("大家記得的高峰與結尾", "remembered"),
    ],
)
def test_a_question_in_whatever_language_finds_the_instrument_that_answers_it(question: str, best: str) -> None:
    assert advise(template("bank"), question=question)[0].instrument == best


def test_what_the_service_lacks_is_said_with_the_advice() -> None:
    bare = loads("service: bare\ntitle: {en: Bare}\nlanguages: [en]\n")
    (kano, *_) = advise(bare, question="Kano features delight")
    assert kano.instrument == "kano"
    assert "the service names none yet. Name what you have" in kano.sentence("en")


def test_nonsense_finds_nothing_and_an_unknown_touchpoint_is_refused() -> None:
    assert advise(template("bank"), question="zzz qqq") == []
    with pytest.raises(DocumentError, match=r"document\.no_touchpoint"):
        advise(template("bank"), touchpoint="cellar")
