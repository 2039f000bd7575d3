"""The page of one part of a draft, with all its fields in one language, as a plain form.

No word is lost there: what somebody else has changed meanwhile is shown beside one's own, and where the draft or the
part itself is gone, the form comes back with what was written, and a button that brings both back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.messages import error as warn
from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peakend.errors import DocumentError
from peakend.service.edits import WorkingDocument
from peakend.service.edits.effects import effect_of
from peakend.service.edits.names import name_of
from peakend.service.edits.verbs import undo
from peakend.terms import Lang
from peakend_web.base.guard import InService
from peakend_web.base.languages import NAMES
from peakend_web.base.refusals import Missing
from peakend_web.design.actions import drafts
from peakend_web.design.forms.part import PartForm
from peakend_web.design.forms.part_fields import Group
from peakend_web.design.forms.setting import Setting
from peakend_web.design.forms.touchpoint_fields import TOUCHPOINT
from peakend_web.design.queries import document_at, document_in_force, outline, removal_of, title_of
from peakend_web.design.reading import Reading
from peakend_web.models import Draft

from . import remarks
from .drafts import edited_language, languages_of, open_draft_of, studio

NOT_WORDS: Final = frozenset({"csrfmiddlewaretoken", "token", "keep", "go", "rescue"})
"""What a form sends beside its fields."""


@dataclass(frozen=True)
class PartPage:
    """What a page is of: a part, its fields, the page that leads here, and the name of the address that removes the
    part, where it can be removed here.
    """

    target: str
    groups: Callable[[Reading, str], Sequence[Group]]
    back: str
    back_title: str | Promise
    removes: str = ""


def touchpoint(request: HttpRequest, here: InService, touchpoint: str) -> HttpResponse:
    """All of one touchpoint."""
    back, target = reverse("design", args=(here.workspace.slug, here.service.slug)), name_of("touchpoints", touchpoint)
    title = gettext_lazy("Stages and touchpoints")
    page = PartPage(target, lambda *_part: TOUCHPOINT, f"{back}#{target}", title)
    return _panel(request, here, page) if request.GET.get("panel") else part_page(request, here, page)


def _panel(request: HttpRequest, here: InService, page: PartPage) -> HttpResponse:
    """The same as a piece of the map: its fields, and where it may be moved."""
    draft = open_draft_of(here)
    working = document_at(draft) if draft else None
    if draft is None or working is None or not working.has(page.target):
        raise Missing("web.missing")
    form = _form(request, page, draft, working)
    lang = form.at.lang
    title = title_of(working.held(page.target).data, lang)
    shown = {"form": form, "sections": list(form.sections()), "title": title, "lang": lang}
    shown |= {**_moves(working, page.target, lang), **remarks.context_of(here, page.target)}
    return render(request, "peakend_web/design/parts/panel.html", shown)


def _moves(working: WorkingDocument, target: str, lang: Lang) -> dict[str, Any]:
    """Where a touchpoint may go: earlier, later, and to the end of another stage of its journey."""
    stages = outline(working, lang)
    own, stop = next((stage, stop) for stage in stages for stop in stage.stops if stop.name == target)
    others = [stage for stage in stages if stage.journey == own.journey and stage is not own]
    places = [(f"{stage.name}|{stage.stops[-1].name if stage.stops else ''}", stage.title) for stage in others]
    return {"stop": stop, "elsewhere": places}


def part_page(request: HttpRequest, here: InService, page: PartPage) -> HttpResponse:
    """The page of a part of the draft."""
    draft = open_draft_of(here)
    if request.method == "POST" and request.POST.get("rescue"):
        draft = _rescued(here, draft, page.target)
    working = document_at(draft) if draft else None
    if draft is None or working is None or not working.has(page.target):
        return _lost(request, here, page, draft)
    form = _form(request, page, draft, working)
    if request.method == "POST" and form.is_valid():
        done = form.save(here.person)
        if not form.clashes and not form.errors:
            success(request, _("Saved.") if done else _("Nothing was changed."))
            return redirect(f"{request.path}?lang={_next_language(request, working) or form.at.lang}")
    status = 409 if form.clashes else 422 if form.errors else 200
    return _drawn(request, here, page, form, status, **remarks.context_of(here, page.target))


def _form(request: HttpRequest, page: PartPage, draft: Draft | None, working: WorkingDocument) -> PartForm:
    at = Setting(working, edited_language(request, working), draft=draft)
    sent = request.POST if request.method == "POST" else None
    return PartForm(at, page.target, page.groups(at, page.target), sent)


def _next_language(request: HttpRequest, working: WorkingDocument) -> str:
    """The language in which one goes on writing after saving, where a button asked for one."""
    wanted = request.POST.get("go", "")
    return wanted if wanted in languages_of(working) else ""


def _drawn(
    request: HttpRequest, here: InService, page: PartPage, form: PartForm, status: int, **more: Any
) -> HttpResponse:
    working, lang = form.at.working, form.at.lang
    sections = list(form.sections())
    shown = {
        "page": page,
        "form": form,
        "sections": sections,
        "filled": sum(section.filled for section in sections),
        "many": sum(section.many for section in sections),
        "title": title_of(working.held(page.target).data, lang),
        "draft": form.at.draft,
        "studio": studio(here, lang),
        "lang": lang,
        "language": NAMES[lang],
        "languages": [(code, NAMES[code]) for code in languages_of(working) if code != lang],
    }
    return render(request, "peakend_web/design/part.html", {**shown, **more}, status=status)


# --- what was written about something that is gone --------------------------------------------------------------------


def _lost(request: HttpRequest, here: InService, page: PartPage, draft: Draft | None) -> HttpResponse:
    """The draft or the part is gone. Who only looks is led back; who has written something gets it back."""
    if request.method != "POST":
        if draft is not None or not _stands_in_force(here, page.target):
            raise Missing("web.missing")
        warn(request, _("There is no draft now: it was published or discarded. The design in force is shown."))
        return redirect(page.back)
    working, gone = _stand_in(here, page.target, draft)
    if working is not None:
        form = _form(request, page, None, working)
        return _drawn(request, here, page, form, 409, gone=gone)
    shown = {"page": page, "gone": gone, "words": _typed(request.POST)}
    return render(request, "peakend_web/design/part_gone.html", shown, status=409)


def _typed(sent: QueryDict) -> list[str]:
    """The words that were written, of a form whose fields are not known any more: whatever is not what was there."""
    keys = [key for key in sent if not key.startswith(("was-", "theirs-")) and key not in NOT_WORDS]
    return [words for key in keys if (words := sent.get(key, "").strip()) and words != sent.get(f"was-{key}", "")]


def _stands_in_force(here: InService, target: str) -> bool:
    working = document_in_force(here.service)
    return working is not None and working.has(target)


def _stand_in(here: InService, target: str, draft: Draft | None) -> tuple[WorkingDocument | None, str]:
    """A document in which the part is, to draw its form upon, and what has become of it."""
    if draft is None:
        gone = _("The draft was published or discarded while you were writing. Nothing that you wrote is lost.")
        working = document_in_force(here.service)
        return (working if working and working.has(target) else None), gone
    removal = removal_of(draft, target)
    if removal is None:
        return None, _("This part is not there any more. Nothing that you wrote is lost.")
    gone = _("%(name)s removed this while you were writing. Nothing that you wrote is lost.")
    working = document_at(draft)
    try:
        undo(working, [effect_of(each) for each in removal.step.effects])
    except DocumentError:
        return None, gone % {"name": removal.step.person.name}
    return working, gone % {"name": removal.step.person.name}


def _rescued(here: InService, draft: Draft | None, target: str) -> Draft:
    """A draft in which the part is there again."""
    draft = draft or drafts.open_draft(actor=here.person, service=here.service)
    drafts.restore_part(actor=here.person, draft=draft, target=target)
    return draft
