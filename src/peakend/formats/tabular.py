"""A table from a file that somebody brings: CSV in the encodings people use, an Excel workbook, Parquet.

What a file is, is told from what stands in it, never from its name. Nothing is guessed in silence and nothing is
half-read: a file that cannot be read wholly is refused, with the place and with what to do.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from peakend.documents.source import named_file
from peakend.errors import FormatError
from peakend.formats.csv_text import read_csv_text
from peakend.formats.xlsx import read_workbook

from .sheet import MOST_SHARED, Head, Note, Sheet, header, named_columns

LARGEST_FILE: Final = 512 * 1024 * 1024
"""Bytes of a file, and of what a compressed text may unpack to."""


def read_table(
    source: str | Path | bytes,
    *,
    name: str = "",
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    head: Head = 1,
) -> Sheet:
    """The table in a file, as columns of text.

    `source` is a path or the bytes themselves (then `name` is for messages). `sheet` chooses in a workbook, `encoding`
    and `delimiter` overrule what would be told from a text, `head` is the number of the row that names the columns, or
    the numbers of several whose names are joined. Raises FormatError.
    """
    data, file = (source, name or "—") if isinstance(source, bytes) else (_bytes(named_file(source)), Path(source).name)
    if data[:2] == b"\x1f\x8b":
        data = _unpack(data)
    kind = _kind(data)
    if kind == "workbook":
        return read_workbook(data, file, sheet=sheet, head=head)
    if kind == "parquet":
        return _parquet(data, file)
    if kind != "text":
        raise FormatError("format.kind", file=file, kind=kind)
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise FormatError("format.empty")
    return read_csv_text(data, file, encoding=encoding, delimiter=delimiter, head=head)


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise FormatError("format.large", megabytes=size // 2**20, most=LARGEST_FILE // 2**20)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FormatError("format.no_file", file=str(path), reason=reason) from None


def _unpack(data: bytes) -> bytes:
    """A gzip file's content, up to the limit."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        text = unpacker.decompress(data, LARGEST_FILE)
    except zlib.error as error:
        raise FormatError("format.damaged", reason=str(error)) from None
    if unpacker.unconsumed_tail:
        raise FormatError("format.large", megabytes=f"> {LARGEST_FILE // 2**20}", most=LARGEST_FILE // 2**20)
    if not unpacker.eof:
        raise FormatError("format.damaged", reason="gzip: unexpected end")
    return text


_SIGNATURES: Final = (
    (b"PAR1", "parquet"),
    (b"%PDF", "PDF"),
    (b"$FL2", "SPSS (.sav)"),
    (b"$FL3", "SPSS (.zsav)"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"SQLite format 3", "SQLite"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
)


def _kind(data: bytes) -> str:
    found = next((kind for mark, kind in _SIGNATURES if data.startswith(mark)), None)
    if found:
        return found
    if data.startswith(b"PK"):
        return _archive(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _old_office(data)
    start = data[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        return "HTML"
    return (
        "XML" if start.startswith(b"<?xml") else "JSON" if start.startswith((b'{"', b"[{", b"{\n", b"[[")) else "text"
    )


def _archive(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FormatError("format.damaged", reason=str(error)[:120]) from None
    if "xl/workbook.xml" in names:
        return "workbook"
    kinds = {
        "xl/workbook.bin": "Excel (.xlsb)",
        "content.xml": "OpenDocument (.ods)",
        "word/document.xml": "Word",
        "ppt/presentation.xml": "PowerPoint",
    }
    return next((kind for part, kind in kinds.items() if part in names), "ZIP")


def _old_office(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise FormatError("format.password")
    return "Excel 97–2003 (.xls)"


def _parquet(data: bytes, file: str) -> Sheet:
    try:
        table = pq.ParquetFile(io.BytesIO(data))
        if table.metadata.num_rows * max(table.metadata.num_columns, 1) > MOST_SHARED:
            raise FormatError("format.cells_many", most=f"{MOST_SHARED:,}")
        columns = table.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise FormatError("format.damaged", reason=str(error).splitlines()[0][:120]) from None
    names, doubled = header(columns.column_names, 1)
    if not columns.num_rows:
        raise FormatError("format.no_rows", columns=", ".join(names)[:200])
    found, notes = named_columns(
        names, [_as_text(name, column) for name, column in zip(names, columns.columns, strict=True)]
    )
    return Sheet(file, found, lambda row: row + 1, (Note("note.read_parquet"), *notes), doubled)


def _as_text(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return pc.fill_null(column.cast(pa.string()), "")
    except (pa.ArrowException, UnicodeDecodeError):
        raise FormatError("format.nested", column=name, kind=str(column.type)) from None
