"""`peakend facts FILE --map MAP`: a wide file as facts, checked, counted, and written where that is wanted."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from peakend import spreadsheet
from peakend.commands.arguments import SAMPLE, Arguments, source, writable
from peakend.commands.output import grid, say, say_json
from peakend.errors import PeakendError, fill
from peakend.facts import STATES, Facts, conform
from peakend.formats.mapping import apply_plan, load, sheet_of
from peakend.formats.sheet import Note
from peakend.reduce import tally
from peakend.terms import Lang, label

TABLES: Final = (".parquet", ".csv")
Tables = tuple[Facts, Facts | None, tuple[Note, ...], int | None]
"""Answers, events, notes on reading, and the rows of the wide file."""


def run(words: Sequence[str], lang: Lang) -> int:
    """Bring a file to the fact tables; say what is in it; write them."""
    given = _parser(lang).parse_args(list(words))
    targets = {
        name: writable(path, TABLES) for name, path in (("answers", given.out), ("events", given.events)) if path
    }
    answers, events, notes, rows = _tables_of(given)
    counted = _counts(answers, ("item",) if given.items else ())
    if given.json:
        say_json({"rows": rows, "counts": counted, "notes": [{"note": note.id, **note.fields} for note in notes]})
    else:
        _print_tables(counted, events, notes, rows, lang)
    if not given.check:
        _write({"answers": answers, "events": events}, targets, lang, quiet=given.json)
    return 0


def _parser(lang: Lang) -> Arguments:
    parser = Arguments("peakend facts", label("cli.facts", lang), lang)
    parser.given.add_argument("source", metavar="FILE", help=label("cli.wide", lang))
    add = parser.options.add_argument
    add("--map", metavar="MAP", help=label("cli.map", lang))
    add("--out", metavar="ANSWERS", help=label("cli.out", lang))
    add("--events", metavar="EVENTS", help=label("cli.events", lang))
    add("--check", action="store_true", help=label("cli.check", lang))
    add("--items", action="store_true", help=label("cli.items", lang))
    add("--json", action="store_true", help=label("cli.json", lang))
    return parser


def _tables_of(given: Namespace) -> Tables:
    if given.source.startswith(SAMPLE):
        return source(given.source), source(given.source, table="events"), (), None
    if given.map is None:
        return conform(Path(given.source)), None, (), None
    plan = load(given.map)
    sheet = sheet_of(plan, given.source)
    mapped = apply_plan(plan, sheet)
    unused = (Note("note.unused", {"columns": ", ".join(mapped.unused)}),) if mapped.unused else ()
    return conform(mapped.answers), conform(mapped.events, "events"), (*mapped.notes, *unused), sheet.rows


def _counts(answers: Facts, more: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows of facts by role (and item): how many, and in which state."""
    keys = (*more, "role")
    counts = tally(answers, (), keys=keys)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    at = [counts.keys.index(name) for name in (*keys, "state")]
    for cell, count in zip(counts.cells, counts.count, strict=True):
        *key, state = (cell[i] for i in at)
        row = found.setdefault(tuple(key), {**dict(zip(keys, key, strict=True)), "rows": 0, **dict.fromkeys(STATES, 0)})
        row["rows"] += int(count)
        row[state] += int(count)
    return [found[key] for key in sorted(found, key=str)]


def _print_tables(
    counted: list[dict[str, Any]], events: Facts | None, notes: tuple[Note, ...], rows: int | None, lang: Lang
) -> None:
    for note in notes:
        say(label(note.id, lang).format(**note.fields))
    if rows is not None:
        say(fill(label("cli.respondents", lang), {"count": f"{rows:,}"}))
    names = [name for name in counted[0] if name not in STATES or any(row[name] for row in counted)] if counted else []
    labels = [label("cli.rows" if name == "rows" else "missing" if name == "skipped" else name, lang) for name in names]
    say("\n" + grid(labels, [[_label_of(name, row[name], lang) for name in names] for row in counted]))
    total = sum(row["rows"] for row in counted)
    happened = len(events.as_they_came().frame.select("kind").collect()) if events is not None else 0
    say("\n" + fill(label("cli.total", lang), {"answers": f"{total:,}", "events": f"{happened:,}"}))


def _label_of(name: str, value: Any, lang: Lang) -> Any:
    return label(value, lang) if name == "role" else value


def _write(tables: dict[str, Facts | None], targets: dict[str, Path], lang: Lang, *, quiet: bool) -> None:
    """Both files or none: each is written beside its place first, and all are put there at the end."""
    finished: list[tuple[Path, Path]] = []
    try:
        for name, target in targets.items():
            facts = tables[name]
            if facts is None:
                raise PeakendError("cli.no_events", file=str(target))
            part = target.with_name(f".{target.name}.part")
            finished.append((part, target))
            _to_file(facts.as_they_came().frame.collect("pyarrow").to_native(), part, target.suffix.lower())
        for part, target in finished:
            part.replace(target)
            if not quiet:
                say(label("cli.written", lang).format(file=target))
    except OSError as error:
        raise PeakendError(
            "cli.not_written", file=str(error.filename or ""), reason=error.strerror or str(error)
        ) from None
    finally:
        for part, _ in finished:
            part.unlink(missing_ok=True)


def _to_file(table: pa.Table, path: Path, ending: str) -> None:
    if ending == ".parquet":
        pq.write_table(table, path, compression="zstd")
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = (
            row
            for batch in table.to_batches(max_chunksize=50_000)
            for row in zip(*(c.to_pylist() for c in batch.columns), strict=True)
        )
        spreadsheet.write(file, table.column_names, rows)
