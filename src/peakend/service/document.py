"""A service from a text or a file, and back.

`dump` writes a whole new text, or changes an old one: then every line that need not change, every comment and the
author's own order stay as they are, so that a change in git is as small as the change in the service.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from peakend.documents.problems import InvalidDocument, of_schema
from peakend.documents.source import LARGEST_DOCUMENT, Source, named_file, source_of
from peakend.documents.yaml_text import edit, yaml_text
from peakend.errors import DocumentError
from peakend.service.schema import ServiceDocument


def load(path: str | Path) -> ServiceDocument:
    """The service in a file of YAML or JSON.

    Raises DocumentError `document.no_file` where there is none, those of `loads` otherwise.
    """
    file = named_file(path)
    try:
        if file.stat().st_size > LARGEST_DOCUMENT:
            raise DocumentError("document.large", size=file.stat().st_size, largest=LARGEST_DOCUMENT)
        return loads(file.read_bytes())
    except OSError:
        raise DocumentError("document.no_file", file=str(path)) from None


def loads(text: str | bytes) -> ServiceDocument:
    """The service in a text of YAML or JSON. Raises DocumentError where it cannot be read or is refused as hostile,
    InvalidDocument, which carries every problem with its line, where it is not a service.
    """
    source = source_of(text)
    return of_data(source.root.as_data(), source)


def of_data(data: Any, source: Source | None = None) -> ServiceDocument:
    """The service in plain data, such as a JSON column holds. Raises InvalidDocument where it is not a service."""
    try:
        return ServiceDocument.model_validate(data)
    except ValidationError as error:
        raise InvalidDocument(of_schema(error, data, source, ServiceDocument)) from None


def as_data(service: ServiceDocument) -> dict[str, Any]:
    """The service as plain data ready for JSON: what its author set, and nothing else."""
    return service.model_dump(mode="json", by_alias=True, exclude_unset=True)


def dump(service: ServiceDocument, base: str = "") -> str:
    """The service as YAML. With `base`, the text it was read from before, changed only where the service has
    changed.
    """
    data = service.model_dump(by_alias=True, exclude_unset=True)
    return edit(base, data) if base else yaml_text(data)


def dump_json(service: ServiceDocument) -> str:
    """The service as JSON."""
    return json.dumps(as_data(service), ensure_ascii=False, indent=2) + "\n"
