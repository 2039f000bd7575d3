"""A survey on a screen that stands where customers are: one question at a time, for one person after the other, with a
network and without.

The page is the survey's own (`respond`), with a script around it. The device signs in with its key
(`base.device_keys`); without that its address shows where to type it, and nothing of the survey.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from importlib.resources import files
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from peakend.terms import Lang
from peakend_web.asking import survey_cache
from peakend_web.asking.actions import submit
from peakend_web.asking.actions.kiosk import note_kiosk
from peakend_web.asking.answers import now_us
from peakend_web.asking.arrivals import network_of
from peakend_web.asking.forms import submissions, survey_page
from peakend_web.asking.receipts import new_receipt
from peakend_web.asking.render_tokens import make_token
from peakend_web.asking.survey_cache import Address, PublishedSurvey
from peakend_web.base.device_keys import device_addressed, is_signed_in, opens, remember
from peakend_web.base.middleware import client_address
from peakend_web.base.refusals import Denied, Missing, Unknown
from peakend_web.base.whole_numbers import whole_number
from peakend_web.models import Device
from peakend_web.models.asking import RESETS_AFTER

from .survey_frame import frame_of, in_its_language, page_of_questions, private

CLOSED_S: Final = 60
"""Seconds after which a kiosk looks again whether its survey is open."""


def page(request: HttpRequest, kiosk: str) -> HttpResponse:
    """The survey, for whoever stands before the device; without its key, where to type it."""
    device = device_addressed(kiosk, Device.Page.KIOSK)
    if not is_signed_in(request, device):
        return _ask_for_key(request, device)
    there, survey = _shown_at(device)
    note_kiosk(device=device, survey=survey)
    response = in_its_language(request, survey, partial(_show, device=device, there=there))
    return remember(request, response, _path(device))


@sensitive_variables("key")
def sign_in(request: HttpRequest, kiosk: str) -> HttpResponse:
    """Take the key that was typed or scanned; from then on the device keeps it."""
    device, key = device_addressed(kiosk, Device.Page.KIOSK), request.POST.get("code", "")
    if not opens(device, key):
        return _ask_for_key(request, device, is_wrong=True)
    response = private(HttpResponse(status=303, headers={"Location": _path(device)}))
    return remember(request, response, _path(device), key)


def keep(request: HttpRequest, kiosk: str, token: str) -> str:
    """Keep answers that the kiosk's script sends; replies when they are on disk.

    What people said before a key was revoked is theirs and is taken all the same, as it would be from any page of the
    survey: then it is counted among those.
    """
    device, survey = device_addressed(kiosk, Device.Page.KIOSK), survey_cache.find(token)
    if survey.workspace != device.workspace_id:
        raise Missing("survey.unknown")
    sent = submissions.from_json(submissions.body_of(request.META, request), network_of(client_address(request)))
    if is_signed_in(request, device) and sent.place == device.shows:
        sent = replace(sent, device=device.code)
    return submit(survey=survey, sent=sent).reply


def alive(request: HttpRequest, kiosk: str) -> HttpResponse:
    """The kiosk says every half minute that it is there, and how many have begun; it is told which survey is asked
    now, or that its key has been revoked.
    """
    device = device_addressed(kiosk, Device.Page.KIOSK)
    if not is_signed_in(request, device):
        raise Denied("web.device_revoked") if device.revoked_at else Unknown("web.device_unknown")
    there, survey = _shown_at(device)
    note_kiosk(device=device, survey=survey, place=there.place, begun=whole_number(request.POST.get("begun", "")))
    return private(HttpResponse(survey.token if survey.is_open else "", content_type="text/plain"))


def worker(request: HttpRequest, kiosk: str) -> HttpResponse:
    """The script that keeps the page for when there is no network: of this address alone, for it stands beneath it."""
    del request
    device_addressed(kiosk, Device.Page.KIOSK)
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8", headers=headers)


@cache
def _worker() -> bytes:
    return files("peakend_web").joinpath("static/peakend_web/kiosk_worker.js").read_bytes()


def _path(device: Device) -> str:
    return reverse("kiosk", args=[device.code])


def _shown_at(device: Device) -> tuple[Address, PublishedSurvey]:
    there = survey_cache.read_address(device.shows)
    return there, survey_cache.find(there.token)


def _ask_for_key(request: HttpRequest, device: Device, *, is_wrong: bool = False) -> HttpResponse:
    context = {"device": device, "is_revoked": device.revoked_at is not None, "is_wrong": is_wrong}
    status = 403 if device.revoked_at else 401 if not is_wrong else 422
    return private(render(request, "peakend_web/asking/kiosk/sign_in.html", context, status=status))


def _show(request: HttpRequest, survey: PublishedSurvey, lang: Lang, *, device: Device, there: Address) -> HttpResponse:
    if not survey.is_open:
        closed = {**frame_of(survey, lang), "look_again_s": CLOSED_S}
        return private(render(request, "peakend_web/asking/survey/closed.html", closed, status=410))
    page, place = page_of_questions(survey, lang), survey.place_at(there.place)
    spare, at_us = new_receipt(), now_us()
    context = {
        **page,
        "kiosk": device.code,
        "shelf": survey.token,
        "token": make_token(survey.id, there.place, page["response"], at_us),
        # What people are called who answer on this page while there is no network: nobody is ever shown this name.
        "spare": spare,
        "spare_token": make_token(survey.id, there.place, spare, at_us),
        "full": survey_page.full_quotas(survey.questionnaire, survey.full),
        "trap": submissions.TRAP,
        "place": there.place,
        "idle": (place and place.resets_after) or RESETS_AFTER,
        "start": _path(device),
    }
    return private(render(request, "peakend_web/asking/kiosk/page.html", context))
