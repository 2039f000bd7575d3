"""What speaks against a delivery, by rules that know no names: each has a word (`REASONS`), and none refuses anything.

What a machine sends is kept and set apart as a whole (`quarantine`) until a person has looked. What a person may well
have sent counts, and says so (`questionable`, in `quality`).
"""

from __future__ import annotations

import hashlib
import threading
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from peakend.facts import QUARANTINE, QUESTIONABLE
from peakend_web.asking.answers import AnswerFact, Submission, now_us
from peakend_web.asking.arrivals import arrivals
from peakend_web.asking.entered import STAFF
from peakend_web.asking.quality import flags_of
from peakend_web.asking.questionnaire import ANSWER_STATES
from peakend_web.asking.render_tokens import Opened, is_solved, puzzle_of, read_token
from peakend_web.asking.survey_cache import PublishedSurvey
from peakend_web.base.cache import on_forget

OVER_BUDGET: Final = "over_budget"
REASONS: Final[Mapping[str, object]] = {
    "no_token": _("It did not come from a page of ours."),
    "old_token": _("Its page is more than two weeks old."),
    "too_fast": _("It was answered faster than anybody can tap."),
    OVER_BUDGET: _("More came at once than people do, and its page solved no puzzle."),
    "crowded": _("More came at once than any room full of people could send."),
    "too_many_here": _("More came from one kiosk than one person after the other can give."),
    "trap": _("A field was filled in that nobody can see."),
    "same_words": _("Many others have said the same in the same words."),
}
"""Why an answer is in quarantine, as whoever decides about it reads it."""
FIRST_US: Final = 600_000
"""Less than this nobody needs from the page to the first tap: it is read, and a thumb moves."""
EACH_US: Final = 250_000
"""And less than this for each further answer that is sent with it."""
SAME: Final = 8
LONG: Final = 24
"""Characters from which it is no chance that so many others said the same within the hour."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """For which reasons a response is counted apart; the puzzle that its page is to solve, and the reason that it has
    done away with.
    """

    aside: str | None = None
    reasons: Sequence[str] = ()
    puzzle: str = ""
    cleared: str = ""


FINE: Final = Verdict()


def verdict_on(survey: PublishedSurvey, sent: Submission, facts: Sequence[AnswerFact]) -> Verdict:
    """What speaks against what was sent: `facts` are its answers as they were given."""
    if sent.entered:
        return Verdict(STAFF, (sent.entered.how,))
    reasons: list[str] = ["trap"] if sent.trap else []
    opened = read_token(sent.token, survey.id, sent.place or "", sent.response, sent.received_us)
    puzzle = cleared = ""
    if not isinstance(opened, Opened):
        reasons.append(opened)
    else:
        if sent.received_us - opened.at_us < FIRST_US + EACH_US * (_answered(facts) - 1):
            reasons.append("too_fast")
        if not reasons:
            more, puzzle, cleared = _crowd(survey, sent, opened)
            reasons += more
    if sent.done and not reasons and _is_echo(survey, facts):
        reasons.append("same_words")
    if reasons:
        return Verdict(QUARANTINE, reasons, puzzle)
    flags = flags_of(survey.questionnaire, facts, sent, opened) if sent.done and isinstance(opened, Opened) else ()
    return Verdict(QUESTIONABLE, flags, cleared=cleared) if flags else Verdict(cleared=cleared) if cleared else FINE


def _answered(facts: Collection[AnswerFact]) -> int:
    return len({fact.field.item for fact in facts if fact.state in ANSWER_STATES})


def _crowd(survey: PublishedSurvey, sent: Submission, opened: Opened) -> tuple[list[str], str, str]:
    """What its arrival says: reasons, the puzzle to solve, and the reason that a solution does away with."""
    response, place = _mark(f"{survey.id}:{sent.response}"), _place_key(survey, sent.place)
    if sent.device:
        is_human = arrivals.is_rhythm(response, sent.device, opened.at_us, sent.received_us)
        return ([] if is_human else ["too_many_here"]), "", ""
    room = arrivals.room_for(response, place, sent.network, opened.at_us, sent.received_us)
    if room == "free":
        return [], "", OVER_BUDGET if sent.proof is not None else ""
    if room == "full":
        return ["crowded"], "", ""
    if is_solved(sent.token, sent.proof):
        arrivals.prove(response)
        return [], "", OVER_BUDGET
    return [OVER_BUDGET], puzzle_of(sent.token), ""


def is_rush(survey: PublishedSurvey, place: str, network: str) -> bool:
    """Whether a page that is made now is to bring its puzzle along."""
    return arrivals.is_rush(_place_key(survey, place), network, now_us())


def _place_key(survey: PublishedSurvey, place: str | None) -> tuple[str, str]:
    """A place of a survey as arrivals are counted there; the versions of a survey share it."""
    return survey.address, place or ""


# --- the same words ---------------------------------------------------------------------------------------------------

_said: Final[OrderedDict[tuple[int, bytes], tuple[float, int]]] = OrderedDict()
_saying = threading.Lock()
_ROOM: Final = 50_000
_HOUR_S: Final = 3600.0


def _is_echo(survey: PublishedSurvey, facts: Sequence[AnswerFact]) -> bool:
    """Whether a long text of it was said by many others within the hour. Of a text a mark is kept in memory, and for no
    longer.
    """
    texts = [fact.text for fact in facts if fact.field.role == "comment" and fact.text and len(fact.text) >= LONG]
    times = [_times_said(survey.id, text) for text in texts]
    return max(times, default=0) > SAME


def _times_said(survey: int, text: str) -> int:
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
    key = survey, _mark(plain)
    with _saying:
        now = time.monotonic()
        since, times = _said.get(key, (now, 0))
        since, times = (now, 0) if now - since > _HOUR_S else (since, times)
        _said[key] = (since, times + 1)
        _said.move_to_end(key)
        while len(_said) > _ROOM:
            _said.popitem(last=False)
        return times + 1


on_forget(_said.clear)


def _mark(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
