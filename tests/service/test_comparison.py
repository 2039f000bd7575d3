"""Two versions on one map: what was removed at its old place, added, moved, changed; and every word where it fits."""

from __future__ import annotations

import copy
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from peakend import cli
from peakend.samples import service_of
from peakend.service import ServiceDocument, loads
from peakend.service.comparison import compare, pieces
from peakend.service.document import as_data, dump, of_data
from peakend.service.drawings.comparison import cell_changes, draw_comparison, draw_on
from peakend.service.drawings.map_content import JourneyMap
from peakend.service.drawings.page import WIDTH
from peakend.service.drawings.pen import Pen
from peakend.terms import LANGUAGES, Lang
from tests.service.clinic import CLINIC
from tests.service.test_draw import SVG, drawn, words


def edited(name: str = "airport") -> tuple[ServiceDocument, ServiceDocument]:
    """The airport as it is and as Manager Wu would have it: no train, art before security, a calm lane, other words."""
    old = service_of(name)
    data: dict[str, Any] = copy.deepcopy(as_data(old))
    stages = data["journeys"][0]["stages"]
    points = {point["id"]: point for stage in stages for point in stage["touchpoints"]}
    for stage in stages:
        stage["touchpoints"] = [point for point in stage["touchpoints"] if point["id"] not in {"airtrain", "art"}]
    security = next(stage for stage in stages if points["security"] in stage["touchpoints"])
    security["touchpoints"].insert(0, points["art"])
    calm = {"en": "Calm lane", "zh-Hant": "安靜通道", "zh-Hans": "安静通道"}
    security["touchpoints"].append({"id": "calm-lane", "title": calm, "emotion": {"planned": 2}})
    points["food"]["expects"] = {"en": "A seat and an honest price", "zh-Hant": "有位子、價格實在", "zh-Hans": "有座位"}
    points["security"]["emotion"]["planned"] = 0
    return old, of_data(data)


def test_every_touchpoint_of_both_versions_stands_once_in_the_order_of_the_newer() -> None:
    old, new = edited()
    (found,) = compare(old, new)
    fates = {pair.touchpoint.id: pair.fate for pair in found.pairs if pair.fate != "same"}
    assert fates == {
        "airtrain": "removed",
        "art": "moved",
        "security": "changed",
        "calm-lane": "added",
        "food": "changed",
    }
    names = [pair.touchpoint.id for pair in found.pairs]
    assert len(names) == len(set(names))
    assert [name for name in names if name != "airtrain"] == [point.id for point in new.touchpoints]
    assert names[names.index("airtrain") - 1] == "rental-cars"
    assert found.old_slots == {"shops": ("art",)}


def test_a_stage_that_is_gone_keeps_its_place_and_a_version_alone_is_all_new_or_all_gone() -> None:
    old = loads(CLINIC)
    data = copy.deepcopy(as_data(old))
    first, *rest = data["journeys"][0]["stages"]
    data["journeys"][0]["stages"] = rest
    (found,) = compare(old, of_data(data))
    assert [stage.id for stage in found.union.stages] == [first["id"], *(stage["id"] for stage in rest)]
    assert {pair.fate for pair in found.pairs[: len(first["touchpoints"])]} == {"removed"}
    data["journeys"] = []
    (gone,), (come,) = compare(old, of_data(data)), compare(of_data(data), old)
    assert ({pair.fate for pair in gone.pairs}, {pair.fate for pair in come.pairs}) == ({"removed"}, {"added"})


def test_the_picture_hatches_marks_and_threads_and_says_what_changed_in_words() -> None:
    old, new = edited()
    (found,) = compare(old, new)
    root = drawn(draw_comparison(found, old, lang="en", theme="light"))
    groups = [group.get("class") for group in root.iter(f"{SVG}g")]
    assert [groups.count(f"pk-{name}") for name in ("removed", "added", "moved", "curves")] == [1, 1, 1, 1]
    said = words(root)
    assert {"+ added: 1", "hatched, removed: 1", "▲ moved: 1", "changed: 2"} <= set(said)
    assert "A seat and an honest price" in said
    description = root.findtext(f"{SVG}desc") or ""
    assert "Removed: touchpoint “AirTrain”" in description


def test_the_older_curve_passes_where_a_moved_touchpoint_stood() -> None:
    old, new = edited()
    (found,) = compare(old, new)
    root = drawn(draw_comparison(found, old, lang="en", theme="light"))
    curves = next(group for group in root.iter(f"{SVG}g") if group.get("class") == "pk-curves")
    circles = [(float(c.get("cx", "")), c.get("r")) for c in curves.iter(f"{SVG}circle")]
    older, newer = ([x for x, radius in circles if radius == size] for size in ("2.75", "4"))
    assert (len(older), len(newer)) == (len(old.touchpoints), len(new.touchpoints))
    assert older == sorted(older)
    assert len([x for x in older if x not in newer]) == 2  # the train, and where art stood


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_words_of_the_comparison_lie_on_others_and_none_leaves_it(lang: Lang) -> None:
    old, new = edited()
    (found,) = compare(old, new)
    pen, cells = Pen(lang, "light"), cell_changes(found, old, lang)
    height = draw_on(JourneyMap(new, found.union, lang, {}, ""), pen, found, cells, cells)
    assert [(a.words, b.words) for a, b in combinations(pen.boxes, 2) if a.meets(b, 1.0)] == []
    assert [box.words for box in pen.boxes if box.x + box.w > WIDTH or box.y + box.h > height] == []


def test_two_texts_are_told_as_one_with_their_differences() -> None:
    assert list(pieces("A bus every seven minutes", "A bus every five minutes")) == [
        ("same", "A bus every "),
        ("old", "seven"),
        ("new", "five"),
        ("same", " minutes"),
    ]
    assert list(pieces("每七分鐘一班", "每五分鐘一班")) == [
        ("same", "每"),
        ("old", "七"),
        ("new", "五"),
        ("same", "分鐘一班"),
    ]
    assert list(pieces("", "new")) == [("new", "new")]


def test_the_command_line_writes_the_picture_beside_the_sentences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = edited()
    for name, service in (("old", old), ("new", new)):
        (tmp_path / f"{name}.yaml").write_text(dump(service), encoding="utf-8")
    out = tmp_path / "both.svg"
    paths = [str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")]
    assert cli.main(["service", "diff", *paths, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Added: touchpoint “Calm lane” in stage “Pass security”." in said
    assert said.rstrip().endswith("both.svg")
    assert "pk-removed" in out.read_text(encoding="utf-8")
    assert "var(" not in out.read_text(encoding="utf-8")
