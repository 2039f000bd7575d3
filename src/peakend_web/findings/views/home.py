"""The first screen: what is true, where it hurts, who is waiting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peakend.change import Change
from peakend.errors import MethodError
from peakend.methods import BY_ID
from peakend.methods.nps import of_hundred
from peakend.result import interval_words, number, signed
from peakend.terms import label
from peakend_web.base.forms import TITLES
from peakend_web.base.guard import InService
from peakend_web.base.localtime import span_words
from peakend_web.base.seen import cases_seen_by, surveys_seen_by, who_may_import
from peakend_web.findings import moments, states
from peakend_web.findings.leading import WEIGHTED, led
from peakend_web.findings.queries import Shown
from peakend_web.findings.spans import SpanChange, change_of, days_of, span_of
from peakend_web.listening import queries as voices
from peakend_web.models import Case
from peakend_web.store import least_sizes
from peakend_web.store.door import Filters


def home(request: HttpRequest, here: InService) -> HttpResponse:
    """The home page of a service."""
    shown = Shown.of(request, here)
    with shown.named():
        return render(request, "peakend_web/findings/home.html", _page(shown))


def _page(shown: Shown) -> dict[str, Any]:
    days = days_of(shown)
    worst, whole = moments.worst(shown), moments.overall(shown)
    return {
        "nps": _headline(shown, days),
        "worst": worst,
        "scale": moments.drawn_scale([*(one.row for one in worst), *([whole] if whole else [])]),
        "mean": whole and whole.value,
        "whole": label(whole.construct, shown.lang) if whole else "",
        "nothing_yet": _nothing_yet(shown),
        "waiting": _waiting(shown),
        "nothing_waits": _nothing_waits(shown),
        "links": {"journey": shown.address("journey/")},
        **shown.common(span_of(shown, days)),
    }


def _nothing_yet(shown: Shown) -> dict[str, Any]:
    """Why no touchpoint is called the worst, and where to go."""
    scored = moments.scores(shown)
    if moments.overall(shown) is not None and not scored:
        do = _("What they were asked is shown under “Findings”.")
        return states.nobody(
            shown, "", NO_TOUCHPOINTS, {"do": do, "href": shown.address("methods/"), "verb": _("See the findings")}
        )
    rows = list(scored.values())
    if sum(least_sizes.is_firm(row) for row in rows) > 1:
        return {
            "what": moments.level(rows, shown.lang),
            "do": "",
            "href": shown.address("journey/"),
            "verb": _("See the whole journey"),
        }
    needed = {"needed": least_sizes.LOW_BASE}
    if shown.narrowed:
        what = _("Within these filters no two touchpoints have %(needed)s answers each.") % needed
        return {"what": what, "do": states.waiting(shown), **states.clear(shown, "")}
    do = states.waiting(shown) or _("Put the survey’s QR code where the service happens: the first answers show here.")
    if any(least_sizes.is_firm(row) for row in rows):
        return {
            "what": _("Only one touchpoint has %(needed)s answers yet, so there is none to compare it with.") % needed,
            "do": do,
        }
    return {"what": _("No touchpoint has %(needed)s answers yet.") % needed, "do": do}


NO_TOUCHPOINTS: Final = states.Nobody(
    gettext_lazy("Customers were not asked about single touchpoints."),
    gettext_lazy("Nobody within these filters was asked about single touchpoints."),
)
NOT_ASKED: Final = states.Nobody(
    gettext_lazy("Nobody has been asked yet whether they would recommend you."),
    gettext_lazy("Nobody within these filters was asked whether they would recommend you."),
)


# The headline.


def _headline(shown: Shown, days: Sequence[date]) -> dict[str, Any]:
    """Whether they would recommend us; where nobody was asked, how satisfied they are with the whole."""
    try:
        row = shown.results("nps")[0]
    except (MethodError, IndexError):
        return _satisfaction(shown)
    if not states.was_asked(row):
        return _satisfaction(shown)
    if row.refused is not None:
        return {"row": row, "state": states.refused(shown, "", row.refused)}
    row, moved = led(BY_ID["nps"], row, weighted=shown.weighted), change_of(shown, days)
    return {
        "asked": _("Would they recommend us?"),
        "row": row,
        "scale": (-100, 100),
        "digits": 1,
        "name": label("nps", shown.lang),
        "evidence": moments.evidence(shown, row, 1),
        "sentence": _sentence(row),
        "change": moved and _change_words(shown, moved) + _of_plain(row),
        **_why(shown),
        **_sign(moved),
    }


def _why(shown: Shown, figures: str = "methods/nps/") -> dict[str, Any]:
    """Where the reasons stand: in the customers' words where there are any that this person reads, else in the figures
    behind this one.
    """
    if shown.may_quote() and voices.enough(shown):
        return {"verb": _("Read why"), "href": shown.address("words/")}
    return {"verb": _("See the figures behind it"), "href": shown.address(figures)}


def _satisfaction(shown: Shown) -> dict[str, Any]:
    row = moments.overall(shown)
    if row is None:
        helps = {"do": _("Publish a survey; its first answers show here.")}
        return {"row": None, "state": states.nobody(shown, "", NOT_ASKED, helps)}
    low, high = row.scale
    name = _("mean, on a scale of %(low)s to %(high)s") % {"low": f"{low:g}", "high": f"{high:g}"}
    said = {"row": row, "scale": row.scale, "digits": 2, "name": name, "evidence": moments.evidence(shown, row)}
    return {
        **said,
        "asked": _("How satisfied are they?"),
        "sentence": _wording(shown, row),
        **_why(shown, "methods/csat/"),
    }


def _wording(shown: Shown, row: Any) -> str:
    """The very question, as the service's survey words it; the name of what was judged where the survey is not in the
    document.
    """
    items = {item.id: item for survey in shown.document.surveys for item in survey.items}
    wording = items[row.item].wording if row.item in items else None
    return wording[shown.lang] if wording else label(row.construct, shown.lang)


def _sentence(row: Any) -> str:
    up, down = of_hundred(row, weighted=WEIGHTED in row.warnings)
    if WEIGHTED in row.warnings:
        return _("Of every 100, counted with survey weights, %(up)s would recommend us and %(down)s would not.") % {
            "up": up,
            "down": down,
        }
    return _("Of every 100 who answered, %(up)s would recommend us and %(down)s would not.") % {"up": up, "down": down}


def _of_plain(row: Any) -> str:
    """That the change beside a weighted headline is of the unweighted figure."""
    return _(" The change is unweighted.") if WEIGHTED in row.warnings else ""


def _sign(moved: SpanChange | None) -> dict[str, str]:
    if moved is None:
        return {}
    if not moved.change.clear:
        return {"direction": "level", "sign": "≈"}
    return {"direction": "up", "sign": "▲"} if (moved.change.value or 0) > 0 else {"direction": "down", "sign": "▼"}


def _change_words(shown: Shown, moved: SpanChange) -> str:
    """The change in points with its interval; and of which days, with the figure and n of each side."""
    found, spans = moved.change, moved.spans
    interval = interval_words((found.low or 0, found.high or 0), found.conf, shown.lang)
    said = {
        "points": number(abs(found.value or 0)),
        "signed": signed(found.value or 0),
        "interval": interval,
        "days": spans.length,
    }
    sides = _(
        " %(name)s %(after)s (%(after_days)s, n %(after_n)s); before %(before)s (%(before_days)s, n %(before_n)s)."
    ) % {
        "name": _capital(label("nps", shown.lang)),
        **_side("before", found.before, found.n_before, spans.before, shown),
        **_side("after", found.after, found.n_after, spans.after, shown),
    }
    return (_by_months(found, spans.length) if spans.unit == "months" else _by_days(found, spans.length)) % said + sides


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _side(name: str, value: float | None, n: int, filters: Filters, shown: Shown) -> dict[str, str]:
    return {
        name: number(value or 0),
        f"{name}_n": f"{n:,}",
        f"{name}_days": span_words(filters.since, filters.until, shown.lang),
    }


def _by_days(found: Change, days: int) -> str:
    if not found.clear:
        return ngettext(
            "No clear change between the last day and the one before: %(signed)s points (%(interval)s).",
            "No clear change between the last %(days)s days and the %(days)s before: %(signed)s points (%(interval)s).",
            days,
        )
    if (found.value or 0) > 0:
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


def _by_months(found: Change, months: int) -> str:
    if not found.clear:
        return ngettext(
            "No clear change between the last month and the one before: %(signed)s points (%(interval)s).",
            "No clear change between the last %(days)s months and the %(days)s before: %(signed)s points "
            "(%(interval)s).",
            months,
        )
    if (found.value or 0) > 0:
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


def _waiting(shown: Shown) -> list[dict[str, str]]:
    return [one for one in (_cases(shown), _unexplained(shown), _drafts(shown)) if one]


def _nothing_waits(shown: Shown) -> str:
    """What is said where nothing is to be done: of cases to whoever sees them, and of no more sites than they see."""
    if not shown.here.may("see_cases"):
        return _("There is nothing for you to do here.")
    if shown.sites is not None:
        return _("Nothing to do. Every case at your sites has been answered.")
    return _("Nothing to do. Every case has been answered.")


def _cases(shown: Shown) -> dict[str, str] | None:
    here = shown.here
    if not here.may("see_cases"):
        return None
    found = list(cases_seen_by(here).filter(service=here.service).exclude(state=Case.State.CLOSED)[:500])
    late = sum(case.due_at < timezone.now() for case in found)
    names = dict.fromkeys(case.owner.name if case.owner else str(TITLES[case.owner_role]) for case in found)
    words = ngettext("%(n)s customer waits for an answer", "%(n)s customers wait for an answer", len(found)) % {
        "n": len(found)
    }
    overdue = ngettext("%(n)s is overdue", "%(n)s are overdue", late) % {"n": late} if late else ""
    return (
        {
            "what": words,
            "href": f"/w/{here.workspace.slug}/cases/",
            "late": overdue,
            "who": _(", ").join(list(names)[:3]),
        }
        if found
        else None
    )


def _unexplained(shown: Shown) -> dict[str, str] | None:
    try:
        invalid = sum(row.invalid for row in shown.results("nps"))
    except MethodError:
        return None
    if not invalid:
        return None
    words = ngettext(
        "%(n)s answer holds a code without a meaning yet", "%(n)s answers hold a code without a meaning yet", invalid
    )
    if shown.here.may("import_facts"):
        who = _("They are left out of every figure. See which they are, say what the code means, or take them back.")
        return {
            "what": words % {"n": f"{invalid:,}"},
            "href": shown.address("data/") + "#codes",
            "late": "",
            "who": who,
        }
    asked = _(", ").join(each.person.name for each in who_may_import(shown.here)[:2])
    who = _("They are left out of every figure. %(who)s can see which they are and say what the code means.") % {
        "who": asked
    }
    return {"what": words % {"n": f"{invalid:,}"}, "href": "", "late": "", "who": who}


def _drafts(shown: Shown) -> dict[str, str] | None:
    out = {survey.item for survey in surveys_seen_by(shown.here, shown.here.service)}
    drafts = [
        survey.title[shown.lang] for survey in shown.document.surveys if survey.id not in out and not survey.archived
    ]
    if not drafts or not shown.here.may("publish_survey"):
        return None
    words = ngettext(
        "%(n)s survey is ready but not published", "%(n)s surveys are ready but not published", len(drafts)
    ) % {"n": len(drafts)}
    return {"what": words, "href": shown.address("surveys/"), "late": "", "who": _(", ").join(drafts[:3])}
