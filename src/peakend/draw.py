"""Charts as Vega-Lite specifications: one definition serves notebook, page, report and slides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Chart:
    """One picture: a Vega-Lite specification with its data inline, and the sentence that says what it shows."""

    spec: Mapping[str, Any]
    alt: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {"application/vnd.vegalite.v6+json": dict(self.spec), "text/plain": self.alt}
