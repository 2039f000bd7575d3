"""The API of methods: what `peakend METHOD … --json` says of a service's answers, for programs.

It takes the filters of the pages in its query, and `by` for groups; where the workspace leads with survey weights, so
do the rows, which then say so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from peakend.methods import BY_ID
from peakend_web.base.guard import ByKey
from peakend_web.base.languages import reader_language
from peakend_web.base.openapi import Paths, operation, path_parameters, reference
from peakend_web.base.refusals import Missing, Refusal
from peakend_web.findings.inquiry import lead_figures
from peakend_web.findings.inquiry.figures import Figures
from peakend_web.findings.inquiry.selection import selection_of
from peakend_web.store import columns


def method(request: HttpRequest, here: ByKey, method: str) -> HttpResponse:
    """The rows of a method over the answers that pass the filters, grouped by the columns named in `by`."""
    if method not in BY_ID:
        raise Missing("web.missing")
    query = request.GET.copy()
    by = tuple(dict.fromkeys(name for text in query.pop("by", []) for name in str(text).split(",") if name))
    figures = Figures(here, selection_of(query), reader_language())
    columns.require(here.service, (*figures.selection.filters.columns, *by), grains=(*columns.COARSE, *columns.FINE))
    if not figures.sees_each:
        _require_coarse(by)
    return _json(lead_figures.as_data(figures.results(method, by), figures.lang, weighted=figures.leads_with_weights))


def _require_coarse(by: Sequence[str]) -> None:
    """Of what is released a program reads no finer than by month."""
    fine = next((name for name in by if name in columns.FINE), None)
    if fine:
        raise Refusal("web.too_fine", column=fine, found=", ".join(columns.COARSE))


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
