"""Photos that customers sent with their answers, as pages show them: where comments are quoted, and by the same rules.

They are shown where ten people sent one (`least_sizes.QUOTES`), without a day and without a site, and of whoever stands
among the answers that are asked for: what waits in quarantine, at another site or not yet in a group is not among them.
Whoever sees only what is released sees them in no order of time.
"""

from __future__ import annotations

from collections.abc import Sequence

from peakend_web.asking.queries.photos import answer_named, content_of, items_with_photos
from peakend_web.base.refusals import Missing, Refusal
from peakend_web.findings.queries import Inquiry
from peakend_web.listening.grants import visible_photos
from peakend_web.store import least_sizes


def names_of_photos(inquiry: Inquiry) -> Sequence[str]:
    """The names of the photos among the answers of a page; none where too few have sent one."""
    items = items_with_photos(inquiry.here, inquiry.here.service)
    if not items:
        return ()
    things = inquiry.remember(("photos", items), lambda: _answers_with_photos(inquiry, items))
    found = visible_photos(inquiry.here).order_by("-at" if inquiry.sees_each else "name").values_list("about", "name")
    names = [name for about, name in found if about in things]
    if names:
        inquiry.readings.add("read_photos")
    return names


def _answers_with_photos(inquiry: Inquiry, items: frozenset[str]) -> frozenset[str]:
    """The answers to which photos belong, where enough people gave one."""
    facts = inquiry.facts().where(item=tuple(sorted(items)), state="answered")
    rows = facts.frame.select("response", "source", "source_key").collect("pyarrow").to_native().to_pylist()
    if len({row["response"] for row in rows}) < least_sizes.QUOTES:
        return frozenset()
    return frozenset(answer_named(row["source"], row["source_key"]) for row in rows)


def photo_named(inquiry: Inquiry, name: str) -> bytes:
    """A photo, for whoever is shown it on a page. Raises Missing `web.missing` where there is none, Refusal
    `web.photo_withheld` where it is not shown: too few have sent one, or its answer is not among those that are seen.
    """
    found = visible_photos(inquiry.here).filter(name=name).first()
    if found is None:
        raise Missing("web.missing")
    if name not in names_of_photos(inquiry):
        raise Refusal("web.photo_withheld", needed=least_sizes.QUOTES)
    return content_of(found)
