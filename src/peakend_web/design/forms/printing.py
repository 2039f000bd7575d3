"""The form on which one chooses what is printed. It is sent by GET: whatever is wrong in an address is as if it were
not said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from peakend.service.drawings.lanes import LaneSet
from peakend.service.drawings.views import VIEWS
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label
from peakend_web.base.languages import NAMES
from peakend_web.base.whole_numbers import whole_number
from peakend_web.design.printing.press import Choice

WITH_LANES: Final = ("map", "blueprint")
PAPERS: Final = (("A3", "A3"), ("A1", _("A1, a poster")), ("A4", "A4"))
LANE_SET_NAMES: Final[Mapping[LaneSet, Promise]] = {
    "story": _("The story"),
    "blueprint": _("The blueprint"),
    "moments": _("Moments of truth"),
    "all": _("All lanes"),
}
"""What a selection of lanes is called, so short that a phone does not cut it."""
MOST_SHEETS: Final = 99


class PrintChoice(forms.Form):
    """View, lanes, paper, language, and whether live scores are printed."""

    template_name = "peakend_web/base/parts/fields.html"
    use_required_attribute = False

    view = forms.ChoiceField(label=_("View"))
    lanes = forms.ChoiceField(label=_("Lanes"), choices=tuple(LANE_SET_NAMES.items()))
    paper = forms.ChoiceField(label=_("Paper"), choices=PAPERS)
    language = forms.ChoiceField(label=_("Language"))
    journey = forms.ChoiceField(label=_("Journey"))
    scores = forms.BooleanField(label=_("With live scores"), required=False)

    def __init__(self, service: ServiceDocument, lang: Lang, given: QueryDict, *, scored: bool) -> None:
        journeys = [(each.id, each.title[lang]) for each in service.journeys]
        first = {"view": "map", "lanes": "story", "paper": "A3", "language": lang}
        first["journey"] = journeys[0][0] if journeys else ""
        super().__init__({**first, **given.dict()}, label_suffix="")
        self._first: dict[str, Any] = first
        choices: dict[str, Any] = {
            "view": [(view, capfirst(label(f"view.{view}", lang))) for view in VIEWS],
            "language": [(each, NAMES[each]) for each in service.languages or (lang,)],
            "journey": journeys,
        }
        for name, known in choices.items():
            self.fields[name].choices = known  # type: ignore[attr-defined]
        unused = {
            "lanes": self.data["view"] in set(VIEWS) - set(WITH_LANES),
            "journey": len(journeys) < 2,
            "language": len(choices["language"]) < 2,
            "scores": not scored,
        }
        for name in (name for name, leave_out in unused.items() if leave_out):
            del self.fields[name]

    def choice(self) -> Choice:
        """What was chosen; what is wrong or missing as it is first."""
        self.full_clean()
        said: dict[str, Any] = self._first | {name: value for name, value in self.cleaned_data.items() if value != ""}
        counts = {name: self._count(name) for name in ("sheets", "sheet")}
        return Choice(
            view=said["view"],
            paper=said["paper"],
            lang=said["language"],
            lanes=said["lanes"] if said["view"] in WITH_LANES else "",
            journey=said["journey"] or None,
            sheets=counts["sheets"],
            sheet=counts["sheet"] or 1,
        )

    def _count(self, name: str) -> int | None:
        return min(whole_number(str(self.data.get(name, ""))), MOST_SHEETS) or None

    @property
    def wants_scores(self) -> bool:
        """Whether live scores are printed."""
        return bool(self.cleaned_data.get("scores"))
