"""The page on which a design is printed: it says what fits, and gives the files."""

from __future__ import annotations

import re
import subprocess
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from peakend.service import loads
from peakend_web.base.localtime import day_words
from peakend_web.design.actions import drafts
from peakend_web.design.actions.versions import save_service_version
from peakend_web.models import Draft, Service
from tests.web.answers import deliver, rate
from tests.web.conftest import OUTPATIENT, Clinic, browser_of

PAGE = "/w/harbour/outpatient/design/print/"


@pytest.fixture
def victor(clinic: Clinic) -> Client:
    return browser_of(clinic.victor)


def text_of(response: Any) -> str:
    body = re.sub(r"<script.*?</script>|<style.*?</style>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def links(response: Any, name: str) -> list[str]:
    return [unescape(link) for link in re.findall(rf'href="([^"]*{name}[^"]*)"', response.content.decode())]


def test_the_page_opens_with_what_fits_and_leads_to_every_file(victor: Client) -> None:
    page = victor.get(PAGE)
    assert page.status_code == 200
    assert re.search(r"touchpoints, \d+ lanes: 1 × A3 at [\d.]+ pt\.", text_of(page))
    (pdf,) = links(page, "sheets.pdf")
    (svg,), (png,), (tiles,) = links(page, "sheets.svg"), links(page, "sheets.png"), links(page, "tiles.pdf")
    begins = {pdf: b"%PDF-", svg: b"<svg", png: b"\x89PNG", tiles: b"%PDF-"}
    for address, first in begins.items():
        file = victor.get(address)
        assert (file.status_code, file.content[: len(first)]) == (200, first), address
        assert file.headers["Content-Disposition"].startswith('attachment; filename="outpatient-map-A3')


def test_one_lane_is_said_in_the_singular(victor: Client) -> None:
    page = victor.get(PAGE, {"lanes": "moments"})
    assert re.findall(r"\b1 (?:lanes|touchpoints)\b", text_of(page)) == []


def test_lanes_are_asked_for_where_the_view_has_any_and_else_the_view_is_named(victor: Client) -> None:
    asked = {view: 'name="lanes"' in victor.get(PAGE, {"view": view}).content.decode() for view in ("map", "ring", "x")}
    assert asked == {"map": True, "ring": False, "x": True}
    assert re.search(
        r"Print · Cycle of service · Version 1 .*One sheet of A3", text_of(victor.get(PAGE, {"view": "ring"}))
    )


def test_the_preview_is_what_is_printed(victor: Client) -> None:
    address = re.findall(r'<img class="print-sheet"[^>]* src="([^"]+)"', victor.get(PAGE).content.decode())
    preview = victor.get(unescape(address[0]))
    assert (len(address), preview.headers["Content-Type"], preview.content[:4]) == (1, "image/png", b"\x89PNG")


def test_one_version_gives_one_file_with_version_day_and_the_address_of_the_live_map(victor: Client) -> None:
    """Acceptance 26, and what stands in the corner."""
    first, second = (victor.get(f"{PAGE}sheets.pdf").content for _ in range(2))
    assert first == second
    told = subprocess.run(["pdftotext", "-", "-"], input=first, capture_output=True, check=True).stdout.decode()
    assert "Version 1" in told
    svg = victor.get(f"{PAGE}sheets.svg").content.decode()
    assert "Version 1" in svg
    assert svg.count('fill="#000000"') == 1, "the code for cameras"
    assert "var(" not in svg


def test_another_paper_other_lanes_and_another_language_are_chosen_in_the_address_without_a_script(
    victor: Client,
) -> None:
    page = victor.get(PAGE, {"view": "blueprint", "lanes": "all", "paper": "A1", "language": "zh-Hant"})
    assert "× A1" in text_of(page)
    assert 'value="all" selected' in page.content.decode()
    svg = victor.get(f"{PAGE}sheets.svg", {"view": "map", "language": "zh-Hant"}).content.decode()
    assert 'lang="zh-Hant"' in svg


@pytest.mark.parametrize(
    "nonsense",
    [
        {"view": "nothing"},
        {"paper": "A0", "lanes": "x" * 3000},
        {"sheets": "-1", "sheet": "99999"},
        {"language": "../etc", "journey": "no such"},
        {"sheet": "٣"},
        {"of": "draft"},
    ],
)
def test_what_is_wrong_in_the_address_is_as_if_it_were_not_said(victor: Client, nonsense: dict[str, str]) -> None:
    assert victor.get(PAGE, nonsense).status_code == 200
    assert victor.get(f"{PAGE}sheets.pdf", nonsense).content.startswith(b"%PDF-")


def test_the_page_offers_ways_out_of_small_type_and_each_is_a_tap(victor: Client) -> None:
    page = victor.get(PAGE, {"lanes": "all", "paper": "A4"})
    ways = re.findall(r'<li><a class="alone" href="(\?[^"]+)">(\d+) × (A\d) at ([\d.]+) pt', page.content.decode())
    assert {paper for _, _, paper, _ in ways} >= {"A1", "A3"}
    for query, sheets, paper, size in ways:
        assert f"{sheets} × {paper} at {size} pt." in text_of(victor.get(PAGE + unescape(query)))


def test_who_edits_prints_the_draft_with_the_version_in_force_one_tap_away_and_nobody_else_does(
    clinic: Clinic, victor: Client
) -> None:
    drafts.open_draft(actor=clinic.wu, service=clinic.service)
    assert Draft.objects.count() == 1
    wu = browser_of(clinic.wu)
    page = wu.get(PAGE, {"paper": "A1"})
    assert "Draft of version 1" in text_of(page)
    (pdf,) = links(page, "sheets.pdf")
    assert "Draft of version 1" in wu.get(pdf.replace("pdf", "svg")).content.decode()
    (other,) = re.findall(r'href="(\?[^"]+)">Print the version in force', page.content.decode())
    in_force = wu.get(PAGE + unescape(other))
    assert "× A1" in text_of(in_force)
    assert "Draft of version" not in text_of(in_force)
    assert "Print the draft" in text_of(in_force)
    for address in (other, *links(in_force, "sheets.pdf")):
        assert "of=version" in address
    assert "Draft of version" not in text_of(victor.get(PAGE, {"of": "draft"}))
    assert "Draft of version" not in victor.get(f"{PAGE}sheets.svg", {"of": "draft"}).content.decode()


def test_characters_that_cannot_be_printed_are_named_with_their_place(clinic: Clinic, victor: Client) -> None:
    document = loads(OUTPATIENT)
    title = document.journeys[0].touchpoints[0].title["en"]
    text = OUTPATIENT.replace(f"en: {title}", f'en: "{title} 😀"', 1)
    assert text != OUTPATIENT
    save_service_version(actor=clinic.wu, workspace=clinic.workspace, service=clinic.service, text=text, base=1)
    assert f"“😀”: {title} 😀" in text_of(victor.get(PAGE))


def test_live_scores_are_printed_where_they_are_wanted(victor: Client) -> None:
    assert victor.get(PAGE, {"scores": "on"}).status_code == 200
    assert victor.get(f"{PAGE}sheets.pdf", {"scores": "on"}).content.startswith(b"%PDF-")


def test_a_consultant_makes_a_poster_from_a_template_in_ten_taps(clinic: Clinic) -> None:
    """Acceptance 40: from the page on which one begins, each line a tap."""
    wu = browser_of(clinic.wu)
    given = {"template": "hotel", "languages": ["en"]}  # one tap on the template; the language is ticked already
    assert wu.post("/w/harbour/services/begin/", given).status_code == 302  # two
    made = Service.objects.latest("pk")
    design = wu.get(f"/w/harbour/{made.slug}/design/")  # three, where the page after beginning is not this one
    (address,) = links(design, "design/print/")
    page = wu.get(address)  # four
    larger = re.search(r'href="(\?[^"]+)">1 × A1', page.content.decode())  # five: a larger paper, one tap
    assert larger
    poster_page = wu.get(address.partition("?")[0] + unescape(larger[1]))
    (poster,) = links(poster_page, "sheets.pdf")
    told = subprocess.run(["pdfinfo", "-"], input=wu.get(poster).content, capture_output=True, check=True)  # six
    assert "(A1)" in told.stdout.decode()


def test_a_register_is_printed_as_tables_on_pages_and_as_a_poster_for_a_wall(victor: Client) -> None:
    page = victor.get(PAGE, {"view": "senses", "paper": "A4"})
    assert re.search(r"(One page|\d+ pages) of A4 at [\d.]+ pt", text_of(page))
    assert "The PDF has real tables" in text_of(page)
    assert links(page, "tiles.pdf") == []
    (pdf,) = links(page, "sheets.pdf")
    tags = subprocess.run(["pdfinfo", "-struct", "-"], input=victor.get(pdf).content, capture_output=True, check=True)
    assert re.search(rb"\n *Table", tags.stdout)
    (png,), (svg,) = links(page, "sheets.png"), links(page, "sheets.svg")
    assert victor.get(png).content.startswith(b"\x89PNG")
    assert victor.get(svg).content.startswith(b"<svg")
    wall = victor.get(PAGE, {"view": "senses", "paper": "A1"})
    assert ("real tables" in text_of(wall), len(links(wall, "tiles.pdf"))) == (False, 1)


# --- what whoever prints may not see ----------------------------------------------------------------------------------


def test_a_nurse_of_one_site_prints_the_scores_of_no_other_and_the_sheet_says_of_which_they_are(clinic: Clinic) -> None:
    deliver(clinic.service, [*rate("wait", 2, 40), *rate("wait", 4, 40, site="west")])
    asked = {"scores": "on", "language": "en"}
    of_chen, of_victor = (
        browser_of(who).get(f"{PAGE}sheets.svg", asked).content.decode() for who in (clinic.chen, clinic.victor)
    )
    assert [figure for figure in ("2.00", "3.00", "4.00") if f">{figure}<" in of_chen] == ["2.00"]
    assert [figure for figure in ("2.00", "3.00", "4.00") if f">{figure}<" in of_victor] == ["3.00"]
    assert ("East" in of_chen, "East" in of_victor) == (True, False)
    told = f"figures of {day_words(timezone.localdate(), 'en')}"  # the day of the corner is that of the design
    assert (told in of_chen, told in of_victor) == (True, True)
    without = browser_of(clinic.chen).get(f"{PAGE}sheets.svg", {"language": "en"}).content.decode()
    assert ("2.00" in without, "East" in without, "figures of" in without) == (False, False, False)
