"""Photos: chosen or taken on the phone, sent apart from the answers, counted among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from peakend.service.kinds.photo import USUAL_MOST
from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend.terms import Lang
from peakend_web.asking.answers import GivenAnswer
from peakend_web.asking.controls.control import Control, Look, Reading
from peakend_web.asking.controls.kind_words import KindWords, in_three
from peakend_web.base.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class Photos(Control):
    """How many there are. What is counted is what the phone has given; each file that arrives or is removed is counted
    anew by the server, whose count stands.
    """

    takes_files: ClassVar[bool] = True
    script: ClassVar[str] = "peakend_web/survey_photos.js"

    def look(self, item: Item, field: AnswerField, lang: Lang, said: str) -> Look:
        """How many are there, and how many may be."""
        del item, lang
        many = int(said) if said.isdecimal() else 0
        words = ngettext("%(n)s photo", "%(n)s photos", many) % {"n": many} if many else ""
        return Look(text=str(many) if many else "", words=words, most=str(field.files))

    def read(self, field: AnswerField, given: GivenAnswer) -> Reading:
        """How many; raises `survey.photos_many`."""
        if not given.value and not given.text:
            return "skipped", None, None
        if given.value is None or given.value % 1 or not 0 < given.value <= field.files:
            raise Refusal("survey.photos_many", item=field.name, most=field.files, field=field.name)
        return "answered", float(given.value), None

    def hint(self, item: Item) -> str:
        """How many fit, and what is removed from them."""
        most = item.most or USUAL_MOST
        return ngettext(
            "One photo. Its place and camera details are removed. Please show nobody’s face.",
            "At most %(n)s photos. Their place and camera details are removed. Please show nobody’s face.",
            most,
        ) % {"n": most}


CONTROL = Photos(kind="photo")
WORDS = KindWords(
    group="words",
    name=_("Photo"),
    use=_("What it looked like"),
    picture="▢",
    asks=in_three("Would you show us what you mean?", "方便拍給我們看嗎？", "方便拍给我们看看吗？"),
)
