"""The satisfaction with the whole, or with one touchpoint."""

from __future__ import annotations

from peakend.service.questions import Kind, keys

KIND = Kind(
    id="csat",
    may=keys("scale look not_used"),
    low=1,
    high=5,
    construct="csat",
    ends={"score": ("scale.very_dissatisfied", "scale.very_satisfied")},
)
