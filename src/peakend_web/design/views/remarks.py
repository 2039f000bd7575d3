"""Remarks on a design: all of them, those on one part, and what is done with them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.messages import error as warn
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst

from peakend.errors import PeakendError
from peakend.service.edits import WorkingDocument
from peakend.service.edits.names import kind_of, name_of
from peakend.service.journeys import LANES
from peakend.terms import Lang, label
from peakend_web.base.grants import one
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.base.refusals import Denied, Missing, words_of
from peakend_web.design.actions import remarks as verbs
from peakend_web.design.grants import visible_drafts, visible_remarks
from peakend_web.design.queries import document_at, document_in_force, part_title
from peakend_web.design.reading import Reading
from peakend_web.models import Remark

from .drafts import page_token

FIELDS: Final = (
    *("customer", "thinks", "expects", "fears", "evidence", *LANES, "emotion", "standards", "promises", "fails"),
    *("wait", "moment_of_truth"),
)
"""What of a touchpoint a remark may be about, where it is written on a page."""
MOST_RESOLVED: Final = 50
"""Resolved remarks that a page shows: the last ones."""


@dataclass(frozen=True)
class Said:
    """A remark as its readers see it: with the name of its field, and whether they may erase its words."""

    remark: Remark
    about: str
    erasable: bool


@dataclass(frozen=True)
class Thread:
    """The remarks on one part: what it is called, empty where it is gone, and those that are open and resolved."""

    part: str
    title: str
    open: Sequence[Said]
    resolved: Sequence[Said]
    fields: Sequence[tuple[str, str]] = ()


def remarks(request: HttpRequest, here: InService) -> HttpResponse:
    """The remarks on one part, where the address names it, alone for a script; else all of the design."""
    part = request.GET.get("part", "")
    if part:
        shown = context_of(here, part)
        template = "parts/remarks.html" if request.headers.get("HX-Request") else "remarks_on_part.html"
        return render(request, f"peakend_web/design/{template}", shown)
    found, is_cut = _shown(visible_remarks(here).filter(service=here.service))
    threads = _threads(here, found)
    counts = {"open": sum(len(thread.open) for thread in threads), "parts": sum(bool(one.open) for one in threads)}
    shown = {"threads": threads, "is_cut": is_cut, **counts, "places": _places(_documents(here), reader_language())}
    return render(request, "peakend_web/design/remarks.html", shown)


def context_of(here: InService, part: str) -> dict[str, Any]:
    """What `parts/remarks.html` shows of one part. Raises Missing where there is no such part and no remark on one."""
    remarks_here = visible_remarks(here, part).filter(service=here.service)
    found, is_cut = _shown(remarks_here) if part.isprintable() else ([], False)
    thread = _thread(here, part, found, _documents(here), reader_language())
    if not found and not thread.title:
        raise Missing("web.missing")
    return {"thread": thread, "remark_token": uuid.uuid4(), "is_cut": is_cut}


def make_remark(request: HttpRequest, here: InService) -> HttpResponse:
    """Remark on a part."""
    part = request.POST.get("part", "")
    try:
        verbs.remark(
            actor=here.person,
            service=here.service,
            part=part,
            field=request.POST.get("field", ""),
            words="\n".join(request.POST.get("words", "").replace("\t", " ").splitlines()),
            name=page_token(request),
        )
    except (Denied, Missing):
        raise
    except PeakendError as error:
        warn(request, words_of(error))
    return _back(here, part)


def change_remark(request: HttpRequest, here: InService, remark: int) -> HttpResponse:
    """Resolve a remark, reopen it, or erase its words, as `do` says."""
    verb, found = verbs.VERBS.get(request.POST.get("do", "")), one(visible_remarks(here), pk=remark)
    if found.service_id != here.service.pk:
        raise Missing("web.missing")
    if verb:
        verb(actor=here.person, remark=found)
    return _back(here, found.part)


def _back(here: InService, part: str) -> HttpResponse:
    address = reverse("remarks", args=[here.workspace.slug, here.service.slug])
    return redirect(f"{address}?{urlencode({'part': part})}" if part else address)


def _documents(here: InService) -> list[WorkingDocument]:
    """Where the names of parts are looked for: in the drafts that this person sees, and in force."""
    drafts = [document_at(draft) for draft in visible_drafts(here).filter(service=here.service)]
    in_force = document_in_force(here.service)
    return [*drafts, *([in_force] if in_force else [])]


def _places(documents: Sequence[WorkingDocument], lang: Lang) -> list[tuple[str, str]]:
    """The touchpoints that a remark may be about, each by its name and title: those of the draft, where one sees it."""
    titles = Reading(documents[0], lang).titles("touchpoints") if documents else {}
    return [(name_of("touchpoints", id), title) for id, title in titles.items()]


def _shown(found: QuerySet[Remark]) -> tuple[list[Remark], bool]:
    """Of these remarks those that are open and the last that are resolved, the oldest first; and whether there are more
    resolved ones.
    """
    resolved = [*found.exclude(resolved_at=None).order_by("-pk")[: MOST_RESOLVED + 1]]
    shown = [*found.filter(resolved_at=None), *resolved[:MOST_RESOLVED]]
    return sorted(shown, key=lambda each: each.pk), len(resolved) > MOST_RESOLVED


def _threads(here: InService, found: Sequence[Remark]) -> list[Thread]:
    by_part = sorted(found, key=lambda each: each.part)
    documents, lang = _documents(here), reader_language()
    return [_thread(here, part, list(each), documents, lang) for part, each in groupby(by_part, lambda one: one.part)]


def _thread(
    here: InService, part: str, found: Sequence[Remark], documents: Sequence[WorkingDocument], lang: Lang
) -> Thread:
    said = [Said(each, _field_name(each.field, lang), bool(each.words) and verbs.may_erase(here, each))
            for each in found]  # fmt: skip
    fields = [(field, _field_name(field, lang)) for field in FIELDS] if kind_of(part) == "touchpoints" else []
    done = [each.remark.resolved_at is not None for each in said]
    return Thread(
        part,
        part_title(documents, part, lang),
        [each for each, is_done in zip(said, done, strict=True) if not is_done],
        [each for each, is_done in zip(said, done, strict=True) if is_done],
        fields,
    )


def _field_name(field: str, lang: Lang) -> str:
    return capfirst(label(f"part.{field.partition('.')[0]}", lang)) if field else ""
