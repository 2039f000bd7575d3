"""What things are called changes no result, over the whole register: new names that keep the order give the old result
under new names.

Sites, channels, segments, items, constructs, touchpoints and indicators take names that spreadsheets and databases are
known to spoil; waves and periods are spelled in every way that the one reader of periods knows. Whole results are
compared, with the names put back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

import polars as pl
import pytest

from peakend.facts.shape import OUTCOMES
from peakend.ids import plain_id
from peakend.methods import BY_ID, METHODS
from peakend.periods import listing_order
from peakend.result import Method
from tests.methods.test_every_method import answers, differing
from tests.methods.test_registry import showing

EVERY: Final = [pytest.param(method, id=method.id) for method in METHODS]
FAMILIES: Final = (
    *(("item", "construct", "touchpoint", "indicator"), ("site",), ("channel",), ("survey",)),
    *(
        ("initiative", "requires"),
        ("group",),
        ("concept",),
        ("criterion",),
        ("unit",),
        ("coder",),
        ("code",),
        ("provider",),
        ("plan",),
    ),
)
"""Columns of names; those of one family share theirs."""
TIMES: Final = ("wave", "period")
Name = Callable[[int], str]
Renamed = Mapping[str, str]

CALLED: Final[Mapping[str, Name]] = {
    "numbers of identity cards": lambda at: str(110101199003074512 + at),
    "numbers with zeros in front": lambda at: f"{at:05d}",
    "what a spreadsheet takes for powers of ten": lambda at: f"1E{at:03d}",
    "formulas, counters and words that mean nothing": lambda at: f"=NaN 第{100 + at}站",
}
KNOWN: Final = {*OUTCOMES, "ces"}
"""What methods know by its name."""


@cache
def table_of(id: str) -> pl.DataFrame:
    """What a method is shown on, as a frame."""
    if BY_ID[id].reads != "table":
        return answers(id)
    source = showing(id).source()
    frame = pl.DataFrame(source) if isinstance(source, list) else source
    return frame.with_columns(pl.col("period").cast(pl.String)) if "period" in frame.columns else frame


def result(id: str, table: pl.DataFrame, names: Renamed) -> list[dict[str, Any]]:
    """The rows of a method, of groups where there are several; its options name things too. Of a refusal the id alone:
    its words name them.
    """
    options = {
        name: names.get(value, value) if isinstance(value, str) else value
        for name, value in showing(id).options.items()
    }
    grouped = BY_ID[id].reads != "table" and table[showing(id).by].n_unique() > 1
    rows = BY_ID[id].run(table, **options, **({"by": showing(id).by} if grouped else {})).as_dict()
    return [{**row, "refused": row["refused"] and row["refused"]["error"]} for row in rows]


@cache
def before(id: str) -> list[dict[str, Any]]:
    return result(id, table_of(id), {})


def back(found: Any, names: Renamed) -> Any:
    """The same with the old names."""
    if isinstance(found, Mapping):
        return {back(name, names): back(value, names) for name, value in found.items()}
    if isinstance(found, list | tuple):
        return [back(value, names) for value in found]
    return " · ".join(names.get(part, part) for part in found.split(" · ")) if isinstance(found, str) else found


def renaming(listed: Iterable[str], call: Name) -> dict[str, str]:
    """New names in the order of the old; what methods know keeps its own, and its place among the others."""
    names: dict[str, str] = {}
    last = ""
    for at, name in enumerate(listed):
        names[name] = name if name in KNOWN else f"{last}{call(at)}"
        last = f"{name} " if name in KNOWN else last
    return names


def renamed(table: pl.DataFrame, columns: Iterable[str], call: Name) -> tuple[pl.DataFrame, dict[str, str]]:
    own = [name for name in columns if name in table.columns]
    listed = listing_order({value for name in own for value in table[name].drop_nulls().unique().to_list()})
    names = renaming(listed, call)
    return table.with_columns(pl.col(name).replace(names) for name in own), names


def parted(id: str, table: pl.DataFrame, names: Renamed) -> list[Any]:
    """Where the result under new names is not the old one."""
    old = {spelled: name for name, new in names.items() for spelled in (new, plain_id(new))}
    return differing(back(result(id, table, names), old), back(before(id), {}))


@pytest.mark.parametrize("kind", CALLED)
@pytest.mark.parametrize("method", EVERY)
def test_what_sites_items_touchpoints_and_options_are_called_changes_no_result(method: Method[Any], kind: str) -> None:
    table, names, by = table_of(method.id), {}, showing(method.id).by
    for family in (*FAMILIES, *(() if any(by in family for family in FAMILIES) else ((by,),))):
        table, own = renamed(table, family, lambda at: CALLED[kind](at + len(names)))  # noqa: B023
        names |= own
    assert parted(method.id, table, names) == []


# --- waves and periods ------------------------------------------------------------------------------------------------


def _month(at: int) -> tuple[int, int]:
    return 2025 + at // 12, at % 12 + 1


def _quarter(at: int) -> tuple[int, int]:
    return 2024 + at // 4, at % 4 + 1


def _day(at: int) -> dt.date:
    return dt.date(2026, 2, 20) + dt.timedelta(days=at)


def _week(at: int) -> tuple[int, int]:
    return tuple((dt.date(2025, 12, 1) + dt.timedelta(weeks=at)).isocalendar())[:2]  # type: ignore[return-value]


SPELLED: Final[Mapping[str, Name]] = {
    "2025-09": lambda at: "{}-{:02d}".format(*_month(at + 8)),
    "2025-9": lambda at: "{}-{}".format(*_month(at + 8)),
    "2025/9": lambda at: "{}/{}".format(*_month(at + 8)),
    "2025年9月": lambda at: "{}年{}月".format(*_month(at + 8)),
    "民國114年9月": lambda at: f"民國{_month(at + 8)[0] - 1911}年{_month(at + 8)[1]}月",
    "114/09": lambda at: f"{_month(at + 8)[0] - 1911}/{_month(at + 8)[1]:02d}",
    "Sep 2025": lambda at: dt.date(*_month(at + 8), 1).strftime("%b %Y"),
    "202509": lambda at: "{}{:02d}".format(*_month(at + 8)),
    "2025-9-1": lambda at: "{}-{}-1".format(*_month(at + 8)),
    "2024-Q3": lambda at: "{}-Q{}".format(*_quarter(at + 2)),
    "Q3 2024": lambda at: "Q{1} {0}".format(*_quarter(at + 2)),
    "2024年第3季": lambda at: "{}年第{}季".format(*_quarter(at + 2)),
    "2024年第3季度": lambda at: "{}年第{}季度".format(*_quarter(at + 2)),
    "民國113年第3季": lambda at: f"民國{_quarter(at + 2)[0] - 1911}年第{_quarter(at + 2)[1]}季",
    "2025-W49": lambda at: "{}-W{:02d}".format(*_week(at)),
    "2025年第49週": lambda at: "{}年第{}週".format(*_week(at)),
    "2025年第49周": lambda at: "{}年第{}周".format(*_week(at)),
    "2026-02-20": lambda at: _day(at).isoformat(),
    "2026/2/20": lambda at: "{0.year}/{0.month}/{0.day}".format(_day(at)),
    "2026年2月20日": lambda at: "{0.year}年{0.month}月{0.day}日".format(_day(at)),
    "115.2.20": lambda at: "{1}.{0.month}.{0.day}".format(_day(at), _day(at).year - 1911),
    "20 Feb 2026": lambda at: _day(at).strftime("%d %b %Y"),
    "1998": lambda at: str(1998 + at),
    "民國87年": lambda at: f"民國{87 + at}年",
    "8": lambda at: str(8 + at),
    "wave 8": lambda at: f"wave {8 + at}",
    "第8波": lambda at: f"第{8 + at}波",
    "Ｗａｖｅ　８": lambda at: f"Ｗａｖｅ　{''.join(chr(ord('０') + int(digit)) for digit in str(8 + at))}",
}
TIMED: Final = ("kano_drift", "ratchet", "control", "verify", "series", "did")
"""Those that are shown several waves or periods."""


@pytest.mark.parametrize("spelling", SPELLED)
@pytest.mark.parametrize("id", TIMED)
def test_how_waves_and_periods_are_spelled_changes_no_result(id: str, spelling: str) -> None:
    table, names = renamed(table_of(id), TIMES, SPELLED[spelling])
    assert len(names) > 1
    assert parted(id, table, names) == []
