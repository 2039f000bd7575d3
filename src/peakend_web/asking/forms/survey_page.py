"""A questionnaire as its page shows it: in one language, with what has been answered and what is wrong with it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peakend.service.asking import Item
from peakend.terms import Lang
from peakend_web.asking.actions import Sent
from peakend_web.asking.questionnaire import Question, Questionnaire, Slot, in_words
from peakend_web.base import customer_pages
from peakend_web.base.refusals import Refusal, status_of

from .answers import NOT_USED

Words = str | Promise

DISAGREE: Final = (gettext_lazy("Strongly disagree"), gettext_lazy("Strongly agree"))
POOR: Final = (gettext_lazy("Very poor"), gettext_lazy("Very good"))
ENDS: Final[dict[tuple[str, str], tuple[Words, Words]]] = {
    ("nps", "score"): (gettext_lazy("Not at all likely"), gettext_lazy("Extremely likely")),
    ("csat", "score"): (gettext_lazy("Very dissatisfied"), gettext_lazy("Very satisfied")),
    ("ces", "score"): DISAGREE,
    ("servqual", "expectation"): DISAGREE,
    ("servqual", "perception"): DISAGREE,
    ("importance", "importance"): (gettext_lazy("Not important"), gettext_lazy("Very important")),
}
FIRST_EFFORT: Final = (gettext_lazy("Very low effort"), gettext_lazy("Very high effort"))
KANO: Final = (
    gettext_lazy("I like it that way"),
    gettext_lazy("It must be that way"),
    gettext_lazy("I am neutral"),
    gettext_lazy("I can live with it"),
    gettext_lazy("I dislike it"),
)
SECONDS: Final = {"text": 15, "number": 6}


@dataclass(frozen=True, slots=True)
class Choice:
    """One button."""

    value: str
    label: Words
    chosen: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one answer, in words, and the id of its field on the page."""

    at: str
    what: str
    do: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One slot on the page."""

    field: str
    id: str
    form: str
    label: str
    choices: tuple[Choice, ...]
    low: Words
    high: Words
    ends: str
    worded: bool
    not_used: Choice | None
    text: str
    longest: int
    problem: Trouble | None

    @property
    def explains(self) -> bool:
        """Whether the ends of the scale are explained here, and not at an earlier row."""
        return self.ends == f"{self.id}-d"

    @property
    def columns(self) -> int:
        """In how many columns its steps stand, so that no row has one step alone and each is wide enough for a
        thumb.
        """
        many = len(self.choices) + (self.not_used is not None)
        return {5: 5, 7: 4, 8: 4, 9: 5, 10: 5}.get(many, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question on the page."""

    id: str
    item: str
    wording: str
    grouped: bool
    slots: tuple[Shown, ...]
    show_if: str
    about: str
    probes: str
    required: bool
    problem: Trouble | None

    @property
    def only(self) -> Shown:
        """Its slot, where it has one."""
        return self.slots[0]


def shown(asked: Questionnaire, lang: Lang, sent: Sent | None = None, problems: Sequence[Refusal] = ()) -> list[Asked]:
    """The questions in a language, with what was sent still in its place and each problem beside its field."""
    given = {
        each.field: NOT_USED if each.not_used else each.text or _plain(each.value)
        for each in (sent.answers if sent else ())
    }
    wrong = {str(problem.fields.get("field", "")): trouble(asked, problem, lang) for problem in problems}
    return [_asked(question, lang, given, wrong) for question in asked.questions]


def trouble(asked: Questionnaire, problem: Refusal, lang: Lang) -> Trouble:
    """A refusal in words, pointing at its field; at the questions where it is about none of them. What is the house's
    trouble and not the survey's is told as to a customer.
    """
    field, told = problem.fields.get("field"), in_words(asked, problem, lang)
    what, do = (
        (told.message(lang), told.hint(lang))
        if problem.id.startswith("survey.")
        else map(str, customer_pages.words(status_of(problem)))
    )
    return Trouble(html_id(str(field)) if field else "questions", what, do)


def minutes(asked: Questionnaire) -> int:
    """About how long it takes."""
    return max(1, math.ceil(sum(SECONDS.get(slot.form, 4) for slot in asked.slots.values()) / 60))


def html_id(field: str) -> str:
    """The id on the page of a field, or of an item."""
    return f"q-{field.replace('.', '--')}"


def _asked(question: Question, lang: Lang, given: Mapping[str, str], wrong: Mapping[str, Trouble]) -> Asked:
    item = question.item
    grouped = len(question.slots) > 1
    # Where one scale serves many rows, its ends are explained at the first.
    first = html_id(question.slots[0].field) if item.kind == "touchpoint_rating" else ""
    wording = question.wording[lang] if question.wording else _default_wording(item)
    return Asked(
        id=html_id(item.id),
        item=item.id,
        wording=wording,
        grouped=grouped,
        slots=tuple(
            _slot(
                item,
                slot,
                lang,
                given.get(slot.field, ""),
                problem=wrong.get(slot.field),
                wording="" if grouped else wording,
                first=first,
            )
            for slot in question.slots
        ),
        show_if=item.show_if.model_dump_json(exclude_defaults=True) if item.show_if else "",
        about=item.about or "",
        probes=_probes(item, lang),
        required=item.required,
        problem=wrong.get(item.id) if grouped else None,
    )


def _slot(item: Item, slot: Slot, lang: Lang, said: str, *, problem: Trouble | None, wording: str, first: str) -> Shown:
    low, high = _ends(item, slot, lang)
    return Shown(
        field=slot.field,
        id=html_id(slot.field),
        form=slot.form,
        label=wording or (slot.label[lang] if slot.label else slot.touchpoint or slot.field),
        choices=tuple(_choices(item, slot, lang, said)),
        low=low,
        high=high,
        ends=f"{first or html_id(slot.field)}-d" if low else "",
        worded=item.kind == "kano" or slot.form == "choice" or bool(item.scale and item.scale.labels),
        not_used=_not_used(slot, lang, said),
        text=said if slot.form in {"text", "number"} else "",
        longest=slot.longest,
        problem=problem,
    )


def _choices(item: Item, slot: Slot, lang: Lang, said: str) -> Iterator[Choice]:
    if slot.form == "choice":
        yield from (Choice(option.id, option.title[lang], said == option.id) for option in item.options)
    elif slot.form == "tick":
        yield Choice("1", slot.label[lang] if slot.label else slot.field, said == "1")
    elif slot.form == "scale":
        yield from (Choice(str(step), _step(item, step, lang), said == str(step)) for step in slot.steps)


def _step(item: Item, step: int, lang: Lang) -> Words:
    if item.kind == "kano":
        return KANO[step - 1]
    named = item.scale.labels.get(str(step)) if item.scale else None
    return named[lang] if named else str(step)


def _ends(item: Item, slot: Slot, lang: Lang) -> tuple[Words, Words]:
    if slot.form != "scale" or item.kind == "kano":
        return "", ""
    usual = FIRST_EFFORT if item.kind == "ces" and item.edition == 1 else ENDS.get((item.kind, slot.role), POOR)
    scale = item.scale
    low = scale.low_label[lang] if scale and scale.low_label else usual[0]
    high = scale.high_label[lang] if scale and scale.high_label else usual[1]
    return low, high


def _not_used(slot: Slot, lang: Lang, said: str) -> Choice | None:
    if not slot.not_used:
        return None
    return Choice(NOT_USED, _("Did not use") if slot.not_used is True else slot.not_used[lang], said == NOT_USED)


def _probes(item: Item, lang: Lang) -> str:
    words = {"low": item.probe_low, "high": item.probe_high}
    found = {name: text[lang] for name, text in words.items() if text}
    return json.dumps(found, ensure_ascii=False) if found else ""


def _default_wording(item: Item) -> str:
    return _("How was each of these for you?") if item.kind == "touchpoint_rating" else item.id


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
