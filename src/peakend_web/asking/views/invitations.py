"""The page of a survey's invitations: who would be asked and who not, asking them, links to hand out, the words, and
what became of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.messages import success, warning
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peakend.spreadsheet import as_csv
from peakend.terms import LANGUAGES, Lang
from peakend_web.asking.actions.inviting import Planned, invite_customers, withdraw_invitations
from peakend_web.asking.forms.invitations import HowManyLinks, WhomToAsk, WordsOfInvitation
from peakend_web.asking.invitation_text import Words, message_text
from peakend_web.asking.queries.invitations import (
    Funnel,
    counted_by_reason,
    design_of,
    funnel_of,
    is_told,
    keys_named,
    verdicts,
    words_of,
)
from peakend_web.base.documents import document_of
from peakend_web.base.guard import InService
from peakend_web.base.languages import NAMES
from peakend_web.base.public_address import link
from peakend_web.base.refusals import Missing
from peakend_web.models import Survey, SurveyInvitation

from .survey_links import current_document, link_warning, survey_of, title_of_survey

State, Reason = SurveyInvitation.State, SurveyInvitation.Reason
REASONS: Final[Mapping[str, Any]] = {
    Reason.CLOSED: gettext_lazy("the survey is closed"),
    Reason.NO_CONTACT: gettext_lazy("no address is known"),
    Reason.NO_CONSENT: gettext_lazy("have not agreed to be asked"),
    Reason.NO_CHANNEL: gettext_lazy("nothing is set up by which they could be written to"),
    Reason.ALREADY: gettext_lazy("have an invitation that is still open"),
    Reason.OUTSIDE_SAMPLE: gettext_lazy("are outside the sample"),
    Reason.QUIET: gettext_lazy("were asked not long ago"),
    Reason.LIMIT: gettext_lazy("were contacted as often as the design allows"),
    Reason.REFUSED: gettext_lazy("the message could not be delivered"),
}
"""Why somebody is not asked."""
UNKNOWN: Final = gettext_lazy("nobody knows them")
STATES: Final[Mapping[str, Any]] = {
    State.PLANNED: gettext_lazy("Planned, not sent yet"),
    State.SENT: gettext_lazy("Sent, not opened"),
    State.OPENED: gettext_lazy("Opened, not answered to the end"),
    State.FINISHED: gettext_lazy("Answered to the end"),
    State.EXPIRED: gettext_lazy("Expired"),
    State.WITHDRAWN: gettext_lazy("Withdrawn"),
    State.NOT_SENT: gettext_lazy("Not sent"),
}
"""How far an invitation is."""
SINCE_OPENED: Final = frozenset({State.SENT, State.OPENED, State.FINISHED, State.EXPIRED})


@dataclass(frozen=True)
class _InLanguage:
    """The words in one language: the form, and how a message looks."""

    code: Lang
    name: str
    form: WordsOfInvitation
    example: Words


def invitations(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Who would be asked, what became of those who were, and the forms."""
    return _page(request, here, survey_of(here, survey))


def send(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Ask the customers who are named, or all who can be reached."""
    found, form = survey_of(here, survey), WhomToAsk(request.POST)
    if "all" in request.POST:
        _say(request, invite_customers(actor=here.person, survey=found), 0)
        return _back(here, found)
    if form.is_valid():
        named = list(dict.fromkeys(form.named()))
        keys = keys_named(found, named)
        planned = form.save(here.person, found, list(dict.fromkeys(keys.values())))
        if planned is not None:
            _say(request, planned, len(named) - len(keys))
            return _back(here, found)
    return _page(request, here, found, whom=form)


def links_csv(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Make links to hand out, as a file; they are shown here and never again."""
    found, form = survey_of(here, survey), HowManyLinks(request.POST)
    tokens = form.save(here.person, found) if form.is_valid() else None
    if tokens is None:
        return _page(request, here, found, many=form)
    rows = [(at, link(request, reverse("invited", args=[token]))) for at, token in enumerate(tokens, 1)]
    text = as_csv(("number", "link"), rows, mark=True)
    headers = {"Content-Disposition": f'attachment; filename="{found.item}-links.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def word(request: HttpRequest, here: InService, survey: int, lang: str) -> HttpResponse:
    """Change the words in one language."""
    found = survey_of(here, survey)
    code = next((each for each in LANGUAGES if each == lang), None)
    if code is None:
        raise Missing("web.missing")
    form = WordsOfInvitation(request.POST, auto_id=f"{code}-%s")
    if form.is_valid() and form.save(here.person, found, code):
        success(request, _("Saved. The next messages are written so."))
        return _back(here, found)
    return _page(request, here, found, worded={code: form})


def withdraw(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Let all invitations that are open lead nowhere, and send none that is planned."""
    found = survey_of(here, survey)
    many = withdraw_invitations(actor=here.person, survey=found)
    said = ngettext("%(n)s invitation is withdrawn.", "%(n)s invitations are withdrawn.", many)
    success(request, said % {"n": f"{many:,}"})
    return _back(here, found)


def _say(request: HttpRequest, planned: Planned, unknown: int) -> None:
    said = ngettext("%(n)s customer is being asked.", "%(n)s customers are being asked.", planned.planned)
    success(request, said % {"n": f"{planned.planned:,}"})
    left = [f"{many:,} · {REASONS[reason]}" for reason, many in sorted(planned.reasons.items())]
    if unknown:
        left.append(f"{unknown:,} · {UNKNOWN}")
    if left:
        warning(request, _("Not asked: %(why)s.") % {"why": "; ".join(map(str, left))})


def _back(here: InService, survey: Survey) -> HttpResponse:
    return redirect("survey-invitations", here.workspace.slug, here.service.slug, survey.pk)


def _page(
    request: HttpRequest,
    here: InService,
    survey: Survey,
    *,
    whom: WhomToAsk | None = None,
    many: HowManyLinks | None = None,
    worded: Mapping[Lang, WordsOfInvitation] | None = None,
) -> HttpResponse:
    counts = counted_by_reason(verdicts(survey))
    funnel, anonymous = funnel_of(here, survey), _is_anonymous(survey)
    design = design_of(survey).survey
    context = {
        "survey": survey,
        "title": title_of_survey(current_document(here), survey.item),
        "is_open": survey.status == Survey.Status.OPEN,
        "reachable": counts.get("", 0),
        "left_out": [(REASONS[reason], n) for reason, n in sorted(counts.items()) if reason],
        "sample": round(100 * design.sample) if design and design.sample else None,
        "funnel": funnel,
        "states": _states(funnel, told=is_told(funnel, anonymous=anonymous, least=here.workspace.least_cell)),
        "reasons": [(REASONS[reason], n) for reason, n in sorted(funnel.reasons.items()) if reason],
        "anonymous": anonymous,
        "whom": whom or WhomToAsk(),
        "many": many or HowManyLinks(),
        "languages": [_in_language(request, survey, lang, (worded or {}).get(lang)) for lang in _languages(survey)],
        "warns": link_warning(request),
        "waits": any(funnel.states.get(each) for each in (State.PLANNED, State.SENT, State.OPENED)),
    }
    return render(request, "peakend_web/asking/invitations.html", context)


def _is_anonymous(survey: Survey) -> bool:
    named = document_of(survey.version_id).survey(survey.item)
    return named is None or named.anonymous


def _states(funnel: Funnel, *, told: bool) -> list[tuple[Any, int]]:
    """How many are how far; of an anonymous survey with few invitations, only that they were sent."""
    if told:
        return [(words, funnel.states[state]) for state, words in STATES.items() if funnel.states.get(state)]
    out = sum(funnel.states.get(state, 0) for state in SINCE_OPENED)
    rest = [(words, funnel.states[s]) for s, words in STATES.items() if s not in SINCE_OPENED and funnel.states.get(s)]
    return [*([(_("Sent"), out)] if out else []), *rest]


def _languages(survey: Survey) -> tuple[Lang, ...]:
    return document_of(survey.version_id).languages


def _in_language(request: HttpRequest, survey: Survey, lang: Lang, refused: WordsOfInvitation | None) -> _InLanguage:
    words = words_of(survey.service_id, survey.item, lang)
    form = refused or WordsOfInvitation(initial={"subject": words.subject, "text": words.text}, auto_id=f"{lang}-%s")
    name = {"en": "Mrs Lin", "zh-Hant": "林女士", "zh-Hans": "林女士"}[lang]
    there = link(request, reverse("invited", args=["…"])).replace("%E2%80%A6", "…")
    example = message_text(words, lang=lang, name=name, link=there, stop=f"{there}/unsubscribe")
    return _InLanguage(lang, NAMES[lang], form, example)
