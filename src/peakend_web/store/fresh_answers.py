"""Questions that are answered while a delivery waits for the writer.

Whoever brings many answers at once looks first for their questions in the columnar copy (`copied_answers`), which
holds everything up to a number. What came after it is looked for here, under the lock that keeps all others from
writing: in what is stored and in what is about to be written in the same group. These are few rows, found by their
number; of the survey's own page, whose rows are never asked twice, none is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

from peakend.facts.scan import QUESTION, SEVERAL
from peakend.facts.sql import quoted_name
from peakend_web.base.refusals import Conflict
from peakend_web.models import Answer

from .countable import ALIAS, countable_rows
from .identity import tellable
from .rows import IDENTITY, Row
from .statements import Values, table_name, with_driver_marks

EVER: Final = 2**62
"""A number that the clock does not reach."""
QUESTION_COLUMNS: Final = ("workspace_id", "service_id", *QUESTION)
ANSWER_COLUMNS: Final = (*QUESTION_COLUMNS, *IDENTITY, "state", "value")
IDENTITY_END: Final = len(QUESTION_COLUMNS) + len(IDENTITY)
answer_of: Final = attrgetter(*ANSWER_COLUMNS)


class FreshAnswers:
    """The answers that came after a number of each workspace, by their question, and those of the group that is being
    written.
    """

    def __init__(self, cursor: Any, after: Mapping[int, int]) -> None:
        self._asked: dict[Values, Values] = {}
        self._answered: dict[Values, dict[Values, None]] = {}
        self.watches = bool(after)
        for workspace, number in after.items():
            for said in _since(cursor, workspace, number):
                self._note(said)

    @property
    def responses(self) -> set[str]:
        """Those that have answered."""
        return {question[QUESTION_COLUMNS.index("response")] for question, rows in self._answered.items() if rows}

    def conflict(self, rows: Iterable[Values]) -> Conflict | None:
        """Why rows (their columns `ANSWER_COLUMNS`) are refused that answer a question which their response has
        answered in another row.
        """
        found = [(said, other) for said in rows if (other := self._other(said)) is not None]
        if not found:
            return None
        said, (*_, source, _key) = found[0]
        named = dict(zip(ANSWER_COLUMNS, said, strict=True))
        item = named["item"] or named["construct"] or named["role"]
        return Conflict(
            "facts.answered_again",
            response=named["response"],
            item=item,
            source=tellable(source, named["source"]) or "…",
            count=len(found),
        )

    def note(self, rows: Iterable[Row]) -> None:
        """Rows that are about to be written."""
        if self.watches:
            for said in map(answer_of, rows):
                self._note(said)

    def _other(self, said: Values) -> Values | None:
        """The identity of another row that answers the same question."""
        if not _is_answer(said):
            return None
        identity = said[len(QUESTION_COLUMNS) : IDENTITY_END]
        return next((each for each in self._answered.get(said[: len(QUESTION_COLUMNS)], ()) if each != identity), None)

    def _note(self, said: Values) -> None:
        question, identity = said[: len(QUESTION_COLUMNS)], said[len(QUESTION_COLUMNS) : IDENTITY_END]
        if before := self._asked.pop(identity, None):
            self._answered[before].pop(identity)
        if _is_answer(said):
            self._asked[identity] = question
            self._answered.setdefault(question, {})[identity] = None


def _is_answer(said: Values) -> bool:
    *_, state, value = said
    return state == "answered" and value is not None and said[QUESTION_COLUMNS.index("role")] not in SEVERAL


def _since(cursor: Any, workspace: int, number: int) -> Sequence[Values]:
    ways = [condition for condition, _ in countable_rows(workspace, number, EVER).conditions(Answer)]
    chosen, rows = ", ".join(f"{ALIAS}.{quoted_name(name)}" for name in ANSWER_COLUMNS), f"{table_name(Answer)} {ALIAS}"
    cursor.execute(with_driver_marks(" UNION ALL ".join(f"SELECT {chosen} FROM {rows} WHERE {way}" for way in ways)))  # noqa: S608 — our own names and numbers
    found: list[Values] = cursor.fetchall()
    return found
