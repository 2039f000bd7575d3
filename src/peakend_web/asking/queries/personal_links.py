"""Links of one's own: `/i/TOKEN` lets one person answer a survey once.

A token is twenty-seven letters and digits at random (132 bits), shown or mailed once; what is kept is its digest. It is
bound to an invitation, and that to the address of a survey, which stands for the survey and its round. To open a link
changes nothing, whoever does and however often, for programs open the links in mails before people do; to finish uses
it up.

What is asked by name is one response, wherever the link is opened: its name follows from the invitation, with a key of
the installation. Of an anonymous survey the link is a ticket and nothing else: each page that it opens begins a
response of its own, under a name drawn at random, one of them can be finished, and nothing that is kept leads from it
to the ticket (`actions.invited`).
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from peakend.errors import PeakendError
from peakend_web.asking import survey_cache
from peakend_web.asking.receipts import ALPHABET, LENGTH, random_code
from peakend_web.asking.survey_cache import PublishedSurvey
from peakend_web.base.derived_keys import derived_key
from peakend_web.base.refusals import Conflict, Gone, Missing
from peakend_web.base.tries import Tries
from peakend_web.models import InvitationLink, Response, Survey, SurveyInvitation
from peakend_web.store.identity import identity, public_name

TOKEN: Final = 27
"""Letters of a token: 132 bits."""
MOST: Final = {"link": 60}
"""Wrong tokens from one place in a quarter of an hour; a right one always opens."""
_tries: Final = Tries(MOST, "survey.links_many")
_WORD: Final = re.compile(f"[{ALPHABET}]{{{TOKEN}}}")
State = SurveyInvitation.State
ENDED: Final[Mapping[str, PeakendError]] = {
    State.WITHDRAWN: Gone("survey.link_withdrawn"),
    State.EXPIRED: Gone("survey.link_expired"),
    State.FINISHED: Conflict("survey.link_used"),
}
"""What is said of a link whose invitation is over."""


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """A link of one's own: its token, the invitation it belongs to, and the survey that it opens."""

    token: str
    invitation: SurveyInvitation
    survey: PublishedSurvey

    @property
    def is_ticket(self) -> bool:
        """Whether it lets somebody in and no more, for the survey is anonymous."""
        return self.survey.questionnaire.survey.anonymous

    @property
    def response(self) -> str:
        """The name of the one response that it opens; empty of a ticket."""
        return "" if self.is_ticket else response_of_invitation(self.invitation)

    @property
    def shelf(self) -> str:
        """Under what the page keeps its answers on the device: neither beside those of the survey's own link, nor under
        the token.
        """
        return f"{self.survey.token}-{identity('shelf', self.token)[:12]}"


def new_token() -> str:
    """A token that nobody can guess."""
    return random_code(TOKEN)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return identity("invitation", token)


def plain_token(typed: str) -> str:
    """The token that somebody typed or copied, however they wrote it; empty where it is none."""
    runs = re.findall("[a-z0-9]+", unicodedata.normalize("NFKC", typed[:400]).casefold())
    return next((run for run in (*runs, "".join(runs)) if _WORD.fullmatch(run)), "")


def response_of_invitation(invitation: SurveyInvitation) -> str:
    """The respondent's own name for the response of an invitation: a code of `receipts`, which does not follow from
    anything that is kept without the installation's secret.
    """
    seal = hmac.digest(derived_key("invitation"), identity("invited", invitation.pk).encode(), "sha256")
    rest, letters = int.from_bytes(seal, "big"), []
    for _letter in range(LENGTH):
        rest, at = divmod(rest, len(ALPHABET))
        letters.append(ALPHABET[at])
    return "".join(letters)


def follow(token: str, address: str, version: str = "") -> PersonalLink:
    """Where a token leads, for a device of this address; `version` is the token of the version of the survey that its
    page was made from. It says nothing of whether the invitation is over (`require_open`).

    Raises Missing `survey.link_unknown`, TooMany `survey.links_many`.
    """
    links = InvitationLink.objects.select_related("invitation__customer", "invitation__service")
    found = links.filter(digest=digest_of(token)).first() if _WORD.fullmatch(token) else None
    survey = _version_of(found.invitation, version) if found else None
    if found is None or survey is None:
        keys = [("link", address)]
        _tries.require(keys)
        _tries.count(keys)
        raise Missing("survey.link_unknown")
    return PersonalLink(token, found.invitation, survey_cache.find(survey.token))


def require_open(invitation: SurveyInvitation) -> None:
    """Raise what is said of a link whose invitation is over: Conflict `survey.link_used`, Gone `survey.link_expired`,
    `survey.link_withdrawn`.
    """
    over = ENDED.get(invitation.state)
    if over:
        raise type(over)(over.id)
    if invitation.expires_at <= timezone.now():
        raise Gone("survey.link_expired")


def _version_of(invitation: SurveyInvitation, version: str) -> Survey | None:
    """The version of the survey that an invitation opens: the one that its page was made from, the one in which its
    response was begun, or else the one that is out, or was last.
    """
    versions = list(_versions(invitation))
    named = next((each for each in versions if each.token == version), None)
    out = next((each for each in versions if each.status == Survey.Status.OPEN), None)
    begun = next(iter(response_rows(invitation)), None) if invitation.begun else None
    return named or (begun and begun.survey) or out or next(iter(versions), None)


def _versions(invitation: SurveyInvitation) -> QuerySet[Survey]:
    return Survey.objects.filter(service=invitation.service_id, address=invitation.address).order_by("-pk")


def response_rows(invitation: SurveyInvitation) -> QuerySet[Response]:
    """The response of an invitation, in each version of the survey in which it was begun, the newest first; nothing of
    one that was a ticket.
    """
    name, versions = response_of_invitation(invitation), _versions(invitation)
    names = [public_name(settings.SECRET_KEY, pk, name) for pk in versions.values_list("pk", flat=True)]
    begun = Response.objects.filter(survey__in=versions.order_by(), response__in=names)
    return begun.select_related("place", "survey").order_by("-survey_id")
