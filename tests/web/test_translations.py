"""The interface in three languages: every phrase translated, in its own script, with the same placeholders; and no page
with words of its own.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from tools.messages import APPLICATION, LOCALES, catalogue, phrases

from peakend.terms import LANGUAGES, Lang, wrong_script
from peakend_web.base import languages
from peakend_web.models.people import Language

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
LANG: dict[str, Lang] = {lang.replace("-", "_"): lang for lang in LANGUAGES}


@pytest.fixture(scope="module")
def wanted() -> set[tuple[str | None, str]]:
    return {(context, phrase) for context, phrase, _ in phrases()}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_phrase_of_templates_and_code_is_in_the_translation_file(
    locale: str, wanted: set[tuple[str | None, str]]
) -> None:
    held = {(entry.msgctxt, entry.msgid) for entry in catalogue(locale)}
    assert held == wanted, "run: make messages, then translate what is new"


@pytest.mark.parametrize("locale", LOCALES)
def test_no_phrase_is_left_in_english_or_empty(locale: str) -> None:
    empty = [entry.msgid for entry in catalogue(locale) if not entry.translated()]
    # A phrase that is as it was, or Chinese without a Han character, was left in English, unless it is a name or a
    # formula that has no words.
    worded = [entry for entry in catalogue(locale) if re.search(r"[a-z]{4}", PLACEHOLDER.sub("", entry.msgid))]
    told = r"[㐀-鿿]" if locale.startswith("zh") else r"."
    english = [entry.msgid for entry in worded if not re.search(told, "".join(texts(entry)).replace(entry.msgid, ""))]
    assert (empty, [text for text in english if text not in NAMES]) == ([], [])


@pytest.mark.parametrize("locale", LOCALES)
def test_no_phrase_is_written_in_the_other_script_or_loses_a_placeholder(locale: str) -> None:
    wrong = [
        (entry.msgid, text) for entry in catalogue(locale) for text in texts(entry) if wrong_script(text, LANG[locale])
    ]
    lost = [
        (entry.msgid, text)
        for entry in catalogue(locale)
        for text in texts(entry)
        if sorted(set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))) != sorted(set(PLACEHOLDER.findall(text)))
    ]
    assert (wrong, lost) == ([], [])


@pytest.mark.parametrize(("language", "saved"), [("zh-hant", "已儲存。"), ("zh-hans", "已保存。"), ("en", "Saved.")])
def test_django_speaks_each_language_from_its_own_file(language: str, saved: str) -> None:
    with translation.override(language):
        assert translation.gettext("Saved.") == saved


@pytest.mark.django_db
@pytest.mark.parametrize("language", languages.LANGS)
def test_the_choice_of_languages_names_each_in_itself(client: Client, language: str) -> None:
    page = client.get("/sign-in/", headers={"accept-language": language}).content.decode()
    assert re.findall(r'name="language" value="(.*?)" lang="(.*?)".*?>(.*?)</button>', page) == [
        (languages.CODES[lang], lang, languages.NAMES[lang]) for lang in LANGUAGES
    ]


TEMPLATES = sorted((APPLICATION / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_page_has_no_words_outside_the_translations(path: Path) -> None:
    assert own_words(path.read_text(encoding="utf-8")) == []


def test_words_of_its_own_are_found_in_text_and_in_attributes() -> None:
    page = (
        '{% translate "Save" %}<p>Sorry, {{ name }}!</p><img alt="A map">{% blocktranslate %}One{% plural %}Two{% '
        "endblocktranslate %}"
    )
    assert own_words(page) == ["A map", "Sorry"]


NOT_SHOWN = re.compile(
    r"""(?sx)
    \{%\ block\ (?:main_class|sends)\ %\}.*?\{%\ endblock\ %\}  # within a tag: a style, where a form goes
    | \{%\s*blocktranslate.*?endblocktranslate\s*%\}      # translated
    | \{%\s*comment.*?endcomment\s*%\} | \{\#.*?\#\}
    | \{%.*?%\} | \{\{.*?\}\}
    """
)


def own_words(page: str) -> list[str]:
    """The words of a template that no translation covers: between the tags, and in the attributes that are read out or
    shown.
    """
    page = NOT_SHOWN.sub(" ", page)
    page = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>|<!--.*?-->", " ", page)
    shown = re.findall(r"""\b(?:alt|title|placeholder|aria-label)=["']([^"']*)""", page)
    between = re.sub(r"(?s)<[^>]*>", "\n", page).splitlines()
    found = {word.strip(" ,.:!?·–—") for word in [*shown, *between]}
    return sorted(word for word in found if re.search(r"[A-Za-z]{2}", word) and word not in NAMES)


def texts(entry: object) -> list[str]:
    plural = getattr(entry, "msgstr_plural", None)
    return list(plural.values()) if plural else [str(getattr(entry, "msgstr", ""))]


NAMES = {"Peakend", "English", "YAML"}


ALWAYS_MANY = {
    "%(n)s of %(all)s are clearly below what customers expect; none is clearly lower than all the others.",
    "“%(gap)s” or gap 5 is the same at all %(n)s sites, so nothing can go with it.",
    "The %(score)s is known to ± %(margin)s points already, from %(n)s answers.",
    "± %(margin)s points: %(answers)s answers in all",
    "The newest %(shown)s are shown.",
}
"""The number is never one: a part of several, or as many as a comparison needs."""
NOT_COUNTED = {"as", "is", "was", "its", "this", "has", "changes", "points", "ms"}
COUNTED_NOUN = re.compile(
    r"(?:%\((?!needed|need|least|most|people|step|who)\w+\)s|\{\w*\}) (?:[a-z]+ )?([a-z]+s|people|are|have)\b"
)
"""A number and what it counts; least sizes, limits, and people who are released together, are always several."""


def test_a_number_before_a_noun_has_a_singular_too() -> None:
    single = [
        entry.msgid for entry in catalogue("zh_Hant") if not entry.msgid_plural and entry.msgid not in ALWAYS_MANY
    ]
    assert [text for text in single if any(noun not in NOT_COUNTED for noun in COUNTED_NOUN.findall(text))] == []


def test_settings_accounts_and_the_library_have_the_same_languages() -> None:
    assert list(settings.LANGUAGES) == Language.choices
    assert dict(settings.LANGUAGES) == {languages.CODES[lang]: languages.NAMES[lang] for lang in LANGUAGES}
