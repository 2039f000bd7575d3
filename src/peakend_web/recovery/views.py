"""Pages of cases: what waits for whom, and one case with the customer's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.messages import success
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from peakend.service.schema import ServiceDocument
from peakend.terms import Lang
from peakend_web.base.documents import document_of, last_name, site_names
from peakend_web.base.grants import one
from peakend_web.base.guard import InWorkspace
from peakend_web.base.languages import reader_language
from peakend_web.base.refusals import Refusal
from peakend_web.models import Case, Service

from . import queries
from .actions import take_case
from .forms import CloseCase, FindCases
from .grants import visible_cases
from .queries import CaseFilter

SIZE: Final = 100
"""Cases that one page lists."""


def cases(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """The cases that are not closed, the most urgent first; others where they are looked for."""
    lang = reader_language()
    form = FindCases(request.GET, touchpoints=queries.touchpoints(here, lang))
    wanted = form.case_filter()
    page = Paginator(queries.matching_cases(here, wanted), SIZE).get_page(request.GET.get("page"))
    sites = site_names(here.workspace, lang)
    context = {
        "form": form,
        "wanted": wanted,
        "narrowed": wanted != CaseFilter(wanted.state),
        "cases": [in_words(here, case, sites, lang, listed=True) for case in queries.cases_to_read(here, page)],
        "page": page,
        "query": urlencode({"state": wanted.state, "q": wanted.words, "touchpoint": wanted.touchpoint}),
    }
    return render(request, "peakend_web/recovery/cases.html", context, status=Refusal.status if form.errors else 200)


def case(request: HttpRequest, here: InWorkspace, case: int) -> HttpResponse:
    """One case."""
    return _page_of(request, here, _case(here, case), CloseCase())


def take(request: HttpRequest, here: InWorkspace, case: int) -> HttpResponse:
    """“I am on it.”"""
    del request
    take_case(actor=here.person, case=_case(here, case))
    return redirect("case", here.workspace.slug, case)


def close(request: HttpRequest, here: InWorkspace, case: int) -> HttpResponse:
    """Close it with a note."""
    found, form = _case(here, case), CloseCase(request.POST)
    if form.is_valid() and form.save(here.person, found):
        success(request, _("The case is closed."))
        return redirect("cases", here.workspace.slug)
    return _page_of(request, here, found, form)


def _case(here: InWorkspace, id: int) -> Case:
    return one(visible_cases(here), pk=id)


def _page_of(request: HttpRequest, here: InWorkspace, case: Case, form: CloseCase) -> HttpResponse:
    lang, (case,) = reader_language(), queries.cases_to_read(here, [case])
    words = in_words(here, case, site_names(here.workspace, lang), lang)
    context = {"one": words, "case": case, "form": form}
    return render(request, "peakend_web/recovery/case.html", context)


# --- a case in words --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LowAnswer:
    """One low answer: what it was about, the question where that says more, and the rating on its scale."""

    about: str
    question: str
    rating: str


@dataclass(frozen=True)
class CaseInWords:
    """A case as its reader meets it: by names, in their language, with what they may read of the customer's words and
    of what was done.
    """

    case: Case
    lows: tuple[LowAnswer, ...]
    site: str
    words: str
    note: str

    @property
    def title(self) -> str:
        """What it is about."""
        return self.lows[0].about


def in_words(
    here: InWorkspace, case: Case, sites: Mapping[str, str], lang: Lang, *, listed: bool = False
) -> CaseInWords:
    """A case in words."""
    document = document_of(case.service.current_id) if case.service.current_id else None
    first = {name: getattr(case, name) for name in ("item", "touchpoint", "value", "low", "high")}
    survey = next((rule.survey for rule in document.rules if rule.id == case.rule), None) if document else None
    lows = tuple(_low_answer(one, document, survey, case.service, lang) for one in (first, *case.further))
    words, note = queries.words_of(here, case, listed=listed)
    if not note and case.value is None and case.state == Case.State.CLOSED:
        note = _("The answer was taken back.")
    return CaseInWords(case, lows, sites.get(case.site or "", case.site or ""), words, note)


def _low_answer(
    answer: Mapping[str, Any], document: ServiceDocument | None, survey: str | None, service: Service, lang: Lang
) -> LowAnswer:
    """An answer of a survey, as far as that is known, by the names of the document; of a touchpoint that it no longer
    has, by its last name, and of what no version ever had, by the service's.
    """
    wording = document.wording(answer["item"] or "", survey) if document else None
    point = document.touchpoint(answer["touchpoint"] or "") if document else None
    question = wording[lang] if wording else ""
    gone = last_name(service, answer["touchpoint"], lang) if answer["touchpoint"] and not point else ""
    about = point.title[lang] if point else gone or question or str(service.title.get(lang) or service)
    scale = {name: f"{answer[name]:g}" for name in ("value", "low", "high") if answer[name] is not None}
    whole = _("Gave %(value)s on a scale of %(low)s to %(high)s.")
    rating = (whole if len(scale) == 3 else _("Answered %(value)s.")) % scale if "value" in scale else ""
    return LowAnswer(about, question if question != about else "", rating)
