"""The page of one survey: what came in, how far people come, what it says so far, and how many answers it needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.draw import Axis, Chart, Point, bars
from peakend.figures import percent
from peakend.methods import METHODS
from peakend.terms import Lang, label
from peakend_web.asking.queries import visible_surveys
from peakend_web.asking.queries.flow import Flow
from peakend_web.asking.queries.invitations import funnel_of, is_told
from peakend_web.base.documents import document_of
from peakend_web.base.grants import one
from peakend_web.base.guard import InService
from peakend_web.base.languages import BETWEEN_SENTENCES
from peakend_web.base.whole_numbers import whole_number
from peakend_web.findings.inquiry.method_questions import question_of
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.survey_course import MARGINS, Needed, Share, SurveyCourse, invited_rate, rates_of
from peakend_web.findings.pictures import renderer
from peakend_web.findings.words import empty_states
from peakend_web.findings.words.finding import short_sentence
from peakend_web.listening.queries import comments
from peakend_web.store import least_sizes
from peakend_web.store.door import respondents_by_survey

QUOTES: Final = 5
USUAL: Final = 5
"""The margin that is spoken of where no other was asked for."""
LEAST: Final = least_sizes.LEAST_N


def survey(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """One survey as it goes."""
    course = _course(request, here, survey)
    with course.inquiry.naming():
        context = {**_page(course), **course.inquiry.page_context()}
        return render(request, "peakend_web/findings/survey.html", context)


def _course(request: HttpRequest, here: InService, survey: int) -> SurveyCourse:
    return SurveyCourse(Inquiry.of(request, here), one(visible_surveys(here, here.service), pk=survey))


def _page(course: SurveyCourse) -> dict[str, Any]:
    inquiry, here = course.inquiry, course.inquiry.here
    margin = whole_number(inquiry.selection.wishes.get("within", ""), USUAL)
    needed = course.needed(margin if margin in MARGINS else USUAL)
    said = [_came(course), _entered(course), _needed_words(needed, inquiry.lang) if needed else ""]
    return {
        "survey": course.survey,
        "title": _title(course),
        "sentence": BETWEEN_SENTENCES[inquiry.lang].join(filter(None, said)),
        "codes": reverse("survey-sheets", args=[here.workspace.slug, here.service.slug, course.survey.pk]),
        "margins": _margins(course, needed) if needed else (),
        "figures": _figures(course),
        "margin_note": _(
            "In 95 of 100 such surveys the true score lies within that margin. Reckoned from the answers so far; with "
            "fewer than 30, for the worst case."
        ),
        "link_name": _("The survey’s own link"),
        **(_flow(course) if inquiry.sees_each else {}),
        **(_invited(course) if inquiry.sees_each else {}),
        **_words(course),
    }


def _title(course: SurveyCourse) -> str:
    named = document_of(course.survey.version_id).survey(course.survey.item)
    return named.title[course.inquiry.lang] if named else course.survey.item


# What came in.


def _came(course: SurveyCourse) -> str:
    """How many have answered; to whoever sees groups, how many of them are counted."""
    inquiry = course.inquiry
    if not inquiry.sees_each:
        known = respondents_by_survey(inquiry.here.service, inquiry.sites).get((course.survey.item, course.survey.wave))
        words = ngettext("%(n)s person is counted so far.", "%(n)s people are counted so far.", known or 0)
        return words % {"n": f"{known:,}"} if known else empty_states.pending_words(inquiry)
    flow = course.flow
    if not flow.begun:
        return _("Nobody has answered yet.")
    found, said = rates_of(flow), {"n": f"{flow.finished:,}", "opened": f"{flow.opened:,}"}
    if found is None or found.response is None:
        return (
            ngettext("%(n)s person has answered to the end.", "%(n)s people have answered to the end.", flow.finished)
            % said
        )
    words = ngettext(
        "%(n)s person has answered to the end, in %(share)s of the %(opened)s times the survey was opened.",
        "%(n)s people have answered to the end, in %(share)s of the %(opened)s times the survey was opened.",
        flow.finished,
    )
    return words % {**said, "share": percent(found.response)}


def _invited(course: SurveyCourse) -> dict[str, Any]:
    """How far those came who were invited, and the share of them who answered, with its interval."""
    funnel, here = funnel_of(course.inquiry.here, course.survey), course.inquiry.here
    named = document_of(course.survey.version_id).survey(course.survey.item)
    anonymous = named is None or named.anonymous
    if not funnel.invited or not is_told(funnel, anonymous=anonymous, least=here.workspace.least_cell):
        return {}
    found = invited_rate(funnel)
    rate = percent(found.response) if found and found.response is not None else ""
    between = ""
    if found and found.low is not None and found.high is not None:
        between = f"{percent(found.low)}–{percent(found.high)}"
    return {"funnel": funnel, "invited_rate": rate, "invited_between": between}


def _entered(course: SurveyCourse) -> str:
    """How many staff typed in, for whoever sees each answer."""
    many = course.entered if course.inquiry.sees_each else 0
    words = ngettext(
        "Staff entered %(n)s response for a customer, which is counted apart.",
        "Staff entered %(n)s responses for customers, which are counted apart.",
        many,
    )
    return words % {"n": f"{many:,}"} if many else ""


def _needed_words(needed: Needed, lang: Lang) -> str:
    said = {
        "more": f"{needed.more:,}",
        "margin": needed.margin,
        "score": label(needed.method, lang),
        "n": f"{needed.n:,}",
    }
    if needed.more:
        return (
            ngettext(
                "%(more)s more answer, and the %(score)s is known to ± %(margin)s points.",
                "%(more)s more answers, and the %(score)s is known to ± %(margin)s points.",
                needed.more,
            )
            % said
        )
    return _("The %(score)s is known to ± %(margin)s points already, from %(n)s answers.") % said


def _margins(course: SurveyCourse, chosen: Needed) -> list[dict[str, Any]]:
    """The other margins, each with how many answers it takes."""
    all_of_them = [(margin, course.needed(margin)) for margin in MARGINS]
    return [
        {
            "margin": margin,
            "answers": f"{one.answers:,}",
            "chosen": margin == chosen.margin,
            "href": f"?within={margin}",
        }
        for margin, one in all_of_them
        if one
    ]


def _flow(course: SurveyCourse) -> dict[str, Any]:
    """How far people come, where and when; for whoever sees each answer as it comes."""
    reached = course.reached()
    return {
        "drop": _chart_of(course, _reached_chart(course, reached)) if reached else None,
        "places": [_place_line(place.label if place else "", flow) for place, flow in course.by_place.items()],
        "hours": [
            {"hour": f"{hour:02d}:00", "opened": flow.opened, "begun": flow.begun, "finished": flow.finished}
            for hour, flow in course.by_hour().items()
        ],
    }


def _place_line(name: str, flow: Flow) -> dict[str, Any]:
    found = rates_of(flow)
    if found is None or found.response is None or found.low is None or found.high is None or found.base < LEAST:
        return {"name": name, "flow": flow}
    ends = f"{percent(found.low)}–{percent(found.high)}"
    return {"name": name, "flow": flow, "rate": f"{percent(found.response)} ({ends})"}


def _reached_chart(course: SurveyCourse, reached: Sequence[Share]) -> Chart:
    points = [
        Point(name=f"{at}. {share.name}", value=share.value, low=share.low, high=share.high, n=share.n)
        for at, share in enumerate(reached, start=1)
    ]
    axis = Axis(title=_("of 100 who began"), low=0, high=100, format=".0f")
    said = [f"{point.name} {point.value:.0f}" for point in points]
    return bars(points, axis=axis, alt=_("; ").join(said), lang=course.inquiry.lang, ordered=False)


def _chart_of(course: SurveyCourse, chart: Chart) -> dict[str, Any]:
    here = course.inquiry.here
    at = reverse("survey-course-svg", args=[here.workspace.slug, here.service.slug, course.survey.pk])
    return {"spec": chart.spec, "alt": chart.alt, "svg": f"{at}?"}


def picture(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """How far people come, as a picture for pages without a script."""
    course, wishes = _course(request, here, survey), request.GET
    reached = course.reached() if course.inquiry.sees_each else []
    chart, narrow, dark = (
        _reached_chart(course, reached),
        wishes.get("shape") == "narrow",
        wishes.get("light") == "dark",
    )
    drawn = renderer.svg(chart, course.inquiry.lang, here.workspace.pk, dark=dark, narrow=narrow)
    return HttpResponse(drawn, content_type="image/svg+xml")


# What it says so far.


def _figures(course: SurveyCourse) -> list[dict[str, Any]]:
    """What each method has to say about these answers, and where it says it in full."""
    answers = course.answers
    found = [
        {
            "question": question_of(method.id).question,
            "href": answers.address(f"methods/{method.id}/", within=None),
            **short_sentence(answers, method),
        }
        for method in METHODS
        if method.reads == "answers" and not question_of(method.id).slow
    ]
    return [each for each in found if each["known"]]


def _words(course: SurveyCourse) -> dict[str, Any]:
    answers = course.answers
    if not answers.may_quote() or not comments.are_enough(answers):
        return {"quotes": ()}
    return {"quotes": comments.page_of_newest(answers, 0, QUOTES), "comments": answers.address("words/", within=None)}
