"""What can be wrong in a mapping by itself, before any file is seen: each finding with its line and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from peakend.documents.problems import guess
from peakend.documents.source import Path
from peakend.facts import ANSWERS, EVENTS, ROLES
from peakend.formats.cells import key, number
from peakend.formats.plan import RESERVED, Cell, Codes, Mapping, Slot

Fault = tuple[str, Path, dict[str, object]]
"""Id, path in the mapping, and the facts of the case."""


def faults(mapping: Mapping) -> Iterator[Fault]:
    """Everything that is wrong in the mapping; what is wrong in a block is told once, not for each of its items."""
    seen: set[tuple[str, Path, str]] = set()
    for rule in RULES:
        for name, path, fields in rule(mapping):
            what = (name, path, str({field: value for field, value in fields.items() if field != "column"}))
            if what not in seen:
                yield name, path, fields
            seen.add(what)


def _tables_of(mapping: Mapping) -> Iterator[Fault]:
    if not (mapping.answers or mapping.comments or mapping.choices):
        yield "mapping.nothing", (), {}


def _slots(mapping: Mapping) -> Iterator[Fault]:
    seen: dict[str, Slot] = {}
    for slot in mapping.slots():
        if not slot.column:
            yield "mapping.no_column", slot.path, {}
        elif slot.column in seen:
            yield (
                "mapping.column_twice",
                slot.path,
                {"column": slot.column, "first": seen[slot.column].item, "second": slot.item},
            )
        seen.setdefault(slot.column, slot)
        yield from _slot(slot)


def _slot(slot: Slot) -> Iterator[Fault]:
    if slot.role is None:
        yield "mapping.no_role", slot.where("role"), {"column": slot.column, "known": ", ".join(ROLES)}
    elif slot.role not in ROLES:
        yield "mapping.role", slot.where("role", "columns"), {"role": slot.role, "known": guess(slot.role, ROLES)}
    if slot.low is None or slot.high is None:
        yield "mapping.no_scale", slot.where("low", "high"), {"column": slot.column}
    elif slot.low >= slot.high:
        yield (
            "mapping.scale",
            slot.where("low", "high"),
            {"column": slot.column, "low": f"{slot.low:g}", "high": f"{slot.high:g}"},
        )
    else:
        yield from _values(slot, slot.low, slot.high)


def _values(slot: Slot, low: float, high: float) -> Iterator[Fault]:
    for word, value in slot.values.items():
        if not low <= value <= high:
            yield (
                "mapping.value_off_scale",
                slot.where("values", "low", "high"),
                {"column": slot.column, "cell": word, "value": f"{value:g}", "low": f"{low:g}", "high": f"{high:g}"},
            )
    words = {key(cell) for cell in slot.values}
    for state, cell in _code_cells(slot.codes):
        code = number(key(cell))
        on_scale = code is not None and low <= code <= high
        if on_scale or key(cell) in words:
            yield (
                "mapping.code_on_scale",
                slot.where("codes", "low", "high"),
                {"column": slot.column, "code": cell, "state": state, "low": f"{low:g}", "high": f"{high:g}"},
            )


def _code_cells(codes: Codes) -> Iterator[tuple[str, Cell]]:
    for state, cells in codes.by_state():
        for cell in cells:
            yield state, cell


def _codes(mapping: Mapping) -> Iterator[Fault]:
    for path, codes in _all_codes(mapping):
        seen: dict[str, str] = {}
        for state, cell in _code_cells(codes):
            first = seen.setdefault(key(cell), state)
            if first != state:
                yield "mapping.code_twice", path, {"code": cell, "first": first, "second": state}


def _all_codes(mapping: Mapping) -> Iterator[tuple[Path, Codes]]:
    for b, block in enumerate(mapping.answers):
        if block.codes:
            yield ("answers", b, "codes"), block.codes
        for i, item in enumerate(block.items):
            if item.codes:
                yield ("answers", b, "items", i, "codes"), item.codes
    for name in ("comments", "choices", "events"):
        for i, part in enumerate(getattr(mapping, name)):
            yield (name, i, "codes"), part.codes


def _lists(mapping: Mapping) -> Iterator[Fault]:
    for name in ("comments", "events"):
        for i, part in enumerate(getattr(mapping, name)):
            if part.codes_of is not None and part.codes_of not in mapping.lists:
                yield (
                    "mapping.no_list",
                    (name, i, "list"),
                    {"list": part.codes_of, "known": guess(part.codes_of, mapping.lists)},
                )


def _time(mapping: Mapping) -> Iterator[Fault]:
    if mapping.at is None:
        return
    if mapping.zone is None:
        yield "mapping.no_zone", ("at",), {}
    elif zone(mapping.zone) is None:
        yield "mapping.zone", ("zone",), {"zone": mapping.zone}
    needs = {"day_of_month": "month", "pattern": "pattern"}.get(mapping.at.form)
    if needs and getattr(mapping.at, needs) is None:
        yield "mapping.form_needs", ("at",), {"form": mapping.at.form, "needs": needs}


def zone(name: str) -> ZoneInfo | None:
    """The time zone with this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _events(mapping: Mapping) -> Iterator[Fault]:
    timed = {event.kind for event in mapping.events if event.at}
    for i, event in enumerate(mapping.events):
        if sum((event.at is not None, event.when is not None, bool(event.columns))) != 1 or bool(event.columns) != (
            event.codes_of is not None
        ):
            yield "mapping.event_needs", ("events", i), {"kind": event.kind}
        if event.at and mapping.at is None:
            yield "mapping.event_day", ("events", i, "at"), {"kind": event.kind}
        if event.at and event.at.after is not None and event.at.after not in timed - {event.kind}:
            yield (
                "mapping.after",
                ("events", i, "at", "after"),
                {"kind": event.at.after, "known": ", ".join(sorted(timed - {event.kind})) or "—"},
            )


def _segments(mapping: Mapping) -> Iterator[Fault]:
    standard = {column.name for column in (*ANSWERS, *EVENTS)} - set(RESERVED)
    for name in mapping.columns:
        if name in standard:
            yield "mapping.reserved", ("columns", name), {"name": name}


def _choices(mapping: Mapping) -> Iterator[Fault]:
    for c, choice in enumerate(mapping.choices):
        for o, option in enumerate(choice.options):
            if any(option.id == other.id or key(option.cell) == key(other.cell) for other in choice.options[:o]):
                yield "mapping.option_twice", ("choices", c, "options", o), {"option": option.id}


RULES: Final[tuple[Callable[[Mapping], Iterator[Fault]], ...]] = (
    _tables_of,
    _slots,
    _codes,
    _lists,
    _time,
    _events,
    _segments,
    _choices,
)


def references(mapping: Mapping) -> Iterator[tuple[str, Path]]:
    """Every column that the mapping speaks of, and where it does."""
    for name in ("response", "visit", "customer", "weight"):
        if getattr(mapping, name) is not None:
            yield getattr(mapping, name), (name,)
    yield from ((condition.column, ("leave_out", i)) for i, condition in enumerate(mapping.leave_out))
    if mapping.at:
        yield mapping.at.column, ("at",)
    yield from ((segment.column, ("columns", name)) for name, segment in mapping.columns.items())
    for slot in mapping.slots():
        yield slot.column, slot.path
        yield from ((rule.column, slot.path) for rule in slot.blank_when)
    for name in ("comments", "choices", "events"):
        for i, part in enumerate(getattr(mapping, name)):
            yield from ((column, (name, i)) for column in _of_part(part))


def _of_part(part: Any) -> Iterator[str]:
    yield from getattr(part, "columns", ())
    yield from (rule.column for rule in getattr(part, "blank_when", ()))
    for holder in (part, getattr(part, "at", None), getattr(part, "when", None)):
        column = getattr(holder, "column", None)
        if column is not None:
            yield column
    if getattr(part, "value", None) is not None:
        yield part.value
