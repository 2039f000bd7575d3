"""What `check` says of a draft, each finding with the page on which it is mended; and how many words are missing in
each language, which are the same findings, counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from peakend.documents.problems import Problem
from peakend.service.check import check
from peakend.service.document import of_data
from peakend.service.edits import WorkingDocument
from peakend.service.edits.names import name_of
from peakend.terms import LANGUAGES, Lang, label, vocabulary
from peakend_web.base.languages import NAMES, reader_language

from .cells import words_of

MISSING: Final = "document.language_missing"


@dataclass(frozen=True)
class Finding:
    """One finding in words: what, where, what to do; and the id of the touchpoint that it is about, if any."""

    what: str
    do: str
    place: str
    touchpoint: str = ""


@dataclass(frozen=True)
class MissingWords:
    """Words that a language lacks: how many, and at which places the first of them."""

    lang: Lang
    name: str
    places: Sequence[Finding]

    @property
    def count(self) -> int:
        """How many texts are missing."""
        return len(self.places)


@dataclass(frozen=True)
class Advice:
    """All findings: what hinders publishing, what would be better otherwise, and missing words by language."""

    errors: Sequence[Finding]
    better: Sequence[Finding]
    missing: Sequence[MissingWords]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.errors or self.better or any(each.count for each in self.missing))


def advice_on(working: WorkingDocument, lang: Lang) -> Advice:
    """What `check` says of the document as it is now; touchpoints are called by their titles in a language."""
    problems = check(of_data(working.data))
    absent = [problem for problem in problems if problem.id == MISSING]
    return Advice(
        [_finding(working, problem, lang) for problem in problems if problem.level == "error"],
        [_finding(working, each, lang) for each in problems if each.level == "advice" and each.id != MISSING],
        [
            MissingWords(
                code, NAMES[code], [_finding(working, each, lang) for each in absent if code in _languages(each)]
            )
            for code in LANGUAGES
            if code in working.data["languages"]
        ],
    )


def _languages(problem: Problem) -> list[str]:
    """The languages in which a text is missing."""
    return str(problem.fields["languages"]).split(", ")


def _finding(working: WorkingDocument, problem: Problem, lang: Lang) -> Finding:
    reader, keys = reader_language(), problem.path.split("/")
    at = keys.index("touchpoints") + 1 if "touchpoints" in keys[:-1] else 0
    point = keys[at] if at and working.has(name_of("touchpoints", keys[at])) else ""
    said = problem.message(reader), problem.hint(reader)
    if not point:
        return Finding(*said, problem.path)
    title = words_of(working.value(name_of("touchpoints", point), "title"), lang)[0].text
    return Finding(*said, " · ".join([title, *map(_key_name, keys[at + 1 :])]), point)


def _key_name(key: str) -> str:
    """What a key of a touchpoint is called; an id is itself."""
    term = f"part.{key}"
    return label(term, reader_language()) if term in vocabulary() else key
