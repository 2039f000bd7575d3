"""The data of a picture: one row a mark, with what is written beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from peakend.draw.placement import name_places
from peakend.terms import Lang, label
from peakend.thresholds import side_of

from .marks import Axis, PlanePoint, Point, Share, Span

PLANE: Final = 460


Rows = list[dict[str, Any]]


def point_row(point: Point, axis: Axis, reference: float | None) -> dict[str, Any]:
    """A figure with its interval, its n, its side of the reference and its words."""
    side = "level" if reference is None else side_of(point.low, point.high, reference, n=point.n)
    return {
        "key": point.name,
        "value": point.value,
        "low": point.low,
        "high": point.high,
        "n": point.n,
        "kind": point.term or "",
        "side": side,
        "note": point.note if point.value is None else "",
        "shown": figure_text(point.value, axis.format),
        "range": interval_text(point.low, point.high, axis),
    }


def span_row(span: Span) -> dict[str, Any]:
    """Two figures of one thing, with the interval of their difference round the right one."""
    gap = None if span.left is None or span.right is None else span.right - span.left
    return {
        "key": span.name,
        "left": span.left,
        "right": span.right,
        "value": gap,
        "low": None if span.left is None or span.low is None else span.left + span.low,
        "high": None if span.left is None or span.high is None else span.left + span.high,
        "n": span.n,
        "side": side_of(span.low, span.high, 0.0, n=span.n),
        "note": span.note if gap is None else "",
        "shown": figure_text(gap, "+.2f"),
        "range": interval_text(span.low, span.high, Axis(title="", format="+.2f")),
    }


def plane_row(point: PlanePoint, x: Axis, y: Axis) -> dict[str, Any]:
    """A place on a plane, with its interval in both directions."""
    return {
        "key": point.name,
        "x": point.x,
        "y": point.y,
        "x_low": point.x_low,
        "x_high": point.x_high,
        "y_low": point.y_low,
        "y_high": point.y_high,
        "n": point.n,
        "kind": point.term or "",
        "shown": f"{x.title} {figure_text(point.x, x.format)}",
        "range": f"{y.title} {figure_text(point.y, y.format)}",
    }


def share_name(share: Share, lang: Lang) -> str:
    """A part of a whole in the key: its name, share and n."""
    return (
        f"{share.name} {share.share:.0%} (n {share.n:,})"
        if lang == "en"
        else f"{share.name} {share.share:.0%}（n {share.n:,}）"
    )


def with_ends(rows: Rows) -> Rows:
    """Where each part of a whole starts, ends and has its middle."""
    at = 0.0
    for row in rows:
        row |= {"start": at, "end": at + row["value"], "middle": at + row["value"] / 2}
        at = row["end"]
    return rows


def with_names(rows: Rows, lang: Lang) -> Rows:
    """The rows with the written count and, where they have a fixed term, its name: the words of key and tooltip."""
    for row in rows:
        row["count"] = f"n {row['n']:,}" if "n" in row else ""
        row["kindName"] = label(row["kind"], lang) if row.get("kind") else ""
    return rows


def point_values(points: Sequence[Point]) -> list[float | None]:
    """Every figure and every end of an interval, for the ends of an axis."""
    return [value for point in points for value in (point.value, point.low, point.high)]


def best_first(points: Sequence[Point]) -> list[Point]:
    """The points from the best to the worst; those without a figure last."""
    return sorted(points, key=lambda point: (point.value is None, -(point.value or 0.0), point.name))


def figure_text(value: float | None, form: str) -> str:
    """A figure as it is written, with a true minus; empty where there is none."""
    return "" if value is None else format(value, form).replace("-", "−")


def interval_text(low: float | None, high: float | None, axis: Axis) -> str:
    """An interval as it is written; empty where there is none."""
    return "" if low is None or high is None else f"{figure_text(low, axis.format)} … {figure_text(high, axis.format)}"


def last_key(rows: Rows) -> str:
    """The key of the last row that has a figure; empty where none has."""
    return next((str(row["key"]) for row in reversed(rows) if row["value"] is not None), "")


def with_places(rows: Rows, x: Axis, y: Axis) -> Rows:
    """The rows with the side of the mark that each name stands on, for a wide picture and for a phone."""
    for shape, width in (("", 560.0), ("Narrow", 280.0)):
        at = [(fraction(row["x"], x) * width, (1 - fraction(row["y"], y)) * PLANE) for row in rows]
        for row, (written, side) in zip(
            rows, name_places([row["key"] for row in rows], at, (width, PLANE)), strict=True
        ):
            row |= {f"name{shape}": written, f"place{shape}": side}
    return rows


def fraction(value: float, axis: Axis) -> float:
    """Where a value lies between the ends of its axis, from 0 to 1."""
    low, high = axis.low or 0.0, axis.high or 0.0
    return (value - low) / ((high - low) or 1.0)
