"""The API about what came in: how each file stands, and rows that a program takes back.

A program counts and takes back what it brought in itself. What people answered in a survey, what somebody imported and what another program
sent is not there for it, under whatever source: a key that only writes does not learn which rows there are, and a kiosk's key opens no way
to anybody's answers. Whoever leads the workspace takes back anything, on the page.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from peakend_web.actions.imports import is_dead
from peakend_web.actions.taking_back import Origin, forget_delivery, of_program, take_back
from peakend_web.going import parts_of
from peakend_web.identity import identity, program
from peakend_web.models import Import
from peakend_web.refusals import Missing, Refusal
from peakend_web.routing import ByKey
from peakend_web.seen import imports_of

NEWEST: Final = 100


def imports(request: HttpRequest, here: ByKey) -> HttpResponse:
    """The files that were brought in, newest first: whether each counts, and how far it is."""
    del request
    return JsonResponse([_told(each) for each in imports_of(here.service)[:NEWEST]], safe=False, json_dumps_params={"ensure_ascii": False})


def rows(request: HttpRequest, here: ByKey) -> HttpResponse:
    """Take rows back that this key sent, by `source`, one of them by `source_key` too, or by the Idempotency-Key of a `delivery`; `dry_run=1` only
    counts them.
    """
    origins = _origins(request, here)
    if request.GET.get("dry_run", "") not in ("", "0", "false"):
        parts = [part for origin in origins for part in parts_of(here.service, origin)]
        told = [{"table": each.table, "survey": each.name, "item": each.item, "rows": each.rows} for each in parts]
        return JsonResponse({"dry_run": True, "rows": sum(each.rows for each in parts), "parts": told}, json_dumps_params={"ensure_ascii": False})
    there = [origin for origin in origins if parts_of(here.service, origin)]
    if not there:
        raise Missing("rows.none")
    taken = [take_back(actor=here.key.made_by, service=here.service, origin=origin, key=here.key) for origin in there]
    for key in _deliveries(request, here).values():
        forget_delivery(here.workspace.pk, key)
    return JsonResponse({"dry_run": False, "rows": sum(each.rows for each in taken)})


def _origins(request: HttpRequest, here: ByKey) -> list[Origin]:
    asked = request.GET
    if asked.get("delivery"):
        return [Origin(delivery=program(here.key.prefix, key)) for key in _deliveries(request, here).values()]
    source = asked.get("source", "")
    if not source:
        raise Refusal("rows.unnamed")
    return [of_program(here.key, source, asked.get("source_key", ""))]


def _deliveries(request: HttpRequest, here: ByKey) -> dict[str, str]:
    """The identities that a delivery of this key may have, by the table that it brought rows for."""
    named = request.GET.get("delivery", "")
    return {table: identity("key", here.key.pk, here.service.pk, table, named) for table in ("answers", "events")} if named else {}


def _told(each: Import) -> dict[str, object]:
    state = "broken_off" if each.status == Import.Status.STOPPED or is_dead(each) else str(each.status)
    return {
        "name": each.name,
        "state": state,
        "counts": each.status == Import.Status.DONE,
        "total": each.total,
        "written": each.written,
        "repeated": each.repeated,
        "revised": each.revised,
        "older": each.older,
        "started_at": each.started_at.isoformat(),
        "moved_at": each.moved_at.isoformat(),
    }
