"""The words: three languages, whole, each in its own script, with the same fields in each."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from peakend.errors import FactsError, catalogue
from peakend.terms import LANGUAGES, Lang, Words, vocabulary, wrong_script

SOURCE = Path(__file__).parents[1] / "src"


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("id", sorted(catalogue()))
def test_an_error_says_what_and_what_to_do_in_three_languages_with_the_same_fields(id: str) -> None:
    entry = catalogue()[id]
    assert set(entry) == set(LANGUAGES)
    fields = {lang: fields_of(words["what"]) | fields_of(words["do"]) for lang, words in entry.items()}
    assert fields["zh-Hant"] == fields["en"] == fields["zh-Hans"]
    assert all(words[part].strip() for words in entry.values() for part in ("what", "do"))


def test_every_error_of_the_catalogue_is_raised_somewhere_and_every_raised_id_is_in_the_catalogue() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    unused = {id for id in catalogue() if f'"{id}"' not in code}
    assert unused == set()


def phrases() -> list[tuple[str, Lang, str]]:
    found: list[tuple[str, Lang, str]] = []
    for id, term in vocabulary().items():
        for words in (term.name, term.definition):
            if isinstance(words, Words):
                found += [(id, lang, words[lang]) for lang in LANGUAGES]
    for id, entry in catalogue().items():
        found += [(id, lang, entry[lang][part]) for lang in LANGUAGES for part in ("what", "do")]
    return found


def test_no_phrase_is_empty_and_none_is_written_in_the_other_script() -> None:
    wrong = [(id, lang, text) for id, lang, text in phrases() if not text.strip() or wrong_script(text, lang)]
    assert wrong == []


def test_the_script_check_itself_finds_a_planted_character() -> None:
    assert wrong_script("這個问题", "zh-Hant") == {"问", "题"}
    assert wrong_script("这个問題", "zh-Hans") == {"問", "題"}
    assert wrong_script("顧客的話", "zh-Hant") == set()
    assert wrong_script("顾客的话", "zh-Hans") == set()
    assert wrong_script("A 題", "en") == {"題"}


def test_a_number_in_an_error_is_followed_by_its_singular_or_its_plural() -> None:
    said = [FactsError("facts.weight_negative", count=count, weight=-1, response="r1").message() for count in (1, 2)]
    assert [text.partition(";")[0] for text in said] == [
        "1 answer has a negative weight",
        "2 answers have a negative weight",
    ]
