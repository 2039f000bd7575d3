"""What of a design whoever has a link may see: the journey, and beside it what was switched on.

Nothing is hidden in a drawing: what is not shown is not in the document that is drawn, so that no byte of the page
holds it. What a link shows is named here, part by part; whatever else a document holds, or comes to hold, is not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from peakend.service.document import as_data, of_data
from peakend.service.journeys import LANES
from peakend.service.schema import ServiceDocument

Keys = Mapping[str, Any]
"""Which keys of a part are kept: each with True, as it stands, or with the keys that are kept of what stands there."""

MAP: Final[Keys] = {
    **dict.fromkeys(("service", "title", "languages", "dated", "state", "label"), True),
    "journeys": {
        **dict.fromkeys(("id", "title"), True),
        "stages": {
            **dict.fromkeys(("id", "title", "after"), True),
            "touchpoints": {
                **dict.fromkeys(("id", "title", "designed_as"), True),
                "emotion": {"planned": True},
                "moment_of_truth": {},
                "wait": {},
            },
        },
    },
}
"""The map: what the stages and touchpoints are called, the planned curve, and where customers wait and decide."""
WORDS: Final[Keys] = {
    "source": True,
    "personas": {"id": True, "name": True},
    "journeys": {
        **dict.fromkeys(("persona", "scenario"), True),
        "stages": {
            "touchpoints": {
                **dict.fromkeys(("customer", "thinks", "expects", "fears", "emotion"), True),
                "moment_of_truth": dict.fromkeys(("trigger", "thinks", "words"), True),
            },
        },
    },
}
"""What customers do, think, expect and fear, who they are, and where that comes from: a source names who was asked."""
PEOPLE: Final[Keys] = {
    "stakeholders": {"id": True, "name": True, "side": True},
    "channels": {"id": True, "title": True},
    "failures": {"id": True, "title": True},
    "journeys": {
        "stages": {
            "touchpoints": {
                **dict.fromkeys(("customer", "evidence", *LANES), True),
                **dict.fromkeys(("channels", "owner", "takes", "fails"), True),
                "wait": dict.fromkeys(("text", "typical_minutes"), True),
            },
        },
    },
}
"""Who does what before and behind the lines, how long it takes, and what fails there."""


def shared_document(service: ServiceDocument, *, words: bool, people: bool) -> ServiceDocument:
    """The document as a link shows it: the map; with `words` what customers think, expect and fear, and for which
    persona; with `people` who owns a touchpoint and who does a step.
    """
    shown = [MAP, *([WORDS] if words else []), *([PEOPLE] if people else [])]
    return of_data(_kept(as_data(service), shown))


def _kept(data: Any, shown: list[Any]) -> Any:
    """Of a value, or of each in a list, what any of these keeps."""
    if True in shown:
        return data
    if isinstance(data, list):
        return [_kept(each, shown) for each in data]
    inner = {key: [keys[key] for keys in shown if key in keys] for key in data}
    return {key: _kept(data[key], keys) for key, keys in inner.items() if keys}
