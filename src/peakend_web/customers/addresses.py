"""Addresses in one spelling, however they were typed: an e-mail in small letters, a phone with its country code."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from peakend_web.base.refusals import Refusal
from peakend_web.models import Contact

LONGEST: Final = 254
_SHOWN: Final = 60
COUNTRIES: Final = {
    "Asia/Taipei": "886",
    "Asia/Shanghai": "86",
    "Asia/Urumqi": "86",
    "Asia/Hong_Kong": "852",
    "Asia/Macau": "853",
    "Asia/Singapore": "65",
    "Asia/Tokyo": "81",
    "Asia/Seoul": "82",
    "Europe/London": "44",
    "Europe/Berlin": "49",
    "Europe/Paris": "33",
    "America/New_York": "1",
    "America/Chicago": "1",
    "America/Denver": "1",
    "America/Los_Angeles": "1",
}
"""The country that a number without one is taken to be of, by the workspace's time zone."""
_MAINLAND_MOBILE: Final = re.compile("1[3-9][0-9]{9}")
_AMERICAN: Final = re.compile("1?([2-9][0-9]{9})")
_PHONE: Final = re.compile(r"[+0-9(][0-9 ().·/-]{5,30}")
_INTERNATIONAL: Final = re.compile("[1-9][0-9]{6,14}")
_is_email: Final = EmailValidator()


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached, in one spelling."""

    kind: str
    text: str


def address_of(typed: str, zone: str) -> Address:
    """The address that was typed, in a workspace of this time zone. Raises Refusal `customers.address_unclear`."""
    plain = unicodedata.normalize("NFKC", typed[: 2 * LONGEST]).strip()
    found = _email(plain) if "@" in plain else _phone(plain, zone)
    if found is None:
        raise Refusal("customers.address_unclear", value=plain[:_SHOWN])
    return found


def _email(plain: str) -> Address | None:
    address = plain.removeprefix("mailto:").casefold()
    if len(address) > LONGEST:
        return None
    try:
        _is_email(address)
    except ValidationError:
        return None
    return Address(Contact.Kind.EMAIL, address)


def _phone(plain: str, zone: str) -> Address | None:
    if not _PHONE.fullmatch(plain):
        return None
    digits = re.sub("[^0-9]", "", plain)
    number = _with_country(digits, zone, is_international=plain.startswith("+") or digits.startswith("00"))
    return Address(Contact.Kind.PHONE, f"+{number}") if number and _INTERNATIONAL.fullmatch(number) else None


def _with_country(digits: str, zone: str, *, is_international: bool) -> str:
    """The digits with the code of the country; empty where it is not known of which country they are."""
    if is_international:
        return digits.removeprefix("00")
    country = COUNTRIES.get(zone, "")
    if country == "1":
        found = _AMERICAN.fullmatch(digits)
        return f"1{found[1]}" if found else ""
    if _MAINLAND_MOBILE.fullmatch(digits):
        return f"86{digits}"
    return f"{country}{digits.removeprefix('0')}" if country else ""


def masked(address: Address) -> str:
    """Enough of an address to recognise it, and not enough to write to it."""
    if address.kind == Contact.Kind.EMAIL:
        name, _at, domain = address.text.partition("@")
        return f"{name[:1]}•••@{domain}"
    return f"{address.text[:4]}••••{address.text[-3:]}"
