"""Pictures: what is drawn, what is coloured, and that no character is ever an empty box."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import noto_cjk_sans_otc
import pytest
from PIL import ImageFont

from peakend.draw import (
    Axis,
    Cell,
    Chart,
    PlanePoint,
    Point,
    Share,
    Span,
    bars,
    dots,
    dumbbell,
    heat,
    plane,
    render,
    stack,
    trend,
)
from peakend.errors import FormatError
from peakend.terms import LANGUAGES, Lang

SCORE = Axis(title="mean score, 1 to 5", low=1, high=5)


def security(**changed: object) -> Point:
    return Point(**({"name": "Security", "value": 3.4, "low": 3.3, "high": 3.5, "n": 2310} | changed))  # type: ignore[arg-type]


def data(chart: Chart) -> list[dict[str, object]]:
    return list(chart.spec["data"]["values"])


def texts(svg: str) -> set[str]:
    return set(re.findall(r"<text[^>]*>([^<]+)</text>", svg)) | set(re.findall(r"<tspan[^>]*>([^<]+)</tspan>", svg))


@cache
def font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(noto_cjk_sans_otc.FONT_PATH), 24, index=3)


def is_box(letter: str) -> bool:
    """Whether a character has no glyph: it is then drawn like one that no font has."""
    return bytes(font().getmask(letter)) == bytes(font().getmask("\U0010fffd"))


EVERY = {
    "dots": dots(
        [security(), security(name="安檢", value=3.9, low=3.8, high=4.0)],
        axis=SCORE,
        alt="a",
        reference=3.7,
        reference_name="all 3.7",
    ),
    "bars": bars([security(value=0.4, low=0.3, high=0.5)], axis=Axis(title="share", format=".0%"), alt="a"),
    "trend": trend(
        [security(name="2017-05"), security(name="2017-06", value=None, low=None, high=None, n=3)], axis=SCORE, alt="a"
    ),
    "stack": stack(
        [
            Share(name="detractors", share=0.25, n=5, side="below"),
            Share(name="promoters", share=0.75, n=15, side="above"),
        ],
        alt="a",
    ),
    "dumbbell": dumbbell(
        [Span(name="有形性", left=5.9, right=5.1, low=-1.0, high=-0.6, n=104)],
        axis=Axis(title=""),
        alt="a",
        left="expected",
        right="found",
    ),
    "plane": plane(
        [PlanePoint(name="live number", x=-0.4, y=0.7, n=104)],
        x=Axis(title="worse"),
        y=Axis(title="better"),
        alt="a",
        cross=(-0.5, 0.5),
    ),
    "heat": heat([Cell(row="like", column="dislike", value=12, text="12")], alt="a"),
}


@pytest.mark.parametrize("name", EVERY)
def test_every_picture_renders_light_dark_wide_and_narrow(name: str) -> None:
    chart = EVERY[name]
    assert chart.png(scale=1)[:8] == b"\x89PNG\r\n\x1a\n"
    for dark in (False, True):
        for narrow in (False, True):
            paper = (render.DARK if dark else render.LIGHT)["paper"]
            assert f'fill="{paper}"' in chart.svg(dark=dark, narrow=narrow)


@pytest.mark.parametrize("name", EVERY)
def test_no_picture_is_wider_than_it_was_told(name: str) -> None:
    for narrow, width in ((False, render.WIDE), (True, render.NARROW)):
        found = re.search(r'<svg[^>]* width="([\d.]+)"', EVERY[name].svg(narrow=narrow))
        assert found is not None
        assert float(found[1]) <= width


def test_the_best_touchpoint_stands_first_and_a_refused_one_last_with_its_reason() -> None:
    lounge = security(name="Lounge", value=None, low=None, high=None, n=12, note="too few answers yet (12 of 30)")
    chart = dots([lounge, security(), security(name="Signs", value=4.1)], axis=SCORE, alt="a")
    assert [row["key"] for row in data(chart)] == ["Signs", "Security", "Lounge"]
    assert {"too few answers yet (12 of 30)", "n 12", "4.10", "n 2,310"} <= texts(chart.svg())


def test_a_journey_keeps_its_order() -> None:
    chart = dots([security(), security(name="Signs", value=4.1)], axis=SCORE, alt="a", ordered=False)
    assert [row["key"] for row in data(chart)] == ["Security", "Signs"]


@pytest.mark.parametrize(
    ("low", "high", "n", "side"),
    [
        (3.3, 3.5, 2310, "below"),
        (3.8, 4.0, 2310, "above"),
        (3.3, 3.9, 2310, "level"),
        (3.3, 3.5, 29, "level"),
        (None, None, 2310, "level"),
    ],
)
def test_colour_is_kept_for_what_is_beyond_doubt_and_never_for_a_small_n(
    low: float | None, high: float | None, n: int, side: str
) -> None:
    chart = dots([security(low=low, high=high, n=n)], axis=SCORE, alt="a", reference=3.7)
    assert [row["side"] for row in data(chart)] == [side]


def test_a_gap_is_amber_only_where_its_interval_lies_below_zero() -> None:
    sure = Span(name="sure", left=6.0, right=5.0, low=-1.2, high=-0.8, n=100)
    unsure = Span(name="unsure", left=6.0, right=5.9, low=-0.3, high=0.1, n=100)
    chart = dumbbell([sure, unsure], axis=Axis(title=""), alt="a", left="expected", right="found")
    assert [(row["side"], row["shown"]) for row in data(chart)] == [("below", "−1.00"), ("level", "−0.10")]


def test_a_period_without_a_figure_is_a_gap_and_not_a_zero() -> None:
    assert [row["value"] for row in data(EVERY["trend"])] == [3.4, None]


def plane_of(spots: list[PlanePoint]) -> Chart:
    return plane(spots, x=Axis(title="x", low=0, high=1), y=Axis(title="y", low=0, high=1), alt="a")


def test_every_mark_of_a_crowded_plane_has_its_name_or_a_number_that_the_list_below_explains() -> None:
    crowd = [PlanePoint(name=f"feature {at}", x=0.5 + at / 1000, y=0.5 + at % 3 / 50, n=50) for at in range(20)]
    chart = plane_of(crowd)
    rows, listed = data(chart), str(chart.spec["title"]["text"]["expr"])
    numbered = [row for row in rows if row["name"] != row["key"]]
    assert 0 < len(numbered) < 20
    assert [row["place"] for row in rows if not row["place"]] == []
    assert [f"{row['name']} {row['key']}" for row in numbered if f"{row['name']} {row['key']}" not in listed] == []
    assert [row["name"] for row in numbered] == [str(number) for number in range(1, len(numbered) + 1)]


def test_a_plane_with_room_for_every_name_has_no_list() -> None:
    assert (
        "title"
        not in plane_of(
            [PlanePoint(name="here", x=0.2, y=0.2, n=50), PlanePoint(name="there", x=0.8, y=0.8, n=50)]
        ).spec
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_character_we_write_has_a_glyph_in_the_fonts_we_bring(lang: Lang) -> None:
    words = "Net promoter 淨推薦值 净推荐值 體驗 体验 −100 … ≤ ± ○ ● — “ ” 「 」 ｜ ？！，。：；（）％ é ü ñ"
    chart = dots([security(name=words)], axis=SCORE, alt="a")
    assert [letter for letter in words if letter != " " and is_box(letter)] == []
    assert render.FONTS[lang].split('"')[1] in chart.svg(lang)


def test_each_script_has_its_own_shapes() -> None:
    chart = dots([security(name="骨直海")], axis=SCORE, alt="a")
    assert chart.png("zh-Hant", 1) != chart.png("zh-Hans", 1)


@pytest.mark.parametrize("ending", ["svg", "png", "pdf", "json"])
def test_analyst_mei_saves_a_picture_by_its_ending(tmp_path: Path, ending: str) -> None:
    starts = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "json": b"{"}
    written = EVERY["dots"].save(tmp_path / f"security.{ending}")
    assert written.read_bytes().startswith(starts[ending])


def test_an_unknown_ending_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"draw\.ending"):
        EVERY["dots"].save(tmp_path / "security.gif")
    assert list(tmp_path.iterdir()) == []


def test_a_picture_says_what_it_shows_to_those_who_cannot_see_it() -> None:
    chart = dots([security()], axis=SCORE, alt='Security 3.4 < "good"')
    assert 'role="img" aria-label="Security 3.4 &lt; &quot;good&quot;"' in chart.svg()


def test_a_specification_is_plain_json_that_needs_no_network() -> None:
    for chart in EVERY.values():
        assert "http" not in json.dumps(chart.spec).replace(chart.spec["$schema"], "")
