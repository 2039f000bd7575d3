"""The API about what came in: how each file stands, and rows that a program takes back.

A program counts and takes back what it brought in itself. What people answered in a survey, what somebody imported and
what another program sent is not there for it, under whatever source: a key that only writes does not learn which rows
there are, and a kiosk's key opens no way to anybody's answers. Whoever leads the workspace takes back anything, on the
page.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from peakend_web.base.guard import ByKey
from peakend_web.base.refusals import Missing, Refusal
from peakend_web.listening.actions.imports import is_dead
from peakend_web.listening.actions.take_backs import take_back
from peakend_web.listening.grants import imports_of
from peakend_web.listening.queries.origins import Origin, of_program
from peakend_web.listening.queries.take_backs import row_groups
from peakend_web.models import Import
from peakend_web.store.identity import identity, program

NEWEST: Final = 100
NAMES: Final = ("source", "source_key")
PARAMETERS: Final = frozenset({*NAMES, "delivery", "dry_run"})
"""What an address of rows may say."""


def imports(request: HttpRequest, here: ByKey) -> HttpResponse:
    """The files that were brought in, newest first: whether each counts, and how far it is."""
    del request
    return JsonResponse(
        [_import_as_data(each) for each in imports_of(here.service)[:NEWEST]],
        safe=False,
        json_dumps_params={"ensure_ascii": False},
    )


def rows(request: HttpRequest, here: ByKey) -> HttpResponse:
    """Take rows back that this key sent, by `source`, one of them by `source_key` too, or by the Idempotency-Key of a
    `delivery`; `dry_run=1` only counts them. What is not understood takes nothing back: a slip of the pen in `dry_run`
    must not.
    """
    _require_clear(request)
    origins = _origins(request, here)
    if request.GET.get("dry_run", "0") not in ("0", "false"):
        groups = [group for origin in origins for group in row_groups(here.service, origin)]
        counts = [{"table": each.table, "survey": each.name, "item": each.item, "rows": each.rows} for each in groups]
        return JsonResponse(
            {"dry_run": True, "rows": sum(each.rows for each in groups), "parts": counts},
            json_dumps_params={"ensure_ascii": False},
        )
    there = [origin for origin in origins if row_groups(here.service, origin)]
    if not there:
        raise Missing("rows.none")
    done = [take_back(actor=here.key.made_by, service=here.service, origin=origin, key=here.key) for origin in there]
    return JsonResponse({"dry_run": False, "rows": sum(each.rows for each in done)})


def _require_clear(request: HttpRequest) -> None:
    """Refuse a name that is unknown, given twice, or set aside by another: what is left would name other rows than were
    meant.
    """
    asked = request.GET
    beside = NAMES if "delivery" in asked else ()
    unclear = next(
        (name for name in asked if name not in PARAMETERS or len(asked.getlist(name)) > 1 or name in beside), None
    )
    if unclear is not None:
        raise Refusal("rows.unclear", name=unclear[:60])
    if any("\0" in value for value in asked.values()):  # nothing is called so, and not every database can be asked
        raise Missing("rows.none")


def _origins(request: HttpRequest, here: ByKey) -> list[Origin]:
    asked = request.GET
    if asked.get("delivery"):
        return [Origin(delivery=program(here.key.prefix, key)) for key in _deliveries(asked["delivery"], here)]
    source = asked.get("source", "")
    if not source:
        raise Refusal("rows.unnamed")
    return [of_program(here.key, source, asked.get("source_key", ""))]


def _deliveries(named: str, here: ByKey) -> list[str]:
    """The identities that a delivery of this key may have: of the answers that it brought, and of the events."""
    return [identity("key", here.key.pk, here.service.pk, table, named) for table in ("answers", "events")]


def _import_as_data(each: Import) -> dict[str, object]:
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
