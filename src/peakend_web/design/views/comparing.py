"""What two versions of a design say otherwise, as their pages show it: on the map, word by word, in sentences, line by
line.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from peakend.service.comparison import compare, pieces
from peakend.service.difference import difference
from peakend.service.drawings.comparison import CellChange, cell_changes, draw_comparison
from peakend.terms import Lang, label
from peakend_web.base.documents import document_of
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.findings.queries import Inquiry
from peakend_web.findings.queries.known.changes import worth_of
from peakend_web.models import ServiceVersion


def changes_between(old: ServiceVersion, new: ServiceVersion) -> dict[str, list[str]]:
    """The changes in sentences, and line by line."""
    changes = difference(document_of(old.pk), document_of(new.pk))
    lines = list(difflib.unified_diff(old.text.splitlines(), new.text.splitlines(), lineterm="", n=2))[2:]
    lang = reader_language()
    return {"changes": [change.sentence(lang) for change in changes], "lines": lines}


def maps_of(old: ServiceVersion, new: ServiceVersion) -> list[dict[str, Any]]:
    """Each journey that changed: both versions on one map, and its changed words."""
    before, after, lang = document_of(old.pk), document_of(new.pk), reader_language()
    found = []
    for comparison in compare(before, after):
        cells = cell_changes(comparison, before, lang)
        if comparison.old != comparison.new:
            drawn: SafeString = mark_safe(draw_comparison(comparison, before, lang=lang, with_words=False))  # noqa: S308
            found.append({"title": comparison.union.title[lang], "map": drawn, "cells": _cells(cells, lang)})
    return found


def worth_between(here: InService, old: ServiceVersion, new: ServiceVersion) -> list[dict[str, Any]]:
    """What the changes of each journey may be worth, as far as answers tell it."""
    before, after, lang = document_of(old.pk), document_of(new.pk), reader_language()
    inquiry = Inquiry.of_all(here)
    found = ((comparison, worth_of(inquiry, before, comparison)) for comparison in compare(before, after))
    return [{"title": comparison.union.title[lang], "known": known} for comparison, known in found if known]


def _cells(cells: Sequence[CellChange], lang: Lang) -> list[dict[str, Any]]:
    return [
        {
            "touchpoint": cell.touchpoint.title[lang],
            "lane": label(cell.lane, lang),
            "old": cell.old,
            "new": cell.new,
            "pieces": list(pieces(cell.old, cell.new)),
        }
        for cell in cells
    ]
