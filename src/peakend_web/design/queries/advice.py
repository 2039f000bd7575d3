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
from peakend.service.edits.kinds import WHOLE, kind_of_list, kinds
from peakend.service.edits.names import id_of, kind_of, of_kind
from peakend.terms import LANGUAGES, Lang, label, vocabulary
from peakend_web.base.languages import NAMES, reader_language
from peakend_web.design.queries import title_of

MISSING: Final = "document.language_missing"
NOT_SAID: Final = frozenset({"journeys", "stages"})
"""Parts that are named where a finding is about them, and not where it is about what stands in them."""


@dataclass(frozen=True)
class Finding:
    """One finding in words: what, where, what to do; the id of the touchpoint that it is about, if any, and the names
    of the parts that it is in, the innermost last.
    """

    what: str
    do: str
    place: str
    touchpoint: str = ""
    parts: Sequence[str] = ()


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
        [finding_of(working, problem, lang) for problem in problems if problem.level == "error"],
        [finding_of(working, each, lang) for each in problems if each.level == "advice" and each.id != MISSING],
        [
            MissingWords(
                code, NAMES[code], [finding_of(working, each, lang) for each in absent if code in _languages(each)]
            )
            for code in LANGUAGES
            if code in working.data["languages"]
        ],
    )


def _languages(problem: Problem) -> list[str]:
    """The languages in which a text is missing."""
    return str(problem.fields["languages"]).split(", ")


def finding_of(working: WorkingDocument, problem: Problem, lang: Lang) -> Finding:
    """A problem in the reader's words, with the parts that it is in called by their titles in a language."""
    reader, (around, keys) = reader_language(), _parts_around(working, problem.path.split("/"))
    points = of_kind("touchpoints", around)
    named = [name for name in around if kind_of(name) not in NOT_SAID] or around[-1:]
    titles = [title_of(working.held(name).data, lang) for name in named]
    place = " · ".join([*titles, *map(_key_name, keys)])
    return Finding(problem.message(reader), problem.hint(reader), place, id_of(points[0]) if points else "", around)


def _parts_around(working: WorkingDocument, keys: list[str]) -> tuple[list[str], list[str]]:
    """The names of the parts that a path by ids leads through, and the keys from the last of them on."""
    names: list[str] = []
    while len(keys) > 1 and (kind := kinds().get(kind_of_list(keys[0]))):
        name = kind.name_of({kind.identity: keys[1]}, names[-1] if names else WHOLE)
        if not working.has(name):
            break
        names, keys = [*names, name], keys[2:]
    return names, keys


def _key_name(key: str) -> str:
    """What a key is called; an id is itself."""
    term = f"part.{key}"
    return label(term, reader_language()) if term in vocabulary() else key
