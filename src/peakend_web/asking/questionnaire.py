"""What a published survey asks, and how an answer becomes rows of facts. No database and no request here.

A survey of the service document becomes a `Questionnaire`: questions as they stand on the page, each with its fields. A
field is one place for one answer, and one row of facts (`peakend.service.questions.AnswerField`); what is particular to
a kind of question stands in `peakend.service.kinds` and `peakend_web.asking.kinds`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Final

from peakend.documents.parts import Text
from peakend.service.drawn_order import SHOWN_PLACE, shown_places
from peakend.service.paths import Given, items_on_path, verdict
from peakend.service.piping import filled, may_be_piped, names_in_braces
from peakend.service.questions import AnswerField
from peakend.service.schema import ServiceDocument
from peakend.service.surveys import Item, Quota, Survey
from peakend.terms import LANGUAGES, Lang
from peakend_web.asking import kinds
from peakend_web.asking.answers import AnswerFact, GivenAnswer, LeftContact, Submission
from peakend_web.asking.controls.control import Control
from peakend_web.base.languages import accepted_language
from peakend_web.base.refusals import Refusal

ANSWER_STATES: Final = frozenset({"answered", "not_applicable"})
"""The states of what somebody did answer; that something was not used is an answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """An item of the document with its fields, as it stands on the page."""

    item: Item
    fields: tuple[AnswerField, ...]
    wording: Text | None

    @property
    def control(self) -> Control:
        """How it is asked."""
        return kinds.CONTROLS[self.item.kind]


@dataclass(frozen=True)
class Questionnaire:
    """A survey as it is put before people; `fields` are the places for answers, by their names."""

    service: ServiceDocument
    survey: Survey
    questions: tuple[Question, ...]
    fields: Mapping[str, AnswerField]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each question and each of its fields stands on the page, by their names."""
        names = (name for each in self.questions for name in (each.item.id, *(field.name for field in each.fields)))
        return {name: at for at, name in enumerate(dict.fromkeys(names))}

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """The files of the page that help to answer what it asks."""
        return tuple(dict.fromkeys(each.control.script for each in self.questions if each.control.script))

    @cached_property
    def contacts(self) -> tuple[Question, ...]:
        """The questions whose answers say who somebody is."""
        return tuple(each for each in self.questions if each.item.spec.says_who)

    def names_of(self, item: str) -> tuple[str, ...]:
        """What the fields of an item are called."""
        return tuple(field.name for field in self.fields.values() if field.item == item)

    @cached_property
    def piped(self) -> Mapping[str, Question]:
        """The questions whose answers stand in the words of others, by their id."""
        may = {each.item.id: each for each in self.questions if may_be_piped(self.service, self.survey, each.item)}
        texts = (str(text) for each in self.survey.items for text in _texts_of(each.model_dump()))
        named = {name for text in texts for name in names_in_braces(text)}
        return {id: question for id, question in may.items() if id in named}

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

    def language_for(self, choices: Iterable[str | None], accepted: str | None) -> Lang:
        """The language in which somebody is asked: their own first choice, else what is nearest to what their device
        accepts, else the survey's first.
        """
        for choice in choices:
            if choice in LANGUAGES:
                return self.nearest(choice)
        return self.languages[0] if accepted is None else self.nearest(accepted_language(accepted))


def questionnaire_of(service: ServiceDocument, survey_id: str) -> Questionnaire:
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
    questions = tuple(
        Question(item, tuple(item.spec.fields(service, survey, item)), item.spec.wording(service, item))
        for item in survey.items
    )
    fields = {field.name: field for question in questions for field in question.fields}
    return Questionnaire(service, survey, questions, fields)


def _texts_of(value: object) -> Iterator[object]:
    """Everything in plain data that is neither a list nor a map."""
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else None
    if inner is None:
        yield value
    for each in inner or ():
        yield from _texts_of(each)


def fact_of(asked: Questionnaire, given: GivenAnswer) -> AnswerFact:
    """What an answer says, or a refusal of its own: `survey.item_unknown`, `survey.touchpoint_unknown`,
    `survey.value_outside`, …
    """
    field = asked.fields.get(given.field)
    if field is None:
        raise _unknown_field(asked, given.field)
    state, value, text = kinds.CONTROLS[field.kind].read(field, given)
    return AnswerFact(field, state, value, text, given.revision, given.waited_ms)


def _unknown_field(asked: Questionnaire, name: str) -> Refusal:
    item = name.partition(".")[0]
    question = next((each for each in asked.questions if each.item.id == item), None)
    if question is None:
        return Refusal("survey.item_unknown", item=name, field=name)
    return question.control.unknown_field(question.item, question.fields, name)


def items_on_the_way(asked: Questionnaire, facts: Sequence[AnswerFact]) -> frozenset[str]:
    """The items that these answers lead past (`peakend.service.paths`)."""
    return items_on_path(asked.survey.items, _given_by_item(facts))


def given_on_the_way(asked: Questionnaire, answers: Sequence[GivenAnswer]) -> Mapping[str, Given]:
    """What was answered so far on the way, by item; what nobody can answer so is passed over."""
    facts, _ = _facts_and_problems(asked, answers)
    given, path = _given_by_item(facts), items_on_the_way(asked, facts)
    return {item: answer for item, answer in given.items() if item in path}


def _given_by_item(facts: Sequence[AnswerFact]) -> dict[str, Given]:
    given: dict[str, list[AnswerFact]] = {}
    for fact in facts:
        unticked = kinds.CONTROLS[fact.field.kind].sends == "tick" and not fact.value
        if fact.state in ANSWER_STATES and not unticked:
            given.setdefault(fact.field.item, []).append(fact)
    return {item: _given_by(answers) for item, answers in given.items()}


def _given_by(facts: Sequence[AnswerFact]) -> Given:
    """What these answers to one item say: their numbers, and the options that were chosen or ticked."""
    return Given(
        values=frozenset(fact.value for fact in facts if fact.value is not None),
        chosen=frozenset(chosen for fact in facts if (chosen := fact.field.option or fact.text)),
    )


def whole_response(asked: Questionnaire, facts: Sequence[AnswerFact], on_the_way: Collection[str]) -> list[AnswerFact]:
    """Everything that a finished response says, so that every denominator can be seen: also what was skipped, and what
    was not shown.

    What was answered and then left the way, for an earlier answer was changed, was not shown. A box left empty in a
    question in which another is ticked says no, and an option without points has none of those that were divided; where
    nothing is, the question was skipped. Rows for what was never
    answered are older than any answer, so that they never stand in the place of one that came before.
    """
    there = {fact.field.name for fact in facts}
    ticked = {fact.field.item for fact in facts if fact.field.option and fact.value}
    fields = (each for each in asked.fields.values() if not each.is_apart)
    unsaid = (AnswerFact(each, "skipped", revision=-1) for each in fields if each.name not in there)
    return [_fact_on_the_way(fact, on_the_way, ticked) for fact in (*facts, *unsaid)]


def _fact_on_the_way(fact: AnswerFact, on_the_way: Collection[str], ticked: Collection[str]) -> AnswerFact:
    if fact.field.item not in on_the_way:
        return replace(fact, state="not_shown", value=None, text=None)
    if fact.state == "skipped" and fact.field.says_none_when_empty and fact.field.item in ticked:
        return replace(fact, state="answered", value=0.0)
    return fact


class Segments:
    """The segment columns of a response, each row's as one JSON object: what its answers fill, the language that they
    were given in, what else is known of all of it (`more`), and of a question whose place was drawn, as which it was
    shown.
    """

    def __init__(
        self,
        survey: Survey,
        response: str,
        facts: Sequence[AnswerFact],
        lang: Lang,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        chosen = {fact.field.segment: fact.text for fact in facts if fact.field.segment and fact.text}
        self._shared = {"language": lang, **chosen, **more}
        self._places = shown_places(survey, response) if survey.shuffle else {}
        self._text = _as_json(self._shared)

    def of(self, item: str) -> str:
        """Those of the answers to one item."""
        place = self._places.get(item)
        return self._text if place is None else _as_json({**self._shared, SHOWN_PLACE: str(place)})


def _as_json(segments: Mapping[str, str]) -> str:
    return json.dumps(segments, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def in_words(asked: Questionnaire, problem: Refusal, lang: Lang) -> Refusal:
    """The same refusal, with the question in the words that its reader saw instead of its name."""
    name = str(problem.fields.get("field"))
    field = asked.fields.get(name)
    question = next((each for each in asked.questions if each.item.id == (field.item if field else name)), None)
    if question is None or "item" not in problem.fields:
        return problem
    words = field.label if field and len(question.fields) > 1 else question.wording
    if not words:
        return problem
    return Refusal(problem.id, **{**problem.fields, "item": filled(words[lang], lang, asked.piped)})


def missing_items(asked: Questionnaire, facts: Sequence[AnswerFact], on_the_way: Collection[str]) -> Iterator[str]:
    """The items on the way that must be answered, and are not."""
    there = {fact.field.item for fact in facts if fact.state in ANSWER_STATES}
    for question in asked.questions:
        item = question.item
        if item.required and item.id in on_the_way and item.id not in there:
            yield item.id


def conflicts(
    asked: Questionnaire, facts: Sequence[AnswerFact], on_the_way: Collection[str], *, done: bool
) -> Iterator[Refusal]:
    """What is wrong with the answers to one item together: two first places, points that do not add up. Before the end
    only what is there is looked at, and what is still missing is no fault.
    """
    given: dict[str, list[AnswerFact]] = {}
    for fact in facts:
        if fact.field.option and fact.state == "answered":
            given.setdefault(fact.field.item, []).append(fact)
    for question in asked.questions if given else ():
        item = question.item
        if item.id in given and (not done or item.id in on_the_way):
            yield from question.control.conflicts(item, given[item.id], done=done)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a submission says as facts, the items that it leads past where it is the last one, and everything that is
    wrong with it, in the order of the page.
    """

    facts: Sequence[AnswerFact]
    problems: Sequence[Refusal]
    on_the_way: Collection[str] = ()
    quotas: Sequence[Quota] = ()
    """The quotas into which whoever ends here falls."""
    left: LeftContact | None = None
    """Where whoever ends here wants to be reached."""


def contents_of(asked: Questionnaire, sent: Submission, full: Collection[str] = (), zone: str = "UTC") -> Contents:
    """What was sent, as facts, and what is wrong with it: an answer that says nothing it can say, answers that cannot
    stand together, a question that must be answered, or nothing at all (`survey.required`, `survey.nothing_sent`). Of
    whoever falls into a quota that is full no question is demanded any more. `zone`: the time zone of the workspace.
    """
    apart = set_contacts_apart(asked, sent, zone)
    facts, problems = _facts_and_problems(asked, apart.answers)
    problems += apart.problems
    on_the_way = items_on_the_way(asked, facts) if sent.done else frozenset()
    quotas = _quotas_of(asked, facts, on_the_way) if sent.done else ()
    wrong = {problem.fields.get("field") for problem in problems}
    together = conflicts(asked, facts, on_the_way, done=sent.done)
    problems += [each for each in together if wrong.isdisjoint(asked.names_of(str(each.fields["field"])))]
    if sent.done and not any(quota.id in full for quota in quotas):
        named = {problem.fields.get("field") for problem in problems}
        missing = missing_items(asked, facts, on_the_way)
        problems += [Refusal("survey.required", item=item, field=item) for item in missing if item not in named]
    if not problems and all(fact.state == "skipped" for fact in facts) and (sent.done or not facts):
        problems.append(Refusal("survey.nothing_sent"))
    if problems:
        places = asked.places
        problems.sort(key=lambda problem: places.get(str(problem.fields.get("field")), len(places)))
    left = next((contact for item, contact in apart.left.items() if item in on_the_way), None)
    return Contents(facts, problems, on_the_way, quotas, left)


@dataclass(frozen=True, slots=True)
class Apart:
    """The answers of which facts are made, and what was left beside them, by item: an address, or what is wrong with
    it.
    """

    answers: Sequence[GivenAnswer]
    left: Mapping[str, LeftContact] = field(default_factory=dict)
    problems: Sequence[Refusal] = ()


def set_contacts_apart(asked: Questionnaire, sent: Submission, zone: str) -> Apart:
    """Take out of the answers what says who somebody is, and put in its place whether an address was left. That is so
    with the last submission alone: until then whoever answers may still leave it.
    """
    answers, left, problems = list(sent.answers), {}, []
    for question in asked.contacts:
        names = {each.name for each in question.fields}
        given = {each.field: each for each in answers if each.field in names}
        answers = [each for each in answers if each.field not in names]
        try:
            contact = question.control.left(question.fields, given, zone) if sent.done else None
        except Refusal as problem:
            problems.append(problem)
            continue
        if contact is not None:
            left[question.item.id] = contact
        if given:
            revision, ago = max(each.revision for each in given.values()), max(each.ago_ms for each in given.values())
            said = None if contact is None else 1.0
            answers.append(GivenAnswer(field=question.item.id, value=said, revision=revision, ago_ms=ago))
    return Apart(answers, left, problems)


def fields_said_before(asked: Questionnaire, sent: Submission) -> list[str]:
    """The fields that whoever ends does not send along, though their answers are looked at together with what is sent:
    how many points were given so far, which level was named first.
    """
    if not sent.done:
        return []
    said = {given.field for given in sent.answers}
    together = (question.fields for question in asked.questions if question.control.is_given_together)
    return [field.name for fields in together for field in fields if field.name not in said]


def _quotas_of(asked: Questionnaire, facts: Sequence[AnswerFact], on_the_way: Collection[str]) -> tuple[Quota, ...]:
    if not asked.survey.quotas:
        return ()
    given = {item: answer for item, answer in _given_by_item(facts).items() if item in on_the_way}
    return tuple(quota for quota in asked.survey.quotas if verdict(quota.when, given))


def _facts_and_problems(asked: Questionnaire, answers: Sequence[GivenAnswer]) -> tuple[list[AnswerFact], list[Refusal]]:
    facts, problems = [], []
    for given in answers:
        try:
            facts.append(fact_of(asked, given))
        except Refusal as problem:
            problems.append(problem)
    return facts, problems
