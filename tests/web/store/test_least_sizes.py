"""The table of least sizes: what is shown of few answers, on every page, in every file and to every program."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest
from django.test import Client

from peakend.methods import METHODS, nps
from peakend.methods.nps import METHOD
from peakend.result import Results
from peakend_web.models import ApiKey, Workspace
from peakend_web.people.actions import keys
from peakend_web.store import least_sizes
from tests.web.answers import deliver, rate, recommend, remark
from tests.web.conftest import Clinic, browser_of
from tests.web.findings.test_pages import HOME, UNASKED, read


def rows(*sizes: int, by: str = "site") -> Results[nps.NPS]:
    """A table by site of so many promoters each."""
    made = [
        replace(nps.from_counts(n, 0, 0), group=MappingProxyType({by: f"{by} {at}"} if by else {}))
        for at, n in enumerate(sizes)
    ]
    return Results(METHOD, tuple(made))


def seen(results: Results[Any]) -> list[tuple[int, float | None, str | None]]:
    return [(row.n, row.value, row.refused.id if row.refused else None) for row in results]


HIDDEN, FEW = (0, None, "least.cell"), "least.n"


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((40, 12, 10), [(40, 100.0, None), (12, 100.0, None), (10, 100.0, None)]),
        ((40, 12, 7), [(40, 100.0, None), (12, 100.0, None), (7, None, FEW)]),
        ((40, 12, 1), [(40, 100.0, None), HIDDEN, HIDDEN]),
        ((40, 12, 2, 3), [(40, 100.0, None), (12, 100.0, None), HIDDEN, HIDDEN]),
        ((40, 12, 11, 2, 2), [(40, 100.0, None), (12, 100.0, None), HIDDEN, HIDDEN, HIDDEN]),
        ((40, 3), [HIDDEN, HIDDEN]),
    ],
)
def test_a_small_cell_is_hidden_with_as_many_more_as_keep_it_from_being_worked_out(
    sizes: tuple[int, ...], expected: list[tuple[int, float | None, str | None]]
) -> None:
    assert seen(least_sizes.withhold(rows(*sizes), 5)) == expected


@pytest.mark.parametrize(
    ("n", "expected"), [(4, HIDDEN), (5, (5, None, FEW)), (9, (9, None, FEW)), (10, (10, 100.0, None))]
)
def test_a_figure_shows_from_ten_answers_on_and_their_number_from_the_least_cell_on(n: int, expected: Any) -> None:
    assert seen(least_sizes.withhold(rows(n, by=""), 5)) == [expected]


def test_a_workspace_may_ask_for_a_larger_or_smaller_cell() -> None:
    assert seen(least_sizes.withhold(rows(40, 7, 8), 8)) == [(40, 100.0, None), HIDDEN, HIDDEN]
    assert seen(least_sizes.withhold(rows(40, 3), 3)) == [(40, 100.0, None), (3, None, FEW)]


def test_a_row_without_its_figure_holds_nothing_else_that_was_computed() -> None:
    (row,) = least_sizes.withhold(rows(9, by=""), 5)
    left = {
        name: value
        for name, value in row.as_dict().items()
        if value and name not in {"refused", "conf", "version", "interval", "n"}
    }
    assert left == {}


# --- on pages, in files, by the API -----------------------------------------------------------------------------------


def everywhere(clinic: Clinic, client: Client, query: str = "") -> Mapping[str, str]:
    """All that says something of recommendation and of touchpoints to Wu, and to a program."""
    key = keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="Notebook", scope=ApiKey.Scope.READ)[1]
    pages = ("", "journey/", "methods/", "methods/nps/", "methods/csat/")
    files = ("journey.svg", "methods/nps.csv", "methods/nps.json", "methods/csat.csv", "methods/csat.json")
    said = {where: read(client, HOME + where + query) for where in pages}
    said |= {where: client.get(HOME + where + query).content.decode("utf-8-sig") for where in files}
    program = Client(headers={"Authorization": f"Bearer {key}"})
    return said | {
        f"api {name}": program.get(f"/api/v1/harbour/outpatient/methods/{name}{query}").content.decode()
        for name in ("nps", "csat")
    }


def test_one_answer_is_told_nowhere(clinic: Clinic) -> None:
    deliver(clinic.service, [*recommend(0), *rate("wait", 1)])
    said = everywhere(clinic, browser_of(clinic.mei))
    assert {
        where for where, text in said.items() if "100.0" in text or "1 answer" in text or "Of every 100" in text
    } == set()
    assert "Fewer than 5 people" in said["methods/nps/"]
    (row,) = json.loads(said["methods/nps.json"])
    assert (row["n"], row["value"], row["detractors"], row["refused"]["error"]) == (0, None, 0, "least.cell")


def test_seven_answers_are_a_line_that_fills_and_no_figure(clinic: Clinic) -> None:
    deliver(clinic.service, recommend(3, 7))
    page = browser_of(clinic.wu).get(HOME).content.decode()
    assert '<progress class="progress" max="10" value="7"' in page
    said = everywhere(clinic, browser_of(clinic.wu))
    assert "Too few answers to tell yet (7 of 10)." in said[""]
    assert "-100" not in "".join(said.values())
    assert json.loads(said["api nps"])[0]["n"] == 7


def test_twelve_answers_are_pale_and_called_neither_good_nor_bad(clinic: Clinic) -> None:
    for on in (date(2026, 11, 1), date(2026, 11, 14)):
        deliver(
            clinic.service,
            [
                *recommend(10, 6, on=on),
                *rate("wait", 1, 6, on=on),
                *rate("register", 5, 6, on=on),
                *rate("overall", 5, 6, on=on),
            ],
        )
    client = browser_of(clinic.wu)
    home, journey = client.get(HOME).content.decode(), client.get(HOME + "journey/").content.decode()
    assert ('<div class="headline pale">' in home, "12 of 30" in home, 'class="change' in home) == (True, True, False)
    assert "No touchpoint has 30 answers yet." in read(client, HOME)
    assert ("clearly best at" in journey, 'class="scale below"' in journey, 'class="moment pale"' in journey) == (
        False,
        False,
        True,
    )
    assert 'class="lead-sentence pale"' in client.get(HOME + "methods/nps/").content.decode()


@pytest.mark.parametrize("sizes", [(1, 1), (7, 1), (12, 7)], ids=str)
def test_every_method_s_page_and_files_open_on_few_answers(clinic: Clinic, sizes: tuple[int, int]) -> None:
    first, second = sizes
    deliver(clinic.service, [*recommend(3, first), *rate("wait", 1, second), *rate("overall", 4, first, site="west")])
    client = browser_of(clinic.mei)
    paths = [(method.id, end) for method in METHODS if method.reads != "table" for end in ("/", ".csv", ".json")]
    opened = {(id, end): client.get(f"{HOME}methods/{id}{end}").status_code for id, end in paths}
    assert {code for (_method, end), code in opened.items() if end == "/"} == {200}
    files = {method: {opened[method, end] for end in (".csv", ".json")} for method, _ in paths}
    assert {method: codes for method, codes in files.items() if codes != ({422} if method in UNASKED else {200})} == {}


def test_the_least_cell_is_olivia_s_to_set_and_never_below_three(clinic: Clinic) -> None:
    deliver(clinic.service, recommend(3, 3))
    olivia = browser_of(clinic.olivia)
    about = {"name": "Harbour Clinic", "timezone": "Asia/Taipei"}
    assert "Fewer than 5 people" in read(olivia, HOME)
    olivia.post("/w/harbour/settings/", {**about, "least_cell": "2"})
    assert Workspace.objects.get(slug="harbour").least_cell == 5
    olivia.post("/w/harbour/settings/", {**about, "least_cell": "3"})
    assert "Too few answers to tell yet (3 of 10)." in read(olivia, HOME)


def test_a_file_says_of_a_hidden_row_why_it_is_empty(clinic: Clinic) -> None:
    deliver(clinic.service, [*rate("wait", 2, 2), *rate("register", 4, 40)])
    table = list(
        csv.DictReader(io.StringIO(browser_of(clinic.mei).get(HOME + "methods/csat.csv").content.decode("utf-8-sig")))
    )
    assert {row["construct"]: (row["value"], row["n"]) for row in table} == {
        "wait": ("", "0"),
        "register": ("4.0", "40"),
    }


# --- words ------------------------------------------------------------------------------------------------------------


def spoken(clinic: Clinic, many: int) -> None:
    deliver(clinic.service, [*rate("wait", 2, 40), *recommend(3, 40)])
    deliver(
        clinic.service,
        [
            remark("wait", f"Nobody came, said {n}. 我叫王小明，請打 0912-345-678", site="east" if n else "west")
            for n in range(many)
        ],
    )


def test_nine_voices_are_not_quoted_anywhere_and_ten_are(clinic: Clinic) -> None:
    spoken(clinic, 9)
    client, pages = browser_of(clinic.mei), ("", "journey/", "methods/nps/", "words/")
    assert [where for where in pages if "Nobody came" in read(client, HOME + where)] == []
    assert "Comments are quoted once 10 people have written one." in read(client, HOME + "words/")
    deliver(clinic.service, [remark("wait", "Nobody came at all.")])
    assert "Nobody came at all." in read(client, HOME + "words/")


def test_words_are_quoted_without_day_name_or_number_and_with_a_site_where_many_spoke(clinic: Clinic) -> None:
    spoken(clinic, 12)
    for where in ("", "journey/", "methods/nps/", "words/"):
        page = browser_of(clinic.mei).get(HOME + where).content.decode()
        assert ("王小明" in page, "0912" in page) == (False, False), where
        assert [by for by in re.findall(r'<span class="by">(.*?)</span>', page) if re.search(r"\d", by)] == [], where
    words = read(browser_of(clinic.mei), HOME + "words/")
    assert "我叫•••，請打 •••" in words
    assert (words.count("East"), words.count("West")) >= (11, 1)
    assert "said 0. 我叫•••，請打 ••• Wait to be called" in words.replace("\n", " ")


def test_who_reads_what_is_released_reads_words_in_no_order_of_time(clinic: Clinic) -> None:
    deliver(clinic.service, [remark("wait", f"word-{letter}") for letter in "kjihgfedcba"])
    chen = browser_of(clinic.chen)
    said = read(chen, HOME + "words/")
    assert [text for text in said.split() if text.startswith("word-")] == [f"word-{letter}" for letter in "abcdefghijk"]
