"""Which draft a page of the studio is about, and in which language its reader sees the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.messages import warning
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from peakend.documents.parts import LONGEST_TEXT
from peakend.service.edits import WorkingDocument
from peakend.service.edits.names import name_of
from peakend.service.titles import LONGEST_TITLE
from peakend.terms import LANGUAGES, Lang
from peakend_web.asking.queries.studio import document_of_survey, survey_draft
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.base.refusals import Missing
from peakend_web.design.forms.setting import Setting
from peakend_web.design.queries.phrases import phrases
from peakend_web.models import Draft


@dataclass(frozen=True)
class Desk:
    """A survey as its studio shows it: its name as edits call it, and the document that it stands in, which is that of
    its draft where somebody makes one.
    """

    item: str
    at: Setting

    @property
    def name(self) -> str:
        """How edits call the survey."""
        return name_of("surveys", self.item)

    @property
    def working(self) -> WorkingDocument:
        """The document."""
        return self.at.working

    @property
    def is_there(self) -> bool:
        """Whether the document has the survey, which goes with its last question."""
        return self.working.has(self.name)


def desk_of(here: InService, item: str) -> Desk:
    """The survey of an address, in its draft for whoever makes it, else as in force. Raises Missing `web.missing` where
    there is none of that id.
    """
    draft = survey_draft(here, here.service, item)
    working = document_of_survey(here.service, draft)
    if working is None or (draft is None and not working.has(name_of("surveys", item))):
        raise Missing("web.missing")
    return Desk(item, Setting(working, language_in(working), draft=draft))


def language_in(working: WorkingDocument) -> Lang:
    """The reader's language where the document is written in it, else the document's first."""
    known: list[Lang] = [lang for lang in LANGUAGES if lang in working.data["languages"]]
    return next((lang for lang in known if lang == reader_language()), known[0])


def draft_to_edit(here: InService, item: str) -> Draft | None:
    """The draft of a survey; None where it was published or given up meanwhile."""
    return survey_draft(here, here.service, item)


def draft_is_over(request: HttpRequest, here: InService, item: str) -> HttpResponse:
    """Say that there is no draft any more: it was published or given up, perhaps by this person's own first tap."""
    warning(request, _("There is no draft now: it was published or discarded. The survey in force is shown."))
    desk = document_of_survey(here.service, None)
    there = desk is not None and desk.has(name_of("surveys", item))
    return redirect(studio_address(here, item) if there else reverse("surveys", args=_args(here)))


def studio_address(here: InService, item: str, part: str = "") -> str:
    """The page of a survey, at one of its parts."""
    address = reverse("survey-studio", args=(*_args(here), item))
    return f"{address}?part={part}#{part}" if part else address


def script_settings(here: InService, item: str, lang: Lang) -> dict[str, Any]:
    """What the page tells the script that saves each control as it is left."""
    args = (*_args(here), item)
    return {
        "lang": lang,
        "words": phrases(),
        "longest": LONGEST_TEXT,
        "longest_title": LONGEST_TITLE,
        "steps": reverse("survey-steps", args=args),
        "changes": reverse("survey-changes", args=args),
    }


def _args(here: InService) -> tuple[str, str]:
    return here.workspace.slug, here.service.slug
