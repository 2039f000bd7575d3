"""Photos that somebody takes of what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from peakend.service.questions import AnswerField, Asking, Design, ItemKeys, Kind, keys

USUAL_MOST: Final = 3


class Photos(Kind):
    """One field for all of them. In the facts stands how many there are, in the role of a choice, so that no method
    takes it for a score; the pictures are files apart.
    """

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """The field with how many it takes."""
        del design, survey
        yield self.answer_field(item, item.role or "choice", files=item.most or USUAL_MOST)


KIND = Photos(id="photo", may=keys("most"), roles=("choice",), is_numeric=False, seconds=20)
