"""The order of rows along visits: rows come in any order, and are put into that of visit, instant and name, so that
neither the order of rows nor the engine decides anything.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from peakend.sums import Wholes

NEVER: Final = np.iinfo(np.int64).max


def order_along_visits(visit: Wholes, at: Wholes, activity: Wholes) -> Wholes | None:
    """The order by (visit, at, activity); None where it is so already.

    Keys are packed into 64 bits where they fit: sorting values is much faster than sorting rows.
    """
    span, width = int(at.max()) - int(at.min()), int(activity.max()).bit_length()
    rows, many = np.arange(len(at)), (len(at) - 1).bit_length()
    if span.bit_length() + width > 62 or int(visit.max()).bit_length() + many > 62:
        return np.lexsort((activity, at, visit)).astype(np.int64)
    time = at - at.min()
    when = time << width | activity
    later, grouped = when[1:] >= when[:-1], visit[1:] - visit[:-1]
    if ((grouped > 0) | ((grouped == 0) & later)).all():
        return None
    begun = np.full(int(visit.max()) + 1, NEVER)
    np.minimum.at(begun, visit, when)
    since = when - begun[visit]
    bits = int(since.max()).bit_length()
    if int(visit.max()).bit_length() + bits < 64:
        return _sorting(visit << bits | since)
    by_time = rows if later.all() else _sorting(when)
    packed = np.sort(visit[by_time] << many | rows)
    return np.asarray(by_time[packed & ((1 << many) - 1)], dtype=np.int64)


def _sorting(keys: Wholes) -> Wholes:
    """The order of keys. Facts lie in sorted runs, one for each construct, and a stable sort merges what is sorted: a
    sixth of the time.
    """
    return np.argsort(keys, kind="stable")


def firsts(key: NDArray[Any]) -> Wholes:
    """Where each run of equal keys begins."""
    return np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1]))).astype(np.int64)
