"""Services by industry, as documents that one begins with: eight templates, and published sets of failure weights.

Standards, weights and Kano classes in them are proposals. A template is copied when a service begins with it, and never
changes that service afterwards.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Any, Final

from peakend.documents.parts import Amount, Id, Many, NamedPart, Text, is_words
from peakend.documents.problems import guess
from peakend.documents.source import source_of
from peakend.errors import DocumentError
from peakend.service.document import as_data, dump, loads, of_data
from peakend.service.schema import Failure, ServiceDocument
from peakend.terms import Lang

IDS: Final = ("hospital", "hotel", "restaurant", "bank", "airline", "retail", "telecom", "public")
SETS: Final = ("express-12",)


class IndicatorSet(NamedPart):
    """Failures and what each of them weighs, as somebody has published them."""

    source: Text
    failures: Many[Failure]
    weights: dict[Id, Amount]


@cache
def template(id: str) -> ServiceDocument:
    """The template of an industry. Raises DocumentError `template.unknown`."""
    return loads(template_text(id))


def template_text(id: str) -> str:
    """The template as its authors wrote it, in YAML, with their remarks. Raises DocumentError `template.unknown`."""
    return _text(id, IDS)


def copy_of(id: str, languages: Collection[Lang] | None = None) -> str:
    """A text of one's own to begin with: the template in some of its languages, all where none are named."""
    text = template_text(id)
    service = template(id)
    if languages is None or set(languages) >= set(service.languages):
        return text
    return dump(of_data(in_languages(as_data(service), languages)), base=text)


def in_languages(data: Any, languages: Collection[Lang]) -> Any:
    """A document's plain data with its words in these languages alone, in their order."""
    if isinstance(data, dict):
        if is_words(data):
            return {lang: text for lang, text in data.items() if lang in languages}
        kept = {key: in_languages(value, languages) for key, value in data.items()}
        return kept | ({"languages": list(languages)} if "service" in data else {})
    return [in_languages(value, languages) for value in data] if isinstance(data, list) else data


@cache
def indicator_set(id: str) -> IndicatorSet:
    """A published set of failures and weights. Raises DocumentError `template.unknown`."""
    return IndicatorSet.model_validate(source_of(_text(id, SETS)).root.as_data())


def _text(id: str, known: Collection[str]) -> str:
    if id not in known:
        raise DocumentError("template.unknown", name=id, known=guess(id, known))
    return files(__name__).joinpath(f"{id}.yaml").read_text(encoding="utf-8")
