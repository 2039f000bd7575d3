"""The kinds of question that a survey can ask, one a module: what each needs, may carry and refuses, the scale it is
answered on, and how its answers become facts.

A new kind is a module here, named in `MODULES`; `peakend_web.asking.kinds` says how it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from peakend.service.questions import Kind

from . import (
    ces,
    contact,
    csat,
    date,
    importance,
    kano,
    matrix,
    multi_choice,
    nps,
    number,
    photo,
    points,
    ranking,
    rating,
    servqual,
    single_choice,
    text,
    touchpoint_rating,
    zone,
)

MODULES: Final = (
    nps,
    csat,
    ces,
    rating,
    touchpoint_rating,
    matrix,
    servqual,
    zone,
    kano,
    importance,
    number,
    single_choice,
    multi_choice,
    ranking,
    points,
    date,
    photo,
    text,
    contact,
)
"""Every module of a kind, in the order a person meets them when adding a question."""
KINDS: Mapping[str, Kind] = MappingProxyType({module.KIND.id: module.KIND for module in MODULES})
"""Every kind by its id."""
