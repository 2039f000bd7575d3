"""Where somebody may be reached: asked with what for, and kept apart from the answers."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.documents.parts import Text
from peakend.service.purposes import purpose_of_asking
from peakend.service.questions import AnswerField, Asking, Design, ItemKeys, Kind

_ADDRESS = Text({"en": "E-mail or phone number", "zh-Hant": "電子郵件或電話", "zh-Hans": "邮箱或电话"})
_NAME = Text({"en": "Name (optional)", "zh-Hant": "姓名（選填）", "zh-Hans": "姓名（选填）"})


class WhereToReach(Kind):
    """An address, perhaps a name, and a box in the words of the purpose. In the facts stands one row that says whether
    somebody left an address and agreed; who it is, the customers alone know.
    """

    def faults(self, item: ItemKeys) -> Iterator[str]:
        """Nobody must say how they are reached: a consent is free, or none."""
        if item.required:
            yield "document.contact_required"

    def fields(self, design: Design, survey: Asking, item: ItemKeys) -> Iterator[AnswerField]:
        """The address, under the name of the item, and beside it the name and the box."""
        del survey
        purpose, role = purpose_of_asking(design.purposes), item.role or self.roles[0]
        yield self.answer_field(item, role, label=_ADDRESS)
        yield self.answer_field(item, role, "name", label=_NAME, is_apart=True)
        days = purpose.kept_days
        yield self.answer_field(item, role, "agreed", label=purpose.wording, is_apart=True, kept_days=days)


KIND = WhereToReach(id="contact", roles=("choice",), low=0, high=1, is_numeric=False, says_who=True, seconds=20)
