"""Where something that should leave no trace stands: in files as bytes, and in the tables of the database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import duckdb
from django.conf import settings
from django.db import connection


def places(mark: str) -> list[str]:
    """Where bytes of the mark stand: files of the data directory and of the database, and what Parquet files say when
    they are read.
    """
    forms = [mark.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")] + [
        mark.encode("unicode_escape")
    ]
    files = [path for path in Path(settings.PEAKEND_DATA).rglob("*") if path.is_file()]
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        files += [path for path in database.parent.glob(database.name + "*") if path.is_file()]
    raw = [path.name for path in files if any(form in path.read_bytes() for form in forms)]
    return sorted({*raw, *(path.name for path in files if path.suffix == ".parquet" and _reads(path, mark))})


def _reads(path: Path, mark: str) -> bool:
    """Parquet is compressed, so that a search of its bytes would prove nothing."""
    rows = duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall()  # noqa: S608 — our own file
    return any(mark in str(row) for row in rows)


def in_tables(marks: Iterable[str]) -> set[str]:
    """The tables of which any row holds any of the marks, in any column."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 — our own tables
            rows = json.dumps(cursor.fetchall(), default=str, ensure_ascii=False)
            found |= {table for each in marks if each in rows}
    return found
