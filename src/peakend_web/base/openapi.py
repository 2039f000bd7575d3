"""What the API takes and gives, as OpenAPI 3.1: what all its parts share. Each area describes its own addresses.

Schemas are made by msgspec of what reads and writes. So they cannot say something else than the code does. Summaries
and the paths themselves are written by hand.
"""

from __future__ import annotations

from inspect import cleandoc
from typing import Any, Final, TypedDict

import msgspec

from peakend.errors import PeakendError

Paths = dict[str, dict[str, Any]]
"""What is said of some addresses, by their patterns."""
_COMPONENTS: Final = "#/components/schemas/{name}"


class Refusal(TypedDict):
    """What is told instead, beside the facts of the case."""

    error: str
    what: str
    do: str


def specification(paths: Paths, *schemas: type) -> dict[str, Any]:
    """The whole description: these addresses, and what they take and give by name."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Peakend", "version": "1"},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas((*schemas, Refusal)),
            "responses": {"Refusal": {"description": "Refused", "content": json_of("Refusal")}},
        },
        "security": [{"key": []}],
        "paths": paths,
    }


def _schemas(types: tuple[type, ...]) -> dict[str, Any]:
    """The components."""
    _, schemas = msgspec.json.schema_components(types, schema_hook=_of_error, ref_template=_COMPONENTS)
    return {name: {**schema, "description": cleandoc(schema["description"])} for name, schema in schemas.items()}


def _of_error(kind: type) -> dict[str, Any]:
    if issubclass(kind, PeakendError):
        return {"$ref": _COMPONENTS.format(name="Refusal")}
    raise NotImplementedError


def reference(name: str) -> dict[str, str]:
    """A schema by its name."""
    return {"$ref": _COMPONENTS.format(name=name)}


def json_of(name: str) -> dict[str, Any]:
    """A body of JSON, by its schema's name."""
    return {"application/json": {"schema": reference(name)}}


def refusals(*codes: str) -> dict[str, Any]:
    """What is told where it is refused, by status."""
    return {code: {"$ref": "#/components/responses/Refusal"} for code in codes}


def operation(summary: str, more: dict[str, Any]) -> dict[str, Any]:
    """What one verb does at an address; any may be refused."""
    responses = {**more.pop("responses"), **refusals("401", "403", "404", "405", "422")}
    return {"summary": summary, "responses": responses, **more}


def path_parameters(*names: str) -> list[dict[str, Any]]:
    """The parts of an address that differ."""
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
