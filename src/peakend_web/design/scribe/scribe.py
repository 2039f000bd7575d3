"""Reading and writing documents in a process beside the server: a text that takes seconds, or a file that breaks the
program that reads it, holds up nobody but whoever brought it. What is short is read at once: to hand it over would take
as long.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from peakend.documents.problems import InvalidDocument, Problem
from peakend.errors import DocumentError, FormatError
from peakend.formats.service_files import Into, ReadFile
from peakend.service.check import check, whole_service
from peakend.service.document import as_data, dump, of_data
from peakend.service.schema import ServiceDocument
from peakend_web.base.workers.processes import Processes

SHORT: Final = 32 * 1024
"""Bytes up to which a text is read here."""
PATIENCE_S: Final = 40.0
beside: Final = Processes("peakend_web.design.scribe.process", many=2, patience_s=PATIENCE_S, failed="web.not_read")


def read_file(data: bytes, name: str, into: Into, of: int) -> ReadFile:
    """The service in a file that somebody brought to a workspace. Raises as the library does, Busy `web.busy` where
    too many wait, `web.not_read` where it could not be read in time.
    """
    asked = {
        "lang": into.lang,
        "service": as_data(into.service) if into.service else None,
        "languages": [*into.languages],
        "taken": [*into.taken],
    }
    found = _ask({"do": "read", "name": name, "into": asked}, data, of)
    return ReadFile(of_data(found["service"]), found["form"], _problems(found["doubts"]))


def read_text(text: str | bytes, of: int) -> ServiceDocument:
    """The service in a text that has no errors, read for a workspace. Raises as `read_file` does."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    if len(data) <= SHORT:
        return whole_service(text)
    return of_data(_ask({"do": "whole"}, data, of)["service"])


def problems_in(text: str, of: int) -> tuple[Problem, ...]:
    """All that could be better in a text, read for a workspace. Raises as `read_file` does."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) <= SHORT:
        return tuple(check(text))
    return _problems(_ask({"do": "check"}, data, of)["found"])


def yaml_of(service: ServiceDocument, base: str, of: int) -> str:
    """A service as YAML, written into the text that it was read from, for a workspace. Raises as `read_file` does."""
    if len(base) <= SHORT:
        return dump(service, base=base)
    return str(_ask({"do": "write", "service": as_data(service)}, base.encode("utf-8", "surrogatepass"), of)["text"])


def _ask(said: Mapping[str, Any], data: bytes, of: int) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(beside.ask(json.dumps(said).encode() + b"\n" + data, of))
    if "problems" in told:
        raise InvalidDocument(_problems(told["problems"]))
    if "refused" in told:
        kind = FormatError if told["refused"] == "FormatError" else DocumentError
        raise kind(told["id"], **told["fields"])
    return told


def _problems(told: list[dict[str, Any]]) -> tuple[Problem, ...]:
    return tuple(Problem(**each) for each in told)
