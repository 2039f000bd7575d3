"""The effort that something took."""

from __future__ import annotations

from peakend.service.questions import ItemKeys, Kind, keys


class Effort(Kind):
    """Its first edition (2010) was asked on 1–5, its second (2013) on 1–7."""

    def range_of(self, item: ItemKeys) -> tuple[float, float] | None:
        """The scale of its edition."""
        return (1, 5) if item.edition == 1 else super().range_of(item)


KIND = Effort(id="ces", may=keys("scale edition"), low=1, high=7, construct="ces")
