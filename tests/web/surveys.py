"""The hotel's survey that is out, and what a guest's page sends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from peakend_web.asking.actions import publish_survey
from peakend_web.asking.answers import now_us
from peakend_web.asking.arrivals import MINUTE_US
from peakend_web.asking.render_tokens import make_token
from peakend_web.models import Answer, Response, Survey
from peakend_web.store.identity import public_name

from .conftest import Clinic, service

EVERYTHING = (Path(__file__).parent / "everything.yaml").read_text(encoding="utf-8")
LIN = "mrs-lin-at-breakfast"


def name_of_lin(survey: Survey) -> str:
    """What Mrs Lin's response is called where it is kept and shown."""
    return public_name(settings.SECRET_KEY, survey.pk, LIN)


def hotel_survey(clinic: Clinic) -> Survey:
    """The Lakeside Hotel asks everything that can be asked."""
    text = EVERYTHING.replace("service: stay", "service: inn")
    return publish_survey(actor=clinic.sam, service=service(clinic.elsewhere, text, clinic.sam), item="morning-after")


def clinic_survey(clinic: Clinic) -> Survey:
    """Harbour Clinic asks three things after a visit."""
    return publish_survey(actor=clinic.wu, service=clinic.service, item="after-visit")


def said(field: str, value: Any = None, revision: int = 1, **more: Any) -> dict[str, Any]:
    """One answer: a number, or words."""
    given = {"text": value} if isinstance(value, str) else {} if value is None else {"value": value}
    return {"field": field, "revision": revision, **given, **more}


def send(
    survey: Survey, *answers: dict[str, Any], key: str = "the-first-key", response: str = LIN, **more: Any
) -> tuple[int, dict[str, Any]]:
    """Send answers as the page's script does a minute after it was opened; the status and what was replied."""
    token = make_token(survey.pk, more.get("place") or "", response, now_us() - MINUTE_US)
    body = {"key": key, "response": response, "token": token, "answers": list(answers), **more}
    reply = Client().post(
        f"/s/{survey.token}/answers",
        json.dumps(body),
        content_type="application/json",
        headers={"accept-language": "en"},
    )
    return reply.status_code, reply.json()


def kept(*columns: str) -> list[tuple[Any, ...]]:
    """All answers that are stored, by these columns."""
    return sorted(Answer.objects.values_list(*columns), key=str)


def nothing_is_kept() -> bool:
    """Whether not a trace of a delivery is stored."""
    return not Answer.objects.exists() and not Response.objects.exists()
