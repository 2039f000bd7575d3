"""A number that is written: nights, minutes, a price."""

from __future__ import annotations

from peakend.service.questions import Kind, keys

KIND = Kind(id="number", may=keys("scale"), seconds=6)
