"""An address, perhaps a name, and a box that is ticked by whoever agrees: without the tick nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from django.utils.translation import gettext_lazy as _

from peakend.documents.parts import is_control
from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend.terms import Lang
from peakend_web.asking.answers import GivenAnswer, LeftContact
from peakend_web.asking.controls.control import Choice, Control, Look, Reading
from peakend_web.asking.controls.kind_words import KindWords, in_three
from peakend_web.base.refusals import Refusal
from peakend_web.customers.queries import address_of

LONGEST_NAME: Final = 100
TICKED: Final = "1"


@dataclass(frozen=True, kw_only=True)
class WhereToReach(Control):
    """Two lines and a box. What the facts are told is whether an address was left."""

    sends: ClassVar[Literal["text"]] = "text"
    can_be_emptied: ClassVar[bool] = True

    def look(self, item: Item, field: AnswerField, lang: Lang, said: str) -> Look:
        """What was written; of the box its words, which are those of the purpose."""
        del item
        if _is_box(field):
            words = field.label[lang] if field.label else field.name
            return Look(choices=(Choice(TICKED, words, said == TICKED),), kept_days=field.kept_days)
        return Look(text=said)

    def from_form(self, field: AnswerField, said: str, revision: int) -> GivenAnswer:
        """What stands in a line, or that the box is ticked."""
        if _is_box(field):
            return GivenAnswer(field=field.name, value=float(said == TICKED), revision=revision)
        return GivenAnswer(field=field.name, text=said, revision=revision)

    def read(self, field: AnswerField, given: GivenAnswer) -> Reading:
        """Whether an address was left, and nothing of it."""
        del field
        return ("answered", 1.0, None) if given.value == 1 else ("skipped", None, None)

    def left(self, fields: Sequence[AnswerField], given: Mapping[str, GivenAnswer], zone: str) -> LeftContact | None:
        """The address and the name; none without an address or without a tick. Raises Refusal
        `survey.contact_unclear`.
        """
        address, name, box = fields
        said, ticked = _text(given.get(address.name)), given.get(box.name)
        if not said or ticked is None or ticked.value != 1:
            return None
        try:
            found = address_of(said, zone)
        except Refusal as error:
            value = error.fields["value"]
            raise Refusal("survey.contact_unclear", item=address.name, value=value, field=address.name) from None
        return LeftContact(found, _text(given.get(name.name))[:LONGEST_NAME])


def _is_box(field: AnswerField) -> bool:
    return field.is_apart and field.name.endswith(".agreed")


def _text(given: GivenAnswer | None) -> str:
    said = (given.text if given else None) or ""
    return "".join(sign for sign in " ".join(said.split()) if not is_control(sign))


CONTROL = WhereToReach(kind="contact")
WORDS = KindWords(
    group="words",
    name=_("Contact"),
    use=_("Where you may write to them"),
    picture="@",
    asks=in_three("May we write to you?", "我們可以聯絡您嗎？", "我们可以联系您吗？"),
)
