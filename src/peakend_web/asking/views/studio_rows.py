"""A survey in its studio, question by question, and how it stands in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.service.condition_words import condition_sentence
from peakend.service.document import of_data
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
        wording, kind = item.spec.wording(service, item), WORDS[item.kind]
        rows.append(
            Row(
                name,
                wording[desk.at.lang] if wording else item.id,
                kind.name,
                kind.picture,
                item.required,
                condition_sentence(service, survey, item.show_if, desk.at.lang) if survey and item.show_if else "",
                ["", *names][at - 1] if at else None,
                names[at + 1] if at + 1 < len(names) else None,
            )
        )
    return rows


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
