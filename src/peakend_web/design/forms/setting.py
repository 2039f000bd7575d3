"""What a form of parts stands on: the document of the draft, and the language in which words are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peakend_web.design.queries import id_in_draft
from peakend_web.design.reading import Reading
from peakend_web.models import Draft


@dataclass(frozen=True)
class Setting(Reading):
    """The document of a draft as it is now, in the language that is written."""

    draft: Draft | None = None

    def with_id(self, part: Mapping[str, Any], kind: str) -> dict[str, Any]:
        """A new part of a kind with its id; where there is no draft, nothing is kept, and any id will do."""
        return {"id": id_in_draft(self.draft, part, kind) if self.draft else kind, **part}
