"""What a service begins with: the template of an industry, or a first service of four touchpoints, which can be saved,
and its survey published, as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, reduce
from pathlib import Path
from typing import Any, Final

from peakend.documents.parts import is_words
from peakend.service.document import as_data, loads
from peakend.templates import in_languages, template
from peakend.terms import Lang

STARTER: Final = "our-service"
"""The id of the service to begin from."""


@cache
def starter(lang: Lang) -> str:
    """The service to begin from, in one language."""
    return Path(__file__).with_name(f"{lang}.yaml").read_text(encoding="utf-8")


def starter_data(languages: Sequence[Lang]) -> Any:
    """The service to begin from as plain data, with its words in these languages."""
    return reduce(_merge, (_starter_data(lang) for lang in languages)) | {"languages": list(languages)}


@cache
def _starter_data(lang: Lang) -> Any:
    return as_data(loads(starter(lang)))


def _merge(one: Any, other: Any) -> Any:
    """Two documents of one shape, with the words of both."""
    if isinstance(one, dict):
        if is_words(one):
            return one | other
        return {key: _merge(value, other[key]) for key, value in one.items()}
    return [_merge(*pair) for pair in zip(one, other, strict=True)] if isinstance(one, list) else one


def template_data(id: str, languages: Sequence[Lang]) -> Any:
    """The template of an industry as plain data, with its words in these languages."""
    return in_languages(_template_data(id), languages)


@cache
def _template_data(id: str) -> Any:
    return as_data(template(id))
