"""What is odd about a response that a person may well have given: flagged when it is finished, kept, and counted.

Each flag is mechanical and errs on the side of the person. Whoever reads figures can leave the flagged out and sees
both numbers; nobody is told that an answer was wrong.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from peakend.facts.shape import OUTCOMES
from peakend.instants import SECOND
from peakend_web.asking.answers import AnswerFact, Submission
from peakend_web.asking.questionnaire import ANSWER_STATES, Question, Questionnaire
from peakend_web.asking.render_tokens import Opened
from peakend_web.base.cache import on_forget

FLAGS: Final[Mapping[str, object]] = {
    "hasty": _("It was finished sooner than its questions can be read."),
    "even": _("The same step was chosen in every row, also where the rows ask opposite things."),
    "contradictory": _("Two of its answers contradict each other."),
    "burst": _("The same answers came several times within a minute at one device."),
}
"""Why an answer is questionable."""
ITEMS: Final = 4
"""Fewer questions are answered in a few taps by whoever knows what to say."""
EVEN: Final = 6
TAP_S, LETTERS_S, HAN_S = 0.7, 60.0, 25.0
"""Seconds of a quick tap, and letters and Han characters that are read in a second: twice as many as a fast reader
reads.
"""
SOON_US: Final = 60 * SECOND
TIMES: Final = 4
"""So often the same is said at one device within a minute before it is a game."""
NEVER_AGAIN: Final = re.compile(
    "不會再來|不会再来|再也不會|再也不会|再也不來|再也不来|絕不再|绝不再|不會再去|不会再去"
    r"|\bnever (?:again|(?:come|coming|go|going) back|return)"
    r"|\b(?:won'?t|will not) (?:be )?(?:come|coming|go|going) back|\b(?:won'?t|will not) (?:be )?return"
)
"""Words that say that somebody stays away; nothing that needs understanding."""


def flags_of(asked: Questionnaire, facts: Sequence[AnswerFact], sent: Submission, opened: Opened) -> tuple[str, ...]:
    """The flags of a finished response."""
    given = [fact for fact in facts if fact.state in ANSWER_STATES]
    found = {
        "hasty": _is_hasty(asked, given, sent, opened),
        "even": _is_even(asked, given),
        "contradictory": any(_contradictions(given)),
        "burst": _is_burst(given, sent),
    }
    return tuple(name for name, is_so in found.items() if is_so)


def _is_hasty(asked: Questionnaire, given: Sequence[AnswerFact], sent: Submission, opened: Opened) -> bool:
    items = {fact.field.item for fact in given}
    if len(items) < ITEMS:
        return False
    least = sum(_reading_seconds(asked, item, sent) + TAP_S for item in items)
    return sent.received_us - opened.at_us < least * SECOND


def _reading_seconds(asked: Questionnaire, item: str, sent: Submission) -> float:
    question = _question(asked, item)
    words = question.wording[asked.nearest(sent.lang)] if question.wording else ""
    han = sum(unicodedata.east_asian_width(sign) in "WF" for sign in words)
    return han / HAN_S + (len(words) - han) / LETTERS_S


def _question(asked: Questionnaire, item: str) -> Question:
    return next(question for question in asked.questions if question.item.id == item)


def _is_even(asked: Questionnaire, given: Sequence[AnswerFact]) -> bool:
    """Whether one and the same step was chosen in all of many rows that ask in two directions."""
    rated = [fact for fact in given if fact.value is not None and fact.field.low is not None and not fact.field.option]
    steps = {(fact.value, fact.field.low, fact.field.high) for fact in rated}
    return len(rated) >= EVEN and len(steps) == 1 and len({_is_turned(asked, fact) for fact in rated}) == 2


def _is_turned(asked: Questionnaire, fact: AnswerFact) -> bool:
    """Whether more is worse in this row."""
    item = _question(asked, fact.field.item).item
    return fact.field.role == "dysfunctional" or item.edition == 1


def _contradictions(given: Sequence[AnswerFact]) -> Iterator[bool]:
    """A feature that is liked, or disliked, whether it is there or not; more that would do than is wished for; and
    the best mark of the whole by somebody who writes that they stay away.
    """
    by_role: dict[str, dict[str, AnswerFact]] = {}
    for fact in given:
        by_role.setdefault(fact.field.name.rpartition(".")[0] or fact.field.item, {})[fact.field.role] = fact
    for roles in by_role.values():
        pair = _values(roles, "functional", "dysfunctional")
        yield pair in {(1.0, 1.0), (5.0, 5.0)}
        zone = _values(roles, "adequate", "expectation")
        yield zone is not None and zone[1] < zone[0]
    best = any(fact.field.construct in OUTCOMES and fact.value == fact.field.high for fact in given)
    words = " ".join(fact.text.casefold() for fact in given if fact.field.role == "comment" and fact.text)
    yield best and bool(NEVER_AGAIN.search(words.replace("\u2019", "'")))


def _values(roles: Mapping[str, AnswerFact], one: str, other: str) -> tuple[float, float] | None:
    first, second = (roles[name].value if name in roles else None for name in (one, other))
    return None if first is None or second is None else (first, second)


# --- one device -------------------------------------------------------------------------------------------------------

_finished: Final[OrderedDict[str, deque[tuple[int, int]]]] = OrderedDict()
_finishing = threading.Lock()
_ROOM: Final = 10_000


def _is_burst(given: Sequence[AnswerFact], sent: Submission) -> bool:
    """Whether the same was said several times within a minute at a place. In memory, and without knowing the device."""
    if not sent.place or len({fact.field.item for fact in given}) < ITEMS:
        return False
    said = hash(tuple(sorted((fact.field.name, fact.value, fact.text) for fact in given)))
    # What waited on a kiosk all day comes at once, and was said one after the other.
    at_us = sent.received_us - 1000 * min(fact.waited_ms for fact in given)
    with _finishing:
        lately = _finished.setdefault(sent.place, deque(maxlen=TIMES - 1))
        _finished.move_to_end(sent.place)
        if len(_finished) > _ROOM:
            _finished.popitem(last=False)
        same = len(lately) == TIMES - 1 and all(one == said and abs(at_us - at) < SOON_US for at, one in lately)
        lately.append((at_us, said))
    return same


on_forget(_finished.clear)
