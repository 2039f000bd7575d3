"""The form on which one chooses which codes are printed, and how. It is sent by GET: whatever is wrong in an address is
as if it were not said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from peakend.report.code_sheets import FORMATS, SheetForm
from peakend.terms import Lang
from peakend_web.base.languages import NAMES
from peakend_web.base.whole_numbers import whole_number

SHEET_NAMES: Final = {
    "poster": _("Poster, A4"),
    "tent": _("Table tent: A4, folded in the middle"),
    "stickers": _("Stickers: 24 on A4, 70 × 37 mm"),
    "receipt": _("Receipt: roll of 58 or 80 mm"),
}
MOST_COPIES: Final = 240


@dataclass(frozen=True)
class Chosen:
    """What is printed: on what, of which places by their codes, in which languages, and how many of each."""

    sheet: SheetForm
    at: list[str]
    languages: list[Lang]
    copies: int


def chosen_in(given: QueryDict, places: Sequence[str], languages: Sequence[Lang]) -> Chosen:
    """What an address chooses of these places, the survey's own address first: where it says nothing, a poster of every
    place where the survey hangs, in every language; a single code fills its sheet.
    """
    anywhere, *hung = places
    sheet = cast("SheetForm", given["sheet"]) if given.get("sheet") in FORMATS else "poster"
    at = [code for code in places if code in given.getlist("at")] or hung or [anywhere]
    spoken = [lang for lang in languages if lang in given.getlist("languages")] or list(languages)
    usual = FORMATS[sheet].codes if len(at) == 1 else 1
    return Chosen(sheet, at, spoken, min(whole_number(given.get("copies", "")), MOST_COPIES) or usual)


class SheetChoice(forms.Form):
    """The form of it."""

    template_name = "peakend_web/base/parts/fields.html"
    use_required_attribute = False

    sheet = forms.ChoiceField(label=_("Format"), choices=tuple(SHEET_NAMES.items()))
    copies = forms.IntegerField(label=_("Stickers of each code"), min_value=1, max_value=MOST_COPIES)
    languages = forms.MultipleChoiceField(label=_("Languages"), widget=forms.CheckboxSelectMultiple)
    at = forms.MultipleChoiceField(label=_("Places"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, chosen: Chosen, places: Mapping[str, str], languages: Sequence[Lang]) -> None:
        super().__init__(initial=asdict(chosen), label_suffix="")
        self.fields["at"].choices = list(places.items())  # type: ignore[attr-defined]
        self.fields["languages"].choices = [(each, NAMES[each]) for each in languages]  # type: ignore[attr-defined]
        unused = {"copies": chosen.sheet != "stickers", "languages": len(languages) < 2, "at": len(places) < 2}
        for name in (name for name, leave_out in unused.items() if leave_out):
            del self.fields[name]
