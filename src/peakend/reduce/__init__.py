"""The five kernels, and what they stand on: all that any method asks of an engine.

Each kernel reads facts, groups, and returns a small frozen object of counts and sums (`peakend.sums`). None holds a
threshold or an opinion; what the counts mean is said in `methods`. With `facts`, this room alone speaks Narwhals. A
kernel stands in the file of its name: `tally`, `pairs`, `moments`, `ends`, `follows`; and so does what is made as they
are: `weight_sums` with `tally`, `gaps`, `levels` and `profiles` of wide rows, `walks` of visits, `event_counts` and
`durations` of events.

They share `plans` (how a question becomes a plan), `engine_table` (an engine's small table in numpy), `units` (whose
rows they are) and `parts` (what each part of the facts came to). `wide_rows`, `item_sides` and `sides` are one row a
response, `power_sums` what is summed of it; `visit_order`, `features`, `steps` and `engine_steps` go along visits.
"""

from peakend.reduce.durations import COARSE, durations
from peakend.reduce.ends import ends
from peakend.reduce.engine_table import GRAINS
from peakend.reduce.event_counts import event_counts
from peakend.reduce.features import FEATURES
from peakend.reduce.follows import follows, visits_untimed_at
from peakend.reduce.gaps import gaps
from peakend.reduce.levels import levels
from peakend.reduce.moments import BUCKETS, moments
from peakend.reduce.pairs import pairs
from peakend.reduce.profiles import profiles
from peakend.reduce.tally import tally, weight_sums
from peakend.reduce.walks import Walks, walks
from peakend.sums import Gaps

__all__ = [
    "BUCKETS",
    "COARSE",
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
