"""The five kernels, and what they stand on: all that any method asks of an engine.

With `facts`, this room alone speaks Narwhals. `kernels` has the kernels over answers and visits, `happenings` the tally of events;
`parted` keeps what each part of the facts came to; `columns` brings an engine's small table to numpy; `sides`, `stepped`, `visits` and
`walking` are what numpy does with it.
"""

from peakend.reduce.columns import EPOCH, GRAINS
from peakend.reduce.happenings import happened, lasted
from peakend.reduce.kernels import BUCKETS, ends, follows, gaps, levels, moments, pairs, profiles, tally, walks
from peakend.reduce.visits import FEATURES
from peakend.reduce.walking import Walks
from peakend.sums import Gaps

__all__ = [
    "BUCKETS", "EPOCH", "FEATURES", "GRAINS", "Gaps", "Walks", "ends", "follows", "gaps", "happened", "lasted",
    "levels", "moments", "pairs", "profiles", "tally", "walks",
]  # fmt: skip
