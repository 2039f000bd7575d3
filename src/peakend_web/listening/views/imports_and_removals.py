"""Imports and removals: the files that were brought into a service and how each stands, and the way to take
rows back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.terms import Lang
from peakend_web.asking.queries import visible_surveys
from peakend_web.base import documents
from peakend_web.base.documents import document_of
from peakend_web.base.grants import one
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.base.localtime import day_words, span_words
from peakend_web.base.refusals import Refusal
from peakend_web.listening.actions import imports, take_backs
from peakend_web.listening.forms import TakeBackForm
from peakend_web.listening.grants import visible_imports, visible_take_backs
from peakend_web.listening.queries.origins import Origin, remaining_rows
from peakend_web.listening.queries.take_backs import MOST_GROUPS, faults_of, preview
from peakend_web.listening.queries.unexplained_codes import unexplained_codes
from peakend_web.models import Import, Survey, TakeBack
from peakend_web.store import least_sizes
from peakend_web.store.grants import sees_each
from peakend_web.store.identity import is_programs, survey_source

MOST_FILES = 100
MOST_TAKE_BACKS = 20


def imports_and_removals(request: HttpRequest, here: InService) -> HttpResponse:
    """The files, newest first; what was taken back lately; a form that names what else to take back."""
    return _page(request, here)


def _page(request: HttpRequest, here: InService, refused: TakeBackForm | None = None) -> HttpResponse:
    files = visible_imports(here, here.service).order_by("-started_at")[:MOST_FILES]
    taken, surveys = list(visible_take_backs(here, here.service)), _surveys(here)
    context = {
        "imports": [_file_row(here, each, taken) for each in files],
        "taken": [{"row": each, "what": _title_of_take_back(each, surveys)} for each in taken[:MOST_TAKE_BACKS]],
        "faults": faults_of(here.service) if here.may("take_back") else [],
        "command": f"peakend manage import_facts FILE {here.workspace.slug}/{here.service.slug} --as "
        f"{here.person.email}",
        "form": (refused or TakeBackForm(surveys=surveys)) if here.may("take_back") else None,
        "codes": _codes(here, surveys),
    }
    with documents.naming_of(here.service):
        return render(
            request,
            "peakend_web/listening/imports_and_removals.html",
            context,
            status=Refusal.status if refused else 200,
        )


def _codes(here: InService, surveys: Mapping[str, str]) -> list[dict[str, Any]]:
    """Answers with a code that nobody explained: of which question, where they came from, and the way to take that
    back.
    """
    address = reverse("take-back", args=(here.workspace.slug, here.service.slug))
    return [
        {
            "row": each,
            "came": surveys.get(each.source, each.source),
            "href": f"{address}?{urlencode({'source': each.source})}" if each.source and here.may("take_back") else "",
        }
        for each in unexplained_codes(here, here.service)
    ]


def _file_row(here: InService, imported: Import, taken: Sequence[TakeBack]) -> dict[str, Any]:
    """A file, how it stands, and what of its rows is left where some were taken back since."""
    row: dict[str, Any] = {
        "import": imported,
        "dead": imports.is_dead(imported),
        "may": _may_take_back(here, imported),
    }
    if imported.status == Import.Status.TAKEN_BACK:
        row["ended"] = next((each for each in taken if each.at <= imported.moved_at), None)
    elif imported.status == Import.Status.DONE and any(each.seq > (imported.counted_seq or 0) for each in taken):
        left = remaining_rows(imported, here.service)
        row["left"] = left if left < imported.written else None
    return row


def _title_of_take_back(taken: TakeBack, surveys: Mapping[str, str]) -> str:
    """What was taken back, as far as it is kept: a source that somebody else has named may name a person, and
    is not.
    """
    if taken.imported:
        return taken.imported.name
    if taken.delivery or is_programs(taken.source):
        return _("What a program sent")
    return surveys.get(taken.source, taken.source) or _("Rows of one source")


def _surveys(here: InService) -> dict[str, str]:
    """The sources that are surveys of this service, each by its title and the day from which it was out."""
    lang, found = reader_language(), visible_surveys(here, here.service)
    return {
        survey_source(each.pk): f"{_title(each, lang)} · {day_words(localdate(each.published_at), lang)}"
        for each in found
    }


def _title(survey: Survey, lang: Lang) -> str:
    known = document_of(survey.version_id).survey(survey.item)
    return known.title[lang] if known else survey.item


def cancel(request: HttpRequest, here: InService, imported: int) -> HttpResponse:
    """End an import that is running, or clean up after one that died."""
    found = imports.cancel_import(actor=here.person, imported=_import(here, imported))
    imports.erase_if_dead(found)
    success(request, _("“%(name)s” was removed; nothing of it was counted.") % {"name": found.name})
    return redirect("data", here.workspace.slug, here.service.slug)


def take_back(request: HttpRequest, here: InService) -> HttpResponse:
    """First what would go; then, confirmed, it goes."""
    surveys = _surveys(here)
    form = TakeBackForm(request.POST if request.method == "POST" else request.GET, surveys=surveys)
    if not form.is_valid():
        return _page(request, here, refused=form)
    origin = _origin(here, form)
    take_backs.require_right(here.person, here.service, origin)
    if request.method == "POST":
        done = take_backs.take_back(actor=here.person, service=here.service, origin=origin)
        said = ngettext(
            "One row was taken back. It counts nowhere now.",
            "%(count)s rows were taken back. They count nowhere now.",
            done.rows,
        )
        success(request, said % {"count": f"{done.rows:,}"})
        return redirect("data", here.workspace.slug, here.service.slug)
    with documents.naming_of(here.service):
        return render(
            request,
            "peakend_web/listening/take_back.html",
            {**_preview(here, form, origin), "what": surveys.get(origin.source, origin.label)},
        )


def _preview(here: InService, form: TakeBackForm, origin: Origin) -> dict[str, Any]:
    found, lang = preview(here.service, origin, here.sites, each=sees_each(here)), reader_language()
    names = documents.site_names(here.workspace, lang)
    places = _(", ").join(names.get(site, site) for site in found.sites)
    examples = [_example(row, names, lang) for row in found.examples]
    span = span_words(*found.days, lang) if found.days[0] else ""
    cell = 0 if sees_each(here) else here.workspace.least_cell
    groups = {
        "groups": [(each, least_sizes.rough_count(each.rows, cell)) for each in found.groups[:MOST_GROUPS]],
        "more": max(0, len(found.groups) - MOST_GROUPS),
    }
    return {
        "preview": found,
        "count": cell or found.rows,
        "many": least_sizes.rough_count(found.rows, cell),
        "span": span,
        "places": places,
        "examples": examples,
        **groups,
        "form": form,
        "origin": origin,
    }


def _example(row: dict[str, Any], names: Mapping[str, str], lang: Lang) -> dict[str, Any]:
    """One row as it is shown: its value as it was given, its site and day in words."""
    value = "" if row["value"] is None else f"{row['value']:g}"
    return {
        **row,
        "value": value,
        "site": names.get(row["site"], row["site"]),
        "day": row["day"] and day_words(row["day"], lang),
    }


def _origin(here: InService, form: TakeBackForm) -> Origin:
    named = form.cleaned_data
    imported = _import(here, named["imported"]) if named["imported"] else None
    return Origin(imported=imported, source=named["source"], source_key=named["source_key"])


def _import(here: InService, imported: int) -> Import:
    return one(visible_imports(here, here.service), pk=imported)


def _may_take_back(here: InService, imported: Import) -> bool:
    """Whether this person may take this import back."""
    return here.may("take_back") or imported.by_id == here.person.pk
