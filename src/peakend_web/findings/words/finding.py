"""What a method has to say to whoever asks: its rows and sentences; or the state that stands in their place, with where
to go from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from peakend.errors import FactsError, PeakendError
from peakend.methods import BY_ID
from peakend.result import Method, Results
from peakend_web.findings.inquiry.method_questions import NEEDS
from peakend_web.findings.inquiry.page_options import results_of
from peakend_web.findings.inquiry.request import Inquiry

from . import empty_states, refusal_words
from .sentences import Statement, statement


def short_sentence(inquiry: Inquiry, method: Method[Any]) -> dict[str, Any]:
    """The sentence of a method with its cautions, or why there is none."""
    found = finding_of(inquiry, method)
    if found.state:
        return {"sentence": found.state["what"], "known": False}
    return {"sentence": found.statement.summary(inquiry), "known": True}


@dataclass(frozen=True)
class Finding:
    """What a method has to say here: its rows and sentences; or the state that stands in their place."""

    results: Results[Any]
    statement: Statement
    state: empty_states.State


def finding_of(inquiry: Inquiry, method: Method[Any]) -> Finding:
    """What a method says of these answers."""
    try:
        results = results_of(inquiry, method)
    except FactsError:
        raise
    except PeakendError as error:
        return Finding(Results(method, ()), Statement((), (), ()), _state_without_answers(inquiry, method.id, error))
    said = statement(inquiry, results)
    return Finding(results, said, {} if said.sentences else _without_figures(inquiry, results))


def _state_without_answers(inquiry: Inquiry, method: str, error: PeakendError | None) -> dict[str, Any]:
    """That there is nothing to show, what it needs, and where that is to be had; the method's own words folded."""
    more = "" if error is None else refusal_words.what(error, inquiry.lang)
    return {
        **empty_states.no_answers(inquiry, f"methods/{method}/", _nobody(method), _helps(inquiry, method)),
        "more": more,
    }


def _nobody(method: str) -> empty_states.NoAnswers:
    if method not in NEEDS:
        return empty_states.QUESTION
    return empty_states.NoAnswers(
        NEEDS[method],
        _("Within these filters it has nothing to show. %(needs)s") % {"needs": NEEDS[method]},
        claims=False,
    )


def _helps(inquiry: Inquiry, method: str) -> dict[str, Any]:
    if BY_ID[method].reads == "events":
        do = _("It is read from what happens, not from a survey: import it, or let a program send it.")
        there = (
            {"href": inquiry.address("data/"), "verb": _("See what came in")}
            if inquiry.here.may("import_facts")
            else {}
        )
        return {"do": do, **there}
    do = _("Add the question to a survey in the service’s design; its first answers show here.")
    return {"do": do, "href": inquiry.address("surveys/"), "verb": _("See the surveys")}


def _without_figures(inquiry: Inquiry, results: Results[Any]) -> dict[str, Any]:
    """Why there are rows and no figure: nothing of the kind was asked, or too few answered."""
    why = max((row for row in results if row.refused is not None), key=lambda row: row.n, default=None)
    if (
        why is None
        or not any(map(empty_states.was_asked, results))
        or (results.method.id in NEEDS and not any(row.n for row in results))
    ):
        return _state_without_answers(inquiry, results.method.id, why and why.refused)
    return empty_states.refusal(inquiry, f"methods/{results.method.id}/", why.refused)
