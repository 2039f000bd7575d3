"""The figures of a service as whoever asks may have them: computed by the methods over the facts of the door, and
computed once while those are the same (`result_cache`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from peakend.facts import TABLES, Facts, TableName
from peakend.methods import BY_ID
from peakend.result import Results
from peakend.terms import Lang
from peakend_web.base.guard import ByKey, InService
from peakend_web.base.refusals import Missing, Refusal
from peakend_web.store import columns, door, least_sizes
from peakend_web.store.columnar import Manifest
from peakend_web.store.door import Filters, Freshness
from peakend_web.store.grants import sees_each

from .result_cache import result_cache
from .selection import Selection

T = TypeVar("T")


@dataclass(frozen=True)
class Figures:
    """The figures of a service as whoever asks may have them: from their sites, of each answer or of what is released,
    of the answers that pass the filters.
    """

    here: InService | ByKey
    selection: Selection
    lang: Lang

    @cached_property
    def sites(self) -> tuple[str, ...] | None:
        """The sites that whoever asks sees; None for all."""
        return self.here.sites

    @property
    def leads_with_weights(self) -> bool:
        """Whether this workspace leads with figures that use survey weights."""
        return self.here.workspace.weighted

    @property
    def sees_each(self) -> bool:
        """Whether these figures hold each answer as it comes."""
        return sees_each(self.here)

    @cached_property
    def version(self) -> Hashable:
        """What the figures change with."""
        return (
            self.freshness.version
            if self.sees_each
            else tuple(door.release(self.here.service, self._manifest, table).version for table in TABLES)
        )

    @cached_property
    def freshness(self) -> Freshness:
        """How far the counts have come, looked at once a request."""
        return door.freshness(self.here.service, self._manifest)

    @cached_property
    def _manifest(self) -> Manifest:
        """The columnar copy as it is when this request first looks at it."""
        return door.manifest_of(self.here.service)

    def facts(self, filters: Filters | None = None, table: TableName = "answers") -> Facts:
        """The facts this page is about, or those of other filters."""
        wanted = filters or self.selection.filters
        key = (_columns_key(wanted), wanted.since, wanted.until, wanted.aside, table)
        if key not in self._facts:
            self._facts[key] = door.read(
                self.here.service, wanted, table, self.sites, each=self.sees_each, manifest=self._manifest
            )
        return self._facts[key]

    @cached_property
    def _facts(self) -> dict[Hashable, Facts]:
        """The facts that this request has read so far."""
        return {}

    def results(
        self, method: str, by: Sequence[str] = (), filters: Filters | None = None, **options: Any
    ) -> Results[Any]:
        """The rows of a method. Raises what the method raises."""
        wanted, known = filters or self.selection.filters, BY_ID[method]
        if known.reads == "table":
            raise Missing("web.missing")
        table, beside = known.reads, (*by, *columns.ACROSS.get(method, ()), *_across(options))
        self.require_open(wanted, beside)
        key = ("results", method, tuple(by), _options_key(options))
        asked = {**_respondents(wanted, table), **options}
        return self.remember(key, lambda: self._withhold(known.run(self.facts(wanted, table), by, **asked)), wanted)

    def require_open(self, filters: Filters, by: Iterable[str] = ()) -> None:
        """Refuse columns that whoever asks may not filter or group by. It stands before what is kept, which is for
        whoever asks the same, however it was computed.
        """
        columns.require(self.here.service, filters.narrowed)
        columns.require_sites(self.sites, filters.narrowed)
        if not self.sees_each:
            limited = {} if self.sites is None else {"site": self.sites}
            columns.require_one(self.here.service, limited, filters.narrowed, by=by)

    def is_open(self, filters: Filters, by: Iterable[str] = ()) -> bool:
        """Whether whoever asks may filter and group by these."""
        try:
            self.require_open(filters, by)
        except Refusal:
            return False
        return True

    def _withhold(self, results: Results[Any]) -> Results[Any]:
        return least_sizes.withhold(results, self.here.workspace.least_cell)

    def remember(self, what: Hashable, make: Callable[[], T], filters: Filters | None = None) -> T:
        """Anything made from these answers, while they are the same."""
        wanted = filters or self.selection.filters
        self.require_open(wanted)
        key = (
            *self._origin,
            self.version,
            self.sites,
            _columns_key(wanted),
            wanted.since,
            wanted.until,
            wanted.aside,
            what,
        )
        return result_cache.get(key, make)

    @property
    def _origin(self) -> tuple[Hashable, ...]:
        """What changes what is made of the same answers: the document, whose words and columns are in it, and the
        least cell.
        """
        service, workspace = self.here.service, self.here.workspace
        return service.workspace_id, service.pk, service.current_id, workspace.least_cell


def _respondents(filters: Filters, table: TableName) -> dict[str, Any]:
    """That a method shall read the answers of those whom the filters name; by itself it reads those of customers."""
    kinds = filters.columns.get("respondent_kind")
    return {"where": {"respondent_kind": kinds}} if kinds and table == "answers" else {}


def _columns_key(filters: Filters) -> Hashable:
    return tuple(sorted(filters.columns.items())), tuple(sorted(filters.but.items()))


def _options_key(options: Mapping[str, Any]) -> Hashable:
    return tuple(sorted((name, tuple(value) if isinstance(value, list) else value) for name, value in options.items()))


def _across(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The column that a method sets side by side, where it is asked for one."""
    return (options["across"],) if "across" in options else ()
