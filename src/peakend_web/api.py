"""The API: for programs, each with a key of its own (`Authorization: Bearer …`).

A method's address replies with the same rows as `peakend METHOD … --json` and takes the filters of the pages in its query, and `by` for
groups. Whatever is refused is told as data: `{"error": id, "what": …, "do": …}`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

import msgspec
import pyarrow as pa
from django.http import HttpRequest, HttpResponse, JsonResponse

from peakend.facts import TABLES, Kind, TableName, conform
from peakend.facts.shape import INSTANTS
from peakend.methods import BY_ID
from peakend_web import columns, copy, least
from peakend_web import facts as door
from peakend_web.actions.imports import keep_batch
from peakend_web.intake import HIGHEST, REVISION, check_names, with_times
from peakend_web.ledger import Counts
from peakend_web.models import Service
from peakend_web.numbers import whole
from peakend_web.refusals import Malformed, Missing, Refusal, TooMuch, reader_language
from peakend_web.routing import ByKey
from peakend_web.selection import selection
from peakend_web.shown import shelf
from peakend_web.zones import zones_of

LARGEST: Final = 8 * 1024 * 1024
LONGEST_KEY: Final = 200
MOST_COLUMNS: Final = 200
TAKEN: Final[dict[Kind, tuple[Any, pa.DataType]]] = {"text": (str, pa.string()), "number": (int | float, pa.float64()), "whole": (int, pa.int64())}
_DECODER: Final = msgspec.json.Decoder(dict[str, str | float | int | bool | None])


def method(request: HttpRequest, here: ByKey, method: str) -> HttpResponse:
    """The rows of a method over the answers that pass the filters, grouped by the columns named in `by`."""
    known = BY_ID.get(method)
    if known is None or known.reads == "table":
        raise Missing("web.missing")
    table: TableName = known.reads
    query = request.GET.copy()
    by = tuple(dict.fromkeys(name for text in query.pop("by", []) for name in str(text).split(",") if name))
    filters = selection(query).filters
    each = here.workspace.demo
    columns.require(here.service, (*filters.columns, *by), grains=(*columns.COARSE, *columns.FINE))
    if not each:
        _require_released(here.service, filters, (*by, *columns.ACROSS.get(method, ())))
    version = door.freshness(here.service).version if each else door.release(here.service, table).version
    key = ("api", here.service.pk, version, here.workspace.least_cell, method, by, _frozen(filters))
    rows = shelf.get(key, lambda: least.applied(known.run(door.read(here.service, filters, table, each=each), by), here.workspace.least_cell))
    return _json(rows.as_dict(reader_language()))


def _require_released(service: Service, filters: door.Filters, by: Sequence[str]) -> None:
    """A program reads what is released: in months, and by one column of people at a time."""
    fine = next((name for name in by if name in columns.FINE), None)
    if fine:
        raise Refusal("web.too_fine", column=fine, found=", ".join(columns.COARSE))
    columns.require_one(service, {}, filters.columns, by=by)


def answers(request: HttpRequest, here: ByKey) -> HttpResponse:
    """Keep answers, one JSON object a line, exactly once; replies when they are on disk."""
    return _keep(request, here, "answers")


def events(request: HttpRequest, here: ByKey) -> HttpResponse:
    """Keep events, one JSON object a line, exactly once; replies when they are on disk."""
    return _keep(request, here, "events")


def _keep(request: HttpRequest, here: ByKey, table: TableName) -> HttpResponse:
    body = _body(request)
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY:
        raise TooMuch("api.key_long", most=LONGEST_KEY)
    facts = conform(_table(body, table, here.service), table)
    kept = keep_batch(key=here.key, service=here.service, facts=facts, delivery_key=key, fingerprint=sha256(body).hexdigest())
    return HttpResponse(kept.reply, content_type="application/json", headers={"Idempotent-Replay": "true"} if kept.repeated else {})


def _body(request: HttpRequest) -> bytes:
    """The whole body; refused where it is too large, or ends before its announced length."""
    announced = whole(str(request.META.get("CONTENT_LENGTH") or ""))
    if announced > LARGEST:
        raise TooMuch("api.body_large", most=LARGEST)
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise TooMuch("api.body_large", most=LARGEST)
    if len(body) < announced:
        raise Malformed("api.body_cut", found=len(body), announced=announced)
    return body


def _table(body: bytes, table: TableName, service: Service) -> pa.Table:
    """The lines as a table; every column holds texts, or numbers."""
    rows = [_row(line, number) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
    if not rows:
        raise Refusal("api.no_rows")
    kinds: dict[str, Kind] = {column.name: column.kind for column in TABLES[table]} | {REVISION: "whole"}
    lines: dict[str, int] = {}
    for number, row in rows:
        for name in row:
            lines.setdefault(name, number)
    if len(lines) > MOST_COLUMNS:
        raise Refusal("api.columns_many", found=len(lines), most=MOST_COLUMNS)
    check_names(table, lines, copy.own_columns(service.workspace_id))
    zones = zones_of(service.workspace)
    timed = [(number, with_times(row, number, zones)) for number, row in rows]
    names = dict.fromkeys(name for _, row in timed for name in row)
    return pa.table({name: _column(timed, name, kinds.get(name, "text")) for name in names})


def _row(line: bytes, number: int) -> tuple[int, dict[str, Any]]:
    try:
        return number, _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed("api.line_broken", line=number, reason=str(error)) from None


def _column(rows: Sequence[tuple[int, dict[str, Any]]], name: str, kind: Kind) -> pa.Array:
    taken, arrow = TAKEN[kind]
    for number, row in rows:
        value = row.get(name)
        if value is not None and (not isinstance(value, taken) or isinstance(value, bool)):
            raise Refusal("api.value_kind", line=number, column=name, found=json.dumps(value, ensure_ascii=False)[:60], wanted=kind)
        if isinstance(value, str) and "\0" in value:
            raise Refusal("api.null_character", line=number, column=name)
    try:
        return pa.array([row.get(name) for _, row in rows], type=arrow)
    except (OverflowError, pa.ArrowInvalid):
        raise Refusal("api.number_large", column=name) from None


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


def _posted(table: TableName) -> dict[str, Any]:
    """The operation that takes rows of a fact table."""
    properties: dict[str, dict[str, Any]] = {column.name: {"type": [_JSON[column.kind], "null"]} for column in TABLES[table]}
    row = {"type": "object", "properties": properties, "additionalProperties": {"type": ["string", "null"]}}
    properties |= {name: {"type": ["string", "null"], "format": "date-time"} for name, number in INSTANTS.items() if number in properties}
    properties[REVISION] = {"type": ["integer", "null"], "minimum": 0, "maximum": HIGHEST, "default": 0}
    return {
        "parameters": [
            *_path("workspace", "service"),
            {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": LONGEST_KEY}},
        ],
        "post": _operation(
            f"Keep {table}, one JSON object a line",
            {
                "description": KEEPING,
                "requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": row}}},
                "responses": {
                    "200": {"description": "On disk", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Kept"}}}},
                    **{code: {"$ref": "#/components/responses/Refusal"} for code in ("400", "409", "413", "503")},
                },
            },
        ),
    }


KEEPING: Final = (
    "Times are whole microseconds since 1970 UTC (`at_us`, `until_us`) or ISO 8601 texts (`at`, `until`), which without an offset are in the zone "
    "of the row's site, else of the workspace. Where no `day` is given (whole days since 1970-01-01) it is that of the instant in the same zone. "
    "Ids are kept in one plain form: without blanks around them, full-width letters and digits as their usual ones. A row is known by its "
    "workspace, service, `source` and `source_key`; a row without `source` belongs to the key that sends it, and with an `Idempotency-Key` a row "
    "may do without `source_key` too: it is then known by that header and its place in the request. The reply counts the rows that were `new`, "
    "those `repeated` (the same was there: nothing changed), those `revised`, and those `conflicting`: sent with a lower `revision` than is kept, "
    "and not taken. To correct a row, send it again with a higher `revision`. Other content under the same revision is refused with 409 "
    "`delivery.conflicting`, which names the first such rows, and nothing of the request is kept; so is a row under the identity of one of another "
    "response or visit, whatever its revision, with 409 `delivery.of_another`, and an answer to a question that its response has answered in "
    "another row, with 409 `facts.answered_again`. Of answers to one question within a request the latest by `at_us` is kept. The same "
    "`Idempotency-Key` with the same body is told what it was told the first time, with the header `Idempotent-Replay: true`; with another body it "
    "is refused with 409 `delivery.key_reused`."
)
_JSON: Final = {"text": "string", "number": "number", "whole": "integer"}
SPECIFICATION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Peakend", "version": "1"},
    "components": {
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "Kept": {
                "type": "object",
                "required": ["rows", *Counts().as_dict()],
                "properties": {name: {"type": "integer"} for name in ("rows", *Counts().as_dict())},
            },
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
        "/api/v1/{workspace}/{service}/answers": _posted("answers"),
        "/api/v1/{workspace}/{service}/events": _posted("events"),
        "/api/v1/{workspace}/{service}/imports": {
            "parameters": _path("workspace", "service"),
            "get": _operation("The files that were brought in, and how each stands", {"responses": {"200": {"description": "The files"}}}),
        },
        "/api/v1/{workspace}/{service}/rows": {
            "parameters": [
                *_path("workspace", "service"),
                {"name": "source", "in": "query", "schema": {"type": "string"}},
                {"name": "source_key", "in": "query", "description": "One row of the source.", "schema": {"type": "string"}},
                {"name": "delivery", "in": "query", "description": "The Idempotency-Key of a delivery of this key.", "schema": {"type": "string"}},
                {"name": "dry_run", "in": "query", "description": "1: only count them.", "schema": {"type": "string"}},
            ],
            "delete": _operation("Take rows back", {"responses": {"200": {"description": "They count nowhere any more"}}}),
        },
    },
}
