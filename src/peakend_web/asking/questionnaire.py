"""What a published survey asks, and how an answer becomes rows of facts. No database and no request here.

A survey of the service document becomes a `Questionnaire`: questions as they are shown, each with its *slots*. A slot
is one place for one answer, and one row of facts: a scale has one, a pair of expectation and perception has two, a
rating of touchpoints one for each touchpoint. A slot's `field` is its name in the page's form and in the API: the
item's id, followed by a dot and the touchpoint, the role or the option where the item has several.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from peakend.documents.parts import Text
from peakend.facts.shape import OF_THE_WHOLE
from peakend.service.asking import Item, ShowIf, Survey
from peakend.service.schema import Service
from peakend.terms import Lang
from peakend_web.base.refusals import Refusal

Form = Literal["scale", "choice", "tick", "number", "text"]

LONGEST: Final = 4_000
OWN_SUBJECT: Final = frozenset({"nps", "servqual", "kano", "importance"})
"""Kinds of question whose subject is never where they are asked."""
GIVEN: Final = frozenset({"answered", "not_applicable"})
"""The states of what somebody did answer; that something was not used is an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place for one answer: what it measures, and what it takes."""

    field: str
    item: str
    form: Form
    construct: str
    role: str
    label: Text | None = None
    touchpoint: str | None = None
    low: float | None = None
    high: float | None = None
    options: tuple[str, ...] = ()
    segment: str | None = None
    not_used: Text | bool = False
    longest: int = LONGEST
    of_the_whole: bool = False
    """Whether it judges the service as a whole, or explains such a judgement: wherever it is asked, it is about no
    single touchpoint.
    """

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps of its scale."""
        return () if self.low is None or self.high is None else tuple(range(int(self.low), int(self.high) + 1))


@dataclass(frozen=True, slots=True)
class Question:
    """An item of the document with its slots, as it is shown."""

    item: Item
    slots: tuple[Slot, ...]
    wording: Text | None


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A survey as it is put before people."""

    service: Service
    survey: Survey
    questions: tuple[Question, ...]
    slots: Mapping[str, Slot]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its questions and of their slots, in the order of the page."""
        return tuple(
            name
            for each in self.questions
            for name in dict.fromkeys((each.item.id, *(slot.field for slot in each.slots)))
        )

    @property
    def languages(self) -> tuple[Lang, ...]:
        """The languages it is written in, in the service's own order."""
        return self.service.languages

    def nearest(self, lang: Lang) -> Lang:
        """The language in which whoever reads this one is asked: this, else the other Chinese script, else the survey's
        first.
        """
        chinese = (each for each in self.languages if each != "en" and lang != "en")
        return lang if lang in self.languages else next(chinese, self.languages[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One answer as it was given: a number, words, or that this was not used; a cleared answer has none of them.

    `revision` counts the changes of one answer by the person who gives it; `ago_ms` is how long it has been waiting to
    be sent.
    """

    field: str
    value: float | None = None
    text: str | None = None
    not_used: bool = False
    revision: int = 0
    ago_ms: int = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """What an answer says: a slot, its state, and the number or the words."""

    slot: Slot
    state: str
    value: float | None = None
    text: str | None = None
    revision: int = 0
    ago_ms: int = 0


def questionnaire(service: Service, survey_id: str) -> Questionnaire:
    """The survey of this document that can be published. Raises `survey.not_in_document`, `survey.archived`,
    `survey.no_questions`.
    """
    survey = service.survey(survey_id)
    if survey is None:
        raise Refusal("survey.not_in_document", survey=survey_id)
    if survey.archived:
        raise Refusal("survey.archived", survey=survey_id)
    if not survey.items:
        raise Refusal("survey.no_questions", survey=survey_id)
    questions = tuple(Question(item, tuple(_slots(service, item)), _wording(service, item)) for item in survey.items)
    slots = {slot.field: slot for question in questions for slot in question.slots}
    return Questionnaire(service, survey, questions, slots)


def fact_of(asked: Questionnaire, given: Given) -> Fact:
    """What an answer says, or a refusal of its own: `survey.item_unknown`, `survey.touchpoint_unknown`,
    `survey.value_outside`, …
    """
    slot = asked.slots.get(given.field) or _no_slot(asked, given.field)
    state, value, text = READERS[slot.form](slot, given)
    return Fact(slot, state, value, text, given.revision, given.ago_ms)


def walked(asked: Questionnaire, answered: Sequence[Fact]) -> frozenset[str]:
    """The items that these answers lead past: those without a condition, and those whose condition an answer on the way
    meets.
    """
    given: dict[str, list[Fact]] = {}
    for fact in answered:
        if fact.state in GIVEN and not (fact.slot.form == "tick" and not fact.value):
            given.setdefault(fact.slot.item, []).append(fact)
    on_the_way: set[str] = set()
    for question in asked.questions:  # a condition speaks of an earlier item
        rule = question.item.show_if
        if rule is None or _fits(rule, given.get(rule.item, []) if rule.item in on_the_way else []):
            on_the_way.add(question.item.id)
    return frozenset(on_the_way)


def _fits(rule: ShowIf, answers: Sequence[Fact]) -> bool:
    values = [fact.value for fact in answers if fact.value is not None]
    chosen = {fact.slot.construct if fact.slot.form == "tick" else fact.text for fact in answers}
    return (
        (not rule.chosen or not chosen.isdisjoint(rule.chosen))
        and (rule.answered is None or rule.answered == bool(answers))
        and (rule.at_least is None or any(value >= rule.at_least for value in values))
        and (rule.at_most is None or any(value <= rule.at_most for value in values))
    )


def finished(asked: Questionnaire, answered: Sequence[Fact]) -> list[Fact]:
    """Everything that a finished response says, so that every denominator can be seen: also what was skipped, and what
    was not shown.

    What was answered and then left the way, for an earlier answer was changed, was not shown. A box left empty in a
    question in which another is ticked says no; where none is, the question was skipped. Rows for what was never
    answered are older than any answer, so that they never stand in the place of one that came before.
    """
    shown, there = walked(asked, answered), {fact.slot.field for fact in answered}
    ticked = {fact.slot.item for fact in answered if fact.slot.form == "tick" and fact.value}
    facts = [
        fact if fact.slot.item in shown else replace(fact, state="not_shown", value=None, text=None)
        for fact in answered
    ]
    for slot in asked.slots.values():
        if slot.field not in there:
            facts.append(_left_open(slot, shown, ticked))
    return facts


def _left_open(slot: Slot, shown: Collection[str], ticked: Collection[str]) -> Fact:
    if slot.item not in shown:
        return Fact(slot, "not_shown", revision=-1)
    return (
        Fact(slot, "answered", 0.0, revision=-1)
        if slot.form == "tick" and slot.item in ticked
        else Fact(slot, "skipped", revision=-1)
    )


def segments_of(facts: Sequence[Fact], lang: Lang) -> str:
    """The segment columns that the answers fill, with the language they were given in, as one JSON object."""
    chosen = {fact.slot.segment: fact.text for fact in facts if fact.slot.segment and fact.text}
    return json.dumps({"language": lang, **chosen}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def in_words(asked: Questionnaire, problem: Refusal, lang: Lang) -> Refusal:
    """The same refusal, with the question in the words that its reader saw instead of its name."""
    field = str(problem.fields.get("field"))
    slot = asked.slots.get(field)
    question = next((each for each in asked.questions if each.item.id == (slot.item if slot else field)), None)
    if question is None or "item" not in problem.fields:
        return problem
    words = slot.label if slot and len(question.slots) > 1 else question.wording
    return Refusal(problem.id, **{**problem.fields, "item": words[lang]}) if words else problem


def missing_required(asked: Questionnaire, answered: Sequence[Fact]) -> list[Item]:
    """The items that these answers lead past, must be answered, and are not."""
    shown, there = walked(asked, answered), {fact.slot.item for fact in answered if fact.state in GIVEN}
    return [
        question.item for question in asked.questions if question.item.required and question.item.id in shown - there
    ]


# --- from the document ------------------------------------------------------------------------------------------------


def _slots(service: Service, item: Item) -> Iterator[Slot]:
    return SLOTS.get(item.kind, _one_slot)(service, item)


def _one_slot(service: Service, item: Item) -> Iterator[Slot]:
    del service
    yield _slot(item, item.role or "score")


def _number_slot(service: Service, item: Item) -> Iterator[Slot]:
    del service
    yield _slot(item, item.role or "score", form="number")


def _text_slot(service: Service, item: Item) -> Iterator[Slot]:
    explained = _explained(service, item)
    touchpoint = item.touchpoint or (explained and explained.touchpoint)
    of_the_whole = touchpoint is None and explained is not None and _is_of_the_whole(explained)
    yield _slot(item, item.role or "comment", form="text", touchpoint=touchpoint, of_the_whole=of_the_whole)


def _choice_slot(service: Service, item: Item) -> Iterator[Slot]:
    del service
    yield _slot(
        item, "choice", form="choice", options=tuple(option.id for option in item.options), segment=item.segment
    )


def _tick_slots(service: Service, item: Item) -> Iterator[Slot]:
    del service
    for option in item.options:
        yield _slot(
            item,
            "choice",
            form="tick",
            field=f"{item.id}.{option.id}",
            label=option.title,
            construct=option.id,
            low=0.0,
            high=1.0,
        )


def _kano_slots(service: Service, item: Item) -> Iterator[Slot]:
    feature = next((each for each in service.features if each.id == item.feature), None)
    for role in item.spec.roles:
        yield _slot(item, role, field=f"{item.id}.{role}", label=getattr(feature, role, None))


def _pair_slots(service: Service, item: Item) -> Iterator[Slot]:
    del service
    words = {
        "expectation": item.expectation,
        "perception": item.perception,
        "importance": item.importance,
        "score": item.performance,
    }
    for role in item.spec.roles:
        yield _slot(item, role, field=f"{item.id}.{role}", label=words[role])


def _touchpoint_slots(service: Service, item: Item) -> Iterator[Slot]:
    if item.touchpoint and not item.touchpoints:
        yield _slot(item, item.role or "score", not_used=True)
        return
    for name in item.touchpoints or tuple(dict.fromkeys(touchpoint.id for touchpoint in service.touchpoints)):
        known = service.touchpoint(name)
        label = known.title if known else None
        yield _slot(
            item,
            item.role or "score",
            field=f"{item.id}.{name}",
            label=label,
            construct=name,
            touchpoint=name,
            not_used=True,
        )


SLOTS: Final[Mapping[str, Callable[[Service, Item], Iterator[Slot]]]] = {
    "touchpoint_rating": _touchpoint_slots,
    "kano": _kano_slots,
    "servqual": _pair_slots,
    "importance": _pair_slots,
    "multi_choice": _tick_slots,
    "single_choice": _choice_slot,
    "number": _number_slot,
    "text": _text_slot,
}
"""How the items of a kind become slots; the kinds that are not here have one."""


def _slot(item: Item, role: str, *, form: Form = "scale", field: str = "", construct: str = "", **more: object) -> Slot:
    low, high = item.range or (None, None)
    if form == "choice":
        low, high = 1.0, float(max(2, len(item.options)))
    usual = {
        "low": low,
        "high": high,
        "touchpoint": item.touchpoint,
        "longest": item.longest or LONGEST,
        "of_the_whole": _is_of_the_whole(item),
    }
    settled: dict[str, Any] = {**usual, **more}
    if item.not_used:
        settled["not_used"] = item.not_used
    return Slot(
        field=field or item.id, item=item.id, form=form, construct=construct or _construct(item), role=role, **settled
    )


def _construct(item: Item) -> str:
    """What an item measures: what its author says, else its feature or touchpoint, else its kind where that is a
    measure of its own.
    """
    own = item.kind if item.kind in {"nps", "csat", "ces"} else item.id
    return item.measures or item.feature or item.touchpoint or own


def _explained(service: Service, item: Item) -> Item | None:
    """The item whose answer a text explains."""
    return next(
        (each for survey in service.surveys for each in survey.items if item.about and each.id == item.about), None
    )


def _is_of_the_whole(item: Item) -> bool:
    """Whether a question judges the whole: the recommendation, the satisfaction and the effort with it, what is
    remembered of it, its qualities and its features.
    """
    judged = item.kind in OWN_SUBJECT or item.role == "remembered" or _construct(item) in OF_THE_WHOLE
    return judged and item.touchpoint is None and not item.touchpoints


def _wording(service: Service, item: Item) -> Text | None:
    if item.kind == "kano":
        return next((feature.title for feature in service.features if feature.id == item.feature), None)
    named = service.touchpoint(item.touchpoint or "") or next(
        (each for each in service.constructs if each.id == item.measures), None
    )
    return item.wording or (named.title if named else None)


# --- from an answer ---------------------------------------------------------------------------------------------------

Read = tuple[str, float | None, str | None]
_CONTROL: Final = re.compile(r"[\x00\ud800-\udfff]")


def _no_slot(asked: Questionnaire, field: str) -> Slot:
    item, _, rest = field.partition(".")
    question = next((each for each in asked.questions if each.item.id == item), None)
    if question and rest and question.item.kind == "touchpoint_rating":
        known = ", ".join(str(slot.touchpoint) for slot in question.slots)
        raise Refusal("survey.touchpoint_unknown", item=item, touchpoint=rest, known=known, field=field)
    raise Refusal("survey.item_unknown", item=field, field=field)


def _read_scale(slot: Slot, given: Given) -> Read:
    if given.not_used and slot.not_used:
        return "not_applicable", None, None
    if given.value is None and not given.text and not given.not_used:
        return "skipped", None, None
    low, high = slot.low or 0.0, slot.high or 0.0
    if given.value is None or given.value % 1 or not low <= given.value <= high:
        said = given.text if given.value is None else f"{given.value:g}"
        raise Refusal(
            "survey.value_outside",
            item=slot.field,
            value=said or "not used",
            low=int(low),
            high=int(high),
            field=slot.field,
        )
    return "answered", float(given.value), None


def _read_choice(slot: Slot, given: Given) -> Read:
    chosen = (given.text or "").strip()
    if not chosen and given.value is None:
        return "skipped", None, None
    if chosen not in slot.options:
        said = chosen or f"{given.value:g}"
        raise Refusal(
            "survey.option_unknown", item=slot.field, value=said, known=", ".join(slot.options), field=slot.field
        )
    return "answered", float(slot.options.index(chosen) + 1), chosen


def _read_number(slot: Slot, given: Given) -> Read:
    if given.value is None and not given.text:
        return "skipped", None, None
    if given.value is None or not math.isfinite(given.value):
        raise Refusal("survey.number_needed", item=slot.field, field=slot.field)
    return ("answered", float(given.value), None) if slot.low is None else _read_scale(slot, given)


def _read_text(slot: Slot, given: Given) -> Read:
    if given.value is not None or given.not_used:
        raise Refusal("survey.words_needed", item=slot.field, field=slot.field)
    text = (given.text or "").replace("\r\n", "\n").strip()
    if _CONTROL.search(text):
        raise Refusal("survey.text_nul", item=slot.field, field=slot.field)
    if len(text) > slot.longest:
        raise Refusal(
            "survey.text_long",
            item=slot.field,
            length=len(text),
            longest=slot.longest,
            over=len(text) - slot.longest,
            field=slot.field,
        )
    return ("answered", None, text) if text else ("skipped", None, None)


READERS: Final = {
    "scale": _read_scale,
    "tick": _read_scale,
    "choice": _read_choice,
    "number": _read_number,
    "text": _read_text,
}
