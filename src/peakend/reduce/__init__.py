"""The five kernels, and what they stand on: all that any method asks of an engine.

Each kernel reads facts, groups, and returns a small frozen object of counts and sums (`peakend.sums`). None holds a
threshold or an opinion; what the counts mean is said in `methods`. With `facts`, this room alone speaks Narwhals:
`tallies` counts answers and `event_tallies` events, `cross_products` multiplies, `passages` and `journeys` go along
visits, and `plans` is what they share. `parts` keeps what each part of the facts came to; `columns` brings an engine's
small table to numpy; `people`, `sides`, `engine_steps`, `visits` and `visit_walks` are what numpy does with it.
"""

from peakend.reduce.columns import GRAINS
from peakend.reduce.cross_products import BUCKETS, gaps, levels, moments, profiles
from peakend.reduce.event_tallies import durations, event_counts
from peakend.reduce.journeys import follows, visits_untimed_at
from peakend.reduce.passages import ends, walks
from peakend.reduce.tallies import pairs, tally, weight_sums
from peakend.reduce.visit_walks import Walks
from peakend.reduce.visits import FEATURES
from peakend.sums import Gaps

__all__ = [
    "BUCKETS",
    "FEATURES",
    "GRAINS",
    "Gaps",
    "Walks",
    "durations",
    "ends",
    "event_counts",
    "follows",
    "gaps",
    "levels",
    "moments",
    "pairs",
    "profiles",
    "tally",
    "visits_untimed_at",
    "walks",
    "weight_sums",
]  # fmt: skip
