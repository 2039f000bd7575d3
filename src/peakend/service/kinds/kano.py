"""A feature after Kano: how would you feel if it were there, and if it were not."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.documents.parts import Text
from peakend.service.questions import AnswerField, Asking, Design, ItemKeys, Kind, keys, part_of


class FeaturePair(Kind):
    """One field for each of the two questions; their words are the feature's."""

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """The functional and the dysfunctional question."""
        del survey
        feature = part_of(design.features, item.feature)
        for role in self.roles:
            yield self.answer_field(item, role, role, label=getattr(feature, role, None))

    def wording(self, design: Design, item: ItemKeys) -> Text | None:
        """The name of the feature."""
        feature = part_of(design.features, item.feature)
        return feature.title if feature else None


KIND = FeaturePair(
    id="kano",
    needs=keys("feature"),
    roles=("functional", "dysfunctional"),
    low=1,
    high=5,
    has_own_subject=True,
    steps=("kano.answer_like", "kano.answer_must", "kano.answer_neutral", "kano.answer_live", "kano.answer_dislike"),
)
