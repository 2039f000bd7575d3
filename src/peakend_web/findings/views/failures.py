"""The failures that the blueprint counts, one by one: when each was, where, and in which step it began."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.terms import label
from peakend_web.base.guard import InService
from peakend_web.base.whole_numbers import whole_number
from peakend_web.findings.inquiry import happenings
from peakend_web.findings.inquiry.failure_events import (
    BEHIND,
    UNTRACED,
    FailureEvent,
    FailureList,
    list_of,
    page_of_failures,
)
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.spans import days_of, span_of
from peakend_web.findings.inquiry.tracing import Tracing
from peakend_web.findings.words.places import place_words

SIZE: Final = 50


def failure_events(request: HttpRequest, here: InService) -> HttpResponse:
    """A page of single failures; for whoever sees no single row, how many there are."""
    inquiry = Inquiry.of(request, here)
    with inquiry.naming():
        return render(
            request,
            "peakend_web/findings/failures.html",
            {"page": _page(inquiry), **inquiry.page_context(span_of(inquiry, days_of(inquiry)))},
        )


def _page(inquiry: Inquiry) -> dict[str, Any]:
    tracing, wishes = Tracing(inquiry), inquiry.selection.wishes
    part, step = wishes.get("part", ""), wishes.get("of", "")
    listed = list_of(tracing, part, step)
    at = max(0, whole_number(wishes.get("page", ""), 1) - 1)
    events = page_of_failures(tracing, listed.causes, at, SIZE) if at * SIZE < listed.count else ()
    return {
        "sentence": _sentence(tracing, listed, part, step),
        "up": inquiry.address("blueprint/", of=None, part=BEHIND if part == BEHIND else None) + "#rows",
        "events": [_line(inquiry, one) for one in events],
        "range": f"{at * SIZE + 1:,}–{at * SIZE + len(events):,} / {listed.count:,}",
        "newer": inquiry.address("blueprint/failures/", page=str(at)) if at else "",
        "older": inquiry.address("blueprint/failures/", page=str(at + 2)) if (at + 1) * SIZE < listed.count else "",
        "state": _state(inquiry, listed),
    }


def _sentence(tracing: Tracing, listed: FailureList, part: str, step: str) -> str:
    n, said = listed.count, {"n": f"{listed.count:,}"}
    if not n:
        return happenings.why_not_told(tracing.inquiry) or _("No failures are recorded here yet.")
    if step:
        places = tracing.places
        name = places[step].step.text[tracing.inquiry.lang] if step in places else step
        words = ngettext("%(n)s failure began in “%(step)s”.", "%(n)s failures began in “%(step)s”.", n)
        return words % {**said, "step": name}
    if part == BEHIND:
        return (
            ngettext(
                "%(n)s failure began behind the line of visibility.",
                "%(n)s failures began behind the line of visibility.",
                n,
            )
            % said
        )
    if part == UNTRACED:
        return ngettext("%(n)s failure is traced to no step.", "%(n)s failures are traced to no step.", n) % said
    return ngettext("%(n)s failure is recorded.", "%(n)s failures are recorded.", n) % said


def _line(inquiry: Inquiry, one: FailureEvent) -> dict[str, str]:
    """One failure by its names."""
    lang = inquiry.lang
    name = one.failure.title[lang] if one.failure else label(one.cause, lang) if one.cause else _("not named")
    happened = [label(id, lang) for id in (one.touchpoint, one.site) if id]
    return {
        "at": one.at or _("time not known"),
        "name": name,
        "where": " · ".join(happened),
        "began": _("began in: %(step)s") % {"step": one.place.step.text[lang]} if one.place else "",
        "step": place_words(inquiry.document, one.place, lang) if one.place else "",
    }


def _state(inquiry: Inquiry, listed: FailureList) -> dict[str, str]:
    """Why single failures are not shown to somebody."""
    if not listed.count or inquiry.sees_each:
        return {}
    return {
        "what": _("Single failures with their times are shown to owners and analysts."),
        "do": _("You see how many there are per step, counting only those that may be shown in groups."),
    }
