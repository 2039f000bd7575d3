"""Where a page has no figure it says why, in the words of whoever reads it, and leads to what helps; what it says it
says with its unit.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import translation

from peakend.errors import MethodError, catalogue
from peakend.methods import METHODS
from peakend.terms import Lang
from peakend_web.base import documents
from peakend_web.findings.inquiry.method_questions import QUESTIONS
from peakend_web.findings.words import refusal_words
from tests.web.answers import deliver, rate, recommend
from tests.web.conftest import Clinic, browser_of
from tests.web.findings.test_pages import HOME, read

LAST_YEAR = "?from=2025-01-01&to=2025-01-31"


def test_under_filters_nobody_within_them_was_asked_and_one_tap_clears_them(clinic: Clinic) -> None:
    deliver(clinic.service, [*recommend(10, 60), *rate("wait", 4, 60), *rate("overall", 4, 60)])
    mei = browser_of(clinic.mei)
    home = mei.get(HOME + LAST_YEAR).content.decode()
    assert "Nobody within these filters was asked whether they would recommend you." in home
    assert f'<a class="button" href="{HOME}">Clear the filters</a>' in home
    assert "Put the survey" not in home
    page = mei.get(HOME + "methods/nps/" + LAST_YEAR).content.decode()
    assert "Nobody within these filters was asked this question." in page
    assert f'<a class="button" href="{HOME}methods/nps/">Clear the filters</a>' in page
    listed = read(mei, HOME + "methods/" + LAST_YEAR)
    assert "Nobody has been asked this question yet." not in listed
    assert "Within these filters it has nothing to show. Needs the same question in two waves." in listed
    assert "Nobody has been asked this question yet." in read(mei, HOME + "methods/kano/")


def test_a_manager_is_told_what_answers_wait_for_whether_any_wait_or_not(clinic: Clinic) -> None:
    """A number would tell when each came; what is the same with four answers and with none tells nothing."""
    waits = "Answers are added in groups of at least 5 people, so that nobody can be recognised; until then they wait."
    wu = browser_of(clinic.wu)
    before = [read(wu, HOME + path).partition("As of")[0] for path in ("", "methods/nps/")]
    deliver(clinic.service, recommend(9, 4))
    after = [read(wu, HOME + path).partition("As of")[0] for path in ("", "methods/nps/")]
    assert [waits in page for page in after] == [True, True]
    assert ["Nobody has been asked" in page for page in after] == [False, False]
    assert [re.sub(r"[0-9]+:[0-9]+", "", page) for page in after] == [
        re.sub(r"[0-9]+:[0-9]+", "", page) for page in before
    ]


def test_the_list_of_findings_says_how_many_of_how_many_answers_there_are(clinic: Clinic) -> None:
    deliver(clinic.service, recommend(9, 7))
    assert "Would they recommend us? Too few answers to tell yet (7 of 10)." in read(
        browser_of(clinic.mei), HOME + "methods/"
    )


@pytest.mark.parametrize(
    ("lang", "name"), [("en", "“Talk with the doctor”"), ("zh-Hant", "「與醫師談話」"), ("zh-Hans", "“与医生谈话”")]
)
def test_a_refusal_names_a_touchpoint_as_the_design_does(clinic: Clinic, lang: Lang, name: str) -> None:
    why = MethodError("impact.too_few", driver="consult", low=0, middle=0, high=40, need=15)
    with documents.naming_of(clinic.service):
        assert name in refusal_words.what(why, lang)


def test_nothing_of_few_answers_is_named_alone(clinic: Clinic) -> None:
    deliver(clinic.service, [*rate("wait", 1, 12), *rate("consult", 5, 14)])
    for path in ("methods/", "methods/csat/"):
        said = read(browser_of(clinic.mei), HOME + path)
        assert "None has 30 answers yet, so none is named; the most is 14." in said
        assert "Wait to be called: mean" not in said


def test_the_journey_and_the_findings_say_the_same_range_with_its_scale(clinic: Clinic) -> None:
    """What was asked about the whole visit is no touchpoint, and in neither range."""
    answers = [*rate("wait", 4, 30), *rate("wait", 3, 30), *rate("register", 4, 31), *rate("register", 3, 30)]
    deliver(clinic.service, [*answers, *rate("overall", 1, 30), *rate("overall", 2, 30)])
    said = (
        "No clear difference between touchpoints: their means lie between 3.50 and 3.51 on a scale from 1 to 5, "
        "higher is better."
    )
    mei = browser_of(clinic.mei)
    for path in ("", "journey/", "methods/", "methods/csat/"):
        assert said in read(mei, HOME + path), path


def test_a_caution_stands_on_the_sentence_and_is_explained_on_its_page(clinic: Clinic) -> None:
    deliver(clinic.service, rate("wait", 4, 40))
    mei = browser_of(clinic.mei)
    assert "Caution: all answers the same." in read(mei, HOME + "methods/")
    assert (
        "Caution, all answers the same: All answers are the same, so nothing in them says how far the truth may lie"
        in read(mei, HOME + "methods/csat/")
    )


def test_a_change_says_of_which_days_with_the_figure_and_n_of_each_side(clinic: Clinic) -> None:
    deliver(
        clinic.service,
        [
            *recommend(10, 20, on=date(2026, 11, 2)),
            *recommend(3, 20, on=date(2026, 11, 2)),
            *recommend(10, 40, on=date(2026, 11, 15)),
        ],
    )
    said = read(browser_of(clinic.mei), HOME)
    assert "Up 100.0 points in the last 7 days compared with the 7 days before" in said
    assert (
        "Net promoter score 100.0 (9 Nov 2026 – 15 Nov 2026, n 40); before 0.0 (2 Nov 2026 – 8 Nov 2026, n 40)." in said
    )


FIELDS = {
    "n": 3,
    "need": 5,
    "needed": 5,
    "fewest": 5,
    "invalid": 0,
    "missing": 0,
    "length": 2.0,
    "visits": 1,
    "ordered": 1,
    "judged": 1,
}
METHODS_OF_PAGES = {"ratings", *QUESTIONS}
ONLY_FOR_OPTIONS = frozenset(
    {
        *(
            "nps.counts",
            "nps.interval",
            "ratings.counts",
            "kano.table",
            "kano.rule",
            "kano.counts",
            "servqual.level",
            "value.floor",
        ),
        *(
            "importance.crosshair",
            "importance.names",
            "verify.wave",
            "verify.same",
            "sqi.counts",
            "failures.begins",
            "service_level.limits",
            "service_level.failures",
            "sqi.weights",
            "kano_drift.over",
            "kano_drift.nobody_twice",
        ),
        *("queue.rates", "queue.no_steady_state", "queue.ticket", "queue.place", "ridit.reference", "journey.goal"),
    }
)
"""Raised for options, which pages do not offer."""


def test_every_method_of_answers_and_events_is_asked_as_a_question() -> None:
    pages = {method.id for method in METHODS if method.reads != "table"}
    assert pages == QUESTIONS.keys(), "its question in src/peakend_web/findings/inquiry/method_questions.py"


REFUSALS = sorted(id for id in catalogue() if id.split(".")[0] in METHODS_OF_PAGES and id not in ONLY_FOR_OPTIONS)


@pytest.mark.parametrize("id", REFUSALS)
def test_no_word_for_programs_reaches_a_page(id: str) -> None:
    names = set(re.findall(r"\{(\w+)", str(catalogue()[id]["en"])))
    why = MethodError(id, **{name: FIELDS.get(name, "X") for name in names})
    with translation.override("en"):
        said = f"{refusal_words.what(why, 'en')} {refusal_words.what_to_do(why, 'en')}"
    assert not re.search(
        r"`|--|\broles?\b(?!”)|\bconstructs?\b|\bcolumns?\b|=|\bat and until\b|YAML|\boption\b", said
    ), f"{said}: say it as a page does, in WORDS of src/peakend_web/findings/words/refusal_words.py"


def test_codes_that_nobody_explained_are_listed_with_their_rows_and_others_are_told_whom_to_ask(clinic: Clinic) -> None:
    odd = {"item": "recommend", "construct": "nps", "value": None, "low": 0.0, "high": 10.0, "state": "invalid"}
    deliver(
        clinic.service, [*recommend(10, 40), *(dict(odd, source="till-3", source_key=f"till-{at}") for at in range(8))]
    )
    mei = browser_of(clinic.mei)
    home = mei.get(HOME).content.decode()
    assert f'<a href="{HOME}data/#codes">8 answers hold a code without a meaning yet</a>' in home
    listed = read(mei, HOME + "data/")
    assert "Codes without a meaning" in listed
    assert "Would you recommend us to a friend?" in listed
    assert "till-3" in listed
    assert "till-0, till-1, till-2, till-3, till-4" in listed
    told = browser_of(clinic.victor).get(HOME).content.decode()
    assert "Mei, Olivia Wang can see which they are and say what the code means." in told
    assert "data/#codes" not in told
    wu = read(browser_of(clinic.wu), HOME + "data/")
    assert "till-0" not in wu
    assert "Take back …" in wu
