"""How many of those who were asked have answered: the rates that stand beside every survey's figures.

AAPOR's (2023) rates as far as a survey among customers knows them: how many were invited, how many opened it, how many
finished.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from peakend import intervals as iv
from peakend.errors import MethodError


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Shares in 0…1; None where what they divide by is not known or zero.

    `response` is complete of those invited and reached (AAPOR RR1: nobody of unknown fate is left out), `with_partial`
    adds those who stopped midway (RR2), `started` is opened of invited and reached (the contact), `completion` complete
    of opened. `low` and `high` are Wilson's ends of `response`, for comparing waves; they say nothing of those who
    stayed silent.
    """

    response: float | None
    with_partial: float | None
    started: float | None
    completion: float | None
    low: float | None
    high: float | None
    base: int


def rates(
    complete: int, *, partial: int = 0, invited: int | None = None, undelivered: int = 0, conf: float = 0.95
) -> Rates:
    """The rates from counts: complete and partial questionnaires, invitations sent, and those that came back
    undelivered.

    Without `invited` only `completion` is known. Raises MethodError `responding.counts` where more answered than were
    reached, or a count is negative.
    """
    opened, base = complete + partial, None if invited is None else invited - undelivered
    if min(complete, partial, undelivered) < 0 or (base is not None and opened > base):
        raise MethodError(
            "responding.counts", complete=complete, partial=partial, reached=base if base is not None else "–"
        )
    low, high = (None, None) if not base else iv.wilson(complete, base, conf) or (None, None)
    return Rates(
        response=_share(complete, base), with_partial=_share(opened, base), started=_share(opened, base),
        completion=_share(complete, opened),
        low=low, high=high, base=base or 0,
    )  # fmt: skip


def of_question(n: int, *, invalid: int = 0, missing: int = 0, conf: float = 0.95) -> Mapping[str, float | None]:
    """How many of those who saw a question gave a valid answer: value and Wilson's low and high in 0…1, and how many
    were `asked`.

    What is invalid answers nothing. Those to whom it did not apply or was not shown were not asked.
    """
    asked = n + invalid + missing
    low, high = iv.wilson(n, asked, conf) or (None, None)
    return MappingProxyType({"value": _share(n, asked), "low": low, "high": high, "asked": asked})


def _share(part: int, whole: int | None) -> float | None:
    return part / whole if whole else None
