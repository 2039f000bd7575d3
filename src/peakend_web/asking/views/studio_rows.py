"""A survey in its studio, question by question, and how it stands in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.service.condition_words import condition_sentence, question_words
from peakend.service.document import of_data
from peakend.service.drawings.phrases import joined, quoted
from peakend_web.asking.forms.condition import Condition, condition_of
from peakend_web.asking.forms.question import duration
from peakend_web.asking.kinds import WORDS
from peakend_web.asking.queries.studio import SurveyState

from .drafting import Desk


@dataclass(frozen=True)
class Row:
    """A question in the list: its name as edits call it, its words, what kind it is of, when it is shown, and behind
    which question it goes when it is moved up or down; None where it cannot be.
    """

    name: str
    words: str
    kind: str | Promise
    picture: str
    required: bool
    shown: str
    up: str | None
    down: str | None


def rows_of(desk: Desk) -> list[Row]:
    """The questions of a survey, in order."""
    names = desk.working.names_in(desk.name, "items")
    service = of_data(desk.working.data)
    survey = service.survey(desk.item)
    rows = []
    for at, (name, item) in enumerate(zip(names, survey.items if survey else (), strict=True)):
        kind = WORDS[item.kind]
        rows.append(
            Row(
                name,
                question_words(service, item, desk.at.lang, longest=None),
                kind.name,
                kind.picture,
                item.required,
                condition_sentence(service, survey, item.show_if, desk.at.lang) if survey and item.show_if else "",
                ["", *names][at - 1] if at else None,
                names[at + 1] if at + 1 < len(names) else None,
            )
        )
    return rows


@dataclass(frozen=True)
class QuotaRow:
    """A quota in the list: its name as edits call it, what it says, its number, and its condition."""

    name: str
    words: str
    at_most: int
    condition: Condition


def quotas_of(desk: Desk) -> list[QuotaRow]:
    """The quotas of a survey, in order."""
    service, names = of_data(desk.working.data), desk.working.names_in(desk.name, "items")
    survey, found = service.survey(desk.item), list[QuotaRow]()
    if survey is None:
        return found
    for name, quota in zip(desk.working.names_in(desk.name, "quotas"), survey.quotas, strict=True):
        said = {"n": quota.at_most, "who": condition_sentence(service, survey, quota.when, desk.at.lang, "quota")}
        words = ngettext("%(who)s: at most %(n)s answer", "%(who)s: at most %(n)s answers", quota.at_most) % said
        rule = desk.working.value(name, "when")
        found.append(QuotaRow(name, words, quota.at_most, condition_of(desk.at, desk.name, rule, names)))
    return found


def drawn_orders_of(desk: Desk) -> list[str]:
    """A sentence for each group of questions that change places among themselves."""
    service = of_data(desk.working.data)
    survey, lang = service.survey(desk.item), desk.at.lang
    if survey is None:
        return []
    words = {item.id: quoted(question_words(service, item, lang), lang) for item in survey.items}
    return [
        _("%(questions)s: in an order that is drawn for each person.")
        % {"questions": joined([words.get(id, id) for id in group], lang)}
        for group in survey.shuffle
    ]


def sentence_of_state(state: SurveyState) -> str:
    """“6 questions, about 40 seconds, in 3 languages; 简体中文 lacks one text.”"""
    many = len(state.missing)
    said = _("%(questions)s, %(time)s, %(languages)s") % {
        "questions": ngettext("%(n)s question", "%(n)s questions", state.questions) % {"n": state.questions},
        "time": duration(state.seconds),
        "languages": ngettext("in %(n)s language", "in %(n)s languages", many) % {"n": many},
    }
    lacking = [
        ngettext("%(language)s lacks %(n)s text", "%(language)s lacks %(n)s texts", each.count)
        % {"language": each.name, "n": each.count}
        for each in state.missing
        if each.count
    ]
    return _("%(said)s.") % {"said": _("; ").join([said, *lacking])}
