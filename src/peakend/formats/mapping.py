"""A wide file and a mapping of it, to the two fact tables: whole or not at all.

    facts = read_mapped("survey.csv", "survey.map.yaml")
    nps(facts["answers"], by="site")

The mapping is data (`plan` says what may stand in it). It is checked by itself, then against the file: every column it
names must be there, and every value of every mapped column must have a meaning; whatever has none is listed with how
often it occurs and where it stands first.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as File
from typing import Any

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from peakend.documents.problems import InvalidDocument, Problem, guess, of_schema, problem_at
from peakend.documents.source import LARGEST_DOCUMENT, Source, named_file, source_of
from peakend.errors import DocumentError, FormatError
from peakend.facts import Facts, TableName, conform
from peakend.formats.faults import Fault, faults, references
from peakend.formats.plan import Mapping
from peakend.formats.rows import table
from peakend.formats.sheet import Note, Sheet
from peakend.formats.tabular import read_table
from peakend.ids import fold_case

from .cells import codes_of
from .pieces import MappedSheet, answer_pieces, event_pieces, people


@dataclass(frozen=True)
class Plan:
    """A mapping that holds together, with the text it was read from, so that problems with a file can name its
    lines.
    """

    mapping: Mapping
    data: Any
    source: Source


@dataclass(frozen=True)
class MappedFacts:
    """A file as facts: both tables, what was noted on reading, and the columns that the mapping does not speak of."""

    answers: pa.Table
    events: pa.Table
    notes: tuple[Note, ...]
    unused: tuple[str, ...]


def load(source: str | File | bytes) -> Plan:
    """The mapping in a file of YAML or JSON, or in its bytes.

    Raises DocumentError where it cannot be read, InvalidDocument, which carries every problem with its line, where it
    does not hold together.
    """
    text = source_of(source if isinstance(source, bytes) else _bytes(named_file(source)))
    data = text.root.as_data()
    try:
        mapping = Mapping.model_validate(data)
    except ValidationError as error:
        raise InvalidDocument(of_schema(error, data, text, Mapping)) from None
    plan = Plan(mapping, data, text)
    _refuse(plan, faults(mapping))
    return plan


def _bytes(path: File) -> bytes:
    try:
        if path.stat().st_size > LARGEST_DOCUMENT:
            raise DocumentError("document.large", size=path.stat().st_size, largest=LARGEST_DOCUMENT)
        return path.read_bytes()
    except (OSError, ValueError):
        raise DocumentError("document.no_file", file=str(path)) from None


def _refuse(plan: Plan, found: Iterable[Fault]) -> None:
    problems = [problem_at(name, plan.data, path, plan.source, fields) for name, path, fields in found]
    if problems:
        raise InvalidDocument(sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0)))


def check(source: str | File | bytes, file: str | File | bytes | None = None) -> list[Problem]:
    """Every problem of a mapping, and of a file with it; none where all is well. Raises FormatError where the file
    itself cannot be read.
    """
    try:
        plan = load(source)
        if file is not None:
            apply_plan(plan, sheet_of(plan, file))
    except InvalidDocument as error:
        return list(error.problems)
    return []


def sheet_of(plan: Plan, file: str | File | bytes) -> Sheet:
    """The table of a file, read as its mapping says."""
    form = plan.mapping.file
    return read_table(file, sheet=form.sheet, encoding=form.encoding, delimiter=form.delimiter, head=form.header)


def apply_plan(plan: Plan, sheet: Sheet) -> MappedFacts:
    """The sheet as facts. Raises InvalidDocument with everything that has no meaning; then there is no table at all."""
    named = list(references(plan.mapping))
    _refuse(plan, _absent(named, sheet))
    sheet = _left_out(plan.mapping, sheet)
    mapped = MappedSheet(plan.mapping, sheet)
    who = people(mapped)
    answers, events = answer_pieces(mapped), event_pieces(mapped, who)
    _refuse(plan, _once(mapped.faults))
    unused = tuple(name for name in sheet.columns if name not in {column for column, _ in named})
    numbered = () if plan.mapping.response else (Note("note.numbered"),)
    return MappedFacts(table("answers", answers, who), table("events", events, who), (*sheet.notes, *numbered), unused)


def _left_out(mapping: Mapping, sheet: Sheet) -> Sheet:
    """The sheet without the rows that the mapping says are no respondent's, and that they were left out."""
    rows = sorted(
        {
            int(row)
            for rule in mapping.leave_out
            for row in np.flatnonzero(codes_of(sheet.columns[rule.column]).among(rule.any_of))
        }
    )
    if not rows:
        return sheet
    if len(rows) == sheet.rows:
        raise FormatError("format.no_rows", columns=", ".join(sheet.columns)[:200])
    note = Note("note.left_out", {"count": len(rows), "line": sheet.line(rows[0])})
    kept = sheet.without(rows)
    return replace(kept, notes=(*kept.notes, note))


def _once(found: list[Fault]) -> list[Fault]:
    """Each finding once: a column may be read for two purposes."""
    return list({(name, path, str(fields)): (name, path, fields) for name, path, fields in found}.values())


def _absent(named: Iterable[tuple[str, Any]], sheet: Sheet) -> Iterator[Fault]:
    """Columns that the mapping names and the file has not, or has several of."""
    for column, path in named:
        if column in sheet.doubled:
            yield (
                "mapping.column_doubled",
                path,
                {"column": column, "places": ", ".join(sheet.doubled[column]), "first": sheet.doubled[column][0]},
            )
        elif column not in sheet.columns:
            yield "mapping.column_unknown", path, {"column": column, "known": _likely(column, tuple(sheet.columns))}


def _likely(name: str, columns: Sequence[str]) -> str:
    """The column that was likely meant, however it spells capitals and blanks; never one with another number. Else some
    that exist.
    """
    letters = {column: _letters(column) for column in columns}
    same = next((column for column, text in letters.items() if text == _letters(name)), None)
    digits = [column for column in columns if re.findall(r"\d+", column) == re.findall(r"\d+", name)]
    close = difflib.get_close_matches(_letters(name), [letters[column] for column in digits], n=1, cutoff=0.6)
    return (
        same or next((column for column in digits if close and letters[column] == close[0]), "") or guess("", columns)
    )


def _letters(name: str) -> str:
    return "".join(fold_case(name).split())


def read_mapped(
    file: str | File | bytes, mapping: str | File | bytes | Plan, *, check: bool = True
) -> dict[TableName, Facts]:
    """The facts in a wide file: `{"answers": …, "events": …}`.

    Raises FormatError where the file cannot be read, DocumentError where the mapping cannot, InvalidDocument with every
    problem where they do not fit together. `check=False` skips the second look at the finished tables.
    """
    plan = mapping if isinstance(mapping, Plan) else load(mapping)
    mapped = apply_plan(plan, sheet_of(plan, file))
    return {
        "answers": conform(mapped.answers, "answers", check=check),
        "events": conform(mapped.events, "events", check=check),
    }
