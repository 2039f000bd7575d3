"""What stands on a page where a figure would: why there is none, and the one thing that helps.

Four cases are told apart, in one place for all pages: nobody was asked; nobody within the filters was, which are
offered to be cleared; answers may be there and wait, and for what; and a method refuses, in the words of
`refusal_words`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peakend.errors import PeakendError
from peakend_web.base.languages import BETWEEN_SENTENCES
from peakend_web.findings.inquiry.request import Inquiry

from . import refusal_words

State = dict[str, Any]


@dataclass(frozen=True)
class NoAnswers:
    """That nobody was asked something; and the same of those within the filters. Without `claims` it says what is
    needed, which is true of answers that wait, too.
    """

    ever: str | Promise
    within: str | Promise
    claims: bool = True


QUESTION: Final = NoAnswers(
    gettext_lazy("Nobody has been asked this question yet."),
    gettext_lazy("Nobody within these filters was asked this question."),
)


def no_answers(
    inquiry: Inquiry, path: str, said: NoAnswers = QUESTION, helps: Mapping[str, Any] | None = None
) -> State:
    """That there are no answers; `helps` is what to do where none came from anybody. `path` is the page, to which one
    comes back.
    """
    waits = pending_words(inquiry)
    if inquiry.is_narrowed:
        return {
            "what": str(said.within),
            "do": waits or _("Take a filter away, or clear all of them."),
            **without_filters(inquiry, path),
        }
    if waits:
        what = _("No figure yet: either nobody was asked, or the answers wait.") if said.claims else str(said.ever)
        return {**(helps or {}), "what": what, "do": waits}
    return {"what": str(said.ever), **(helps or {})}


def was_asked(row: Any) -> bool:
    """Whether anybody at all was asked what a row without a figure is about."""
    counts = ("n", "missing", "invalid", "not_applicable", "not_shown")
    return row.refused is None or row.refused.id.startswith("least.") or any(getattr(row, name, 0) for name in counts)


def refusal(inquiry: Inquiry, path: str, why: PeakendError) -> State:
    """Why a method has no figure, what helps, and the line that fills where it is answers that are missing."""
    needed, do = (
        why.fields.get("needed") or why.fields.get("fewest"),
        refusal_words.what_to_do(why, inquiry.lang, narrowed=inquiry.is_narrowed),
    )
    said = {
        "what": refusal_words.what(why, inquiry.lang),
        "do": BETWEEN_SENTENCES[inquiry.lang].join(part for part in (do, pending_words(inquiry)) if part),
    }
    return {
        **said,
        "needed": needed,
        "n": why.fields.get("n", 0),
        **(without_filters(inquiry, path) if inquiry.is_narrowed else {}),
    }


def without_filters(inquiry: Inquiry, path: str) -> State:
    """The way to the same page without its filters."""
    return {"href": inquiry.address_without_filters(path), "verb": _("Clear the filters")}


def pending_words(inquiry: Inquiry) -> str:
    """What answers wait for that no figure holds yet; nothing where none can wait.

    Whoever reads groups is told it whether any wait or not, and no number: that would tell when each came.
    """
    fresh = inquiry.freshness_line()
    if fresh["grouped"]:
        least = inquiry.here.workspace.least_cell
        return _(
            "Answers are added in groups of at least %(least)s people, so that nobody can be recognised; until then "
            "they wait."
        ) % {"least": least}
    if fresh["behind"]:
        return ngettext(
            "%(n)s answer has come in and is being counted: load the page again in a moment.",
            "%(n)s answers have come in and are being counted: load the page again in a moment.",
            fresh["behind"],
        ) % {"n": f"{fresh['behind']:,}"}
    return ""
