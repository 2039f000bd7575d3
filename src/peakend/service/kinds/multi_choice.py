"""Any of several options."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.service.questions import AnswerField, Asking, Design, ItemKeys, Kind, keys


class MultiChoice(Kind):
    """One field for each option: yes or no."""

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """A field for each option."""
        del design, survey
        for option in item.options:
            yield self.option_field(item, "choice", option, construct=option.id, low=0.0, high=1.0)


KIND = MultiChoice(
    id="multi_choice", needs=keys("wording options"), may=keys("segment shuffle"), roles=("choice",), is_numeric=False
)
