"""The door at which facts come in many at once, from a program or a file: what readers could not read later is refused
here.

Whatever comes has passed `conform` before. A column `revision` beside the fact columns says which word on a fact is the
last.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from peakend.errors import FactsError
from peakend.facts import TABLES, Facts, TableName
from peakend.facts.shape import INSTANTS, may_be_own
from peakend.ids import fold_case, plain_id
from peakend.instants import local_day, read_instant, unit_of
from peakend.service.kinds.nps import KIND as NPS
from peakend_web.base.documents import document_of
from peakend_web.base.refusals import Refusal
from peakend_web.base.time_zones import Zones, zones_of
from peakend_web.models import Service

from . import columnar, statements
from .codes import refuse_codes_without_words
from .copied_answers import refuse_duplicates
from .fresh_answers import ANSWER_COLUMNS, FreshAnswers
from .identity import is_reserved
from .row_faults import BOUNDS
from .rows import Row

BATCH: Final = 2_000
REVISION: Final = "revision"
HIGHEST: Final = 2**53
"""The highest revision: beyond it, not every program tells two numbers apart."""
KNOWN_COLUMNS: Final[Mapping[TableName, frozenset[str]]] = {
    table: frozenset(each.name for each in columns)
    | {name for name, number in INSTANTS.items() if number in {each.name for each in columns}}
    | {REVISION}
    for table, columns in TABLES.items()
}
"""Names that a source may use of each table in the sense that they have here."""
OTHER: Final[Mapping[TableName, TableName]] = {"answers": "events", "events": "answers"}


def check_names(table: TableName, lines: Mapping[str, int], held: Iterable[str] = ()) -> None:
    """Refuse columns that could not be told apart, or stand for something of ours: engines know no capitals, and people
    no widths.

    `lines` are the columns with the line in which each is first seen, `held` those that the workspace has beside the
    standard ones. What is let in here is read later: both ask `shape.may_be_own`. Raises Refusal
    `facts.column_reserved`, `facts.column_of_other`, `facts.column_alike`, `facts.column_unreadable`.
    """
    taken, other = KNOWN_COLUMNS[table], OTHER[table]
    known = {fold_case(name): name for name in (*held, *taken)}
    for name, line in lines.items():
        fold = fold_case(name)
        if not fold or not name.isprintable():
            raise Refusal("facts.column_unreadable", column=name, line=line)
        if fold in KNOWN_COLUMNS[other] - taken:
            raise Refusal("facts.column_of_other", column=name, line=line, table=other)
        if fold not in taken and not may_be_own(name):
            raise Refusal("facts.column_reserved", column=name, line=line)
        # A standard column in capitals alone is that column, which `conform` knows.
        meant = name.lower() if name.lower() in taken and name.lower() not in lines else name
        if known.setdefault(fold, meant) != meant:
            raise Refusal("facts.column_alike", column=name, other=known[fold], line=line)


def with_times(row: dict[str, Any], line: int, zones: Zones) -> dict[str, Any]:
    """A row of a program with its times as numbers and its local day; the day that it says itself stays.

    Raises Refusal `api.instant_unreadable`, `api.instant_twice`.
    """
    made = {name: value for name, value in row.items() if name.lower() not in INSTANTS}
    site = row.get("site")
    zone = zones.at(plain_id(site) if isinstance(site, str) else None)
    for name, number in INSTANTS.items():
        said = next((value for own, value in row.items() if own.lower() == name), None)
        if said is None:
            continue
        if made.get(number) is not None:
            raise Refusal("api.instant_twice", line=line, column=name, other=number)
        made[number] = read_instant(said.strip(), zone) if isinstance(said, str) else None
        if made[number] is None:
            raise Refusal("api.instant_unreadable", line=line, column=name, found=str(said)[:60])
    for name, (first, last) in BOUNDS.items():
        found = made.get(name)
        if isinstance(found, int) and not first <= found <= last:
            raise _outside(name, found, line)
    if made.get("day") is None and type(made.get("at_us")) is int:
        made["day"] = local_day(made["at_us"], zone)
    return made


class Intake:
    """The facts of a program or a file, about to come into a service.

    `source` stands for the source of rows that name none, and a row's number in `delivery` for its key: what others
    brought under the same source never has it. A row without a source that has a key of its own is of the `sender`, in
    whichever delivery it comes, so that it is corrected in another. `days_said` is whether the days of the facts are
    the source's own; if not, each instant has the day of its site. Ids come out in their plain form. Raises FactsError
    `facts.row_twice` where two rows have one identity, and Refusal where a row could not be read later: what
    `check_names` refuses, `facts.revision`, `facts.nanoseconds`, `facts.time_outside`, `facts.not_finite`,
    `facts.null_character`, `facts.scale_other`. Of answers that were given `again` within it, the latest alone comes
    in.
    """

    def __init__(
        self, facts: Facts, service: Service, source: str, delivery: str, *, sender: str = "", days_said: bool = True
    ) -> None:
        check_names(facts.table, dict.fromkeys(facts.segments, 1), columnar.own_columns(service.workspace_id))
        self.table = facts.table
        self._service, self._source, self._sender = service, source, sender
        self._segments = tuple(name for name in facts.segments if name != REVISION)
        said: pa.Table = facts.as_they_came().counting_rows.collect(backend="pyarrow").to_native()
        self.nameless = bool(said.column("source_key").null_count)
        """Whether there is a row without a key of its own."""
        self._rows = _with_identities(said, source, delivery, sender or source)
        self.again = facts.again
        _check_values(self._rows)
        if facts.table == "answers":
            _check_scales(self._rows, service)
        self._revisions = (
            _revisions(self._rows.column(REVISION).to_pylist()) if REVISION in facts.segments else [0] * self.many
        )
        self._zones = None if days_said else zones_of(service.workspace)

    @property
    def many(self) -> int:
        """How many rows there are."""
        return int(self._rows.num_rows)

    def check_codes(self) -> None:
        """Refuse codes of comments that are not there. Raises Conflict `facts.code_without_words`."""
        if self.table == "answers":
            refuse_codes_without_words(self._service, self._rows)

    def check_questions(self) -> int | None:
        """Refuse answers to questions that are answered already; the number up to which none is, where there are
        answers.

        Raises Conflict `facts.answered_again`.
        """
        return refuse_duplicates(self._service, self._rows) if self.table == "answers" else None

    def check_questions_since(self, number: int | None) -> None:
        """The same for what came after a number, under the lock of all who write. Raises Conflict
        `facts.answered_again`.
        """
        if number is None:
            return
        with closing(statements.driver_cursor()) as cursor:
            answered = FreshAnswers(cursor, {self._service.workspace_id: number})
        near = self._rows.filter(pc.is_in(self._rows.column("response"), pa.array(answered.responses, pa.string())))
        own = {"workspace_id": self._service.workspace_id, "service_id": self._service.pk}
        if again := answered.conflict(tuple((own | row)[name] for name in ANSWER_COLUMNS) for row in near.to_pylist()):
            raise again

    def check_sources(self) -> None:
        """Refuse rows that claim to be of a survey, of another file or of another program. Raises Refusal
        `facts.source_reserved`.
        """
        for source in pc.unique(self._rows.column("source")).to_pylist():
            if source and source not in (self._source, self._sender) and is_reserved(source):
                raise Refusal("facts.source_reserved", source=source[:60])

    def batches(self, imported: int | None = None) -> Iterator[list[Row]]:
        """The rows as `deliveries` takes them, a batch at a time."""
        own = [column.name for column in TABLES[self.table]]
        for start in range(0, self.many, BATCH):
            part = self._rows.slice(start, BATCH)
            many, columns = part.num_rows, part.to_pydict()
            if self._zones is not None:
                columns["day"] = _days(columns["at_us"], columns["site"], self._zones)
            named = {name: columns[name] for name in own} | {
                "workspace_id": [self._service.workspace_id] * many,
                "service_id": [self._service.pk] * many,
                "imported_id": [imported] * many,
                "delivery": [self._source if self._sender else None] * many,
                "segments": _segments(columns, self._segments, many),
                "revision": self._revisions[start : start + many],
            }
            kind = statements.SHAPES[self.table].row
            yield list(map(kind, *(named[name] for name in kind.__struct_fields__)))


def _with_identities(rows: pa.Table, source: str, delivery: str, sender: str) -> pa.Table:
    """The rows, each with its identity. A source that is the delivery's own needs no more than the row's number to tell
    its rows apart.
    """
    sources, keys = (_or_null(rows.column(name)) for name in ("source", "source_key"))
    numbers = pa.array(map(str, range(rows.num_rows)), pa.string())
    sources = pc.coalesce(sources, pc.if_else(pc.is_valid(keys), sender, source))
    numbered = pc.if_else(pc.equal(sources, source), numbers, pc.binary_join_element_wise(delivery, numbers, ":"))
    identities = {"source": sources, "source_key": pc.coalesce(keys, numbered)}
    times = pa.table(identities).group_by([*identities]).aggregate([([], "count_all")])
    if (at := _first(pc.greater(times.column("count_all"), 1))) is not None:
        twice = times.slice(at, 1).to_pylist()[0]
        raise FactsError("facts.row_twice", source=twice["source"], key=twice["source_key"], times=twice["count_all"])
    for name, column in identities.items():
        rows = rows.set_column(rows.column_names.index(name), name, column)
    return rows


def _or_null(column: pa.ChunkedArray) -> pa.ChunkedArray:
    texts = column.cast(pa.string())
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(texts), ""), None, texts)


def _is_text(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def _days(at: Sequence[int | None], sites: Sequence[str | None], zones: Zones) -> list[int | None]:
    return [None if at_us is None else local_day(at_us, zones.at(site)) for at_us, site in zip(at, sites, strict=True)]


def _check_values(rows: pa.Table) -> None:
    """Refuse the first number that is no number of its kind, and the first text that no database keeps."""
    for name, (first, last) in BOUNDS.items():
        if name in rows.column_names:
            column = rows.column(name)
            at = _first(pc.or_(pc.less(column, first), pc.greater(column, last)))
            if at is not None:
                raise _outside(name, column[at].as_py(), at + 1)
    for name in ("value", "low", "high", "weight"):
        if name in rows.column_names and (at := _first(pc.invert(pc.is_finite(rows.column(name))))) is not None:
            raise Refusal("facts.not_finite", column=name, row=at + 1, found=rows.column(name)[at].as_py())
    for name in rows.column_names:
        column = rows.column(name)
        if _is_text(column) and (at := _first(pc.match_substring(column, "\0"))) is not None:
            raise Refusal("facts.null_character", column=name, row=at + 1)


def _check_scales(rows: pa.Table, service: Service) -> None:
    """Refuse scores on another scale than the service asks them on: one of them would stop what is computed of all.

    Known are the items of its surveys, and the NPS, which is defined on 0–10. Raises Refusal `facts.scale_other`.
    """
    document = document_of(service.current_id) if service.current_id else None
    asked = {
        (survey.id, name): item.range
        for survey in (document.surveys if document else ())
        for item in survey.items
        for name in item.spec.questions(item)
    }
    nps = (NPS.low, NPS.high)
    scores = rows.append_column("_row", pa.array(range(1, rows.num_rows + 1))).filter(
        pc.equal(rows.column("role"), "score")
    )
    kinds = scores.group_by(["survey", "item", "construct", "low", "high"]).aggregate([("_row", "min")])
    for kind in sorted(kinds.to_pylist(), key=lambda kind: kind["_row_min"]):
        wanted = nps if kind["construct"] == NPS.construct else asked.get((kind["survey"], kind["item"]))
        if wanted and kind["low"] is not None and kind["high"] is not None and (kind["low"], kind["high"]) != wanted:
            found, scale = (f"{low:g}–{high:g}" for low, high in ((kind["low"], kind["high"]), wanted))
            raise Refusal(
                "facts.scale_other",
                row=kind["_row_min"],
                item=kind["item"] or kind["construct"] or "–",
                found=found,
                scale=scale,
            )


def _outside(name: str, found: int, row: int) -> Refusal:
    return Refusal(
        "facts.nanoseconds" if name != "day" and unit_of(found) else "facts.time_outside",
        column=name,
        row=row,
        found=found,
    )


def _first(flags: pa.ChunkedArray) -> int | None:
    at = pc.index(flags, True).as_py()
    return None if at < 0 else int(at)


def _revisions(said: Sequence[str | None]) -> list[int]:
    """Revisions as whole numbers; none is the first."""
    read = {text: _revision(text) for text in set(said)}
    return [read[text] for text in said]


def _revision(text: str | None) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(HIGHEST)) and int(text) <= HIGHEST):
        raise Refusal("facts.revision", found=text[:40], most=HIGHEST)
    return int(text)


def _segments(columns: dict[str, list[Any]], names: Sequence[str], many: int) -> list[str]:
    """The segment columns of each row as one JSON object of texts; what is not known is not in it."""
    if not names:
        return ["{}"] * many
    rows = zip(*(columns[name] for name in names), strict=True)
    named = ({name: str(value) for name, value in zip(names, row, strict=True) if value is not None} for row in rows)
    return [json.dumps(each, ensure_ascii=False, sort_keys=True) for each in named]
