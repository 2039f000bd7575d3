"""Several questions on one scale, one below another."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.service.questions import AnswerField, Asking, Design, ItemKeys, Kind, Row, keys


class Matrix(Kind):
    """One field for each row. In the facts a row is a question by itself, for several may measure one construct."""

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """A field for each row."""
        del design, survey
        for row, name in zip(item.rows, self.questions(item), strict=True):
            asked = _question_of(item, row)
            yield self.answer_field(asked, asked.role or "score", row.id, label=row.title, question=name)

    def questions(self, item: ItemKeys) -> tuple[str, ...]:
        """Its rows, as their fields are called."""
        return tuple(f"{item.id}.{row.id}" for row in item.rows)


def _question_of(item: ItemKeys, row: Row) -> ItemKeys:
    """The item as it asks one row: about what the row names, else about what the item does, else about the row."""
    measures = row.measures or row.touchpoint or item.measures or item.touchpoint or row.id
    own = {"measures": measures, "touchpoint": row.touchpoint or item.touchpoint, "role": row.role or item.role}
    return item.model_copy(update=own)


KIND = Matrix(id="matrix", needs=keys("wording rows"), may=keys("scale look not_used shuffle"), low=1, high=5)
