"""What the API takes and gives of rows, as OpenAPI: the columns as the door checks them, the receipt as it is
encoded.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec

from peakend.facts import TABLES, TableName
from peakend.facts.shape import INSTANTS
from peakend_web.base.openapi import Paths, json_of, operation, path_parameters, refusals
from peakend_web.store.intake import HIGHEST, REVISION

from .deliveries import CELLS, LONGEST_KEY


def _or_null(kind: Any, **more: Any) -> dict[str, Any]:
    """A cell that may be null."""
    return msgspec.json.schema(Annotated[kind | None, msgspec.Meta(extra_json_schema=more)])


def _row_schema(table: TableName) -> dict[str, Any]:
    """A row of a fact table as a program sends it: our columns, and texts in its own."""
    properties = {column.name: _or_null(CELLS[column.kind]) for column in TABLES[table]}
    properties |= {
        name: _or_null(CELLS["text"], format="date-time") for name, number in INSTANTS.items() if number in properties
    }
    properties[REVISION] = _or_null(CELLS["whole"], minimum=0, maximum=HIGHEST, default=0)
    return {"type": "object", "properties": properties, "additionalProperties": _or_null(CELLS["text"])}


def _delivery(table: TableName) -> dict[str, Any]:
    """The operation that takes rows of a fact table."""
    return {
        "parameters": [
            *path_parameters("workspace", "service"),
            {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": LONGEST_KEY}},
        ],
        "post": operation(
            f"Keep {table}, one JSON object a line",
            {
                "description": KEEPING,
                "requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": _row_schema(table)}}},
                "responses": {
                    "200": {"description": "On disk", "content": json_of("Receipt")},
                    **refusals("400", "409", "413", "503"),
                },
            },
        ),
    }


KEEPING: Final = (
    "Times are whole microseconds since 1970 UTC (`at_us`, `until_us`) or ISO 8601 texts (`at`, `until`), which "
    "without an offset are in the zone of the row's site, else of the workspace. Where no `day` is given (whole days "
    "since 1970-01-01) it is that of the instant in the same zone. Ids are kept in one plain form: without blanks "
    "around them, full-width letters and digits as their usual ones. A row is known by its workspace, service, "
    "`source` and `source_key`; a row without `source` belongs to the key that sends it, and with an "
    "`Idempotency-Key` a row may do without `source_key` too: it is then known by that header and its place in the "
    "request. The reply counts the rows that were `new`, those `repeated` (the same was there: nothing changed), "
    "those `revised`, and those `conflicting`: sent with a lower `revision` than is kept, and not taken. To correct a "
    "row, send it again with a higher `revision`. Other content under the same revision is refused with 409 "
    "`delivery.conflicting`, which names the first such rows, and nothing of the request is kept; so is a row under "
    "the identity of one of another response or visit, whatever its revision, with 409 `delivery.of_another`, and an "
    "answer to a question that its response has answered in another row, with 409 `facts.answered_again`. Of answers "
    "to one question within a request the latest by `at_us` is kept. The same `Idempotency-Key` with the same body is "
    "told what it was told the first time, with the header `Idempotent-Replay: true`; with another body it is refused "
    "with 409 `delivery.key_reused`."
)
PATHS: Final[Paths] = {
    "/api/v1/{workspace}/{service}/answers": _delivery("answers"),
    "/api/v1/{workspace}/{service}/events": _delivery("events"),
    "/api/v1/{workspace}/{service}/imports": {
        "parameters": path_parameters("workspace", "service"),
        "get": operation(
            "The files that were brought in, and how each stands",
            {"responses": {"200": {"description": "The files"}}},
        ),
    },
    "/api/v1/{workspace}/{service}/rows": {
        "parameters": [
            *path_parameters("workspace", "service"),
            {"name": "source", "in": "query", "schema": {"type": "string"}},
            {
                "name": "source_key",
                "in": "query",
                "description": "One row of the source.",
                "schema": {"type": "string"},
            },
            {
                "name": "delivery",
                "in": "query",
                "description": "The Idempotency-Key of a delivery of this key.",
                "schema": {"type": "string"},
            },
            {
                "name": "dry_run",
                "in": "query",
                "description": "Unless it is 0 or false: only count them.",
                "schema": {"type": "string"},
            },
        ],
        "delete": operation(
            "Take rows back",
            {
                "description": "Of the rows that this key sent itself, whatever source they name; those of others "
                "are not there for it, neither to take back nor to be counted. A row that another key has revised "
                "since is that key's. A delivery of which rows were taken back is kept, where it is sent again. A "
                "name that is unknown, given twice, or beside `delivery` is refused with 422 `rows.unclear`, and "
                "nothing is taken back.",
                "responses": {"200": {"description": "They count nowhere any more"}},
            },
        ),
    },
}
