"""Names and texts as they stand in a statement of DuckDB, so that no sign of theirs ends them."""

from __future__ import annotations


def quoted_name(name: str) -> str:
    """The name of a column."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """A text; a path is one, too."""
    return "'" + text.replace("'", "''") + "'"
