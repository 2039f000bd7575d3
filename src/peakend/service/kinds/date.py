"""A day that is written: of the visit, of the stay, of a delivery."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peakend.service.questions import AnswerField, Asking, Design, ItemKeys, Kind, keys


class WrittenDay(Kind):
    """One field. In the facts the text is the day as 2026-12-01 and the number the days since 1970-01-01; in the role
    of a choice no method takes it for a score.
    """

    def faults(self, item: ItemKeys) -> Iterator[str]:
        """Its earliest day is not after its latest."""
        first, last = item.earliest, item.latest
        if first and last and first != "today" and last != "today" and first > last:
            yield "document.days_order"

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """The field with its limits."""
        del design, survey
        limits: dict[str, Any] = {"earliest": item.earliest, "latest": item.latest}
        yield self.answer_field(item, item.role or "choice", **limits)


KIND = WrittenDay(id="date", may=keys("earliest latest"), roles=("choice",), is_numeric=False, seconds=6)
