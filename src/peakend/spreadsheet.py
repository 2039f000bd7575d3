"""Tables as CSV that a spreadsheet opens without running anything: the one way in which results are written as CSV.

A text that a spreadsheet would take for a formula (it begins with =, +, -, @, one of their full-width forms, a tab or a
carriage return) gets an apostrophe before it, which spreadsheets do not show; a number stays a number, whatever its
sign.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final, TextIO

MARK: Final = "\ufeff"
"""By it Excel knows at the beginning of a file that it is UTF-8."""
INERT: Final = "^''[ \u00a0\u3000]*[=+@＝＋－＠\\t\\n-]"
"""A text that was made inert, as SQL writes the pattern."""
_RUNS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\n")


def inert(value: Any) -> Any:
    """The value of a cell as it may be written: a text that would run is made to stay a text."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")  # a lone carriage return would begin a row
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(_RUNS) else text


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]], *, mark: bool = False) -> str:
    """The table as RFC 4180 text, lines ending in a line feed; with `mark` for Excel at its beginning."""
    out = io.StringIO()
    write(out, header, rows)
    return (MARK if mark else "") + out.getvalue()


def write(out: TextIO, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write the table where there are too many rows for a text."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([inert(name) for name in header])
    writer.writerows([inert(value) for value in row] for row in rows)
