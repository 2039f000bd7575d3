"""The public page of a survey: read by whoever has its link, answered tap by tap, or as a plain form where there is no
script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page

from peakend.errors import PeakendError
from peakend.terms import Lang
from peakend_web.asking import form_copies, survey_cache
from peakend_web.asking.actions import Problems, submit, submit_soon
from peakend_web.asking.actions.invited import submit_invited
from peakend_web.asking.actions.photos import remove_photos, take_photo
from peakend_web.asking.answers import KnownRespondent, Submission, now_us
from peakend_web.asking.arrivals import network_of
from peakend_web.asking.forms import submissions, survey_page
from peakend_web.asking.forms.photos import photos_of_form, unwanted_photos
from peakend_web.asking.openings import is_opening, openings
from peakend_web.asking.photos import photo_fields
from peakend_web.asking.queries.given_answers import known_respondent, response_of
from peakend_web.asking.queries.personal_links import PersonalLink
from peakend_web.asking.queries.photos import photos_of_answer
from peakend_web.asking.questionnaire import contents_of, fields_said_before
from peakend_web.asking.receipts import receipt_of
from peakend_web.asking.render_tokens import make_token, puzzle_of
from peakend_web.asking.survey_cache import PublishedSurvey
from peakend_web.asking.suspicion import is_rush
from peakend_web.base.client_addresses import client_of, neighbourhood
from peakend_web.base.middleware import client_address
from peakend_web.base.refusals import Gone, Missing, Refusal, status_of

from .addresses import Addresses
from .receipts import card_of
from .survey_frame import EMBEDDED, frame_of, in_its_language, page_of_questions, private

SENT_COOKIE: Final = "peakend_sent"
"""Says for ten minutes that a plain form was sent from this browser, and nothing else; a browser that goes back is then
not asked anew.
"""
SENT_SECONDS: Final = 600
RECEIPT_COOKIE: Final = "peakend_receipt"
"""Brings the code of a plain form to the page of thanks that it leads to, and nowhere else, for as long."""
AGAIN: Final = "new"


@gzip_page
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the survey that stands at this address; take a plain form of it."""
    if request.method != "POST" and "draft" not in request.GET:
        there = survey_cache.read_address(token)
        if there.word != token:
            return lead_to(f"{reverse('survey', args=[there.word])}?{request.GET.urlencode()}".removesuffix("?"))
        return in_its_language(
            request,
            survey_cache.find(there.token),
            partial(open_page, place=there.place or survey_cache.plain_code(request.GET.get("at", ""))),
        )
    survey = survey_cache.find(token)
    return in_its_language(request, survey, take_form if request.method == "POST" else open_page)


def follow_copied_address(request: HttpRequest, typed: str) -> HttpResponse:
    """Lead to the survey from an address that was copied with what stood behind it."""
    return lead_to(
        f"{reverse('survey', args=[survey_cache.read_address(typed).word])}?{request.GET.urlencode()}".removesuffix("?")
    )


@gzip_page
def change(request: HttpRequest, token: str) -> HttpResponse:
    """Show a finished survey again to whoever has its code, with everything in it, to be changed."""
    try:
        given = response_of(request.POST.get("code", ""), neighbourhood(client_address(request)))
    except Missing:
        return lead_to(reverse("receipt"))
    if given.survey.token != token:
        return lead_to(reverse("receipt"))
    return in_its_language(request, given.survey, partial(show_page, sent=given.said))


@gzip_page
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Say thank you, and what happens now."""
    return in_its_language(request, survey_cache.find(token), thank)


def keep(request: HttpRequest, token: str) -> str:
    """Keep answers that the page's script, or a program, sends as data; replies when they are on disk."""
    survey = survey_cache.find(token)
    sent = submissions.from_json(submissions.body_of(request.META, request), network_of(client_address(request)))
    return submit(survey=survey, sent=sent, respondent=_known(survey, sent)).reply


def _known(survey: PublishedSurvey, sent: Submission) -> KnownRespondent | None:
    """Whose answers they are, where what is finished shall change."""
    return known_respondent(survey, sent.response) if sent.amends else None


async def keep_at_once(environ: Mapping[str, Any], token: str) -> str | None:
    """The same without a thread and without Django's layers, for these answers carry no session, no cookie and no
    language.

    None where something must be looked up first, or a contact may have to be kept beside the answers, for an event loop
    must not wait for the database: then it goes the long way.
    """
    survey = survey_cache.at_hand(token)
    if survey is None or not survey.is_open or survey.questionnaire.contacts:
        return None
    if "amends" in environ.get("QUERY_STRING", ""):
        return None
    address = client_of(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", ""))
    sent = submissions.from_json(submissions.body_of(environ, environ["wsgi.input"]), network_of(address))
    if fields_said_before(survey.questionnaire, sent):
        environ["wsgi.input"].seek(0)
        return None
    return (await submit_soon(survey=survey, sent=sent)).reply


def open_page(
    request: HttpRequest,
    survey: PublishedSurvey,
    lang: Lang,
    place: str = "",
    *,
    link: PersonalLink | None = None,
    begun: Submission | None = None,
) -> HttpResponse:
    """The page as it is opened: empty, or with what was begun by a link of one's own; with what a plain form said,
    under that form's own name; or the thanks, just after one was sent.
    """
    said = form_copies.find(survey.token, request.GET.get("draft", ""))
    if said is not None:
        sent = submissions.from_form(survey.questionnaire, said, lang)
        return show_page(
            request,
            survey,
            lang,
            sent,
            problems=_problems(survey, sent) if sent.answers or sent.done else (),
            link=link,
        )
    if link:
        return show_page(request, survey, lang, begun, link=link)
    if request.COOKIES.get(SENT_COOKIE) == survey.address and AGAIN not in request.GET:
        return thank(request, survey, lang, place)
    response = show_page(request, survey, lang, place=place)
    if survey.is_open and is_opening(request):
        openings.note(survey.id, place if place in survey.places_by_code else "")
    if request.COOKIES.get(SENT_COOKIE):
        response.delete_cookie(SENT_COOKIE, path=Addresses(survey).path)
    return response


def thank(
    request: HttpRequest, survey: PublishedSurvey, lang: Lang, place: str = "", link: PersonalLink | None = None
) -> HttpResponse:
    """The page of thanks, with the code of what was just sent."""
    addresses = Addresses(survey, link)
    place = place or request.GET.get("at", "")
    published = survey.place_at(place)
    shared = bool(published and published.resets_after and survey.is_open and not link)
    receipt = receipt_of(request.COOKIES.get(RECEIPT_COOKIE, ""))
    context = {
        **frame_of(survey, lang),
        "is_full": "full" in request.GET,
        **(card_of(request, receipt) if receipt else {}),
        "shared": shared,
        "idle": published.resets_after if published else 0,
        "start": addresses.start(place, **{AGAIN: "1"}),
        "shelf": addresses.shelf,
        "embedded": EMBEDDED in request.GET,
    }
    response = private(render(request, "peakend_web/asking/survey/thanks.html", context))
    if shared and receipt:
        response.delete_cookie(RECEIPT_COOKIE, path=addresses.thanks_path)
    return response


def show_page(
    request: HttpRequest,
    survey: PublishedSurvey,
    lang: Lang,
    sent: Submission | None = None,
    *,
    problems: Sequence[Refusal] = (),
    place: str = "",
    is_trial: bool = False,
    link: PersonalLink | None = None,
) -> HttpResponse:
    """The page with the questions, and what was answered so far; of one that is not out yet (`is_trial`), to be looked
    at: its script sends nothing.
    """
    if not survey.is_open:
        return private(render(request, "peakend_web/asking/survey/closed.html", frame_of(survey, lang), status=410))
    place = (sent.place if sent else place) or ""
    published, page = survey.place_at(place), page_of_questions(survey, lang, sent, problems)
    on_page = sent if sent and (sent.token or not sent.amends) else None
    token = on_page.token if on_page else make_token(survey.id, place if published else "", page["response"], now_us())
    within = {EMBEDDED: "1"} if EMBEDDED in request.GET else {}
    addresses, amends = Addresses(survey, link), sent is not None and sent.amends
    context = {
        **page,
        "personal": link is not None,
        "form_at": addresses.form,
        "keep_at": addresses.keep(amends=amends),
        "seen_at": addresses.seen,
        "shelf": addresses.shelf,
        "embedded": bool(within),
        "is_trial": is_trial,
        "full": survey_page.full_quotas(survey.questionnaire, survey.full),
        "full_at": addresses.thanks(place, lang=lang, full="1", **within),
        "token": token,
        "trap": submissions.TRAP,
        "puzzle": puzzle_of(token) if is_rush(survey, place, network_of(client_address(request))) else "",
        "amends": amends,
        "place": place if published else "",
        "idle": published.resets_after if published else 0,
        "start": addresses.start(place, **within),
        "thanks_at": addresses.thanks(place, lang=lang, **within),
    }
    return private(render(request, "peakend_web/asking/survey/page.html", context, status=422 if problems else 200))


def take_form(
    request: HttpRequest, survey: PublishedSurvey, lang: Lang, link: PersonalLink | None = None
) -> HttpResponse:
    """Keep what a form says, and lead on: to the thanks; or where something is wrong or the language changed, to the
    page with everything in it.
    """
    addresses, network = Addresses(survey, link), network_of(client_address(request))
    sent = submissions.from_form(survey.questionnaire, request.POST, lang, network)
    problems: Sequence[Refusal] = ()
    try:
        form, wrong = _take_photos(request, survey, sent)
        sent = submissions.from_form(survey.questionnaire, form, lang, network)
        problems = [*wrong, *_keep_what_is_right(survey, replace(sent, done=sent.done and not wrong), link)]
    except Gone:
        return show_page(request, survey, lang, link=link)
    except PeakendError as error:
        response = show_page(request, survey, lang, sent, problems=[Refusal(error.id, **error.fields)], link=link)
        response.status_code = status_of(error)
        return response
    if sent.done and not problems:
        form_copies.forget(survey.token, sent.response)
        response = lead_to(addresses.thanks(sent.place, lang=lang))
        for name, value, path in (
            (SENT_COOKIE, survey.address, addresses.path),
            (RECEIPT_COOKIE, receipt_of(sent.response), addresses.thanks_path),
        ):
            response.set_cookie(
                name, value, SENT_SECONDS, path=path, httponly=True, samesite="Lax", secure=settings.HTTPS
            )
        return response
    draft = form_copies.keep(survey.token, sent.response, form)
    if not draft or wrong:  # a photo that was refused is not in the draft, and why it was is told now or never
        return show_page(request, survey, lang, sent, problems=problems, link=link)
    first = survey_page.trouble(survey.questionnaire, problems[0], lang).at if problems else ""
    return lead_to(f"{addresses.page(sent.place, lang=lang, draft=draft)}{f'#{first}' if first else ''}")


def _keep(survey: PublishedSurvey, sent: Submission, link: PersonalLink | None) -> None:
    if link:
        submit_invited(link=link, sent=sent)
    else:
        submit(survey=survey, sent=sent, respondent=_known(survey, sent))


def _take_photos(
    request: HttpRequest, survey: PublishedSurvey, sent: Submission
) -> tuple[QueryDict, Sequence[Refusal]]:
    """Keep the photos of a form, and remove those that are no longer wanted; the form with how many there are now, and
    why one or another was not taken.
    """
    form, asked, wrong = request.POST.copy(), survey.questionnaire, []
    form["response"] = sent.response
    for field in unwanted_photos(asked, form):
        remove_photos(survey=survey, sent=sent, field=field)
    for field, content in photos_of_form(asked, request.FILES):
        try:
            take_photo(survey=survey, sent=sent, field=field, content=content)
        except Refusal as error:
            wrong.append(error)
    for each in photo_fields(asked):
        form[each.name] = str(photos_of_answer(survey, sent.response, each.name).count() or "")
    return form, wrong


def _keep_what_is_right(survey: PublishedSurvey, sent: Submission, link: PersonalLink | None) -> Sequence[Refusal]:
    """Keep a form; where something is wrong with it, keep the rest and return what is wrong."""
    if not sent.answers and not sent.done:
        return ()
    try:
        _keep(survey, sent, link)
    except Problems as error:
        right = _what_is_right(survey, replace(sent, done=False))
        if right.answers:
            with suppress(Problems):
                _keep(survey, submissions.named_by_content(right), link)
        return error.problems
    return ()


def _what_is_right(survey: PublishedSurvey, sent: Submission) -> Submission:
    """The same without the answers that are wrong, each by itself, and then by how they stand together."""
    fields = survey.questionnaire.fields
    for _each_then_together in range(2):
        wrong = {problem.fields.get("field") for problem in _problems(survey, sent)}
        right = [given for given in sent.answers if wrong.isdisjoint((given.field, fields[given.field].item))]
        sent = replace(sent, answers=right)
    return sent


def _problems(survey: PublishedSurvey, sent: Submission) -> Sequence[Refusal]:
    """What is wrong with what was sent."""
    return contents_of(survey.questionnaire, sent, survey.full, survey.zones.zone.key).problems


def lead_to(address: str) -> HttpResponse:
    """Lead on to another address."""
    return private(HttpResponse(status=303, headers={"Location": address}))
