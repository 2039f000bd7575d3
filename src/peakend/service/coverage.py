"""About which touchpoints a service asks its customers: what its surveys cover, and what they leave out."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.service.schema import ServiceDocument
from peakend.service.surveys import Item, Survey


def asked_touchpoints(service: ServiceDocument) -> frozenset[str]:
    """The touchpoints about which a survey of customers that is not archived asks: by name, or by a feature, an outcome
    or the dimension of a place that belongs to one. What managers or auditors are asked is no voice of customers.
    """
    places = {part.id: part.touchpoint for part in service.constructs if part.touchpoint}
    places |= {part.id: part.touchpoint for part in service.features if part.touchpoint}
    known = {point.id for point in service.touchpoints}
    items = (item for survey in surveys_of_customers(service) for item in survey.items)
    return frozenset(place for item in items for place in _places(item, places) if place in known)


def surveys_of_customers(service: ServiceDocument) -> tuple[Survey, ...]:
    """The surveys that ask customers and are not archived."""
    return tuple(survey for survey in service.surveys if survey.respondents == "customer" and not survey.archived)


def _places(item: Item, places: dict[str, str]) -> Iterator[str]:
    yield from item.touchpoints
    named = (item.touchpoint, item.measures, item.feature)
    yield from (places.get(name, name) for name in named if name)
