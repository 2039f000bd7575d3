"""Somebody waves."""

from __future__ import annotations

from collections.abc import Sequence

from peakend_web.base import trail
from peakend_web.deciding.live import Match
from peakend_web.models import Workspace


def wave(*, workspace: Workspace, matches: Sequence[Match]) -> None:
    """Wave at whoever gave these answers."""
    done = [(match.answer, None, {"rule": match.rule.id, "to": match.rule.to}) for match in matches]
    trail.leave_all("wave", actor=None, workspace=workspace, done=done)
