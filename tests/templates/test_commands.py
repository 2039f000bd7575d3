"""`peakend service templates` and `peakend service new`, as one types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from peakend.cli import main
from peakend.service import check, load
from peakend.templates import IDS


def test_the_templates_are_listed_by_their_industry_for_people_and_for_programs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["service", "templates", "--lang", "zh-Hant"]) == 0
    listed = capsys.readouterr().out
    assert all(id in listed for id in IDS)
    assert "醫院門診" in listed
    assert main(["service", "templates", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in told] == list(IDS)
    assert told[0] == {
        "id": "hospital",
        "industry": "hospital",
        "titles": {"en": "Hospital outpatient clinic", "zh-Hant": "醫院門診", "zh-Hans": "医院门诊"},
    }


def test_a_hotel_begins_in_two_languages_and_nothing_is_wrong_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine.yaml"
    words = ["service", "new", "--template", "hotel", "--out", str(out), "--languages", "zh-Hant,en", "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["template"], told["languages"], told["touchpoints"]) == ("hotel", ["zh-Hant", "en"], 16)
    assert check(out) == []
    assert load(out).languages == ("zh-Hant", "en")


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine.yaml"
    out.write_text("an afternoon's work", encoding="utf-8")
    assert main(["service", "new", "--template", "hotel", "--out", str(out)]) == 2
    assert "mine.yaml" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "an afternoon's work"


def test_it_says_that_what_stands_there_are_proposals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine.json"
    assert main(["service", "new", "--template", "bank", "--out", str(out)]) == 0
    assert "proposals" in capsys.readouterr().out
    assert load(out).service == "bank"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--template", "hotl", "--out", "x.yaml"], "hotl"),
        (["--template", "hotel", "--out", "x.pdf"], ".pdf"),
        (["--template", "hotel", "--out", "x.yaml", "--languages", "fr"], "fr"),
        (["--template", "hotel"], "--out"),
        (["--template", "hotel", "--out", "no-such-folder/x.yaml"], "no-such-folder"),
    ],
)
def test_what_cannot_be_begun_is_refused_in_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["service", "new", *words]) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
