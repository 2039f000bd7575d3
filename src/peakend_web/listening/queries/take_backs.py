"""What would go if rows were taken back, said before they are: how many, of which survey, which days and sites, and
what it does to the figures. Figures are the methods' own, computed once with these rows and once without.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from django.db.models import Count, Max, Min

from peakend import ces, csat, nps
from peakend.errors import PeakendError
from peakend.facts import Facts
from peakend.facts.shape import WHOLE
from peakend.instants import date_of
from peakend.result import Result
from peakend_web.base.documents import document_of
from peakend_web.models import Answer, Event, Service
from peakend_web.store import columnar, door
from peakend_web.store.door import Filters, rated_constructs
from peakend_web.store.least_sizes import LEAST_N
from peakend_web.store.row_faults import BOUNDS, Fault

from .origins import MODELS, Origin

EXAMPLES: Final = 3
MOST_GROUPS: Final = 12
Key = tuple[str, str, int]
"""What a figure is of: its construct, its question, and with how many digits it is written."""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Some of the rows that would go: of one survey and question, or one kind of event."""

    table: str
    name: str
    item: str
    rows: int


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A headline figure with the rows and without them; `item` is the question, where one survey asks the same by
    several.
    """

    name: str
    item: str
    before: float | None
    after: float | None
    n_before: int
    n_after: int
    digits: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that would go."""

    rows: int
    groups: Sequence[RowGroup]
    days: tuple[date | None, date | None]
    sites: Sequence[str]
    examples: Sequence[dict[str, Any]]
    figures: Sequence[FigureChange]
    of_single_rows: bool
    """Whether it says what single rows do."""


def preview(service: Service, origin: Origin, sites: tuple[str, ...] | None, *, each: bool) -> Preview:
    """What would go if what came by this origin were taken back; figures are of the sites that the asking person sees.

    Without `each` nothing tells of single rows: neither rows, nor their days and sites, nor figures of answers that are
    not released.
    """
    answers, events = origin.rows(service, Answer), origin.rows(service, Event)
    groups = row_groups(service, origin)
    spans = [
        found.filter(day__range=BOUNDS["day"]).aggregate(first=Min("day"), last=Max("day"))
        for found in (answers, events)
    ]
    firsts, lasts = ([span[end] for span in spans if span[end] is not None] for end in ("first", "last"))
    places = {site for found in (answers, events) for site in found.values_list("site", flat=True).distinct() if site}
    named = answers.order_by("pk").values("survey", "item", "construct", "site", "day", "value")[
        : EXAMPLES if each else 0
    ]
    examples = [{**row, "day": _day(row["day"])} for row in named]
    days = (_day(min(firsts, default=None)), _day(max(lasts, default=None)))
    return Preview(
        sum(each.rows for each in groups),
        groups,
        days if each else (None, None),
        sorted(places) if each else [],
        examples,
        _figures(service, origin, sites) if each else [],
        each,
    )


def faults_of(service: Service) -> list[Fault]:
    """The rows of a service of which something cannot be read, each to be taken back by its source and key."""
    known = columnar.faults(service.workspace_id)
    of_it = [
        Origin().rows(service, model).filter(pk__in=[each.id for each in known]).values_list("source", "source_key")
        for model in MODELS
    ]
    rows = {named for found in of_it for named in found}
    return [each for each in known if (each.source, each.key) in rows]


def row_groups(service: Service, origin: Origin) -> list[RowGroup]:
    """How many rows would go, of which survey and question, and of which kind of event."""
    asked = (
        origin.rows(service, Answer)
        .values("survey", "item")
        .annotate(rows=Count("id"))
        .order_by("-rows", "survey", "item")
    )
    kinds = origin.rows(service, Event).values("kind").annotate(rows=Count("id")).order_by("-rows", "kind")
    return [
        *(RowGroup("answers", each["survey"] or "", each["item"] or "", each["rows"]) for each in asked),
        *(RowGroup("events", each["kind"], "", each["rows"]) for each in kinds),
    ]


def _day(day: int | None) -> date | None:
    """A day, where it is one: rows of which something cannot be read are taken back, too."""
    first, last = BOUNDS["day"]
    return date_of(day) if day is not None and first <= day <= last else None


def _figures(service: Service, origin: Origin, sites: tuple[str, ...] | None) -> list[FigureChange]:
    """The headline figures with these rows and without."""
    points = _touchpoints(service)
    with tempfile.TemporaryDirectory() as folder:
        ids = Path(folder) / "ids.parquet"
        pq.write_table(
            pa.table({"id": pa.array(origin.rows(service, Answer).values_list("pk", flat=True), pa.int64())}), ids
        )
        before = _headlines(door.read(service, Filters(), sites=sites), points)
        after = _headlines(door.read(service, Filters(), sites=sites, but=ids), points)
    moved = (_change(key, before.get(key), after.get(key)) for key in {**before, **after})
    return [each for each in moved if (each.before, each.n_before) != (each.after, each.n_after)]


def _change(key: Key, before: Result | None, after: Result | None) -> FigureChange:
    name, item, digits = key
    n_before, n_after = (0 if row is None else row.n for row in (before, after))
    return FigureChange(name, item, _tellable_value(before), _tellable_value(after), n_before, n_after, digits)


def _headlines(facts: Facts, points: Sequence[str]) -> dict[Key, Result]:
    """Every figure that leads a page: the recommendation, the satisfaction with the whole, the effort, and the mean of
    each touchpoint.
    """
    methods: Sequence[tuple[int, Callable[[], Iterable[Result]]]] = (
        (1, lambda: nps(facts)),
        (2, lambda: csat(facts, construct=rated_constructs(facts, WHOLE), measure="mean")),
        (2, lambda: ces(facts)),
        (2, lambda: csat(facts, construct=rated_constructs(facts, points), measure="mean")),
    )
    found: dict[Key, Result] = {}
    for digits, method in methods:
        with suppress(PeakendError):
            found |= {
                (str(getattr(row, "construct", None) or "nps"), str(getattr(row, "item", None) or ""), digits): row
                for row in method()
                if row.n
            }
    return found


def _touchpoints(service: Service) -> tuple[str, ...]:
    return (
        tuple(dict.fromkeys(each.id for each in document_of(service.current_id).touchpoints))
        if service.current_id
        else ()
    )


def _tellable_value(row: Result | None) -> float | None:
    """A figure, where enough people stand behind it to be told."""
    return row.value if row is not None and row.n >= LEAST_N else None
