"""Everything that can be wrong in a service document, found at once, each with its place and what to do.

First the text (can it be read), then the schema (is every part what it should be), then what only shows across the
document: ids that name nothing, ids given twice, words that lack a language or stand in the other Chinese script,
questions nobody can reach, weights out of order. Each rule is a function of the document; `RULES` lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import islice, pairwise
from pathlib import Path as File
from typing import Any, Final

from pydantic import ValidationError

from peakend.documents.parts import is_words
from peakend.documents.problems import InvalidDocument, Problem, guess, of_schema, problem_at, unreadable
from peakend.documents.source import Path, Source, path_name, source_of, walk
from peakend.errors import DocumentError
from peakend.facts.shape import may_be_segment
from peakend.service.bounds import excesses
from peakend.service.conditions import AnswerIs, Condition
from peakend.service.faults import Fault
from peakend.service.journeys import LANES, Journey
from peakend.service.references import ADVICE, MISSING, ids_by_kind, references
from peakend.service.schema import WITHIN_PARENT, ServiceDocument
from peakend.service.survey_check import survey_faults
from peakend.service.surveys import Item
from peakend.service.titles import LONGEST_TITLE, long_titles
from peakend.terms import Lang, wrong_script


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


def whole_service(text: str | bytes) -> ServiceDocument:
    """The service in a text of YAML or JSON that has no errors, read once; advice does not stop it. Raises
    InvalidDocument with every error and its line.
    """
    try:
        source = source_of(text)
    except DocumentError as error:
        raise InvalidDocument([unreadable(error)]) from error
    data = source.root.as_data()
    try:
        service = ServiceDocument.model_validate(data)
    except ValidationError:
        raise InvalidDocument(_errors(_problems_of(source))) from None
    if errors := _errors(_across(service, data, source)):
        raise InvalidDocument(errors)
    return service


def _errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.level == "error"]


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
    kind = "steps" if path[-2] in LANES else str(path[-2])
    return "/".join(str(step) for step in path[:-1]) if kind in WITHIN_PARENT else kind


def _titles(_: ServiceDocument, data: Any) -> Iterator[Fault]:
    """A title has room where it is drawn."""
    for path, title in long_titles(data):
        yield Fault("document.long_title", path, {"length": len(title), "longest": LONGEST_TITLE})


def _bounds(_: ServiceDocument, data: Any) -> Iterator[Fault]:
    """A document is no larger than its pages can be drawn."""
    for excess in excesses(data):
        yield Fault(excess.id, excess.path, excess.fields)


def _segments(service: ServiceDocument, _: Any) -> Iterator[Fault]:
    """A segment is a column of its own: called like one of the facts, or like a period, it would be that one."""
    for at, segment in enumerate(service.segments):
        if not may_be_segment(segment.id):
            yield Fault("document.segment_reserved", ("segments", at, "id"), {"name": segment.id})


def _references(service: ServiceDocument, data: Any) -> Iterator[Fault]:
    """Every id that points somewhere points at something that is there. Owners and receivers are looked at once the
    document names people at all.
    """
    known = ids_by_kind(service)
    for reference in references(data):
        there = known[reference.target]
        if reference.id not in there and (there or reference.target != "person"):
            fields = {"name": reference.id, "known": guess(reference.id, there)}
            yield Fault(MISSING[reference.target], reference.path, fields, advice=reference.target in ADVICE)


def _languages(service: ServiceDocument, data: Any) -> Iterator[Fault]:
    """Every text is there in every language that the document promises, each in its own script."""
    for path, value in walk(data):
        if is_words(value):
            missing = [lang for lang in service.languages if lang not in value]
            if missing:
                yield Fault("document.language_missing", path, {"languages": ", ".join(missing)}, advice=True)
            yield from _scripts(path, value)


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
    """A journey has touchpoints, one designed peak at most, and its designed end is where the service ends."""
    for at, journey in enumerate(service.journeys):
        path: Path = ("journeys", at)
        points = journey.touchpoints
        peaks = [point.id for point in points if point.designed_as == "peak"]
        if not points:
            yield Fault("document.journey_empty", path, {"name": journey.id}, advice=True)
        if len(peaks) > 1:
            yield Fault("document.peaks", path, {"names": ", ".join(peaks)}, advice=True)
        yield from _end(journey, path)


def _end(journey: Journey, path: Path) -> Iterator[Fault]:
    ends = [point.id for point in journey.touchpoints if point.designed_as == "end"]
    served = [point for stage in journey.stages if not stage.after for point in stage.touchpoints]
    last = (served or journey.touchpoints)[-1:]
    if ends and ends != [point.id for point in last]:
        fields = {"name": ", ".join(ends), "last": last[0].id}
        yield Fault("document.end_not_last", path, fields, advice=True)


def _circles(_: ServiceDocument, data: Any) -> Iterator[Fault]:
    """Steps and courses come after others, and none in the end after itself."""
    for target in ("step", "course"):
        after = [
            (_id_around(data, reference.path), reference)
            for reference in references(data)
            if reference.target == target and "after" in reference.path
        ]
        circle = _circle([(name, reference.id) for name, reference in after])
        in_it = ((name, reference) for name, reference in after if (name, reference.id) in circle)
        for name, reference in islice(in_it, 1):
            yield Fault("document.circle", reference.path, {"name": name, "other": reference.id})


def _id_around(data: Any, path: Path) -> str:
    """The id of the part whose key `after` a path leads into."""
    for step in path[: path.index("after")]:
        data = data[step]
    return str(data.get("id"))


def _circle(after: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """The pairs of later and earlier that make up a circle; none where there is none."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for later, earlier in after:
        order.add(later, earlier)
    try:
        order.prepare()
    except CycleError as error:
        return {(later, earlier) for earlier, later in pairwise(error.args[1])}
    return set()


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


def _rules(service: ServiceDocument, _: Any) -> Iterator[Fault]:
    """A rule looks at an item that is asked, and its threshold lies on that item's scale."""
    for at, rule in enumerate(service.rules):
        yield from _asked(service, ("rules", at), rule.survey, rule.item)
        yield from _on_scale(service, ("rules", at, "score_at_most"), rule.survey, rule.item, rule.score_at_most)


def _conditions(service: ServiceDocument, _: Any) -> Iterator[Fault]:
    """So does every condition of a rule that looks at answers, however deep it stands."""
    for at, rule in enumerate(service.rules):
        for path, answer in _answers(rule.when, ("rules", at, "when")):
            yield from _asked(service, path, answer.survey, answer.item)
            for key, limit in (("score_at_most", answer.score_at_most), ("score_at_least", answer.score_at_least)):
                yield from _on_scale(service, (*path, key), answer.survey, answer.item, limit)


def _answers(condition: Condition | None, path: Path) -> Iterator[tuple[Path, AnswerIs]]:
    if condition is None:
        return
    if condition.answer:
        yield (*path, "answer"), condition.answer
    for key, parts in (("all", condition.all), ("any", condition.any)):
        for at, part in enumerate(parts):
            yield from _answers(part, (*path, key, at))
    yield from _answers(condition.none, (*path, "not"))


def _asked(service: ServiceDocument, path: Path, survey: str | None, item: str | None) -> Iterator[Fault]:
    items = _items(service, survey)
    if items and item and item not in items:
        yield Fault("document.no_item", (*path, "item"), {"name": item, "known": guess(item, items)})


def _on_scale(
    service: ServiceDocument, path: Path, survey: str | None, item: str | None, limit: float | None
) -> Iterator[Fault]:
    """A limit that no answer, or every one, keeps decides nothing."""
    asked = _items(service, survey).get(item or "")
    scale = asked.range if asked else None
    if scale is None or limit is None:
        return
    low, high = scale
    if not (low <= limit < high if path[-1] == "score_at_most" else low < limit <= high):
        fields = {"value": f"{limit:g}", "low": f"{low:g}", "high": f"{high:g}"}
        yield Fault("document.rule_scale", path, fields)


def _items(service: ServiceDocument, survey: str | None) -> dict[str, Item]:
    asked = service.survey(survey) if survey else None
    return {name: item for item in asked.items for name in item.spec.questions(item)} if asked else {}


def _measures(service: ServiceDocument, data: Any) -> Iterator[Fault]:
    """An item that a standard or a promise is checked by is asked somewhere."""
    items = {name for survey in service.surveys for item in survey.items for name in item.spec.questions(item)}
    for path, value in walk(data):
        if path[-2:] == ("measure", "item") and isinstance(value, str) and value not in items:
            yield Fault("document.no_item", path, {"name": value, "known": guess(value, items)}, advice=True)


RULES: Final[tuple[Callable[[ServiceDocument, Any], Iterator[Fault]], ...]] = (
    _duplicates, _titles, _bounds, _segments, _references, _languages, _journeys, _circles, _weights, survey_faults,
    _rules, _conditions, _measures,
)  # fmt: skip
