"""A refusal names what is wrong and where, and its hint is written as its reader types it."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from peakend.cli import as_words, main
from peakend.errors import PeakendError, catalogue
from peakend.methods import METHODS
from peakend.methods.agreement import agreement
from peakend.methods.control import control
from peakend.methods.csat import csat
from peakend.methods.drivers import drivers
from peakend.methods.power import power
from peakend.methods.series import series
from tests.methods.facts_of import facts, said

OPTIONS = {name for method in METHODS for name in inspect.signature(method.run).parameters}


def refused(ask: Any) -> PeakendError:
    with pytest.raises(PeakendError) as caught:
        ask()
    return caught.value


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("content", "id", "fields"),
    [
        ("", "facts.file_empty", {}),
        ("response,value\nr1,4\nr2,four\n", "facts.not_a_number", {"column": "value", "found": "four", "row": 3}),
        (
            "response,value,at\nr1,4,2026-03-05\nr2,4,soon\n",
            "facts.not_an_instant",
            {"column": "at", "found": "soon", "row": 3},
        ),
        ("response,value\nr1,4\nr2,4,5,6\n", "facts.file_row", {"row": 3}),
        ("response,value,site\nr1,4,\xe5".encode("latin-1"), "facts.file_encoding", {}),
    ],
)
def test_a_file_of_facts_that_cannot_be_read_says_where_in_words_that_are_no_engines(
    content: str | bytes, id: str, fields: dict[str, Any], tmp_path: Path
) -> None:
    error = refused(lambda: csat(str(written(tmp_path / "answers.csv", content))))
    assert (error.id, fields.items() <= error.fields.items()) == (id, True)
    assert not any(
        word in error.message(lang)
        for lang in ("en", "zh-Hant", "zh-Hans")
        for word in ("Invalid Input", "Error when", "CSV Error")
    )


def test_one_blank_count_is_named_by_its_row() -> None:
    rows: list[dict[str, Any]] = [{"period": f"2026-{at}", "count": at, "size": 100} for at in range(1, 9)]
    for column in ("count", "size"):
        error = refused(lambda: control([*rows[:4], {**rows[4], column: None}, *rows[5:]]))  # noqa: B023 — asked at once
        assert (error.id, error.fields) == ("control.blank", {"row": 5, "period": "2026-5", "column": column})
    assert refused(lambda: control([{"period": row["period"]} for row in rows])).id == "control.columns"


def test_a_table_with_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    error = refused(lambda: series(written(tmp_path / "s.csv", "period,value\n")))
    assert (error.id, error.fields) == ("table.empty", {"found": "period, value"})


def test_a_power_that_is_no_chance_is_named_and_the_shares_are_not_blamed() -> None:
    plan = {"plan": "A", "design": "shares", "share1": 0.5, "share2": 0.6, "power": 80}
    assert [row.refused.id for row in power([plan]) if row.refused] == ["power.chance"]


def test_one_coder_alone_is_told_that_two_are_needed() -> None:
    error = refused(lambda: agreement([{"unit": str(at), "coder": "Chen", "code": "a"} for at in range(9)]))
    assert (error.id, error.fields) == ("agreement.one_coder", {"found": "Chen"})


def test_an_answer_between_two_points_is_named() -> None:
    rows = csat(facts(said("csat", [4, 5, 3, 4.5] * 5)))
    assert [(row.refused.id, row.refused.fields["found"]) for row in rows if row.refused] == [
        ("ratings.not_whole", "4.5")
    ]


def test_too_few_answers_for_drivers_name_the_option_that_asks_for_fewer() -> None:
    rows = [said(name, [1, 2, 4, 5, 3], item=name) for name in ("staff", "overall")]
    for part in rows:
        for at, row in enumerate(part):
            row["response"] = f"r{at}"
    hints = {row.refused.hint() for row in drivers(facts(*rows), outcome="overall", among=("staff",)) if row.refused}
    assert hints
    assert all("`fewest`" in hint for hint in hints)


def test_hints_name_options_in_one_way_and_the_command_line_writes_them_as_it_takes_them() -> None:
    texts = [words["do"] for error in catalogue().values() for words in error.values()]
    named = [found[1] for text in texts for found in re.finditer(r"`([a-z_0-9]+)(?:=[^`]*)?`", text)]
    assert set(named) <= OPTIONS
    assert [text for text in texts if re.search(r'\w="|\w=…|\w=\(', text)] == []
    assert (
        as_words("Compare longer periods: `over=year`, or `no_show`.")
        == "Compare longer periods: --over year, or --no-show."
    )


def test_the_command_line_shows_the_hint_as_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = written(tmp_path / "s.csv", "\n".join(["period,value", *(f"2026-{at},{at}" for at in range(1, 13))]))
    assert main(["series", str(table), "--lang", "en"]) == 2
    assert "--at" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_the_help_of_the_demo_and_of_serve_tells_their_own_options_under_their_own_name(
    command: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "peakend.cli", command, "--help"],
        capture_output=True, text=True, check=True,
        env={"PEAKEND_DATA": str(tmp_path), "PYTHONPATH": ":".join(sys.path), "COLUMNS": "200"},
    )  # fmt: skip
    assert done.stdout.startswith(
        f"usage: peakend {command} [-h] [--host HOST] [--port PORT] [--threads THREADS] [--no-browser]\n"
    )
    assert not {"--settings", "--pythonpath", "--traceback", "manage"} & set(done.stdout.split())
