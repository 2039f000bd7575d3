"""How the application says no: the library's errors, each with the HTTP status that tells it to a program. The words
are in `base/errors.toml`, and of what the library refuses in its own `errors.toml`.
"""

from __future__ import annotations

from peakend.errors import PeakendError

from .languages import BETWEEN_SENTENCES, reader_language


class Refusal(PeakendError):
    """What was asked cannot be done as asked."""

    status = 422


class Denied(Refusal):
    """The person is known, and may not."""

    status = 403


class Missing(Refusal):
    """There is no such thing, or none that this person may know of: the two are told alike."""

    status = 404


class NoSuchVerb(Refusal):
    """The address is there, and takes another verb."""

    status = 405


class Conflict(Refusal):
    """It clashes with what is already there."""

    status = 409


class Unknown(Refusal):
    """Who is asking is not known."""

    status = 401


class Gone(Refusal):
    """It was there, and is over."""

    status = 410


class Malformed(Refusal):
    """What was sent cannot be read."""

    status = 400


class TooMuch(Refusal):
    """More than is taken at once."""

    status = 413


class Slow(Refusal):
    """What was sent did not arrive in time."""

    status = 408


class TooMany(Refusal):
    """Too many of the same from one sender; trying again later helps."""

    status = 429


class Busy(Refusal):
    """More at once than can be done; trying again in a moment helps."""

    status = 503


class Failed(Refusal):
    """The fault is ours."""

    status = 500


# Errors that others raise, where the status says more than "cannot be done as asked".
STATUS = {
    "delivery.busy": 503,
    "delivery.outcome_unknown": 503,
    "delivery.not_kept": 503,
    "delivery.not_durable": 503,
    "delivery.key_reused": 409,
    "delivery.conflicting": 409,
    "delivery.of_another": 409,
    "storage.full": 507,
    "storage.read_only": 503,
    "storage.unavailable": 503,
}


def status_of(error: PeakendError) -> int:
    """The HTTP status of any error of the catalogue."""
    return STATUS.get(error.id, error.status if isinstance(error, Refusal) else Refusal.status)


def patience(error: PeakendError) -> dict[str, str]:
    """The header that says how long to wait before it is tried again, where the error knows."""
    return {"Retry-After": str(error.fields["seconds"])} if "seconds" in error.fields else {}


def words_of(error: PeakendError) -> str:
    """What cannot be, and what to do, as one text in the reader's language."""
    lang = reader_language()
    return f"{error.message(lang)}{BETWEEN_SENTENCES[lang]}{error.hint(lang)}"
