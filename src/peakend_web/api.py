"""The API: for programs, each with a key of its own (`Authorization: Bearer …`).

A method's address replies with the same rows as `peakend METHOD … --json` and takes the filters of the pages in its query, and `by` for
groups. Whatever is refused is told as data: `{"error": id, "what": …, "do": …}`.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from peakend.methods import BY_ID
from peakend_web import facts as door
from peakend_web.refusals import Missing, reader_language
from peakend_web.routing import ByKey
from peakend_web.selection import selection
from peakend_web.shown import shelf


def method(request: HttpRequest, here: ByKey, method: str) -> HttpResponse:
    """The rows of a method over the answers that pass the filters, grouped by the columns named in `by`."""
    if method not in BY_ID:
        raise Missing("web.missing")
    query = request.GET.copy()
    by = tuple(name for text in query.pop("by", []) for name in str(text).split(",") if name)
    filters = selection(query).filters
    key = ("api", here.service.pk, door.freshness(here.service).version, method, by, _frozen(filters))
    rows = shelf.get(key, lambda: BY_ID[method].run(door.read(here.service, filters), by))
    return _json(rows.as_dict(reader_language()))


def _frozen(filters: door.Filters) -> tuple[Any, ...]:
    return (tuple(sorted(filters.columns.items())), filters.since, filters.until)


def _json(data: Any) -> HttpResponse:
    return HttpResponse(json.dumps(data, ensure_ascii=False, allow_nan=False), content_type="application/json")


def described(request: HttpRequest) -> HttpResponse:
    """What the API takes and gives, as OpenAPI 3.1."""
    del request
    return JsonResponse(SPECIFICATION)


def _operation(summary: str, more: dict[str, Any]) -> dict[str, Any]:
    refusals = {code: {"$ref": "#/components/responses/Refusal"} for code in ("401", "403", "404", "405", "422")}
    return {"summary": summary, "responses": {**more.pop("responses"), **refusals}, **more}


def _path(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


SPECIFICATION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Peakend", "version": "1"},
    "components": {
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "Refusal": {
                "type": "object",
                "required": ["error", "what", "do"],
                "properties": {"error": {"type": "string"}, "what": {"type": "string"}, "do": {"type": "string"}},
            },
            "Row": {
                "type": "object",
                "required": ["group", "value", "low", "high", "n", "missing", "version"],
                "properties": {
                    "group": {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
                    "value": {"type": ["number", "null"]},
                    "low": {"type": ["number", "null"]},
                    "high": {"type": ["number", "null"]},
                    "n": {"type": "integer"},
                    "missing": {"type": "integer"},
                    "version": {"type": "string"},
                },
            },
        },
        "responses": {"Refusal": {"description": "Refused", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}}},
    },
    "security": [{"key": []}],
    "paths": {
        "/api/v1/{workspace}/{service}/methods/{method}": {
            "parameters": [
                *_path("workspace", "service", "method"),
                {"name": "by", "in": "query", "description": "Group by these columns.", "schema": {"type": "string"}},
                {"name": "from", "in": "query", "schema": {"type": "string", "format": "date"}},
                {"name": "to", "in": "query", "schema": {"type": "string", "format": "date"}},
                {"name": "filters", "in": "query", "style": "form", "schema": {"type": "object", "additionalProperties": {"type": "string"}}},
            ],
            "get": _operation(
                "The rows of a method",
                {
                    "responses": {
                        "200": {
                            "description": "The rows",
                            "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}}},
                        }
                    }
                },
            ),
        },
    },
}
