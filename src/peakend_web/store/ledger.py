"""What stands under each identity of a fact, and what a delivery does to it: new, repeated, revised or conflicting.

Whoever writes first reads, under the lock that keeps all others from writing, what stands under the identities that are
delivered. The deliveries are then gone through in their order, here, without the database; so what each is told is what
was there, not what is assumed.

A row is *new* where nothing stands under its identity; *repeated* where the same stands there; *revised* where
something else stands there and its `revision` is higher; and otherwise *conflicting*: it is not kept, and where its
revision is not older the whole delivery is refused. So it is where a row of another response (of another visit) stands
there, whatever its revision: nobody's answer takes the place of another's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import msgspec

from .rows import Comment, Identity, Row, changed_comment
from .stored_rows import StoredRow

Verdict = Literal["new", "repeated", "revised", "conflicting"]
Manner = Literal["answers", "repeats", "corrects", "adds"]
"""How a delivery meets what is there. A respondent who *answers* has the last word with a revision that is as high, and
one who has finished only *repeats*; a program *corrects* by a higher one; a file only *adds* at first, for it may yet
be cancelled: what it corrects is kept for `later`, when all the rest of it is in.
"""
RESPONDENT: Final = frozenset({"answers", "repeats"})
MOST_NAMED: Final = 3
"""Rows at fault that a refusal names."""
FILLED_IN: Final = 0
"""A row of a lower revision says only that nothing was said; it is counted nowhere."""


@dataclass(slots=True)
class Counts:
    """What became of the rows of a delivery."""

    new: int = 0
    repeated: int = 0
    revised: int = 0
    conflicting: int = 0
    over_quota: str = ""
    """The quota that was full where the delivery ends a response."""
    newest: int = 0
    """The highest revision that stands where a row was left out since it is older."""
    ended: bool = False
    """Whether the response was finished before, so that nothing of it was changed."""

    @property
    def stand(self) -> int:
        """Rows that stand as they were sent."""
        return self.new + self.repeated + self.revised

    def as_dict(self) -> dict[str, int]:
        """The four counts by name."""
        return {"new": self.new, "repeated": self.repeated, "revised": self.revised, "conflicting": self.conflicting}

    def as_json(self) -> str:
        """The four counts as a program is told."""
        return json.dumps(self.as_dict())

    def add(self, verdict: Verdict) -> None:
        """Count one row."""
        setattr(self, verdict, getattr(self, verdict) + 1)


class Receipt(msgspec.Struct, frozen=True):
    """What a program is told of the rows that it sent: how many, and what became of them."""

    rows: int
    new: int
    repeated: int
    revised: int
    conflicting: int


@dataclass(frozen=True, slots=True)
class Clash:
    """A row that says something else than what stands under its identity, without being a revision of it; `foreign`
    where that is another's.
    """

    source: str
    key: str
    different: str
    revision: int
    foreign: bool = False

    def __str__(self) -> str:
        return f"{self.source} / {self.key} ({self.different})"


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A fact as it stands, or will when the group is written: `seq` is None where it needs a number, `first_seq` where
    it is not there yet.
    """

    row: Row
    seq: int | None = None
    first_seq: int | None = None


class Change(msgspec.Struct, frozen=True, gc=False):
    """A row to write, numbered; `first_seq` is None where it is not there yet."""

    seq: int
    first_seq: int | None
    row: Row

    @property
    def values(self) -> tuple[Any, ...]:
        """The values in the order of a statement."""
        return (self.seq, self.seq if self.first_seq is None else self.first_seq, *self.row.values)


@dataclass(slots=True)
class Effect:
    """What one delivery would do to a ledger; nothing is done before it is entered."""

    counts: Counts
    clashes: list[Clash]
    changes: dict[Identity, Entry] = field(default_factory=dict)
    later: list[Row] = field(default_factory=list)
    changed_comments: list[Comment] = field(default_factory=list)


class Ledger:
    """One fact table, as far as a group of deliveries touches it."""

    def __init__(self, stored: Iterable[StoredRow]) -> None:
        self._entries = {each.row.identity: Entry(each.row, each.seq, each.first_seq) for each in stored}
        self._touched: dict[Identity, None] = {}
        self.changed_comments: dict[Comment, None] = {}
        """Comments that say other words now, or none: what was read out of them holds no more."""

    def take(self, rows: Sequence[Row], counts: Counts, manner: Manner) -> Effect:
        """Go through the rows of one delivery."""
        taken = Effect(counts, [])
        for row in rows:
            key = row.identity
            there = taken.changes.get(key) or self._entries.get(key)
            verdict = self._verdict(there, row, manner)
            if verdict == "revised" and manner == "adds":
                taken.later.append(row)
                continue
            if row.revision >= FILLED_IN:
                counts.add(verdict)
            if verdict == "conflicting" and there:
                counts.newest = max(counts.newest, there.row.revision)
            self._note(taken, key, there, row, verdict)
            if verdict == "conflicting" and there and self._clashes(there, row, manner):
                taken.clashes.append(self._clash(there.row, row))
        return taken

    def enter(self, taken: Effect) -> None:
        """Do what was taken."""
        self._entries.update(taken.changes)
        self._touched.update(dict.fromkeys(taken.changes))
        self.changed_comments.update(dict.fromkeys(taken.changed_comments))

    def changes(self, seq: int) -> Iterator[Change]:
        """The rows to write, numbered from `seq` on."""
        for key in self._touched:
            entry = self._entries[key]
            number = seq if entry.seq is None else entry.seq
            seq += entry.seq is None
            yield Change(number, entry.first_seq, entry.row)

    def _foreign(self, there: Entry, row: Row) -> bool:
        return there.row.whose != row.whose

    def _clashes(self, there: Entry, row: Row, manner: Manner) -> bool:
        return self._foreign(there, row) or (manner not in RESPONDENT and self._ahead(there, row) == 0)

    def _ahead(self, there: Entry, row: Row) -> int:
        return row.revision - there.row.revision

    def _verdict(self, there: Entry | None, row: Row, manner: Manner) -> Verdict:
        if there is None:
            return "new"
        if self._foreign(there, row):
            return "conflicting"
        if there.row.same(row, reply_only=manner in RESPONDENT):
            return "repeated"
        ahead = self._ahead(there, row)
        newer = ahead >= 0 if manner == "answers" else ahead > 0 if manner in {"corrects", "adds"} else False
        return "revised" if newer else "conflicting"

    def _note(self, taken: Effect, key: Identity, there: Entry | None, row: Row, verdict: Verdict) -> None:
        if there is None:
            taken.changes[key] = Entry(row)
        elif verdict == "revised":
            taken.changes[key] = Entry(row, None, there.first_seq)
            taken.changed_comments += filter(None, [changed_comment(there.row, row)])
        elif verdict == "repeated" and self._ahead(there, row) > 0:
            # It says the same and keeps its number, so that nothing has to be copied again.
            taken.changes[key] = msgspec.structs.replace(there, row=there.row.with_revision(row.revision))

    def _clash(self, there: Row, row: Row) -> Clash:
        foreign = there.whose != row.whose
        different = there.difference(row, row.WHOSE if foreign else ())
        return Clash(row.source, row.source_key, different, there.revision, foreign)
