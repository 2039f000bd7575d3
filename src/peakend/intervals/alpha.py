"""The interval of a reliability, Cronbach's α."""

from __future__ import annotations

from peakend.intervals.quantiles import Interval, f_quantile


def feldt(alpha: float, n: int, k: int, conf: float = 0.95) -> Interval | None:
    """Feldt's (1965) interval of Cronbach's α of k items and n respondents: 1 − (1 − α)·F, df n − 1 and (n − 1)(k − 1).

    None for n < 2 or k < 2. A negative α is kept: it is a sign of an item that was not reversed.
    """
    if n < 2 or k < 2:
        return None
    df1, df2, tail = n - 1, (n - 1) * (k - 1), (1 - conf) / 2
    return (1 - (1 - alpha) * f_quantile(1 - tail, df1, df2), 1 - (1 - alpha) * f_quantile(tail, df1, df2))
