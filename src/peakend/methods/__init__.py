"""The methods, one a file, and the explicit tuple of them that the command line, the API and the pages are made from."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from peakend.methods import agreement, ces, control, csat, did, drivers, gaps, highest, impact, importance, journey, kano, kano_drift, nps, peak_end, portfolio, power, queue, ratchet, reliability, ridit, screening, sequential, series, servqual, sqi, total_value, tracing, value, verify, zone
from peakend.result import Method

METHODS: Final[tuple[Method[Any], ...]] = (
    nps.METHOD,
    csat.METHOD,
    ces.METHOD,
    servqual.METHOD,
    kano.METHOD,
    kano_drift.METHOD,
    drivers.METHOD,
    importance.METHOD,
    peak_end.METHOD,
    ridit.METHOD,
    impact.METHOD,
    reliability.METHOD,
    portfolio.METHOD,
    screening.METHOD,
    zone.METHOD,
    control.METHOD,
    gaps.METHOD,
    tracing.METHOD,
    value.METHOD,
    verify.METHOD,
    series.METHOD,
    did.METHOD,
    sequential.METHOD,
    power.METHOD,
    agreement.METHOD,
    ratchet.METHOD,
    total_value.METHOD,
    highest.METHOD,
    sqi.METHOD,
    queue.METHOD,
    journey.METHOD,
)
BY_ID: Final = MappingProxyType({method.id: method for method in METHODS})
