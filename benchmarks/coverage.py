"""How often each interval covers the truth: seeded simulation, written to docs/coverage.md.

    python -m benchmarks.coverage [--trials 20000] [--only TEXT]

A `Case` is one interval at one true state of the world. `claimed` says that its docstring promises simulated coverage
within 1.5 points of nominal there; the tests hold every claimed case to it. To add intervals, write a function that
yields cases (in a module of your own, `benchmarks/coverage_NAME.py`, where they are many) and append it to `FAMILIES`.
"""

from __future__ import annotations

import argparse
import time
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.random import Generator

from benchmarks.coverage_couples import couple_cases
from benchmarks.coverage_days import day_cases, wait_day_cases
from benchmarks.coverage_gaps import gap_cases, ratchet_cases, ratio_cases
from benchmarks.coverage_importance import importance_cases
from benchmarks.coverage_kano import drift_cases, impact_cases, kano_cases
from benchmarks.coverage_memory import memory_cases
from benchmarks.coverage_portfolio import portfolio_cases
from benchmarks.coverage_power import power_cases
from benchmarks.coverage_service import chart_cases, rate_cases, wait_cases
from benchmarks.coverage_verify import verify_cases
from benchmarks.covering import Case, Covered, Ends, Floats, Hits, counted, covers
from peakend import intervals as iv
from peakend.field import ratings
from peakend.figures import signed_number
from peakend.methods import nps

PROMISE = 1.5
TARGET = Path(__file__).parents[1] / "docs" / "coverage.md"

# --- shares -----------------------------------------------------------------------------------------------------------

OTHERS: tuple[tuple[str, Callable[..., Ends]], ...] = (
    ("wilson_corrected", iv.wilson_corrected),
    ("clopper_pearson", iv.clopper_pearson),
    ("agresti_coull", iv.agresti_coull),
)


def share_cases() -> Iterable[Case]:
    """One share: at fixed truths, where coverage swings by the grain of counts, and averaged over truths around them,
    which is claimed.
    """
    for n in (10, 30, 100, 1000):
        for p in (0.1, 0.25, 0.5, 0.9):
            around = (p - 0.08, p + 0.08)
            yield Case(
                method="share: wilson", n=str(n), truth=f"{p:g}", hits=share_hits(iv.wilson, n, p), claimed=False
            )
            yield Case(
                method="share: wilson",
                n=str(n),
                truth=f"{around[0]:.2f} to {around[1]:.2f}",
                hits=around_hits(n, around),
                claimed=n >= 30,
            )
    for name, interval in OTHERS:
        for p in (0.1, 0.5):
            yield Case(
                method=f"share: {name}", n="100", truth=f"{p:g}", hits=share_hits(interval, 100, p), claimed=False
            )


def share_hits(interval: Callable[..., Ends], n: int, p: float) -> Hits:
    """A fixed true share."""
    return lambda rng, trials: counted(rng.binomial(n, p, trials), lambda x: interval(x, n), p)


def around_hits(n: int, around: tuple[float, float]) -> Hits:
    """A true share drawn anew for each survey."""

    def hits(rng: Generator, trials: int) -> float:
        truth = rng.uniform(*around, trials)
        ends = np.array([iv.wilson(x, n) for x in range(n + 1)])[rng.binomial(n, truth)]
        return float(((ends[:, 0] <= truth) & (truth <= ends[:, 1])).sum())

    return hits


def difference_cases() -> Iterable[Case]:
    """Two independent shares."""
    for n1, n2 in ((30, 30), (100, 100), (300, 60), (1000, 1000)):
        for p1, p2 in ((0.5, 0.5), (0.8, 0.6), (0.9, 0.85), (0.1, 0.05)):
            claimed = min(n1 * min(p1, 1 - p1), n2 * min(p2, 1 - p2)) >= 6
            hits = difference_hits((n1, n2), (p1, p2))
            yield Case(
                method="difference of shares: newcombe",
                n=f"{n1}, {n2}",
                truth=f"{p1:g}, {p2:g}",
                hits=hits,
                claimed=claimed,
            )


def difference_hits(n: tuple[int, int], p: tuple[float, float]) -> Hits:
    """Two fixed true shares."""

    def hits(rng: Generator, trials: int) -> float:
        draws = np.column_stack([rng.binomial(size, share, trials) for size, share in zip(n, p, strict=True)])
        return counted(draws, lambda x1, x2: iv.newcombe(x1, n[0], x2, n[1]), p[0] - p[1])

    return hits


def multinomial_cases() -> Iterable[Case]:
    """All shares of a multinomial at once."""
    for n in (50, 200, 500, 1000):
        for shares in ((0.4, 0.3, 0.2, 0.1), (0.35, 0.25, 0.2, 0.15, 0.04, 0.01)):
            truth = ", ".join(f"{p:g}" for p in shares)
            yield Case(
                method="shares together: sison_glaz",
                n=str(n),
                truth=truth,
                hits=multinomial_hits(n, shares),
                claimed=n >= 500,
                most=4000,
            )


def multinomial_hits(n: int, shares: Sequence[float]) -> Hits:
    """All intervals must hold."""

    def hits(rng: Generator, trials: int) -> float:
        outcomes, times = np.unique(rng.multinomial(n, shares, trials), axis=0, return_counts=True)
        held = [all(covers(ends, p) for ends, p in zip(iv.sison_glaz(x) or (), shares, strict=True)) for x in outcomes]
        return float(times[held].sum())

    return hits


# --- net promoter score -----------------------------------------------------------------------------------------------

WORLDS = {
    "0.50 / 0.30 / 0.20": (0.5, 0.3, 0.2),
    "0.52 / 0.35 / 0.13": (0.52, 0.35, 0.13),
    "0.80 / 0.15 / 0.05": (0.8, 0.15, 0.05),
    "0.20 / 0.20 / 0.60": (0.2, 0.2, 0.6),
    "0.10 / 0.80 / 0.10": (0.1, 0.8, 0.1),
    "0.02 / 0.96 / 0.02": (0.02, 0.96, 0.02),
}


FROM = {"adjusted_wald": 30, "t": 100, "wald": 1000}
"""Answers from which each interval claims its coverage, where ten of them may be expected not to be passive."""


def nps_cases() -> Iterable[Case]:
    """One score: promoters, passives, detractors."""
    for kind, interval in iv.NPS_INTERVALS.items():
        for n in (10, 30, 100, 1000):
            for name, world in WORLDS.items():
                for conf in (0.95,) if n != 100 else (0.8, 0.95, 0.99):
                    claimed = n >= FROM[kind] and n * (1 - world[1]) >= 10
                    yield Case(
                        method=f"NPS: {kind}",
                        n=str(n),
                        truth=name,
                        conf=conf,
                        hits=nps_hits(interval, n, world, conf),
                        claimed=claimed,
                    )


def nps_hits(interval: Callable[..., Ends], n: int, world: tuple[float, float, float], conf: float) -> Hits:
    p, _, d = world
    return lambda rng, trials: counted(
        rng.multinomial(n, world, trials), lambda a, _, c: interval(a / n, c / n, n, conf), p - d
    )


def nps_change_cases() -> Iterable[Case]:
    """Two waves."""
    worlds = list(WORLDS.items())
    for test in ("adjusted_wald", "wald", "t"):
        for n1, n2 in ((30, 30), (100, 100), (300, 60), (1000, 1000)):
            for (name1, world1), (name2, world2) in (
                (worlds[0], worlds[0]),
                (worlds[0], worlds[1]),
                (worlds[2], worlds[4]),
            ):
                yield Case(
                    method=f"change of NPS: {test}", n=f"{n1}, {n2}", truth=f"{name1}, then {name2}",
                    hits=nps_change_hits(test, (n1, n2), (world1, world2)), claimed=test != "wald" or min(n1, n2) >= 60,
                )  # fmt: skip


def nps_change_hits(test: str, n: tuple[int, int], worlds: Sequence[tuple[float, float, float]]) -> Hits:
    (p1, _, d1), (p2, _, d2) = worlds

    def ends(*x: int) -> Ends:
        found = nps.change(nps.from_counts(*x[:3]), nps.from_counts(*x[3:]), test=test)
        return None if found.low is None or found.high is None else (found.low, found.high)

    def hits(rng: Generator, trials: int) -> float:
        draws = np.column_stack([rng.multinomial(size, world, trials) for size, world in zip(n, worlds, strict=True)])
        return counted(draws, ends, 100 * ((p2 - d2) - (p1 - d1)))

    return hits


def weighted_cases() -> Iterable[Case]:
    """The weighted score, where weights do and do not go with the answers."""
    for kind in iv.NPS_INTERVALS:
        for n in (60, 300, 1000):
            for spread in (0.3, 0.8):
                for tied in (False, True):
                    truth = f"{'tied' if tied else 'free'} weights, spread {spread:g}"
                    yield Case(
                        method=f"weighted NPS: {kind}",
                        n=str(n),
                        truth=truth,
                        hits=weighted_hits(kind, n, spread, tied=tied),
                        claimed=n >= 300,
                    )


def weighted_hits(kind: str, n: int, spread: float, *, tied: bool) -> Hits:
    """Lognormal weights; tied ones are larger for detractors, and the truth is the weighted score of an endless
    survey.
    """
    world = np.array([0.2, 0.3, 0.5])  # detractor, passive, promoter: answers 3, 7, 9
    lift = np.exp(np.array([spread, 0.0, -spread / 2])) if tied else np.ones(3)
    p, q = world[2] * lift[2], world[0] * lift[0]
    truth = 100 * float((p - q) / (world * lift).sum())

    def hits(rng: Generator, trials: int) -> float:
        return float(
            sum(covers(weighted_ends(kind, *survey(rng, n, world, lift, spread)), truth) for _ in range(trials))
        )

    return hits


def weighted_rating_cases() -> Iterable[Case]:
    """The weighted top-box share and the weighted mean."""
    measures: tuple[ratings.Measure, ...] = ("top_box", "mean")
    for measure in measures:
        for n in (60, 300):
            for spread in (0.3, 0.8):
                truth = f"tied weights, spread {spread:g}"
                hits = weighted_rating_hits(measure, n, spread)
                yield Case(method=f"weighted rating: {measure}", n=str(n), truth=truth, hits=hits, claimed=n >= 300)


def weighted_rating_hits(measure: ratings.Measure, n: int, spread: float) -> Hits:
    """As the weighted score, of the values 3, 7 and 9 on 0–10; 9 is the top."""
    world = np.array([0.2, 0.3, 0.5])
    lift = np.exp(np.array([spread, 0.0, -spread / 2]))
    shares = world * lift / (world * lift).sum()
    truth = 100 * float(shares[2]) if measure == "top_box" else float(shares @ np.array([3, 7, 9]))

    def ends(scores: list[int], w: Floats, w2: Floats) -> Ends:
        held = [at for at in (3, 7, 9) if scores[at]]
        counts, weight, weight2 = tuple(scores[at] for at in held), tuple(w[held].tolist()), tuple(w2[held].tolist())
        found = ratings.Ratings(values=tuple(map(float, held)), counts=counts, weight=weight, weight2=weight2)
        twin = ratings.figures(found, scale=(0, 10), top=frozenset({9.0}), measure=measure, conf=0.95)["weighted"]
        return None if twin is None or twin["low"] is None else (twin["low"], twin["high"])

    return lambda rng, trials: float(
        sum(covers(ends(*survey(rng, n, world, lift, spread)), truth) for _ in range(trials))
    )


def survey(rng: Generator, n: int, world: Floats, lift: Floats, spread: float) -> tuple[list[int], Floats, Floats]:
    """Counts, Σw and Σw² of the answers 0…10 of one weighted survey."""
    answer = rng.choice(np.array([3, 7, 9]), n, p=world)
    weight = lift[np.searchsorted([3, 7, 9], answer)] * rng.lognormal(0, spread, n)
    w, w2 = (np.asarray(np.bincount(answer, power, 11), dtype=np.float64) for power in (weight, weight**2))
    return [int(count) for count in np.bincount(answer, minlength=11)], w, w2


def weighted_ends(kind: str, scores: list[int], w: Floats, w2: Floats) -> Ends:
    """The interval of the weighted twin."""
    twin = nps.weighted_twin(scores, w, w2, kind, 0.95) or {}
    low, high = twin.get("low"), twin.get("high")
    return None if low is None or high is None else (low, high)


# --- means, reliability -----------------------------------------------------------------------------------------------

RATINGS = {
    "even 1–5": (0.2, 0.2, 0.2, 0.2, 0.2),
    "good 1–5": (0.04, 0.06, 0.15, 0.4, 0.35),
    "skewed 1–5": (0.02, 0.01, 0.02, 0.1, 0.85),
}


def mean_cases() -> Iterable[Case]:
    """The mean of a rating scale, and the difference of two."""
    for n in (10, 30, 100, 300, 1000):
        for name, world in RATINGS.items():
            yield Case(
                method="mean: t",
                n=str(n),
                truth=name,
                hits=mean_hits(n, world),
                claimed=n >= (300 if "skewed" in name else 30),
            )
    for n1, n2 in ((30, 30), (300, 60)):
        for name, world in RATINGS.items():
            hits = welch_hits((n1, n2), (world, RATINGS["good 1–5"]))
            yield Case(method="difference of means: welch", n=f"{n1}, {n2}", truth=f"{name}, then good 1–5", hits=hits)


def mean_hits(n: int, world: Sequence[float]) -> Hits:
    truth = float(np.dot(world, range(1, 6)))
    return lambda rng, trials: counted(
        rng.multinomial(n, world, trials), lambda *x: iv.mean_t(*iv.tally_mean(range(1, 6), x), 0.95, (1, 5)), truth
    )


def welch_hits(n: tuple[int, int], worlds: Sequence[Sequence[float]]) -> Hits:
    truth = float(np.dot(worlds[1], range(1, 6)) - np.dot(worlds[0], range(1, 6)))

    def hits(rng: Generator, trials: int) -> float:
        draws = np.column_stack([rng.multinomial(size, world, trials) for size, world in zip(n, worlds, strict=True)])
        return counted(
            draws, lambda *x: iv.welch(iv.tally_mean(range(1, 6), x[5:]), iv.tally_mean(range(1, 6), x[:5])).ends, truth
        )

    return hits


def feldt_cases() -> Iterable[Case]:
    """Cronbach's α of items that measure one thing equally well."""
    for n in (30, 100, 400):
        for k, correlation in ((3, 0.3), (5, 0.5), (10, 0.2)):
            alpha = k * correlation / (1 + (k - 1) * correlation)
            yield Case(
                method="α: feldt",
                n=str(n),
                truth=f"α {alpha:.3f}, {k} items, normal",
                hits=feldt_hits(n, k, correlation, alpha),
            )


def feldt_hits(n: int, k: int, correlation: float, alpha: float) -> Hits:
    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for _ in range(trials):
            x = np.sqrt(correlation) * rng.standard_normal((n, 1)) + np.sqrt(1 - correlation) * rng.standard_normal(
                (n, k)
            )
            seen = k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / x.sum(axis=1).var(ddof=1))
            found += covers(iv.feldt(float(seen), n, k), alpha)
        return float(found)

    return hits


FAMILIES: tuple[Callable[[], Iterable[Case]], ...] = (
    nps_cases,
    weighted_cases,
    weighted_rating_cases,
    nps_change_cases,
    share_cases,
    difference_cases,
    multinomial_cases,
    mean_cases,
    feldt_cases,
    gap_cases,
    ratio_cases,
    ratchet_cases,
    kano_cases,
    drift_cases,
    impact_cases,
    verify_cases,
    rate_cases,
    day_cases,
    wait_day_cases,
    chart_cases,
    wait_cases,
    memory_cases,
    portfolio_cases,
    power_cases,
    couple_cases,
    importance_cases,
)


def cases() -> tuple[Case, ...]:
    """Every case of every family."""
    return tuple(case for family in FAMILIES for case in family())


# --- the page ---------------------------------------------------------------------------------------------------------

HEAD = """# How often the intervals cover the truth, and how often tests find it

Simulated by `make coverage` (`benchmarks/coverage.py`): {trials:,} surveys per line, fewer where one is slow, each line from a fixed seed
of its own. Coverage is the share of simulated surveys whose interval held the truth, in percent; MC SE is its Monte-Carlo standard error.
Of a test, *size* is told as coverage: how often it found nothing where nothing was; *power* is how often it found what was there, and
nominal then is its power by a formula that the test does not use.

A line that is *claimed* is promised within {promise} points of nominal, and tests hold it to that. Where any line is further off, the reason
stands above its table.
"""

WHY = tomllib.loads(Path(__file__).with_name("coverage_why.toml").read_text(encoding="utf-8"))
"""Why lines are off, by method."""


def page(lines: Mapping[Case, str], trials: int) -> str:
    """The report as Markdown, one table a method."""
    parts = [HEAD.format(trials=trials, promise=PROMISE)]
    for method in dict.fromkeys(case.method for case in lines):
        why = [f"{WHY[method]}\n"] if method in WHY else []
        parts += [
            f"\n## {method}\n",
            *why,
            "| n | truth | nominal | simulated | MC SE | off | claimed |",
            "| --: | :-- | --: | --: | --: | --: | :-: |",
        ]
        parts += [text for case, text in lines.items() if case.method == method]
    return "\n".join(parts) + "\n"


def written() -> dict[tuple[str, ...], str]:
    """The lines that the page has now, by method, n, truth and nominal."""
    found = {}
    for part in TARGET.read_text(encoding="utf-8").split("\n## ")[1:]:
        method, _, rest = part.partition("\n")
        for text in rest.splitlines():
            cells = [cell.strip() for cell in text.strip("|").split("|")]
            found[method, *cells[:3]] = text
    return found


def line(covered: Covered) -> str:
    """One row of a table."""
    case, off = covered.case, signed_number(covered.off)
    cells = (
        case.n,
        case.truth,
        f"{100 * case.conf:.4g}",
        f"{100 * covered.share:.1f}",
        f"{100 * covered.se:.2f}",
        off,
        "✓" if case.claimed else "",
    )
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Run the cases, write the page, and fail where a claim does not hold."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--trials", type=int, default=20_000)
    options.add_argument(
        "--only",
        default="",
        help="simulate methods whose name has this, and lines that are new; keep the rest as written",
    )
    chosen = options.parse_args()
    before = written() if chosen.only else {}
    lines, broken = {}, 0
    for case in cases():
        kept = before.get((case.method, case.n, case.truth, f"{100 * case.conf:.4g}"))
        if kept and chosen.only not in case.method and kept.rstrip("| ").endswith("✓") == case.claimed:
            lines[case] = kept
        else:
            lines[case], off = simulated(case, chosen.trials)
            broken += case.claimed and off > PROMISE
    TARGET.write_text(page(lines, chosen.trials), encoding="utf-8")
    print(
        f"{len(lines)} lines, {sum(case.claimed for case in lines)} claimed, {broken} newly simulated ones off by more "
        f"than {PROMISE} points; {TARGET}"
    )
    return 1 if broken else 0


def simulated(case: Case, trials: int) -> tuple[str, float]:
    """The line of one case, and how far it is off."""
    started = time.perf_counter()
    found = case.run(trials)
    took = time.perf_counter() - started
    print(
        f"{case.method:34} {case.n:10} {case.truth:46} {100 * found.share:6.2f} {found.off:+6.2f}  {took:5.1f} s",
        flush=True,
    )
    return line(found), abs(found.off)


if __name__ == "__main__":
    raise SystemExit(main())
