"""All that decides which questions of a survey somebody meets, as sentences on one page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend_web.base.guard import InService
from peakend_web.base.refusals import Missing

from .drafting import desk_of, studio_address
from .studio_rows import drawn_orders_of, quotas_of, rows_of


def logic(request: HttpRequest, here: InService, item: str) -> HttpResponse:
    """The questions in order, each with when it is shown and whether it must be answered; which change places, and of
    whom there are enough answers.
    """
    desk = desk_of(here, item)
    if not desk.is_there:
        raise Missing("web.missing")
    rows = rows_of(desk)
    depending = sum(bool(row.shown) for row in rows)
    said = ngettext(
        "%(n)s of %(of)s questions depends on an earlier answer.",
        "%(n)s of %(of)s questions depend on an earlier answer.",
        depending,
    )
    shown = {
        "title": desk.at.words(desk.name, "title"),
        "rows": rows,
        "sentence": said % {"n": depending, "of": len(rows)} if depending else _("Everybody is asked every question."),
        "order": drawn_orders_of(desk),
        "quotas": quotas_of(desk),
        "back": studio_address(here, item),
    }
    return render(request, "peakend_web/asking/logic.html", shown)
