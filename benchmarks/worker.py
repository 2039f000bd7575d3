"""One side of a comparison in a process of its own: `python -m benchmarks.worker SIDE NAME ANSWERS EVENTS SIZE`; see
`benchmarks.peers` for the protocol.

SIDE is "ours", "sql" with the number of a formulation behind it, "pandas", or "floor", which does nothing but start.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import kernels, peers
from peakend.facts import Facts, conform
from peakend.field.kano.classes import mode_probability
from peakend.intervals import nps_adjusted_wald
from peakend.maths.shapley import correlation, lmg, r2_of_subsets
from peakend.methods.drivers import from_rows
from peakend.methods.importance.quadrants import bootstrap
from peakend.methods.reliability import from_covariance
from peakend.reduce import follows, moments
from peakend.sums import Sums


def shares(size: int) -> Any:
    return lmg(r2_of_subsets(correlation(np.cov(peers.table(size), rowvar=False))))


def bounded(size: int) -> Any:
    return from_rows(peers.table(size, 2_000), [*(f"x{i}" for i in range(size)), "y"], "y")


def in_closed_form(size: int) -> Any:
    side = np.random.default_rng(1).choice([-100.0, 0.0, 100.0], size, p=[0.2, 0.3, 0.5])
    return nps_adjusted_wald(np.count_nonzero(side > 0) / size, np.count_nonzero(side < 0) / size, size)


def resampled(size: int) -> Any:
    """Buckets of respondents are drawn again, as importance–performance does."""
    side = np.random.default_rng(1).choice([-100.0, 0.0, 100.0], size, p=[0.2, 0.3, 0.5])
    bucket = np.arange(size) % 1024
    n, s, ss = (np.bincount(bucket, weights=part).reshape(-1, 1, 1) for part in (np.ones(size), side, side * side))
    return bootstrap(Sums(n, s, ss, np.arange(len(n))))


def counts(size: int) -> float | None:
    """How sure a feature's class is: 1,000 multinomial resamples of the six counts of so many pairs."""
    chances = np.array([0.30, 0.28, 0.2, 0.15, 0.05, 0.02])
    letters = "MOAIRQ"
    return mode_probability(dict(zip(letters, (chances * size).astype(int).tolist(), strict=True)), "M")


def wide(size: int) -> list[float]:
    """α, standardised α, λ6, ω and α with each item dropped, of five scales in a wide table of ratings."""
    chance = np.random.default_rng(1)
    said = np.clip(np.round(4 + chance.normal(size=(size, 1)) + chance.normal(size=(size, 22))), 1, 7)
    parts = np.split(said, np.cumsum((4, 5, 4, 4)), axis=1)
    return [
        from_covariance(np.cov(part, rowvar=False), [str(i) for i in range(part.shape[1])], size).value or 0.0
        for part in parts
    ]


def alphas(said: Facts) -> dict[str, float]:
    """Cronbach's α of every scale: the kernel, and k/(k − 1)·(1 − Σs²/ΣΣc)."""
    found = moments(said.where(role="perception"), columns=("construct", "item"))
    scales = {scale: [i for i, (of, _) in enumerate(found.names) if of == scale] for scale, _ in found.names}
    of = {scale: found.groups[()].take(items).covariance() for scale, items in scales.items()}
    return {scale: len(c) / (len(c) - 1) * (1 - c.trace() / c.sum()) for scale, c in of.items()}


def ours(name: str, answers: Path, events: Path, size: int) -> Callable[[], Any]:
    plain: dict[str, Callable[[], Any]] = {
        "lmg": lambda: shares(size),
        "bounded": lambda: bounded(size),
        "counts": lambda: counts(size),
        "wide": lambda: wide(size),
        "interval": lambda: in_closed_form(size),
        "resampled": lambda: resampled(size),
    }
    if name in plain:
        return plain[name]
    if name == "alpha":
        said = conform(str(answers), check=False)
        return lambda: alphas(said)
    if name in {"edges", "bundle"}:
        done = conform(str(events), "events", check=False)
        return (
            (lambda: follows(done)[()].edges) if name == "edges" else (lambda: dict(follows(done)[()].variants.items()))
        )
    return asked(name, answers, events).ours


def asked(name: str, answers: Path, events: Path) -> kernels.Question:
    return next(each for each in kernels.questions(answers, events) if each.name == name)


def side(which: str, name: str, answers: Path, events: Path, size: int) -> Callable[[], Any]:
    if which == "ours":
        return ours(name, answers, events, size)
    if which == "pandas":
        from benchmarks import plain  # noqa: PLC0415

        at = [each.name for each in kernels.questions(answers, events)].index(name)
        return lambda: plain.ASKED[at](answers, events)
    return asked(name, answers, events).theirs[int(which.removeprefix("sql"))]


if __name__ == "__main__":
    which, name, answers, events, size = sys.argv[1:]
    peers.serve(side(which, name, Path(answers), Path(events), int(size)))
