"""The effort, on a scale of agreement; its first edition on one of effort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend_web.asking.controls.scale import AGREEMENT, Ends, Scale

FIRST_EDITION: Final[Ends] = (_("Very low effort"), _("Very high effort"))


@dataclass(frozen=True, kw_only=True)
class Effort(Scale):
    """The words at its ends are those of its edition."""

    def ends_of(self, item: Item, field: AnswerField) -> Ends:
        """The first edition asks for the effort itself."""
        return FIRST_EDITION if item.edition == 1 else super().ends_of(item, field)


CONTROL = Effort(kind="ces", ends={"score": AGREEMENT})
