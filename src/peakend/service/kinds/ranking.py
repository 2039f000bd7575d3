"""Options that are put in order, the most important first; all of them, or the first few."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.service.questions import AnswerField, Asking, Design, ItemKeys, Kind, keys


class Ranking(Kind):
    """One field for each option: its place, 1 being the first.

    A place grows as importance falls, so that what it measures is named by the question too: no method then takes the
    place of an option for its importance.
    """

    def range_of(self, item: ItemKeys) -> tuple[float, float]:
        """From the first place to the last that is given."""
        return 1, item.top or max(2, len(item.options))

    def faults(self, item: ItemKeys) -> Iterator[str]:
        """It gives no more places than it has options."""
        if len(item.options) < (item.top or 2):
            yield "document.places_many"

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """A field for each option."""
        del design, survey
        for option in item.options:
            yield self.option_field(item, item.role or "importance", option, construct=f"{item.id}.{option.id}")


KIND = Ranking(id="ranking", needs=keys("wording options"), may=keys("top"), roles=("importance",))
