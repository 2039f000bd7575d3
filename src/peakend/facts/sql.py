"""Names and texts as they stand in a statement, so that no sign of theirs ends them: DuckDB, SQLite and PostgreSQL
write them as the standard does.
"""

from __future__ import annotations


def quoted_name(name: str) -> str:
    """The name of a column or a table."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """A text; a path is one, too."""
    return "'" + text.replace("'", "''") + "'"
