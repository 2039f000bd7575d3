"""What is released to those who may not see each answer: in batches in which nobody stands alone."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

from peakend.facts import shape
from peakend.service import as_data, loads
from peakend_web.asking import actions as surveys
from peakend_web.base import cache
from peakend_web.design.actions import versions as services
from peakend_web.listening.actions.take_backs import take_back
from peakend_web.listening.queries.origins import Origin
from peakend_web.models import ApiKey, Service, ServiceVersion
from peakend_web.people.actions import keys
from peakend_web.store import jobs
from peakend_web.store.release.batches import PATIENCE, Atoms, company, decide
from tests.web.answers import deliver, rate, recommend
from tests.web.conftest import OUTPATIENT, Clinic, browser_of
from tests.web.findings.test_pages import HOME, read
from tests.web.surveys import clinic_survey, said, send

THIS_MONTH = 2026 * 12 + 11


def atoms(*rows: tuple[int, ...], people: int = 1) -> Atoms:
    """Rows of (month, value, value, …), each of so many people, all of one question."""
    table = np.array(rows, np.int64)
    values = tuple(table[:, at] for at in range(1, table.shape[1]))
    return Atoms(np.full(len(rows), people), np.zeros(len(rows), np.int64), table[:, 0], values, None)  # type: ignore[arg-type]


def test_nobody_is_released_before_there_are_five() -> None:
    assert decide(atoms(*[(THIS_MONTH, 1)] * 4), 5, THIS_MONTH).held.tolist() == [True] * 4
    assert decide(atoms(*[(THIS_MONTH, 1)] * 5), 5, THIS_MONTH).held.tolist() == [False] * 5


def test_one_at_another_site_waits_while_those_of_the_others_are_counted() -> None:
    decided = decide(atoms(*[(THIS_MONTH, 1)] * 6, (THIS_MONTH, 2)), 5, THIS_MONTH)
    assert decided.held.tolist() == [False] * 6 + [True]


def test_who_is_alone_in_a_month_that_is_over_is_counted_without_it_and_later_without_what_is_rare() -> None:
    over = THIS_MONTH - PATIENCE - 1
    scattered = decide(atoms(*[(over - n, 1) for n in range(5)]), 5, THIS_MONTH)
    assert (scattered.held.any(), scattered.undated.all(), scattered.masks.tolist()) == (np.False_, np.True_, [0] * 5)
    rare = decide(atoms(*[(over, n) for n in range(5)]), 5, THIS_MONTH)
    assert (rare.held.any(), rare.masks.tolist()) == (np.False_, [1] * 5)


def test_who_would_be_the_rest_between_two_columns_waits() -> None:
    """All of the first site speak one language, and one more does: site less language would be that one."""
    rows = [(THIS_MONTH, 1, 1)] * 6 + [(THIS_MONTH, 2, 1)] + [(THIS_MONTH, 2, 2)] * 9
    held = decide(atoms(*rows), 5, THIS_MONTH).held
    assert held.tolist() == [False] * 6 + [True] + [False] * 9


@pytest.mark.parametrize("seed", range(30))
def test_every_value_of_every_column_gets_no_company_or_enough(seed: int) -> None:
    chance = np.random.default_rng(seed)
    size, columns, cell = int(chance.integers(5, 150)), int(chance.integers(1, 5)), int(chance.choice((3, 5)))
    drawn = np.minimum(chance.integers(0, 4, (2, size, columns)).min(axis=0), 3)
    rows = [
        (month, *values) for month, values in zip(chance.integers(1, 4, size).tolist(), drawn.tolist(), strict=True)
    ]
    made = atoms(*rows)
    there = company(made.people, made.questions, made.months, made.values, cell)
    out = [row for row, stays in zip(rows, there, strict=True) if stays]
    for column in range(1, columns + 1):
        assert all(n >= cell for n in Counter((row[0], row[column]) for row in out).values())
    for one, other in combinations(range(1, columns + 1), 2):
        for a, b in ((one, other), (other, one)):
            for (month, value), n in Counter((row[0], row[a]) for row in out).items():
                held = {row[b] for row in out if (row[0], row[a]) == (month, value)}
                rest = sum((row[0], row[b]) == (month, *held) for row in out) - n if len(held) == 1 else 0
                assert rest == 0 or rest >= cell


# --- as it is read ----------------------------------------------------------------------------------------------------


class Program:
    """A program with a key that reads."""

    def __init__(self, clinic: Clinic) -> None:
        secret = keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="Screen", scope=ApiKey.Scope.READ)[
            1
        ]
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def rows(self, query: str = "", status: int = 200) -> Any:
        reply = self.client.get(f"/api/v1/harbour/outpatient/methods/nps{query}")
        assert reply.status_code == status, reply.content
        return reply.json()

    def count(self, query: str = "") -> dict[str | None, int]:
        return {next(iter(row["group"].values()), None): row["n"] for row in self.rows(query)}


def test_one_new_answer_moves_nothing_and_five_move_it_together(clinic: Clinic) -> None:
    program, victor, mei = Program(clinic), browser_of(clinic.victor), browser_of(clinic.mei)
    deliver(clinic.service, recommend(9, 40))
    assert (program.count(), "40 answers" in read(victor, HOME)) == ({None: 40}, True)
    deliver(clinic.service, recommend(0, 4))
    assert program.count() == {None: 40}
    assert "new answers are added in groups" in read(victor, HOME)
    assert "44 answers" in read(mei, HOME), "who may take the rows sees each answer as it comes"
    deliver(clinic.service, recommend(0))
    assert (program.count(), "45 answers" in read(victor, HOME)) == ({None: 45}, True)


AGES = "  - {id: age, title: {en: Age}, values: [{id: young, title: {en: Young}}, {id: old, title: {en: Old}}]}\n"


def test_a_segment_that_is_named_later_or_no_more_moves_no_figure_of_yesterday(clinic: Clinic) -> None:
    """Were all decided of anew, the one who is old would be missing today, and yesterday's figures less today's would
    be her answer.
    """
    program = Program(clinic)
    deliver(clinic.service, recommend(9, 40, who={"age": "young"}))
    deliver(clinic.service, [*recommend(7, 6, who={"age": "grown"}), *recommend(0, 1, who={"age": "old"})])
    before = program.rows("?by=month")
    with_ages = OUTPATIENT.replace("segments:\n", f"segments:\n{AGES}")
    for text in (with_ages, OUTPATIENT, with_ages):
        clinic.service.refresh_from_db()
        services.save_service_version(actor=clinic.wu, workspace=clinic.workspace, text=text, service=clinic.service)
        assert program.rows("?by=month") == before
    assert (program.count(), program.count("?by=age")) == ({None: 47}, {"young": 40, None: 7})
    deliver(clinic.service, recommend(0, 1, who={"age": "old"}))
    assert program.count() == {None: 47}


@pytest.mark.parametrize("who", ["wu", "chen", "victor"])
def test_no_page_moves_with_a_single_answer_for_whoever_sees_groups(clinic: Clinic, who: str) -> None:
    survey = clinic_survey(clinic)
    place = surveys.add_place(actor=clinic.olivia, survey=survey, label="Counter", site="east")
    watching, pages = (
        browser_of(getattr(clinic, who)),
        ("surveys/", f"surveys/{survey.pk}/", "", "journey/", "methods/", "methods/nps/", "methods/nps.json"),
    )

    def seen() -> list[str]:
        return [
            re.sub(r"value=\"[\w]{64}\"|(As of|截至)[^;；<]*|\d\d:\d\d", "", watching.get(HOME + page).content.decode())
            for page in pages
        ]

    def answer(number: int) -> None:
        send(
            survey,
            said("recommend", 9),
            place=place.code,
            key=f"the-key-of-{number}",
            response=f"somebody-with-a-phone-{number}",
        )

    before = seen()
    for number in range(4):
        answer(number)
        assert seen() == before
    answer(4)
    assert (seen()[0] == before[0], watching.get(HOME + "surveys/").context["open"][0]["released"]) == (False, 5)
    assert "5 people have answered" in browser_of(clinic.olivia).get(HOME + "surveys/").content.decode()


@pytest.mark.parametrize("lost", ["the folder", "its rows", "all that came later"])
def test_a_folder_that_is_lost_tells_nothing_that_it_did_not_tell_before(
    clinic: Clinic, tmp_path: Path, lost: str
) -> None:
    program, folder = Program(clinic), tmp_path / "released"
    deliver(clinic.service, recommend(9, 5, site="east") + recommend(9, 5, site="west"))
    assert program.count("?by=site") == {"east": 5, "west": 5}
    shutil.copytree(folder, tmp_path / "older")
    deliver(clinic.service, recommend(0, site="east"))
    before = program.rows("?by=site")
    assert program.count("?by=site") == {"east": 5, "west": 5}
    for rows in folder.rglob("*.parquet" if lost == "its rows" else "*"):
        rows.unlink() if rows.is_file() else None
    if lost == "all that came later":
        shutil.copytree(tmp_path / "older", folder, dirs_exist_ok=True)
    cache.forget()
    assert program.rows("?by=site") == before
    deliver(clinic.service, recommend(0, site="west"))
    assert program.count("?by=site") == {"east": 5, "west": 5}


def test_a_small_site_is_in_every_total_and_in_no_figure_of_its_own(clinic: Clinic) -> None:
    program = Program(clinic)
    deliver(
        clinic.service, [*recommend(9, 40, on=date(2026, 5, 2)), *recommend(2, 12, site="west", on=date(2026, 5, 3))]
    )
    deliver(
        clinic.service,
        [*recommend(0, 3, site="north", on=date(2026, 5, 3)), *recommend(0, 2, site="south", on=date(2026, 5, 3))],
    )
    assert program.count() == {None: 57}
    assert program.count("?by=site") == {"east": 40, "west": 12, None: 5}
    assert program.count("?site=north") == {None: 0}


def test_what_is_left_over_is_counted_when_its_month_is_long_over(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(clinic)
    rows = [*recommend(9, 40), *recommend(0, 3, site="west"), *recommend(0, 3, site="north")]
    deliver(clinic.service, rows)
    assert program.count() == {None: 40}
    monkeypatch.setattr("peakend_web.store.months.this_month", lambda: THIS_MONTH + PATIENCE + 1)
    assert (program.count(), program.count("?by=site")) == ({None: 46}, {"east": 40, None: 6})


CLOSED = ("response", "customer", "visit", "text", "source", "source_key", "at_us")


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("?site=east&language=en", "web.one_at_a_time"),
        ("?site=east&site=west", "web.one_at_a_time"),
        ("?by=site,language", "web.one_at_a_time"),
        ("?site=east&by=language", "web.one_at_a_time"),
        ("?by=day", "web.too_fine"),
        ("?by=site,week", "web.too_fine"),
        *(
            (f"?{name}=x", "web.column_closed")
            for name in ("response", "customer", "visit", "text", "source", "source_key", "at_us", "day", "shoe")
        ),
        *(
            (f"?by={name}", "web.column_closed")
            for name in ("response", "customer", "visit", "text", "source", "source_key", "at_us", "value", "shoe")
        ),
    ],
)
def test_a_program_narrows_by_one_column_of_people_at_a_time_and_by_none_of_one_person(
    clinic: Clinic, query: str, error: str
) -> None:
    deliver(clinic.service, recommend(9, 40, who={"language": "en", "shoe": "44"}))
    assert Program(clinic).rows(query, 422)["error"] == error


@pytest.mark.parametrize("name", [*CLOSED, "day"])
def test_no_page_and_no_file_takes_a_column_of_one_person(clinic: Clinic, name: str) -> None:
    deliver(clinic.service, recommend(9, 40))
    for who in (clinic.olivia, clinic.victor):
        client = browser_of(who)
        for where in (
            "",
            "journey/",
            "methods/nps/",
            "methods/nps.json",
            "methods/nps.csv",
            "journey.svg",
            "methods/nps.svg",
        ):
            assert client.get(f"{HOME}{where}?{name}=r1").status_code == 422, where


OPEN = {
    "site",
    "channel",
    "respondent_kind",
    "survey",
    "wave",
    "item",
    "construct",
    "role",
    "touchpoint",
    "state",
    "aside",
}
NEVER = sorted((shape.STANDARD | shape.OURS) - OPEN - {"kind", "indicator"})


def test_a_segment_that_is_called_like_a_column_of_one_person_opens_it_to_nobody(clinic: Clinic) -> None:
    """In a version from before such a document was refused, whose form does not offer it either."""
    deliver(clinic.service, recommend(9, 40, customer="Mrs Lin"))
    names = [*NEVER, "Customer"]
    text = OUTPATIENT.replace(
        "segments:\n", "segments:\n" + "".join(f"  - {{id: {name}, title: {{en: Odd {name}}}}}\n" for name in names)
    )
    version = ServiceVersion.objects.create(
        service=clinic.service, number=2, document=as_data(loads(text)), text=text, made_by=clinic.olivia
    )
    Service.objects.filter(pk=clinic.service.pk).update(current=version)
    victor, program = browser_of(clinic.victor), Program(clinic)
    assert "Odd" not in read(victor, HOME + "methods/csat/")
    plain = victor.get(f"{HOME}methods/ridit.csv").content
    for name in names:
        for where in ("", "methods/nps/", "methods/nps.csv", "methods/nps.json", "methods/nps.svg"):
            assert victor.get(f"{HOME}{where}?{name}=x").status_code == 422, (name, where)
        assert victor.get(f"{HOME}methods/ridit.csv?across={name}").content == plain, name
        assert program.rows(f"?{name}=x", 422)["error"] == "web.column_closed"
        assert program.rows(f"?by={name}", 422)["error"] == ("web.too_fine" if name == "day" else "web.column_closed")


@pytest.mark.parametrize("name", sorted(shape.PERIODS - {"day"}))
def test_a_segment_that_is_called_like_a_period_is_neither_offered_nor_asked_for(clinic: Clinic, name: str) -> None:
    """In a version from before such a document was refused: a page would show calendar periods under its title."""
    text = OUTPATIENT.replace("id: purpose, ", f"id: {name}, ").replace("id: purpose", f"id: {name}")
    version = ServiceVersion.objects.create(
        service=clinic.service, number=2, document=as_data(loads(text)), text=text, made_by=clinic.olivia
    )
    Service.objects.filter(pk=clinic.service.pk).update(current=version)
    for value, on in (("check-up", date(2026, 10, 5)), ("treatment", date(2026, 11, 5))):
        deliver(clinic.service, rate("wait", 3, 40, on=on, who={name: value}))
    mei, program = browser_of(clinic.mei), Program(clinic)
    plain = mei.get(f"{HOME}methods/ridit.csv").content
    assert mei.get(f"{HOME}methods/ridit.csv?across={name}").content == plain
    assert mei.get(f"{HOME}methods/csat.csv?{name}=check-up").status_code == 422
    assert program.rows(f"?{name}=check-up", 422)["error"] == "web.column_closed"


def test_a_document_with_a_segment_that_is_called_like_a_column_is_refused(clinic: Clinic) -> None:
    form = {"text": OUTPATIENT.replace("id: purpose", "id: customer"), "note": "", "base": "1"}
    reply = browser_of(clinic.wu).post(f"{HOME}versions/new/", form)
    assert (reply.status_code, "“customer” is a column of the facts" in reply.content.decode()) == (422, True)


def test_who_is_limited_to_a_site_does_not_narrow_it_further(clinic: Clinic) -> None:
    deliver(
        clinic.service,
        [*recommend(9, 40, who={"language": "en"}), *recommend(9, 40, site="west", who={"language": "en"})],
    )
    chen = browser_of(clinic.chen)
    assert "40" in read(chen, HOME)
    assert chen.get(HOME + "?language=en").status_code == 422


def test_an_answer_that_is_corrected_before_it_is_released_is_released_once(clinic: Clinic) -> None:
    program = Program(clinic)
    deliver(clinic.service, recommend(9, 4))
    assert sum(program.count().values()) == 0
    deliver(clinic.service, recommend(9, 4))
    assert program.count() == {None: 8}


@pytest.mark.parametrize("who", ["wu", "victor"])
def test_rows_that_are_taken_back_leave_what_is_released_at_once(clinic: Clinic, who: str) -> None:
    reader, program = browser_of(getattr(clinic, who)), Program(clinic)
    deliver(clinic.service, [*recommend(9, 40), *recommend(0, 20, source="kiosk-7")])
    assert ("60 answers" in read(reader, HOME), program.count()) == (True, {None: 60})
    deliver(clinic.service, recommend(9, 2))
    take_back(actor=clinic.olivia, service=clinic.service, origin=Origin(source="kiosk-7"))
    for _ in ("at once", "after the copy was made anew"):
        shown = read(reader, HOME)
        assert ("40 answers" in shown, "60 answers" in shown) == (True, False)
        assert program.count() == {None: 40}
        jobs.renew(clinic.workspace.pk)


def test_an_answer_that_goes_while_it_waits_does_not_wait_any_more(clinic: Clinic) -> None:
    program = Program(clinic)
    deliver(clinic.service, [*recommend(9, 40), *recommend(0, 3, site="west", source="kiosk-7")])
    assert program.count() == {None: 40}
    take_back(actor=clinic.olivia, service=clinic.service, origin=Origin(source="kiosk-7"))
    deliver(clinic.service, recommend(0, 2, site="west"))
    assert program.count() == {None: 40}, "those who went make up no group with those who come"
    deliver(clinic.service, recommend(0, 3, site="west"))
    assert program.count() == {None: 45}
