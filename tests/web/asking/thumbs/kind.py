"""A thumb down or up."""

from __future__ import annotations

from peakend.service.questions import Kind

KIND = Kind(id="thumbs", low=0, high=1, ends={"score": ("Down", "Up")})
