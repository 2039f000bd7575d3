"""Results as pages show them: computed by the methods over the facts of the door, and kept while the facts are the
same.

The cache holds whole results by what they were computed from: the state of the columnar copy, the service, the sites
this person sees, the filters, the method with its options. A new answer makes a new state; what was computed from the
old one falls off the end.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Final, TypeVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from peakend import samples
from peakend.errors import PeakendError
from peakend.facts import TABLES, Facts, TableName
from peakend.methods import BY_ID
from peakend.reduce import tally
from peakend.result import Results
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang
from peakend_web.base import documents
from peakend_web.base.cache import Cache
from peakend_web.base.documents import document_of
from peakend_web.base.guard import ByKey, InService
from peakend_web.base.languages import reader_language
from peakend_web.base.localtime import day_words, moment_words
from peakend_web.base.refusals import Busy, Missing
from peakend_web.base.threads import aside
from peakend_web.store import columns, door, least_sizes
from peakend_web.store.door import Filters, Freshness
from peakend_web.store.grants import sees_each

from .selection import DAYS, FilterBar, Selection, filter_bar, selection_of

T = TypeVar("T")
ROOM: Final = 2_000


class ResultCache:
    """What was computed lately, the least used falling off the end. An error that a method raised is kept and raised
    again.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._kept = Cache(room)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value for the key, made where it is not there."""
        value: T | PeakendError | None = self._kept.get(key)
        if value is None:
            with aside():  # it may take long, and most of it is not the interpreter's work
                value = self._kept.get_or_make(key, lambda: _value_or_error(make))
        if isinstance(value, PeakendError):
            raise value
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()


def _value_or_error(make: Callable[[], T]) -> T | PeakendError:
    try:
        return make()
    except Busy:
        raise  # it says nothing of the answers
    except PeakendError as error:
        return error


result_cache: Final = ResultCache()


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
    def weighted(self) -> bool:
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
            else tuple(door.release(self.here.service, table).version for table in TABLES)
        )

    @cached_property
    def freshness(self) -> Freshness:
        """How far the counts have come, looked at once a request."""
        return door.freshness(self.here.service)

    def facts(self, filters: Filters | None = None, table: TableName = "answers") -> Facts:
        """The facts this page is about, or those of other filters."""
        wanted = filters or self.selection.filters
        key = (_columns_key(wanted), wanted.since, wanted.until, table)
        if key not in self._read:
            self._read[key] = door.read(self.here.service, wanted, table, self.sites, each=self.sees_each)
        return self._read[key]

    @cached_property
    def _read(self) -> dict[Hashable, Facts]:
        """The facts that this request has read so far."""
        return {}

    def results(
        self, method: str, by: Sequence[str] = (), filters: Filters | None = None, **options: Any
    ) -> Results[Any]:
        """The rows of a method. Raises what the method raises."""
        wanted, known = filters or self.selection.filters, BY_ID[method]
        if known.reads == "table":
            raise Missing("web.missing")
        table = known.reads
        if not self.sees_each:
            limited = {} if self.sites is None else {"site": self.sites}
            columns.require_one(self.here.service, limited, wanted.columns, by=(*by, *columns.ACROSS.get(method, ())))
        key = ("results", method, tuple(by), _options_key(options), self.here.workspace.least_cell)
        return self.remember(key, lambda: self._applied(known.run(self.facts(wanted, table), by, **options)), wanted)

    def _applied(self, found: Results[Any]) -> Results[Any]:
        return least_sizes.withhold(found, self.here.workspace.least_cell)

    def remember(self, what: Hashable, make: Callable[[], T], filters: Filters | None = None) -> T:
        """Anything made from these answers, while they are the same."""
        wanted = filters or self.selection.filters
        service = self.here.service
        key = (
            service.workspace_id,
            service.pk,
            self.version,
            self.sites,
            _columns_key(wanted),
            wanted.since,
            wanted.until,
            what,
        )
        return result_cache.get(key, make)


@dataclass(frozen=True)
class Inquiry(Figures):
    """What one request of a page may show: who asks, about which service, which answers, in which language."""

    here: InService

    @classmethod
    def of(cls, request: HttpRequest, here: InService) -> Inquiry:
        """What this request asks for. Raises Missing `web.missing` for a site that is not seen."""
        made = cls(here, selection_of(request.GET), reader_language())
        columns.require_sites(here.sites, made.selection.filters.columns)
        request.also_read = made.also_read  # type: ignore[attr-defined]
        return made

    @cached_property
    def also_read(self) -> set[str]:
        """What was shown beside figures and belongs into the trail, as the trail calls it; the guard writes it down."""
        return set()

    @cached_property
    def document(self) -> ServiceDocument:
        """The service document in its current version."""
        if self.here.service.current_id is None:
            raise Missing("web.no_design")
        return document_of(self.here.service.current_id)

    def days(self) -> Sequence[date]:
        """The days on which the recommendation question was answered, in order. Raises what its method raises."""
        constructs = tuple(row.construct for row in self.results("nps") if row.n)
        return self.remember("days", lambda: self._days(constructs))

    def _days(self, constructs: tuple[str | None, ...]) -> Sequence[date]:
        answered = self.facts().where(respondent_kind="customer", role="score", state="answered", construct=constructs)
        days = tally(answered, ("day",), keys=()).column("day")
        return sorted(date.fromisoformat(day) for day in {*days} if day)

    def filter_bar(self, span: str = "") -> FilterBar:
        """The filters as the page shows them."""
        return filter_bar(self.selection, self.document, self.sites, self.lang, span)

    def page_context(self, span: str = "") -> dict[str, Any]:
        """What every page of results needs: its filters, and how fresh its counts are."""
        return {"filters": self.filter_bar(span), "freshness": self.freshness_line()}

    def freshness_line(self) -> dict[str, Any]:
        """The freshness line; `at` is its time in full, for what is printed. Where answers come in groups it is the
        same however many wait: a number would tell when each came.
        """
        moment = timezone.localtime(datetime.fromtimestamp(self.freshness.as_of_us / 1e6, tz=UTC))
        looked, at = moment_words(moment, self.lang), f"{day_words(moment.date(), self.lang)} {moment:%H:%M}"
        return {
            "time": looked,
            "at": at,
            "grouped": not self.sees_each,
            "behind": self.freshness.pending if self.sees_each else 0,
        }

    def may_quote(self) -> bool:
        """Whether this person reads what customers wrote."""
        return self.here.may("see_words")

    @cached_property
    def _root(self) -> str:
        return reverse("home", args=[self.here.workspace.slug, self.here.service.slug])

    def address(self, path: str = "", **changed: str | None) -> str:
        """An address within the service that keeps the selection: `address("methods/nps/", page=None)`."""
        query = self.selection.address(**{"page": None, **changed})
        return f"{self._root}{path}{query if query != '?' else ''}"

    @property
    def is_narrowed(self) -> bool:
        """Whether filters leave answers out."""
        filters = self.selection.filters
        return bool(filters.columns or filters.since or filters.until)

    def address_without_filters(self, path: str) -> str:
        """An address within the service with the page's wishes and without filters."""
        return self.address(path, **dict.fromkeys((*self.selection.filters.columns, *DAYS)))

    def naming(self) -> AbstractContextManager[None]:
        """Within it, ids of the service are written by their names, and the coded words of a sample in the reader's
        language.
        """
        return documents.naming_of(self.here.service, self._sample())

    @cached_property
    def codes(self) -> frozenset[str]:
        """The comments that are not anybody's words but the surveyor's codes."""
        return frozenset(samples.words(self._sample())) if self._sample() else frozenset()

    def _sample(self) -> str:
        """The sample that this service shows, if it is one."""
        return self.here.service.slug if self.here.workspace.demo and self.here.service.slug in samples.names() else ""


def _columns_key(filters: Filters) -> Hashable:
    return tuple(sorted(filters.columns.items()))


def _options_key(options: Mapping[str, Any]) -> Hashable:
    return tuple(sorted((name, tuple(value) if isinstance(value, list) else value) for name, value in options.items()))
