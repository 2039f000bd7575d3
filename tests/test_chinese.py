"""繁體 as Taipei writes it and 简体 as Shanghai does: no word, mark or missing space that says it was written for the
other, or by a converter.
"""

from __future__ import annotations

import pytest

from peakend.terms import Lang
from tests.chinese import CHINESE, FORBIDDEN, Said, english, everything, foreign_words, habits, wrong_marks

# Texts that show what is to be typed: their half-width marks are YAML's or Python's, not prose.
SHOWS_WHAT_TO_TYPE = (
    "errors.toml document.not_map",
    "errors.toml ratings.mixed_scales",
    "errors.toml mapping.no_column",
    "errors.toml periods.",
)


RIGHT_AT_A_BANK = {"客戶", "(?<!银行)网点"}
"""A bank of Taipei calls those whom it serves 客戶, one of Shanghai its branches 网点."""


@pytest.fixture(scope="module")
def said() -> list[Said]:
    return everything()


def test_no_word_of_the_other_shore_is_used(said: list[Said]) -> None:
    found = [(one.where, one.text, word) for one in said for word in foreign_words(one.text, one.lang)]
    assert [one for one in found if not (one[0].startswith("bank.yaml ") and one[2] in RIGHT_AT_A_BANK)] == []


def test_punctuation_is_full_width_quotes_are_the_scripts_own_and_a_space_stands_between_han_and_latin(
    said: list[Said],
) -> None:
    checked = (one for one in said if not one.where.startswith(SHOWS_WHAT_TO_TYPE))
    found = [(one.where, one.text, marks) for one in checked if (marks := wrong_marks(one.text, one.lang))]
    assert found == []


def test_the_lint_reads_every_place_where_chinese_is_written(said: list[Said]) -> None:
    """Each source gives texts in both, so that none can fall silent unseen."""
    sources = (
        "zh_Hans: ",
        "zh_Hant: ",
        "terms.toml ",
        "errors.toml ",
        "airport.service.yaml ",
        "kiosk.service.yaml ",
        "hospital.yaml ",
        "express-12.yaml ",
        "nps.py:",
        "words.py:",
    )
    read = {(source, one.lang) for one in said for source in sources if one.where.startswith(source)}
    assert read == {(source, lang) for source in sources[2:] for lang in CHINESE} | {
        ("zh_Hans: ", "zh-Hans"),
        ("zh_Hant: ", "zh-Hant"),
    }


@pytest.mark.parametrize("lang", CHINESE)
def test_what_is_written_instead_is_itself_allowed(lang: Lang) -> None:
    assert {right for right in FORBIDDEN[lang].values() if foreign_words(right, lang)} == set()


def test_planted_words_and_marks_are_found() -> None:
    assert foreign_words("服務質量的數據", "zh-Hant") == {"質量(?!表)": "品質", "(?<!行動)數據(?!機)": "資料"}
    assert foreign_words("服务品质的资料", "zh-Hans") == {"品质": "质量", "资料": "数据"}
    assert foreign_words("每個接觸點的品質", "zh-Hant") == foreign_words("每个触点的质量", "zh-Hans") == {}
    assert foreign_words("每個觸點", "zh-Hant") == {"(?<!接)觸點": "接觸點"}
    assert wrong_marks("好,請看Excel檔（99 %）", "zh-Hant") == ["好,", "看E", "l檔", "9 %"]
    assert wrong_marks("「好」", "zh-Hans") == ["「", "」"]
    assert wrong_marks("“好”", "zh-Hant") == ["“", "”"]
    assert wrong_marks("匯出 2,831 筆（CSV），共 95% 的「回答」。", "zh-Hant") == []


def test_english_is_written_in_everyday_words() -> None:
    found = [(one.where, one.text, words) for one in english() if (words := habits(one.text))]
    assert found == []


def test_the_english_that_is_checked_comes_from_every_place_where_it_is_written() -> None:
    sources = (
        "django.po: ",
        "terms.toml ",
        "errors.toml ",
        "airport.service.yaml ",
        "kiosk.service.yaml ",
        "nps.py:",
        "words.py:",
    )
    read = {source for one in english() for source in sources if one.where.startswith(source)}
    assert read == set(sources)


def test_planted_habits_are_found_and_plain_words_are_not() -> None:
    assert habits("Mend the line; 95 % of answers are alike.") == {
        r"\bmend(s|ed|ing)?\b": "fix, correct",
        r"\balike\b": "the same, equally",
        r"\d %": "95%, without a space",
    }
    assert habits("Recommend it: 95% of the answers are the same.") == {}
