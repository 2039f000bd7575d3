"""A pair of statements about a quality: what excellent services do, and what this one did."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.service.questions import AGREEMENT, AnswerField, Asking, Design, ItemKeys, Kind, keys


class Quality(Kind):
    """One field for each of the two statements."""

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """The expectation and the perception."""
        del design, survey
        yield self.answer_field(item, "expectation", "expectation", label=item.expectation)
        yield self.answer_field(item, "perception", "perception", label=item.perception)


KIND = Quality(
    id="servqual",
    needs=keys("expectation perception construct"),
    may=keys("scale wording"),
    roles=("expectation", "perception"),
    low=1,
    high=7,
    has_own_subject=True,
    ends={"expectation": AGREEMENT, "perception": AGREEMENT},
)
