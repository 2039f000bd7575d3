"""The three levels of a quality, each on the same scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.control import Words
from peakend_web.asking.controls.kind_words import KindWords
from peakend_web.asking.controls.scale import Scale


@dataclass(frozen=True, kw_only=True)
class Levels(Scale):
    """Whoever desires less than would just do is asked whether they mean it; the answers are taken as they are, and the
    zone of tolerance leaves them out and counts them.
    """

    explains_its_scale_once: ClassVar[bool] = True
    is_given_together: ClassVar[bool] = True
    contradiction: ClassVar[Words] = _(
        "The level that would just do is above the level that you wish for. Please look again; if you mean it, leave "
        "it so."
    )

    def advice(self, said: Sequence[str]) -> Words:
        """That the desired level lies below the adequate one."""
        adequate, desired, _perceived = said
        return self.contradiction if adequate and desired and float(adequate) > float(desired) else ""


CONTROL = Levels(kind="zone")
WORDS = KindWords(
    group="pair",
    name=_("Adequate, desired, found"),
    use=_("The zone of tolerance"),
    picture="↧ ↥",
)
