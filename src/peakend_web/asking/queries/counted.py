"""Which responses count: all but those that are set apart."""

from __future__ import annotations

from django.db.models import Q

from peakend.facts import QUESTIONABLE


def counted(at: str = "") -> Q:
    """The condition of responses that count; `at` is the way to them, where another table is asked."""
    return Q(**{f"{at}aside": None}) | Q(**{f"{at}aside": QUESTIONABLE})
