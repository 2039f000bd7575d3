"""About which touchpoints a service asks its customers: what its surveys cover, and what they leave out.

One rule for a whole document and for a draft, which may not be whole yet: so both are looked at as plain data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from peakend.service.schema import ServiceDocument
from peakend.service.surveys import Survey

_PLACED: Final = ("constructs", "features")
"""The kinds of part that may belong to a touchpoint, beside those that are one."""


def asked_touchpoints(service: ServiceDocument) -> frozenset[str]:
    """The touchpoints about which a survey of customers that is not archived asks: by name, or by a feature, an outcome
    or the dimension of a place that belongs to one. What managers or auditors are asked is no voice of customers.
    """
    data = service.model_dump(by_alias=True, include={"surveys", *_PLACED})
    return frozenset(_asked(data)) & {point.id for point in service.touchpoints}


def asked_in(data: Mapping[str, Any]) -> frozenset[str]:
    """The same of a document as plain data, such as a draft."""
    stages = (stage for journey in data.get("journeys", ()) for stage in journey.get("stages", ()))
    return frozenset(_asked(data)) & {point["id"] for stage in stages for point in stage.get("touchpoints", ())}


def surveys_of_customers(service: ServiceDocument) -> tuple[Survey, ...]:
    """The surveys that ask customers and are not archived."""
    return tuple(survey for survey in service.surveys if survey.respondents == "customer" and not survey.archived)


def surveys_of_customers_in(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same of a document as plain data."""
    every = data.get("surveys", ())
    return [one for one in every if not one.get("archived") and one.get("respondents", "customer") == "customer"]


def _asked(data: Mapping[str, Any]) -> Iterator[str]:
    """What the questions name, as the touchpoint to which it belongs where there is one."""
    places = {part["id"]: part.get("touchpoint") for kind in _PLACED for part in data.get(kind, ())}
    for item in (item for survey in surveys_of_customers_in(data) for item in survey.get("items", ())):
        yield from item.get("touchpoints", ())
        named = (
            part.get(key) for part in (item, *item.get("rows", ())) for key in ("touchpoint", "construct", "feature")
        )
        yield from (places.get(name) or name for name in named if name)
