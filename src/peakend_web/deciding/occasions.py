"""What gives reason to invite a customer: the events and the answers after which the design says that a survey is sent.

It says so in a survey's `when`, some minutes after a touchpoint, and in rules with the effect `invite`. Live and dry
run are one query and differ in the rows alone: what has come since the last look, or what came since a moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from peakend.instants import SECOND
from peakend.service import ServiceDocument
from peakend.service.rules import Rule
from peakend_web.base.documents import document_of
from peakend_web.models import Answer, Event, Progress, Removal, Service, Workspace
from peakend_web.store import changes

from .conditions import LowScore
from .live import AT_A_TIME, AT_ONCE, mark

WHEN: Final = "when"
"""What planned an invitation that follows from a survey's `when`; else it is a rule's id."""
BEFORE: Final = frozenset({"arrive", "wait", "call", "fail"})
"""Kinds of events at a touchpoint after which somebody has not been through it yet."""
Table = type[Answer] | type[Event]


@dataclass(frozen=True, slots=True)
class Wish:
    """After which rows of a table a survey is sent, and how many minutes after them."""

    survey: str
    rule: str
    table: Table
    rows: Q
    minutes: float = 0


@dataclass(frozen=True, slots=True)
class Occasion:
    """A row after which a customer is to be invited, and when that is due, in microseconds since 1970."""

    wish: Wish
    service: int
    customer: str
    visit: str | None
    site: str | None
    touchpoint: str | None
    due_us: int
    seq: int
    row: str
    """The row's own name within its table."""


@dataclass(frozen=True, slots=True)
class Portion:
    """The occasions among the rows up to a number, each looked at once."""

    progress: Progress
    occasions: Sequence[Occasion]
    upto: int

    def mark(self) -> bool:
        """Say within the transaction of what follows that these were looked at; False where another has."""
        return mark(self.progress, self.upto)


def wishes_of(document: ServiceDocument) -> list[Wish]:
    """After what the design invites to which survey."""
    after = [
        Wish(survey.id, WHEN, Event, Q(touchpoint=survey.when.after) & ~Q(kind__in=BEFORE), survey.when.minutes)
        for survey in document.surveys
        if survey.when and not survey.archived
    ]
    return after + [wish for rule in document.rules if rule.invite for wish in _wishes_of_rule(rule)]


def _wishes_of_rule(rule: Rule) -> Iterator[Wish]:
    named = Q(touchpoint=rule.touchpoint) if rule.touchpoint else Q()
    if rule.event:
        what = Q(kind=rule.event) | Q(indicator=rule.event)
        yield Wish(str(rule.invite), str(rule.id), Event, named & what)
    if rule.score_at_most is not None:
        of = Q(survey=rule.survey) if rule.survey else Q()
        asked = Q(item=rule.item) if rule.item else Q()
        low = LowScore(rule.score_at_most).query() & Q(state="answered")
        yield Wish(str(rule.invite), str(rule.id), Answer, named & of & asked & low)


def occasions_since(service: Service, since_us: int) -> list[Occasion]:
    """What would have given reason to invite since a moment: the dry run."""
    if service.current_id is None:
        return []
    return list(_occasions(service, document_of(service.current_id), Q(at_us__gte=since_us)))


def look(workspace: Workspace, job: str) -> Portion | None:
    """What has come since this job looked last, a few occasions at a time, for whoever acts on them holds the lock of
    writers; None where nothing has. What was imported sets nothing off.
    """
    progress, _ = Progress.objects.get_or_create(workspace=workspace, job=job)
    newest = changes.clock()[0]
    if newest <= progress.seq:
        return None
    upto = min(newest, *(_end(table, progress, newest) for table in (Answer, Event)))
    fresh = Q(seq__gt=progress.seq, seq__lte=upto, imported=None)
    services = workspace.services.filter(current__isnull=False)
    found = [each for one in services for each in _occasions(one, document_of(one.current_id or 0), fresh)]
    found.sort(key=lambda each: each.seq)
    if len(found) > AT_A_TIME:
        upto = found[AT_A_TIME - 1].seq
        found = [each for each in found if each.seq <= upto]
    return Portion(progress, found, upto)


def _end(table: Table, progress: Progress, newest: int) -> int:
    """Up to which number one look reads a table: memory is bounded whatever has come meanwhile."""
    rows: Any = table.objects.filter(workspace=progress.workspace_id, seq__gt=progress.seq, seq__lte=newest)
    last = rows.order_by("seq").values_list("seq", flat=True)[AT_ONCE - 1 : AT_ONCE]
    return next(iter(last), newest)


def _occasions(service: Service, document: ServiceDocument, rows: Q) -> Iterator[Occasion]:
    """The one query: the rows of a service among these after which its design invites."""
    for wish in wishes_of(document):
        own = Q(workspace=service.workspace_id, service=service, customer__isnull=False, at_us__isnull=False)
        within = Q(record=None) if wish.table is Event else Q()
        found: Any = wish.table.objects.filter(rows & own & within & wish.rows).exclude(Removal.of(wish.table))
        for row in found.order_by("at_us", "pk"):
            ended = getattr(row, "until_us", None) or row.at_us
            due_us = ended + round(60 * wish.minutes * SECOND)
            name = f"{wish.table._meta.model_name}:{row.source}:{row.source_key}"
            whose = (service.pk, row.customer, row.visit, row.site, row.touchpoint)
            yield Occasion(wish, *whose, due_us, row.seq, name)
