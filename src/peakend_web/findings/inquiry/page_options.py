"""With which options a page asks a method: those of its question, changed by the address where it may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from peakend.result import Method, Results
from peakend.terms import label
from peakend_web.store.columns import segments_of

from .method_questions import question_of
from .request import Inquiry

CHOICES: Final[Mapping[str, frozenset[str]]] = {"measure": frozenset({"top_box", "mean"})}
"""What an address may change, and to what."""


def view_of(inquiry: Inquiry, method: str) -> str:
    """The look that the address asks for, where the question offers it; else the usual one."""
    wanted = inquiry.selection.wishes.get("view", "")
    return wanted if wanted in question_of(method).views else ""


def options_of(inquiry: Inquiry, method: Method[Any]) -> tuple[tuple[str, Any], ...]:
    """The options of the page: those of the question and of the look at it, changed by the address where it may."""
    asked = question_of(method.id)
    options = dict(asked.options)
    if asked.views:
        options |= asked.views[view_of(inquiry, method.id)].options
    if "across" in options:
        options["across"] = column_across(inquiry)
    wanted = {
        name: value
        for name, value in inquiry.selection.wishes.items()
        if value in CHOICES.get(name, ()) and name in options
    }
    return tuple(sorted((options | wanted).items()))


def results_of(inquiry: Inquiry, method: Method[Any], by: Sequence[str] = ()) -> Results[Any]:
    """The rows of a method as its page asks it. Raises what the method raises."""
    return inquiry.results(method.id, by, **dict(options_of(inquiry, method)))


def column_across(inquiry: Inquiry) -> str:
    """The column whose values a page sets side by side: the one asked for, where it is offered; else waves."""
    offered = [name for name, _title in columns_across(inquiry)]
    wanted = inquiry.selection.wishes.get("across")
    return wanted if wanted in offered else "wave"


def columns_across(inquiry: Inquiry) -> list[tuple[str, str]]:
    """What can be set side by side here: waves, sites, channels, and the segments of the design, each with its name."""
    names = ["wave", *(["site"] if inquiry.document.sites else []), *(["channel"] if inquiry.document.channels else [])]
    segments = [(segment.id, segment.title[inquiry.lang]) for segment in segments_of(inquiry.document)]
    every = [*((name, label(name, inquiry.lang)) for name in names), *segments]
    return [(name, title) for name, title in every if inquiry.is_open(inquiry.selection.filters, (name,))]
