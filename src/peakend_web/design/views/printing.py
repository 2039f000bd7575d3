"""The page on which one says what is printed, and the files that it gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from peakend.service.document import as_data, of_data
from peakend.service.drawings.subject import Kept
from peakend.service.drawings.views import View
from peakend.service.schema import ServiceDocument
from peakend.terms import label
from peakend_web.base.documents import document_of, site_names
from peakend_web.base.guard import InService
from peakend_web.base.languages import CODES, reader_language
from peakend_web.base.localtime import day_words
from peakend_web.base.public_address import link as link_to
from peakend_web.base.refusals import Missing
from peakend_web.design.faces.picture import SCORED
from peakend_web.design.forms.printing import PrintChoice
from peakend_web.design.printing.press import Choice, PrintForm, Source, extent_of, print_file
from peakend_web.design.queries import document_at
from peakend_web.findings.queries.shared_scores import kept_for_anybody, scores_for_anybody

from .drafts import open_draft_of

FILES: Final[Mapping[PrintForm, tuple[str, str]]] = {
    "pdf": ("pdf", "application/pdf"),
    "tiles": ("pdf", "application/pdf"),
    "preview": ("png", "image/png"),
    "png": ("png", "image/png"),
    "svg": ("svg", "image/svg+xml"),
}
"""The ending and the type of each file."""
MOST_LEFT_OUT: Final = 20
WITH_FIGURES: Final[frozenset[View]] = frozenset({"map", "blueprint", "moments", "standards"})
"""The views that print live figures where they are wanted."""


NO_FIGURE: Final = {"value": None, "n": 0}
"""Of a touchpoint of which there are answers, and of which no figure is printed."""


class _Printing:
    """What somebody wants printed: the draft of whoever edits one, unless they ask for the version in force."""

    def __init__(self, request: HttpRequest, here: InService) -> None:
        self.here, self.given = here, request.GET
        self.draft = open_draft_of(here)
        self.of_draft = self.draft is not None and self.given.get("of") != "version"
        self.document = self._document()
        if self.document is not None:
            lang, scored = reader_language(), not self.of_draft
            self.form = PrintChoice(self.document, lang, self.given, scored=scored)
            self.choice = self.form.choice()
            self.source = self._source(self.document, link_to(request, self._live))

    def _document(self) -> ServiceDocument | None:
        if self.of_draft and self.draft:
            return of_data(document_at(self.draft).data)
        current = self.here.service.current_id
        return document_of(current) if current else None

    @property
    def _live(self) -> str:
        return reverse("journey", args=[self.here.workspace.slug, self.here.service.slug])

    def _source(self, document: ServiceDocument, address: str) -> Source:
        scores, shown = self._scores(), self.form.wants_scores
        scores = scores if shown else dict.fromkeys(scores, NO_FIGURE)
        kept = self._kept(document)
        key = f"{self._key}:{shown and bool(scores)}:{','.join(scores)}:{','.join(kept)}"
        told = (self._day, self._edition_with_sites, address, scores, kept)
        return Source(as_data(document), key, self.here.workspace.pk, *told)

    def _kept(self, document: ServiceDocument) -> Mapping[str, Kept]:
        """How often what is pledged was kept, where live scores are wanted and the view says it."""
        if not self.form.wants_scores or self.choice.view != "standards":
            return {}
        return kept_for_anybody(self.here.person, self.here.service, document)

    def _scores(self) -> Mapping[str, Any]:
        """The live scores, where they are wanted, or where the view says at which touchpoints there are any."""
        if not self.form.wants_scores and self.choice.view not in SCORED:
            return {}
        return scores_for_anybody(self.here.person, self.here.service)

    @property
    def _key(self) -> str:
        if self.of_draft and self.draft:
            return f"draft:{self.draft.pk}:{self.draft.seq}"
        return f"version:{self.here.service.current_id}"

    @property
    def _day(self) -> str:
        """The day of what is printed: that of the version, so that one version gives one file; of a draft today."""
        current = self.here.service.current
        made = timezone.now() if self.of_draft or current is None else current.made_at
        return timezone.localtime(made).date().isoformat()

    @property
    def edition(self) -> str:
        """Which version is printed, as it stands in the corner."""
        if self.of_draft and self.draft:
            return _("Draft of version %(number)s") % {"number": self.draft.base.number}
        current = self.here.service.current
        return _("Version %(number)s") % {"number": current.number} if current else ""

    @property
    def _edition_with_sites(self) -> str:
        """The same, and of which day live scores are, for the corner's day is that of the design; of which sites, where
        whoever prints sees not all of them.
        """
        with override(CODES[self.choice.lang]):  # that of the sheet, which may be another than the reader's
            if not self.form.wants_scores:
                return self.edition
            day = _("figures of %(day)s") % {"day": day_words(timezone.localdate(), self.choice.lang)}
            told = [day] * (self.choice.view in WITH_FIGURES)
            names = site_names(self.here.workspace, self.choice.lang)
            return " · ".join([self.edition, *told, *(names.get(site, site) for site in self.here.sites or ())])

    def query(self, **changes: object) -> str:
        """The query of this choice, changed."""
        said = self.given.copy()
        for name in ("sheets", "sheet"):
            said.pop(name, None)
        for name, value in changes.items():
            said[name] = str(value)
        return said.urlencode()


def print_page(request: HttpRequest, here: InService) -> HttpResponse:
    """What is printed, on which paper: it says what fits, and gives the files."""
    printing = _Printing(request, here)
    if printing.document is None:
        return render(request, "peakend_web/design/print.html", {})
    found = extent_of(printing.choice, printing.source)
    told = [{**each, "size": f"{each['body']:g}"} for each in found.fits]
    page = {
        "form": printing.form,
        "choice": printing.choice,
        "view": capfirst(label(f"view.{printing.choice.view}", reader_language())),
        "found": found,
        "asked": told[0] if told else None,
        "ways": [_way(printing, each) for each in told[1:]],
        "missing": [_place(printing, *each) for each in found.missing[:MOST_LEFT_OUT]],
        "sheets": _sheets(printing, found.sheets),
        "pictures": [
            ("PNG", "print-png", _sheets(printing, found.sheets)),
            ("SVG", "print-svg", _sheets(printing, found.drawn)),
        ],
        "size": f"{found.body:.3g}" if found.body else "",
        "query": printing.query(**_kept(printing.choice)),
        "draft": printing.draft,
        "of_draft": printing.of_draft,
        "other": printing.query(of="version" if printing.of_draft else "draft"),
        "edition": printing.edition,
    }
    return render(request, "peakend_web/design/print.html", page)


def _sheets(printing: _Printing, count: int) -> list[tuple[int, str]]:
    """The numbers of sheets, and the query of each."""
    return [(at, printing.query(**_kept(printing.choice), sheet=at)) for at in range(1, count + 1)]


def _kept(choice: Choice) -> dict[str, object]:
    return {"sheets": choice.sheets} if choice.sheets else {}


def _way(printing: _Printing, fit: Mapping[str, Any]) -> dict[str, Any]:
    """A way out of small type or many sheets: what it comes to, and the query that chooses it."""
    choice = printing.choice
    changes: dict[str, object] = {"paper": fit["paper"], "lanes": fit["lanes"]}
    if (fit["paper"], fit["lanes"]) == (choice.paper, choice.lanes):
        changes["sheets"] = fit["sheets"]
    return {
        "fit": fit,
        "query": printing.query(**changes),
        "lanes": fit["lanes"] if fit["lanes"] != choice.lanes else "",
    }


def _place(printing: _Printing, char: str, touchpoint: str, lane: str, words: str) -> dict[str, str]:
    lang, document = reader_language(), printing.document
    title = document.title_of(touchpoint, lang) if document and touchpoint else ""
    place = " · ".join(part for part in (title, label(lane, lang) if lane else "") if part)
    return {"char": char, "place": place or words}


def print_sheets(request: HttpRequest, here: InService, form: PrintForm) -> HttpResponse:
    """What was chosen, as a file."""
    printing = _Printing(request, here)
    if printing.document is None:
        raise Missing("web.no_design")
    choice, (ending, kind) = printing.choice, FILES[form]
    body = print_file(choice, printing.source, form)
    number = f"-{choice.sheet}" if form in {"png", "svg"} and choice.sheet > 1 else ""
    tiles = "-tiles" if form == "tiles" else ""
    name = f"{here.service.slug}-{choice.view}-{choice.paper}{tiles}{number}.{ending}"
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
