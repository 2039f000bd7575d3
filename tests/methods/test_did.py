"""Difference in differences: published and computed numbers, one treated unit, few units, guards, words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend.cli import main
from peakend.errors import MethodError
from peakend.maths import regression as rg
from peakend.methods.did import did, panels
from peakend.methods.did.panels import Observation
from peakend.terms import LANGUAGES, wrong_script
from tests.methods.facts_of import facts, said
from tests.methods.stories import counters


def stores(seed: int, treated: int, others: int, *, periods: int = 2, effect: float = 0.0) -> list[Observation]:
    rng, found = np.random.default_rng(seed), []
    for at in range(treated + others):
        level = rng.normal(20, 5)
        for t in range(periods):
            after = t >= periods // 2
            value = level + rng.normal() + (effect if at < treated and after else 0)
            found.append(Observation(unit=f"store {at}", treated=at < treated, after=after, value=value, period=str(t)))
    return found


def test_the_standard_errors_are_those_of_regressions_written_out() -> None:
    seen = stores(1, 6, 9)
    change = panels.changes(seen)
    y = [*change.treated.values(), *change.others.values()]
    fit = rg.least_squares([[1.0, at < 6] for at in range(15)], y)
    errors = panels.change_errors(change)
    assert errors["change_hc1"] == pytest.approx(rg.newey_west(fit, 0, small=True)[1])
    assert errors["change_ols"] == pytest.approx(fit.classical_errors()[1])
    assert panels.compare_changes(change, 0.95).value == pytest.approx(panels.difference(panels.cells(seen)))


def test_clustering_by_unit_is_the_sandwich_by_hand() -> None:
    seen = stores(2, 4, 5, periods=4)
    x = np.array([[1.0, s.treated, s.after, s.treated and s.after] for s in seen])
    y = np.array([s.value for s in seen])
    bread = np.linalg.inv(x.T @ x)
    e = y - x @ (bread @ x.T @ y)
    meat = np.zeros((4, 4))
    for unit in {s.unit for s in seen}:
        rows = [at for at, s in enumerate(seen) if s.unit == unit]
        score = x[rows].T @ e[rows]
        meat += np.outer(score, score)
    expected = np.sqrt(np.diag(bread @ meat @ bread) * 9 / 8 * 35 / 32)[3]
    assert panels.cluster_error(seen) == pytest.approx(expected)


def test_one_treated_unit_is_judged_by_its_rank_and_has_no_interval() -> None:
    """Of 27 units the treated one moved fifth most: p = 5/27 = .185, as California among the states (organ donor
    registrations, 2010–2012).
    """
    rows = [
        {"unit": str(at), "period": str(t), "treated": int(at == 0), "value": float(t * move)}
        for at, move in enumerate([-22.0, 27, -30, 40, 28, *range(-10, 11), 1])
        for t in (0, 1)
    ]
    (row,) = did(rows, at="1")
    assert (row.p, row.ways, row.units_others) == (pytest.approx(5 / 27), 27, 26)
    assert (row.low, row.high, "one_treated_unit" in row.warnings) == (None, None, True)
    assert (row.cells["treated_before"]["sd"], row.errors["cells"]) == (None, None)  # one observation has no spread


def test_the_placebo_tries_every_way_and_its_p_can_be_counted_by_hand() -> None:
    found = panels.Changes(treated={"a": 5.0, "b": 6.0}, others={"c": 0.0, "d": 1.0, "e": 0.5}, left_out=())
    placebo = panels.placebo(found)
    assert (placebo.ways, placebo.p, placebo.smallest) == (10, pytest.approx(0.1), 0.1)


def test_the_wild_bootstrap_tries_every_sign_as_r_does() -> None:
    """R 4.2.2, sandwich 3.0-2: |t| of lm(y ~ d) with vcovCL(type = "HC1") for all 512 signs of the residuals from the
    mean: 44 as large.
    """
    y = [5.1, 2.3, 4.4, 0.9, 1.2, -0.7, 2.1, 0.4, 1.6]
    found = panels.Changes(
        treated=dict(zip("abcd", y, strict=False)), others=dict(zip("efghi", y[4:], strict=True)), left_out=()
    )
    assert panels.wild(found) == panels.Wild(p=44 / 512, ways=512, weights="rademacher", enumerated=True)
    rows = [
        {"unit": str(u), "period": str(t), "treated": int(u < 4), "value": 10.0 + u + t * change}
        for u, change in enumerate(y)
        for t in (0, 1)
    ]
    assert did(rows, at="1")[0].p_wild == 44 / 512


def test_fewer_than_eight_units_are_weighed_by_webb_and_one_treated_not_at_all() -> None:
    few = panels.Changes(treated={"a": 5.0, "b": 6.0}, others={"c": 0.0, "d": 1.0, "e": 0.5}, left_out=())
    found = panels.wild(few)
    assert found is not None
    assert (found.weights, found.ways, found.enumerated) == ("webb", 10_000, False)
    assert 0 < found.p < 0.2
    assert panels.wild(few) == found
    assert panels.wild(panels.Changes(treated={"a": 5.0}, others=few.others, left_out=())) is None
    many = panels.wild(panels.changes(stores(5, 8, 9)))
    assert many is not None
    assert (many.weights, many.ways, many.enumerated) == ("rademacher", 10_000, False)


def test_fourteen_counters_show_the_effect_that_was_put_in() -> None:
    (row,) = did(counters())
    assert (row.units_treated, row.units_others, row.n) == (6, 8, 14)
    assert (row.low or 0) < 5 < (row.high or 0)
    assert (row.p or 1) < 0.001
    assert row.p_trend is not None
    assert row.warnings == ("few_units_compared",)
    assert row.change_treated is not None
    assert row.value == pytest.approx(row.change_treated - (row.change_others or 0))


def test_units_that_had_been_moving_apart_warn() -> None:
    rows = [
        {
            "unit": f"{at}",
            "period": str(t),
            "treated": int(at < 6),
            "value": (1.0 if at < 6 else 0.0) * t + 0.01 * ((at * 7 + t * 3) % 5),
        }
        for at in range(14)
        for t in range(6)
    ]
    (row,) = did(rows, at="3")
    assert "trends_differ" in row.warnings
    assert row.trend == pytest.approx(1.0, abs=0.05)


def test_a_unit_seen_only_before_is_left_out_and_told() -> None:
    rows = [*counters(), {"unit": "closed", "period": "1", "treated": 0, "after": 0, "value": 0.0}]
    (row,), (whole,) = did(rows), did(counters())
    assert (row.value, row.missing, "unbalanced" in row.warnings) == (whole.value, 1, True)


@settings(max_examples=15)
@given(st.permutations(range(84)), st.floats(-50, 50))
def test_the_order_of_rows_and_the_level_of_units_change_nothing(order: list[int], lift: float) -> None:
    rows = counters()
    (row,), (same,) = did(rows), did([rows[at] | {"value": rows[at]["value"] + lift} for at in order])
    assert (same.value, same.low, same.high, same.p) == pytest.approx((row.value, row.low, row.high, row.p), abs=1e-6)


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([{"unit": "a", "period": "1", "treated": 1, "value": 1.0}], "did.at"),
        (
            [{"unit": u, "period": p, "treated": 1, "after": int(p), "value": 1.0} for u in "ab" for p in "01"],
            "did.sides",
        ),
        ([{"unit": "a", "period": p, "treated": int(p), "after": int(p), "value": 1.0} for p in "01"], "did.turned"),
    ],
)
def test_what_cannot_be_compared_is_refused(rows: list[dict[str, object]], error: str) -> None:
    with pytest.raises(MethodError) as refused:
        did(rows)
    assert refused.value.id == error


def test_two_units_are_too_few() -> None:
    (row,) = did(
        [{"unit": u, "period": p, "treated": int(u == "a"), "after": int(p), "value": 1.0} for u in "ab" for p in "01"]
    )
    assert row.refused is not None
    assert (row.refused.id, row.refused.fields) == ("did.too_few", {"treated": 1, "others": 1})


def test_answers_are_put_into_branches_and_waves() -> None:
    rows = [
        said("signs", [3, 4, 4, 5] if site in "AB" and wave == "2" else [3, 3, 4, 4], site=site, wave=wave)
        for site in "ABCDEF"
        for wave in ("1", "2")
    ]
    (row,) = did(facts(*rows), at="2", treated=("A", "B"))
    assert (row.construct, row.value, row.units_treated, row.units_others) == ("signs", pytest.approx(0.5), 2, 4)
    (share,) = did(facts(*rows), at="2", treated=("A", "B"), figure="top_box")
    assert share.value == pytest.approx(25)


def test_the_sentences_are_whole_in_three_languages() -> None:
    found = [did(counters()).text(lang) for lang in LANGUAGES]
    assert "more where it was changed (95% confidence interval" in found[0]
    assert "有改變的 6 個平均" in found[1]
    assert "有改变的 6 个平均" in found[2]
    assert all(wrong_script(text, lang) == set() for text, lang in zip(found, LANGUAGES, strict=True))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_read_on_the_command_line(lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, rows = tmp_path / "counters.csv", counters()
    file.write_text(
        "\n".join([",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]), encoding="utf-8"
    )
    assert main(["did", str(file), "--lang", lang]) == 0
    text = capsys.readouterr().out
    assert {"en": "the 6 changed units moved by", "zh-Hant": "有改變的 6 個平均", "zh-Hans": "有改变的 6 个平均"}[
        lang
    ] in text


def test_a_fall_is_said_as_less() -> None:
    units = [("a", 1, -2.0), ("b", 1, -2.0), ("c", 0, 0.0), ("d", 0, 0.0)]
    table = [
        {"unit": unit, "period": str(t), "treated": side, "value": 3.0 + t * rise, "after": t}
        for unit, side, rise in units
        for t in (0, 1)
    ]
    heads = {lang: did(table).text(lang).partition(" (" if lang == "en" else "（")[0] for lang in LANGUAGES}
    assert heads == {
        "en": "2.00 less where it was changed",
        "zh-Hant": "有改變的單位比其他單位少 2.00",
        "zh-Hans": "有改变的单位比其他单位少 2.00",
    }


def test_where_no_change_varies_there_is_no_p_and_the_sentence_says_so() -> None:
    units = [("a", 1, 2.0), ("b", 1, 2.0), ("c", 0, 0.0), ("d", 0, 0.0)]
    table = [
        {"unit": unit, "period": str(t), "treated": side, "value": 3.0 + t * rise, "after": t}
        for unit, side, rise in units
        for t in (0, 1)
    ]
    (row,) = did(table)
    assert (row.value, row.low, row.p, row.p_placebo, row.p_wild, "no_spread" in row.warnings) == (
        2.0,
        None,
        None,
        None,
        None,
        True,
    )
    assert (
        did(table)
        .text("en")
        .startswith(
            "2.00 more where it was changed (it could not be tested: nothing varies within either side): the 2 "
        )
    )
    assert (
        did(table).text("zh-Hant").startswith("有改變的單位比其他單位多 2.00（無法檢定：兩邊各自的數值都沒有差異）：")
    )


def test_the_units_that_were_changed_are_named_in_the_table_or_by_the_option_and_not_in_both() -> None:
    rows = counters()
    named = tuple(dict.fromkeys(row["unit"] for row in rows if row["treated"]))
    bare = [{name: value for name, value in row.items() if name != "treated"} for row in rows]
    assert did(bare, treated=named).as_dict() == did(rows).as_dict()
    refused = []
    for table, treated in ((rows, named), (bare, (*named, "zz")), (bare, ())):
        with pytest.raises(MethodError) as caught:
            did(table, treated=treated)
        refused.append(caught.value.id)
    assert refused == ["did.treated_twice", "option.unknown", "option.none_named"]
