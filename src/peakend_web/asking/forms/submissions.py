"""What a respondent sends, read: as data from the page's script or a program, as fields from a plain form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Protocol

import msgspec
from django.http import QueryDict

from peakend.terms import Lang
from peakend_web.asking import kinds
from peakend_web.asking.answers import HIGHEST, GivenAnswer, Submission
from peakend_web.asking.questionnaire import Questionnaire
from peakend_web.asking.receipts import new_receipt
from peakend_web.base.declaration import LARGEST as BODIES
from peakend_web.base.refusals import Malformed, TooMuch
from peakend_web.base.whole_numbers import whole_number

LARGEST: Final = BODIES["public"]
TRAP: Final = "extra"
"""The field that nobody can see: called like nothing that a browser fills in by itself."""
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")

Name = Annotated[str, msgspec.Meta(pattern=rf"^{_NAME.pattern}$")]


class SubmissionData(msgspec.Struct, forbid_unknown_fields=True):
    """What is posted as JSON. `key` names this delivery, `response` the questionnaire; both are the sender's own random
    names, and secrets of theirs. After `done` nothing changes any more, but where the sender says that it `amends`.
    """

    key: Annotated[str, msgspec.Meta(min_length=8, max_length=200)]
    response: Name
    answers: Annotated[list[GivenAnswer], msgspec.Meta(max_length=1_000)]
    lang: Lang = "en"
    place: str | None = None
    done: bool = False
    amends: bool = False
    token: Annotated[str, msgspec.Meta(max_length=100)] = ""
    proof: int | None = None
    trap: Annotated[str, msgspec.Meta(max_length=200)] = ""


_decoder: Final = msgspec.json.Decoder(SubmissionData)


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
    body = _bytes_of(stream, length)
    if len(body) < length:
        raise Malformed("survey.body_broken", reason=f"{len(body)} of {length} bytes")
    return body


def _bytes_of(stream: Readable, length: int) -> bytes:
    """Up to `length` bytes; a sender that went away has sent what has arrived."""
    try:
        return stream.read(length)
    except OSError:
        return b""


def from_json(body: bytes, network: str = "") -> Submission:
    """The answers in a JSON body from somewhere on the network; raises Malformed `survey.body_broken` with the place of
    the fault.
    """
    try:
        data = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed("survey.body_broken", reason=str(error)) from None
    return Submission(
        response=data.response,
        key=data.key,
        answers=data.answers,
        lang=data.lang,
        place=data.place or None,
        done=data.done,
        amends=data.amends,
        token=data.token,
        proof=data.proof,
        trap=bool(data.trap),
        network=network,
    )


def from_form(asked: Questionnaire, post: QueryDict, lang: Lang, network: str = "") -> Submission:
    """The answers in a plain form. Its key is what it says: the same form sent twice is one delivery, a changed one is
    another.
    """
    answers = list(_answers(asked, post, _revision(post.get("rev", ""))))
    response = post.get("response", "")
    sent = Submission(
        response=response if is_name(response) else new_receipt(),
        key="",
        answers=answers,
        lang=lang,
        place=post.get("place") or None,
        done="send" in post,
        amends="amends" in post,
        token=post.get("token", ""),
        trap=bool(post.get(TRAP)),
        network=network,
    )
    return named_by_content(sent)


def is_name(said: str) -> bool:
    """Whether this can be a respondent's own name for what they fill in."""
    return _NAME.fullmatch(said) is not None


def _revision(said: str) -> int:
    """The revision that a form says it is; the first, where it says nothing that could be one."""
    return min(int(said), HIGHEST) if said.isdecimal() and len(said) <= len(str(HIGHEST)) else 1


def named_by_content(sent: Submission) -> Submission:
    """The same, with what it says as its key."""
    return replace(sent, key=f"form:{sent.fingerprint}")


def _answers(asked: Questionnaire, post: QueryDict, revision: int) -> Iterator[GivenAnswer]:
    """What stands in the fields; of a form that came back once, what was taken out of them too."""
    filled = {field.item for field in asked.fields.values() if post.get(field.name)}
    for field in asked.fields.values():
        control, said = kinds.CONTROLS[field.kind], post.get(field.name, "").strip()
        if said:
            yield control.from_form(field, said, revision)
        elif revision > 1 and control.can_be_emptied:
            says_none = field.says_none_when_empty and field.item in filled
            yield GivenAnswer(field=field.name, value=0.0 if says_none else None, revision=revision)
