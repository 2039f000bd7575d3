"""What templates may say beside Django's own: names in the reader's language, figures, and the small drawings of one
figure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from peakend.documents.parts import nearest_language
from peakend.draw.palette import DARK, LIGHT
from peakend.figures import number, signed_number
from peakend.terms import LANGUAGES, label
from peakend_web.base.languages import BETWEEN_SENTENCES, LANGS, SHORT_NAMES, reader_language
from peakend_web.base.localtime import day_words, moment_words
from peakend_web.store import least_sizes

register = template.Library()


@register.filter
def bcp47(code: str) -> str:
    """A language as HTML names it: zh-hant → zh-Hant."""
    return LANGS.get(code, code)


@register.simple_tag
def colour(name: str, *, dark: bool = False) -> str:
    """A colour of the palette, where no style sheet reaches."""
    return (DARK if dark else LIGHT)[name].lower()


@register.filter
def short_language(code: str) -> str:
    """A language in one or two characters, each in its own script."""
    return SHORT_NAMES[LANGS[code]] if code in LANGS else code


@register.filter
def inlang(words: object) -> str:
    """A text that is kept in several languages, in the reader's; in the next best where it is not translated."""
    if not isinstance(words, Mapping):
        return "" if words is None else str(words)
    there = {code for code in LANGUAGES if words.get(code)}
    return str(words[nearest_language(there, reader_language())]) if there else ""


@register.filter
def term_name(id: str) -> str:
    """The name of a term in the reader's language."""
    return label(id, reader_language())


@register.filter
def before_what_is_said(name: str) -> str:
    """A name with the colon that stands between it and what is said of it; a question has its own mark."""
    joint = " " if name.endswith("?") else "" if name.endswith("？") else pgettext("after a name", ": ")
    return f"{name}{joint}"


@register.filter
def followed_by(sentence: str, another: str) -> str:
    """Two sentences, one behind the other: in Chinese no space stands between them."""
    return BETWEEN_SENTENCES[reader_language()].join(part for part in (sentence, another) if part)


@register.filter
def initial(name: str) -> str:
    """The first letter or character of a name."""
    return name.strip()[:1].upper() or "·"


@register.filter
def figure(value: float | None, digits: int = 1) -> str:
    """A figure for eyes; an empty place where there is none."""
    return "" if value is None else number(float(value), digits)


@register.filter
def paleness(row: Any) -> str:
    """The class of what is drawn pale, as a figure of few answers is; none for others."""
    return " pale" if least_sizes.is_pale(row) else ""


@register.filter
def difference(value: float | None, digits: int = 1) -> str:
    """A difference for eyes, with its sign."""
    return "" if value is None else signed_number(float(value), digits)


@register.filter
def count(value: int | None) -> str:
    """A count with its thousands."""
    return "" if value is None else f"{value:,}"


@register.filter
def when(at: datetime | None) -> SafeString:
    """A moment in the workspace's zone, as a `time` element: "today 16:40"."""
    return _time(at, moment_words(at, reader_language())) if at else SafeString("")


@register.filter
def day(at: datetime | None) -> SafeString:
    """The day of a moment in the workspace's zone, as a `time` element: "24 Nov 2026"."""
    return _time(at, day_words(timezone.localtime(at).date(), reader_language())) if at else SafeString("")


@register.simple_tag
def now_day() -> str:
    """Today in the workspace's zone, for what is printed: "29 Nov 2026"."""
    return day_words(timezone.localdate(), reader_language())


def _time(at: datetime, words: str) -> SafeString:
    there = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        there.isoformat(timespec="seconds"),
        f"{there:%Y-%m-%d %H:%M %Z}",
        words,
    )


@register.simple_tag
def scale_line(row: Any, low: float, high: float, mean: float | None = None, side: str = "level") -> SafeString:
    """One figure on its scale: the track, the interval, the dot, and the mean of all where it is given."""
    if row is None or row.value is None:
        return SafeString("")
    at = _on(low, high)
    parts = [SafeString('<line class="track" x1="0" x2="100%" y1="14" y2="14"/>')]
    if low < 0 < high:
        parts.append(format_html('<line class="zero" x1="{0}" x2="{0}" y1="8" y2="20"/>', at(0)))
    if row.low is not None and row.high is not None:
        parts.append(format_html('<line class="span" x1="{}" x2="{}" y1="14" y2="14"/>', at(row.low), at(row.high)))
    if mean is not None:
        parts.append(format_html('<line class="mean" x1="{0}" x2="{0}" y1="4" y2="24"/>', at(mean)))
    parts.append(format_html('<circle class="dot" cx="{}" cy="14" r="4.5"/>', at(row.value)))
    box = format_html('<svg class="scale {}" aria-hidden="true" focusable="false">', side)
    return mark_safe(box + "".join(parts) + "</svg>")  # noqa: S308 — every part is format_html's


def _on(low: float, high: float) -> Callable[[float], str]:
    return lambda value: f"{100 * (min(max(value, low), high) - low) / (high - low):.2f}%"


@register.simple_tag
def emotion_line(values: Sequence[float | None], low: Sequence[int] = (), high: Sequence[int] = ()) -> SafeString:
    """The line of an experience, drawn small: through its touchpoints, each from 0 to 1 of its scale, broken where one
    has no value; those that stand out (their places) as dots, and the last, where it has a value.
    """
    places = [
        None if value is None else (4 + 88 * at / max(len(values) - 1, 1), 24 - 20 * value)
        for at, value in enumerate(values)
    ]
    runs = [
        [place for place in run if place]
        for known, run in groupby(places, key=lambda place: place is not None)
        if known
    ]
    if sum(map(len, runs)) < 2:
        return SafeString("")
    marks = [*(("trough", at) for at in low), *(("peak", at) for at in high), ("", len(places) - 1)]
    dots = "".join(
        format_html('<circle class="dot {}" cx="{}" cy="{}" r="3"/>', kind, round(place[0], 2), round(place[1], 2))
        for kind, at in marks
        if (place := places[at]) is not None
    )
    return format_html(
        '<svg class="line line-small" viewBox="0 0 96 28" aria-hidden="true" focusable="false"><path d="{}"/>{}</svg>',
        "".join(_smooth(run) for run in runs),
        mark_safe(dots),  # noqa: S308 — every dot is format_html's
    )


def _smooth(points: Sequence[tuple[float, float]]) -> str:
    """A path that rises and falls only where the points do: level tangents, half-way handles."""
    path = f"M{points[0][0]:.2f} {points[0][1]:.2f}"
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        path += f"C{middle:.2f} {y0:.2f} {middle:.2f} {y1:.2f} {x1:.2f} {y1:.2f}"
    return path


@register.filter
def as_json(value: object) -> SafeString:
    """Data for a script element: nothing in it can close the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S308 — escaped here
