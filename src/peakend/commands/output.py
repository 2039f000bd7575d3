"""What commands print: lines, JSON, and tables whose columns stand under each other although a Chinese character is two
wide.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from peakend.documents.problems import Problem
from peakend.errors import PeakendError
from peakend.grid import grid as grid  # noqa: PLC0414 — commands print with it
from peakend.grid import width as width  # noqa: PLC0414
from peakend.result import Table
from peakend.terms import Lang, label


def say(text: str = "") -> None:
    """One line, or several, to the person."""
    sys.stdout.write(f"{text}\n")


def say_json(data: Any) -> None:
    """Data to the program that reads."""
    say(json.dumps(data, ensure_ascii=False, indent=2))


def say_problems(problems: Sequence[Problem], lang: Lang, *, as_json: bool) -> int:
    """What is wrong in a document, each with its place and what to do; 2 where it cannot be used so, else 0."""
    errors = sum(problem.level == "error" for problem in problems)
    if as_json:
        say_json([problem.as_dict(lang) for problem in problems])
        return 2 if errors else 0
    for problem in problems:
        say(problem_text(problem, lang))
    said = label("cli.whole" if not problems else "cli.problems", lang)
    say(said.format(errors=errors, advice=len(problems) - errors))
    return 2 if errors else 0


def problem_text(problem: Problem, lang: Lang) -> str:
    """One problem: where, what, and what to do."""
    mark, colon = ("✗" if problem.level == "error" else "·"), ": " if lang == "en" else "："
    return f"{mark} {problem.place(lang)}{colon}{problem.message(lang)}\n  → {problem.hint(lang)}"


def write_bytes(target: Path, content: bytes) -> None:
    """Write a file. Raises PeakendError `cli.not_written`."""
    try:
        target.write_bytes(content)
    except OSError as error:
        raise PeakendError("cli.not_written", file=str(target), reason=error.strerror or str(error)) from None


def write_sheets(target: Path, sheets: Sequence[bytes]) -> list[Path]:
    """Write sheets into the file that was named, or, of several, into one after another by number; which files."""
    many = len(sheets) > 1
    files = [target.with_stem(f"{target.stem}-{at}") if many else target for at in range(1, len(sheets) + 1)]
    for file, sheet in zip(files, sheets, strict=True):
        write_bytes(file, sheet)
    return files


class TableNames(Protocol):
    """What gives headings and ids their names."""

    def heading(self, column: str, otherwise: str) -> str:
        """The heading of a column."""

    def of(self, column: str, value: Any) -> Any:
        """A value as it is shown."""


def table_text(table: Table, names: TableNames) -> str:
    """A table of results without the columns in which nothing stands, its ids given their names."""
    kept = [i for i, name in enumerate(table.columns) if not _is_blank(name, [row[i] for row in table.rows])]
    rows = [[names.of(table.columns[i], row[i]) for i in kept] for row in table.rows]
    return grid([names.heading(table.columns[i], table.labels[i]) for i in kept], rows)


def _is_blank(name: str, values: Sequence[Any]) -> bool:
    """A column without any value, or a count of what could not be used that is zero throughout."""
    unused = name in {"missing", "invalid", "not_applicable", "not_shown"}
    return all(value is None or (unused and value == 0) for value in values)
