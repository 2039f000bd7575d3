from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import translation

from peakend.terms import LANGUAGES
from peakend_web.base.languages import CODES, LANGS, NAMES, SHORT_NAMES, accepted_language, reader_language
from peakend_web.models import Language


def test_each_language_of_the_library_has_its_code_and_its_names_and_the_settings_and_people_have_no_other() -> None:
    assert [list(each) for each in (CODES, NAMES, SHORT_NAMES)] == [list(LANGUAGES)] * 3
    assert [LANGS[code] for code, _ in settings.LANGUAGES] == list(LANGUAGES)
    assert [code for code, _ in Language.choices] == [code for code, _ in settings.LANGUAGES]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_readers_language_is_that_of_the_request(lang: str) -> None:
    with translation.override(lang.lower()):
        assert reader_language() == lang


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("de, zh-Hant;q=0.5", "zh-Hant"),
        ("en-GB", "en"),
        ("de", "en"),
        ("", "en"),
        (";;q=,", "en"),
    ],
)
def test_a_browser_is_answered_in_the_first_of_its_languages_that_we_speak(header: str, lang: str) -> None:
    assert accepted_language(header) == lang
