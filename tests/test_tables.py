"""Small tables: wherever they come from, checked rows come out, and what is wrong is named with its row."""

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from peakend.errors import FormatError
from peakend.tables import Field, read_table

WANTED = (Field("initiative", "text"), Field("cost", "number"), Field("visits", "whole", 0))
ROWS = [{"initiative": "signs", "cost": 12.5, "visits": 3}, {"initiative": "hotline", "cost": 40.0, "visits": None}]
CLEAN = [{"initiative": "signs", "cost": 12.5, "visits": 3}, {"initiative": "hotline", "cost": 40.0, "visits": 0}]


def saved(folder: Path) -> Path:
    path = folder / "initiatives.csv"
    path.write_text("initiative,cost,visits\nsigns,12.5,3\nhotline,40,\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("made", [list, pd.DataFrame, pl.DataFrame, pa.Table.from_pylist])
def test_the_same_rows_come_out_of_every_kind_of_table(made: Any) -> None:
    assert read_table(made(ROWS), WANTED) == CLEAN


def test_a_file_is_read_as_a_table_is(tmp_path: Path) -> None:
    assert read_table(saved(tmp_path), WANTED) == CLEAN


@pytest.mark.parametrize(
    ("rows", "error", "fields"),
    [
        ([{"initiative": "signs"}], "table.column_missing", {"column": "cost", "found": "initiative"}),
        ([{"initiative": "signs", "cost": "dear"}], "table.not_number", {"row": 1, "column": "cost", "found": "dear"}),
        (
            [{"initiative": "signs", "cost": float("inf")}],
            "table.not_number",
            {"row": 1, "column": "cost", "found": float("inf")},
        ),
        ([{"initiative": None, "cost": 1}], "table.not_text", {"row": 1, "column": "initiative", "found": ""}),
        (
            [{"initiative": "signs", "cost": 1, "visits": 2.5}],
            "table.not_whole",
            {"row": 1, "column": "visits", "found": 2.5},
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_row_and_column(
    rows: list[dict[str, Any]], error: str, fields: dict[str, Any]
) -> None:
    with pytest.raises(FormatError) as caught:
        read_table(rows, WANTED)
    assert (caught.value.id, caught.value.fields) == (error, fields)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(FormatError, match=r"nowhere\.csv"):
        read_table("nowhere.csv", WANTED)
