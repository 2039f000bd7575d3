"""The API: for programs, each with a key of its own (`Authorization: Bearer …`).

A method's address replies with the same rows as `peakend METHOD … --json` and takes the filters of the pages in its
query, and `by` for groups; where the workspace leads with survey weights, so do the rows, which then say so. Whatever
is refused is told as data: `{"error": id, "what": …, "do": …}`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

import msgspec
import pyarrow as pa
from django.http import HttpRequest, HttpResponse, JsonResponse

from peakend.facts import TABLES, Kind, TableName, conform
from peakend.methods import BY_ID
from peakend_web.base.declaration import LARGEST as BODIES
from peakend_web.base.guard import ByKey
from peakend_web.base.refusals import Malformed, Missing, Refusal, TooMuch, reader_language
from peakend_web.base.time_zones import zones_of
from peakend_web.base.whole_numbers import whole_number
from peakend_web.findings import lead_figures
from peakend_web.findings.queries import result_cache
from peakend_web.findings.selection import selection_of
from peakend_web.listening.actions.imports import keep_batch
from peakend_web.listening.openapi import LONGEST_KEY, SPECIFICATION, TAKEN
from peakend_web.models import Service
from peakend_web.store import columnar, columns, door, least_sizes
from peakend_web.store.intake import REVISION, check_names, with_times

LARGEST: Final = BODIES["key"]
MOST_COLUMNS: Final = 200
ARROW: Final[Mapping[Kind, pa.DataType]] = {"text": pa.string(), "number": pa.float64(), "whole": pa.int64()}
_DECODER: Final = msgspec.json.Decoder(dict[str, str | float | int | bool | None])


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
    key = ("api", here.service.pk, version, here.workspace.least_cell, method, by, _frozen(filters))
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
    kept = keep_batch(
        key=here.key, service=here.service, facts=facts, delivery_key=key, fingerprint=sha256(body).hexdigest()
    )
    return HttpResponse(
        kept.reply, content_type="application/json", headers={"Idempotent-Replay": "true"} if kept.repeated else {}
    )


def _body(request: HttpRequest) -> bytes:
    """The whole body; refused where it is too large, or ends before its announced length."""
    announced = whole_number(str(request.META.get("CONTENT_LENGTH") or ""))
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
    check_names(table, lines, columnar.own_columns(service.workspace_id))
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
    taken, arrow = TAKEN[kind], ARROW[kind]
    for number, row in rows:
        value = row.get(name)
        if value is not None and (not isinstance(value, taken) or isinstance(value, bool)):
            raise Refusal(
                "api.value_kind",
                line=number,
                column=name,
                found=json.dumps(value, ensure_ascii=False)[:60],
                wanted=kind,
            )
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
