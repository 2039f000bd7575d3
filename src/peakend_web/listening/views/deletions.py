"""A respondent deletes what they said, by their code."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from peakend_web.asking.queries import response_of
from peakend_web.base.client_addresses import neighbourhood
from peakend_web.base.middleware import client_address
from peakend_web.base.refusals import Missing
from peakend_web.listening.actions.take_backs import delete_response


def delete(request: HttpRequest) -> HttpResponse:
    """Delete it, and lead on to where it is said that nothing is there any more: also to whoever taps twice."""
    with suppress(Missing):
        given = response_of(request.POST.get("code", ""), neighbourhood(client_address(request)))
        delete_response(response=given.row)
    asked = urlencode({"gone": "1", "lang": request.POST.get("lang", "")})
    return HttpResponse(status=303, headers={"Location": f"{reverse('receipt')}?{asked}", "Cache-Control": "no-store"})
