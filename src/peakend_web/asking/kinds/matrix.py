"""Several questions on one scale: a table where there is room, else one below another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.kind_words import KindWords
from peakend_web.asking.controls.scale import Scale


@dataclass(frozen=True, kw_only=True)
class Matrix(Scale):
    """One scale serves all rows."""

    explains_its_scale_once: ClassVar[bool] = True


CONTROL = Matrix(kind="matrix")
WORDS = KindWords(
    group="score",
    name=_("Table"),
    use=_("Several lines on one scale"),
    picture="▦",
)
