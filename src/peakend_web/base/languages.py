"""The languages of the application, which Django and the library name differently: `zh-hant` there is
`zh-Hant` here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.conf import settings

from peakend.terms import LANGUAGES, Lang

CODES: Final[Mapping[Lang, str]] = MappingProxyType({lang: lang.lower() for lang in LANGUAGES})
"""Django's name of each."""
LANGS: Final[Mapping[str, Lang]] = MappingProxyType({code: lang for lang, code in CODES.items()})
"""The library's name, by Django's."""
NAMES: Final[Mapping[Lang, str]] = MappingProxyType({LANGS[code]: str(name) for code, name in settings.LANGUAGES})
"""What each is called by those who speak it."""
