"""Everything that can be wrong in a service document, found at once, each with its place and what to do.

First the text (can it be read), then the schema (is every part what it should be), then what only shows across the
document: ids that name nothing, ids given twice, words that lack a language or stand in the other Chinese script,
questions nobody can reach, weights out of order. Each rule is a function of the document; `RULES` lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path as File
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from peakend.documents.problems import Problem, guess, of_schema, problem_at, unreadable
from peakend.documents.source import Path, Source, path_name, source_of, walk
from peakend.errors import DocumentError
from peakend.facts.shape import may_be_own
from peakend.service.questions import ShowIf
from peakend.service.schema import ServiceDocument
from peakend.service.surveys import Item, Survey
from peakend.terms import LANGUAGES, Lang, vocabulary, wrong_script

MISSING: Final = MappingProxyType(
    {
        "touchpoint": "document.no_touchpoint",
        "feature": "document.no_feature",
        "persona": "document.no_persona",
        "survey": "document.no_survey",
        "failure": "document.no_failure",
        "segment": "document.no_segment",
        "construct": "document.no_construct",
    }
)
"""What to say of an id that names nothing, by what it should have named."""


@dataclass(frozen=True)
class Fault:
    """What a rule found, before it has its line: the id, the path, and the facts of the case."""

    id: str
    path: Path
    fields: dict[str, object]
    advice: bool = False


def check(document: str | bytes | File | ServiceDocument) -> list[Problem]:
    """All problems of a document, in the order of its text; none where it is whole.

    The document is a text of YAML or JSON, a path to one, or a service that was read before (its problems then have no
    line).
    """
    if isinstance(document, ServiceDocument):
        return _across(document, document.model_dump(by_alias=True, exclude_unset=True), None)
    try:
        source = source_of(document.read_bytes() if isinstance(document, File) else document)
    except DocumentError as error:
        return [unreadable(error)]
    return _problems_of(source)


def _problems_of(source: Source) -> list[Problem]:
    data = source.root.as_data()
    try:
        return _across(ServiceDocument.model_validate(data), data, source)
    except ValidationError as error:
        problems = of_schema(error, data, source, ServiceDocument)
        return _in_order([*problems, *_despite(error, data, source)])


def _despite(error: ValidationError, data: Any, source: Source) -> list[Problem]:
    """What else is wrong where the schema's only complaint is of keys it does not know: they are passed over."""
    details = error.errors(include_url=False)
    if any(detail["type"] != "extra_forbidden" for detail in details):
        return []
    unknown = {detail["loc"] for detail in details}
    rest = _without(data, (), unknown)
    try:
        return _across(ServiceDocument.model_validate(rest), data, source)
    except ValidationError as more:  # what was misspelt is missing
        return of_schema(more, data, source, ServiceDocument)


def _without(data: Any, path: Path, unknown: set[Path]) -> Any:
    if isinstance(data, dict):
        return {
            key: _without(value, (*path, key), unknown) for key, value in data.items() if (*path, key) not in unknown
        }
    return [_without(value, (*path, at), unknown) for at, value in enumerate(data)] if isinstance(data, list) else data


def _across(service: ServiceDocument, data: Any, source: Source | None) -> list[Problem]:
    faults = (fault for rule in RULES for fault in rule(service, data))
    return _in_order(
        problem_at(fault.id, data, fault.path, source, fault.fields, level="advice" if fault.advice else "error")
        for fault in faults
    )


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0, problem.id))


def _duplicates(_: ServiceDocument, data: Any) -> Iterator[Fault]:
    """An id belongs to one part among its like; a touchpoint's is its own in all journeys, an item's in its survey."""
    seen: dict[tuple[str, str], str] = {}
    for path, value in walk(data):
        if isinstance(value, dict) and isinstance(value.get("id"), str) and path and isinstance(path[-1], int):
            key = (_likes(path), value["id"])
            if key in seen:
                yield Fault("document.duplicate", (*path, "id"), {"name": value["id"], "first": seen[key]})
            seen.setdefault(key, path_name(data, path))


def _likes(path: Path) -> str:
    """What kind of part stands at a path, and within what it must be the only one of its name."""
    kind = str(path[-2])
    return kind if kind in {"touchpoints", "stages"} else "/".join(str(step) for step in path[:-1])


def _segments(service: ServiceDocument, _: Any) -> Iterator[Fault]:
    """A segment is a column of its own: called like one of the facts it would be that one."""
    for at, segment in enumerate(service.segments):
        if not may_be_own(segment.id):
            yield Fault("document.segment_reserved", ("segments", at, "id"), {"name": segment.id})


def _references(service: ServiceDocument, data: Any) -> Iterator[Fault]:
    """Every id that points somewhere points at something that is there."""
    known = _ids_of(service)
    for path, value in walk(data):
        target = _target(path, value)
        if target and isinstance(value, str) and value not in known[target]:
            yield Fault(
                MISSING[target],
                path,
                {"name": value, "known": guess(value, known[target])},
                advice=target == "construct",
            )


def _ids_of(service: ServiceDocument) -> dict[str, set[str]]:
    points = {point.id for point in service.touchpoints}
    constructs = {part.id for part in service.constructs}
    return {
        "touchpoint": points,
        "feature": {part.id for part in service.features},
        "persona": {part.id for part in service.personas},
        "survey": {part.id for part in service.surveys},
        "failure": {part.id for part in service.failures},
        "segment": {part.id for part in service.segments},
        "construct": constructs | points | {part.id for part in service.features} | set(vocabulary()),
    }


def _target(path: Path, value: object) -> str | None:
    """What an id at a path must name; None where it names nothing in the document. Words and personas' segments are not
    ids.
    """
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    inside = set(path)
    if isinstance(value, dict | list) or (len(path) > 2 and path[-2] == "segment"):
        return None
    if key == "touchpoints" or key in {"touchpoint", "touches"} or path[-2:] == ("when", "after"):
        return "touchpoint"
    if key == "dimension" or (key == "construct" and "measure" in inside):
        return "construct"
    return {
        "feature": "feature",
        "persona": "persona",
        "survey": "survey",
        "fails": "failure",
        "segment": "segment",
        "construct": "construct",
    }.get(key)


def _languages(service: ServiceDocument, data: Any) -> Iterator[Fault]:
    """Every text is there in every language that the document promises, each in its own script."""
    for path, value in walk(data):
        if _is_words(value):
            missing = [lang for lang in service.languages if lang not in value]
            if missing:
                yield Fault("document.language_missing", path, {"languages": ", ".join(missing)}, advice=True)
            yield from _scripts(path, value)


def _is_words(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and value.keys() <= set(LANGUAGES)


def _scripts(path: Path, words: dict[Lang, str]) -> Iterator[Fault]:
    for lang, text in words.items():
        wrong = wrong_script(text, lang) if lang != "en" else set()
        if wrong:
            yield Fault(
                "document.wrong_script",
                (*path, lang),
                {"language": lang, "characters": "".join(sorted(wrong))},
                advice=True,
            )


def _journeys(service: ServiceDocument, _: Any) -> Iterator[Fault]:
    """A journey has touchpoints, one designed peak at most, and its designed end is where it ends."""
    for at, journey in enumerate(service.journeys):
        points = journey.touchpoints
        peaks = [point.id for point in points if point.designed_as == "peak"]
        ends = [point.id for point in points if point.designed_as == "end"]
        if not points:
            yield Fault("document.journey_empty", ("journeys", at), {"name": journey.id}, advice=True)
        if len(peaks) > 1:
            yield Fault("document.peaks", ("journeys", at), {"names": ", ".join(peaks)}, advice=True)
        if ends and ends != [points[-1].id]:
            yield Fault(
                "document.end_not_last", ("journeys", at), {"name": ", ".join(ends), "last": points[-1].id}, advice=True
            )


def _weights(service: ServiceDocument, _: Any) -> Iterator[Fault]:
    """Weights are of failures that the document names, one set a day, in the order of their days."""
    failures = {failure.id for failure in service.failures}
    before = None
    for at, indicators in enumerate(service.indicators):
        if before is not None and indicators.since <= before:
            yield Fault(
                "document.weights_order",
                ("indicators", at, "since"),
                {"day": str(indicators.since), "before": str(before)},
            )
        before = indicators.since
        for name, weight in indicators.weights.items():
            path: Path = ("indicators", at, "weights", name)
            if failures and name not in failures:
                yield Fault("document.no_failure", path, {"name": name, "known": guess(name, failures)})
            if weight == 0:
                yield Fault("document.weight_nothing", path, {"name": name}, advice=True)


def _owners(service: ServiceDocument, data: Any) -> Iterator[Fault]:
    """Owners of touchpoints and receivers of cases are people the document knows, once it names people at all."""
    people = {person.id for person in service.stakeholders}
    for path, value in walk(data):
        if people and path and path[-1] in {"owner", "to"} and isinstance(value, str) and value not in people:
            yield Fault("document.nobody", path, {"name": value, "known": guess(value, people)}, advice=True)


def _surveys(service: ServiceDocument, _: Any) -> Iterator[Fault]:
    """A survey asks something, and each of its questions can be reached."""
    for at, survey in enumerate(service.surveys):
        if not survey.items and not survey.instrument:
            yield Fault("document.survey_empty", ("surveys", at), {"name": survey.id})
        for position, item in enumerate(survey.items):
            path: Path = ("surveys", at, "items", position)
            yield from _reachable(survey, position, item, path)
            if item.about and item.about not in {earlier.id for earlier in survey.items[:position]}:
                yield Fault("document.show_later", (*path, "about"), {"item": item.id, "other": item.about})
            yield from (Fault(fault, path, {"item": item.id}) for fault in item.spec.faults(item))


def _reachable(survey: Survey, position: int, item: Item, path: Path) -> Iterator[Fault]:
    condition = item.show_if
    if condition is None:
        return
    earlier = {other.id: other for other in survey.items[:position]}
    if condition.item not in earlier:
        yield Fault("document.show_later", (*path, "show_if"), {"item": item.id, "other": condition.item})
    elif not _possible(condition, earlier[condition.item]):
        yield Fault("document.show_never", (*path, "show_if"), {"item": item.id, "other": condition.item})


def _possible(condition: ShowIf, other: Item) -> bool:
    """Whether any answer to the other item meets the condition."""
    if condition.chosen:
        return set(condition.chosen) <= {option.id for option in other.options}
    low, high = condition.at_least, condition.at_most
    if low is None and high is None:
        return not (other.required and condition.answered is False)
    scale = other.range
    if scale is None:
        return other.spec.is_numeric
    return max(scale[0], low if low is not None else scale[0]) <= min(scale[1], high if high is not None else scale[1])


def _rules(service: ServiceDocument, _: Any) -> Iterator[Fault]:
    """A rule looks at an item that is asked, and its threshold lies on that item's scale."""
    for at, rule in enumerate(service.rules):
        survey = service.survey(rule.survey) if rule.survey else None
        items = {item.id: item for item in survey.items} if survey else {}
        if survey and rule.item and rule.item not in items:
            yield Fault(
                "document.no_item", ("rules", at, "item"), {"name": rule.item, "known": guess(rule.item, items)}
            )
        scale = items[rule.item].range if rule.item in items else None
        if scale and rule.score_at_most is not None and not scale[0] <= rule.score_at_most < scale[1]:
            fields: dict[str, object] = {
                "value": f"{rule.score_at_most:g}",
                "low": f"{scale[0]:g}",
                "high": f"{scale[1]:g}",
            }
            yield Fault("document.rule_scale", ("rules", at, "score_at_most"), fields)


RULES: Final[tuple[Callable[[ServiceDocument, Any], Iterator[Fault]], ...]] = (
    _duplicates, _segments, _references, _languages, _journeys, _weights, _owners, _surveys, _rules,
)  # fmt: skip
