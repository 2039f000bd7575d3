"""The customers' own words about a touchpoint, quoted and never paraphrased.

Words are quoted from ten voices on (`least.WORDS`), without their day, at a site where ten spoke, and with contact data
and names hidden (`masking`). Whoever sees only what is released reads them in no order of time.

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
from peakend_web.base.grants import Standing
from peakend_web.base.masking import mask
from peakend_web.findings.queries import Inquiry
from peakend_web.models import Membership, Role
from peakend_web.people.queries import members_who_may
from peakend_web.store import least_sizes

LOOKED_AT: Final = 400
SHORT: Final = range(4, 161)


@dataclass(frozen=True)
class Voice:
    """One comment, or one that several customers gave in the same words; `by` says from where and when, or how many.

    `coded`: the text is the surveyor's name for a kind of comment, not what anybody wrote.
    """

    text: str
    by: str
    coded: bool = False


def said(inquiry: Inquiry, **conditions: Any) -> Facts:
    """The comments among the answers of a page."""
    return inquiry.facts().where(role="comment", state="answered", **conditions)


def counts(inquiry: Inquiry) -> Mapping[str | None, int]:
    """How many comments there are about each touchpoint."""
    found = inquiry.remember("comments", lambda: _counted(said(inquiry), "touchpoint"))
    return {place: n for place, n in found.items() if n >= least_sizes.WORDS}


def _counted(comments: Facts, column: str) -> dict[str | None, int]:
    table = tally(comments, keys=(column,))
    found: Counter[str | None] = Counter()
    for value, count in zip(table.column(column), table.count, strict=True):
        found[value] += int(count)
    return dict(found)


def enough(inquiry: Inquiry) -> bool:
    """Whether so many speak here that their words may be quoted."""
    return (
        sum(inquiry.remember("comments", lambda: _counted(said(inquiry), "touchpoint")).values()) >= least_sizes.WORDS
    )


def some(inquiry: Inquiry, touchpoint: str, most: int = 2) -> tuple[Voice, ...]:
    """A few comments about a touchpoint: what most say in the same words, else the newest that can be read at a
    glance.
    """
    if touchpoint not in counts(inquiry):
        return ()
    return _quoted(
        inquiry, inquiry.remember(("voices", touchpoint, most, inquiry.lang), lambda: _some(inquiry, touchpoint, most))
    )


def _quoted(inquiry: Inquiry, told: tuple[Voice, ...]) -> tuple[Voice, ...]:
    """The comments as they leave for a page: where anybody's own words are among them, the trail is to say who read
    them.
    """
    if any(not each.coded for each in told):
        inquiry.also_read.add("read_words")
    return told


def _some(inquiry: Inquiry, touchpoint: str, most: int) -> tuple[Voice, ...]:
    rows = _listed(inquiry, said(inquiry, touchpoint=touchpoint), LOOKED_AT, 0)
    times = Counter(row["text"].strip() for row in rows if len(row["text"].strip()) in SHORT)
    common = [text for text, _ in times.most_common(most)]
    first = {row["text"].strip(): row for row in reversed(rows)}
    return tuple(
        _told(text, times[text], "" if times[text] > 1 else _where(first[text], inquiry), inquiry) for text in common
    )


def _told(text: str, times: int, about: str, inquiry: Inquiry) -> Voice:
    """A comment as the page has it: `about` is where it was said, or what it is about."""
    coded = text in inquiry.codes
    many = label_times(times, inquiry.lang, coded=coded) if times > 1 else CODED[inquiry.lang] if coded else ""
    words = label(text, inquiry.lang)
    return Voice(words if coded else mask(words), " · ".join(part for part in (about, many) if part), coded)


CODED: Final[Mapping[Lang, str]] = {
    "en": "summary code of the survey firm",
    "zh-Hant": "由調查單位歸類",
    "zh-Hans": "由调查方归类",
}


def label_times(times: int, lang: Lang, *, coded: bool = False) -> str:
    """How many said so: "said 12 times"; of codes, how often the surveyor gave them."""
    if coded:
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


def listed(inquiry: Inquiry, page: int, size: int) -> tuple[tuple[Voice, ...], int]:
    """A page of comments and how many there are. Where most were said in the same words, each of those once, the most
    said first.
    """
    if not enough(inquiry):
        return (), 0
    said_so = inquiry.remember("words", lambda: _by_words(said(inquiry)))
    many = sum(said_so.values())
    if len(said_so) * 3 > many:
        return page_of(inquiry, page, size), many
    ordered = sorted(said_so.items(), key=lambda pair: (-pair[1], pair[0][1], pair[0][0] or ""))
    here = ordered[page * size : (page + 1) * size]
    told = tuple(
        _told(text, times, label(place, inquiry.lang) if place else "", inquiry) for (place, text), times in here
    )
    return _quoted(inquiry, told), len(ordered)


def _by_words(comments: Facts) -> Counter[tuple[str | None, str]]:
    table = tally(comments, keys=("touchpoint", "text"))
    found: Counter[tuple[str | None, str]] = Counter()
    for touchpoint, text, count in zip(table.column("touchpoint"), table.column("text"), table.count, strict=True):
        if text:
            found[touchpoint, text.strip()] += int(count)
    return found


def page_of(inquiry: Inquiry, page: int, size: int) -> tuple[Voice, ...]:
    """A page of comments, the newest first."""
    if not enough(inquiry):
        return ()
    return _quoted(
        inquiry, inquiry.remember(("voices page", page, size, inquiry.lang), lambda: _page(inquiry, page, size))
    )


def _page(inquiry: Inquiry, page: int, size: int) -> tuple[Voice, ...]:
    return tuple(_voice(row, inquiry) for row in _listed(inquiry, said(inquiry), size, page * size))


def _voice(row: Mapping[str, Any], inquiry: Inquiry) -> Voice:
    place = label(row["touchpoint"], inquiry.lang) if row["touchpoint"] else ""
    return _told(row["text"].strip(), 1, " · ".join(part for part in (place, _where(row, inquiry)) if part), inquiry)


def _listed(inquiry: Inquiry, comments: Facts, size: int, skip: int) -> Sequence[Mapping[str, Any]]:
    """The newest first; of what is released, in the order of their letters: when somebody wrote is not told there."""
    if inquiry.sees_each:
        return _newest(comments, size, skip)
    frame = (
        comments.frame.select(*SPOKEN).sort("text", "touchpoint", nulls_last=True).head(skip + size).collect("pyarrow")
    )
    return [row for row in frame.to_native().to_pylist()[skip:] if row["text"]]


SPOKEN: Final = ("text", "touchpoint", "site", "at_us", "source_key")


def _newest(comments: Facts, size: int, skip: int) -> Sequence[Mapping[str, Any]]:
    """The newest of all are among the newest of each part; those are kept."""
    if comments.parts is None:
        return [row for row in _read(comments, skip + size)[skip:] if row["text"]]
    steady, fresh = comments.parts.keys("row")
    rows = [row for key in (*steady, *fresh) for row in _newest_of(comments, comments.parts, key, skip + size)]
    rows.sort(key=lambda row: (row["at_us"] is not None, row["at_us"] or 0, row["source_key"]), reverse=True)
    return [row for row in rows[skip : skip + size] if row["text"]]


def _newest_of(comments: Facts, parts: Parts, part: Hashable, most: int) -> Sequence[Mapping[str, Any]]:
    key = ("newest", comments.asked, most, part)
    found = parts.get(key)
    if found is None:
        found = _read(comments.of_parts("row", [part]), most)
        parts.put(key, found)
    return found  # type: ignore[no-any-return]


def _read(comments: Facts, most: int) -> Sequence[Mapping[str, Any]]:
    frame = (
        comments.frame.select(*SPOKEN)
        .sort("at_us", "source_key", descending=True, nulls_last=True)
        .head(most)
        .collect("pyarrow")
    )
    rows: Sequence[Mapping[str, Any]] = frame.to_native().to_pylist()
    return rows


def _where(row: Mapping[str, Any], inquiry: Inquiry) -> str:
    """At which site somebody spoke, where many did; never on which day."""
    sites = inquiry.remember("comments by site", lambda: _counted(said(inquiry), "site"))
    return label(row["site"], inquiry.lang) if row["site"] and sites.get(row["site"], 0) >= least_sizes.WORDS else ""


def importers(here: Standing) -> list[Membership]:
    """Whom to ask about files: those who may bring them in, an analyst first."""
    return sorted(members_who_may(here, "import_facts"), key=lambda each: each.role != Role.ANALYST)
