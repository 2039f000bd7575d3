"""What one failure weighs, and from which day on: dated sets of weights, published ones as data, one's own from a
document.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from peakend.errors import MethodError

DOCUMENTS: Final = (".toml", ".yaml", ".yml")
START: Final = dt.date(1, 1, 1)


@dataclass(frozen=True)
class Weights:
    """The weight of each indicator, in force from `since` until the next set begins."""

    weights: Mapping[str, float]
    since: dt.date = START


@cache
def templates() -> Mapping[str, tuple[Weights, ...]]:
    """The published sets: "courier-12", "courier-10", "courier-9"."""
    text = files("peakend.methods.sqi").joinpath("weights.toml").read_text(encoding="utf-8")
    return {name: _sets(entry["indicators"], name) for name, entry in tomllib.loads(text).items()}


def weight_sets(given: Any) -> tuple[Weights, ...]:
    """The dated sets that are meant, in order of time.

    `given` names a published set or a document (TOML, or YAML as a service has it) with `indicators`; or is a mapping
    of weights, one set or several (anything with `since` and `weights`, such as the `indicators` of a service). Raises
    MethodError `sqi.weights` for anything else, and for a weight that is not a number above zero.
    """
    if isinstance(given, str | Path):
        return templates()[str(given)] if str(given) in templates() else _sets(_document(Path(given)), str(given))
    if isinstance(given, Mapping):
        return _sets([{"weights": given}], "weights")
    if isinstance(given, Weights):
        return (given,)
    if not isinstance(given, Sequence):
        raise MethodError("sqi.weights", found=type(given).__name__, known=", ".join(templates()))
    return _sets(
        [one if isinstance(one, Mapping) else {"since": one.since, "weights": one.weights} for one in given], "weights"
    )


def _document(path: Path) -> list[Mapping[str, Any]]:
    known = ", ".join((*templates(), *DOCUMENTS))
    if path.suffix.lower() not in DOCUMENTS or not path.is_file():
        raise MethodError("sqi.weights", found=path.name, known=known)
    try:
        text = path.read_text(encoding="utf-8")
        read = tomllib.loads(text) if path.suffix.lower() == ".toml" else YAML(typ="safe", pure=True).load(text)
    except (tomllib.TOMLDecodeError, YAMLError, UnicodeDecodeError) as error:
        raise MethodError("sqi.weights", found=f"{path.name}: {str(error).splitlines()[0]}", known=known) from None
    found = read.get("indicators") if isinstance(read, dict) else None
    if not found:
        raise MethodError("sqi.weights", found=f"{path.name}: indicators", known=known)
    return found if isinstance(found, list) else [found]


def _sets(entries: Sequence[Mapping[str, Any]], name: str) -> tuple[Weights, ...]:
    found = []
    for entry in entries:
        weights = dict(entry["weights"])
        bad = [
            f"{key}: {weight}"
            for key, weight in weights.items()
            if not isinstance(weight, int | float) or not 0 < weight < float("inf")
        ]
        if bad or not weights:
            raise MethodError("sqi.weights", found=f"{name}: {', '.join(bad)}", known=", ".join(templates()))
        found.append(Weights({str(key): float(weight) for key, weight in weights.items()}, _date(entry.get("since"))))
    return tuple(sorted(found, key=lambda one: one.since))


def _date(since: Any) -> dt.date:
    return START if since is None else since if isinstance(since, dt.date) else dt.date.fromisoformat(str(since))


def of_day(sets: Sequence[Weights], day: str) -> Mapping[str, float]:
    """The weights in force on a day ("2026-11-23"); before the first set, those of the first."""
    known = [one for one in sets if one.since.isoformat() <= day]
    return (known[-1] if known else sets[0]).weights
