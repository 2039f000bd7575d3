"""Several questions on one scale: a table where there is room, else one below another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from peakend_web.asking.controls.scale import Scale


@dataclass(frozen=True, kw_only=True)
class Matrix(Scale):
    """One scale serves all rows."""

    explains_its_scale_once: ClassVar[bool] = True


CONTROL = Matrix(kind="matrix")
