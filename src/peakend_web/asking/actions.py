"""Verbs on surveys and answers: a survey is published and closed, a place is given a code, an answer is kept."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from peakend.instants import local_day
from peakend.service.document import of_data
from peakend.terms import Lang
from peakend_web.base import trail
from peakend_web.base.grants import Standing, one, require
from peakend_web.base.refusals import Conflict, Denied, Gone, Refusal
from peakend_web.models import Person, Place, Service, Survey
from peakend_web.models.asking import RESETS_AFTER
from peakend_web.store import deliveries, statements, writer
from peakend_web.store.identity import identity, public_name, receipt, same, survey_source
from peakend_web.store.ledger import Counts
from peakend_web.store.rows import AnswerRow

from . import published
from .grants import visible_surveys
from .published import Published, Spot
from .questionnaire import (
    Fact,
    Given,
    Questionnaire,
    Slot,
    fact_of,
    finished,
    in_words,
    missing_required,
    questionnaire,
    segments_of,
)

ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
LATEST_MS: Final = 14 * 24 * 3600 * 1000


class Problems(Refusal):
    """Everything that is wrong with what was sent to a questionnaire; the first of them speaks for all."""

    def __init__(self, problems: Sequence[Refusal], questionnaire: Questionnaire) -> None:
        super().__init__(problems[0].id, **problems[0].fields)
        self.problems = tuple(problems)
        self.questionnaire = questionnaire

    def as_dict(self, lang: str = "en") -> dict[str, object]:
        """All problems as data, with the questions in the words that their reader saw."""
        problems = [in_words(self.questionnaire, each, cast("Lang", lang)).as_dict(lang) for each in self.problems]
        return {**super().as_dict(lang), "problems": problems, **problems[0]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a respondent's page sends: answers that are new or changed, and with `done` all of them.

    `response` is the respondent's own name for what they fill in, and a secret of theirs: whoever has it may change the
    answers. What is kept and shown is `public_name`. `receipt` is what they were given when they had finished.
    """

    response: str
    key: str
    answers: Sequence[Given]
    lang: Lang = "en"
    place: str | None = None
    done: bool = False
    receipt: str = ""
    received_us: int = field(default_factory=lambda: time.time_ns() // 1000)

    @property
    def fingerprint(self) -> str:
        """What was said, without how long it waited to be sent: a retry has waited longer and says the same."""
        said = [(each.field, each.value, each.text, each.not_used, each.revision) for each in self.answers]
        return hashlib.sha256(json.dumps([self.response, self.lang, self.place, self.done, said]).encode()).hexdigest()


@transaction.atomic
def publish_survey(*, actor: Person, service: Service, item: str, wave: str = "") -> Survey:
    """Put a survey of the service's current document before people; the same one again is the one that is out
    already.
    """
    require(actor, "publish_survey", service.workspace)
    held = Service.objects.select_for_update().get(pk=service.pk)
    if held.current is None:
        raise Refusal("survey.not_in_document", survey=item)
    questionnaire(of_data(held.current.document), item)
    known = Survey.objects.filter(service=held, item=item, wave=wave).order_by("-pk")
    out = known.filter(status=Survey.Status.OPEN).first()
    if out and out.version_id == held.current.pk:
        return out
    token, before = _code(12), known.first()
    survey = Survey.objects.create(
        workspace=service.workspace,
        service=held,
        version=held.current,
        item=item,
        wave=wave,
        token=token,
        address=before.address if before else token,
        published_by=actor,
    )
    if out:
        out.status = Survey.Status.REPLACED
        out.save(update_fields=["status"])
    trail.leave(
        "publish_survey",
        actor=actor,
        workspace=service.workspace,
        about=survey,
        after={"item": item, "version": held.current.number},
    )
    transaction.on_commit(partial(published.forget, out.token if out else token))
    return survey


@transaction.atomic
def close_survey(*, actor: Person, survey: Survey) -> Survey:
    """Take no more answers; what was given stays."""
    kept = _held(actor, survey)
    if kept.status == Survey.Status.OPEN:
        ended, now = Survey.Status.CLOSED, timezone.now()
        for each in (
            kept,
            *Survey.objects.filter(service=kept.service, address=kept.address, status=Survey.Status.REPLACED),
        ):
            each.status, each.closed_at = ended, now
            each.save(update_fields=["status", "closed_at"])
            transaction.on_commit(partial(published.forget, each.token))
        trail.leave(
            "close_survey",
            actor=actor,
            workspace=kept.workspace,
            about=kept,
            before={"status": "open"},
            after={"status": "closed"},
        )
    return kept


@transaction.atomic
def reopen_survey(*, actor: Person, survey: Survey) -> Survey:
    """Take answers again, at the same address. Raises Conflict `survey.another_open` where a newer one stands there."""
    kept = _held(actor, survey)
    if kept.status == Survey.Status.CLOSED:
        if Survey.objects.filter(service=kept.service, address=kept.address, status=Survey.Status.OPEN).exists():
            raise Conflict("survey.another_open")
        kept.status, kept.closed_at = Survey.Status.OPEN, None
        kept.save(update_fields=["status", "closed_at"])
        trail.leave(
            "reopen_survey",
            actor=actor,
            workspace=kept.workspace,
            about=kept,
            before={"status": "closed"},
            after={"status": "open"},
        )
        transaction.on_commit(partial(published.forget, kept.token))
    return kept


def _held(actor: Person, survey: Survey) -> Survey:
    here = require(actor, "publish_survey", survey.workspace)
    kept = one(visible_surveys(here, survey.service).select_for_update(of=("self",)), pk=survey.pk)
    _hangs_here_alone(here, kept)
    return kept


@transaction.atomic
def add_place(
    *,
    actor: Person,
    survey: Survey,
    label: str,
    site: str | None = None,
    channel: str | None = None,
    touchpoint: str | None = None,
    resets_after: int = RESETS_AFTER,
) -> Place:
    """Give a counter, a room or a receipt its own code, so that its answers know where they were given.

    `resets_after`: seconds without a touch after which the page there begins anew for the next person; 0: never.
    """
    here = require(actor, "publish_survey", survey.workspace)
    if not here.sees([site] if site else []):
        raise Denied("web.site_not_yours")
    place, made = Place.objects.get_or_create(
        service=survey.service,
        item=survey.item,
        label=label,
        site=site or None,
        channel=channel or None,
        touchpoint=touchpoint or None,
        defaults={"code": _code(6), "resets_after": resets_after},
    )
    if made:
        trail.leave(
            "add_place",
            actor=actor,
            workspace=survey.workspace,
            about=place,
            after={"label": label, "site": site, "touchpoint": touchpoint},
        )
        transaction.on_commit(partial(published.forget, survey.token))
    return place


def _hangs_here_alone(here: Standing, survey: Survey) -> None:
    """Whoever is limited to sites ends a survey that hangs there, and nowhere else."""
    sites = {place.site or "" for place in Place.objects.filter(service=survey.service, item=survey.item)}
    if not here.sees(sites):
        raise Denied("web.site_not_yours")


def answer(*, survey: Published, sent: Sent) -> deliveries.Acknowledgement:
    """Keep what a respondent said, on disk before this returns; raises what `delivery_of` does, and DeliveryError."""
    return writer.deliver(delivery_of(survey=survey, sent=sent))


async def answer_soon(*, survey: Published, sent: Sent) -> deliveries.Acknowledgement:
    """The same for an event loop."""
    return await writer.deliver_soon(delivery_of(survey=survey, sent=sent))


def delivery_of(*, survey: Published, sent: Sent) -> deliveries.Delivery:
    """What a respondent said, as it is to be kept. Public: whoever has the link may answer.

    Raises Problems with everything that is wrong, and then nothing is kept; Gone where the survey is closed.
    """
    if not survey.is_open:
        raise Gone("survey.closed")
    spot, name = _spot(survey, sent.place), public_name(settings.SECRET_KEY, survey.id, sent.response)
    facts = _checked(survey, sent)
    segments = segments_of(facts, sent.lang)
    if sent.done:
        facts = finished(survey.asked, facts)
    return deliveries.Delivery(
        workspace=survey.workspace,
        key=identity("survey", survey.id, sent.key),
        fingerprint=sent.fingerprint,
        reply=partial(_told, survey, name, sent),
        made_us=sent.received_us,
        answers=[_row(survey, spot, sent, name, fact, segments=segments) for fact in facts],
        response=_response_row(survey, spot, name, sent),
        revises=True,
        receipt_shown=same(sent.receipt, _receipt(survey, sent)),
    )


def _told(survey: Published, name: str, sent: Sent, counts: Counts) -> str:
    """What the page is told. `saved` are the answers that were taken as they were sent: one that is older than what is
    there is not among them, nor one that comes after the end without its receipt. Of two to one question both are: the
    later is counted as a revision, and stands.
    """
    proof = {"receipt": _receipt(survey, sent)} if sent.done else {}
    return json.dumps({"response": name, "saved": counts.stand, "done": sent.done, **proof, **counts.as_dict()})


def _receipt(survey: Published, sent: Sent) -> str:
    return receipt(settings.SECRET_KEY, survey.id, sent.response)


def _checked(survey: Published, sent: Sent) -> list[Fact]:
    facts, problems = read(survey, sent)
    if problems:
        raise Problems(problems, survey.asked)
    return facts


def read(survey: Published, sent: Sent) -> tuple[list[Fact], list[Refusal]]:
    """What was sent, as facts, and everything that is wrong with it, in the order of the page."""
    facts, problems = [], []
    for given in sent.answers:
        try:
            facts.append(fact_of(survey.asked, given))
        except Refusal as problem:
            problems.append(problem)
    if sent.done:
        tried = {problem.fields.get("field") for problem in problems}
        problems += [
            Refusal("survey.required", item=item.id, field=item.id)
            for item in missing_required(survey.asked, facts)
            if item.id not in tried
        ]
    if not problems and all(fact.state == "skipped" for fact in facts) and (sent.done or not facts):
        problems.append(Refusal("survey.nothing_sent"))
    places = {field: at for at, field in enumerate(survey.asked.fields)}
    return facts, sorted(problems, key=lambda problem: places.get(str(problem.fields.get("field")), len(places)))


def _spot(survey: Published, code: str | None) -> Spot | None:
    if not code:
        return None
    if code not in survey.spots:
        raise Problems([Refusal("survey.place_unknown", place=code)], survey.asked)
    return survey.spots[code]


def _row(survey: Published, spot: Spot | None, sent: Sent, name: str, fact: Fact, *, segments: str) -> AnswerRow:
    slot, shown = fact.slot, survey.asked.survey
    at_us = sent.received_us - 1000 * min(max(fact.ago_ms, 0), LATEST_MS)
    site, channel = (spot.site, spot.channel) if spot else (None, None)
    return AnswerRow(
        workspace_id=survey.workspace,
        service_id=survey.service,
        source=survey_source(survey.id),
        source_key=f"{name}:{slot.field}",
        revision=fact.revision,
        response=name,
        visit=name,
        segments=segments,
        respondent_kind=shown.respondents,
        at_us=at_us,
        day=local_day(at_us, survey.zones.at(site)),
        site=site,
        channel=channel,
        survey=survey.item,
        wave=survey.wave,
        item=slot.item,
        construct=slot.construct,
        role=slot.role,
        touchpoint=_touchpoint(slot, spot),
        state=fact.state,
        value=fact.value,
        low=slot.low,
        high=slot.high,
        text=fact.text,
    )


def _touchpoint(slot: Slot, spot: Spot | None) -> str | None:
    """What an answer is about: what its question names, else the touchpoint of the place. The whole is about none,
    wherever it is judged; where it was is kept with the response, and as its site and channel.
    """
    return slot.touchpoint if slot.touchpoint or slot.of_the_whole or spot is None else spot.touchpoint


def _response_row(survey: Published, spot: Spot | None, name: str, sent: Sent) -> statements.Values:
    finished = sent.received_us if sent.done else None
    return (
        survey.workspace,
        survey.id,
        name,
        spot.id if spot else None,
        sent.lang,
        sent.received_us,
        sent.received_us,
        finished,
    )


def _code(length: int) -> str:
    """Letters and digits that are not taken for one another when read aloud or typed from a card."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
