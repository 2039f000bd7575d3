"""The recommendation: would you recommend us, from 0 to 10."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

from peakend.service.questions import ItemKeys, Kind, keys


class Recommendation(Kind):
    """It is asked on 0 to 10 only, for its score is defined there."""

    def require(self, item: ItemKeys) -> None:
        """Raises `document.nps_scale`."""
        scale = item.scale
        if scale and (scale.low, scale.high) != (self.low, self.high):
            fields = {"item": item.id, "low": scale.low, "high": scale.high}
            raise PydanticCustomError("document.nps_scale", "not 0-10", fields)


KIND = Recommendation(
    id="nps",
    may=keys("scale"),
    low=0,
    high=10,
    construct="nps",
    has_own_scale=True,
    has_own_subject=True,
    ends={"score": ("scale.not_likely", "scale.extremely_likely")},
)
