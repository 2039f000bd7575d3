"""The process that reads and writes documents: `python -m peakend_web.design.scribe.process FD`. It knows the library
and nothing of the application; what a hostile file costs, it costs this process, and for so long as it is given.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from peakend.documents.problems import InvalidDocument, Problem
from peakend.errors import PeakendError
from peakend.formats.service_files import Into, read_file
from peakend.service.check import check, whole_service
from peakend.service.document import as_data, dump, of_data
from peakend_web.base.workers.pipe import serve

Asked = Mapping[str, Any]
ROOM: Final = 1536 * 1024 * 1024
"""What the process may take; the largest workbook that is read takes a third of it."""


def work(asked: bytes) -> bytes:
    """What was asked for, as JSON: a line that says what, and the bytes that it is about."""
    said, _line, data = asked.partition(b"\n")
    told = json.loads(said)
    try:
        found = _WORK[told["do"]](told, data)
    except InvalidDocument as error:
        found = {"problems": [_told(problem) for problem in error.problems]}
    except PeakendError as error:
        found = {"refused": type(error).__name__, "id": error.id, "fields": error.fields}
    return json.dumps(found, ensure_ascii=False, default=str).encode()


def _read(said: Asked, data: bytes) -> dict[str, Any]:
    into = said["into"]
    service = of_data(into["service"]) if into["service"] else None
    found = read_file(data, said["name"], Into(into["lang"], service, into["languages"], frozenset(into["taken"])))
    return {"service": as_data(found.service), "form": found.form, "doubts": [_told(each) for each in found.doubts]}


def _whole(_said: Asked, data: bytes) -> dict[str, Any]:
    return {"service": as_data(whole_service(data))}


def _check(_said: Asked, data: bytes) -> dict[str, Any]:
    return {"found": [_told(problem) for problem in check(data)]}


def _told(problem: Problem) -> dict[str, Any]:
    return {**vars(problem), "fields": dict(problem.fields)}


def _write(said: Asked, data: bytes) -> dict[str, Any]:
    return {"text": dump(of_data(said["service"]), base=data.decode())}


_WORK: Final[Mapping[str, Callable[[Asked, bytes], dict[str, Any]]]] = MappingProxyType(
    {"read": _read, "whole": _whole, "check": _check, "write": _write}
)


if __name__ == "__main__":
    serve(work, room=ROOM)
