"""Verbs on the second factor: an authenticator app beside the password, and recovery codes for when the phone
is lost.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.db import transaction
from django.utils import timezone

from peakend_web.base import trail
from peakend_web.base.derived_keys import derived_key
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Conflict, Refusal
from peakend_web.models import Person, SecondFactor
from peakend_web.people import totp

RECOVERY_CODES = 10


def secret_of(factor: SecondFactor) -> bytes:
    """The app's secret: made from the installation's own and this person's salt, so it is in no database."""
    return hmac.new(derived_key("totp"), f"{factor.person_id}:{factor.salt}".encode(), hashlib.sha256).digest()[:20]


def confirmed_factor(person: Person) -> SecondFactor | None:
    """The person's second factor, where they have one in use."""
    return SecondFactor.objects.filter(person=person, confirmed_at__isnull=False).first()


@transaction.atomic
def begin_second_factor(*, actor: Person) -> SecondFactor:
    """Prepare an app; it counts once a code of it was shown."""
    if confirmed_factor(actor):
        raise Conflict("web.second_factor_on")
    factor, _ = SecondFactor.objects.get_or_create(person=actor, defaults={"salt": secrets.token_hex(32)})
    return factor


@transaction.atomic
def confirm_second_factor(*, actor: Person, code: str) -> list[str]:
    """Put the app in use, and return the recovery codes, which are shown once."""
    factor = lock_rows(SecondFactor.objects.filter(person=actor, confirmed_at=None)).first()
    if factor is None or not _spend(factor, code):
        raise Refusal("web.code_wrong")
    codes = [f"{secrets.randbelow(10**5):05d}-{secrets.randbelow(10**5):05d}" for _ in range(RECOVERY_CODES)]
    factor.confirmed_at = timezone.now()
    factor.recovery = [_digest(factor, each) for each in codes]
    factor.save(update_fields=["confirmed_at", "recovery"])
    trail.leave("confirm_second_factor", actor=actor, workspace=None, about=factor, after={"on": True})
    return codes


@transaction.atomic
def remove_second_factor(*, actor: Person, code: str) -> None:
    """Do without the app from now on; it takes a code to say so."""
    factor = confirmed_factor(actor)
    if factor is None or not use_code(person=actor, code=code):
        raise Refusal("web.code_wrong")
    trail.leave("remove_second_factor", actor=actor, workspace=None, about=factor, before={"on": True})
    factor.delete()


@transaction.atomic
def use_code(*, person: Person, code: str) -> bool:
    """Whether this is a code of the person's app, or a recovery code; either works once."""
    factor = lock_rows(SecondFactor.objects.filter(person=person, confirmed_at__isnull=False)).first()
    return factor is not None and (_spend(factor, code) or _spend_recovery(factor, code))


def _spend(factor: SecondFactor, code: str) -> bool:
    step = totp.matching_step(secret_of(factor), code, factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    factor.save(update_fields=["last_step"])
    return True


def _spend_recovery(factor: SecondFactor, code: str) -> bool:
    digest = _digest(factor, code.strip())
    if digest not in factor.recovery:
        return False
    factor.recovery = [each for each in factor.recovery if each != digest]
    factor.save(update_fields=["recovery"])
    trail.leave(
        "use_recovery_code", actor=factor.person, workspace=None, about=factor, after={"left": len(factor.recovery)}
    )
    return True


def _digest(factor: SecondFactor, code: str) -> str:
    return hmac.new(derived_key("recovery"), f"{factor.salt}:{code}".encode(), hashlib.sha256).hexdigest()
