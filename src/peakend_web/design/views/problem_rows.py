"""Problems of a document as pages list them."""

from __future__ import annotations

from collections.abc import Iterable

from peakend.documents.problems import Problem
from peakend_web.base.languages import reader_language


def problem_rows(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Each with its place, what is wrong there, and what to do."""
    lang = reader_language()
    return [{"at": one.place(lang), "what": one.message(lang), "do": one.hint(lang)} for one in problems]
