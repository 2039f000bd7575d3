"""The map and the blueprint on paper: bands that know their paper, type that never becomes too small, and nothing that
is lost, cut without a trace, or written over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise, product

import pytest

from peakend.samples import service_of
from peakend.service import ServiceDocument
from peakend.service.document import as_data, of_data
from peakend.service.drawings.breaks import COLUMN, GAP, break_stages, column_em
from peakend.service.drawings.canvas import Canvas
from peakend.service.drawings.curve import Score, path
from peakend.service.drawings.journey_sheets import MAP, JourneySheets, caption_of, fit, fits, picture_of
from peakend.service.drawings.lanes import LANE_SETS, LaneSet, lane_name, lanes_of
from peakend.service.drawings.paper import PAPERS, PaperName
from peakend.service.drawings.pen import Box
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.views import draw_view
from peakend.templates import IDS, template
from peakend.terms import LANGUAGES, Lang, label
from tests.service.journeys_at_length import long_journey

LENGTHS = (0, 20, 60, 200)
COUNTS = (1, 8, 12, 25, 60)
SHEETS: tuple[PaperName, ...] = ("A4", "A3", "A1", "page")
LANES: tuple[LaneSet, ...] = ("story", "all")
EVERY = list(product(COUNTS, LENGTHS, LANGUAGES, SHEETS, LANES))


def subject_of(
    service: ServiceDocument, lang: Lang, lanes: LaneSet = "story", scores: Mapping[str, Score] | None = None
) -> Subject:
    return Subject(
        service, service.journeys[0], lang, scores or {}, "30 November 2026", edition="Version 3", lanes=lanes
    )


def drawn(subject: Subject, paper: PaperName) -> Canvas:
    canvas = Canvas(PAPERS[paper], subject.lang, "light", caption_of(subject))
    MAP.draw(subject, canvas)
    canvas.finish("map", style=False)
    return canvas


def boxes(canvas: Canvas) -> Iterator[Box]:
    return (box for sheet in canvas.sheets for box in sheet.pen.boxes)


def overlaps(canvas: Canvas) -> list[tuple[str, str]]:
    """The lines of words that stand on one another, or leave their sheet."""
    found = []
    for sheet in canvas.sheets:
        lines = sorted(sheet.pen.boxes, key=lambda box: box.y)
        for at, box in enumerate(lines):
            for other in lines[at + 1 :]:
                if other.y > box.y + box.h:
                    break
                if box.meets(other):
                    found.append((box.words, other.words))
        high = canvas.paper.height or float("inf")
        found += [
            (box.words, "") for box in lines if box.x < 0 or box.x + box.w > canvas.paper.width or box.y + box.h > high
        ]
    return found


@pytest.mark.parametrize("at", range(0, len(EVERY), 29))
def test_no_words_meet_leave_the_sheet_fall_below_the_least_size_or_break_against_the_rules(at: int) -> None:
    """Acceptance 21, with scores and all lanes too, on every 29th of 480 combinations."""
    count, length, lang, paper, lanes = EVERY[at]
    service = long_journey(count, length, lang)
    points = enumerate(service.touchpoints)
    scores = {point.id: Score(value=1.2 + at * 7 % 4, low=1.0, high=1.4 + at * 7 % 4, n=40) for at, point in points}
    canvas = drawn(subject_of(service, lang, lanes, scores if at % 2 else None), paper)
    assert overlaps(canvas) == []
    assert min(box.size for box in boxes(canvas)) >= PAPERS[paper].least
    lines = [box.words for box in boxes(canvas) if box.words]
    assert [line for line in lines if re.match("[，。、；：！？）」』】》〉”’,.;:!?)]", line)] == []
    assert [line for line in lines if re.search("[（「『【《〈“‘(]$", line)] == []


def test_a_band_holds_as_many_whole_stages_as_fit_and_breaks_a_longer_one_evenly() -> None:
    bands = break_stages([("Arrive", 3), ("Wait", 2), ("Consult", 4), ("Pay", 11)], room=6 * (COLUMN + GAP) + 2 * GAP)
    assert [[(span.head, span.count) for span in band] for band in bands] == [
        [("Arrive", 3), ("Wait", 2)],
        [("Consult", 4)],
        [("Pay (1/2)", 6)],
        [("Pay (2/2)", 5)],
    ]
    assert [span.first for band in bands for span in band] == [0, 3, 5, 9, 15]


def test_columns_grow_with_the_paper_up_to_what_can_be_read() -> None:
    (few,), (one,) = (break_stages([("Arrive", count)], room=80) for count in (4, 1))
    assert column_em(few, 80) == pytest.approx((80 - 3 * GAP) / 4)
    assert column_em(one, 80) == 26


@pytest.mark.parametrize("industry", IDS)
def test_a_template_fits_one_a3_as_a_story_and_one_a1_with_all_lanes_and_fills_the_wall(industry: str) -> None:
    """Acceptance 39: and no A1 is 40 % white below its last line."""
    service = template(industry)
    for lang in LANGUAGES:
        assert fit(subject_of(service, lang), "story", "A3").sheets == 1
        canvas = drawn(subject_of(service, lang, "all"), "A1")
        assert len(canvas.sheets) == 1
        assert canvas.sheets[0].y > 0.8 * (canvas.paper.height or 0)
        assert overlaps(canvas) == []


def test_names_of_lanes_stages_and_the_three_lines_stand_on_every_band() -> None:
    service = long_journey(60, 60, "en")
    subject = subject_of(service, "en", "blueprint")
    canvas = Canvas(PAPERS["A3"], "en", "light", caption_of(subject))
    sheets = JourneySheets(picture_of(subject), canvas, "blueprint")
    plan = sheets.plan()
    parts = [part for sheet in sheets.layout(plan.body, plan.most)[1].sheets for part in sheet]
    sheets.draw()
    words = [box.words for box in boxes(canvas)]
    assert len(parts) > 3
    for term in ("line.interaction", "line.visibility", "line.internal", "lane.frontstage", "lane.evidence"):
        name = label(term, "en")
        holding = [part for part in parts if any(term in (row.lane.term, row.lane.line) for row in part.rows)]
        assert sum(name in (word, f"{word} evidence") for word in words) == len(holding), term


def test_the_curve_on_bands_has_the_value_of_the_whole_at_every_touchpoint_and_goes_on_to_the_next_band() -> None:
    """Acceptance 22: the axis is the same on all bands, and where one ends the next begins."""
    heights = [0.1, 0.9, 0.5, 0.55, 0.2, 0.8, 0.3]
    whole = path([(100.0 * at, 1000 * height) for at, height in enumerate(heights)])
    first = path([(100.0 * at, 1000 * height) for at, height in enumerate(heights)], start=-50, end=350)
    second = path([(100.0 * at, 1000 * height) for at, height in enumerate(heights)], start=350, end=650)
    assert whole[:10] == first[:10]
    ends = [[float(number) for number in re.findall(r"-?[\d.]+", data)] for data in (first, second)]
    assert ends[0][-2:] == ends[1][:2]
    assert ends[0][-2] == 350
    passed = {(x, y) for data in (first, second) for x, y in pairwise(re.findall(r"-?[\d.]+", data))}
    assert all((f"{100 * at:.1f}", f"{1000 * height:.1f}") in passed for at, height in enumerate(heights))


def test_the_dots_of_all_bands_stand_as_high_as_on_the_page() -> None:
    """Acceptance 22, on the drawing itself."""
    service = long_journey(25, 20, "en")
    subject = subject_of(service, "en")
    heights = picture_of(subject).heights()
    (svg,) = draw_view("map", service, lang="en", paper="A1", lanes="story")
    centres = [
        (float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="[\d.]+" class="pk-', svg)
    ]
    assert len(centres) >= 25
    bands: list[list[float]] = []
    told = iter(heights)
    groups = re.findall(r'<g class="pk-curve">.*?</g>', svg, re.DOTALL)
    for group in groups:
        marks = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', group)
        places = [(float(x), float(y)) for x, y in marks]
        bands.append([y for _, y in sorted(places)])
    assert sum(map(len, bands)) == 25
    for band in bands:
        shares = [next(told) for _ in band]
        known = [(share, y) for share, y in zip(shares, band, strict=True) if share is not None]
        (low, below), (high, above) = min(known), max(known)
        for share, y in known:
            assert y == pytest.approx(below + (above - below) * (share - low) / (high - low), abs=0.15)


def test_a_cell_that_is_cut_is_in_the_appendix_in_full_under_its_number() -> None:
    """Acceptance 23."""
    service = template("airline")
    subject = subject_of(service, "en", "all")
    lines = [box.words for box in boxes(drawn(subject, "A1"))]
    cut = [found for line in lines if (found := re.search(r"^(.*)… → (\d+)$", line))]
    assert [int(found[2]) for found in cut] == list(range(1, len(cut) + 1))
    assert len(cut) > 5
    printed = " ".join(lines[lines.index(label("map.cut", "en")) :]).replace("- ", "")
    cells = {
        f"{stop.title} · {lane_name(lane.term, picture_of(subject))} {' '.join(note.words for note in notes)}"
        for lane in lanes_of(picture_of(subject), "all")
        for stop, notes in zip(picture_of(subject).stops, lane.cells, strict=True)
    }
    for found in cut:
        whole = next(words for words in cells if f" {found[2]}  {words} " in f"{printed} ")
        assert found[1] in whole


def test_a_title_that_is_too_long_for_its_column_is_printed_in_full_too() -> None:
    long = "The moment at which nobody knows what comes next and everybody looks at the board " * 3
    data = as_data(long_journey(12, 20, "en"))
    data["journeys"][0]["stages"][0]["touchpoints"][0]["title"]["en"] = long.strip()
    canvas = drawn(subject_of(of_data(data), "en"), "A3")
    whole = " ".join(box.words for box in boxes(canvas))
    assert "… → 1" in whole
    assert long.strip() in whole


def test_the_page_says_what_fits_and_three_ways_out() -> None:
    told = fits(subject_of(long_journey(60, 60, "en"), "en"), "all", "A3")
    asked, more, *others = told
    assert (asked.paper, asked.lanes, asked.touchpoints) == ("A3", "all", 60)
    assert more.sheets > asked.sheets
    assert more.body > asked.body
    assert {one.paper for one in others if one.lanes == "all"} == {"A1", "A4"}
    fewer = [one for one in others if one.lanes != "all"]
    assert fewer
    assert all(one.rows < asked.rows and one.sheets <= asked.sheets for one in fewer)
    assert asked.words == f"{asked.sheets} × A3, {asked.body:g} pt"


def test_the_lanes_of_a_set_that_say_nothing_take_no_room() -> None:
    bare = long_journey(8, 0, "en")
    assert fit(subject_of(bare, "en"), "story", "A4").rows == 1
    assert fit(subject_of(long_journey(8, 20, "en"), "en"), "story", "A4").rows == len(LANE_SETS["story"])


def test_the_airport_draws_with_scores_and_its_address_as_a_code_on_the_first_sheet_alone() -> None:
    service = service_of("airport")
    scores = {point.id: {"value": 3.5, "low": 3.3, "high": 3.7, "n": 200} for point in service.touchpoints}
    sheets = draw_view(
        "blueprint", service, lang="en", scores=scores, paper="A4", lanes="all", address="https://example.org/map/"
    )
    assert len(sheets) > 1
    assert ["#000000" in sheet for sheet in sheets] == [True] + [False] * (len(sheets) - 1)
    assert "var(" not in "".join(sheets)
