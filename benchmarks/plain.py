"""The questions of `benchmarks.kernels` as one would answer them in plain pandas: read the columns that are needed,
group, pivot.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.kernels import DIMENSIONS


def read(file: Path, columns: str, **wanted: Any) -> pd.DataFrame:
    return pd.read_parquet(
        file, columns=columns.split(), filters=[(name, "in", values) for name, values in wanted.items()] or None
    )


def counted(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    rows = rows.assign(squared=rows["weight"] ** 2)
    return rows.groupby(keys, dropna=False, sort=False).agg(
        count=("weight", "size"), weight=("weight", "sum"), weight2=("squared", "sum")
    )


def nps(answers: Path, _: Path) -> Any:
    return counted(
        read(answers, "site low high state value weight", construct=["nps"], role=["score"]),
        ["site", "low", "high", "state", "value"],
    )


def trend(answers: Path, _: Path) -> Any:
    rows = read(answers, "construct day low high state value weight", role=["score"])
    return counted(rows.assign(month=rows["day"] // 30), ["construct", "month", "low", "high", "state", "value"])


def kano(answers: Path, _: Path) -> Any:
    rows = read(answers, "response construct role state value weight", role=["functional", "dysfunctional"])
    sides = rows.pivot_table(
        index=["response", "construct", "weight"],
        columns="role",
        values="value",
        aggfunc="max",
        dropna=False,
        observed=True,
    )
    return counted(sides.reset_index(), ["construct", "functional", "dysfunctional"])


def drivers(answers: Path, _: Path) -> Any:
    names = sorted([f"desk-{j}" for j in range(20)] + ["overall"])
    rows = read(answers, "response construct value", role=["score"], state=["answered"], construct=names)
    return gram(rows.pivot_table(index="response", columns="construct", values="value", aggfunc="mean"))


def gaps(answers: Path, _: Path) -> Any:
    rows = read(answers, "response construct item role value", role=["expectation", "perception"], state=["answered"])
    sides = rows.pivot_table(
        index=["response", "construct", "item"], columns="role", values="value", aggfunc="max"
    ).dropna()
    means = (
        sides.groupby(["response", "construct"])
        .agg(e=("expectation", "mean"), p=("perception", "mean"), n=("perception", "size"))
        .reset_index()
    )
    means = means[2 * means["n"] >= means["construct"].map(DIMENSIONS)]
    return gram(means.pivot(index="response", columns="construct", values=["e", "p"]))


def peak_end(answers: Path, _: Path) -> Any:
    rows = read(answers, "visit at_us role touchpoint value", state=["answered"], role=["score", "remembered"])
    memory = rows[rows["role"] == "remembered"].groupby("visit")["value"].mean()
    moments = rows[(rows["role"] == "score") & rows["touchpoint"].isin([f"moment-{j}" for j in range(15)])].sort_values(
        ["visit", "at_us"]
    )
    place = moments.groupby("visit").cumcount()
    grouped = moments.assign(i=place, ix=place * moments["value"], ii=place**2).groupby("visit")
    found = (
        grouped["value"]
        .agg(["count", "sum", "mean", "max", "min", "first", "last", "std"])
        .join(grouped[["i", "ix", "ii"]].sum())
        .join(memory)
    )
    found["slope"] = (found["ix"] - found["i"] * found["mean"]) / (
        found["ii"] - found["i"] ** 2 / found["count"]
    ).replace(0, np.nan)
    return gram(found)


def journeys(_: Path, events: Path) -> Any:
    rows = read(events, "visit at_us touchpoint").sort_values(["visit", "at_us", "touchpoint"])
    then = rows.groupby("visit")[["touchpoint", "at_us"]].shift(-1)
    steps = pd.DataFrame(
        {"a": rows["touchpoint"], "b": then["touchpoint"], "waited": then["at_us"] - rows["at_us"]}
    ).dropna()
    ways = rows.groupby("visit", sort=False)["touchpoint"].agg(tuple).value_counts()
    return steps.groupby(["a", "b"])["waited"].agg(["size", "sum"]), ways


def gram(table: pd.DataFrame) -> np.ndarray[Any, Any]:
    x = table.to_numpy(dtype=float)
    held = ~np.isnan(x)
    x, present = np.where(held, x, 0.0), held.astype(float)
    return np.stack([present.T @ present, x.T @ present, x.T @ x])


ASKED = (nps, trend, kano, drivers, gaps, peak_end, journeys)
