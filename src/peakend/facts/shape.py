"""The columns of the two fact tables, their kinds, defaults and vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

import narwhals.stable.v2 as nw

from peakend.ids import fold_case

TableName = Literal["answers", "events"]
Kind = Literal["text", "number", "whole"]
Respondent = Literal["customer", "manager", "frontline", "auditor", "coach", "panel", "participant"]
"""Whose view an answer is: of who is served, who leads, who serves, who audits, who trains, who judges together, and
who takes part in a workshop.
"""

STATES: Final = ("answered", "skipped", "not_applicable", "not_shown", "invalid")
ROLES: Final = (
    *("score", "expectation", "adequate", "perception", "importance", "functional", "dysfunctional", "remembered"),
    *("belief", "standard", "delivered", "promised", "price", "comment", "choice", "code"),
)
"""Which side of its construct a row is. A `code` is what somebody read out of a comment: `item` is the comment's item
and `#clause`, `value` the sentiment from −1 to 1, `state` invalid where the coder abstained; it answers nothing.
"""
CODE: Final = "code"
WHOLE: Final = ("overall", "satisfaction", "csat")
"""The constructs of the judgement of the whole, in their order: the first that was asked is meant wherever nobody says
which.
"""
OUTCOMES: Final = (*WHOLE, "nps")
"""What is explained, where the caller does not say; the recommendation where the whole was not judged."""
OF_THE_WHOLE: Final = frozenset({*OUTCOMES, "ces"})
"""Constructs that are of the whole service, wherever they are asked."""
HEAVIEST: Final = 1e12
"""No answer stands for more: it is more than all people, and squares of it still add up."""
LIGHTEST: Final = 1e-12
"""No answer that counts at all stands for less: squares of much smaller weights are 0 in a computer, and nothing can be
divided by their sum.
"""
QUARANTINE: Final = "quarantine"
"""The reason in `aside` of what waits for somebody who looks at it."""
QUESTIONABLE: Final = "questionable"
"""The reason in `aside` under which an answer still counts: it is odd in itself, as one that was given too fast to be
read. Under every other reason (`quarantine`, `late`, `staff`, or a source's own) an answer is in no figure, unless
somebody asks for it.
"""
ORDER: Final = "_order"
"""The column of a row's place in the order of delivery."""
RESPONDENTS: Final[tuple[Respondent, ...]] = get_args(Respondent)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a fact table: its kind, and what stands where a source does not have it."""

    name: str
    kind: Kind
    default: str | float | None = None


ANSWERS: Final = (
    Column("response", "text"),
    Column("respondent_kind", "text", "customer"),
    Column("customer", "text"),
    Column("visit", "text"),
    Column("at_us", "whole"),
    Column("day", "whole"),
    Column("site", "text"),
    Column("channel", "text"),
    Column("survey", "text"),
    Column("wave", "text"),
    Column("item", "text"),
    Column("construct", "text"),
    Column("role", "text", "score"),
    Column("touchpoint", "text"),
    Column("state", "text"),
    Column("value", "number"),
    Column("low", "number"),
    Column("high", "number"),
    Column("text", "text"),
    Column("weight", "number", 1.0),
    Column("aside", "text"),
    Column("source", "text"),
    Column("source_key", "text"),
)
EVENTS: Final = (
    Column("visit", "text"),
    Column("customer", "text"),
    Column("record", "text"),
    Column("at_us", "whole"),
    Column("day", "whole"),
    Column("until_us", "whole"),
    Column("site", "text"),
    Column("channel", "text"),
    Column("touchpoint", "text"),
    Column("kind", "text"),
    Column("indicator", "text"),
    Column("value", "number"),
    Column("source", "text"),
    Column("source_key", "text"),
)
TABLES: Final[Mapping[TableName, tuple[Column, ...]]] = {"answers": ANSWERS, "events": EVENTS}
INSTANTS: Final[Mapping[str, str]] = {"at": "at_us", "until": "until_us"}
"""Instants that a source may bring, and the columns that they become."""
KINDS: Final[Mapping[str, Kind]] = {column.name: column.kind for columns in TABLES.values() for column in columns}
STANDARD: Final = frozenset({*KINDS, *INSTANTS})
OURS: Final = frozenset({"id", "seq", "first_seq", "service", "segments", "workspace"})
"""Names under which an application keeps something of its own beside the standard columns; so is every name that begins
with an underscore.
"""
PERIODS: Final = frozenset({"day", "week", "month", "quarter", "year"})
"""Periods of the calendar, by which facts are grouped under these names (`reduce.GRAINS`)."""
REQUIRED: Final[Mapping[TableName, tuple[str, ...]]] = {"answers": ("response",), "events": ("visit", "kind")}
DTYPES: Final[Mapping[Kind, Any]] = {"text": nw.String(), "number": nw.Float64(), "whole": nw.Int64()}
SQL: Final[Mapping[Kind, str]] = {"text": "VARCHAR", "number": "DOUBLE", "whole": "BIGINT"}


def may_be_own(name: str) -> bool:
    """Whether a column beside the standard ones may be called so: it is neither one of either table's, however spelled,
    nor one of ours. What a service calls its segments, what a source brings and what is read later ask this.
    """
    fold = fold_case(name)
    return bool(fold) and not fold.startswith("_") and fold not in STANDARD | OURS


def may_be_segment(name: str) -> bool:
    """Whether a service may call a segment so: a column of its own, and no period, by which one would group where the
    segment is meant.
    """
    return may_be_own(name) and fold_case(name) not in PERIODS
