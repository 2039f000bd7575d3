"""The kernels against the best query by hand, side by side in one run: CPU time of all threads, the two taking turns.

    python -m benchmarks.kernels [--rows 1000000] [--rounds 5]

Answers and events are generated, seeded, into sorted Parquet as the columnar copy keeps them. Each question is put to a
kernel and to DuckDB in one or more formulations, of which the fastest counts; both sides read the same files, and what
they found is compared before anything is timed. Time is CPU time (user and system, all threads) because wall time on a
shared machine says little.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from peakend.facts import Facts, conform, engine
from peakend.reduce import ends, follows, moments, pairs, tally

ROWS_A_VISIT = 27
DIMENSIONS = {"tangibles": 4, "reliability": 5, "responsiveness": 4, "assurance": 4, "empathy": 5}

ANSWERS = """
create or replace temp table visits as
select i, 'v' || lpad(i::varchar, 9, '0') as visit, (hash(i) % 4)::int as module, 'site-' || (hash(i, 1) % 12) as site,
       1760000000000000 + i * (31536000000000 // {visits}) as start, 0.5 + (hash(i, 2) % 100) / 100 as weight
from range({visits}) t(i);
create or replace temp view asked as
select v.*, q.construct, q.item, q.role, q.low, q.high, q.k, q.touchpoint, hash(v.i, q.item, q.role) as h from visits v join (
    select 'nps' construct, 'nps' item, 'score' "role", 0.0 low, 10.0 high, 0 k, null touchpoint, -1 module
    union all select 'csat', 'csat', 'score', 1, 5, 1, null, -1 union all select 'ces', 'ces', 'score', 1, 7, 2, null, -1
    union all select 'desk-' || j, 'desk-' || j, 'score', 1, 5, 3 + j, 'desk-' || j, 0 from range(20) t(j)
    union all select 'overall', 'overall', 'score', 1, 5, 40, null, 0
    union all select 'kano-' || j, 'kano-' || j, r, 1, 5, 3 + j, null, 1 from range(10) t(j), (values ('functional'), ('dysfunctional')) u(r)
    union all select d, d || '-' || j, r, 1, 7, 3 + j, null, 2
        from (values {dimensions}) s(d, n), range(5) t(j), (values ('expectation'), ('perception')) u(r) where j < n
    union all select 'moment-' || j, 'moment-' || j, 'score', 1, 5, 3 + j, 'moment-' || j, 3 from range(15) t(j)
    union all select 'memory', 'memory', 'remembered', 1, 5, 40, null, 3
) q on q.module = -1 or q.module = v.module;
copy (
    select visit as response, 'customer' as respondent_kind, null::varchar as customer, visit, start + k * 60000000 as at_us,
           (start + k * 60000000) // 86400000000 as "day", site, 'web' as channel, 's' as survey, '1' as wave, item, construct, "role", touchpoint,
           case when h % 50 = 0 then 'skipped' else 'answered' end as state,
           case when h % 50 = 0 then null else low + (hash(h) + i % 3) % (high - low + 1)::int end::double as "value", low::double as low, high::double as high,
           null::varchar as text, weight::double as weight, 'bench' as source, visit || item || "role" as source_key
    from asked order by construct, "role", visit
) to '{answers}' (format parquet, compression zstd);
copy (
    with e as (select i, visit, site, start, j, hash(i, j) as h, hash(hash(i, j)) as g from visits, range(10) t(j))
    select visit, null::varchar as customer, (start + j * 90000000 + g % 60000000)::bigint as at_us, ((start + j * 90000000) // 86400000000)::bigint as "day",
           null::bigint as until_us, site, 'web' as channel, 'step-' || case when h % 5 = 0 then (g % 20) else 2 * j + h % 2 end as touchpoint, 'serve' as kind,
           null::varchar as indicator, null::double as "value", 'bench' as source, visit || j as source_key
    from e where h % 40 > 0 order by visit, at_us
) to '{events}' (format parquet, compression zstd);
"""


@dataclass(frozen=True)
class Question:
    """One question, asked of a kernel and of SQL: `same` compares what both found; `target` is the ratio that is aimed
    at.
    """

    name: str
    ours: Callable[[], Any]
    theirs: tuple[Callable[[], Any], ...]
    same: Callable[[Any, Any], bool]
    target: float


def made(folder: Path, rows: int) -> tuple[Path, Path]:
    answers, events = folder / "answers.parquet", folder / "events.parquet"
    dimensions = ", ".join(f"('{name}', {size})" for name, size in DIMENSIONS.items())
    connection = duckdb.connect()
    connection.execute(
        ANSWERS.format(visits=max(rows // ROWS_A_VISIT, 40), dimensions=dimensions, answers=answers, events=events)
    )
    return answers, events


def _counted(found: Any) -> dict[tuple[Any, ...], int]:
    return {cell: int(n) for cell, n in zip(found.cells, found.count, strict=True)}


def nps(answers: Facts, sql: Callable[[str], Any], table: str) -> Question:
    where = "construct = 'nps' and role = 'score'"
    by_value = (
        f"select site, low, high, state, value, count(*), sum(weight), sum(weight * weight) from {table} where "
        f"{where} group by all"
    )
    sides = {"p": "value >= 9", "d": "value <= 6", "n": "value is not null"}
    cases = ", ".join(
        f"count(case when {c} then 1 end), sum(case when {c} then weight end), sum(case when {c} then weight * weight "
        "end)"
        for c in sides.values()
    )
    folded = f"select site, count(*), {cases} from {table} where {where} group by site"
    return Question(
        "tally: promoter score by site",
        lambda: tally(answers.where(construct="nps", role="score"), ("site",), keys=()),
        (lambda: sql(by_value).fetchall(), lambda: sql(folded).fetchall()),
        lambda ours, _: _counted(ours) == {tuple(row[:5]): row[5] for row in sql(by_value).fetchall()},
        1.15,
    )


def trend(answers: Facts, sql: Callable[[str], Any], table: str) -> Question:
    query = (
        f"select construct, day, low, high, state, value, count(*), sum(weight), sum(weight * weight) from {table} "
        "where role = 'score' group by all"
    )
    return Question(
        "tally: every score by construct and month",
        lambda: tally(answers.where(role="score"), ("month",)),
        (lambda: sql(query).fetchall(),),
        lambda ours, theirs: int(ours.count.sum()) == sum(row[6] for row in theirs),
        1.15,
    )


def kano(answers: Facts, sql: Callable[[str], Any], table: str) -> Question:
    said = "max(case when role = '{}' and state = 'answered' then value end)"
    one = f"""select coalesce(construct, item) c, response, {said.format("functional")} f, {said.format("dysfunctional")} d, max(weight) w,
              max(case state when 'answered' then 0 when 'skipped' then 1 when 'invalid' then 2 when 'not_shown' then 3 when 'not_applicable' then 4 end) s
              from {table} where role in ('functional', 'dysfunctional') group by all"""
    pivot = f"""select c, case when f + d is not null then 0 else greatest(s, 1) end state, case when d is not null then f end, case when f is not null then d end,
                count(*), sum(w), sum(w * w) from ({one}) group by all"""

    def same(ours: Any, _: Any) -> bool:
        states = ("answered", "skipped", "invalid", "not_shown", "not_applicable")
        return _counted(ours) == {(row[0], states[row[1]], *row[2:4]): row[4] for row in sql(pivot).fetchall()}

    return Question(
        "pairs: Kano, both answers of a feature",
        lambda: pairs(answers, left="functional", right="dysfunctional"),
        (lambda: sql(pivot).fetchall(),),
        same,
        1.15,
    )


def _gram(table: Any) -> np.ndarray[Any, Any]:
    x = np.column_stack([column.to_numpy(zero_copy_only=False) for column in table.columns])
    held = ~np.isnan(x)
    x, present = np.where(held, x, 0.0), held.astype(float)
    return np.stack([present.T @ present, x.T @ present, x.T @ x])


def drivers(answers: Facts, sql: Callable[[str], Any], table: str) -> Question:
    names = sorted([f"desk-{j}" for j in range(20)] + ["overall"])
    cells = ", ".join(f"max(case when construct = '{name}' then value end)" for name in names)
    among = ", ".join(f"'{name}'" for name in names)
    query = (
        f"select {cells} from {table} where role = 'score' and state = 'answered' and construct in ({among}) group "
        "by response"
    )
    return Question(
        "moments: 20 drivers and an outcome",
        lambda: moments(answers.where(role="score", construct=tuple(names))),
        (lambda: _gram(sql(query).to_arrow_table()),),
        lambda ours, theirs: all(
            np.allclose(part[0], other)
            for part, other in zip((ours.groups[()].n, ours.groups[()].s, ours.groups[()].ss), theirs, strict=True)
        ),
        1.2,
    )


def gaps(answers: Facts, sql: Callable[[str], Any], table: str) -> Question:
    side = "max(case when role = '{}' then value end)"
    one = f"""select response, construct, item, {side.format("expectation")} e, {side.format("perception")} p
              from {table} where role in ('expectation', 'perception') and state = 'answered' group by all"""
    two = (
        "select response, construct, sum(case when p is not null then e end) e, sum(case when e is not null then p "
        f"end) p, count(e + p) n from ({one}) group by all"
    )
    cells = ", ".join(
        f"max(case when construct = '{name}' and 2 * n >= {size} then {letter} / n end)"
        for name, size in sorted(DIMENSIONS.items())
        for letter in "ep"
    )
    nested = f"select {cells} from ({two}) group by response"
    items = [(name, f"{name}-{j}") for name, size in sorted(DIMENSIONS.items()) for j in range(size)]
    wide = ", ".join(
        f"max(case when item = '{item}' and role = '{role}' then value end) as \"{role[0]}-{item}\""
        for _, item in items
        for role in ("expectation", "perception")
    )
    pivot = (
        f"select {wide} from {table} where role in ('expectation', 'perception') and state = 'answered' group by "
        "response"
    )

    def same(ours: Any, theirs: Any) -> bool:
        at = [ours.names.index((name, role)) for name in sorted(DIMENSIONS) for role in ("expectation", "perception")]
        sums = ours.groups[()].take(at)
        return all(np.allclose(part[0], other) for part, other in zip((sums.n, sums.s, sums.ss), theirs, strict=True))

    return Question(
        "moments: SERVQUAL gaps, 22 pairs",
        lambda: moments(answers, pair=("expectation", "perception")),
        (lambda: _gram(sql(nested).to_arrow_table()), lambda: _dimensions(sql(pivot).to_arrow_table(), items)),
        same,
        1.15,
    )


def _dimensions(table: Any, items: list[tuple[str, str]]) -> np.ndarray[Any, Any]:
    """The pivoted items as dimension means, in numpy."""
    import pyarrow as pa  # noqa: PLC0415

    found = {}
    for name in sorted(DIMENSIONS):
        own = [item for dimension, item in items if dimension == name]
        sides = [
            np.column_stack([table.column(f"{side}-{item}").to_numpy(zero_copy_only=False) for item in own])
            for side in "ep"
        ]
        both = ~np.isnan(sides[0] + sides[1])
        n = both.sum(axis=1)
        for side, x in zip("ep", sides, strict=True):
            found[f"{name}{side}"] = np.where(
                2 * n >= len(own), np.where(both, x, 0).sum(axis=1) / np.maximum(n, 1), np.nan
            )
    return _gram(pa.table(found))


def peak_end(answers: Facts, sql: Callable[[str], Any], table: str) -> Question:
    names = ", ".join(f"'moment-{j}'" for j in range(15))
    which = f"state = 'answered' and (role = 'remembered' or (role = 'score' and touchpoint in ({names})))"
    m = "case when role = 'score' then {} end"
    value, at = m.format("value"), m.format("at_us")
    query = f"""select count({value}), sum({value}), avg({value}), max({value}) as peak, min({value}), arg_min(value, {at}), arg_max(value, {at}) as last,
                stddev_samp({value}), regr_slope({value}, {m.format("(at_us - 1760000000000000) / 1e6")}), avg(case when role = 'remembered' then value end)
                from {table} where {which} group by visit"""
    only = answers.where(touchpoint=(None, *(f"moment-{j}" for j in range(15))))

    def same(ours: Any, theirs: Any) -> bool:
        at = [ours.names.index((name,)) for name in ("n", "sum", "mean", "peak", "trough", "start", "end", "sd")]
        return np.allclose(ours.groups[()].take(at).ss[0], theirs[2][:8, :8])

    return Question(
        "ends: 15 moments and a memory",
        lambda: ends(only),
        (lambda: _gram(sql(query).to_arrow_table()),),
        same,
        1.15,
    )


def journeys(events: Facts, sql: Callable[[str], Any], table: str) -> Question:
    names = (
        "(select touchpoint, (row_number() over (order by touchpoint) - 1)::bigint k from (select distinct "
        f"touchpoint from {table}))"
    )
    packed = (
        f"select e.visit, ((at_us - 1760000000000000) << 6) | k as key from {table} e join {names} using (touchpoint)"
    )
    follow = f"select key, lead(key) over (partition by visit order by key) nxt from ({packed})"
    edges = f"""select key & 63 a, nxt & 63 b, count(*) n, sum((nxt >> 6) - (key >> 6)) t
                from ({follow}) where nxt is not null group by all"""
    placed = (
        f"select visit, key & 63 as k, row_number() over (partition by visit order by key) as place from ({packed})"
    )
    ways = (
        f"select h, count(*) from (select visit, sum(hash(hash(k, place))) as h from ({placed}) group by visit) "
        "group by h"
    )

    def same(ours: Any, theirs: Any) -> bool:
        found = ours[()]
        order = sorted({a for edge in found.edges for a in edge})
        counted = {(order[a], order[b]): (n, int(t)) for a, b, n, t in theirs[0]}
        return {edge: (n, found.waited[edge]) for edge, n in found.edges.items()} == counted and sorted(
            found.variants.values()
        ) == sorted(n for _, n in theirs[1])

    return Question(
        "follows: edges, times and variants",
        lambda: follows(events),
        (lambda: (sql(edges).fetchall(), sql(ways).fetchall()),),
        same,
        0.6,
    )


def cpu_s(run: Callable[[], Any]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def measured(question: Question, rounds: int) -> tuple[float, float]:
    """Median CPU seconds of ours, and of the fastest of theirs, taking turns."""
    times: Mapping[int, list[float]] = {i: [] for i in range(1 + len(question.theirs))}
    for _ in range(rounds):
        for i, run in enumerate((question.ours, *question.theirs)):
            times[i].append(cpu_s(run))
    ours, *theirs = (statistics.median(times[i]) for i in times)
    return ours, min(theirs)


def questions(answers: Path, events: Path) -> list[Question]:
    connection, theirs = engine(), engine()
    said, done = (
        conform(connection.read_parquet(str(file)), name, check=False)
        for file, name in ((answers, "answers"), (events, "events"))
    )  # type: ignore[arg-type]
    own, steps = (f"read_parquet('{file}')" for file in (answers, events))
    return [
        *(make(said, theirs.sql, own) for make in (nps, trend, kano, drivers, gaps, peak_end)),
        journeys(done, theirs.sql, steps),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        answers, events = made(Path(folder), asked.rows)
        print(
            f"{asked.rows:,} answers; CPU milliseconds, median of {asked.rounds} turns. The ratio is aimed at from ten "
            "million answers on;"
        )
        print("below, what counts is how many milliseconds a call takes over the query (aim: 15).\n")
        print("| kernel | ours | best SQL | over | ratio | aim | same |\n| --- | --: | --: | --: | --: | --: | --- |")
        for question in questions(answers, events):
            same = question.same(question.ours(), question.theirs[0]())
            ours, theirs = measured(question, asked.rounds)
            figures = f"{ours * 1e3:.0f} | {theirs * 1e3:.0f} | {(ours - theirs) * 1e3:.0f} | {ours / theirs:.2f}"
            print(f"| {question.name} | {figures} | ≤ {question.target} | {'yes' if same else 'NO'} |", flush=True)


if __name__ == "__main__":
    main()
