"""What a respondent says: each answer as it was given, what it means as a fact, and all that is sent together."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final

import msgspec

from peakend.service.questions import AnswerField
from peakend.terms import Lang
from peakend_web.asking.entered import Entered
from peakend_web.customers.queries import Address

HIGHEST: Final = 10_000
"""The highest revision of an answer: nobody changes their mind more often, and a number that can be counted up to
bounds what is written.
"""
LATEST_MS: Final = 14 * 24 * 3600 * 1000
"""How long an answer may have waited to be sent, in milliseconds."""
Revision = Annotated[int, msgspec.Meta(ge=0, le=HIGHEST)]


class GivenAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer as it was given: a number (`value`), words (`text`), or that this was not used; without any of them it
    is cleared.

    `revision` counts the changes of one answer by the person who gives it; `ago_ms` is how long it has been waiting to
    be sent.
    """

    field: Annotated[str, msgspec.Meta(max_length=200)]
    value: float | None = None
    text: str | None = None
    not_used: bool = False
    revision: Revision = 0
    ago_ms: int = msgspec.field(default=0, name="ago")

    @property
    def waited_ms(self) -> int:
        """How long it has waited, as far as that is believed."""
        return min(max(self.ago_ms, 0), LATEST_MS)


def now_us() -> int:
    """Now, in microseconds since 1970 UTC."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """An answer as the fact that it becomes: its field, its state, and the number or the words."""

    field: AnswerField
    state: str
    value: float | None = None
    text: str | None = None
    revision: int = 0
    waited_ms: int = 0


@dataclass(frozen=True, slots=True)
class KnownRespondent:
    """Who answers by a link of their own, in a survey that is asked by name: the key of the customer, where the link
    was sent to one, and what gave rise to it.
    """

    customer: str | None = None
    visit: str | None = None
    site: str | None = None
    touchpoint: str | None = None


NOBODY: Final = KnownRespondent()


@dataclass(frozen=True, slots=True)
class LeftContact:
    """Where somebody wants to be reached, and how they call themselves. It becomes no fact."""

    address: Address
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a respondent's page sends: answers that are new or changed, and with `done` all of them.

    `response` is the respondent's own name for what they fill in, and a secret of theirs: whoever has it may change the
    answers. What is kept and shown is `public_name`. Where it is a code of `receipts`, it is found again by it when it
    is finished. `amends` says that what is finished shall change. `token` is what their page was made with, `proof` the
    solution of its puzzle, `trap` what stands in a field that nobody can see; `network` is the neighbourhood they come
    from, which is counted and kept nowhere. `entered` says that somebody on the staff typed it in for a customer.
    `device` is the kiosk that it was given on, by its code, where that is signed in.
    """

    response: str
    key: str
    answers: Sequence[GivenAnswer]
    lang: Lang = "en"
    place: str | None = None
    done: bool = False
    amends: bool = False
    token: str = ""
    proof: int | None = None
    trap: bool = False
    network: str = ""
    entered: Entered | None = None
    device: str = ""
    received_us: int = field(default_factory=now_us)

    @property
    def fingerprint(self) -> str:
        """What was said, without how long it waited to be sent: a retry has waited longer and says the same."""
        said = [(each.field, each.value, each.text, each.not_used, each.revision) for each in self.answers]
        return hashlib.sha256(json.dumps([self.response, self.lang, self.place, self.done, said]).encode()).hexdigest()
