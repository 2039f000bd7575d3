"""A rating of touchpoints, each of which may not have been used: of one, of several, or of all there are."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.service.questions import AnswerField, Asking, Design, ItemKeys, Kind, keys, part_of


class TouchpointRating(Kind):
    """One field for each touchpoint."""

    def faults(self, item: ItemKeys) -> Iterator[str]:
        """It says what is rated."""
        if not item.touchpoint and not item.touchpoints:
            yield "document.rates_nothing"

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """A field for each touchpoint that it names."""
        del survey
        role = item.role or "score"
        if item.touchpoint and not item.touchpoints:
            yield self.answer_field(item, role, not_used=True)
            return
        for name in item.touchpoints or dict.fromkeys(touchpoint.id for touchpoint in design.touchpoints):
            touchpoint = part_of(design.touchpoints, name)
            label = touchpoint.title if touchpoint else None
            yield self.answer_field(item, role, name, label=label, construct=name, touchpoint=name, not_used=True)


KIND = TouchpointRating(
    id="touchpoint_rating", needs=frozenset(), may=keys("wording scale look touchpoints not_used"), low=1, high=5
)
