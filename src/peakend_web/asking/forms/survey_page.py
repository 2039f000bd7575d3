"""A questionnaire as its page shows it: in one language, with what has been answered and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from peakend.service.condition_words import condition_sentence
from peakend.service.drawn_order import in_drawn_order, question_order
from peakend.service.questions import AnswerField, ShowIf
from peakend.service.surveys import Item
from peakend.terms import Lang
from peakend_web.asking.answers import Submission
from peakend_web.asking.controls.control import NOT_USED, Control, Look, Words
from peakend_web.asking.forms.piped_words import PipedWords
from peakend_web.asking.questionnaire import Question, Questionnaire, given_on_the_way, in_words
from peakend_web.base import customer_pages
from peakend_web.base.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one answer, in words, and the id of its field on the page."""

    at: str
    what: str
    do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOnPage:
    """One place for an answer on the page."""

    name: str
    id: str
    label: Words
    look: Look
    ends: str
    """The id of where the ends of its scale are explained."""
    longest: int
    tells_apart: bool
    """Whether its answer is a segment: it then belongs to every answer."""
    problem: Trouble | None

    @property
    def explains(self) -> bool:
        """Whether the ends of the scale are explained here, and not at an earlier row."""
        return self.ends == f"{self.id}-d"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionOnPage:
    """One question on the page."""

    id: str
    item: str
    control: Control
    wording: Words
    is_group: bool
    is_shuffled: bool
    required: bool
    fields: tuple[FieldOnPage, ...]
    show_if: str
    only_if: str
    """Who is asked, in words, for whoever has no script that hides it from the others."""
    about: str
    probes: str
    words: str
    """What the script must know to put its answer into the words of others."""
    problem: Trouble | None
    hint: Words
    """How it is answered, beneath the question."""
    advice: Words
    """What is said beside answers that can hardly be meant together."""


def questions_on_page(
    asked: Questionnaire,
    lang: Lang,
    sent: Submission | None = None,
    problems: Sequence[Refusal] = (),
    *,
    seed: str = "",
) -> list[QuestionOnPage]:
    """The questions in a language, with what was sent still in its place and each problem beside its field; what is
    asked in a drawn order in that which follows from the name of the response, the seed.
    """
    given = {
        each.field: NOT_USED if each.not_used else each.text or _plain(each.value)
        for each in (sent.answers if sent else ())
    }
    wrong = {str(problem.fields.get("field", "")): trouble(asked, problem, lang) for problem in problems}
    words = PipedWords(asked, lang, given_on_the_way(asked, sent.answers if sent else ()))
    page = _Page(asked, lang, given, wrong, words, seed)
    places = {id: at for at, id in enumerate(question_order(asked.survey, seed))}
    return [page.question(question) for question in sorted(asked.questions, key=lambda each: places[each.item.id])]


def trouble(asked: Questionnaire, problem: Refusal, lang: Lang) -> Trouble:
    """A refusal in words, pointing at its field; at the questions where it is about none of them. What is the house's
    trouble and not the survey's is worded as to a customer.
    """
    field, refusal = problem.fields.get("field"), in_words(asked, problem, lang)
    what, do = (
        (refusal.message(lang), refusal.hint(lang))
        if problem.id.startswith("survey.")
        else map(str, customer_pages.words(customer_pages.status_in_words(problem)))
    )
    return Trouble(html_id(str(field)) if field else "questions", what, do)


def full_quotas(asked: Questionnaire, full: Collection[str]) -> str:
    """The conditions of the quotas that are full, as JSON for the page's script; empty where none is."""
    conditions = [each.when for each in asked.survey.quotas if each.id in full]
    plain = [each.model_dump(mode="json", by_alias=True, exclude_defaults=True) for each in conditions]
    return json.dumps(plain) if plain else ""


def html_id(name: str) -> str:
    """The id on the page of a field, or of an item."""
    return f"q-{name.replace('.', '--')}"


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of a questionnaire: what was given on it, and what is wrong with that."""

    asked: Questionnaire
    lang: Lang
    given: Mapping[str, str]
    wrong: Mapping[str, Trouble]
    words: PipedWords
    seed: str

    def question(self, question: Question) -> QuestionOnPage:
        """A question as it stands here."""
        item, control, lang = question.item, question.control, self.lang
        wording = question.wording[lang] if question.wording else control.default_wording(item)
        fields = in_drawn_order(question.fields, item, self.seed, lambda field: field.name.removeprefix(f"{item.id}."))
        condition = item.show_if
        return QuestionOnPage(
            id=html_id(item.id),
            item=item.id,
            control=control,
            wording=self.words.on_page(wording),
            is_group=len(fields) > 1,
            is_shuffled=item.shuffle,
            required=item.required,
            fields=tuple(self._field(question, field, wording, fields[0].name) for field in fields),
            show_if=condition.model_dump_json(by_alias=True, exclude_defaults=True) if condition else "",
            only_if=self._only_if(condition) if condition else "",
            about=item.about or "",
            probes=_probes(item, wording, lang, self.words),
            words=self.words.of_item(item.id),
            problem=self.wrong.get(item.id) if item.id != question.fields[0].name else None,
            hint=control.hint(item),
            advice=control.advice([self.given.get(field.name, "") for field in question.fields]),
        )

    def _field(self, question: Question, field: AnswerField, wording: str, first: str) -> FieldOnPage:
        """A field; where one scale serves many rows, its ends are explained at the first."""
        item, control = question.item, question.control
        look = self.words.look(control.look(item, field, self.lang, self.given.get(field.name, "")))
        if field.options:
            look = replace(look, choices=tuple(in_drawn_order(look.choices, item, self.seed, lambda each: each.value)))
        explains = first if control.explains_its_scale_once else field.name
        return FieldOnPage(
            name=field.name,
            id=html_id(field.name),
            label=self.words.on_page(_label(field, self.lang) if len(question.fields) > 1 else wording),
            look=look,
            ends=f"{html_id(explains)}-d" if look.low else "",
            longest=field.longest,
            tells_apart=field.segment is not None,
            problem=self.wrong.get(field.name),
        )

    def _only_if(self, condition: ShowIf) -> str:
        return condition_sentence(self.asked.service, self.asked.survey, condition, self.lang, "respondent")


def _label(field: AnswerField, lang: Lang) -> str:
    return field.label[lang] if field.label else field.touchpoint or field.name


def _probes(item: Item, wording: str, lang: Lang, words: PipedWords) -> str:
    """How a text asks after a low and a high score, and otherwise."""
    texts = {"low": item.probe_low, "high": item.probe_high}
    probes = {name: words.as_data(text[lang]) for name, text in texts.items() if text}
    return json.dumps({**probes, "usual": words.as_data(wording)}, ensure_ascii=False) if probes else ""


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
