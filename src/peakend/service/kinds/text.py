"""Words that somebody writes, by themselves or to explain an earlier answer."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.service.questions import AnswerField, Asking, Design, ItemKeys, Kind, keys


class Comment(Kind):
    """What explains an answer is about the same as that answer."""

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """One field, about the touchpoint of what it explains."""
        del design
        explained = next((each for each in survey.items if each.id == item.about), None)
        touchpoint = item.touchpoint or (explained and explained.touchpoint)
        of_the_whole = touchpoint is None and explained is not None and explained.spec.judges_the_whole(explained)
        yield self.answer_field(item, item.role or "comment", touchpoint=touchpoint, of_the_whole=of_the_whole)


KIND = Comment(
    id="text",
    may=keys("about probe_low probe_high longest"),
    roles=("comment",),
    is_numeric=False,
    is_written=True,
    seconds=15,
)
