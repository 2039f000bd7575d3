"""The intervals cover as often as they say: a quick simulation here, the long one on the page `docs/coverage.md`."""

from __future__ import annotations

import pytest
from benchmarks.coverage import PROMISE, TARGET, WHY, Case, cases, line, page, share_hits

from peakend import intervals as iv

TRIALS = 3000
QUICK = (
    "NPS: adjusted_wald",
    "change of NPS: adjusted_wald",
    "share: wilson",
    "difference of shares: newcombe",
    "mean: t",
    "difference of means: welch",
)
CLAIMED = [case for case in cases() if case.claimed and case.method in QUICK and "1000" not in case.n]


@pytest.mark.parametrize("case", CLAIMED, ids=lambda case: f"{case.method} n={case.n} {case.truth} {case.conf:g}")
def test_a_claimed_interval_covers_within_a_point_and_a_half_of_nominal(case: Case) -> None:
    found = case.run(TRIALS)
    assert abs(found.off) <= PROMISE + 2 * 100 * found.se


def test_the_simulation_finds_an_interval_that_is_too_narrow() -> None:
    def narrow(x: int, n: int) -> iv.Interval | None:
        return iv.wilson(x, n, 0.8)

    found = Case(method="planted", n="100", truth="0.5", hits=share_hits(narrow, 100, 0.5)).run(TRIALS)
    assert found.off < -10


def test_the_same_case_gives_the_same_coverage_again() -> None:
    assert CLAIMED[0].run(500) == CLAIMED[0].run(500)


def test_the_page_has_a_line_for_every_case_and_no_claimed_line_is_off() -> None:
    written = [
        text
        for text in TARGET.read_text(encoding="utf-8").splitlines()
        if text.startswith("| ") and not text.startswith(("| n", "| -"))
    ]
    cells = [[cell.strip() for cell in text.strip("|").split("|")] for text in written]
    assert sorted((n, truth, nominal, mark) for n, truth, nominal, _, _, _, mark in cells) == sorted(
        (case.n, case.truth, f"{100 * case.conf:.4g}", "✓" if case.claimed else "") for case in cases()
    )
    assert [row for row in cells if row[6] and abs(float(row[5].replace("−", "-"))) > PROMISE] == []


def test_every_line_that_is_off_has_its_reason_above_it_and_no_reason_stands_without_its_lines() -> None:
    methods = {case.method for case in cases()}
    assert set(WHY) <= methods
    for part in TARGET.read_text(encoding="utf-8").split("\n## ")[1:]:
        method, _, rest = part.partition("\n")
        off = [
            text
            for text in rest.splitlines()
            if text.startswith("| ") and text[2] not in "n-" and abs(_off(text)) > PROMISE
        ]
        assert not off or WHY.get(method, "–") in rest, method


def _off(text: str) -> float:
    return float(text.split("|")[6].replace("−", "-"))


def test_the_page_shows_what_was_simulated() -> None:
    found = CLAIMED[0].run(400)
    assert line(found) in page({found.case: line(found)}, 400)
