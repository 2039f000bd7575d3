"""Answers that a method of the register is shown on, where neither sample was asked what it needs."""

from __future__ import annotations

from typing import Any

import numpy as np

from peakend.facts import Facts
from tests.methods.facts_of import NOT_APPLICABLE, facts, said

SEVEN = (1.0, 7.0)


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
    return [said(construct, [value], scale=SEVEN, response=f"{who}{at}", site="AB"[at % 2], **about) for at, value in enumerate(kept)]


def five_sided() -> Facts:
    """A clinic with two branches: sixty customers, six managers and eight at the counter; managers think too little of empathy."""
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
            rows += _each(dimension, belief + rng.integers(-1, 2, 6), item=item, role="belief", respondent_kind="manager", who="m")
        rows += _each(dimension, standard + rng.integers(-1, 2, 6), role="standard", respondent_kind="manager", who="m")
        for role, at in (("delivered", delivered), ("promised", promised)):
            rows += _each(dimension, at + rng.integers(-1, 2, 8), role=role, respondent_kind="frontline", who="f")
    return facts(*rows)


def branches(count: int = 18) -> Facts:
    """A bank's branches: where staff cannot keep standards, customers find less; what managers believe goes with nothing."""
    rng, rows = np.random.default_rng(18), []
    for at in range(count):
        slack = rng.uniform(0, 3)
        for dimension in ("reliability", "empathy"):
            about = {"site": f"branch {at:02}", "item": "one"}

            def ask(who: str, kind: str, role: str, n: int, mean: float) -> None:
                values = np.clip(np.round(mean + rng.normal(0, 0.7, n)), *SEVEN).tolist()
                rows.extend(
                    said(dimension, [value], scale=SEVEN, response=f"{who}{at}-{i}", role=role, respondent_kind=kind, **about)  # noqa: B023
                    for i, value in enumerate(values)
                )

            ask("c", "customer", "expectation", 10, 6)
            ask("c", "customer", "perception", 10, 5.8 - slack)
            ask("m", "manager", "belief", 5, 6)
            ask("m", "manager", "standard", 5, 5)
            ask("f", "frontline", "delivered", 5, 6.3 - slack)
            ask("f", "frontline", "promised", 5, 5 - slack / 3)
    return facts(*rows)


def airport_lounge() -> tuple[Facts, Any]:
    """Three hundred travellers judge desk and wifi of a lounge, and the whole; a third did not go to the desk. Also as a plain table."""
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
