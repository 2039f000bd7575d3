"""First services to begin from, one a language: each can be saved, and its survey published, as it stands."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from peakend.terms import Lang

STARTER: Final = "our-service"
"""The id of the service to begin from."""


@cache
def starter(lang: Lang) -> str:
    """The service to begin from, in one language."""
    return Path(__file__).with_name(f"{lang}.yaml").read_text(encoding="utf-8")
