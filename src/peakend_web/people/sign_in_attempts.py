"""How often somebody may guess: wrong tries are counted by address, by account and by session, and a device that is
known is counted by itself.

A stranger who guesses at an account slows everybody who is not known there, and nobody who is: whoever has signed in
with a device before keeps a signed word of it there, and is counted by that alone. So nobody can keep another out of
their account. All other limits are listed at `base.guard`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from peakend_web.base.client_addresses import neighbourhood
from peakend_web.base.middleware import client_address
from peakend_web.base.refusals import Busy, Refusal, TooMany
from peakend_web.base.tries import Key, Tries
from peakend_web.models import Person
from peakend_web.people.queries import person_of

MOST: Final[Mapping[str, int]] = {"address": 30, "account": 20, "device": 10, "code": 10, "person": 30, "session": 8}
"""Wrong tries in a quarter of an hour: from one address, at one account, by one device, at the second factor from one
place and from everywhere, and of a password or code by somebody who is signed in.
"""
COOKIE: Final = "peakend_device"
COOKIE_S: Final = 365 * 24 * 3600
SALT: Final = "peakend.device"
PEOPLE_OF_A_DEVICE: Final = 8

T = TypeVar("T")

_tries: Final = Tries(MOST, "web.guesses_many")


def attempt(keys: Sequence[Key], work: Callable[[], T]) -> T:
    """Try something that was typed, and count where it is wrong, which is a Refusal; raises TooMany where it was wrong
    too often.
    """
    _tries.require(keys)
    try:
        found = work()
    except (Busy, TooMany):
        raise  # nobody looked whether it is right
    except Refusal:
        _tries.count(keys)
        raise
    _tries.forgive([key for key in keys if key[0] != "address"])  # who knows one password still sprays with others
    return found


# --- whose try it is --------------------------------------------------------------------------------------------------


def at_sign_in(request: HttpRequest, email: str) -> tuple[Key, ...]:
    """What a try at the password of an account is counted by."""
    device = _known_device(request, email)
    return (("device", device),) if device else (("address", _from(request)), ("account", email.lower()))


def at_code(request: HttpRequest, person: Person) -> tuple[Key, ...]:
    """What a try at the second factor is counted by, before somebody is signed in."""
    device = _known_device(request, person.email)
    return (("device", device),) if device else (("code", f"{person.pk} {_from(request)}"), ("person", str(person.pk)))


def inside(person: Person) -> tuple[Key, ...]:
    """What a try at one's own password or code is counted by, within a session."""
    return (("session", str(person.pk)),)


def is_known(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> bool:
    """Whether this device has signed in to this account before."""
    email = str((credentials or {}).get("email") or (credentials or {}).get("username") or "")
    return bool(email and _known_device(request, email))


def _from(request: HttpRequest) -> str:
    return neighbourhood(client_address(request))


def _known_device(request: HttpRequest, email: str) -> str:
    """The name of the device where it is known to this account."""
    known = _device_word(request)
    person = person_of(email)
    return str(known["name"]) if person and person.pk in known["people"] else ""


def _device_word(request: HttpRequest) -> dict[str, Any]:
    try:
        known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_S)
    except signing.BadSignature:
        known = None
    return known if isinstance(known, dict) else {"name": "", "people": []}


def remember(request: HttpRequest, response: HttpResponse, person: Person, name: str) -> None:
    """Leave a word on this device that this person has signed in with it."""
    known = _device_word(request)
    people = [person.pk, *(each for each in known["people"] if each != person.pk)][:PEOPLE_OF_A_DEVICE]
    word = signing.dumps({"name": known["name"] or name, "people": people}, salt=SALT)
    response.set_cookie(
        COOKIE, word, max_age=COOKIE_S, path=reverse("sign-in"), httponly=True, samesite="Lax", secure=settings.HTTPS
    )
