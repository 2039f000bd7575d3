"""Answers that a method of the register is shown on, where neither sample was asked what it needs."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from peakend.facts import Facts
from tests.methods.facts_of import NOT_APPLICABLE, facts, said

SEVEN = (1.0, 7.0)


@cache
def tolerated() -> Facts:
    """A bank asks forty customers at two branches what is just adequate, what they desire, and what they find."""
    rng, rows = np.random.default_rng(9), []
    for dimension, found in (("responsiveness", 1), ("assurance", 2), ("empathy", -1)):
        for item in ("one", "two"):
            adequate = rng.integers(3, 6, 40)
            levels = {
                "adequate": adequate,
                "expectation": adequate + rng.integers(1, 3, 40),
                "perception": adequate + found + rng.integers(-1, 2, 40),
            }
            rows += [one for role, values in levels.items() for one in _each(dimension, values, item=item, role=role)]
    return facts(*rows)


def _each(construct: str, values: Any, who: str = "r", **about: Any) -> list[list[dict[str, Any]]]:
    """One answer a respondent r0, r1, … who belong to the branches A and B in turn."""
    kept = np.clip(values, *SEVEN).tolist()
    return [
        said(construct, [value], scale=SEVEN, response=f"{who}{at}", site="AB"[at % 2], **about)
        for at, value in enumerate(kept)
    ]


@cache
def five_sided() -> Facts:
    """A clinic with two branches: sixty customers, six managers and eight at the counter; managers think too little of
    empathy.
    """
    rng, rows = np.random.default_rng(5), []
    truth = {  # expectation, perception; managers' belief; standards; delivered; promised
        "tangibles": (6, 6, 6, 6, 6, 6),
        "reliability": (7, 5, 7, 5, 4, 6),
        "responsiveness": (6, 5, 6, 6, 3, 3),
        "assurance": (6, 6, 7, 5, 6, 5),
        "empathy": (7, 4, 4, 3, 5, 6),
    }
    for dimension, (expected, found, belief, standard, delivered, promised) in truth.items():
        for item in ("one", "two"):
            for role, at in (("expectation", expected), ("perception", found)):
                rows += _each(dimension, at + rng.integers(-1, 2, 60), item=item, role=role)
            rows += _each(
                dimension, belief + rng.integers(-1, 2, 6), item=item, role="belief", respondent_kind="manager", who="m"
            )
        rows += _each(dimension, standard + rng.integers(-1, 2, 6), role="standard", respondent_kind="manager", who="m")
        for role, at in (("delivered", delivered), ("promised", promised)):
            rows += _each(dimension, at + rng.integers(-1, 2, 8), role=role, respondent_kind="frontline", who="f")
    return facts(*rows)


@cache
def branches(count: int = 18) -> Facts:
    """A bank's branches: where staff cannot keep standards, customers find less; what managers believe goes with
    nothing.
    """
    rng, rows = np.random.default_rng(18), []
    for at in range(count):
        slack = rng.uniform(0, 3)
        for dimension in ("reliability", "empathy"):
            about = {"site": f"branch {at:02}", "item": "one"}

            def ask(who: str, kind: str, role: str, n: int, mean: float) -> None:
                values = np.clip(np.round(mean + rng.normal(0, 0.7, n)), *SEVEN).tolist()
                rows.extend(
                    said(
                        dimension,  # noqa: B023
                        [value],
                        scale=SEVEN,
                        response=f"{who}{at}-{i}",  # noqa: B023
                        role=role,
                        respondent_kind=kind,
                        **about,  # noqa: B023
                    )
                    for i, value in enumerate(values)
                )

            ask("c", "customer", "expectation", 10, 6)
            ask("c", "customer", "perception", 10, 5.8 - slack)
            ask("m", "manager", "belief", 5, 6)
            ask("m", "manager", "standard", 5, 5)
            ask("f", "frontline", "delivered", 5, 6.3 - slack)
            ask("f", "frontline", "promised", 5, 5 - slack / 3)
    return facts(*rows)


@cache
def airport_lounge() -> tuple[Facts, Any]:
    """Three hundred travellers judge desk and wifi of a lounge, and the whole; a third did not go to the desk. Also as
    a plain table.
    """
    rng = np.random.default_rng(12)
    desk, wifi = rng.integers(1, 6, 300).astype(float), rng.integers(1, 6, 300).astype(float)
    overall = np.clip(np.round(3.4 - 1.1 * (desk <= 2) + 0.9 * (wifi == 5) + rng.normal(0, 0.5, 300)), 1, 5)
    desk[rng.random(300) < 0.33] = np.nan
    table = np.column_stack([desk, wifi, overall])
    rows = [
        said(name, [NOT_APPLICABLE if np.isnan(value) else float(value)], response=f"r{at}", site="AB"[at % 2])
        for at, line in enumerate(table)
        for name, value in zip(("desk", "wifi", "overall"), line, strict=True)
    ]
    return facts(*rows), table


@cache
def three_waves() -> Facts:
    """Manager Wu asks at two branches in three waves; between them the toilets were mended."""
    rng, rows = np.random.default_rng(3), []
    for wave, mended in (("2026-Q1", 0.0), ("2026-Q2", 0.3), ("2026-Q3", 0.7)):
        for construct, at in (("signs", 3.5), ("toilets", 2.6 + mended), ("staff", 3.6), ("wifi", 3.4)):
            values = np.clip(np.rint(at + rng.normal(size=60)), 1, 5).tolist()
            rows += [
                said(construct, [v], response=f"{wave}-{i}", site="AB"[i % 2], wave=wave) for i, v in enumerate(values)
            ]
    return facts(*rows)


def months() -> list[dict[str, Any]]:
    """Complaints a thousand visitors over three years; the new signs came in March 2025."""
    rng = np.random.default_rng(4)
    names = [f"{2024 + at // 12}-{at % 12 + 1:02d}" for at in range(36)]
    return [
        {"period": name, "value": 20 + 0.1 * at - (4 if at >= 14 else 0) + rng.normal()}
        for at, name in enumerate(names)
    ]


def counters() -> list[dict[str, Any]]:
    """Satisfaction at fourteen counters over six months; six of them got a queue with numbers in the fourth."""
    rng, rows = np.random.default_rng(21), []
    for at in range(14):
        level = rng.normal(70, 5)
        for month in range(1, 7):
            value = level + rng.normal(0, 2) + (5 if at < 6 and month > 3 else 0)
            rows.append(
                {
                    "unit": f"counter {at + 1}",
                    "period": str(month),
                    "treated": int(at < 6),
                    "after": int(month > 3),
                    "value": value,
                }
            )
    return rows


def weekly_looks() -> list[dict[str, Any]]:
    """Two ways to greet, looked at after every hundred answers of five hundred; two looks are still to come."""
    seen: tuple[tuple[float | None, float | None], ...] = (
        (0.11, 0.1),
        (0.17, 0.07),
        (0.19, 0.057),
        (None, None),
        (None, None),
    )
    return [{"information": 100.0 * at, "estimate": estimate, "se": se} for at, (estimate, se) in enumerate(seen, 1)]


def plans() -> list[dict[str, Any]]:
    """What analyst Mei asks before she asks anybody else."""
    return [
        {"plan": "half to two thirds", "design": "shares", "share1": 0.5, "share2": 0.65},
        {"plan": "half a point", "design": "means", "difference": 0.5, "sd": 1.1},
        {"plan": "the same guests twice", "design": "pairs", "difference": 0.3, "sd": 1.0},
        {"plan": "NPS within five", "design": "margin", "margin": 5.0, "sd": 78.0},
        {"plan": "with fifty each", "design": "shares", "share1": 0.5, "share2": 0.75, "n": 50},
    ]


def coders() -> list[dict[str, Any]]:
    """Nurse Chen, analyst Mei and Mr Wu put sixty comments under three dimensions, each alone."""
    rng, rows = np.random.default_rng(6), []
    for unit in range(60):
        truth = rng.integers(0, 3)
        for coder in ("Chen", "Mei", "Wu"):
            code = truth if rng.random() < 0.8 else rng.integers(0, 3)
            rows.append({"unit": str(unit), "coder": coder, "code": ("reliability", "assurance", "empathy")[code]})
    return rows


def asked_again(customers: int = 60, *, up: float = 0.6, down: float = 0.2) -> list[dict[str, Any]]:
    """Mrs Lin's guests over six visits: their expectations follow a good one faster than a bad one."""
    rng, rows = np.random.default_rng(6), []
    for at in range(customers):
        expected = rng.normal(5, 0.8)
        for period in range(1, 7):
            perceived = rng.normal(5, 1.2)
            rows.append(
                {
                    "customer": f"c{at:02}",
                    "period": period,
                    "expectation": float(expected),
                    "perception": float(perceived),
                }
            )
            away = perceived - expected
            expected += (up if away > 0 else down) * away + rng.normal(0, 0.2)
    return rows


def hotels() -> list[dict[str, Any]]:
    """Three hotels: scores on 0–100 with their standard errors, and the price of a night."""
    known = {"Lin": (82, 78, 70, 3200), "Chen": (75, 80, 65, 2600), "Wu": (88, 70, 75, 4100)}
    return [
        {
            "provider": name,
            "product": product,
            "service": service,
            "process": process,
            "price": price,
            "product_se": 2,
            "service_se": 2,
            "process_se": 3,
        }
        for name, (product, service, process, price) in known.items()
    ]


@cache
def late_checkouts() -> Facts:
    """A hotel asks sixty other guests each year about three features: late check-out turns from a delight into a matter
    of course.
    """
    rng, rows = np.random.default_rng(3), []
    pair = {"A": (1, 3), "O": (1, 5), "M": (2, 5), "I": (3, 3)}
    shares = {
        "late_checkout": {"2024": (40, 20, 10, 30), "2025": (25, 35, 20, 20), "2026": (10, 30, 45, 15)},
        "minibar": dict.fromkeys(("2024", "2025", "2026"), (20, 10, 10, 60)),
        "quiet": dict.fromkeys(("2024", "2025", "2026"), (5, 25, 60, 10)),
    }
    for construct, waves in shares.items():
        for wave, percent in waves.items():
            for at, letter in enumerate(rng.permutation(np.repeat(list("AOMI"), np.array(percent) * 60 // 100))):
                about: dict[str, Any] = {"wave": wave, "response": f"{wave}-{at}", "site": "AB"[at % 2]}
                sides = zip(("functional", "dysfunctional"), pair[str(letter)], strict=True)
                rows += [said(construct, [value], role=role, **about) for role, value in sides]
    return facts(*rows)
