"""What one request of a page asks, with all that the page then needs: its figures, its document, its addresses, its
words.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from peakend import samples
from peakend.field import ratings
from peakend.reduce import tally
from peakend.service.schema import ServiceDocument
from peakend_web.base import documents
from peakend_web.base.documents import document_of
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.base.localtime import day_words, moment_words
from peakend_web.base.refusals import Missing
from peakend_web.store import columns
from peakend_web.store.door import Filters

from .figures import Figures
from .selection import DAYS, FilterBar, Selection, filter_bar, selection_of


@dataclass(frozen=True)
class Inquiry(Figures):
    """What one request of a page may show: who asks, about which service, which answers, in which language."""

    here: InService

    @classmethod
    def of(cls, request: HttpRequest, here: InService) -> Inquiry:
        """What this request asks for. Raises Missing `web.missing` for a site that is not seen."""
        made = cls(here, selection_of(request.GET), reader_language())
        columns.require_sites(here.sites, made.selection.filters.columns)
        request.readings = made.readings  # type: ignore[attr-defined]
        return made

    @classmethod
    def of_all(cls, here: InService) -> Inquiry:
        """What is set beside a design: all that somebody sees, in the language in which they read."""
        return cls(here, Selection(Filters(), {}), reader_language())

    def among(self, filters: Filters) -> Inquiry:
        """The same of other answers, as they were when this request first looked; what is read there is noted here."""
        made = replace(self, selection=replace(self.selection, filters=filters))
        vars(made).update(readings=self.readings, freshness=self.freshness, _manifest=self._manifest)
        return made

    @cached_property
    def readings(self) -> set[str]:
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
        answered = ratings.scores(self.facts()).where(state="answered", construct=constructs)
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

    def newest_words(self) -> str:
        """Until when the answers reach that are counted: "until Tue 24 Nov, 14:20", of another year its day; nothing
        where there are none, or where they come in groups, for it would tell when one came.
        """
        newest = self.freshness.newest_us
        if newest is None or not self.sees_each:
            return ""
        at = timezone.localtime(datetime.fromtimestamp(newest / 1e6, tz=UTC))
        is_near = at.year == timezone.localdate().year
        said = moment_words(at, self.lang) if is_near else day_words(at.date(), self.lang)
        return _("Answers until %(time)s.") % {"time": said}

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
        return bool(filters.narrowed or filters.since or filters.until)

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
