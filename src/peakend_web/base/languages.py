"""The languages of the application, which Django and the library name differently: `zh-hant` there is `zh-Hant` here.

The settings read this too, so nothing here needs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.translation import get_language, get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from peakend.terms import LANGUAGE_NAMES, LANGUAGES, Lang

NAMES: Final = LANGUAGE_NAMES
"""What each is called by those who speak it."""
SHORT_NAMES: Final[Mapping[Lang, str]] = MappingProxyType({"en": "EN", "zh-Hant": "繁", "zh-Hans": "简"})
"""The same in one or two characters."""
CODES: Final[Mapping[Lang, str]] = MappingProxyType({lang: lang.lower() for lang in LANGUAGES})
"""Django's name of each."""
LANGS: Final[Mapping[str, Lang]] = MappingProxyType({code: lang for lang, code in CODES.items()})
"""The library's name, by Django's."""
BETWEEN_SENTENCES: Final[Mapping[Lang, str]] = MappingProxyType({"en": " ", "zh-Hant": "", "zh-Hans": ""})
"""What stands between two sentences. Between the names of a list stands `gettext(", ")`."""


def reader_language() -> Lang:
    """The language of this request, by the library's name of it."""
    return LANGS.get(get_language() or "en", "en")


def accepted_language(header: str) -> Lang:
    """The language of an Accept-Language header."""
    for code, _quality in parse_accept_lang_header(header):
        try:
            return LANGS[get_supported_language_variant(code)]
        except LookupError:
            continue
    return "en"
