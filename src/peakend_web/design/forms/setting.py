"""What a form of parts stands on: the document of the draft, and the language in which words are written."""

from __future__ import annotations

from dataclasses import dataclass

from peakend_web.design.reading import Reading
from peakend_web.models import Draft


@dataclass(frozen=True)
class Setting(Reading):
    """The document of a draft as it is now, in the language that is written."""

    draft: Draft | None = None
