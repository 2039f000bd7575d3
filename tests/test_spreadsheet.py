"""CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from types import MappingProxyType

import pytest

from peakend import spreadsheet
from peakend.methods import nps
from peakend.methods.nps import METHOD
from peakend.result import Results

RUNS = [
    '=HYPERLINK("http://x","y")',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\u3000=1",
    "\n=1",
]


@pytest.mark.parametrize("text", RUNS)
def test_a_text_that_would_run_stays_a_text(text: str) -> None:
    (_, (cell,)) = csv.reader(io.StringIO(spreadsheet.as_csv(["site"], [[text]])))
    assert cell == f"'{text}".replace("\r", "\n")


@pytest.mark.parametrize("value", [-1.5, 3, 0.0, None, True, "east", "A-1", "2026-11", "a=b", "東院", ""])
def test_numbers_and_plain_texts_are_written_as_they_are(value: object) -> None:
    assert spreadsheet.inert(value) == value


def test_a_table_is_written_with_its_header_and_on_request_with_the_mark_of_utf_8() -> None:
    assert (
        spreadsheet.as_csv(["site", "value"], [["=東", -12.5], ['say "hi"', None]])
        == 'site,value\n\'=東,-12.5\n"say ""hi""",\n'
    )
    assert spreadsheet.as_csv(["=x"], [], mark=True) == "\ufeff'=x\n"


def test_a_site_that_is_called_like_a_formula_runs_in_no_table_of_results() -> None:
    row = replace(nps.from_counts(10, 5, 25), group=MappingProxyType({"site": "=cmd|' /C calc'!A0"}))
    first = Results(METHOD, (row,)).table().as_csv().splitlines()[1]
    assert first.startswith("'=cmd|' /C calc'!A0,-37.5,")
