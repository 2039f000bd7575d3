"""Results in an analyst's hands: written short, shown with their warnings, pickled, copied, and made a frame."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from peakend.errors import FactsError
from peakend.facts import conform
from peakend.methods import METHODS
from peakend.methods.csat import from_counts as csat_from_counts
from peakend.methods.kano import from_counts as kano_from_counts
from peakend.methods.nps import change, nps
from peakend.methods.nps import from_counts as nps_from_counts
from peakend.result import Results
from peakend.terms import LANGUAGES

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def scores() -> Results[Any]:
    """Forty answers in Taipei, three in Tainan, two of which Mr Wu did not mean to give."""
    rows = [
        {
            "response": f"p{i}",
            "value": float(i % 11),
            "low": 0.0,
            "high": 10.0,
            "site": "Taipei" if i < 40 else "Tainan",
        }
        for i in range(43)
    ]
    return nps(conform(rows), by="site")


def test_results_and_their_rows_are_written_short() -> None:
    found = scores()
    assert repr(found[1]).startswith("NPS(site='Taipei', value=-55.0, low=-73.6")
    assert repr(found[1]).endswith(", n=40)")
    assert repr(found).startswith("Results(nps/1; 2 rows; NPS(site='Tainan', ")
    assert repr(found).endswith("; …; warnings low_base)")
    assert max(len(repr(found)), len(repr(found[0])), len(repr(found.method))) < 300


def test_warnings_stand_in_the_text_and_in_a_notebook() -> None:
    found = scores()
    for lang, mark in zip(LANGUAGES, ("⚠ Few answers (1)", "⚠ ", "⚠ "), strict=True):
        assert [line for line in found.text(lang).splitlines() if line.startswith("⚠")] == found.notes(lang) != []
        assert found.notes(lang)[0].startswith(mark[:2])
    assert len(found.sentences().splitlines()) == 2
    shown = found._repr_mimebundle_()
    assert "⚠" in str(shown["text/plain"])
    assert "<svg" in str(shown["text/html"])
    assert "⚠" in str(shown["text/html"])


def test_a_picture_is_shown_by_whatever_draws_svg_or_html() -> None:
    shown = scores().chart()._repr_mimebundle_()
    assert set(shown) == {"application/vnd.vegalite.v6+json", "text/html", "image/svg+xml", "text/plain"}
    assert str(shown["image/svg+xml"]).startswith("<svg")


def test_a_row_from_counts_has_a_text_a_table_and_a_picture() -> None:
    one = nps_from_counts(60, 25, 15)
    assert one.text().startswith("Net promoter score 45.0 (95% confidence interval ")
    assert one.table().rows[0][:1] == (45.0,)
    assert one.chart().alt in one.text()
    assert set(one._repr_mimebundle_()) == {"text/html", "text/plain"}
    rated = csat_from_counts({1: 2, 2: 3, 3: 10, 4: 20, 5: 15})
    assert (rated.text("zh-Hant") != "", rated.table().columns[0]) == (True, rated.results.table().columns[0])
    feature = kano_from_counts({"A": 30, "O": 10, "M": 5, "I": 15, "R": 0, "Q": 0})
    assert (feature.evaluation_table, feature.table().rows != ()) == ("standard", True)
    moved = change(nps_from_counts(50, 30, 20), one)
    assert moved.table().columns == ("before", "after", "value", "low", "high", "p", "n_before", "n_after")
    assert moved.chart().alt == moved.text()


@pytest.mark.parametrize(
    "again",
    [lambda one: pickle.loads(pickle.dumps(one)), copy.deepcopy],  # noqa: S301 — our own bytes
    ids=["pickled", "copied"],
)
def test_results_survive_being_pickled_and_copied(again: Any) -> None:
    found = scores()
    for one in (
        found,
        found[0],
        found.table(),
        change(found[0], found[1]),
        kano_from_counts({"A": 3, "O": 1, "M": 5, "I": 1, "R": 0, "Q": 0}),
    ):
        assert repr(again(one)) == repr(one)
    assert again(found).as_dict() == found.as_dict()
    assert again(found).method is found.method
    assert [again(method) for method in METHODS] == list(METHODS)
    refused = again(FactsError("facts.cell", column="value", row=2, found="x"))
    assert (refused.id, refused.message()) == (
        "facts.cell",
        "Row 2 of column “value” holds “x”, which is not a number.",
    )


def test_results_become_frames() -> None:
    found = scores()
    names = ["site", "value", "low", "high", "promoters", "passives", "detractors"]
    for frame in (found.to_frame(), pl.DataFrame(found.table()), pa.table(found)):
        columns = list(frame.columns) if not isinstance(frame, pa.Table) else frame.column_names
        assert columns[: len(names)] == names
        assert len(frame) == 2
    assert found.to_frame()["site"].tolist() == ["Tainan", "Taipei"]
    assert pd.api.types.is_float_dtype(found.to_frame()["value"])


def test_a_table_writes_itself_as_a_grid_and_as_html() -> None:
    table = nps_from_counts(60, 25, 15).table()
    heads, line, cells = str(table).splitlines()
    assert (heads.split()[:1], set(line) - {"─", " "}, cells.split()[0]) == (["value"], set(), "45")
    assert repr(table) == str(table)
    assert table._repr_html_().startswith('<table><thead><tr><th style="text-align:right">')
