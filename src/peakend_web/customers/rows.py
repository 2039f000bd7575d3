"""A customer as a list, a member of staff or a survey says it, and what is read out of that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from peakend.documents.parts import is_control
from peakend.errors import PeakendError
from peakend.terms import Lang
from peakend_web.base.languages import written_language
from peakend_web.base.refusals import Refusal

from .addresses import Address, address_of

LONGEST_NAME: Final = 200
_NUMBER: Final = re.compile(r"[\w./#-]{1,64}")
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A customer as somebody wrote them down: e-mail, phone or both, and what else is known. `place` is the line of a
    list, 0 where there is none.
    """

    addresses: Sequence[str]
    name: str = ""
    number: str = ""
    language: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was left out, and why."""

    place: int
    reason: PeakendError


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a list: how many customers are new, how many were known before, and the rows that were left out,
    with their places and reasons.
    """

    new: int
    known: int
    refused: Sequence[Refused] = ()


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row in which everything is understood."""

    place: int
    addresses: Sequence[Address]
    name: str
    number: str
    lang: Lang | None


def read_rows(rows: Sequence[NewCustomer], zone: str) -> tuple[list[ReadRow], list[Refused]]:
    """The rows of a list that are understood, in a workspace of this time zone, and those with a fault. Of two that say
    the same the first is understood.
    """
    fit: list[ReadRow] = []
    refused: list[Refused] = []
    first: dict[Address | str, int] = {}
    for row in rows:
        try:
            read = _read(row, zone)
            _require_first(read, first)
        except PeakendError as error:
            refused.append(Refused(row.place, error))
            continue
        first.update(dict.fromkeys(_marks(read), read.place))
        fit.append(read)
    return fit, refused


def _read(row: NewCustomer, zone: str) -> ReadRow:
    typed = [each for each in (each.strip() for each in row.addresses) if each]
    if not typed:
        raise Refusal("customers.address_missing")
    addresses = tuple(dict.fromkeys(address_of(each, zone) for each in typed))
    name, number, written = row.name.strip(), row.number.strip(), row.language.strip()
    if len(name) > LONGEST_NAME or "\n" in name or any(map(is_control, name)):
        raise Refusal("customers.name_unclear", most=LONGEST_NAME)
    if number and not _NUMBER.fullmatch(number):
        raise Refusal("customers.number_unclear", value=number[:_SHOWN])
    lang = written_language(written)
    if written and lang is None:
        raise Refusal("customers.language_unknown", value=written[:_SHOWN])
    return ReadRow(row.place, addresses, name, number, lang)


def _marks(row: ReadRow) -> Iterator[Address | str]:
    """By what a customer is recognised."""
    yield from row.addresses
    if row.number:
        yield row.number


def _require_first(row: ReadRow, first: dict[Address | str, int]) -> None:
    twice = next((mark for mark in _marks(row) if mark in first), None)
    if isinstance(twice, Address):
        raise Refusal("customers.address_twice", value=twice.text, first=first[twice])
    if twice is not None:
        raise Refusal("customers.number_twice", value=twice, first=first[twice])
