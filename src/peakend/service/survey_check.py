"""What can be wrong with the surveys of a document: nothing asked, a question that depends on a later one, a condition
that no answer can meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, pairwise
from typing import Any, Final

from peakend.documents.parts import is_words
from peakend.documents.problems import guess
from peakend.documents.source import Path, walk
from peakend.service.faults import Fault
from peakend.service.paths import Given, limits_of, verdict
from peakend.service.piping import may_be_piped, names_in_braces
from peakend.service.questions import AnswerField, ShowIf
from peakend.service.schema import ServiceDocument
from peakend.service.surveys import Item, Survey

_MOST_STEPS: Final = 20_000
"""After so many attempts a condition is taken for one that can be met."""
_MOST_MARKS: Final = 8
"""Up to so many different marks of one question all their combinations are tried."""


def survey_faults(service: ServiceDocument, data: Any) -> Iterator[Fault]:
    """A survey asks something, each of its questions can be reached, and names earlier answers only."""
    for at, survey in enumerate(service.surveys):
        if not survey.items:
            yield Fault("document.survey_empty", ("surveys", at), {"name": survey.id})
        conditions: dict[str, ShowIf] = {}
        for position, item in enumerate(survey.items):
            path: Path = ("surveys", at, "items", position)
            earlier = survey.items[:position]
            if item.show_if:
                attempt = _Attempt(service, survey, earlier, conditions)
                faults = list(_of_condition(attempt, item.show_if, (*path, "show_if"), item.id))
                yield from faults
                if not faults:
                    conditions[item.id] = item.show_if
            if item.about and item.about not in {other.id for other in earlier}:
                yield Fault("document.show_later", (*path, "about"), {"item": item.id, "other": item.about})
            yield from _of_kind(survey, item, path)
            known = {other.id: may_be_piped(service, survey, other) for other in earlier}
            yield from _of_braces(known, data["surveys"][at]["items"][position], path)
        for number, quota in enumerate(survey.quotas):
            attempt = _Attempt(service, survey, survey.items, conditions)
            yield from _of_condition(attempt, quota.when, ("surveys", at, "quotas", number, "when"), quota.id)
        yield from _of_shuffle(survey, data["surveys"][at], ("surveys", at))


def _of_kind(survey: Survey, item: Item, path: Path) -> Iterator[Fault]:
    """What its kind finds wrong with an item, and with asking it in this survey."""
    yield from (Fault(fault, path, {"item": item.id}) for fault in item.spec.faults(item))
    if survey.anonymous and item.spec.says_who:
        yield Fault("document.anonymous_contact", path, {"item": item.id, "name": survey.id})


def _of_shuffle(survey: Survey, data: Any, path: Path) -> Iterator[Fault]:
    """What changes places is asked, stands in one group, and comes after everything that it hangs on wherever it is
    shown.
    """
    places = {item.id: at for at, item in enumerate(survey.items)}
    groups: dict[str, int] = {}
    for number, group in enumerate(survey.shuffle):
        for position, id in enumerate(group):
            if id not in places:
                fields = {"name": id, "known": guess(id, set(places))}
                yield Fault("document.no_item", (*path, "shuffle", number, position), fields)
            elif id in groups:
                yield Fault("document.shuffle_twice", (*path, "shuffle", number, position), {"name": id})
            else:
                groups[id] = number
    reach = {number: [places[id] for id, of in groups.items() if of == number] for number in groups.values()}
    for id, others in _dependences(survey, data):
        for other in sorted(others & places.keys()):
            first = min(reach[groups[id]]) if id in groups else places[id]
            last = max(reach[groups[other]]) if other in groups else places[other]
            if last >= first and places[other] < places[id]:
                at = (*path, "shuffle", groups[other if other in groups else id])
                yield Fault("document.shuffle_depends", at, {"item": id, "other": other})


def _dependences(survey: Survey, data: Any) -> Iterator[tuple[str, set[str]]]:
    """On which others each item hangs: by its condition, what it explains, and what its words name."""
    for item, own in zip(survey.items, data.get("items", ()), strict=True):
        texts = (text for _, words in walk(own) if is_words(words) for text in words.values())
        named = {name for text in texts for name in names_in_braces(text) if name}
        yield item.id, named | ({item.about} if item.about else set()) | (item.show_if.items if item.show_if else set())


def _of_braces(known: Mapping[str, bool], item: Any, path: Path) -> Iterator[Fault]:
    """What stands in braces names an earlier question whose answer has words."""
    for inner, words in walk(item):
        for lang, text in words.items() if is_words(words) else ():
            for name in names_in_braces(text):
                at = (*path, *inner, lang)
                if name is None:
                    yield Fault("document.pipe_open", at, {})
                elif name not in known:
                    yield Fault("document.pipe_unknown", at, {"name": name, "known": guess(name, set(known))})
                elif not known[name]:
                    yield Fault("document.pipe_wordless", at, {"name": name})


def _of_condition(attempt: _Attempt, condition: ShowIf, path: Path, item: str) -> Iterator[Fault]:
    """Every statement speaks of an earlier question in its own terms, and each alone and all together can be met."""
    known = {other.id: other for other in attempt.earlier}
    faults = [fault for at, each in condition.statements(path) for fault in _of_statement(known, each, at, item)]
    yield from faults
    if faults:
        return
    for at, each in condition.statements(path):
        if not attempt.can_meet(each):
            faults.append(Fault("document.show_never", at, {"item": item, "other": each.item}))
    yield from faults
    if not faults and not attempt.can_meet(condition):
        yield Fault("document.show_contradiction", path, {"item": item})


def _of_statement(known: Mapping[str, Item], statement: ShowIf, path: Path, item: str) -> Iterator[Fault]:
    other = known.get(statement.item or "")
    if other is None:
        yield Fault("document.show_later", path, {"item": item, "other": statement.item})
        return
    if statement.is_limited and not other.spec.is_numeric:
        yield Fault("document.condition_no_number", path, {"item": item, "other": other.id})
    if other.spec.says_who:
        yield Fault("document.condition_contact", path, {"item": item, "other": other.id})
    options = [option.id for option in other.options]
    for option in statement.chosen:
        if option not in options:
            fields = {"name": option, "other": other.id, "known": guess(option, options)}
            yield Fault("document.condition_no_option", path, fields)


@dataclass
class _Attempt:
    """Tries answers to earlier questions, one question after another, until a condition is met or none can.

    `conditions` are those of the earlier questions that can be met: of one that never appears its own condition is told
    alone, and not again for each question after it.
    """

    service: ServiceDocument
    survey: Survey
    earlier: Sequence[Item]
    conditions: Mapping[str, ShowIf]
    steps: int = field(default=0, init=False)

    def can_meet(self, condition: ShowIf) -> bool:
        """Whether any answers meet the condition, with the conditions of the questions that it speaks of."""
        wanted = set(condition.items)
        asked: list[Item] = []
        for item in reversed(self.earlier):
            if item.id in wanted:
                asked.insert(0, item)
                own = self.conditions.get(item.id)
                wanted |= own.items if own else frozenset()
        own_conditions = (self.conditions[item.id] for item in asked if item.id in self.conditions)
        statements = list(chain(*(each.statements() for each in (condition, *own_conditions))))
        answers = [self._answers(item, [each for _, each in statements if each.item == item.id]) for item in asked]
        self.steps = 0
        return self._search(condition, asked, answers, {})

    def _search(
        self,
        condition: ShowIf,
        asked: Sequence[Item],
        answers: Sequence[Sequence[Given | None]],
        given: dict[str, Given],
    ) -> bool:
        self.steps += 1
        met = verdict(condition, given, [item.id for item in asked])
        if met is not None or self.steps > _MOST_STEPS:
            return met is not False
        item, *later = asked
        is_shown = item.id not in self.conditions or verdict(self.conditions[item.id], given)
        return any(
            self._search(condition, later, answers[1:], {**given, item.id: answer} if answer else given)
            for answer in (answers[0] if is_shown else (None,))
        )

    def _answers(self, item: Item, statements: Sequence[ShowIf]) -> Sequence[Given | None]:
        """One of each sort of answers to a question that statements tell apart; None for none at all."""
        fields = list(item.spec.fields(self.service, self.survey, item))
        marks = [*_numbers(item, fields, statements), *_options(item, statements)]
        most = len(marks) if len(marks) <= _MOST_MARKS else 1
        together = range(2, most + 1) if len(fields) > 1 else ()
        several = (_joined(each) for many in together for each in combinations(marks, many))
        whole = [_joined(marks)] if most == 1 and len(fields) > 1 else []
        unmarked = [Given()] if item.spec.is_written or not marks or any(each.not_used for each in fields) else []
        return [*([] if item.required else [None]), *marks, *several, *whole, *unmarked]


def _joined(marks: Sequence[Given]) -> Given:
    values, chosen = ((getattr(mark, name) for mark in marks) for name in ("values", "chosen"))
    return Given(frozenset().union(*values), frozenset().union(*chosen))


def _numbers(item: Item, fields: Sequence[AnswerField], statements: Sequence[ShowIf]) -> Iterator[Given]:
    """A number for every way in which numbers can lie to the limits."""
    if not item.spec.is_numeric:
        return
    steps = sorted({float(step) for each in fields for step in each.steps})
    limits = sorted({limit for each in statements for limit in (each.at_least, each.at_most) if limit is not None})
    between = [(low + high) / 2 for low, high in pairwise(limits)]
    outside = [limits[0] - 1, limits[-1] + 1] if limits else [0.0]
    sorts: dict[tuple[bool, ...], float] = {}
    for number in steps or [*limits, *between, *outside]:
        lies = (limits_of(each) for each in statements)
        sorts.setdefault(tuple(low <= number <= high for low, high in lies), number)
    yield from (Given(values=frozenset({number})) for number in sorts.values())


def _options(item: Item, statements: Sequence[ShowIf]) -> Iterator[Given]:
    """An option for every way in which statements name them."""
    sorts: dict[tuple[bool, ...], str] = {}
    for option in item.options:
        sorts.setdefault(tuple(option.id in each.chosen for each in statements), option.id)
    yield from (Given(chosen=frozenset({id})) for id in sorts.values())
