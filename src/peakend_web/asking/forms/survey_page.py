"""A questionnaire as its page shows it: in one language, with what has been answered and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peakend.service.condition_words import condition_sentence
from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend.terms import Lang
from peakend_web.asking.answers import Submission
from peakend_web.asking.controls.control import NOT_USED, Control, Look, Words
from peakend_web.asking.questionnaire import Question, Questionnaire, in_words
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
    label: str
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
    wording: str
    is_group: bool
    fields: tuple[FieldOnPage, ...]
    show_if: str
    only_if: str
    """Who is asked, in words, for whoever has no script that hides it from the others."""
    about: str
    probes: str
    problem: Trouble | None
    hint: Words
    """How it is answered, beneath the question."""
    advice: Words
    """What is said beside answers that can hardly be meant together."""


def questions_on_page(
    asked: Questionnaire, lang: Lang, sent: Submission | None = None, problems: Sequence[Refusal] = ()
) -> list[QuestionOnPage]:
    """The questions in a language, with what was sent still in its place and each problem beside its field."""
    given = {
        each.field: NOT_USED if each.not_used else each.text or _plain(each.value)
        for each in (sent.answers if sent else ())
    }
    wrong = {str(problem.fields.get("field", "")): trouble(asked, problem, lang) for problem in problems}
    return [_question(asked, question, lang, given, wrong) for question in asked.questions]


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


def html_id(name: str) -> str:
    """The id on the page of a field, or of an item."""
    return f"q-{name.replace('.', '--')}"


def _question(
    asked: Questionnaire, question: Question, lang: Lang, given: Mapping[str, str], wrong: Mapping[str, Trouble]
) -> QuestionOnPage:
    item, control = question.item, question.control
    is_group = len(question.fields) > 1
    wording = question.wording[lang] if question.wording else control.default_wording(item)
    # Where one scale serves many rows, its ends are explained at the first.
    first = question.fields[0].name if control.explains_its_scale_once else ""
    fields = []
    for field in question.fields:
        look = control.look(item, field, lang, given.get(field.name, ""))
        fields.append(
            FieldOnPage(
                name=field.name,
                id=html_id(field.name),
                label=_label(field, lang) if is_group else wording,
                look=look,
                ends=f"{html_id(first or field.name)}-d" if look.low else "",
                longest=field.longest,
                tells_apart=field.segment is not None,
                problem=wrong.get(field.name),
            )
        )
    return QuestionOnPage(
        id=html_id(item.id),
        item=item.id,
        control=control,
        wording=wording,
        is_group=is_group,
        fields=tuple(fields),
        show_if=item.show_if.model_dump_json(by_alias=True, exclude_defaults=True) if item.show_if else "",
        only_if=condition_sentence(asked.service, asked.survey, item.show_if, lang, "respondent")
        if item.show_if
        else "",
        about=item.about or "",
        probes=_probes(item, lang),
        problem=wrong.get(item.id) if item.id != question.fields[0].name else None,
        hint=control.hint(item),
        advice=control.advice([given.get(field.name, "") for field in question.fields]),
    )


def _label(field: AnswerField, lang: Lang) -> str:
    return field.label[lang] if field.label else field.touchpoint or field.name


def _probes(item: Item, lang: Lang) -> str:
    words = {"low": item.probe_low, "high": item.probe_high}
    probes = {name: text[lang] for name, text in words.items() if text}
    return json.dumps(probes, ensure_ascii=False) if probes else ""


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
