"""What a personal link opens: the survey, once, for one person; and a page that says so where it is over."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.gzip import gzip_page

from peakend.errors import PeakendError
from peakend.terms import LANGUAGES, Lang
from peakend_web.asking.actions.invited import see_invitation, stop_asking, submit_invited
from peakend_web.asking.answers import Submission, now_us
from peakend_web.asking.arrivals import network_of
from peakend_web.asking.forms import submissions
from peakend_web.asking.openings import openings
from peakend_web.asking.queries.given_answers import answers_of
from peakend_web.asking.queries.personal_links import PersonalLink, follow, plain_token, require_open, response_rows
from peakend_web.asking.render_tokens import make_token
from peakend_web.asking.survey_cache import PublishedSurvey
from peakend_web.base.client_addresses import neighbourhood
from peakend_web.base.languages import CODES, reader_language
from peakend_web.base.middleware import client_address
from peakend_web.base.refusals import Conflict, Gone, Missing, TooMany, status_of

from .addresses import VERSION
from .respond import lead_to, open_page, take_form, thank
from .survey_frame import frame_of, in_its_language, private


@gzip_page
def page(request: HttpRequest, ticket: str) -> HttpResponse:
    """Show the survey that a link opens, with what was begun by it; take a plain form of it. Nothing is used up by
    looking.
    """
    plain = plain_token(ticket)
    if plain and plain != ticket and request.method != "POST":
        return lead_to(_address(request, plain))
    if request.method == "HEAD":  # a program looks whether the address is there
        return private(HttpResponse())
    try:
        link = _follow(request, plain or ticket)
    except (Missing, TooMany) as error:
        return _refuse(request, error)
    try:
        require_open(link.invitation)
    except (Conflict, Gone) as over:
        return in_its_language(request, link.survey, partial(_say_over, over=over))
    view = partial(take_form, link=link) if request.method == "POST" else partial(_open, link=link)
    return in_its_language(request, link.survey, view)


def follow_copied_address(request: HttpRequest, copied: str) -> HttpResponse:
    """Lead to the page from an address that was copied with what stood behind it."""
    plain = plain_token(copied)
    return lead_to(_address(request, plain)) if plain else _refuse(request, Missing("survey.link_unknown"))


def keep(request: HttpRequest, ticket: str) -> str:
    """Keep answers that the page's script sends as data; replies when they are on disk."""
    link = _follow(request, ticket)
    sent = submissions.from_json(submissions.body_of(request.META, request), network_of(client_address(request)))
    return submit_invited(link=link, sent=sent).reply


def seen(request: HttpRequest, ticket: str) -> HttpResponse:
    """Note that the page is before somebody's eyes: its script says so."""
    link = _follow(request, ticket)
    see_invitation(link=link)
    if link.survey.is_open:
        openings.note(link.survey.id, "")
    return HttpResponse(status=204)


@gzip_page
def thanks(request: HttpRequest, ticket: str) -> HttpResponse:
    """Say thank you, and what happens now."""
    link = _follow(request, ticket)
    return in_its_language(request, link.survey, partial(thank, link=link))


@gzip_page
def unsubscribe(request: HttpRequest, ticket: str) -> HttpResponse:
    """Ask whether somebody wants no more of these messages; write it down when they say so, as a mail program does for
    them with one tap.
    """
    try:
        link = _follow(request, plain_token(ticket) or ticket)
    except (Missing, TooMany) as error:
        return _refuse(request, error)
    if request.method == "POST" and "lang" not in request.POST:
        stop_asking(link=link)
    is_done = request.method == "POST" and "lang" not in request.POST
    return in_its_language(request, link.survey, partial(_ask_whether, link=link, is_done=is_done))


def _ask_whether(
    request: HttpRequest, survey: PublishedSurvey, lang: Lang, link: PersonalLink, *, is_done: bool
) -> HttpResponse:
    context = {**frame_of(survey, lang), "is_done": is_done, "to_one": link.invitation.customer_id is not None}
    return private(render(request, "peakend_web/asking/survey/unsubscribe.html", context))


def _follow(request: HttpRequest, token: str) -> PersonalLink:
    return follow(token, neighbourhood(client_address(request)), request.GET.get(VERSION, ""))


def _address(request: HttpRequest, token: str) -> str:
    return f"{reverse('invited', args=[token])}?{request.GET.urlencode()}".removesuffix("?")


def _open(request: HttpRequest, survey: PublishedSurvey, lang: Lang, link: PersonalLink) -> HttpResponse:
    return open_page(request, survey, lang, link=link, begun=None if link.is_ticket else _begun(link, lang))


def _begun(link: PersonalLink, lang: Lang) -> Submission:
    """The one response of an invitation as far as it is there, on whatever device it was begun."""
    of_version = (row for row in response_rows(link.invitation) if row.survey_id == link.survey.id)
    row, name = next(of_version, None), link.response
    answers = answers_of(row, link.survey) if row else []
    page = make_token(link.survey.id, "", name, now_us())
    return Submission(response=name, key="", answers=answers, lang=lang, token=page)


def _refuse(request: HttpRequest, error: PeakendError) -> HttpResponse:
    tapped = request.GET.get("lang")
    lang = next((each for each in LANGUAGES if each == tapped), reader_language())
    with translation.override(CODES[lang]):
        context = {"lang": lang, "what": error.message(lang), "do": error.hint(lang)}
        refused = render(request, "peakend_web/asking/survey/refused.html", context, status=status_of(error))
        return private(refused)


def _say_over(request: HttpRequest, survey: PublishedSurvey, lang: Lang, over: PeakendError) -> HttpResponse:
    context = {
        **frame_of(survey, lang),
        "what": over.message(lang),
        "do": over.hint(lang),
        "is_used": isinstance(over, Conflict),
    }
    # Whoever opens a link again that they have used sees a page like any other.
    status = 200 if isinstance(over, Conflict) else status_of(over)
    return private(render(request, "peakend_web/asking/survey/link_over.html", context, status=status))
