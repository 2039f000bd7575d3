"""The named peers, each at what it is known for. Run by the interpreter of their own environment; knows nothing of
Peakend.

    .venv/peers/bin/python benchmarks/peers.py NAME ANSWERS EVENTS SIZE

Reads "run" from its input as often as it comes and answers with the CPU seconds that took; at the end with the peak of
its memory.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

warnings.filterwarnings("ignore")


def log(events: str) -> Any:
    import pandas as pd  # noqa: PLC0415
    import pm4py  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows = pq.read_table(events, columns=["visit", "touchpoint", "at_us"]).to_pandas()
    rows["at"] = pd.to_datetime(rows.pop("at_us"), unit="us", utc=True)
    return pm4py.format_dataframe(rows, case_id="visit", activity_key="touchpoint", timestamp_key="at")


def edges(_: str, events: str, _size: int) -> Any:
    import pm4py  # noqa: PLC0415

    return pm4py.discover_dfg(log(events))


def bundle(_: str, events: str, _size: int) -> Any:
    import pm4py  # noqa: PLC0415

    found = log(events)
    return pm4py.discover_dfg(found), pm4py.discover_performance_dfg(found), pm4py.get_variants(found)


def table(size: int, rows: int = 1_000) -> Any:
    """Ratings of `size` drivers and an outcome."""
    import numpy as np  # noqa: PLC0415

    chance = np.random.default_rng(size)
    common = chance.normal(size=(rows, 1))
    x = chance.normal(size=(rows, size)) + common
    return np.column_stack([x, x @ np.linspace(1, 0.1, size) + chance.normal(size=rows)])


def lmg(_: str, __: str, size: int) -> Any:
    import contextlib  # noqa: PLC0415
    import io  # noqa: PLC0415

    import pandas as pd  # noqa: PLC0415
    from dominance_analysis import Dominance  # noqa: PLC0415

    frame = pd.DataFrame(table(size), columns=[*(f"x{i}" for i in range(size)), "y"])
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return Dominance(data=frame, target="y", objective=1, top_k=size).incremental_rsquare()


def alpha(answers: str, _: str, _size: int) -> Any:
    import pingouin  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    wanted = [("role", "in", ["perception"]), ("state", "in", ["answered"])]
    rows = pq.read_table(answers, columns=["response", "construct", "item", "value"], filters=wanted).to_pandas()
    wide = rows.pivot_table(index="response", columns=["construct", "item"], values="value", aggfunc="mean")
    return [pingouin.cronbach_alpha(data=wide[name], nan_policy="pairwise") for name in wide.columns.levels[0]]


def interval(_: str, __: str, size: int) -> Any:
    import numpy as np  # noqa: PLC0415
    from scipy.stats import bootstrap  # noqa: PLC0415

    side = np.random.default_rng(1).choice([-100.0, 0.0, 100.0], size, p=[0.2, 0.3, 0.5])
    return bootstrap(
        (side,), np.mean, n_resamples=1_000, method="percentile", batch=100, random_state=np.random.default_rng(2)
    )


PEERS = {"edges": edges, "bundle": bundle, "lmg": lmg, "alpha": alpha, "interval": interval}


def serve(run: Any) -> None:
    """Run once to be warm, say so, and then whenever asked; at the end say how much memory it took at most, in MB."""
    run()
    print("ready", flush=True)
    for _ in sys.stdin:
        begun = time.process_time()
        run()
        print(time.process_time() - begun, flush=True)
    status = Path("/proc/self/status").read_text()
    print(json.dumps({"peak": int(status.partition("VmHWM:")[2].split()[0]) / 1024}), flush=True)


if __name__ == "__main__":
    name, answers, events, size = sys.argv[1:]
    serve(lambda: PEERS[name](answers, events, int(size)))
