"""The verb that takes rows back: what a source, a delivery or an import brought in is gone, from the truth and from all
that copies it.

It is one step for whoever reads, however many rows there are: word of all of them is left at one number of the clock,
and from that number on none counts. They are then erased a few at a time, so that people who are answering meanwhile do
not wait. What is erased stands in no page of the database, in no case, and soon in no file of the copy.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from peakend.facts.sql import quoted_name
from peakend_web.asking.actions import forget_photos, forget_response
from peakend_web.base import trail
from peakend_web.base.grants import may, require, sites_of
from peakend_web.base.refusals import Denied, Missing
from peakend_web.base.trail import by_key
from peakend_web.listening.queries.origins import MODELS, Origin, remaining_rows
from peakend_web.models import (
    Answer,
    ApiKey,
    IdempotencyKey,
    Import,
    Person,
    Removal,
    Response,
    Service,
    Survey,
    TakeBack,
)
from peakend_web.recovery.queries import cases_on
from peakend_web.store import deliveries
from peakend_web.store.codes import codes_of
from peakend_web.store.countable import Model
from peakend_web.store.identity import survey_source, tellable

BATCH: Final = 2_000
AT_ONCE: Final = 10_000
"""Up to so many rows are erased before the verb returns; more are left to the jobs."""


def take_back(*, actor: Person, service: Service, origin: Origin, key: ApiKey | None = None) -> TakeBack:
    """Take rows back, all of them or none; they count nowhere when this returns.

    Where a program does it, the trail names its `key`; `actor` is whoever made the key and answers for it. Raises
    Missing `rows.none` where there are none, Denied `rows.other_sites` where some are of sites that the person does not
    see.
    """
    require_right(actor, service, origin)
    with transaction.atomic():
        seq = deliveries.take_numbers(1)
        _refuse_other_sites(actor, service, origin)
        imported = _imports_of(origin, service)
        _forget_deliveries(origin, service)
        made = _take(service, origin, seq, by=None if key else actor)
        for survey in _surveys_of(origin, service):
            forget_photos(survey=survey, response=origin.response, source_key=origin.source_key)
        if not made.rows:
            raise Missing("rows.none")
        _end_emptied(imported, service)
        trail.leave(
            "take_back",
            actor=actor,
            workspace=service.workspace,
            about=made,
            before=_before(service, origin, made.rows),
            after=by_key(key),
            more=_cases(service, seq),
        )
    if made.rows <= AT_ONCE:
        erase_taken_back(service.workspace_id)
    return made


def delete_response(*, response: Response) -> TakeBack:
    """Delete all that a respondent said, at their own wish, which they show by their code: answers, words, codes, and
    the questionnaire itself. What stays is that one response of this survey was deleted.

    Raises Missing `survey.receipt_unknown` where it is deleted already.
    """
    survey, service = response.survey, response.survey.service
    origin = Origin(source=survey_source(survey.pk), response=response.response)
    with transaction.atomic():
        seq = deliveries.take_numbers(1)
        if not Response.objects.filter(pk=response.pk).exists():
            raise Missing("survey.receipt_unknown")
        made = _take(service, origin, seq, by=None)
        forget_response(response=response)
        trail.leave(
            "delete_response",
            actor=None,
            workspace=service.workspace,
            about=survey,
            before={"service": service.slug},
            more=_cases(service, seq),
        )
    erase_taken_back(service.workspace_id)
    return made


def _take(service: Service, origin: Origin, seq: int, *, by: Person | None) -> TakeBack:
    """Say of the rows of an origin, and of the codes of its comments, that they are gone at this number."""
    # Before the rows themselves: a comment of which word was left is not found any more.
    _leave_word(codes_of(service, origin.rows(service, Answer)), Answer, service, seq)
    rows = sum(_leave_word(origin.rows(service, model), model, service, seq) for model in MODELS)
    columns = {"workspace": service.workspace, "service": service, "rows": rows, "seq": seq, "by": by}
    return TakeBack.objects.create(**columns, **_origin_columns(origin))


def _cases(service: Service, seq: int) -> trail.State:
    """What stands on these rows, named while they are there: the job that lets go of them finds them erased."""
    trail.lock_end(service.workspace)  # so that no case is being opened meanwhile
    found = cases_on(service, seq)
    return {"cases": found} if found else None


def require_right(actor: Person, service: Service, origin: Origin) -> None:
    """Whoever leads may take back anything; whoever may import, an import of their own."""
    own = (
        origin.imported is not None
        and origin.imported.by_id == actor.pk
        and may(actor, "import_facts", service.workspace)
    )
    if not own:
        require(actor, "take_back", service.workspace)


def erase_taken_back(workspace: int) -> int:
    """Erase the rows that were taken back and are still there, a few at a time; how many there were."""
    erased = 0
    for each in TakeBack.objects.filter(workspace=workspace, erased_at=None).order_by("pk"):
        erased += sum(_erase(each, model) for model in MODELS)
        TakeBack.objects.filter(pk=each.pk).update(erased_at=timezone.now())
    return erased


def _erase(taken: TakeBack, model: Model) -> int:
    erased, last = 0, 0
    left_word = Removal.objects.filter(workspace=taken.workspace_id, table=model._meta.model_name, seq=taken.seq)
    while some := list(left_word.filter(pk__gt=last).order_by("pk").values_list("pk", "fact")[:BATCH]):
        with transaction.atomic():
            deliveries.erase(model, taken.workspace_id, [fact for _, fact in some])
        erased, last = erased + len(some), some[-1][0]
    return erased


def _leave_word(rows: QuerySet[Any], model: Model, service: Service, seq: int) -> int:
    """Say of these rows that they are gone, in one statement; how many there are."""
    sql, values = rows.values("id").query.sql_with_params()
    table, name = quoted_name(Removal._meta.db_table), quoted_name("table")
    into = f"INSERT INTO {table} (workspace_id, {name}, fact, seq) SELECT %s, %s, found.id, %s FROM ({sql}) found"  # noqa: S608 — our own names
    with connection.cursor() as cursor:
        cursor.execute(into, [service.workspace_id, model._meta.model_name, seq, *values])
        return int(cursor.rowcount)


def _refuse_other_sites(actor: Person, service: Service, origin: Origin) -> None:
    sites = sites_of(actor, service.workspace)
    if sites is not None and any(origin.rows(service, model).exclude(site__in=sites).exists() for model in MODELS):
        raise Denied("rows.other_sites")


def _imports_of(origin: Origin, service: Service) -> set[int]:
    """The imports that brought these rows in, whether they were named or not."""
    found = (
        origin.rows(service, model).exclude(imported=None).order_by().values_list("imported", flat=True).distinct()
        for model in MODELS
    )
    return {int(each) for some in found for each in some} | ({origin.imported.pk} if origin.imported else set())


def _surveys_of(origin: Origin, service: Service) -> list[Survey]:
    """The survey whose answers these rows are, where they are of one."""
    surveys = Survey.objects.filter(service=service).select_related("workspace")
    return [each for each in surveys if origin.source == survey_source(each.pk)]


def _forget_deliveries(origin: Origin, service: Service) -> None:
    """Have each delivery that brought these rows be kept, where it is sent again, instead of being told that it was
    kept before.
    """
    said: set[str] = set()
    for model in MODELS:
        for column in ("delivery", "source"):  # a row from before deliveries were kept says it in its source alone
            sent = origin.rows(service, model).filter(**{f"{column}__startswith": "key:"}).order_by()
            said.update(sent.values_list(column, flat=True).distinct())
    keys = [key for each in said if (key := each.split(":", 2)[2:])]
    for start in range(0, len(keys), BATCH):
        IdempotencyKey.objects.filter(
            workspace=service.workspace_id, key__in=[key for (key,) in keys[start : start + BATCH]]
        ).delete()


def _end_emptied(imported: set[int], service: Service) -> None:
    """An import of which no row is left is taken back, whichever way its rows went."""
    for each in Import.objects.filter(pk__in=imported, status=Import.Status.DONE):
        if not remaining_rows(each, service):
            each.status = Import.Status.TAKEN_BACK
            each.save(update_fields=["status", "moved_at"])


def _origin_columns(origin: Origin) -> dict[str, Any]:
    return {"imported": origin.imported, "source": tellable(origin.source), "delivery": origin.delivery}


def _before(service: Service, origin: Origin, rows: int) -> dict[str, Any]:
    """What the trail keeps, which cannot forget: neither the key of one row nor a source that somebody else has named,
    for it may name a person.
    """
    name, source = origin.imported.name if origin.imported else "", tellable(origin.source) or origin.delivery
    said = {"service": service.slug, "import": name, "source": source, "rows": rows, "one": bool(origin.source_key)}
    return {key: value for key, value in said.items() if value}
