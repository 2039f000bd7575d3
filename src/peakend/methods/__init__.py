"""The methods, one a file, and the explicit tuple of them that the command line, the API and the pages are made from."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from peakend.methods import (
    ces,
    control,
    csat,
    drivers,
    gaps,
    impact,
    importance,
    kano,
    nps,
    portfolio,
    reliability,
    screening,
    servqual,
    tracing,
    value,
    zone,
)
from peakend.result import Method

METHODS: Final[tuple[Method[Any], ...]] = (
    nps.METHOD,
    csat.METHOD,
    ces.METHOD,
    servqual.METHOD,
    kano.METHOD,
    drivers.METHOD,
    importance.METHOD,
    impact.METHOD,
    reliability.METHOD,
    portfolio.METHOD,
    screening.METHOD,
    zone.METHOD,
    control.METHOD,
    gaps.METHOD,
    tracing.METHOD,
    value.METHOD,
)
BY_ID: Final = MappingProxyType({method.id: method for method in METHODS})
