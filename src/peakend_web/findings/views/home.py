"""The first screen: what is true, where it hurts, who is waiting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peakend.errors import MethodError
from peakend.figures import number, signed_number
from peakend.methods import BY_ID
from peakend.methods.nps import of_hundred
from peakend.result.words import interval_words
from peakend.terms import label
from peakend_web.asking.queries import visible_surveys
from peakend_web.base.forms import TITLES
from peakend_web.base.guard import InService
from peakend_web.base.localtime import span_words
from peakend_web.findings.inquiry import touchpoints
from peakend_web.findings.inquiry.lead_figures import WEIGHTED_MARK, leading_row
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.spans import SpanChange, change_of, days_of, span_of
from peakend_web.findings.words import empty_states
from peakend_web.listening.queries import comments
from peakend_web.listening.queries.importers import importers
from peakend_web.recovery.queries import open_cases
from peakend_web.store import least_sizes
from peakend_web.store.door import Filters


def home(request: HttpRequest, here: InService) -> HttpResponse:
    """The home page of a service."""
    inquiry = Inquiry.of(request, here)
    with inquiry.naming():
        return render(request, "peakend_web/findings/home.html", _page(inquiry))


def _page(inquiry: Inquiry) -> dict[str, Any]:
    days = days_of(inquiry)
    worst = touchpoints.worst(inquiry)
    whole = touchpoints.whole_beside(inquiry, [one.row for one in worst])
    return {
        "nps": _headline(inquiry, days),
        "worst": worst,
        "scale": touchpoints.scale_range([*(one.row for one in worst), *([whole] if whole else [])]),
        "mean": whole and whole.value,
        "whole": label(whole.construct, inquiry.lang) if whole else "",
        "nothing_yet": _nothing_yet(inquiry),
        "waiting": _to_do(inquiry),
        "nothing_waits": _nothing_waits(inquiry),
        "links": {"journey": inquiry.address("journey/")},
        **inquiry.page_context(span_of(inquiry, days)),
    }


def _nothing_yet(inquiry: Inquiry) -> dict[str, Any]:
    """Why no touchpoint is called the worst, and where to go."""
    scored = touchpoints.scores(inquiry)
    if touchpoints.overall(inquiry) is not None and not scored:
        do = _("What they were asked is shown under “Findings”.")
        return empty_states.no_answers(
            inquiry, "", NO_TOUCHPOINTS, {"do": do, "href": inquiry.address("methods/"), "verb": _("See the findings")}
        )
    rows = list(scored.values())
    if sum(least_sizes.is_firm(row) for row in rows) > 1:
        return {
            "what": touchpoints.level_sentence(rows, inquiry.lang),
            "do": "",
            "href": inquiry.address("journey/"),
            "verb": _("See the whole journey"),
        }
    needed = {"needed": least_sizes.LOW_BASE}
    if inquiry.is_narrowed:
        what = _("Within these filters no two touchpoints have %(needed)s answers each.") % needed
        return {"what": what, "do": empty_states.pending_words(inquiry), **empty_states.without_filters(inquiry, "")}
    do = empty_states.pending_words(inquiry) or _(
        "Put the survey’s QR code where the service happens: the first answers show here."
    )
    if any(least_sizes.is_firm(row) for row in rows):
        return {
            "what": _("Only one touchpoint has %(needed)s answers yet, so there is none to compare it with.") % needed,
            "do": do,
        }
    return {"what": _("No touchpoint has %(needed)s answers yet.") % needed, "do": do}


NO_TOUCHPOINTS: Final = empty_states.NoAnswers(
    gettext_lazy("Customers were not asked about single touchpoints."),
    gettext_lazy("Nobody within these filters was asked about single touchpoints."),
)
NO_RECOMMENDATION: Final = empty_states.NoAnswers(
    gettext_lazy("Nobody has been asked yet whether they would recommend you."),
    gettext_lazy("Nobody within these filters was asked whether they would recommend you."),
)


# The headline.


def _headline(inquiry: Inquiry, days: Sequence[date]) -> dict[str, Any]:
    """Whether they would recommend us; where nobody was asked, how satisfied they are with the whole."""
    try:
        row = inquiry.results("nps")[0]
    except (MethodError, IndexError):
        return _satisfaction(inquiry)
    if not empty_states.was_asked(row):
        return _satisfaction(inquiry)
    if row.refused is not None:
        state = empty_states.refusal(inquiry, "", row.refused)
        return {"row": row, "name": label("nps", inquiry.lang), "state": state}
    row, moved = leading_row(BY_ID["nps"], row, weighted=inquiry.leads_with_weights), change_of(inquiry, days)
    return {
        "asked": _("Would they recommend us?"),
        "row": row,
        "scale": (-100, 100),
        "digits": 1,
        "name": label("nps", inquiry.lang),
        "evidence": touchpoints.evidence(inquiry, row, 1),
        "sentence": _sentence(row),
        "change": moved and _change_words(inquiry, moved) + _unweighted_note(row),
        **_why(inquiry),
        **_sign(moved),
    }


def _why(inquiry: Inquiry, figures: str = "methods/nps/") -> dict[str, Any]:
    """Where the reasons stand: in the customers' words where there are any that this person reads, else in the figures
    behind this one.
    """
    if inquiry.may_quote() and comments.are_enough(inquiry):
        return {"verb": _("Read why"), "href": inquiry.address("words/")}
    return {"verb": _("See the figures behind it"), "href": inquiry.address(figures)}


def _satisfaction(inquiry: Inquiry) -> dict[str, Any]:
    row = touchpoints.overall(inquiry)
    if row is None:
        helps = {"do": _("Publish a survey; its first answers show here.")}
        state = empty_states.no_answers(inquiry, "", NO_RECOMMENDATION, helps)
        return {"row": None, "name": label("nps", inquiry.lang), "state": state}
    low, high = row.scale
    name = _("mean, on a scale of %(low)s to %(high)s") % {"low": f"{low:g}", "high": f"{high:g}"}
    said = {"row": row, "scale": row.scale, "digits": 2, "name": name, "evidence": touchpoints.evidence(inquiry, row)}
    return {
        **said,
        "asked": _("How satisfied are they?"),
        "sentence": _question_words(inquiry, row),
        **_why(inquiry, "methods/csat/"),
    }


def _question_words(inquiry: Inquiry, row: Any) -> str:
    """The very question, as the service's surveys word it; the name of what was judged where none is in the document,
    or they word it differently.
    """
    wording = inquiry.document.wording(row.item)
    # In quotation marks, for a statement that was to be agreed with would else read as our own conclusion.
    return _("“%(words)s”") % {"words": wording[inquiry.lang]} if wording else label(row.construct, inquiry.lang)


def _sentence(row: Any) -> str:
    up, down = of_hundred(row, weighted=WEIGHTED_MARK in row.warnings)
    if WEIGHTED_MARK in row.warnings:
        return _("Of every 100, counted with survey weights, %(up)s would recommend us and %(down)s would not.") % {
            "up": up,
            "down": down,
        }
    return _("Of every 100 who answered, %(up)s would recommend us and %(down)s would not.") % {"up": up, "down": down}


def _unweighted_note(row: Any) -> str:
    """That the change beside a weighted headline is of the unweighted figure."""
    return _(" The change is unweighted.") if WEIGHTED_MARK in row.warnings else ""


def _sign(moved: SpanChange | None) -> dict[str, str]:
    return {} if moved is None else {"direction": moved.direction, "sign": SIGNS[moved.direction]}


SIGNS: Final = {"up": "▲", "down": "▼", "level": "≈"}


def _change_words(inquiry: Inquiry, moved: SpanChange) -> str:
    """The change in points with its interval; and of which days, with the figure and n of each side."""
    found, spans = moved.change, moved.spans
    interval = interval_words((found.low or 0, found.high or 0), found.conf, inquiry.lang)
    said = {
        "points": number(abs(found.value or 0)),
        "signed": signed_number(found.value or 0),
        "interval": interval,
        "days": spans.length,
    }
    sides = _(
        " %(name)s %(after)s (%(after_days)s, n %(after_n)s); before %(before)s (%(before_days)s, n %(before_n)s)."
    ) % {
        "name": _capital(label("nps", inquiry.lang)),
        **_side("before", found.before, found.n_before, spans.before, inquiry),
        **_side("after", found.after, found.n_after, spans.after, inquiry),
    }
    return (_by_months(moved) if spans.unit == "months" else _by_days(moved)) % said + sides


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _side(name: str, value: float | None, n: int, filters: Filters, inquiry: Inquiry) -> dict[str, str]:
    return {
        name: number(value or 0),
        f"{name}_n": f"{n:,}",
        f"{name}_days": span_words(filters.since, filters.until, inquiry.lang),
    }


def _by_days(moved: SpanChange) -> str:
    days = moved.spans.length
    if moved.direction == "level":
        return ngettext(
            "No clear change between the last day and the one before: %(signed)s points (%(interval)s).",
            "No clear change between the last %(days)s days and the %(days)s before: %(signed)s points (%(interval)s).",
            days,
        )
    if moved.direction == "up":
        return ngettext(
            "Up %(points)s points in the last day compared with the day before (%(interval)s).",
            "Up %(points)s points in the last %(days)s days compared with the %(days)s days before (%(interval)s).",
            days,
        )
    return ngettext(
        "Down %(points)s points in the last day compared with the day before (%(interval)s).",
        "Down %(points)s points in the last %(days)s days compared with the %(days)s days before (%(interval)s).",
        days,
    )


def _by_months(moved: SpanChange) -> str:
    months = moved.spans.length
    if moved.direction == "level":
        return ngettext(
            "No clear change between the last month and the one before: %(signed)s points (%(interval)s).",
            "No clear change between the last %(days)s months and the %(days)s before: %(signed)s points "
            "(%(interval)s).",
            months,
        )
    if moved.direction == "up":
        return ngettext(
            "Up %(points)s points in the last month compared with the month before (%(interval)s).",
            "Up %(points)s points in the last %(days)s months compared with the %(days)s months before (%(interval)s).",
            months,
        )
    return ngettext(
        "Down %(points)s points in the last month compared with the month before (%(interval)s).",
        "Down %(points)s points in the last %(days)s months compared with the %(days)s months before (%(interval)s).",
        months,
    )


# Who is waiting, and for whom.


def _to_do(inquiry: Inquiry) -> list[dict[str, str]]:
    return [one for one in (_cases(inquiry), _codes_to_explain(inquiry), _drafts(inquiry)) if one]


def _nothing_waits(inquiry: Inquiry) -> str:
    """What is said where nothing is to be done: of cases to whoever sees them, and of no more sites than they see."""
    if not inquiry.here.may("see_cases"):
        return _("There is nothing for you to do here.")
    if inquiry.sites is not None:
        return _("Nothing to do. Every case at your sites has been answered.")
    return _("Nothing to do. Every case has been answered.")


def _cases(inquiry: Inquiry) -> dict[str, str] | None:
    here = inquiry.here
    if not here.may("see_cases"):
        return None
    cases = open_cases(here, here.service)
    if not cases.count:
        return None
    words = ngettext("%(n)s customer waits for an answer", "%(n)s customers wait for an answer", cases.count)
    late = ngettext("%(n)s is overdue", "%(n)s are overdue", cases.overdue) if cases.overdue else ""
    names = dict.fromkeys(name or str(TITLES[role]) for name, role in cases.owners)
    return {
        "what": words % {"n": f"{cases.count:,}"},
        "href": reverse("cases", args=[here.workspace.slug]),
        "late": late % {"n": f"{cases.overdue:,}"},
        "who": _(", ").join(list(names)[:3]),
    }


def _codes_to_explain(inquiry: Inquiry) -> dict[str, str] | None:
    try:
        invalid = sum(row.invalid for row in inquiry.results("nps"))
    except MethodError:
        return None
    if not invalid:
        return None
    words = ngettext(
        "%(n)s answer holds a code without a meaning yet", "%(n)s answers hold a code without a meaning yet", invalid
    )
    if inquiry.here.may("import_facts"):
        who = _("They are left out of every figure. See which they are, say what the code means, or take them back.")
        return {
            "what": words % {"n": f"{invalid:,}"},
            "href": inquiry.address("data/") + "#codes",
            "late": "",
            "who": who,
        }
    asked = _(", ").join(each.person.name for each in importers(inquiry.here)[:2])
    who = _("They are left out of every figure. %(who)s can see which they are and say what the code means.") % {
        "who": asked
    }
    return {"what": words % {"n": f"{invalid:,}"}, "href": "", "late": "", "who": who}


def _drafts(inquiry: Inquiry) -> dict[str, str] | None:
    out = {survey.item for survey in visible_surveys(inquiry.here, inquiry.here.service)}
    drafts = [
        survey.title[inquiry.lang]
        for survey in inquiry.document.surveys
        if survey.id not in out and not survey.archived
    ]
    if not drafts or not inquiry.here.may("publish_survey"):
        return None
    words = ngettext(
        "%(n)s survey is ready but not published", "%(n)s surveys are ready but not published", len(drafts)
    ) % {"n": len(drafts)}
    return {"what": words, "href": inquiry.address("surveys/"), "late": "", "who": _(", ").join(drafts[:3])}
