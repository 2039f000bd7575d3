"""The gap and value methods as a user types them: files in, words and tables out, in three languages."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from peakend import cli
from peakend.facts import Facts
from peakend.terms import wrong_script
from tests.methods.stories import asked_again, branches, five_sided, hotels, tolerated

WEIGHTS = ("--weights", "product=0.5", "service=0.3", "process=0.2", "--reference", "Lin")
ASKED: dict[str, tuple[Callable[[], Any], tuple[str, ...], str]] = {
    "zone": (tolerated, (), "Empathy: perceived 2.74 (adequate 3.85, desired 5.35): less than adequate"),
    "gaps": (
        five_sided,
        ("--dimension", "empathy"),
        (
            "Empathy · gap 1 (knowledge): managers think customers expect less than they do, by 2.43 points, 40% of "
            "the "
            "full scale"
        ),
    ),
    "tracing": (branches, (), "Gap 3 (delivery): accounts for 67% of what gaps 1–4 explain of gap 5"),
    "ratchet": (asked_again, (), "; expectations do fall"),
    "total_value": (hotels, WEIGHTS, "Chen: total value 1.17 times that of Lin"),
}


@pytest.mark.parametrize("lang", ["en", "zh-Hant", "zh-Hans"])
@pytest.mark.parametrize("method", ASKED)
def test_a_manager_reads_the_sentence_and_the_table(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, method: str, lang: Any
) -> None:
    story, options, sentence = ASKED[method]
    code = cli.main([method, written(story(), tmp_path), *options, "--lang", lang])
    out = capsys.readouterr().out
    assert (code, f"{method}/1 · " in out, "nan" in out.lower().split()) == (0, True, False)
    assert (sentence in out) is (lang == "en")
    assert wrong_script("".join(out.splitlines()[:1]), lang) == set()


@pytest.mark.parametrize(
    ("words", "id"),
    [
        (("zone", "sample:kiosk"), "zone.no_levels"),
        (("value", "sample:kiosk", "--floor", "0"), "value.floor"),
        (("gaps", "sample:kiosk", "--where", "respondent_kind=manager"), "gaps.kinds"),
    ],
    ids=" ".join,
)
def test_a_refusal_has_its_name(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], id: str) -> None:
    cli.main([*words, "--json"])
    assert id in "".join(capsys.readouterr())


def test_the_kiosk_has_gap_5_and_says_whom_to_ask_for_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["gaps", "sample:kiosk", "--dimension", "reliability", "--lang", "en"])
    out = capsys.readouterr().out
    assert code == 0
    assert "role belief, respondents manager" in out
    assert "gap 5 (service quality): 0.68 points below expectation" in out


def written(story: Any, tmp_path: Path) -> str:
    if isinstance(story, Facts):
        path = tmp_path / "facts.parquet"
        pq.write_table(story.frame.collect(backend="pyarrow").to_native(), path)
        return str(path)
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(story[0]))
        writer.writeheader()
        writer.writerows(story)
    return str(path)
