"""Where a step of the blueprint stands, in words."""

from __future__ import annotations

from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label
from peakend_web.findings.inquiry.tracing import StepPlace


def place_words(document: ServiceDocument, place: StepPlace, lang: Lang) -> str:
    """The lane and the touchpoint of a step, and who does it."""
    who = document.title_of(place.step.who, lang) if place.step.who else ""
    return " · ".join(part for part in (label(f"lane.{place.lane}", lang), place.touchpoint.title[lang], who) if part)
