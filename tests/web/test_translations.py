"""The interface in three languages: every phrase translated, in its own script, with the same placeholders."""

from __future__ import annotations

import re

import pytest
from tools.messages import LOCALES, catalogue, phrases

from peakend.terms import Lang, wrong_script

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
LANG: dict[str, Lang] = {"zh_Hant": "zh-Hant", "zh_Hans": "zh-Hans"}


@pytest.fixture(scope="module")
def wanted() -> set[tuple[str | None, str]]:
    return {(context, phrase) for context, phrase, _ in phrases()}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_phrase_of_templates_and_code_is_in_the_translation_file(locale: str, wanted: set[tuple[str | None, str]]) -> None:
    held = {(entry.msgctxt, entry.msgid) for entry in catalogue(locale)}
    assert held == wanted, "run: make messages, then translate what is new"


@pytest.mark.parametrize("locale", LOCALES)
def test_no_phrase_is_left_in_english_or_empty(locale: str) -> None:
    empty = [entry.msgid for entry in catalogue(locale) if not entry.translated()]
    # A phrase without a Han character was left in English, unless it is a name or a formula that has no words.
    english = [entry.msgid for entry in catalogue(locale) if re.search(r"[a-z]{4}", entry.msgid) and not re.search(r"[㐀-鿿]", "".join(texts(entry)))]
    assert (empty, [text for text in english if text not in NAMES]) == ([], [])


@pytest.mark.parametrize("locale", LOCALES)
def test_no_phrase_is_written_in_the_other_script_or_loses_a_placeholder(locale: str) -> None:
    wrong = [(entry.msgid, text) for entry in catalogue(locale) for text in texts(entry) if wrong_script(text, LANG[locale])]
    lost = [
        (entry.msgid, text)
        for entry in catalogue(locale)
        for text in texts(entry)
        if sorted(set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))) != sorted(set(PLACEHOLDER.findall(text)))
    ]
    assert (wrong, lost) == ([], [])


def texts(entry: object) -> list[str]:
    plural = getattr(entry, "msgstr_plural", None)
    return list(plural.values()) if plural else [str(getattr(entry, "msgstr", ""))]


NAMES = {"Peakend", "English"}
