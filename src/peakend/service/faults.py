"""What a rule of the document finds wrong, before it has its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from peakend.documents.source import Path


@dataclass(frozen=True)
class Fault:
    """What a rule found: the id of its words, the path, and the facts of the case."""

    id: str
    path: Path
    fields: Mapping[str, object]
    advice: bool = False
