"""What customers wrote, each a comment, and what pages show of it, quotes: word for word, never paraphrased.

Comments are quoted where ten people spoke (`least_sizes.QUOTES`), without their day, with a site where ten spoke there,
and with contact data and names hidden (`masking`). Whoever sees only what is released reads them in no order of time.

Where a survey's file holds not the words but the surveyor's code for them, that is said, and nothing is put in
quotation marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peakend.facts import Facts, Parts
from peakend.reduce import tally
from peakend.terms import Lang, label
from peakend_web.base.masking import mask
from peakend_web.findings.queries import Inquiry
from peakend_web.store import least_sizes

NEWEST: Final = 400
"""Comments of a touchpoint among which a page looks for what most say: enough for that, and soon read."""
SHORT: Final = range(4, 161)
"""Characters that a quote on another page may have: fewer say nothing, more is not read at a glance."""


@dataclass(frozen=True)
class Quote:
    """One comment, or one that several customers gave in the same words; `by` says from where and when, or how many.

    `is_code`: the text is the surveyor's name for a kind of comment, not what anybody wrote.
    """

    text: str
    by: str
    is_code: bool = False


def comments_of(inquiry: Inquiry, **conditions: Any) -> Facts:
    """The comments among the answers of a page."""
    return inquiry.facts().where(role="comment", state="answered", **conditions)


def counts_by_touchpoint(inquiry: Inquiry) -> Mapping[str | None, int]:
    """How many comments there are about each touchpoint."""
    return {place: n for place, n in _counts_by_touchpoint(inquiry).items() if n >= least_sizes.QUOTES}


def _counts_by_touchpoint(inquiry: Inquiry) -> dict[str | None, int]:
    return inquiry.remember("comments", lambda: _counts_by(comments_of(inquiry), "touchpoint"))


def _counts_by(comments: Facts, column: str) -> dict[str | None, int]:
    table = tally(comments, keys=(column,))
    counts: Counter[str | None] = Counter()
    for value, count in zip(table.column(column), table.count, strict=True):
        counts[value] += int(count)
    return dict(counts)


def are_enough(inquiry: Inquiry) -> bool:
    """Whether so many speak here that their comments may be quoted."""
    return sum(_counts_by_touchpoint(inquiry).values()) >= least_sizes.QUOTES


def quotes_about(inquiry: Inquiry, touchpoint: str, most: int = 2) -> tuple[Quote, ...]:
    """A few comments about a touchpoint: what most say in the same words, else the newest that can be read at a
    glance.
    """
    if touchpoint not in counts_by_touchpoint(inquiry):
        return ()
    key = ("quotes", touchpoint, most, inquiry.lang)
    return _note_reading(inquiry, inquiry.remember(key, lambda: _few_quotes(inquiry, touchpoint, most)))


def _note_reading(inquiry: Inquiry, quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
    """The quotes as they leave for a page: where anybody's own words are among them, the trail is to say who read
    them.
    """
    if any(not each.is_code for each in quotes):
        inquiry.readings.add("read_words")
    return quotes


def _few_quotes(inquiry: Inquiry, touchpoint: str, most: int) -> tuple[Quote, ...]:
    rows = _rows(inquiry, comments_of(inquiry, touchpoint=touchpoint), NEWEST, 0)
    times = Counter(row["text"].strip() for row in rows if len(row["text"].strip()) in SHORT)
    common = [text for text, _ in times.most_common(most)]
    first = {row["text"].strip(): row for row in reversed(rows)}
    return tuple(
        _quote(text, times[text], "" if times[text] > 1 else _site_of(first[text], inquiry), inquiry) for text in common
    )


def _quote(text: str, times: int, about: str, inquiry: Inquiry) -> Quote:
    """A comment as the page has it: `about` is where it was said, or what it is about."""
    is_code = text in inquiry.codes
    many = times_in_words(times, inquiry.lang, codes=is_code) if times > 1 else CODE_NOTES[inquiry.lang] * is_code
    words = label(text, inquiry.lang)
    return Quote(words if is_code else mask(words), " · ".join(part for part in (about, many) if part), is_code)


CODE_NOTES: Final[Mapping[Lang, str]] = {
    "en": "summary code of the survey firm",
    "zh-Hant": "由調查單位歸類",
    "zh-Hans": "由调查方归类",
}


def times_in_words(times: int, lang: Lang, *, codes: bool = False) -> str:
    """How many said so: "said 12 times"; of codes, how often the surveyor gave them."""
    if codes:
        return {
            "en": f"summary code of the survey firm, {times:,}\u00a0people",
            "zh-Hant": f"由調查單位歸類，共 {times:,} 人",
            "zh-Hans": f"由调查方归类，共 {times:,} 人",
        }[lang]
    return {
        "en": f"said\u00a0{times:,}\u00a0times",
        "zh-Hant": f"共 {times:,} 人這麼說",
        "zh-Hans": f"共 {times:,} 人这样说",
    }[lang]


def page_of_quotes(inquiry: Inquiry, page: int, size: int) -> tuple[tuple[Quote, ...], int]:
    """A page of comments and how many there are. Where most were said in the same words, each of those once, the most
    said first.
    """
    if not are_enough(inquiry):
        return (), 0
    times_said = inquiry.remember("comments by text", lambda: _counts_by_text(comments_of(inquiry)))
    many = sum(times_said.values())
    if len(times_said) * 3 > many:
        return page_of_newest(inquiry, page, size), many
    by_times = sorted(times_said.items(), key=lambda pair: (-pair[1], pair[0][1], pair[0][0] or ""))
    here = by_times[page * size : (page + 1) * size]
    quotes = tuple(
        _quote(text, times, label(place, inquiry.lang) if place else "", inquiry) for (place, text), times in here
    )
    return _note_reading(inquiry, quotes), len(by_times)


def _counts_by_text(comments: Facts) -> Counter[tuple[str | None, str]]:
    table = tally(comments, keys=("touchpoint", "text"))
    counts: Counter[tuple[str | None, str]] = Counter()
    for touchpoint, text, count in zip(table.column("touchpoint"), table.column("text"), table.count, strict=True):
        if text:
            counts[touchpoint, text.strip()] += int(count)
    return counts


def page_of_newest(inquiry: Inquiry, page: int, size: int) -> tuple[Quote, ...]:
    """A page of comments, the newest first."""
    if not are_enough(inquiry):
        return ()
    key = ("page of quotes", page, size, inquiry.lang)
    return _note_reading(inquiry, inquiry.remember(key, lambda: _page(inquiry, page, size)))


def _page(inquiry: Inquiry, page: int, size: int) -> tuple[Quote, ...]:
    return tuple(_quote_of(row, inquiry) for row in _rows(inquiry, comments_of(inquiry), size, page * size))


def _quote_of(row: Mapping[str, Any], inquiry: Inquiry) -> Quote:
    place = label(row["touchpoint"], inquiry.lang) if row["touchpoint"] else ""
    return _quote(row["text"].strip(), 1, " · ".join(part for part in (place, _site_of(row, inquiry)) if part), inquiry)


def _rows(inquiry: Inquiry, comments: Facts, size: int, skip: int) -> Sequence[Mapping[str, Any]]:
    """The newest first; of what is released, in the order of their letters: when somebody wrote is not told there."""
    if inquiry.sees_each:
        return _newest(comments, size, skip)
    frame = (
        comments.frame.select(*COLUMNS).sort("text", "touchpoint", nulls_last=True).head(skip + size).collect("pyarrow")
    )
    return [row for row in frame.to_native().to_pylist()[skip:] if row["text"]]


COLUMNS: Final = ("text", "touchpoint", "site", "at_us", "source_key")


def _newest(comments: Facts, size: int, skip: int) -> Sequence[Mapping[str, Any]]:
    """The newest of all are among the newest of each part; those are kept."""
    if comments.parts is None:
        return [row for row in _read_newest(comments, skip + size)[skip:] if row["text"]]
    steady, fresh = comments.parts.keys("row")
    rows = [row for key in (*steady, *fresh) for row in _newest_of(comments, comments.parts, key, skip + size)]
    rows.sort(key=lambda row: (row["at_us"] is not None, row["at_us"] or 0, row["source_key"]), reverse=True)
    return [row for row in rows[skip : skip + size] if row["text"]]


def _newest_of(comments: Facts, parts: Parts, part: Hashable, most: int) -> Sequence[Mapping[str, Any]]:
    key = ("newest", comments.conditions.key, most, part)
    rows = parts.get(key)
    if rows is None:
        rows = _read_newest(comments.of_parts("row", [part]), most)
        parts.put(key, rows)
    return rows  # type: ignore[no-any-return]


def _read_newest(comments: Facts, most: int) -> Sequence[Mapping[str, Any]]:
    frame = (
        comments.frame.select(*COLUMNS)
        .sort("at_us", "source_key", descending=True, nulls_last=True)
        .head(most)
        .collect("pyarrow")
    )
    rows: Sequence[Mapping[str, Any]] = frame.to_native().to_pylist()
    return rows


def _site_of(row: Mapping[str, Any], inquiry: Inquiry) -> str:
    """At which site somebody spoke, where many did; never on which day."""
    sites = inquiry.remember("comments by site", lambda: _counts_by(comments_of(inquiry), "site"))
    return label(row["site"], inquiry.lang) if row["site"] and sites.get(row["site"], 0) >= least_sizes.QUOTES else ""
