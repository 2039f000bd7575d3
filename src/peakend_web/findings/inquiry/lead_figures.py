"""Which of two figures leads where answers carry survey weights: the one with them, where the workspace decided so and
enough equal answers would weigh as much (`weights.LEAST_EFFECTIVE`); else the one without. Pages, the map, files of
data and the API ask here; the other stands beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, TypeVar

from peakend import weights
from peakend.result import Method, Result, Results, Table, value_as_data
from peakend.terms import Lang, label

R = TypeVar("R", bound=Result)
WEIGHTED_MARK: Final = "weighted_headline"
"""The mark of a row whose figure is the weighted one, and whose twin is the other."""
ENDS: Final = ("value", "low", "high")
BESIDE: Final = ("leads", *(f"unweighted_{name}" for name in ENDS))
"""The columns of a table that say which figure leads, and the one without weights."""


def twin(method: Method[Any], row: Any) -> Mapping[str, float | None] | None:
    """The figure with survey weights, where it may be told."""
    found = getattr(row, method.twin) if method.twin else None
    return found if row.value is not None and weights.figure(found, row.n) is not None else None


def tells_both(results: Results[Any]) -> bool:
    """Whether there are two figures to tell apart: those of answers without survey weights are written the same."""
    written = results.method.written
    return any(weights.beside(twin(results.method, row), (row.value, row.n), written, "en") for row in results)


def leading_row(method: Method[R], row: R, *, weighted: bool) -> R:
    """The row as it is led with: with survey weights where that is wanted and it has such a figure."""
    own = twin(method, row) if weighted else None
    if own is None:
        return row
    other = MappingProxyType({**own, **{name: getattr(row, name) for name in ENDS}})
    fields = {method.twin: other, "warnings": (*row.warnings, WEIGHTED_MARK), **{name: own.get(name) for name in ENDS}}
    return replace(row, **fields)  # type: ignore[arg-type]


def as_data(results: Results[Any], lang: Lang, *, weighted: bool) -> list[dict[str, Any]]:
    """The rows for a program. Where weights lead, each says which figure its value is (`leads`), and holds the one
    without them (`unweighted`).
    """
    rows = results.as_dict(lang)
    if not weighted:
        return rows
    return [_row_as_data(data, twin(results.method, row)) for row, data in zip(results, rows, strict=True)]


def _row_as_data(data: dict[str, Any], own: Mapping[str, float | None] | None) -> dict[str, Any]:
    if own is None:
        return {**data, "leads": "unweighted"}
    values = {name: value_as_data(own.get(name), "en") for name in ENDS}
    return {**data, **values, "leads": "weighted", "unweighted": {name: data[name] for name in ENDS}}


def as_page_table(results: Results[Any], lang: Lang, *, weighted: bool) -> Table:
    """The rows as a table for eyes: it leads with the figures that the sentences lead with. The others stand beside,
    and the heads say which is which; where rows differ in it, each says whether its figure has weights.
    """
    table = results.table(lang)
    if not (weighted and tells_both(results)):
        return table
    twins = [twin(results.method, row) for row in results]
    mixed = not all(twins)
    heads = {**({} if mixed else {"value": "weighted_value"}), "weighted_value": "unweighted_value"}
    names = [name for name in table.columns if name != "weighted_value"]
    at = names.index("high") + 1
    names = [*names[:at], "weighted_value", *(["has_weights"] if mixed else []), *names[at:]]
    labels = dict(zip(table.columns, table.labels, strict=True))
    return Table(
        tuple(names),
        tuple(label(heads[name], lang) if name in heads else labels.get(name, label(name, lang)) for name in names),
        tuple(_led(table, row, own, names) for row, own in zip(table.rows, twins, strict=True)),
    )


def _led(
    table: Table, row: tuple[Any, ...], own: Mapping[str, float | None] | None, names: list[str]
) -> tuple[Any, ...]:
    """The cells of a row by its columns' names; the figure that does not lead stands in the place of the weighted."""
    cells = {**dict(zip(table.columns, row, strict=True)), "has_weights": own is not None}
    cells["weighted_value"] = cells["value"] if own else None
    led = {name: own.get(name) for name in ENDS} if own else {}
    return tuple({**cells, **led}[name] for name in names)


def as_table(results: Results[Any], lang: Lang, *, weighted: bool) -> Table:
    """The rows as a table for a file: its figures are those of `as_data`, and so is what stands beside them."""
    table = results.table(lang)
    if not weighted:
        return table
    rows = zip(table.rows, as_data(results, lang, weighted=True), strict=True)
    return Table(
        (*table.columns, *BESIDE),
        (*table.labels, *BESIDE),
        tuple(_row_of_table(table, row, data) for row, data in rows),
    )


def _row_of_table(table: Table, row: tuple[Any, ...], data: Mapping[str, Any]) -> tuple[Any, ...]:
    cells = (data[name] if name in ENDS else cell for name, cell in zip(table.columns, row, strict=True))
    other = data.get("unweighted", {})
    return (*cells, data["leads"], *(other.get(name) for name in ENDS))
