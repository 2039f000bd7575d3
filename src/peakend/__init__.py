"""Peakend: service experience management, as a library.

    from peakend import nps, sample

    nps(sample("airport"), by="site").table()

Every name here is loaded when it is first asked for, so that a program that needs one method does not wait for all of
them. `import *` takes all but `queue`, which is a module of the standard library too: `from peakend import queue`.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from peakend.disclosure import suppress
    from peakend.errors import DocumentError, FactsError, FormatError, MethodError, PeakendError
    from peakend.facts import Facts, conform
    from peakend.formats.mapping import read_mapped
    from peakend.maths.response_rates import rates as response_rates
    from peakend.methods import METHODS
    from peakend.methods.agreement import agreement
    from peakend.methods.ces import ces
    from peakend.methods.control import control
    from peakend.methods.csat import csat
    from peakend.methods.did import did
    from peakend.methods.drivers import drivers
    from peakend.methods.failures import failures
    from peakend.methods.gaps import gaps
    from peakend.methods.highest import highest
    from peakend.methods.impact import impact
    from peakend.methods.importance import importance
    from peakend.methods.journey import journey
    from peakend.methods.kano import kano
    from peakend.methods.kano_drift import kano_drift
    from peakend.methods.nps import nps
    from peakend.methods.peak_end import peak_end
    from peakend.methods.portfolio import portfolio
    from peakend.methods.power import power
    from peakend.methods.queue import queue as queue
    from peakend.methods.ratchet import ratchet
    from peakend.methods.reliability import reliability
    from peakend.methods.ridit import ridit
    from peakend.methods.screening import screening
    from peakend.methods.sequential import sequential
    from peakend.methods.series import series
    from peakend.methods.service_level import service_level
    from peakend.methods.servqual import servqual
    from peakend.methods.sqi import sqi
    from peakend.methods.total_value import total_value
    from peakend.methods.tracing import tracing
    from peakend.methods.value import value
    from peakend.methods.verify import verify
    from peakend.methods.zone import zone
    from peakend.samples import sample, service_of
    from peakend.service.document import load as load_service
    from peakend.service.schema import ServiceDocument

__version__ = "0.1.0"

__all__ = [
    "METHODS", "DocumentError", "Facts", "FactsError", "FormatError", "MethodError", "PeakendError",
    "ServiceDocument", "agreement", "ces", "conform", "control", "csat", "did", "drivers", "failures", "gaps",
    "highest", "impact", "importance", "journey", "kano", "kano_drift", "load_service", "nps", "peak_end",
    "portfolio", "power", "ratchet", "read_mapped", "reliability", "response_rates", "ridit", "sample", "screening",
    "sequential", "series", "service_level", "service_of", "servqual", "sqi", "suppress", "total_value", "tracing",
    "value", "verify", "zone",
]  # fmt: skip

_ROOMS: Final = (
    *(
        "draw",
        "errors",
        "facts",
        "field",
        "formats",
        "intervals",
        "maths",
        "methods",
        "periods",
        "reduce",
        "result",
        "samples",
        "service",
    ),
    *("sums", "tables", "terms"),
)
"""Modules that may be named without an import of their own: `peakend.methods.nps.sample_size`."""
_PUBLIC: Final = frozenset({*__all__, "queue"})
"""The names of `import *`, and the one that it leaves out."""
_PLACES: Final = MappingProxyType(
    {
        **dict.fromkeys(
            ("DocumentError", "FactsError", "FormatError", "MethodError", "PeakendError"), "peakend.errors"
        ),
        **dict.fromkeys(("Facts", "conform"), "peakend.facts"),
        **dict.fromkeys(("sample", "service_of"), "peakend.samples"),
        "suppress": "peakend.disclosure",
        "response_rates": "peakend.maths.response_rates:rates",
        "METHODS": "peakend.methods",
        "ServiceDocument": "peakend.service.schema",
        "load_service": "peakend.service.document:load",
        "read_mapped": "peakend.formats.mapping",
    }
)
"""Where a public name stands that is no method of that name."""


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"{__name__}.{name}")
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, own = _PLACES.get(name, f"{__name__}.methods.{name}").partition(":")
    found = getattr(import_module(module), own or name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*_PUBLIC, *_ROOMS, "__version__"})
