"""The API of methods: what `peakend METHOD … --json` says of a service's answers, for programs.

It takes the filters of the pages in its query, and `by` for groups; where the workspace leads with survey weights, so
do the rows, which then say so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from peakend.facts import TableName
from peakend.methods import BY_ID
from peakend_web.base.guard import ByKey
from peakend_web.base.languages import reader_language
from peakend_web.base.openapi import Paths, operation, path_parameters, reference
from peakend_web.base.refusals import Missing, Refusal
from peakend_web.models import Service
from peakend_web.store import columns, door, least_sizes

from . import lead_figures
from .queries import result_cache
from .selection import selection_of


def method(request: HttpRequest, here: ByKey, method: str) -> HttpResponse:
    """The rows of a method over the answers that pass the filters, grouped by the columns named in `by`."""
    known = BY_ID.get(method)
    if known is None or known.reads == "table":
        raise Missing("web.missing")
    table: TableName = known.reads
    query = request.GET.copy()
    by = tuple(dict.fromkeys(name for text in query.pop("by", []) for name in str(text).split(",") if name))
    filters = selection_of(query).filters
    each = here.workspace.demo
    columns.require(here.service, (*filters.columns, *by), grains=(*columns.COARSE, *columns.FINE))
    if not each:
        _require_released(here.service, filters, (*by, *columns.ACROSS.get(method, ())))
    version = door.freshness(here.service).version if each else door.release(here.service, table).version
    key = ("api", here.service.pk, version, here.workspace.least_cell, method, by, _hashable(filters))
    rows = result_cache.get(
        key,
        lambda: least_sizes.withhold(
            known.run(door.read(here.service, filters, table, each=each), by), here.workspace.least_cell
        ),
    )
    return _json(lead_figures.as_data(rows, reader_language(), weighted=here.workspace.weighted))


def _require_released(service: Service, filters: door.Filters, by: Sequence[str]) -> None:
    """A program reads what is released: in months, and by one column of people at a time."""
    fine = next((name for name in by if name in columns.FINE), None)
    if fine:
        raise Refusal("web.too_fine", column=fine, found=", ".join(columns.COARSE))
    columns.require_one(service, {}, filters.columns, by=by)


def _hashable(filters: door.Filters) -> tuple[Any, ...]:
    return (tuple(sorted(filters.columns.items())), filters.since, filters.until)


def _json(data: Any) -> HttpResponse:
    return HttpResponse(json.dumps(data, ensure_ascii=False, allow_nan=False), content_type="application/json")


LEADING: Final = (
    "Where the workspace leads with survey weights, `value`, `low` and `high` are the figure with them, `leads` says "
    "whether (`weighted` or `unweighted`, where there is no such figure), and `unweighted` holds the other one."
)
ROWS: Final = {"application/json": {"schema": {"type": "array", "items": reference("Result")}}}
PATHS: Final[Paths] = {
    "/api/v1/{workspace}/{service}/methods/{method}": {
        "parameters": [
            *path_parameters("workspace", "service", "method"),
            {"name": "by", "in": "query", "description": "Group by these columns.", "schema": {"type": "string"}},
            {"name": "from", "in": "query", "schema": {"type": "string", "format": "date"}},
            {"name": "to", "in": "query", "schema": {"type": "string", "format": "date"}},
            {
                "name": "filters",
                "in": "query",
                "style": "form",
                "schema": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        ],
        "get": operation(
            "The rows of a method",
            {"description": LEADING, "responses": {"200": {"description": "The rows", "content": ROWS}}},
        ),
    },
}
