"""The words: three languages, whole, each in its own script, with the same fields in each."""

from __future__ import annotations

import ast
import string
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TypeGuard

import pytest

import peakend_web  # noqa: F401 — it adds its catalogue
from peakend import errors
from peakend.errors import FactsError, catalogue
from peakend.terms import LANGUAGES, Lang, Words, vocabulary, wrong_script
from tests.imports import SOURCE, TREES, top


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("id", sorted(catalogue()))
def test_an_error_says_what_and_what_to_do_in_three_languages_with_the_same_fields(id: str) -> None:
    entry = catalogue()[id]
    assert set(entry) == set(LANGUAGES)
    fields = {lang: fields_of(words["what"]) | fields_of(words["do"]) for lang, words in entry.items()}
    assert fields == dict.fromkeys(LANGUAGES, fields["en"])
    assert all(words[part].strip() for words in entry.values() for part in ("what", "do"))


CATALOGUES = {
    package: frozenset(tomllib.loads((SOURCE / package / path).read_text(encoding="utf-8")))
    for package, path in (("peakend", "errors.toml"), ("peakend_web", "base/errors.toml"))
}
"""The ids of the library's catalogue, and those of the application's."""


def error_classes() -> set[str]:
    """The names of PeakendError and of all that is made of it."""
    classes = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    names: set[str] = {"PeakendError"}
    while more := {c.name for c in classes if {ast.unparse(base) for base in c.bases} & names} - names:
        names |= more
    return names


def raised(package: str) -> set[str]:
    """The ids with which errors are made in a package, as far as they are written there as they are."""
    names = error_classes()
    calls = [
        node
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if top(module) == package and isinstance(node, ast.Call) and node.args
        if ast.unparse(node.func).rpartition(".")[2] in names
    ]
    return {str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)}


def written(package: str) -> set[str]:
    """All ids that stand somewhere in the code of a package."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (SOURCE / package).rglob("*.py"))
    return {id for id in catalogue() if f'"{id}"' in code}


def test_both_catalogues_are_read_and_no_id_stands_in_both() -> None:
    assert set(catalogue()) == CATALOGUES["peakend"] | CATALOGUES["peakend_web"]
    assert CATALOGUES["peakend"] & CATALOGUES["peakend_web"] == set()


def test_every_id_that_the_library_raises_is_in_its_own_catalogue_and_none_of_it_is_unused() -> None:
    assert raised("peakend") - CATALOGUES["peakend"] == set()
    assert CATALOGUES["peakend"] - written("peakend") == set()
    assert len(raised("peakend")) > 200


def test_every_id_that_the_application_raises_is_in_a_catalogue_and_none_of_its_own_is_unused() -> None:
    assert raised("peakend_web") - set(catalogue()) == set()
    assert CATALOGUES["peakend_web"] - written("peakend_web") == set()
    assert CATALOGUES["peakend_web"] & written("peakend") == set()
    assert len(raised("peakend_web")) > 80


def test_an_id_that_stands_in_two_catalogues_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "errors.toml"
    own.write_text('["facts.column_missing"]\nen.what = "Another."\n', encoding="utf-8")
    monkeypatch.setattr(errors, "_catalogues", [*errors._catalogues, own])
    with pytest.raises(ValueError, match=r"in two catalogues of errors: facts\.column_missing"):
        catalogue.__wrapped__()


def test_every_process_of_the_application_knows_its_words_from_the_first_import() -> None:
    code = "import peakend_web; from peakend.errors import PeakendError; print(PeakendError('web.busy', seconds=2))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("[web.busy] ")


def test_whatever_is_noted_on_reading_a_file_has_its_words() -> None:
    notes = {
        str(node.args[0].value)
        for module in TREES
        if module.startswith("peakend.formats.")
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Note" and isinstance(node.args[0], ast.Constant)
    }
    assert notes - vocabulary().keys() == set(), "its words in src/peakend/terms.toml"
    assert "note.read_parquet" in notes


def language_gaps(module: str, tree: ast.Module) -> list[str]:
    """Where something is said in several languages and not in all of them."""
    missing = [
        (node.lineno, [lang for lang in LANGUAGES if lang not in {key.value for key in node.keys if _is_text(key)}])
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict) and sum(_is_text(key) and key.value in LANGUAGES for key in node.keys) > 1
    ]
    return [f"{module}:{line} says nothing in {', '.join(langs)}" for line, langs in missing if langs]


def _is_text(key: ast.expr | None) -> TypeGuard[ast.Constant]:
    return isinstance(key, ast.Constant) and isinstance(key.value, str)


BY_DEFAULT = "peakend_web.base.forms"
"""There a language that is not named has a default."""


def test_whatever_is_said_in_several_languages_is_said_in_all_of_them() -> None:
    modules = [name for name in TREES if name != BY_DEFAULT and "zh-Han" in TREES.text(name)]
    assert [line for name in modules for line in language_gaps(name, TREES[name])] == []
    assert len(modules) > 40


def test_a_planted_sentence_that_lacks_a_language_is_found() -> None:
    planted = ast.parse(f"{dict.fromkeys([lang for lang in LANGUAGES if lang != 'zh-Hant'], 'Hello')}[lang]")
    assert language_gaps("attic", planted) == ["attic:1 says nothing in zh-Hant"]


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
