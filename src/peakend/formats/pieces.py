"""A mapping applied to a sheet: pieces of facts, and every value that nobody said the meaning of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from peakend.documents.source import Path
from peakend.facts.shape import HEAVIEST, LIGHTEST
from peakend.formats.faults import Fault, zone
from peakend.formats.plan import RESERVED, Block, Choice, Clock, Comments, Event, ListEntry, Mapping, Segment, Slot
from peakend.formats.rows import People, Piece
from peakend.formats.sheet import Sheet
from peakend.ids import plain_id
from peakend.instants import DAY

from . import times as forms_of_time
from .cells import (
    ANSWERED,
    SKIPPED,
    STATE,
    CodedColumn,
    Truth,
    Whole,
    answers,
    codes_of,
    key,
    numbers,
    reasons,
    state_codes,
    states_with_reasons,
)
from .times import NEVER

TOTAL: Final = re.compile(
    r"(?:合計|小計|總計|總和|總平均|平均|备注|備註|註|注|资料来源|資料來源|数据来源|合计|小计|总计|总和|总平均"
    r"|(?i:grand total|total|subtotal|sum|average|mean|notes?|source))\s*(?:[:：].*)?$"
)
"""What stands in the place of an id in a row that is no respondent's."""
MOST_VALUES: Final = 12
"""How many different values a message lists."""


class QuotedValues(str):
    """The values of a column and how often each is there, as text: “eleven” ×1; `say` quotes them as the
    language does.
    """

    _counted: Sequence[tuple[str, int]]
    _more: int

    def __new__(cls, counted: Sequence[tuple[str, int]], more: int) -> QuotedValues:
        """So many values, and how many more there are."""
        made = super().__new__(cls, _quotes(counted, more, "“”", ", "))
        made._counted, made._more = counted, more
        return made

    def __getnewargs__(self) -> tuple[Sequence[tuple[str, int]], int]:  # type: ignore[override]
        """What a copy is made from: a `str` would be copied by its text alone."""
        return self._counted, self._more

    def say(self, lang: str) -> str:
        """With the marks of the language."""
        return _quotes(self._counted, self._more, "「」" if lang == "zh-Hant" else "“”", ", " if lang == "en" else "、")


def _quotes(counted: Sequence[tuple[str, int]], more: int, marks: str, comma: str) -> str:
    return comma.join(f"{marks[0]}{value}{marks[1]} ×{times}" for value, times in counted) + (
        f" … (+{more})" if more > 0 else ""
    )


@dataclass
class MappedSheet:
    """One mapping at one sheet, and the faults so far."""

    mapping: Mapping
    sheet: Sheet
    faults: list[Fault] = field(default_factory=list)
    _seen: dict[str, CodedColumn] = field(default_factory=dict)

    def column(self, name: str) -> CodedColumn:
        """A column of the sheet, looked at once."""
        if name not in self._seen:
            self._seen[name] = codes_of(self.sheet.columns[name])
        return self._seen[name]

    def reasons(self, rules: Sequence[object]) -> dict[int, Truth]:
        """By state, the rows in which an empty cell has it."""
        return reasons(rules, {rule.column: self.column(rule.column) for rule in rules})  # type: ignore[attr-defined,arg-type]

    def report_unexplained(self, id: str, path: Path, name: str, cells: Sequence[int], **fields: object) -> None:
        """List values without a meaning, the most frequent first."""
        if not cells:
            return
        column = self.column(name)
        ranked = sorted(cells, key=lambda cell: -int(column.counts[cell]))
        counted = tuple((column.cells[cell][:40], int(column.counts[cell])) for cell in ranked[:MOST_VALUES])
        values = QuotedValues(counted, len(ranked) - MOST_VALUES)
        line = min(self.sheet.line(column.first(cell)) for cell in cells)
        self.faults.append((id, path, {"column": name, "values": values, "line": line, **fields}))

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the file's times."""
        return zone(self.mapping.zone or "UTC") or ZoneInfo("UTC")


# --- people -----------------------------------------------------------------------------------------------------------


def people(mapped: MappedSheet) -> People:
    """What holds for each respondent: ids, place and segments, weight, time."""
    mapping, rows = mapped.mapping, mapped.sheet.rows
    texts = {
        "response": _ids(mapped, mapping.response, ("response",), unique=True)
        if mapping.response
        else _row_numbers(mapped)
    }
    texts["visit"] = _ids(mapped, mapping.visit, ("visit",)) if mapping.visit else texts["response"]
    if mapping.customer:
        texts["customer"] = _ids(mapped, mapping.customer, ("customer",), needed=False)
    texts |= {name: _segment(mapped, name, segment) for name, segment in mapping.columns.items()}
    at, day = _when(mapped)
    own = tuple(name for name in mapping.columns if name not in RESERVED)
    weight = _weights(mapped) if mapping.weight else np.ones(rows)
    return People(texts, weight, at, day, own)


def _row_numbers(mapped: MappedSheet) -> pa.DictionaryArray:
    """The number of its row as the name of each respondent, where the file has none."""
    lines = [str(mapped.sheet.line(row)) for row in range(mapped.sheet.rows)]
    return pa.array(lines, pa.string()).dictionary_encode()


def _ids(
    mapped: MappedSheet, name: str, path: Path, *, unique: bool = False, needed: bool = True
) -> pa.DictionaryArray:
    column = mapped.column(name)
    totals = [i for i, cell in enumerate(column.ids) if unique and TOTAL.match(cell)]
    if totals:
        fields = {"column": name, "value": column.ids[totals[0]], "line": mapped.sheet.line(column.first(totals[0]))}
        mapped.faults.append(("mapping.total_row", path, fields))
    empty = next((i for i, cell in enumerate(column.ids) if not cell), None)
    if empty is not None and needed:
        mapped.faults.append(
            ("mapping.id_empty", path, {"column": name, "line": mapped.sheet.line(column.first(empty))})
        )
    if unique and (twice := _repeated_rows(column)):
        first, second = (mapped.sheet.line(row) for row in twice)
        value = column.ids[int(column.at[twice[1]])]
        mapped.faults.append(
            ("mapping.id_twice", path, {"column": name, "value": value, "first": first, "second": second})
        )
    return pa.DictionaryArray.from_arrays(
        pa.array(column.at), pa.array([cell or None for cell in column.ids], pa.string())
    )


def _repeated_rows(column: CodedColumn) -> tuple[int, int] | None:
    """Two rows with one id, however each writes it; an empty one is told as empty."""
    numbers_of = {id: at for at, id in enumerate(dict.fromkeys(column.ids))}
    which = np.array([numbers_of[id] for id in column.ids], dtype=np.int64)[column.at]
    filled = np.array([bool(id) for id in column.ids], dtype=bool)[column.at]
    counts = np.bincount(which[filled], minlength=len(numbers_of))
    if counts.max(initial=0) < 2:
        return None
    first, second = np.flatnonzero(which == int(np.argmax(counts > 1)))[:2]
    return int(first), int(second)


def _segment(mapped: MappedSheet, name: str, segment: Segment) -> pa.DictionaryArray:
    column = mapped.column(segment.column)
    none = {plain_id(str(cell)) for cell in segment.none} | {""}
    kept = segment.values is None or segment.others == "keep"
    named = {plain_id(cell): name for cell, name in (segment.values or {}).items()}
    ids = [None if text in none else named.get(text, text if kept else None) for text in column.ids]
    unknown = [
        i for i, (found, text) in enumerate(zip(ids, column.ids, strict=True)) if found is None and text not in none
    ]
    mapped.report_unexplained("mapping.segment_unknown", ("columns", name), segment.column, unknown, segment=name)
    return pa.DictionaryArray.from_arrays(pa.array(column.at), pa.array(ids, pa.string()))


def _when(mapped: MappedSheet) -> tuple[Whole, Whole]:
    at = mapped.mapping.at
    if at is None:
        never = np.full(mapped.sheet.rows, NEVER)
        return never, never
    found = forms_of_time.instants(mapped.column(at.column), at, mapped.zone)
    mapped.report_unexplained("mapping.time_unreadable", ("at",), at.column, found.unreadable, form=at.form)
    return found.at, found.day


def _weights(mapped: MappedSheet) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    name = mapped.mapping.weight or ""
    column = mapped.column(name)
    found, bad = numbers(column, mapped.mapping.numbers)
    empty = [i for i, text in enumerate(column.keys) if not text]
    negative = [i for i, text in enumerate(column.keys) if text.startswith("-")]
    off = np.unique(column.at[(found > HEAVIEST) | ((found > 0) & (found < LIGHTEST))]).tolist()
    mapped.report_unexplained("mapping.weight", ("weight",), name, sorted({*bad, *empty, *negative, *off}))
    return found


# --- answers ----------------------------------------------------------------------------------------------------------


def answer_pieces(mapped: MappedSheet) -> list[Piece]:
    """All pieces of the table of answers, in the order of the mapping."""
    pieces = [piece for b, block in enumerate(mapped.mapping.answers) for piece in _block(mapped, b, block)]
    pieces += [piece for i, part in enumerate(mapped.mapping.comments) for piece in _comments(mapped, i, part)]
    return pieces + [piece for i, part in enumerate(mapped.mapping.choices) for piece in _choice(mapped, i, part)]


def _block(mapped: MappedSheet, number: int, block: Block) -> list[Piece]:
    pieces = [_score_piece(mapped, slot) for slot in mapped.mapping.slots() if slot.block == number]
    if block.when_all_blank is None or not pieces:
        return pieces
    nobody = np.all([piece.state == SKIPPED for piece in pieces], axis=0)
    state = {STATE[block.when_all_blank]: nobody}
    return [Piece(p.rows, p.key, p.same, states_with_reasons(p.state, state), p.value, later=p.later) for p in pieces]


def _score_piece(mapped: MappedSheet, slot: Slot) -> Piece:
    found = answers(mapped.column(slot.column), slot, mapped.reasons(slot.blank_when), mapped.mapping.numbers)
    mapped.report_unexplained(
        "mapping.answer_unknown",
        slot.path,
        slot.column,
        found.unknown,
        low=bound_text(slot.low),
        high=bound_text(slot.high),
    )
    same = {
        "item": slot.item,
        "construct": slot.construct,
        "role": slot.role,
        "touchpoint": slot.touchpoint,
        "low": slot.low,
        "high": slot.high,
    }
    return Piece(
        np.arange(mapped.sheet.rows),
        slot.column,
        _constant(mapped) | same,
        found.state,
        found.value,
        later=slot.position,
    )


def bound_text(bound: float | None) -> str:
    """An end of a scale, for a message."""
    return "?" if bound is None else f"{bound:g}"


def _constant(mapped: MappedSheet) -> dict[str, str | float | None]:
    mapping = mapped.mapping
    return {
        "respondent_kind": mapping.respondent_kind,
        "survey": mapping.survey,
        "wave": mapping.wave,
        "source": mapping.source,
    }


# --- words ------------------------------------------------------------------------------------------------------------


def _comments(mapped: MappedSheet, number: int, part: Comments) -> Iterator[Piece]:
    """A piece for each code or each column of words, one for each column's codes beside them, and one for those who
    said nothing at all.
    """
    states = state_codes(part.codes)
    same = _constant(mapped) | {
        "item": part.item or part.columns[0],
        "role": "comment",
        "construct": part.measures,
        "touchpoint": part.touchpoint,
    }
    silent = np.ones(mapped.sheet.rows, dtype=bool)
    for name in part.columns:
        column = mapped.column(name)
        state = np.array([states.get(text, (ANSWERED, 0.0))[0] for text in column.keys], dtype=np.int8)[column.at]
        silent &= state == SKIPPED
        yield from (
            _list_pieces(mapped, number, part, name, same)
            if part.codes_of
            else _free(mapped, name, state == ANSWERED, same)
        )
        beside = np.flatnonzero((state != ANSWERED) & (state != SKIPPED))
        yield Piece(beside, name, same, state[beside])
    rows = np.flatnonzero(silent)
    state = states_with_reasons(np.full(mapped.sheet.rows, SKIPPED, dtype=np.int8), mapped.reasons(part.blank_when))
    yield Piece(rows, part.columns[0], same, state[rows])


def _list_pieces(
    mapped: MappedSheet, number: int, part: Comments, name: str, same: dict[str, str | float | None]
) -> Iterator[Piece]:
    known = _list(mapped.mapping, part.codes_of)
    states, column = state_codes(part.codes), mapped.column(name)
    unknown = [i for i, text in enumerate(column.keys) if text not in states and text not in known]
    mapped.report_unexplained("mapping.code_unknown", ("comments", number), name, unknown, list=part.codes_of)
    for i, text in enumerate(column.keys):
        if text in known and text not in states:
            entry = known[text]
            # Facts hold one spelling of each code, so that none depends on who reads it; it is the English one, by
            # which the words of the other languages are looked up (`samples.words`).
            own = {"text": entry.text["en"], "touchpoint": entry.touchpoint or part.touchpoint}
            yield Piece(np.flatnonzero(column.at == i), name, same | own)


def _list(mapping: Mapping, name: str | None) -> dict[str, ListEntry]:
    return {key(code): entry for code, entry in mapping.lists.get(name or "", {}).items()}


def _free(mapped: MappedSheet, name: str, mention: Truth, same: dict[str, str | float | None]) -> Iterator[Piece]:
    rows = np.flatnonzero(mention)
    words = mapped.sheet.columns[name].combine_chunks().take(pa.array(rows))
    yield Piece(rows, name, same, text=words)


# --- several choices --------------------------------------------------------------------------------------------------


def _choice(mapped: MappedSheet, number: int, part: Choice) -> Iterator[Piece]:
    states, column = state_codes(part.codes), mapped.column(part.column)
    parsed = [
        ((), "") if text in states else options_in(cell, part)
        for cell, text in zip(column.cells, column.keys, strict=True)
    ]
    others = [i for i, (_, rest) in enumerate(parsed) if rest]
    if part.others == "refuse":
        mapped.report_unexplained("mapping.choice_unknown", ("choices", number), part.column, others)
    state = np.array([states.get(text, (ANSWERED, 0.0))[0] for text in column.keys], dtype=np.int8)[column.at]
    state = states_with_reasons(state, mapped.reasons(part.blank_when))
    same = _constant(mapped) | {"role": "choice", "item": part.item or part.column, "low": 0.0, "high": 1.0}
    for option in part.options:  # their text is the English one, as that of the codes of a comment
        took = np.array([option.id in ids for ids, _ in parsed], dtype=bool)[column.at]
        yield from _option(
            took, state, f"{part.column}={option.id}", same | {"construct": option.id}, option.text["en"]
        )
    if part.others == "comment":
        yield from _others(column, parsed, part, same)


def _option(
    took: Truth,
    state: np.ndarray[tuple[int], np.dtype[np.int8]],
    name: str,
    same: dict[str, str | float | None],
    text: str,
) -> Iterator[Piece]:
    yes, no, unsaid = (np.flatnonzero(rows) for rows in (took, ~took & (state == ANSWERED), state != ANSWERED))
    yield Piece(yes, name, same | {"text": text, "value": 1.0})
    yield Piece(no, name, same | {"value": 0.0})
    yield Piece(unsaid, name, same, state[unsaid])


def _others(
    column: CodedColumn,
    parsed: Sequence[tuple[tuple[str, ...], str]],
    part: Choice,
    same: dict[str, str | float | None],
) -> Iterator[Piece]:
    # No option may be called by the name of the words beside the options: both name rows of one source.
    beside = "other" if all(option.id != "other" for option in part.options) else "other, in words"
    for i, (_, rest) in enumerate(parsed):
        if rest:
            own = {"role": "comment", "text": rest, "low": None, "high": None}
            yield Piece(np.flatnonzero(column.at == i), f"{part.column}={beside}", same | own)


def options_in(cell: str, part: Choice) -> tuple[tuple[str, ...], str]:
    """The options in a cell, and what else stands there. An option may hold the separator: the longest one that fits is
    taken.
    """
    by_length = sorted(part.options, key=lambda option: -len(option.cell))
    ids: list[str] = []
    rest: list[str] = []
    left = cell.strip()
    while left:
        option = next((o for o in by_length if left == o.cell or left.startswith(o.cell + part.separator)), None)
        taken = option.cell if option else left.partition(part.separator)[0]
        if option:
            ids.append(option.id)
        elif taken.strip():
            rest.append(taken)
        left = left[len(taken) :].removeprefix(part.separator)
    return tuple(ids), part.separator.join(rest)


# --- events -----------------------------------------------------------------------------------------------------------


def event_pieces(mapped: MappedSheet, who: People) -> list[Piece]:
    """All pieces of the table of events."""
    local: dict[str, Whole] = {}
    pieces: list[Piece] = []
    for i, event in enumerate(mapped.mapping.events):
        path: Path = ("events", i)
        if event.at:
            pieces.append(_timed_event(mapped, event, event.at, path, day=who.day, local=local))
        elif event.when:
            rows = np.flatnonzero(mapped.column(event.when.column).among(event.when.any_of))
            pieces.append(_piece(mapped, event, path, rows, event.when.column))
        else:
            pieces += _failure_pieces(mapped, event, path)
    return pieces


def _timed_event(
    mapped: MappedSheet, event: Event, at: Clock, path: Path, *, day: Whole, local: dict[str, Whole]
) -> Piece:
    """An event at a time of day; one that would come before the one it follows is on the next day."""
    time, bad = forms_of_time.times(mapped.column(at.column), at.none)
    mapped.report_unexplained("mapping.clock_unreadable", (*path, "at"), at.column, bad)
    here = np.where((time == NEVER) | (day == NEVER), NEVER, day * DAY + time)
    before = local.get(at.after or "")
    if before is not None:
        late = (here != NEVER) & (before != NEVER) & (here < before)
        here = here + np.where(late, DAY, 0)
    local[event.kind] = here
    rows = np.flatnonzero(here != NEVER)
    piece = _piece(mapped, event, path, rows, at.column)
    at_utc = forms_of_time.to_utc(here, mapped.zone)[rows]
    return Piece(rows, piece.key, piece.same, value=piece.value, at=at_utc, day=here[rows] // DAY)


def _piece(mapped: MappedSheet, event: Event, path: Path, rows: Whole, column: str) -> Piece:
    same = {
        "kind": event.kind,
        "touchpoint": event.touchpoint,
        "indicator": event.indicator,
        "source": mapped.mapping.source,
        "at_us": None,
    }
    value = None
    if event.value is not None:
        found, bad = numbers(mapped.column(event.value), mapped.mapping.numbers)
        mapped.report_unexplained("mapping.number", path, event.value, bad)
        value = found[rows]
    return Piece(rows, f"{column}>{event.kind}", same, value=value)


def _failure_pieces(mapped: MappedSheet, event: Event, path: Path) -> Iterator[Piece]:
    """What a code of a list says happened: where it was, and which indicator it counts under."""
    known, states = _list(mapped.mapping, event.codes_of), state_codes(event.codes)
    for name in event.columns:
        column = mapped.column(name)
        mapped.report_unexplained(
            "mapping.code_unknown",
            path,
            name,
            [i for i, text in enumerate(column.keys) if text not in states and text not in known],
            list=event.codes_of,
        )
        for i, text in enumerate(column.keys):
            entry = None if text in states else known.get(text)
            if entry and (entry.touchpoint or entry.indicator):
                piece = _piece(mapped, event, path, np.flatnonzero(column.at == i), name)
                own = {
                    "touchpoint": entry.touchpoint or event.touchpoint,
                    "indicator": entry.indicator or event.indicator,
                }
                yield Piece(piece.rows, piece.key, {**piece.same, **own})
