"""Words in braces of an instrument, and what is put in their place when it is used for a service."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from peakend.documents.parts import Text, is_words
from peakend.terms import Lang

Values = Mapping[str, Any]
"""What stands for each word in braces: an id, words by language (`Text`), or plain data; None drops the key."""
_PLACE: Final = re.compile(r"\{(\w+)\}")
NAMED: Final = frozenset({"options", "rows"})
"""Keys whose parts stand there with their names; under every other key a list of parts is a list of their ids."""


def filled(data: Any, values: Values, languages: Collection[Lang]) -> Any:
    """Plain data with the values in their places, and its words in these languages alone."""
    if is_words(data):
        return {lang: _in_words(text, values, lang) for lang, text in data.items() if lang in languages}
    if isinstance(data, dict):
        inner = {key: _under(key, value, values, languages) for key, value in data.items()}
        return {key: value for key, value in inner.items() if value is not None}
    if isinstance(data, list):
        return [filled(each, values, languages) for each in data]
    return _whole(data, values, languages) if isinstance(data, str) else data


def _under(key: str, value: Any, values: Values, languages: Collection[Lang]) -> Any:
    found = filled(value, values, languages)
    whole = isinstance(value, str) and isinstance(found, list)
    return [part["id"] for part in found] if whole and key not in NAMED else found


def _whole(text: str, values: Values, languages: Collection[Lang]) -> Any:
    """An id, or what stands for the only word in braces, whatever it is."""
    alone = _PLACE.fullmatch(text)
    if alone and alone[1] in values:
        value = values[alone[1]]
        return filled(value.root if isinstance(value, Text) else value, {}, languages)
    return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), text)


def _in_words(text: str, values: Values, lang: Lang) -> str:
    def put(place: re.Match[str]) -> str:
        value = values.get(place[1])
        return value[lang] if isinstance(value, Text) else place[0] if value is None else str(value)

    return _PLACE.sub(put, text)


def places_in(data: Any) -> set[str]:
    """Every word in braces of plain data."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    own = _PLACE.findall(data) if isinstance(data, str) else ()
    return {*own, *(name for each in inner for name in places_in(each))}
