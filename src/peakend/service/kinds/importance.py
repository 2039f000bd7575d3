"""A pair of questions about one thing: how important it is, and how good it was."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.service.questions import AnswerField, Asking, Design, ItemKeys, Kind, keys


class ImportancePair(Kind):
    """One field for each of the two questions."""

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """The importance and the performance."""
        del design, survey
        yield self.answer_field(item, "importance", "importance", label=item.importance)
        yield self.answer_field(item, "score", "score", label=item.performance)


KIND = ImportancePair(
    id="importance",
    needs=keys("importance performance construct"),
    may=keys("scale wording"),
    roles=("importance", "score"),
    low=1,
    high=7,
    has_own_subject=True,
    ends={"importance": ("scale.not_important", "scale.very_important")},
)
