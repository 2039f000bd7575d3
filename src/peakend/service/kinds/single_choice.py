"""One of several options; what tells people apart fills a segment column."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.service.questions import AnswerField, Asking, Design, ItemKeys, Kind, keys


class SingleChoice(Kind):
    """One field; the number in the facts is the place of the option, the text its id."""

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """The field with its options."""
        del design, survey
        options = tuple(option.id for option in item.options)
        yield self.answer_field(
            item, "choice", low=1.0, high=float(max(2, len(options))), options=options, segment=item.segment
        )


KIND = SingleChoice(
    id="single_choice", needs=keys("wording options"), may=keys("segment shuffle"), roles=("choice",), is_numeric=False
)
