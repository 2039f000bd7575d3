"""The pages of results: what a manager reads there is what the library computed, and nothing is said that the answers
do not carry.
"""

from __future__ import annotations

import html
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from peakend.methods import METHODS
from peakend.methods import nps as method
from peakend_web.models import Person
from peakend_web.templatetags.peakend import emotion_line
from tests.web.answers import deliver, rate, recommend, remark
from tests.web.conftest import Clinic, browser_of

HOME = "/w/harbour/outpatient/"
MEANS = " (means on a scale from 1 to 5, higher is better)."
STATIC = Path(__file__).parents[3] / "src/peakend_web/static/peakend_web"


def read(client: Client, where: str, status: int = 200) -> str:
    """The page as a reader meets it: words without marks."""
    response = client.get(where)
    assert response.status_code == status, response.content[:2000]
    body = re.sub(r"<script.*?</script>|<noscript>.*?</noscript>", "", response.content.decode(), flags=re.S)
    return re.sub(r"[ \n\t]+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture
def november(clinic: Clinic) -> Clinic:
    """Two weeks of answers: waiting is bad, the doctor is good, and the second week is like the first."""
    for week in (2, 15):
        on = date(2026, 11, week)
        deliver(
            clinic.service,
            [
                *recommend(10, 50, on=on),
                *recommend(8, 30, on=on),
                *recommend(3, 20, on=on),
                *recommend(9, 5, on=on, site="west"),
            ],
        )
        deliver(
            clinic.service,
            [
                *rate("wait", 2, 40, on=on),
                *rate("wait", 3, 20, on=on),
                *rate("register", 4, 50, on=on),
                *rate("consult", 5, 55, on=on),
            ],
        )
        deliver(
            clinic.service,
            [
                *rate("overall", 4, 60, on=on),
                *[remark("wait", "Nobody told us how long.", on=on) for _again in range(6)],
            ],
        )
    return clinic


@pytest.mark.parametrize(
    ("days", "status"),
    [
        ("from=0001-01-01&to=9999-12-31", 422),
        ("from=0001-01-01&to=0001-01-01", 422),
        ("from=9999-12-31&to=9999-12-31", 422),
        ("from=1900-01-01&to=2200-12-31", 200),
        ("from=2026-11-20&to=2026-11-10", 200),
    ],
)
def test_days_that_no_calendar_sets_against_the_days_before_are_refused(
    november: Clinic, days: str, status: int
) -> None:
    for reader in (november.mei, november.victor):
        assert browser_of(reader).get(f"{HOME}?{days}").status_code == status, reader


def test_analyst_mei_reads_the_headline_with_n_interval_and_change(november: Clinic) -> None:
    said = read(browser_of(november.mei), HOME)
    row = method.from_counts(110, 60, 40)
    assert f"{row.value:.1f}" in said
    assert f"95% confidence interval {row.low:.1f} to {row.high:.1f} · 210 answers" in said
    assert "Of every 100 who answered, 52 would recommend us and 19 would not." in said
    assert "No clear change between the last 7 days and the 7 before: 0.0 points" in said
    assert "everything is counted" in said


def test_the_worst_touchpoints_come_first_with_the_customers_own_words(november: Clinic) -> None:
    said = read(browser_of(november.wu), HOME)
    assert ("Wait to be called" in said, "Register" in said) == (True, False)
    assert "<q>Nobody told us how long.</q>" in browser_of(november.wu).get(HOME).content.decode()
    assert "Read all 12 comments" in said


def test_a_change_is_called_a_change_only_when_it_is_one(clinic: Clinic) -> None:
    deliver(clinic.service, [*recommend(3, 200, on=date(2026, 11, 1)), *recommend(10, 200, on=date(2026, 11, 14))])
    assert "Up 200.0 points in the last 7 days compared with the 7 days before" in read(browser_of(clinic.mei), HOME)


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ((3, 10), "Up 200.0 points in the last month compared with the month before"),
        ((3, 3, 3, 10, 10, 10), "Up 200.0 points in the last 3 months compared with the 3 months before"),
        ((9, 9), "No clear change between the last month and the one before: 0.0 points"),
    ],
)
def test_manager_wu_reads_what_changed_between_whole_months_that_are_over(
    clinic: Clinic, scores: tuple[int, ...], said: str
) -> None:
    for at, score in enumerate(scores):
        deliver(clinic.service, recommend(score, 100, on=date(2026, 11 - len(scores) + at, 9)))
    deliver(clinic.service, recommend(0, 100, on=date(2026, 11, 5)))
    told = read(browser_of(clinic.wu), HOME)
    assert said in told
    assert f"1 {['Sep', 'May'][len(scores) > 2]} 2026 – 30 Nov 2026" in told


def test_an_empty_service_says_what_to_do_next(clinic: Clinic) -> None:
    said = read(browser_of(clinic.wu), HOME)
    assert "No touchpoint has 30 answers yet." in said
    assert "1 survey is ready but not published" in said


def test_viewer_victor_sees_figures_and_no_words(november: Clinic) -> None:
    client = browser_of(november.victor)
    assert "Nobody told us how long." not in read(client, HOME) + read(client, HOME + "journey/") + read(
        client, HOME + "methods/csat/"
    )
    assert client.get(HOME + "words/").status_code == 403


def test_nurse_chen_sees_the_answers_of_her_site_alone(november: Clinic) -> None:
    november.service.workspace.memberships.get(person=november.chen).sites.set([november.west])
    november.chen.language = "en"
    november.chen.save()
    assert "10 of 30" in read(browser_of(november.chen), HOME)
    assert "10 of 30" in read(browser_of(november.chen), HOME + "?site=west")
    for elsewhere in ("east", "nowhere"):
        assert read(browser_of(november.chen), f"{HOME}?site={elsewhere}", 404).count("10 of 30") == 0


def test_filters_live_in_the_address_and_a_chip_takes_each_away(november: Clinic) -> None:
    page = browser_of(november.mei).get(HOME + "?site=west&from=2026-11-09").content.decode()
    assert "Too few answers to tell yet (5 of 10)." in page
    assert 'href="?from=2026-11-09"' in page
    assert 'href="?site=west"' in page
    assert 'href="/w/harbour/outpatient/journey/?site=west&amp;from=2026-11-09"' in page


@pytest.mark.parametrize(("query", "words"), [("?from=yesterday", "is not a day"), ("?shoe_size=44", "shoe_size")])
def test_an_address_that_asks_for_nonsense_is_told_so(november: Clinic, query: str, words: str) -> None:
    assert words in read(browser_of(november.wu), HOME + query, 422)


def test_the_journey_shows_every_touchpoint_with_its_score(november: Clinic) -> None:
    said = read(browser_of(november.wu), HOME + "journey/")
    assert f"It is clearly worst at “Wait to be called” (2.33, n 120); no touchpoint is clearly the best{MEANS}" in said
    assert said.count("120 answers") >= 1
    assert browser_of(november.wu).get(HOME + "journey.svg").content.startswith(b"<svg")


def test_the_words_behind_a_finding_are_about_what_it_shows(november: Clinic) -> None:
    client = browser_of(november.wu)
    quoted = {
        method: "Nobody told us how long." in read(client, f"{HOME}methods/{method}/") for method in ("csat", "nps")
    }
    assert quoted == {"csat": True, "nps": False}, (
        "the touchpoint that csat names is the one spoken of; nobody spoke of recommending"
    )


def test_the_small_line_of_a_journey_has_dots_only_where_something_stands_out_and_breaks_where_nobody_measured() -> (
    None
):
    plain, named = (
        emotion_line([0.5, 0.6, None, 0.7, None]),
        emotion_line([0.5, 0.9, None, 0.1, 0.4], low=[3], high=[1]),
    )
    assert (plain.count("<circle"), plain.count("M")) == (0, 2)
    assert re.findall(r'class="dot (\w*)"', named) == ["trough", "peak", ""]
    assert emotion_line([0.5, None]) == ""


def spread(touchpoint: str, mean: int, times: int) -> list[dict[str, Any]]:
    """Answers around a mean: as many one point above as one below."""
    return [*rate(touchpoint, mean - 1, times), *rate(touchpoint, mean + 1, times)]


def test_best_and_worst_touchpoint_are_named_where_the_intervals_leave_no_doubt(clinic: Clinic) -> None:
    deliver(clinic.service, [*spread("register", 3, 30), *spread("wait", 2, 30), *spread("consult", 4, 30)])
    said = read(browser_of(clinic.wu), HOME + "journey/")
    assert (
        "It is clearly best at “Talk with the doctor” (4.00, n 60), and clearly worst at “Wait to be called” (2.00, n "
        f"60){MEANS}" in said
    )


def test_where_the_intervals_overlap_no_page_names_a_best_or_a_worst_touchpoint(clinic: Clinic) -> None:
    deliver(
        clinic.service,
        [
            *spread("register", 3, 30),
            *spread("wait", 3, 30),
            *rate("wait", 2, 2),
            *spread("consult", 3, 30),
            *rate("consult", 4, 2),
        ],
    )
    client = browser_of(clinic.wu)
    home, journey, finding, findings = (
        read(client, HOME + path) for path in ("", "journey/", "methods/csat/", "methods/")
    )
    level = (
        "No clear difference between touchpoints: their means lie between 2.97 and 3.03 on a scale from 1 to 5, "
        "higher is better."
    )
    assert [level in page for page in (home, journey, finding, findings)] == [True] * 4
    for svg in ("journey.svg", "journey.svg?shape=narrow"):
        assert not {"peak", "trough"} & set(re.findall(r"[a-z]+", client.get(HOME + svg).content.decode()))


@pytest.mark.parametrize("score", [1, 3, 5])
@pytest.mark.parametrize("touchpoints", [("wait",), ("register", "wait", "consult")])
def test_touchpoints_that_all_have_one_mean_are_drawn(clinic: Clinic, score: int, touchpoints: tuple[str, ...]) -> None:
    deliver(clinic.service, [answer for touchpoint in touchpoints for answer in rate(touchpoint, score, 30)])
    client = browser_of(clinic.wu)
    for where in ("", "journey/", "journey.svg", "journey.svg?shape=narrow", "methods/csat/", "methods/csat.svg"):
        response = client.get(HOME + where)
        assert response.status_code == 200
        assert re.search(rb"\bnan\b", response.content.lower()) is None


UNASKED = {"ces", "reliability", "journey", "verify"}
"""Methods that find nothing of what they read; the files of all others have rows, or say that there are none."""
MARKS = {"json": b"[", "csv": b"\xef\xbb\xbf", "svg": b"<svg", "png": b"\x89PNG"}


@pytest.mark.parametrize("id", [each.id for each in METHODS if each.reads != "table"])
def test_every_method_of_the_library_has_its_page_and_its_files(november: Clinic, id: str) -> None:
    client = browser_of(november.mei)
    assert client.get(f"{HOME}methods/{id}/").status_code == 200
    replies = {ending: client.get(f"{HOME}methods/{id}.{ending}") for ending in ("json", "csv", "svg", "png")}
    if id in UNASKED:
        assert {reply.status_code for reply in replies.values()} == {422}
        return
    begins = {
        ending: reply.content[: len(mark)]
        for (ending, mark), reply in zip(MARKS.items(), replies.values(), strict=True)
    }
    assert ({reply.status_code for reply in replies.values()}, begins) == ({200}, MARKS)


def test_a_chart_stands_beside_its_table_and_for_those_who_run_no_script(november: Clinic) -> None:
    page = browser_of(november.wu).get(HOME + "methods/nps/").content.decode()
    assert re.search(
        r'<noscript>.*<img src="/w/harbour/outpatient/methods/nps\.svg\?[^"]*" alt="[^"]{20,}"', page, re.S
    )
    assert "<table>" in page
    assert browser_of(november.wu).get(HOME + "methods/nps.svg?light=dark&shape=narrow").content.startswith(b"<svg")


def test_a_page_of_means_says_that_it_shows_means(november: Clinic) -> None:
    page = read(browser_of(november.wu), HOME + "methods/csat/")
    assert "The mean of the answers on their own scale. Figures on other scales cannot be compared." in page
    assert "The share of answers that give a top score" not in page


def test_what_was_searched_for_is_told_by_names_and_without_roles(november: Clinic) -> None:
    client = browser_of(november.wu)
    assert "Wait to be called (1–5)" in read(client, HOME + "methods/ces/")
    servqual = read(client, HOME + "methods/servqual/")
    assert "No question was asked about both what customers expect and what they experience." in servqual
    assert "construct" not in servqual


def test_a_row_of_a_table_leads_to_the_words_behind_it(november: Clinic) -> None:
    page = browser_of(november.wu).get(HOME + "methods/csat/").content.decode()
    assert '<a href="/w/harbour/outpatient/words/?touchpoint=wait">Wait to be called</a>' in page
    assert "words/?touchpoint=wait" not in browser_of(november.victor).get(HOME + "methods/csat/").content.decode()


def test_words_are_listed_newest_first_and_shown_as_they_were_written(november: Clinic) -> None:
    deliver(november.service, [remark("consult", "<script>alert(1)</script> 謝謝 👩‍⚕️", on=date(2026, 11, 20))])
    deliver(november.service, [remark("consult", f"Kind {n}", on=date(2026, 11, 19)) for n in range(12)])
    page = browser_of(november.wu).get(HOME + "words/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 謝謝 👩‍⚕️" in page
    assert page.index("謝謝") < page.index("Nobody told us")
    assert "謝謝" not in read(browser_of(november.wu), HOME + "words/?touchpoint=wait")


def test_what_most_say_in_the_same_words_is_listed_once_with_how_many(clinic: Clinic) -> None:
    deliver(
        clinic.service,
        [remark("wait", "Too long") for _again in range(9)] + [remark("register", "Kind"), remark("wait", "Cold")],
    )
    deliver(clinic.service, [{**remark("wait", "No signs"), "touchpoint": None} for _again in range(4)])
    said = read(browser_of(clinic.mei), HOME + "words/")
    assert [said.index(words) for words in ("Too long", "said\xa09\xa0times", "No signs", "Cold", "Kind")] == sorted(
        said.index(words) for words in ("Too long", "said\xa09\xa0times", "No signs", "Cold", "Kind")
    )
    assert said.count("Too long") == 1


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_every_page_of_results_opens_in_every_language(november: Clinic, language: str) -> None:
    Person.objects.filter(pk=november.wu.pk).update(language=language)
    client = browser_of(Person.objects.get(pk=november.wu.pk))
    tag = {"en": "en", "zh-hant": "zh-Hant", "zh-hans": "zh-Hans"}[language]
    for where in ("", "journey/", "methods/", "methods/nps/", "methods/csat/", "words/"):
        assert f'<html lang="{tag}">' in client.get(HOME + where).content.decode()


def test_a_new_answer_is_on_the_page_that_is_opened_next(november: Clinic) -> None:
    client = browser_of(november.mei)
    assert "210 answers" in read(client, HOME)
    deliver(november.service, recommend(10))
    assert "211 answers" in read(client, HOME)


def test_no_page_carries_a_style_or_a_script_of_its_own(november: Clinic) -> None:
    client = browser_of(november.wu)
    for where in ("", "journey/", "methods/", "methods/nps/", "words/"):
        page = client.get(HOME + where).content.decode()
        assert (
            re.findall(
                r"<style|\sstyle=|\son[a-z]+=|<script(?! type=\"application/json\"| src=| type=\"module\" src=)", page
            )
            == []
        )


def test_a_finding_without_answers_says_what_it_needs_and_leads_to_where_that_is(november: Clinic) -> None:
    client = browser_of(november.wu)
    assert "Needs two waves, sites or groups to compare." in read(client, HOME + "methods/ridit/")
    assert "Needs waits: when each began and when it ended." in read(client, HOME + "methods/queue/")
    findings = read(client, HOME + "methods/")
    assert "Needs the same question in two waves." in findings
    assert "Not asked here yet" not in findings


def test_groups_are_compared_by_the_column_that_is_chosen_on_the_page(november: Clinic) -> None:
    deliver(november.service, [*rate("wait", 1, 40, site="west"), *rate("wait", 2, 40, site="east")])
    page = browser_of(november.wu).get(HOME + "methods/ridit/?across=site").content.decode()
    assert re.findall(r'<a class="chip" href="([^"]*)" aria-current="true">([^<]*)</a>', page) == [
        ("/w/harbour/outpatient/methods/ridit/?across=site", "site")
    ]
    assert 'class="lead-sentence"' in page


def test_no_button_leads_to_a_page_with_nothing_on_it(november: Clinic) -> None:
    client = browser_of(november.wu)
    for id in (each.id for each in METHODS if each.reads != "table"):
        page = client.get(f"{HOME}methods/{id}/").content.decode()
        main = page.partition("<main")[2].partition("</main>")[0]
        for href in re.findall(r'<a class="button" href="([^"]*)"', main):
            there = client.get(html.unescape(href)).content.decode().partition("<main")[2]
            # What has not come in yet begins on the pages of surveys and of files.
            assert 'class="state"' not in there or href.endswith(("/surveys/", "/data/")), (id, href)


def test_the_menu_of_the_service_stays_on_the_pages_of_the_workspace(november: Clinic) -> None:
    client = browser_of(november.wu)
    client.get(HOME)
    page = client.get("/w/harbour/cases/").content.decode()
    assert 'href="/w/harbour/outpatient/journey/"' in page
    assert re.search(r'href="/w/harbour/cases/" aria-current="page"', page)


def test_a_trend_is_drawn_by_a_grain_in_which_most_periods_hold_answers(clinic: Clinic) -> None:
    for month in (1, 2, 14):
        on = date(2025 + (month - 1) // 12, (month - 1) % 12 + 1, 10)
        deliver(clinic.service, recommend(9, 40, on=on))
    deliver(clinic.service, recommend(9, 3, day=None, at_us=None))
    page = browser_of(clinic.wu).get(HOME + "methods/nps/").content.decode()
    specs = [
        json.loads(text) for text in re.findall(r'<script type="application/json">(.*?)</script>', page, flags=re.S)
    ]
    assert [row["key"] for row in specs[1]["data"]["values"]] == ["2025-Q1", "2026-Q1"]
