"""The journey map: what it shows, where it shows it, and that it can be read by eyes, by ears and by other programs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from peakend.draw.palette import DARK, LIGHT
from peakend.errors import DocumentError
from peakend.periods import day_words
from peakend.samples import service_of
from peakend.service import Score, ServiceDocument, draw_map, loads, style_sheet
from peakend.service.drawings.curve import axis_of, path
from peakend.service.drawings.journey_map import Layout
from peakend.terms import LANGUAGES, Lang
from tests.service.clinic import CLINIC
from tests.service.ward import WARD

SVG = "{http://www.w3.org/2000/svg}"
LAYOUTS: tuple[Layout, ...] = ("wall", "wide", "page", "column")
SCORES = {
    "register": Score(value=4.1, low=3.9, high=4.3, n=210),
    "wait": Score(value=2.4, low=2.1, high=2.7, n=198),
    "consult": Score(value=4.7, low=4.6, high=4.8, n=205),
    "pay": Score(value=3.6, low=3.3, high=3.9, n=64),
}


@pytest.fixture(scope="module")
def clinic() -> ServiceDocument:
    return loads(CLINIC)


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 — our own drawing


def words(root: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def dots(root: ET.Element) -> list[tuple[float, float, str]]:
    """The large dots of the curve: where they are, and their tone."""
    circles = root.iter(f"{SVG}circle")
    return [
        (float(c.get("cx", "")), float(c.get("cy", "")), (c.get("class") or "").split()[0])
        for c in circles
        if float(c.get("r", "")) > 6
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_map_is_a_picture_with_a_name_and_a_description_in_real_text(
    clinic: ServiceDocument, lang: Lang, layout: Layout
) -> None:
    root = drawn(draw_map(clinic, lang=lang, layout=layout, scores=SCORES))
    title, description = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc") or ""
    assert (root.get("role"), root.get("lang"), title) == (
        "img",
        lang,
        f"{clinic.title[lang]} · {clinic.journeys[0].title[lang]}",
    )
    assert root.get("aria-labelledby") == f"map-clinic-visit-{layout}-title map-clinic-visit-{layout}-desc"
    assert all(point.title[lang] in description for point in clinic.touchpoints)
    assert "4.70" in description
    stops = [group.get("data-touchpoint") for group in root.iter(f"{SVG}g") if group.get("class") == "pk-stop"]
    assert stops == ["register", "wait", "consult", "pay"]


def test_the_headline_tells_highest_lowest_and_end_with_interval_and_n(clinic: ServiceDocument) -> None:
    told = {lang: drawn(draw_map(clinic, lang=lang, scores=SCORES)).findtext(f"{SVG}desc") or "" for lang in LANGUAGES}
    assert told["en"].startswith(
        "Highest: “Consultation” 4.70 (4.60–4.80, n\u00a0205). Lowest: “Wait to be called” 2.40 (2.10–2.70, "
        "n\u00a0198). "
        "It ends with “Pay and collect medicine” 3.60 (3.30–3.90, n\u00a064)."
    )
    assert told["zh-Hant"].startswith(
        "最高：「診間」4.70（4.60–4.80，n\u00a0205）；最低：「候診叫號」2.40（2.10–2.70，n\u00a0198）；"
        "結束於「批價領藥」3.60"
    )
    assert told["zh-Hans"].startswith(
        "最高：“诊室”4.70（4.60–4.80，n\u00a0205）；最低：“候诊叫号”2.40（2.10–2.70，n\u00a0198）；结束于“缴费取药”3.60"
    )


def test_the_end_that_is_told_is_the_one_that_is_marked_before_what_comes_after_the_service() -> None:
    ward = loads(WARD)
    scores = {point.id: Score(value=3.5, low=3.2, high=3.8, n=60) for point in ward.touchpoints}
    told = drawn(draw_map(ward, scores=scores)).findtext(f"{SVG}desc") or ""
    assert [stage.title["en"] for stage in ward.journeys[0].stages if stage.after] == ["Later"]
    assert f"It ends with “{ward.touchpoints[-2].title['en']}” 3.50" in told


def test_three_dots_mark_peak_trough_and_end_where_they_are(clinic: ServiceDocument) -> None:
    trough, peak, end = sorted(dots(drawn(draw_map(clinic, scores=SCORES, layout="page"))))
    assert [dot[2] for dot in (trough, peak, end)] == ["pk-below", "pk-above", "pk-ink"]
    assert peak[1] < end[1] < trough[1], "a better score stands higher"
    assert trough[0] < peak[0] < end[0], "and a later one further right"


def test_on_a_phone_the_journey_runs_down_and_a_better_score_stands_further_right(clinic: ServiceDocument) -> None:
    root = drawn(draw_map(clinic, scores=SCORES, layout="column"))
    trough, peak, end = sorted(dots(root), key=lambda dot: dot[1])
    assert trough[0] < end[0] < peak[0]
    assert root.get("width") == "360"


def test_every_value_stands_with_its_interval_and_its_n(clinic: ServiceDocument) -> None:
    wall, phone = (words(drawn(draw_map(clinic, scores=SCORES, layout=layout))) for layout in ("wide", "column"))
    assert [text for text in wall if text in {"4.10", "3.90–4.30", "n 210", "2.40", "2.10–2.70", "n 198"}] == [
        "4.10", "3.90–4.30", "n 210", "2.40", "2.10–2.70", "n 198",
    ]  # fmt: skip
    assert [text for text in phone if "· n" in text] == [
        "4.10 (3.90–4.30) · n 210",
        "2.40 (2.10–2.70) · n 198",
        "4.70 (4.60–4.80) · n 205",
        "3.60 (3.30–3.90) · n 64",
    ]


def test_an_interval_is_as_long_as_it_is_on_the_axis(clinic: ServiceDocument) -> None:
    root = drawn(draw_map(clinic, scores=SCORES, layout="page"))
    curve = next(group for group in root.iter(f"{SVG}g") if group.get("class") == "pk-curve")
    upright = [line for line in curve.iter(f"{SVG}line") if line.get("x1") == line.get("x2")]
    lengths = [abs(float(line.get("y1", "")) - float(line.get("y2", ""))) for line in upright]
    assert lengths == pytest.approx([lengths[0], lengths[0] * 1.5, lengths[0] * 0.5, lengths[0] * 1.5], abs=0.2)


def test_a_refused_score_has_no_dot_and_says_why_and_a_small_n_has_no_colour(clinic: ServiceDocument) -> None:
    few = SCORES | {
        "pay": Score(value=None, n=4, refused="too few answers (4 of 30)"),
        "wait": Score(value=1.2, low=1, high=3, n=9),
    }
    root = drawn(draw_map(clinic, scores=few))
    assert "too few answers" in " ".join(words(root))
    assert [dot[2] for dot in dots(root)] == ["pk-above"], "the trough has 9 answers; the end has none"
    assert "peak 4.70" in words(root)


def test_without_scores_the_planned_curve_is_the_curve(clinic: ServiceDocument) -> None:
    root = drawn(draw_map(clinic))
    assert (root.findtext(f"{SVG}desc") or "").startswith(
        "Planned to peak at “Consultation” and to end with “Pay and collect medicine”."
    )
    assert [dot[2] for dot in sorted(dots(root))] == ["pk-below", "pk-above", "pk-ink"]


ALIKE = {
    "register": Score(value=3.9, low=3.6, high=4.2, n=60),
    "wait": Score(value=3.8, low=3.5, high=4.1, n=60),
    "consult": Score(value=4.1, low=3.8, high=4.4, n=60),
    "pay": Score(value=4.0, low=3.7, high=4.3, n=60),
}


def test_where_the_intervals_overlap_no_touchpoint_is_highest_or_lowest(clinic: ServiceDocument) -> None:
    told = {lang: drawn(draw_map(clinic, lang=lang, scores=ALIKE)).findtext(f"{SVG}desc") or "" for lang in LANGUAGES}
    end = "4.00 (3.70–4.30, n\u00a060)"
    assert told["en"].startswith(
        f"No clear difference between touchpoints (3.80–4.10). It ends with “Pay and collect medicine” {end}."
    )
    assert told["zh-Hant"].startswith(
        "各接觸點沒有明顯差異（3.80–4.10）；結束於「批價領藥」4.00（3.70–4.30，n\u00a060）。"
    )
    assert told["zh-Hans"].startswith("各触点没有明显差异（3.80–4.10）；结束于“缴费取药”4.00（3.70–4.30，n\u00a060）。")
    assert [dot[2] for dot in dots(drawn(draw_map(clinic, scores=ALIKE)))] == ["pk-ink"], "the end alone"


def test_two_that_lead_together_are_named_together(clinic: ServiceDocument) -> None:
    camps = {
        name: Score(value=value, low=value - 0.1, high=value + 0.1, n=90)
        for name, value in zip(SCORES, (3, 3, 4, 4.02), strict=True)
    }
    told = drawn(draw_map(clinic, scores=camps)).findtext(f"{SVG}desc") or ""
    assert told.startswith(
        "Highest: “Pay and collect medicine” 4.02 (3.92–4.12, n\u00a090) and “Consultation” 4.00 (3.90–4.10, "
        "n\u00a090). "
        "Lowest: “Register” 3.00 (2.90–3.10, n\u00a090) and “Wait to be called” 3.00 (2.90–3.10, n\u00a090)."
    )


def test_touchpoints_that_differ_without_any_that_stands_out_are_not_called_alike(clinic: ServiceDocument) -> None:
    values = dict(zip(SCORES, ((3, 0.1), (3.3, 0.6), (3.7, 0.6), (4, 0.1)), strict=True))
    scores = {
        name: Score(value=value, low=value - half, high=value + half, n=90) for name, (value, half) in values.items()
    }
    told = drawn(draw_map(clinic, scores=scores)).findtext(f"{SVG}desc") or ""
    assert told.startswith("No touchpoint is clearly above or below all the others (3.00–4.00).")


def test_scores_of_several_scales_are_not_compared(clinic: ServiceDocument) -> None:
    mixed = SCORES | {"wait": Score(value=2.4, low=2.1, high=2.7, n=198, scale_high=7)}
    root = drawn(draw_map(clinic, scores=mixed))
    assert (root.findtext(f"{SVG}desc") or "").startswith(
        "The touchpoints were rated on different scales and cannot be compared. It ends with"
    )
    assert [dot[2] for dot in dots(root)] == ["pk-ink"]


def test_the_end_is_the_last_stop_also_where_nobody_measured_it(clinic: ServiceDocument) -> None:
    root = drawn(
        draw_map(clinic, scores={name: SCORES[name] for name in ("register", "wait", "consult")}, layout="page")
    )
    assert "The end, “Pay and collect medicine”, is not measured." in (root.findtext(f"{SVG}desc") or "")
    assert [dot[2] for dot in sorted(dots(root))] == ["pk-below", "pk-above"]


def curves(root: ET.Element, group: str) -> list[str]:
    """The curves drawn in a group: of each, where it begins and ends across the picture."""
    inside = next((part for part in root.iter(f"{SVG}g") if part.get("class") == group), ET.Element("none"))
    return [path.get("d") or "" for path in inside.iter(f"{SVG}path") if path.get("fill") == "none"]


def test_the_line_breaks_where_nobody_measured(clinic: ServiceDocument) -> None:
    whole = curves(drawn(draw_map(clinic, scores=SCORES, layout="page")), "pk-curve")
    broken = curves(
        drawn(draw_map(clinic, scores={name: SCORES[name] for name in ("register", "wait", "pay")}, layout="page")),
        "pk-curve",
    )
    assert [path.count("C") for path in whole] == [3], "three pieces join four stops"
    assert [path.count("C") for path in broken] == [1], "from the first to the second; the fourth stands alone"


@pytest.mark.parametrize("layout", ["wide", "page"])
def test_what_is_planned_lies_on_a_strip_of_its_own_with_its_scale(clinic: ServiceDocument, layout: Layout) -> None:
    root = drawn(draw_map(clinic, scores=SCORES, layout=layout))
    strip = next(group for group in root.iter(f"{SVG}g") if group.get("class") == "pk-plan")
    assert words(strip) == ["planned emotion, −5 to 5", "−5", "0", "+5"]
    heights = [float(dot.get("cy", "")) for dot in strip.iter(f"{SVG}circle")]
    lines = [float(line.get("y1", "")) for line in strip.iter(f"{SVG}line")]
    assert [round((lines[1] - y) / (lines[0] - lines[2]) * 10, 1) for y in heights] == [0, -1, 4, 2], (
        "where the document plans them"
    )
    curve = next(group for group in root.iter(f"{SVG}g") if group.get("class") == "pk-curve")
    lowest = max(float(line.get("y1", "")) for line in curve.iter(f"{SVG}line"))
    assert lowest < min(lines), "the strip lies below the measured curve"
    assert curves(root, "pk-curve") != curves(root, "pk-plan")


A1 = 841 / 25.4 * 72
"""How many points A1 lying is wide."""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["airport", "kiosk"])
@pytest.mark.parametrize("measured", [True, False])
def test_no_letter_of_the_poster_is_smaller_than_eighteen_points_on_a1(name: str, lang: Lang, measured: bool) -> None:
    service = service_of(name)
    scores = {
        point.id: Score(value=3 + at % 5 / 4, low=2.9 + at % 5 / 4, high=3.1 + at % 5 / 4, n=900)
        for at, point in enumerate(service.touchpoints)
    }
    root = drawn(draw_map(service, lang=lang, layout="wall", scores=scores if measured else None))
    _, _, width, height = map(float, (root.get("viewBox") or "").split())
    sizes = [float(text.get("font-size", "")) * A1 / width for text in root.iter(f"{SVG}text")]
    assert min(sizes) >= 18
    assert width / height == pytest.approx(2**0.5, abs=0.005)
    said = " ".join(words(root)).replace("\u2009", "")
    assert all(each in said for each in (service.title[lang], day_words(str(service.dated), lang)))


def test_the_poster_says_which_lanes_it_has_no_room_for(clinic: ServiceDocument) -> None:
    assert [text for text in words(drawn(draw_map(clinic, layout="wall"))) if "not on this poster" in text] == []
    (left,) = [
        text for text in words(drawn(draw_map(service_of("kiosk"), layout="wall"))) if "not on this poster" in text
    ]
    assert (
        left == "In the blueprint, but not on this poster: physical evidence, customer action, frontstage, backstage, "
        "support processes"
    )


def test_a_phone_shows_what_is_measured_alone(clinic: ServiceDocument) -> None:
    assert curves(drawn(draw_map(clinic, scores=SCORES, layout="column")), "pk-plan") == []


def test_what_is_planned_stands_on_its_scale_where_nothing_is_measured(clinic: ServiceDocument) -> None:
    assert [
        text for text in words(drawn(draw_map(clinic, layout="page"))) if text in {"−4", "−2", "0", "+2", "+4"}
    ] == ["0", "+2", "+4"]


def test_one_score_alone_is_a_dot_with_its_figures_and_no_curve(clinic: ServiceDocument) -> None:
    root = drawn(draw_map(clinic, scores={"wait": SCORES["wait"]}, layout="page"))
    assert (root.findtext(f"{SVG}desc") or "").startswith(
        "“Wait to be called” 2.40 (2.10–2.70, n\u00a0198). The end, “Pay and collect medicine”,"
    )
    assert (dots(root), curves(root, "pk-curve")) == ([], [])


def test_scores_come_as_mappings_or_as_anything_with_these_fields(clinic: ServiceDocument) -> None:
    plain = {
        name: {"value": s.value, "low": s.low, "high": s.high, "n": s.n, "scale_low": 1, "scale_high": 5}
        for name, s in SCORES.items()
    }
    assert draw_map(clinic, scores=plain) == draw_map(clinic, scores=SCORES)


def test_scores_of_different_scales_share_one_axis_in_percent() -> None:
    axis = axis_of([Score(value=3, n=50), Score(value=9, n=50, scale_low=0, scale_high=10)])
    assert axis.ticks == ((0.5, "50%"), (0.6, "60%"), (0.7, "70%"), (0.8, "80%"), (0.9, "90%"))


def test_the_axis_never_magnifies_noise_into_mountains() -> None:
    axis = axis_of([Score(value=4.00, low=3.99, high=4.01, n=5000), Score(value=4.02, low=4.01, high=4.03, n=5000)])
    assert axis.high - axis.low == pytest.approx(0.25)


def test_the_curve_has_no_peak_that_the_data_do_not_have() -> None:
    places = [(0.0, 10.0), (1.0, 10.0), (2.0, 3.0), (3.0, 3.0), (9.0, 4.0)]
    numbers = [tuple(map(float, pair.split(","))) for pair in re.findall(r"-?[\d.]+,-?[\d.]+", path(places))]
    ends = numbers[::3]
    assert ends == places
    for at, (start, end) in enumerate(pairwise(ends)):
        controls = [y for _, y in numbers[3 * at + 1 : 3 * at + 3]]
        assert all(min(start[1], end[1]) <= y <= max(start[1], end[1]) for y in controls)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_map_needs_nothing_from_anywhere_else_and_may_leave_its_style_out(
    clinic: ServiceDocument, layout: Layout
) -> None:
    svg = draw_map(clinic, layout=layout, scores=SCORES)
    assert (
        re.findall(r"(?:href|url|src|@import|<script|on[a-z]+=)", svg.replace('xmlns="http://www.w3.org/2000/svg"', ""))
        == []
    )
    bare = draw_map(clinic, layout=layout, scores=SCORES, style=False)
    assert "<style" not in bare
    assert " style=" not in bare
    assert 'fill="#211E1A"' in bare, "colours stand as attributes as well"


def test_the_colours_are_those_of_the_charts_and_follow_the_readers_system() -> None:
    assert f"--pk-below: {LIGHT['below']};" in style_sheet("light")
    assert f"--pk-below: {DARK['below']};" in style_sheet("dark")
    assert "prefers-color-scheme: dark" in style_sheet("auto")
    assert "prefers-color-scheme" not in style_sheet("dark")


@pytest.mark.parametrize(("theme", "palette"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize("layout", ["wide", "column"])
def test_a_drawing_of_one_theme_says_every_colour_itself_so_that_any_program_paints_it(
    theme: Any, palette: Mapping[str, str], layout: Any, clinic: ServiceDocument
) -> None:
    text = draw_map(clinic, layout=layout, scores=SCORES, theme=theme)
    assert "<style" not in text
    assert "var(" not in text
    shapes = [
        each for each in drawn(text).iter() if each.tag.rpartition("}")[2] in {"rect", "path", "circle", "line", "text"}
    ]
    assert [each.attrib for each in shapes if not {"fill", "stroke"} & set(each.attrib)] == []
    assert {each.get("fill") for each in shapes if each.get("class", "").startswith("pk-ink")} == {palette["ink"]}


def test_words_in_a_document_cannot_become_markup() -> None:
    evil = loads(CLINIC.replace("Wait to be called", "</text><script>alert(1)</script>&amp;"))
    assert "<script>" not in draw_map(evil, scores=SCORES)
    assert "</text><script>alert(1)</script>&amp;" in (drawn(draw_map(evil)).findtext(f"{SVG}desc") or "")


def test_a_journey_that_is_not_there_cannot_be_drawn(clinic: ServiceDocument) -> None:
    with pytest.raises(DocumentError) as refused:
        draw_map(clinic, "holiday")
    assert refused.value.as_dict() == {
        "error": "document.no_journey",
        "what": "The service has no journey “holiday” to draw.",
        "do": "Its journeys: visit.",
        "name": "holiday",
        "known": "visit",
    }
