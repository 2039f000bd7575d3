"""Photos as they are sent: one by the page's script, or all of a plain form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from peakend.terms import Lang
from peakend_web.asking.answers import LATEST_MS, Submission
from peakend_web.asking.forms.submissions import is_name
from peakend_web.asking.photos import photo_fields
from peakend_web.asking.questionnaire import Questionnaire
from peakend_web.base.pictures import LARGEST_PHOTO
from peakend_web.base.refusals import Malformed
from peakend_web.base.whole_numbers import whole_number

LARGEST: Final = LARGEST_PHOTO + 64 * 1024
"""How long a body may be that brings one photo."""
LARGEST_FORM: Final = 16 * 1024 * 1024
"""How long one may be that brings a plain form with its photos."""
NONE: Final = "0"
"""What a plain form says of photos that are to be removed."""

Files = MultiValueDict[str, "UploadedFile[bytes]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPhoto:
    """What a page's script sends: whose photo it is, of which field, how long it waited; or the name of one that is to
    be removed.
    """

    of: Submission
    field: str
    content: bytes
    waited_ms: int
    name: str


def sent_photo(post: QueryDict, files: Files, lang: Lang, network: str) -> SentPhoto:
    """One photo; raises Malformed `survey.body_broken` where it does not say whose it is."""
    response = post.get("response", "")
    if not is_name(response):
        raise Malformed("survey.body_broken", reason="response")
    return SentPhoto(
        of=Submission(
            response=response,
            key="",
            answers=(),
            lang=lang,
            place=post.get("place") or None,
            token=post.get("token", ""),
            network=network,
        ),
        field=post.get("field", ""),
        content=_content(files.get("file")),
        waited_ms=min(whole_number(post.get("ago", "")), LATEST_MS),
        name=post.get("name", ""),
    )


def photos_of_form(asked: Questionnaire, files: Files) -> Iterator[tuple[str, bytes]]:
    """The photos of a plain form, each with its field."""
    for field in photo_fields(asked):
        for each in files.getlist(field.name):
            if each.size:
                yield field.name, _content(each)


def unwanted_photos(asked: Questionnaire, post: QueryDict) -> list[str]:
    """The fields of a plain form whose photos are to be removed."""
    return [field.name for field in photo_fields(asked) if post.get(field.name) == NONE]


def _content(file: UploadedFile[bytes] | None) -> bytes:
    """Its bytes; of one that is too large as many as show that it is."""
    return file.read(LARGEST_PHOTO + 1) if file else b""
