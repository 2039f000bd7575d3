"""A rating on a scale."""

from __future__ import annotations

from peakend.service.questions import Kind, keys

KIND = Kind(id="rating", may=keys("scale look not_used"), low=1, high=5)
