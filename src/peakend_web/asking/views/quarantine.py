"""The page of what waits in quarantine: why each is there, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from peakend_web.asking.actions.quarantine import delete_responses, release_responses
from peakend_web.asking.forms.quarantine import Chosen
from peakend_web.asking.queries.quarantine import Quarantine, reason_words
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.base.localtime import day_words
from peakend_web.models import Survey

from .survey_links import current_document, survey_of, title_of_survey

SHOWN: Final = 100
WORDS: Final = 20


def quarantine(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """What waits, by its reasons and one by one."""
    return _page(request, here, survey_of(here, survey))


def release(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Let those count that are chosen."""
    return _judge(
        request,
        here,
        survey,
        release_responses,
        lambda n: ngettext("%(n)s response counts now.", "%(n)s responses count now.", n) % {"n": n},
    )


def delete(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Delete those that are chosen."""
    return _judge(
        request,
        here,
        survey,
        delete_responses,
        lambda n: ngettext("%(n)s response is deleted.", "%(n)s responses are deleted.", n) % {"n": n},
    )


def _judge(
    request: HttpRequest, here: InService, survey: int, verb: Callable[..., int], told: Callable[[int], str]
) -> HttpResponse:
    found = survey_of(here, survey)
    form = Chosen(request.POST, quarantine=Quarantine(here, found))
    if not form.is_valid():
        return _page(request, here, found, form)
    success(request, told(verb(actor=here.person, survey=found, responses=form.chosen)))
    return redirect("survey-quarantine", here.workspace.slug, here.service.slug, found.pk)


def _page(request: HttpRequest, here: InService, survey: Survey, form: Chosen | None = None) -> HttpResponse:
    waiting, lang = Quarantine(here, survey), reader_language()
    words = waiting.words(WORDS) if here.may("see_words") else []
    if words:
        request.readings = {"read_words"}  # type: ignore[attr-defined]
    context = {
        "survey": survey,
        "title": title_of_survey(current_document(here), survey.item),
        "many": len(waiting.ids),
        "reasons": waiting.reasons,
        "responses": [
            {
                "id": each.pk,
                "day": day_words(_local_day(each.started_us), lang),
                "place": each.place.label if each.place else "",
                "finished": each.completed_us is not None,
                "reasons": [reason_words(reason) for reason in each.reasons.split()],
            }
            for each in waiting.newest(SHOWN)
        ],
        "words": words,
        "form": form,
    }
    return render(request, "peakend_web/asking/quarantine.html", context, status=422 if form else 200)


def _local_day(at_us: int) -> date:
    return timezone.localtime(datetime.fromtimestamp(at_us / 1e6, tz=UTC)).date()
