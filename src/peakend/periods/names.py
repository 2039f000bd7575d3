"""The names of periods as the kernels write them, one after another: "2026-11-23", "2026-W48", "2026-11", "2026-Q4",
"2026".
"""

from __future__ import annotations

import datetime as dt


def next_period(period: str) -> str:
    """The period after this one, of the same grain; written as the kernels write it: "2026-11-23", "2026-W48",
    "2026-11", "2026-Q4", "2026".
    """
    if "W" in period:
        year, week = period.split("-W")
        return "{}-W{:02d}".format(
            *(dt.date.fromisocalendar(int(year), int(week), 1) + dt.timedelta(days=7)).isocalendar()[:2]
        )
    if "Q" in period:
        start, quarter = (int(part) for part in period.split("-Q"))
        return f"{start + quarter // 4:04d}-Q{quarter % 4 + 1}"
    if len(period) == 10:
        return (dt.date.fromisoformat(period) + dt.timedelta(days=1)).isoformat()
    year, _, month = period.partition("-")
    return f"{int(year) + int(month) // 12:04d}-{int(month) % 12 + 1:02d}" if month else f"{int(year) + 1:04d}"
