"""The five kernels, and what they stand on: all that any method asks of an engine.

Each kernel reads facts, groups, and returns a small frozen object of counts and sums (`peakend.sums`). None holds a
threshold or an opinion; what the counts mean is said in `methods`. With `facts`, this room alone speaks Narwhals:
`tallies` counts answers and `happenings` events, `wide` multiplies, `passages` and `journeys` go along visits, and
`plans` is what they share. `parted` keeps what each part of the facts came to; `columns` brings an engine's small table
to numpy; `people`, `sides`, `stepped`, `visits` and `walking` are what numpy does with it.
"""

from peakend.reduce.columns import GRAINS
from peakend.reduce.happenings import happened, lasted
from peakend.reduce.journeys import follows, visits_untimed_at
from peakend.reduce.passages import ends, walks
from peakend.reduce.tallies import pairs, tally, weighing
from peakend.reduce.visits import FEATURES
from peakend.reduce.walking import Walks
from peakend.reduce.wide import BUCKETS, gaps, levels, moments, profiles
from peakend.sums import Gaps

__all__ = [
    "BUCKETS", "FEATURES", "GRAINS", "Gaps", "Walks", "ends", "follows", "gaps", "happened", "lasted",
    "levels", "moments", "pairs", "profiles", "tally", "visits_untimed_at", "walks", "weighing",
]  # fmt: skip
