"""The only door to the facts: who asks, about which service, with which filters → one of the two tables.

What comes out holds the rows of this service that this person may see (of their sites, where sites are named for them)
and that pass the filters. It is read from the columnar copy, which is first brought up to the truth where that is
ahead; so an answer is counted by the next page that is opened.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

import pyarrow.parquet as pq

from peakend.errors import FactsError
from peakend.facts import QUESTIONABLE, TABLES, Conditions, Facts, TableName, conform
from peakend.facts.shape import CODE
from peakend.facts.sql import quoted_name, quoted_text
from peakend.field import ratings
from peakend.instants import DAY, day_of
from peakend.reduce import tally
from peakend_web.base.grants import standing
from peakend_web.models import Person, Service

from . import changes, columnar, columns, partial_sums
from .columnar import Manifest
from .grants import sees_each
from .release import EXACT_DAY, PERSON, QUESTION, Ask, ReleasedRows, current_release

Aside = Literal["counted", "sure", "all"]
"""Which answers count, by what is said in their column `aside`: all but those that are set apart; of these not even the
questionable; or every one.
"""
ASIDES: Final[tuple[Aside, ...]] = get_args(Aside)
COUNTED: Final[Mapping[Aside, str]] = {
    "counted": f"(aside IS NULL OR aside = '{QUESTIONABLE}')",
    "sure": "aside IS NULL",
    "all": "true",
}
_ALL: Final = Conditions(aside=True)
"""What is set apart has been left out where it was to be."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a page is narrowed to: columns with the values that pass, and local days from the first to the last, both
    included. `but` leaves out whoever has all of these values: of whom one of them is not known, nobody can say so, and
    they are not among the others either. `aside` says which answers count; whoever names reasons in the column of that
    name has asked for those.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    but: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aside: Aside = "counted"

    @property
    def narrowed(self) -> Mapping[str, tuple[str, ...]]:
        """Every column that is read, whichever way."""
        return {**self.but, **self.columns}


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the counts have come: `pending` facts are in the truth and not yet counted; `as_of_us` is when that was
    looked at.
    """

    as_of_us: int
    newest_us: int | None
    pending: int
    version: int


def facts(person: Person, service: Service, filters: Filters | None = None, table: TableName = "answers") -> Facts:
    """The facts of a service that this person may see; none at all for somebody who is not of its workspace."""
    here = standing(person, service.workspace)
    sites, each = (here.sites, sees_each(here)) if here else ((), False)
    return read(service, filters or Filters(), table, sites, each=each)


def read(
    service: Service,
    filters: Filters,
    table: TableName = "answers",
    sites: tuple[str, ...] | None = None,
    but: Path | None = None,
    *,
    each: bool = True,
    manifest: Manifest | None = None,
) -> Facts:
    """The facts of a service at these sites (None: all of them), for whoever has been let in otherwise: a key, a job.

    Without `each` they are what is released: in batches, in months, and by one column of people at a time. `but` is a
    Parquet file of the ids of rows that are to be left out; it must last as long as the facts are read. `manifest` is
    that of the copy, where a request has looked at it already (`manifest_of`). Raises Refusal `web.column_closed` for a
    column that nobody may filter by, `web.one_at_a_time` for more than what is released can be narrowed to, Missing
    `web.missing` for a site beyond these.
    """
    columns.require(service, filters.narrowed)
    columns.require_sites(sites, filters.narrowed)
    manifest = manifest or manifest_of(service)
    if not each:
        return _released_facts(service, filters, table, sites, manifest)
    workspace = service.workspace_id
    if columnar.needs_tidying(manifest):
        columnar.tidy_later(workspace)
    own = manifest.tables[table].own
    names = [column.name for column in TABLES[table]] + [name for name in own if name not in _HIDDEN_COLUMNS]
    narrowed = [
        f"service = {service.pk:d}",
        *_conditions(filters, names, table),
        *([] if sites is None else [_among("site", sites)]),
        *_but(but),
    ]
    conditions, chosen = " AND ".join(narrowed), ", ".join(map(quoted_name, names))
    query = f"SELECT {chosen} FROM ({columnar.source(workspace, manifest, table)}) WHERE {conditions}"  # noqa: S608 — our own names
    parts = partial_sums.ChunkParts(workspace, manifest, table, tuple(names), conditions)
    rows = cache(lambda: conform(columnar.engine().sql(query), table, check=False).as_they_came().frame)
    return Facts(rows, table, tuple(names), parts=parts, conditions=_ALL)


def _released_facts(
    service: Service, filters: Filters, table: TableName, sites: tuple[str, ...] | None, manifest: Manifest
) -> Facts:
    """What is released, narrowed: columns that are not of people or of questions are not in it."""
    columns.require_one(service, {"site": sites or ()} if sites is not None else {}, filters.narrowed)
    names = [column.name for column in TABLES[table]] + [
        name for name in manifest.tables[table].own if name in columns.of_people(service)
    ]
    whole = replace(filters, since=filters.since and filters.since.replace(day=1))
    narrowed = ["true", *_conditions(whole, names, table), *([] if sites is None else [_among("site", sites)])]
    conditions, chosen = " AND ".join(narrowed), ", ".join(map(quoted_name, names))
    query = f"SELECT * FROM ({release(service, manifest, table).query}) WHERE {conditions}"  # noqa: S608 — our own names
    by_day = f"SELECT * EXCLUDE (day), {EXACT_DAY} AS day FROM ({query})"  # noqa: S608 — our own names

    def facts(rows: str, exact: Facts | None = None) -> Facts:
        said = f"SELECT {chosen} FROM ({rows})"  # noqa: S608 — our own names
        frame = cache(lambda: conform(columnar.engine().sql(said), table, check=False).as_they_came().frame)
        return Facts(frame, table, tuple(names), exact=exact, conditions=_ALL)

    return facts(query, facts(by_day))


def write_rows(service: Service, filters: Filters, sites: tuple[str, ...] | None, path: Path) -> int:
    """Write the answers row by row into a Parquet file, for whoever may take them; how many.

    Of an answer that names no customer no instant is told that is finer than its day, only the order within its
    response. Nothing in it serves to write: neither where a row came from nor under which key.
    """
    found = read(service, filters, sites=sites)
    ordered = "row_number() OVER (PARTITION BY response ORDER BY at_us, source_key)"
    at = f"CASE WHEN customer IS NULL THEN day * {DAY} + {ordered} ELSE at_us END AS at_us"
    chosen = f"SELECT * EXCLUDE (source, source_key) REPLACE ({at}) FROM _rows"  # noqa: S608 — our own names
    found.frame.to_native().query("_rows", chosen).write_parquet(str(path), compression="zstd")
    return int(pq.read_metadata(path).num_rows)


def release(service: Service, manifest: Manifest, table: TableName = "answers") -> ReleasedRows:
    """How far the release of a service has come."""
    ask = Ask(service.workspace_id, service.pk, table, columns.of_people(service), service.workspace.least_cell)
    return current_release(ask, manifest)


def respondents_by_survey(service: Service, sites: tuple[str, ...] | None) -> dict[tuple[str, str], int]:
    """How many people have answered each survey and round, as far as it is released: its question that most of them
    answered.

    The people of one question come in blocks of a least cell; those of all its questions together would not.
    """
    where = "true" if sites is None else _among("site", sites)
    by_question = (
        f"SELECT survey, coalesce(wave, '') AS wave, count(DISTINCT {PERSON['answers']}) AS people "  # noqa: S608 — our own names
        f"FROM ({release(service, manifest_of(service)).query}) "
        f"WHERE survey IS NOT NULL AND role <> '{CODE}' AND {COUNTED['counted']} AND {where} "
        f"GROUP BY {', '.join(QUESTION['answers'])}"
    )
    query = f"SELECT survey, wave, max(people) FROM ({by_question}) GROUP BY ALL"  # noqa: S608 — our own names
    return {
        (str(survey), str(wave)): int(people) for survey, wave, people in columnar.engine().execute(query).fetchall()
    }


def rated_constructs(facts: Facts, constructs: Iterable[str]) -> tuple[str, ...]:
    """Those of the constructs of which there are scores. Methods refuse a name that no answer has, for it may be
    misspelt; a touchpoint of the design that nobody was asked about is not.
    """
    there = {*tally(ratings.scores(facts), ("construct",), keys=()).column("construct")}
    return tuple(one for one in constructs if one in there)


def manifest_of(service: Service) -> Manifest:
    """The columnar copy that holds a service, brought up to the truth. A request looks at it once and goes on with it,
    so that all its figures are of the same facts.
    """
    return columnar.refresh(service.workspace_id)


def freshness(service: Service, manifest: Manifest) -> Freshness:
    """Whether everything that came in is counted."""
    newest = partial_sums.newest_us(service.workspace_id, manifest)
    pending = max(0, changes.clock()[0] - manifest.clock)
    return Freshness(time.time_ns() // 1000, newest, pending, manifest.clock)


_HIDDEN_COLUMNS: Final = frozenset({"id", "seq", "service"})


def _conditions(filters: Filters, names: list[str], table: TableName) -> list[str]:
    unknown = next((name for name in filters.narrowed if name not in names), None)
    if unknown is not None:
        raise FactsError("facts.column_unknown", column=unknown, found=", ".join(names))
    found = [_among(name, wanted) for name, wanted in filters.columns.items() if wanted]
    if table == "answers" and "aside" not in filters.columns:
        found.append(COUNTED[filters.aside])
    if filters.but:
        found.append(f"NOT ({' AND '.join(_among(name, wanted) for name, wanted in filters.but.items())})")
    if filters.since:
        found.append(f"day >= {day_of(filters.since):d}")
    if filters.until:
        found.append(f"day <= {day_of(filters.until):d}")
    return found


def _among(name: str, wanted: tuple[str, ...]) -> str:
    values = ", ".join(map(quoted_text, wanted))
    return f"{quoted_name(name)} IN ({values})" if wanted else "false"


def _but(ids: Path | None) -> list[str]:
    return [] if ids is None else [f"id NOT IN (SELECT id FROM read_parquet({quoted_text(str(ids))}))"]  # noqa: S608 — our own file
