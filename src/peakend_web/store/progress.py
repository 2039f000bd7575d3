"""How far people come in a survey: the furthest question of each response, counted."""

from __future__ import annotations

from collections.abc import Sequence

from peakend.facts import Facts
from peakend.facts.sql import quoted_text


def reached(facts: Facts, items: Sequence[str]) -> list[int]:
    """Of how many responses there is an answer to this question or to a later one, for each of the questions in their
    order. A response that came to its end has rows for all of them.
    """
    places = " ".join(f"WHEN {quoted_text(item)} THEN {at}" for at, item in enumerate(items))
    furthest = f"SELECT max(CASE item {places} END) AS place FROM _rows GROUP BY response"  # noqa: S608 — our own text
    counted = f"SELECT place, count(*) FROM ({furthest}) WHERE place IS NOT NULL GROUP BY place"  # noqa: S608 — our own text
    stopped = dict(facts.frame.to_native().query("_rows", counted).fetchall())
    return [sum(many for place, many in stopped.items() if place >= at) for at in range(len(items))]
