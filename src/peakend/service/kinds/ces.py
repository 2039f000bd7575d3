"""The effort that something took."""

from __future__ import annotations

from typing import Final

from peakend.service.questions import AGREEMENT, Ends, ItemKeys, Kind, keys

FIRST_EDITION: Final[Ends] = ("scale.very_low_effort", "scale.very_high_effort")


class Effort(Kind):
    """Its first edition (2010) was asked on 1–5, its second (2013) on 1–7."""

    def range_of(self, item: ItemKeys) -> tuple[float, float] | None:
        """The scale of its edition."""
        return (1, 5) if item.edition == 1 else super().range_of(item)

    def ends_of(self, item: ItemKeys, role: str) -> Ends | None:
        """The first edition asks for the effort itself, the second for agreement that there was little."""
        return FIRST_EDITION if item.edition == 1 else super().ends_of(item, role)


KIND = Effort(id="ces", may=keys("scale edition"), low=1, high=7, construct="ces", ends={"score": AGREEMENT})
