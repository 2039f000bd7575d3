"""What a respondent sends, read: as data from the page's script or a program, as fields from a plain form."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Protocol

import msgspec
from django.http import QueryDict

from peakend.terms import Lang
from peakend_web.asking.actions import Sent
from peakend_web.asking.questionnaire import Given, Questionnaire, Slot
from peakend_web.base.declaration import LARGEST as BODIES
from peakend_web.base.refusals import Malformed, TooMuch
from peakend_web.base.whole_numbers import whole_number

LARGEST: Final = BODIES["public"]
NOT_USED: Final = "na"
EMPTIED: Final = frozenset({"text", "number", "tick"})
"""What a person can empty again in a plain form; a choice among several can only be changed."""
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")

Name = Annotated[str, msgspec.Meta(pattern=rf"^{_NAME.pattern}$")]
HIGHEST: Final = 10_000
"""The highest revision of an answer: nobody changes their mind more often, and a number that can be counted up to
bounds what is written.
"""
Revision = Annotated[int, msgspec.Meta(ge=0, le=HIGHEST)]


class GivenData(msgspec.Struct, forbid_unknown_fields=True):
    """One answer: `value` or `text` or `not_used`; none of them clears it. `revision` counts its changes, `ago` is its
    age in ms.
    """

    field: Annotated[str, msgspec.Meta(max_length=200)]
    value: float | None = None
    text: str | None = None
    not_used: bool = False
    revision: Revision = 0
    ago: int = 0


class SentData(msgspec.Struct, forbid_unknown_fields=True):
    """What is posted as JSON. `key` names this delivery, `response` the questionnaire; both are the sender's own random
    names, and secrets of theirs. After `done` nothing changes any more without the `receipt` that the reply to it held.
    """

    key: Annotated[str, msgspec.Meta(min_length=8, max_length=200)]
    response: Name
    answers: Annotated[list[GivenData], msgspec.Meta(max_length=1_000)]
    lang: Lang = "en"
    place: str | None = None
    done: bool = False
    receipt: Annotated[str, msgspec.Meta(max_length=100)] = ""


_decoder: Final = msgspec.json.Decoder(SentData)


class Readable(Protocol):
    """Where a body is read from: a request, or the server's stream."""

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes."""


def body_of(environ: Mapping[str, Any], stream: Readable) -> bytes:
    """The whole body; raises TooMuch `survey.body_large`, Malformed `survey.body_broken` where it ends before its
    announced length.
    """
    length = whole_number(str(environ.get("CONTENT_LENGTH") or ""))
    if length > LARGEST:
        raise TooMuch("survey.body_large", size=length, most=LARGEST)
    body = _read(stream, length)
    if len(body) < length:
        raise Malformed("survey.body_broken", reason=f"{len(body)} of {length} bytes")
    return body


def _read(stream: Readable, length: int) -> bytes:
    """Up to `length` bytes; a sender that went away has sent what has arrived."""
    try:
        return stream.read(length)
    except OSError:
        return b""


def from_json(body: bytes) -> Sent:
    """The answers in a JSON body; raises Malformed `survey.body_broken` with the place of the fault."""
    try:
        data = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed("survey.body_broken", reason=str(error)) from None
    answers = [
        Given(field=a.field, value=a.value, text=a.text, not_used=a.not_used, revision=a.revision, ago_ms=a.ago)
        for a in data.answers
    ]
    return Sent(
        response=data.response,
        key=data.key,
        answers=answers,
        lang=data.lang,
        place=data.place or None,
        done=data.done,
        receipt=data.receipt,
    )


def from_form(asked: Questionnaire, post: QueryDict, lang: Lang) -> Sent:
    """The answers in a plain form. Its key is what it says: the same form sent twice is one delivery, a changed one is
    another.
    """
    answers = list(_given(asked, post, _revision(post.get("rev", ""))))
    response = post.get("response", "")
    sent = Sent(
        response=response if _NAME.fullmatch(response) else new_name(),
        key="",
        answers=answers,
        lang=lang,
        place=post.get("place") or None,
        done="send" in post,
    )
    return named_by_content(sent)


def _revision(said: str) -> int:
    """The revision that a form says it is; the first, where it says nothing that could be one."""
    return min(int(said), HIGHEST) if said.isdecimal() and len(said) <= len(str(HIGHEST)) else 1


def named_by_content(sent: Sent) -> Sent:
    """The same, with what it says as its key."""
    return replace(sent, key=f"form:{sent.fingerprint}")


def new_name() -> str:
    """A name for a questionnaire that nobody can guess."""
    return secrets.token_urlsafe(18)


def _given(asked: Questionnaire, post: QueryDict, revision: int) -> Iterator[Given]:
    """What stands in the fields; of a form that came back once, what was taken out of them too."""
    ticked = {slot.item for slot in asked.slots.values() if slot.form == "tick" and post.get(slot.field)}
    for slot in asked.slots.values():
        said = post.get(slot.field, "").strip()
        if said:
            yield _one(slot, said, revision)
        elif revision > 1 and slot.form in EMPTIED:
            yield Given(field=slot.field, value=0.0 if slot.item in ticked else None, revision=revision)


def _one(slot: Slot, said: str, revision: int) -> Given:
    if said == NOT_USED and slot.not_used:
        return Given(field=slot.field, not_used=True, revision=revision)
    if slot.form in {"text", "choice"}:
        return Given(field=slot.field, text=said, revision=revision)
    number = _number(said)
    return Given(field=slot.field, value=number, text=None if number is not None else said, revision=revision)


def _number(said: str) -> float | None:
    try:
        return float(said)
    except ValueError:
        return None
