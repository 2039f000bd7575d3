"""Points that are divided among several options, by how important each is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from peakend.service.questions import AnswerField, Asking, Design, ItemKeys, Kind, keys

USUAL_TOTAL: Final = 100


class Points(Kind):
    """One field for each option: how many of the points it is given."""

    def range_of(self, item: ItemKeys) -> tuple[float, float]:
        """From none to all of them."""
        return 0, item.total or USUAL_TOTAL

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """A field for each option; what it measures is the option."""
        del design, survey
        for option in item.options:
            yield self.option_field(item, item.role or "importance", option, construct=option.id)


KIND = Points(id="points", needs=keys("wording options"), may=keys("total"), roles=("importance",))
