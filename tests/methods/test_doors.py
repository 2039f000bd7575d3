"""One door for all methods: a frame, a table of Arrow, a file and Facts are the same to each; what is no use to one is
refused by name.
"""

from __future__ import annotations

import datetime as dt
from itertools import product
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from peakend import cli
from peakend.errors import MethodError, PeakendError
from peakend.facts import conform, open_facts
from peakend.instants import day_of
from peakend.methods import BY_ID
from peakend.methods.control import control
from peakend.methods.did import did
from peakend.methods.series import series
from peakend.result import Method
from tests.methods.facts_of import facts, said
from tests.methods.test_every_method import ON_FACTS, ON_TABLES, answers, differing, plain, run
from tests.methods.test_registry import showing

ON_EITHER: Final = ("control", "series", "did")
"""Methods that read a small table of their own, or make it from answers."""


@pytest.mark.parametrize("method", ON_FACTS)
def test_facts_and_files_are_to_a_method_what_a_frame_is(method: Method[Any], tmp_path: Path) -> None:
    table = answers(method.id)
    table.write_parquet(tmp_path / "facts.parquet")
    for source in (conform(table, BY_ID[method.id].reads), tmp_path / "facts.parquet"):  # type: ignore[arg-type]
        assert differing(run(method.id, source).as_dict(), plain(method.id)) == []


@pytest.mark.parametrize("method", ON_TABLES)
def test_a_file_is_to_a_method_what_its_table_is(method: Method[Any], tmp_path: Path) -> None:
    rows = showing(method.id).source()
    frame = pl.DataFrame(rows) if isinstance(rows, list) else rows
    frame.write_parquet(tmp_path / "table.parquet")
    assert differing(run(method.id, tmp_path / "table.parquet").as_dict(), run(method.id, rows).as_dict()) == []


BETTER: Final = ("B", "D", "F")


def monthly() -> pl.DataFrame:
    """Six sites are rated every month of a year; from July on every other one is better."""
    rows = []
    for month, site in product(range(1, 13), "ABCDEF"):
        values = [2 + (at + month) % 3 + (site in BETTER and month > 6) for at in range(12)]
        rows.append(said("desk", values, wave=f"2026-{month:02d}", day=day_of(dt.date(2026, month, 15)), site=site))
    table: pl.DataFrame = facts(*rows).frame.collect("polars").to_native()
    return table


ASKED: Final[dict[str, dict[str, Any]]] = {
    "control": {"where": {"site": "B"}},
    "series": {"where": {"site": "B"}, "at": "2026-07"},
    "did": {"treated": BETTER, "at": "2026-07"},
}


@pytest.mark.parametrize("id", ON_EITHER)
def test_methods_of_periods_take_answers_in_every_form(id: str, tmp_path: Path) -> None:
    table = monthly()
    table.write_parquet(tmp_path / "answers.parquet")
    table.write_csv(tmp_path / "answers.csv")
    expected = BY_ID[id].run(conform(table), **ASKED[id]).as_dict()
    assert expected[0]["value"] is not None
    for source in (
        table,
        table.lazy(),
        table.to_arrow(),
        table.to_pandas(),
        table.to_dicts(),
        tmp_path / "answers.parquet",
        tmp_path / "answers.csv",
    ):
        assert differing(BY_ID[id].run(source, **ASKED[id]).as_dict(), expected) == []


def test_a_chart_of_answers_is_the_chart_of_their_table() -> None:
    table = monthly().filter(pl.col("site") == "B")
    by_month = table.group_by("wave").agg(
        pl.col("value").mean(), (pl.col("value") >= 4).sum().alias("count"), pl.len().alias("size")
    )
    rows = [{**row, "period": row["wave"]} for row in by_month.to_dicts()]
    (mean,), (boxes,) = control(table), control(table, figure="top_box")
    (as_mean,) = control([{"period": row["period"], "value": row["value"]} for row in rows])
    (as_boxes,) = control(
        [{"period": row["period"], "count": row["count"], "size": row["size"]} for row in rows], kind="p"
    )
    assert (mean.chart_name, mean.kind, boxes.kind) == ("desk", "xmr", "p")
    assert [mean.value, mean.low, mean.high, mean.n] == pytest.approx(
        [as_mean.value, as_mean.low, as_mean.high, as_mean.n]
    )
    assert [boxes.value, boxes.low, boxes.high, boxes.n] == pytest.approx(
        [as_boxes.value, as_boxes.low, as_boxes.high, as_boxes.n]
    )


def test_a_chart_of_each_site_follows_one_construct() -> None:
    table = monthly()
    assert [chart.chart_name for chart in control(table, each="site")] == [*"ABCDEF"]
    two = pl.concat([table, table.with_columns(construct=pl.lit("signs"))])
    assert [chart.chart_name for chart in control(two, where={"site": "A"})] == ["desk", "signs"]
    with pytest.raises(MethodError) as caught:
        control(two, each="site")
    assert caught.value.id == "series.which"
    assert [chart.chart_name for chart in control(two, each="site", construct="signs")] == [*"ABCDEF"]


@pytest.mark.parametrize("id", [method.values[0].id for method in ON_TABLES if method.values[0].id not in ON_EITHER])  # type: ignore[union-attr]
def test_a_method_that_makes_nothing_of_answers_refuses_them_by_name(id: str) -> None:
    with pytest.raises(PeakendError) as caught:
        BY_ID[id].run(conform(monthly()), **showing(id).options)
    assert caught.value.id.startswith("table.")


def test_a_table_of_periods_is_no_answers_and_a_source_that_cannot_be_read_is_left_to_its_reader() -> None:
    rows = [{"period": "2026-01", "value": 1.0}]
    assert open_facts(rows) is rows
    assert open_facts(missing := Path("no-such-file.csv")) is missing
    assert open_facts(7) == 7


def test_manager_wu_charts_a_file_of_answers_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monthly().write_csv(tmp_path / "answers.csv")
    assert cli.main(["control", str(tmp_path / "answers.csv"), "--where", "site=B", "--figure", "top_box"]) == 0
    assert "12 periods" in capsys.readouterr().out
    assert cli.main(["series", str(tmp_path / "answers.csv"), "--where", "site=B", "--at", "2026-07"]) == 0
    assert did(tmp_path / "answers.csv", treated=BETTER, at="2026-07")[0].value == pytest.approx(1.0)
    assert series(tmp_path / "answers.csv", at="2026-07", where={"site": "A"})[0].n == 12
