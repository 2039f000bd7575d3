"""The service document as a workbook, one register a sheet, and back, whole."""

from peakend.formats.service_book.reading import is_book, read_book, unread_sheets
from peakend.formats.service_book.writing import write_book

__all__ = ("is_book", "read_book", "unread_sheets", "write_book")
