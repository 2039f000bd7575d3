"""What programs send: answers and events, one JSON object a line, each delivery exactly once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

import msgspec
import pyarrow as pa
from django.http import HttpRequest, HttpResponse

from peakend.facts import TABLES, Kind, TableName, conform
from peakend_web.base.declaration import LARGEST as BODIES
from peakend_web.base.guard import ByKey
from peakend_web.base.refusals import Malformed, Refusal, TooMuch
from peakend_web.base.time_zones import zones_of
from peakend_web.base.whole_numbers import whole_number
from peakend_web.listening.actions.imports import keep_batch
from peakend_web.models import Service
from peakend_web.store import columnar
from peakend_web.store.intake import REVISION, check_names, with_times

LARGEST: Final = BODIES["key"]
MOST_COLUMNS: Final = 200
ARROW: Final[Mapping[Kind, pa.DataType]] = {"text": pa.string(), "number": pa.float64(), "whole": pa.int64()}
CELLS: Final[Mapping[Kind, Any]] = {"text": str, "number": int | float, "whole": int}
"""What a cell of each kind of column may be in a program's JSON, beside null."""
LONGEST_KEY: Final = 200
_DECODER: Final = msgspec.json.Decoder(dict[str, str | float | int | bool | None])


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
    taken, arrow = CELLS[kind], ARROW[kind]
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
