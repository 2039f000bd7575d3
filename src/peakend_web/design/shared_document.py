"""What of a design whoever has a link may see: the journey, without what was not switched on.

Nothing is hidden in a drawing: what is not shown is not in the document that is drawn, so that no byte of the page
holds it.
"""

from __future__ import annotations

from typing import Any, Final

from peakend.service.document import as_data, of_data
from peakend.service.journeys import LANES
from peakend.service.schema import ServiceDocument

SHOWN: Final = frozenset(
    {"service", "title", "languages", "dated", "source", "state", "label", "channels", "failures", "journeys"}
)
"""The parts of a document that a map is drawn of."""
WORDS: Final = frozenset({"thinks", "expects", "fears"})
"""What customers think and say at a touchpoint."""


def shared_document(service: ServiceDocument, *, words: bool, people: bool) -> ServiceDocument:
    """The document as a link shows it: with `words` what customers think, expect and fear, and for which persona; with
    `people` who owns a touchpoint and who does a step.
    """
    data = as_data(service)
    more = {"personas"} if words else set()
    more |= {"stakeholders"} if people else set()
    shown = {key: value for key, value in data.items() if key in SHOWN | more}
    for journey in shown.get("journeys", ()):
        if not words:
            journey.pop("persona", None)
            journey.pop("scenario", None)
        for stage in journey.get("stages", ()):
            for point in stage.get("touchpoints", ()):
                _withhold(point, words=words, people=people)
    return of_data(shown)


def _withhold(point: dict[str, Any], *, words: bool, people: bool) -> None:
    if not words:
        for key in WORDS:
            point.pop(key, None)
        point.get("moment_of_truth", {}).pop("thinks", None)
        point.get("emotion", {}).pop("why", None)
    if not people:
        point.pop("owner", None)
        for lane in LANES:
            steps = point.get(lane)
            for step in steps if isinstance(steps, list) else ():
                step.pop("who", None)
