"""Three levels of one quality: what is just adequate, what is desired, and what was found."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.service.questions import AnswerField, Asking, Design, ItemKeys, Kind, keys


class Levels(Kind):
    """One field for each of the three levels; the desired one is the expectation."""

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """The adequate, the desired and the perceived level."""
        del design, survey
        yield self.answer_field(item, "adequate", "adequate", label=item.adequate)
        yield self.answer_field(item, "expectation", "expectation", label=item.desired)
        yield self.answer_field(item, "perception", "perception", label=item.perception)


KIND = Levels(
    id="zone",
    needs=keys("adequate desired perception construct"),
    may=keys("wording scale"),
    roles=("adequate", "expectation", "perception"),
    low=1,
    high=9,
    has_own_subject=True,
    ends=dict.fromkeys(("adequate", "expectation", "perception"), ("scale.low", "scale.high")),
)
