"""The journey as walked: counts and times by hand, loss and return, a real help desk, merging, words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from peakend import cli
from peakend.errors import MethodError
from peakend.facts import conform
from peakend.methods import journey
from peakend.methods.journey.flow import flow, within
from peakend.reduce import follows
from tests.methods.events_of import DAY, MINUTE, SCHEMA, at, clinic, events


def walked(*ways: str, minutes: float = 10.0, **more: Any) -> list[dict[str, Any]]:
    """One visit a word, a step a letter, ten minutes apart."""
    return [
        {"visit": f"v{v}", "touchpoint": letter, "kind": "serve", "at_us": at(v, minutes * i), **more}
        for v, way in enumerate(ways)
        for i, letter in enumerate(way)
    ]


def steps_of(rows: Any, **options: Any) -> dict[str, journey.Journey]:
    return {row.step: row for row in journey.journey(events(rows), **options)}


def test_each_step_counts_who_reached_it_who_was_lost_and_who_came_back() -> None:
    of = steps_of(walked("abcd", "abcd", "abd", "ab", "abab", "aabcd"))
    whole, a, b = of["all_together"], of["a"], of["b"]
    assert (whole.n, whole.lost, whole.goal, whole.variants) == (6, 2, "d", 5)
    assert (a.n, a.starts, a.ends, a.lost, a.repeats) == (6, 6, 0, 0, 1)
    assert (b.n, b.ends, b.lost) == (6, 2, 2)
    assert a.returned == pytest.approx(100 / 6)
    assert (b.value, b.low, b.high) == pytest.approx(
        (100 / 3, 9.677141, 70.000671), abs=1e-4
    )  # Wilson 1927, as binom 1.1-1.1 has it
    assert [(on["step"], on["count"], on["share"], on["mean"]) for on in b.next] == [
        ("c", 3, 60.0, 10.0), ("a", 1, 20.0, 10.0), ("d", 1, 20.0, 10.0),
    ]  # fmt: skip
    assert sum(row.lost for step, row in of.items() if step != "all_together") == whole.lost
    assert [(way["steps"], way["count"]) for way in whole.ways[:1]] == [(("a", "b", "c", "d"), 2)]
    assert list(of) == ["all_together", "a", "b", "c", "d"]


def test_the_goal_is_the_commonest_end_unless_another_is_named() -> None:
    rows = walked("ab", "ab", "abc")
    assert [steps_of(rows, goal=goal)["all_together"].lost for goal in (None, "c", "b")] == [0, 2, 0]
    with pytest.raises(MethodError) as refused:
        steps_of(rows, goal="z")
    assert (refused.value.id, refused.value.fields["known"]) == ("journey.goal", "a, b, c")


def test_a_quantile_of_the_time_lies_within_its_power_of_two() -> None:
    rng = np.random.default_rng(0)
    waits = rng.exponential(20, 301)
    rows = [
        {"visit": f"v{i}", "touchpoint": t, "kind": "serve", "at_us": at(0, m)}
        for i, w in enumerate(waits)
        for t, m in (("a", 0.0), ("b", w))
    ]
    (on,) = steps_of(rows)["a"].next
    assert on["mean"] == pytest.approx(float(waits.mean()), rel=1e-6)
    for name, share in (("p50", 0.5), ("p80", 0.8)):
        low, high = on[name]
        assert low <= float(np.quantile(waits, share, method="inverted_cdf")) < high
        assert high == pytest.approx(2 * low)
    assert within((0,) * 64, 0.5) == (0.0, 0.0)


def test_waiting_is_told_from_service() -> None:
    of = steps_of(clinic())
    waits = [row["until_us"] - row["at_us"] for row in clinic() if row["kind"] == "wait"]
    assert of["wait"].waiting == pytest.approx(float(np.mean(waits)) / MINUTE)
    assert (of["wait"].serving, of["consult"].waiting) == (None, None)
    assert 2 < (of["consult"].serving or 0) < 7


def test_a_complaint_has_its_response_time_by_the_same_code() -> None:
    kinds = (("open", 0), ("assign", 30), ("answer", 120), ("close", 200))
    rows = [
        {"visit": f"case{i}", "kind": kind, "at_us": at(i, m * (i + 1))}
        for i in range(4)
        for kind, m in kinds
        if not (i == 3 and m > 30)
    ]
    of = steps_of(rows, activity="kind", only=("open", "answer"))
    assert [(on["step"], on["count"], on["mean"]) for on in of["open"].next] == [("answer", 3, 240.0)]
    assert (of["open"].n, of["open"].lost, of["all_together"].goal) == (4, 1, "answer")


def test_days_apart_add_up_to_days_together_and_neither_order_nor_engine_changes_anything() -> None:
    rows = clinic() + [
        row | {"visit": f"{row['visit']}-", "at_us": row["at_us"] + DAY, "until_us": row["until_us"] + DAY}
        for row in clinic(seed=6)
    ]
    facts = events(rows)
    by_day = list(follows(facts, ("day",)).values())
    assert flow(by_day[0] + by_day[1]) == flow(follows(facts)[()])
    frame = pl.DataFrame([rows[i] for i in np.random.default_rng(0).permutation(len(rows)).tolist()], schema=SCHEMA)
    one = journey.journey(facts).as_dict()
    assert (
        one
        == journey.journey(conform(frame, "events")).as_dict()
        == journey.journey(conform(frame.to_arrow(), "events")).as_dict()
    )


def test_other_names_for_the_steps_change_no_figure() -> None:
    one, two = steps_of(walked("abc", "ab", "abbc")), steps_of(walked("xyz", "xy", "xyyz"))
    for step, renamed in zip("abc", "xyz", strict=True):
        assert (one[step].value, one[step].n, one[step].repeats) == (
            two[renamed].value,
            two[renamed].n,
            two[renamed].repeats,
        )


def test_events_without_a_step_are_a_reason() -> None:
    with pytest.raises(MethodError) as refused:
        journey.journey(events([{"visit": "a", "kind": "serve", "at_us": at(0)}]))
    assert refused.value.id == "journey.none"


def test_the_picture_is_one_map_of_the_flow() -> None:
    spec = journey.journey(events(clinic())).chart("zh-Hant").spec
    assert [bar["name"] for bar in spec["data"]["values"]][1:2] == ["wait"]
    arcs = {point["way"] for point in spec["layer"][0]["data"]["values"]}
    assert arcs == {"register>wait", "wait>consult", "wait>register", "consult>pay"}


def test_the_sentences_are_whole_in_three_languages() -> None:
    rows = journey.journey(events(walked("abc", "abc", "abc", "ab")))
    assert rows.text("en").splitlines()[:3] == [
        "25.0% of 4 visits end before c (95% confidence interval 4.6 to 69.9); there are 2 different paths.",
        (
            "A: 0.0% of 4 visits are lost here (95% confidence interval 0.0 to 49.0), 0.0% come back to it; then "
            "100% go to b, 10.0 minutes later on average."
        ),
        (
            "B: 25.0% of 4 visits are lost here (95% confidence interval 4.6 to 69.9), 0.0% come back to it; "
            "of the 3 times that visits go on, 100% go to c, 10.0 minutes later on average."
        ),
    ]
    assert (
        rows.text("zh-Hant").splitlines()[0]
        == "4 次體驗中有 25.0% 在到達「c」之前就結束（95% 信賴區間 4.6 至 69.9）；共有 2 種路徑。"
    )
    assert (
        rows.text("zh-Hans").splitlines()[0]
        == "4 次体验中有 25.0% 在到达“c”之前就结束（95% 置信区间 4.6 至 69.9）；共有 2 种路径。"
    )


def test_where_every_visit_reaches_the_goal_no_loss_is_told_for_the_data_could_show_none() -> None:
    """Travellers are asked at the gate: who turned round at security is not among them."""
    rows = journey.journey(events(walked("abg", "abg", "ag", "abg")))
    assert [row.warnings[-1] for row in rows] == ["all_reach_goal"] * 4
    assert [rows.sentence(row) for row in rows] == [
        (
            "All 4 visits in these data reach g: if people are asked or seen only there, nobody who is lost on the way "
            "is among them; "
            "there are 2 different paths."
        ),
        "A: 4 visits reach it; then 75% go to b, 10.0 minutes later on average.",
        "B: 3 visits reach it; then 100% go to g, 10.0 minutes later on average.",
        "G: 4 visits reach it.",
    ]
    assert [rows.sentence(rows[0], lang) for lang in ("zh-Hant", "zh-Hans")] == [
        "資料中的 4 次體驗全部到達「g」；若只在該處詢問或記錄，中途離開的人不會在資料裡；共有 2 種路徑。",
        "数据中的 4 次体验全部到达“g”；如果只在该处询问或记录，中途离开的人不会在数据里；共有 2 种路径。",
    ]
    lost = journey.journey(events(walked("abg", "ab")), goal="g")
    assert "all_reach_goal" not in lost[0].warnings


def test_mrs_lin_sees_where_her_patients_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = tmp_path / "events.parquet"
    pl.DataFrame(clinic(), schema=SCHEMA).write_parquet(facts)
    assert cli.main(["journey", str(facts)]) == 0
    assert "visits end before pay" in capsys.readouterr().out
    assert cli.main(["journey", str(facts), "--lang", "zh-Hant", "--by", "site"]) == 0
    assert "折返" in capsys.readouterr().out
    assert cli.main(["journey", str(facts), "--lang", "zh-Hans", "--json", "--goal", "consult"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["goal"] == "consult"
    assert cli.main(["journey", str(facts), "--chart", str(tmp_path / "map.png")]) == 0


def test_a_visit_that_reached_the_goal_at_an_unknown_time_is_not_lost() -> None:
    """Twenty of Mrs Lin's forty patients leave by the door while its clock is out; one leaves from the desk."""
    rows = walked(*["dpx"] * 40, "d")
    exits = [row for row in rows if row["touchpoint"] == "x"]
    for row in exits[:20]:
        row["at_us"] = None
    found = journey.journey(events(rows), goal="x")
    assert [(row.step, row.n, row.lost) for row in found] == [
        ("all_together", 41, 1),
        ("d", 41, 1),
        ("p", 40, 0),
        ("x", 20, 0),
    ]
    assert (found[0].untimed, found[0].unseen) == (20, 20)
    assert found[0].value == pytest.approx(100 / 41)
    assert (
        "20 events have no time and are left out; 20 visits reach x without a time and are not lost."
        in found.sentences("en")
    )


def test_waits_without_an_end_are_left_out_of_the_minutes_of_a_step_and_said() -> None:
    rows = [
        {
            "visit": f"v{i}",
            "touchpoint": "desk",
            "kind": "wait",
            "at_us": at(0, i),
            "until_us": None if i == 2 else at(0, i + 4),
        }
        for i in range(3)
    ]
    found = journey.journey(events(rows))
    (desk,) = (row for row in found if row.step == "desk")
    assert (desk.waiting, desk.unended, desk.n) == (pytest.approx(4), 1, 3)
    assert "1 of its waits and services have no end and are not in its minutes" in found.text()
    assert [row.unended for row in journey.journey(events([{**row, "until_us": None} for row in rows]))] == [0, 0]


def test_one_visit_alone_is_told_in_the_singular() -> None:
    rows = journey.journey(events(walked("ag")))
    assert [rows.sentence(row) for row in rows][:2] == [
        (
            "The one visit in these data reaches g: if people are asked or seen only there, nobody who is lost on the "
            "way is among them; "
            "there is one path."
        ),
        "A: 1 visit reaches it; then 100% go to g, 10.0 minutes later on average.",
    ]
