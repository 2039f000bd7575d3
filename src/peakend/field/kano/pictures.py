"""Kano's pictures: the plane of better and worse, the table of pairs, the shares of the classes, and classes from wave
to wave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from peakend import intervals as iv
from peakend.draw import Axis, Cell, Chart, PlanePoint, Point, bars, heat, plane
from peakend.terms import Lang, label

from .classes import HALF, TERMS
from .tables import Evaluation


def planes(points: Sequence[PlanePoint], alt: str, lang: Lang) -> Chart:
    """Features by what lacking them (across) and having them (up) does, with the four classes in the corners."""
    top_left, top_right, bottom_left, bottom_right = (label(TERMS[letter], lang) for letter in "AOIM")
    return plane(
        points,
        x=Axis(title=label("kano.without_it", lang), low=0, high=1, format=".0%"),
        y=Axis(title=label("kano.with_it", lang), low=0, high=1, format=".0%"),
        alt=alt, lang=lang, cross=(HALF, HALF), quadrants=(top_left, top_right, bottom_left, bottom_right),
    )  # fmt: skip


def table(cells: Sequence[Sequence[int]], evaluation: Evaluation, alt: str, lang: Lang) -> Chart:
    """The pairs of one feature, each in the colour of its class."""
    names = [label(answer, lang) for answer in evaluation.answers]
    drawn = [
        Cell(row=names[f], column=names[d], value=count, text=str(count or ""), term=TERMS[evaluation.cells[f][d]])
        for f, line in enumerate(cells) for d, count in enumerate(line)
    ]  # fmt: skip
    return heat(
        drawn,
        alt=alt,
        lang=lang,
        row_title=label("kano.functional", lang),
        column_title=label("kano.dysfunctional", lang),
    )


def shares(counts: Mapping[str, int], ends: Mapping[str, iv.Interval], alt: str, lang: Lang) -> Chart:
    """The share of each class with its simultaneous interval."""
    n = sum(counts.values())
    points = [
        Point(
            name=label(TERMS[letter], lang), value=count / n if n else None,
            low=ends[letter][0] if letter in ends else None,
            high=ends[letter][1] if letter in ends else None, n=count, term=TERMS[letter], note=label("too_few", lang),
        )
        for letter, count in counts.items()
    ]  # fmt: skip
    return bars(
        points, axis=Axis(title=label("category", lang), low=0, format=".0%"), alt=alt, lang=lang, ordered=False
    )


def sequence(
    features: Sequence[tuple[str, Mapping[str, str | None]]], waves: Sequence[str], alt: str, lang: Lang
) -> Chart:
    """A row for each feature, a column for each wave, and in each cell the class it had then."""
    cells = [
        Cell(
            row=name,
            column=wave,
            value=1.0 if letter else 0.0,
            text=label(TERMS[letter], lang) if letter else "–",
            term=TERMS[letter or "I"],
        )
        for name, classes in features
        for wave in waves
        for letter in (classes.get(wave),)
    ]
    return heat(cells, alt=alt, lang=lang, column_title=label("wave", lang))
