"""What is known of the parts of a design from what was answered, as its faces set it beside them: one module for each
face, each of which asks the methods and computes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peakend.methods import BY_ID
from peakend.terms import label
from peakend_web.findings.inquiry.decisive import Weight
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.stops import Line
from peakend_web.listening.queries.comments import Quote


@dataclass(frozen=True)
class Source:
    """The method that a figure comes from, with the version of its definition, and its page."""

    name: str
    version: str
    href: str


@dataclass(frozen=True)
class Known:
    """What is known of one part: a sentence, figures, of which `more` are folded, people's own words, and the methods
    behind them. Where answers are too few, how many there are of those `needed`; `verb` and `href` are the one way on.
    """

    sentence: str = ""
    lines: Sequence[Line] = ()
    more: Sequence[Line] = ()
    quotes: Sequence[Quote] = ()
    n: int = 0
    needed: int = 0
    verb: str = ""
    href: str = ""
    sources: Sequence[Source] = ()


def source(inquiry: Inquiry, row: Any) -> Source:
    """The method of a row."""
    return _source(inquiry, type(row).method.id, row.version)


def sources(inquiry: Inquiry, *rows: Any) -> tuple[Source, ...]:
    """The methods of these rows that have a figure, each once."""
    return tuple(dict.fromkeys(source(inquiry, row) for row in rows if row is not None and row.value is not None))


def source_of_weight(inquiry: Inquiry, weight: Weight) -> Source:
    """The method that says how much a touchpoint decides."""
    return _source(inquiry, "drivers", weight.version)


def _source(inquiry: Inquiry, id: str, version: str) -> Source:
    return Source(label(BY_ID[id].term, inquiry.lang), version, inquiry.address(f"methods/{id}/"))
