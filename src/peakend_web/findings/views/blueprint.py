"""The blueprint: what went wrong, traced to the lane and the step in which it began, and who does that step."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.figures import number
from peakend.result.words import interval_by_days
from peakend.service.drawings.traced_blueprint import draw_traced_blueprint
from peakend.service.journeys import LANES, Journey, Touchpoint
from peakend.terms import Lang, label
from peakend_web.base.guard import InService
from peakend_web.base.refusals import Missing
from peakend_web.findings.inquiry import happenings, touchpoints
from peakend_web.findings.inquiry.failure_events import BEHIND, UNTRACED
from peakend_web.findings.inquiry.pledges import MeasuredPledge, pledges
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.spans import days_of, span_of
from peakend_web.findings.inquiry.stops import Line, kept_line, name_of, unmeasured
from peakend_web.findings.inquiry.tracing import FailingStep, Tracing, has_share
from peakend_web.findings.words.places import place_words

MOST_NAMED: Final = 3


def blueprint(request: HttpRequest, here: InService) -> HttpResponse:
    """The page of the blueprint."""
    inquiry = Inquiry.of(request, here)
    found = inquiry.document.journey(inquiry.selection.wishes.get("journey"))
    if found is None or not found.touchpoints:
        raise Missing("web.missing")
    with inquiry.naming():
        return render(
            request,
            "peakend_web/findings/blueprint.html",
            {"page": _page(inquiry, found), **inquiry.page_context(span_of(inquiry, days_of(inquiry)))},
        )


def _page(inquiry: Inquiry, found: Journey) -> dict[str, Any]:
    tracing = Tracing(inquiry)
    behind = tracing.behind
    only_behind = inquiry.selection.wishes.get("part") == BEHIND
    pledged = pledges(inquiry, found.touchpoints)
    begun = [one for one in tracing.by_step if one.place.is_behind or not only_behind]
    return {
        "sentence": _sentence(tracing),
        "evidence": _evidence(tracing),
        "journeys": [
            {
                "name": one.title[inquiry.lang],
                "href": inquiry.address("blueprint/", journey=one.id),
                "here": one is found,
            }
            for one in inquiry.document.journeys
            if one.touchpoints
        ],
        "map": _map(tracing, found),
        "next": _next(inquiry, behind),
        "steps": [_step_line(inquiry, one, tracing.leading_steps) for one in begun],
        "names": tracing.leading_steps or tracing.leaders(),
        "every": inquiry.address("blueprint/", part=None) + "#rows" if only_behind else "",
        "untraced": [_untraced_line(inquiry, *one) for one in tracing.untraced_failures()],
        "untraced_events": inquiry.address("blueprint/failures/", part=UNTRACED) if inquiry.sees_each else "",
        "to_trace": _to_trace(inquiry, tracing),
        "pledges": [_pledge(inquiry, one, line) for one in pledged if (line := kept_line(inquiry, one))],
        "unmeasured": unmeasured(inquiry, pledged),
        "lowest": _lowest(inquiry),
        "words": inquiry.address("journey.svg", shape="wide"),
        "files": [{"name": "CSV", "href": inquiry.address("methods/failures.csv")}],
    }


# --- what is true -----------------------------------------------------------------------------------------------------


def _sentence(tracing: Tracing) -> str:
    whole, behind = tracing.whole, tracing.behind
    if why := happenings.why_not_told(tracing.inquiry):
        return why
    if whole is None or not whole.count:
        return _("No failures are recorded here yet.")
    every = f"{whole.count:,}"
    if not tracing.traced or tracing.untraced == whole.count:
        words = ngettext(
            "%(n)s failure is recorded, and it is not traced to a step of the blueprint yet.",
            "%(n)s failures are recorded, and none is traced to a step of the blueprint yet.",
            whole.count,
        )
        return words % {"n": every}
    known = whole.count - tracing.untraced
    said = {"all": f"{known:,}", "behind": f"{behind.count:,}" if behind else "", "who": _leaders(tracing)}
    told = _traced_words if tracing.untraced else _behind_words
    return told(known, behind, said) % said


def _traced_words(known: int, behind: Any, said: dict[str, str]) -> str:
    """Of those that are traced, where some are not: where the others began nobody knows."""
    if behind is None or not behind.count:
        return ngettext(
            "The %(all)s failure that is traced began in sight of the customer.",
            "Of %(all)s failures that are traced none began behind the line of visibility.",
            known,
        )
    if said["who"]:
        return ngettext(
            "The %(all)s failure that is traced began behind the line of visibility, with %(who)s.",
            "Of %(all)s failures that are traced %(behind)s began behind the line of visibility, most often with "
            "%(who)s.",
            known,
        )
    return ngettext(
        "The %(all)s failure that is traced began behind the line of visibility.",
        "Of %(all)s failures that are traced %(behind)s began behind the line of visibility.",
        known,
    )


def _behind_words(every: int, behind: Any, said: dict[str, str]) -> str:
    if behind is None or not behind.count:
        return ngettext(
            "%(all)s failure is recorded, and it began in sight of the customer.",
            "Of %(all)s failures none began behind the line of visibility.",
            every,
        )
    if said["who"]:
        return ngettext(
            "%(all)s failure is recorded, and it began behind the line of visibility, with %(who)s.",
            "Of %(all)s failures %(behind)s began behind the line of visibility, most often with %(who)s.",
            every,
        )
    return ngettext(
        "%(all)s failure is recorded, and it began behind the line of visibility.",
        "Of %(all)s failures %(behind)s began behind the line of visibility.",
        every,
    )


def _leaders(tracing: Tracing) -> str:
    lang, document = tracing.inquiry.lang, tracing.inquiry.document
    return _(", ").join(document.title_of(who, lang) for who in tracing.leaders()[:MOST_NAMED])


def _evidence(tracing: Tracing) -> str:
    """Which part that is, with its interval, of how many visits; and how many failures are traced to no step."""
    whole, behind, lang = tracing.whole, tracing.behind, tracing.inquiry.lang
    if whole is None or not whole.count:
        return ""
    said = []
    if behind is not None and behind.count and has_share(behind):
        said.append(_share_words(behind, lang))
    if whole.n:
        said.append(ngettext("%(n)s visit", "%(n)s visits", whole.n) % {"n": f"{whole.n:,}"})
    if tracing.untraced:
        said.append(
            ngettext("%(n)s failure is not traced", "%(n)s failures are not traced", tracing.untraced)
            % {"n": f"{tracing.untraced:,}"}
        )
    return " · ".join(said)


def _map(tracing: Tracing, found: Journey) -> SafeString:
    inquiry = tracing.inquiry
    return mark_safe(draw_traced_blueprint(inquiry.document, found, inquiry.lang, tracing.faults(found)))  # noqa: S308


def _next(inquiry: Inquiry, behind: Any) -> dict[str, str] | None:
    """The one next step: to see those that began out of sight, one by one; or by their steps, for whoever sees no
    single row.
    """
    if behind is None or not behind.count:
        return None
    verb = _("See the %(n)s") % {"n": f"{behind.count:,}"}
    steps = inquiry.address("blueprint/", part=BEHIND) + "#rows"
    return {"verb": verb, "href": inquiry.address("blueprint/failures/", part=BEHIND) if inquiry.sees_each else steps}


# --- the rows ---------------------------------------------------------------------------------------------------------


def _step_line(inquiry: Inquiry, one: FailingStep, leading: frozenset[str]) -> dict[str, Any]:
    row, lang = one.row, inquiry.lang
    return {
        "id": one.place.step.id,
        "name": one.place.step.text[lang],
        "where": place_words(inquiry.document, one.place, lang),
        "count": row.count,
        "href": inquiry.address("blueprint/failures/", of=one.place.step.id, part=None) if inquiry.sees_each else "",
        "row": row,
        "share": _share_words(row, lang) if has_share(row) else "",
        "rate": _rate_words(inquiry, row),
        "leads": one.place.step.id in leading,
        "failures": _(", ").join(
            failure.title[lang] for failure in inquiry.document.failures if failure.step == one.place.step.id
        ),
    }


def _share_words(row: Any, lang: Lang) -> str:
    """Which part of the failures that are traced these are: where the others began nobody knows."""
    said = {
        "share": number(row.share, 0),
        "interval": interval_by_days((row.share_low, row.share_high), row.days, row.conf, lang, 0),
        "n": f"{row.known:,}",
    }
    if row.missing:
        return _("%(share)s%% of those traced (%(interval)s, n %(n)s)") % said
    return _("%(share)s%% of all failures (%(interval)s)") % said


def _rate_words(inquiry: Inquiry, row: Any) -> str:
    if row.value is None:
        return ""
    ends = interval_by_days((row.low, row.high), row.days, row.conf, inquiry.lang)
    return _("%(rate)s per 1,000 visits (%(interval)s)") % {"rate": number(row.value), "interval": ends}


def _untraced_line(inquiry: Inquiry, failure: Any, row: Any) -> dict[str, Any]:
    return {"name": failure.title[inquiry.lang], "count": row.count, "rate": _rate_words(inquiry, row)}


def _to_trace(inquiry: Inquiry, tracing: Tracing) -> str:
    """Where somebody who may edit says in which step a failure begins; nothing where there is nothing to say."""
    here = inquiry.here
    may = here.may("edit_service") and tracing.untraced
    return reverse("design", args=[here.workspace.slug, here.service.slug]) if may else ""


def _pledge(inquiry: Inquiry, pledge: MeasuredPledge, line: Line) -> dict[str, Any]:
    """A standard or promise with how often it was kept."""
    return {
        "text": pledge.rule.text[inquiry.lang],
        "name": name_of(pledge),
        "where": pledge.touchpoint.title[inquiry.lang],
        "line": line,
        "row": pledge.row,
    }


def _lowest(inquiry: Inquiry) -> list[dict[str, Any]]:
    """The touchpoints that are surely rated lowest, with what is done there: candidates, not causes."""
    found = ((one, inquiry.document.touchpoint(one.id)) for one in touchpoints.worst(inquiry))
    shown = [{"scored": one, "steps": _candidates(inquiry, point)} for one, point in found if point]
    return [one for one in shown if one["steps"]]


def _candidates(inquiry: Inquiry, point: Touchpoint) -> list[dict[str, str]]:
    """What is done at a touchpoint, from the customer's side inwards: step by step, or as its lanes say it in words."""
    lang, found = inquiry.lang, []
    for lane in LANES:
        steps = [(step.text[lang], step.who) for step in point.steps(lane)]
        for words, who in steps or [(text[lang], None) for text in point.actions(lane)]:
            named = inquiry.document.title_of(who, lang) if who else ""
            where = " · ".join(part for part in (label(f"lane.{lane}", lang), named) if part)
            found.append({"name": words, "where": where})
    return found
