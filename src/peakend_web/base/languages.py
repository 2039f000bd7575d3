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
_WRITTEN: Final[Mapping[Lang, tuple[str, ...]]] = MappingProxyType(
    {
        "en": ("en", "eng", "english", "英文", "英語", "英语"),
        "zh-Hant": (
            "zh-hant",
            "zh-tw",
            "zh-hk",
            "tw",
            "繁",
            "繁中",
            "繁體",
            "繁体",
            "繁體中文",
            "繁体中文",
            "正體中文",
        ),
        "zh-Hans": (
            "zh-hans",
            "zh-cn",
            "zh-sg",
            "cn",
            "简",
            "簡",
            "简中",
            "簡中",
            "简体",
            "簡體",
            "简体中文",
            "簡體中文",
        ),
    }
)
"""How people write a language in a list."""
_BY_WRITTEN: Final = {written: lang for lang, several in _WRITTEN.items() for written in several}


def reader_language() -> Lang:
    """The language of this request, by the library's name of it."""
    return LANGS.get(get_language() or "en", "en")


def written_language(written: str) -> Lang | None:
    """The language that somebody wrote into a list, by a code or a name; none where it is not one of ours."""
    return _BY_WRITTEN.get(written.strip().replace("_", "-").casefold())


def accepted_language(header: str) -> Lang:
    """The language of an Accept-Language header."""
    for code, _quality in parse_accept_lang_header(header):
        try:
            return LANGS[get_supported_language_variant(code)]
        except LookupError:
            continue
    return "en"
