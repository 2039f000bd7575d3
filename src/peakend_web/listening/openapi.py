"""What the API takes and gives, as OpenAPI 3.1.

Schemas are made by msgspec of what reads and writes: the kinds of the columns as the door checks them, the receipt as
it is encoded, the fields of a result. So they cannot say something else than the code does. Summaries and the paths
themselves are written by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from inspect import cleandoc
from typing import Annotated, Any, Final, TypedDict

import msgspec

from peakend.errors import PeakendError
from peakend.facts import TABLES, Kind, TableName
from peakend.facts.shape import INSTANTS
from peakend.result import Result
from peakend_web.store.intake import HIGHEST, REVISION
from peakend_web.store.ledger import Receipt

LONGEST_KEY: Final = 200
TAKEN: Final[Mapping[Kind, Any]] = {"text": str, "number": int | float, "whole": int}
"""What a cell of each kind of column may be in a program's JSON, beside null."""
_COMPONENTS: Final = "#/components/schemas/{name}"


class Refusal(TypedDict):
    """What is told instead, beside the facts of the case."""

    error: str
    what: str
    do: str


def _of_error(kind: type) -> dict[str, Any]:
    if issubclass(kind, PeakendError):
        return {"$ref": _COMPONENTS.format(name="Refusal")}
    raise NotImplementedError


def _schemas() -> dict[str, Any]:
    """The components; every field of a row is always sent, also one that has a default."""
    _, schemas = msgspec.json.schema_components(
        (Receipt, Refusal, Result), schema_hook=_of_error, ref_template=_COMPONENTS
    )
    schemas["Result"]["required"] = [*schemas["Result"]["properties"]]
    return {name: {**schema, "description": cleandoc(schema["description"])} for name, schema in schemas.items()}


def _or_null(kind: Any, **more: Any) -> dict[str, Any]:
    """A cell that may be null."""
    return msgspec.json.schema(Annotated[kind | None, msgspec.Meta(extra_json_schema=more)])


def _row(table: TableName) -> dict[str, Any]:
    """A row of a fact table as a program sends it: our columns, and texts in its own."""
    properties = {column.name: _or_null(TAKEN[column.kind]) for column in TABLES[table]}
    properties |= {
        name: _or_null(TAKEN["text"], format="date-time") for name, number in INSTANTS.items() if number in properties
    }
    properties[REVISION] = _or_null(TAKEN["whole"], minimum=0, maximum=HIGHEST, default=0)
    return {"type": "object", "properties": properties, "additionalProperties": _or_null(TAKEN["text"])}


def _operation(summary: str, more: dict[str, Any]) -> dict[str, Any]:
    refusals = {code: {"$ref": "#/components/responses/Refusal"} for code in ("401", "403", "404", "405", "422")}
    return {"summary": summary, "responses": {**more.pop("responses"), **refusals}, **more}


def _path(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _posted(table: TableName) -> dict[str, Any]:
    """The operation that takes rows of a fact table."""
    return {
        "parameters": [
            *_path("workspace", "service"),
            {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": LONGEST_KEY}},
        ],
        "post": _operation(
            f"Keep {table}, one JSON object a line",
            {
                "description": KEEPING,
                "requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": _row(table)}}},
                "responses": {
                    "200": {
                        "description": "On disk",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Receipt"}}},
                    },
                    **{code: {"$ref": "#/components/responses/Refusal"} for code in ("400", "409", "413", "503")},
                },
            },
        ),
    }


KEEPING: Final = (
    "Times are whole microseconds since 1970 UTC (`at_us`, `until_us`) or ISO 8601 texts (`at`, `until`), which "
    "without an offset are in the zone "
    "of the row's site, else of the workspace. Where no `day` is given (whole days since 1970-01-01) it is that of the "
    "instant in the same zone. "
    "Ids are kept in one plain form: without blanks around them, full-width letters and digits as their usual ones. A "
    "row is known by its "
    "workspace, service, `source` and `source_key`; a row without `source` belongs to the key that sends it, and with "
    "an `Idempotency-Key` a row "
    "may do without `source_key` too: it is then known by that header and its place in the request. The reply counts "
    "the rows that were `new`, "
    "those `repeated` (the same was there: nothing changed), those `revised`, and those `conflicting`: sent with a "
    "lower `revision` than is kept, "
    "and not taken. To correct a row, send it again with a higher `revision`. Other content under the same revision is "
    "refused with 409 "
    "`delivery.conflicting`, which names the first such rows, and nothing of the request is kept; so is a row under "
    "the identity of one of another "
    "response or visit, whatever its revision, with 409 `delivery.of_another`, and an answer to a question that its "
    "response has answered in "
    "another row, with 409 `facts.answered_again`. Of answers to one question within a request the latest by `at_us` "
    "is kept. The same "
    "`Idempotency-Key` with the same body is told what it was told the first time, with the header `Idempotent-Replay: "
    "true`; with another body it "
    "is refused with 409 `delivery.key_reused`."
)
LEADING: Final = (
    "Where the workspace leads with survey weights, `value`, `low` and `high` are the figure with them, `leads` says "
    "whether (`weighted` or "
    "`unweighted`, where there is no such figure), and `unweighted` holds the other one."
)
SPECIFICATION: Final[dict[str, Any]] = {
    "openapi": "3.1.0",
    "info": {"title": "Peakend", "version": "1"},
    "components": {
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        "schemas": _schemas(),
        "responses": {
            "Refusal": {
                "description": "Refused",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
            }
        },
    },
    "security": [{"key": []}],
    "paths": {
        "/api/v1/{workspace}/{service}/methods/{method}": {
            "parameters": [
                *_path("workspace", "service", "method"),
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
            "get": _operation(
                "The rows of a method",
                {
                    "description": LEADING,
                    "responses": {
                        "200": {
                            "description": "The rows",
                            "content": {
                                "application/json": {
                                    "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Result"}}
                                }
                            },
                        }
                    },
                },
            ),
        },
        "/api/v1/{workspace}/{service}/answers": _posted("answers"),
        "/api/v1/{workspace}/{service}/events": _posted("events"),
        "/api/v1/{workspace}/{service}/imports": {
            "parameters": _path("workspace", "service"),
            "get": _operation(
                "The files that were brought in, and how each stands",
                {"responses": {"200": {"description": "The files"}}},
            ),
        },
        "/api/v1/{workspace}/{service}/rows": {
            "parameters": [
                *_path("workspace", "service"),
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
            "delete": _operation(
                "Take rows back",
                {
                    "description": "Of the rows that this key sent itself, whatever source they name; those of others "
                    "are not there for it, neither "
                    "to take back nor to be counted. A row that another key has revised since is that key's. A "
                    "delivery of which rows were taken "
                    "back is kept, where it is sent again. A name that is unknown, given twice, or beside `delivery` "
                    "is refused with 422 "
                    "`rows.unclear`, and nothing is taken back.",
                    "responses": {"200": {"description": "They count nowhere any more"}},
                },
            ),
        },
    },
}
