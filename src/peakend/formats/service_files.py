"""A service in whatever file somebody brings: YAML or JSON, our own workbook, a plain list of names, a Mermaid journey.

What a file is, is told from what stands in it. It is read whole or refused with the place. A list of names and a
diagram say nothing but a journey: they begin a service, or stand for the journey of one that is there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, Literal

from peakend.documents.problems import InvalidDocument, Problem
from peakend.errors import FormatError
from peakend.formats.encodings import decode
from peakend.formats.journey_lists import Listed, journey_replaced, service_of_list
from peakend.formats.mermaid import is_mermaid, left_out, read_mermaid, write_mermaid
from peakend.formats.names_sheet import read_names
from peakend.formats.service_book import is_book, read_book, unread_sheets, write_book
from peakend.service.check import check
from peakend.service.document import dump, dump_json, loads
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang

Form = Literal["yaml", "book", "names", "mermaid"]
"""What a file may be."""
ENDINGS: Final = (".xlsx", ".mmd", ".yaml", ".yml", ".json")
"""What a service may be written as."""
_DOCUMENT: Final = re.compile(r"^[ \t]*[{]|^service[ \t]*:", re.MULTILINE)
_BEGINNING: Final = 65_536
"""Characters by which a text is told."""
_NO_TEXT: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"<svg", b"<?xml", b"<!DOCTYPE", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class ReadFile:
    """A service that was read: from which form, and what of the file was passed over or read otherwise than it stands,
    each with its place.
    """

    service: ServiceDocument
    form: Form
    doubts: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Into:
    """What a file is read into: the service that is there, in which language names are read, in which a new service
    speaks, and the names of parts that no new one may have.
    """

    lang: Lang = "en"
    service: ServiceDocument | None = None
    languages: Sequence[Lang] = ()
    taken: Collection[str] = ()


def read_file(data: bytes, name: str, into: Into | None = None) -> ReadFile:
    """The service in a file. Raises FormatError, DocumentError or InvalidDocument, each with its place."""
    into = into or Into()
    form = form_of(data, name)
    match form:
        case "yaml":
            errors = [problem for problem in check(data) if problem.level == "error"]
            if errors:
                raise InvalidDocument(errors)
            return ReadFile(loads(data), form)
        case "book":
            return ReadFile(read_book(data, into.taken), form, unread_sheets(data))
        case "mermaid":
            return _with_journey(read_mermaid(data, into.lang), form, name, into)
        case "names":
            return _with_journey(read_names(data, into.lang), form, name, into)


def _with_journey(found: Listed, form: Form, name: str, into: Into) -> ReadFile:
    if into.service is not None:
        brought = journey_replaced(into.service, found.stages, into.lang, into.taken)
    else:
        brought = service_of_list(found.stages, found.title or PurePath(name).stem, into.lang, into.languages)
    doubts = sorted([*found.doubts, *brought.doubts], key=lambda doubt: doubt.line or 0)
    return ReadFile(brought.service, form, tuple(doubts))


def form_of(data: bytes, name: str = "") -> Form:
    """What a file is. Raises FormatError `format.kind` where it is none of these, `format.damaged` of a workbook that
    is none.
    """
    if data.lstrip()[:9].startswith(_NO_TEXT):
        raise FormatError("format.kind", file=name or "—", kind=PurePath(name).suffix.lstrip(".").upper() or "—")
    if data.startswith(b"PK"):
        return "book" if is_book(data) else "names"
    if name.lower().endswith((".xlsx", ".xls")) and b"\0" in data[:_BEGINNING]:
        raise FormatError("format.damaged", reason=name)
    if name.lower().endswith((".yaml", ".yml", ".json")):
        return "yaml"
    text = decode(data[:_BEGINNING] if data.isascii() else data).text[:_BEGINNING]
    if is_mermaid(text) or name.lower().endswith((".mmd", ".mermaid")):
        return "mermaid"
    return "yaml" if _DOCUMENT.search(text) else "names"


def write_file(service: ServiceDocument, ending: str, lang: Lang = "en") -> bytes:
    """A service in the form of a file's ending, one of `ENDINGS`."""
    match ending.lower():
        case ".xlsx":
            return write_book(service, lang)
        case ".mmd":
            return write_mermaid(service, lang).encode()
        case ".json":
            return dump_json(service).encode()
        case ".yaml" | ".yml":
            return dump(service).encode()
    raise FormatError("format.ending", ending=ending, known=", ".join(ENDINGS))


def lost_in(service: ServiceDocument, ending: str, lang: Lang = "en") -> list[str]:
    """What a file with this ending does not hold of a service, in words; nothing where it holds all."""
    return [lost.words(lang) for lost in left_out(service)] if ending.lower() == ".mmd" else []
