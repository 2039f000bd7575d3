"""What of a service document an instrument may ask about, part by part, and what stands in the braces of its words.

In an item with `for_each`, `{title}` is the name of the part and `{id}` a name for it with which the ids of questions
are built (`id: "why-{id}"`); `{part}` is the id of the part itself, as in `feature: "{part}"`; `{touchpoint}` the id of
the touchpoint that it belongs to and `{where}` that one's name; `{dimension}` the dimension of service quality;
`{behaviour}` and `{sense}` which of the five it is; `{levels}` of a skill the words of its levels, for the labels of a
scale. A key whose braces stand for nothing is left out. In an item without `for_each`, `"{touchpoints}"` or
`"{features}"` as the whole of a value are all of them: as options or rows with their names, else as their ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from peakend.documents.parts import Text
from peakend.ids import free_id
from peakend.service.journeys import SENSES, Behaviours, Touchpoint
from peakend.service.schema import ServiceDocument
from peakend.terms import LANGUAGES, term

Each = Literal[
    "touchpoints", "moments", "behaviours", "senses", "standards", "promises", "features", "dimensions", "skills",
    "benchmarks",
]  # fmt: skip
"""For each of what of a service a question may be asked."""
EACH: Final[tuple[Each, ...]] = get_args(Each)
DIMENSIONS: Final = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
"""The five dimensions of service quality."""
OF_NO_TOUCHPOINT: Final[frozenset[Each]] = frozenset({"dimensions", "skills"})
"""What belongs to the whole service, and is asked about wherever it is asked."""
LONGEST_KEY: Final = 40
"""Characters of what the ids of questions are built with, so that something may stand around it."""

Subject = Mapping[str, Any]
"""What stands for each word in braces, of one part."""
_ANY: Final = Text(dict.fromkeys(LANGUAGES, "…"))
SAMPLE: Final[Subject] = MappingProxyType(
    {
        "id": "part",
        "part": "part",
        "title": _ANY,
        "touchpoint": "part",
        "where": _ANY,
        "dimension": "part",
        "behaviour": "part",
        "sense": "part",
        "levels": {"1": _ANY.root},
        **{each: [{"id": "part", "title": _ANY.root}] for each in EACH},
    }
)
"""A part that could be any, to look at a question before there is a service."""


def subjects(service: ServiceDocument, each: Each) -> list[Subject]:
    """The parts of a service that a question may be repeated for, in their order."""
    taken: set[str] = set()
    found: list[Subject] = []
    for part in _PARTS[each](service):
        key = free_id(str(part["part"])[:LONGEST_KEY].strip(".-_"), taken)
        taken.add(key)
        found.append(MappingProxyType({"id": key, **part}))
    return found


def _of_touchpoint(point: Touchpoint, part: str, title: Text) -> dict[str, Any]:
    return {"part": part, "title": title, "touchpoint": point.id, "where": point.title, "dimension": None}


def _touchpoints(service: ServiceDocument) -> Iterator[dict[str, Any]]:
    return (_of_touchpoint(point, point.id, point.title) for point in service.touchpoints)


def _moments(service: ServiceDocument) -> Iterator[dict[str, Any]]:
    decisive = (point for point in service.touchpoints if point.moment_of_truth)
    return (_of_touchpoint(point, point.id, point.title) for point in decisive)


def _behaviours(service: ServiceDocument) -> Iterator[dict[str, Any]]:
    """What staff do at each moment of truth, as far as it is written."""
    for point in service.touchpoints:
        done = point.moment_of_truth and point.moment_of_truth.behaviours
        for name in Behaviours.model_fields if done else ():
            words = getattr(done, name)
            if words:
                yield {**_of_touchpoint(point, f"{point.id}-{name}", words), "behaviour": name}


def _senses(service: ServiceDocument) -> Iterator[dict[str, Any]]:
    """What customers see, hear, smell, taste and touch at each touchpoint, as far as it is written."""
    for point in service.touchpoints:
        for sense in SENSES if point.evidence else ():
            words = getattr(point.evidence, sense)
            if words:
                yield {**_of_touchpoint(point, f"{point.id}-{sense}", words), "sense": sense}


def _standards(service: ServiceDocument) -> Iterator[dict[str, Any]]:
    for point in service.touchpoints:
        for at, standard in enumerate(point.all_standards, 1):
            yield _of_touchpoint(point, standard.id or f"{point.id}-standard-{at}", standard.text)


def _promises(service: ServiceDocument) -> Iterator[dict[str, Any]]:
    for point in service.touchpoints:
        for at, promise in enumerate(point.all_promises, 1):
            yield _of_touchpoint(point, promise.id or f"{point.id}-promise-{at}", promise.text)


def _features(service: ServiceDocument) -> Iterator[dict[str, Any]]:
    return (_of_register(service, part, dimension=part.dimension) for part in service.features)


def _benchmarks(service: ServiceDocument) -> Iterator[dict[str, Any]]:
    return (_of_register(service, part) for part in service.benchmarks)


def _of_register(service: ServiceDocument, part: Any, dimension: str | None = None) -> dict[str, Any]:
    point = service.touchpoint(part.touchpoint) if part.touchpoint else None
    where = {"touchpoint": part.touchpoint, "where": point.title if point else part.title}
    return {"part": part.id, "title": part.title, "dimension": dimension, **where}


def _dimensions(service: ServiceDocument) -> Iterator[dict[str, Any]]:
    """The five dimensions, called as the service calls them."""
    own = {construct.id: construct.title for construct in service.constructs}
    for id in DIMENSIONS:
        words = term(id).name
        title = own.get(id) or Text({lang: words[lang] for lang in LANGUAGES})
        yield {"part": id, "title": title, "dimension": id, "touchpoint": None, "where": title}


def _skills(service: ServiceDocument) -> Iterator[dict[str, Any]]:
    for skill in service.skills:
        levels = {str(at): words.root for at, words in enumerate(skill.levels, 1)}
        place = {"touchpoint": None, "where": skill.title, "dimension": None}
        yield {"part": skill.id, "title": skill.title, "levels": levels or None, **place}


_PARTS: Final[Mapping[Each, Callable[[ServiceDocument], Iterator[dict[str, Any]]]]] = MappingProxyType(
    {
        "touchpoints": _touchpoints,
        "moments": _moments,
        "behaviours": _behaviours,
        "senses": _senses,
        "standards": _standards,
        "promises": _promises,
        "features": _features,
        "dimensions": _dimensions,
        "skills": _skills,
        "benchmarks": _benchmarks,
    }
)
MISSING: Final[Mapping[Each, str]] = MappingProxyType(
    {
        "touchpoints": "instrument.no_touchpoints",
        "moments": "instrument.no_moments",
        "behaviours": "instrument.no_behaviours",
        "senses": "instrument.no_senses",
        "standards": "instrument.no_standards",
        "promises": "instrument.no_promises",
        "features": "instrument.no_features",
        "dimensions": "instrument.no_touchpoints",
        "skills": "instrument.no_skills",
        "benchmarks": "instrument.no_benchmarks",
    }
)
"""What to say of a service that has none of it."""
