"""Verbs on surveys and answers: a survey is published and closed, a place is given a code, an answer is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from peakend.facts import QUESTIONABLE
from peakend.instants import local_day
from peakend.service.document import of_data
from peakend.service.purposes import purpose_of_asking
from peakend.service.questions import AnswerField
from peakend.service.surveys import Quota
from peakend.terms import Lang
from peakend_web.asking import survey_cache
from peakend_web.asking.actions.places import add_place as add_place
from peakend_web.asking.answers import LATEST_MS, NOBODY, AnswerFact, KnownRespondent, LeftContact, Submission
from peakend_web.asking.grants import reopenable_surveys, visible_surveys
from peakend_web.asking.photos import photos_of_survey
from peakend_web.asking.queries.given_answers import said_before
from peakend_web.asking.questionnaire import (
    Questionnaire,
    Segments,
    contents_of,
    fields_said_before,
    in_words,
    questionnaire_of,
    whole_response,
)
from peakend_web.asking.receipts import mark_of, random_code
from peakend_web.asking.render_tokens import Opened, read_token
from peakend_web.asking.survey_cache import PublishedPlace, PublishedSurvey
from peakend_web.asking.suspicion import Verdict, verdict_on
from peakend_web.base import trail
from peakend_web.base.files import disk
from peakend_web.base.grants import Standing, one, require
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Conflict, Gone, Refusal
from peakend_web.customers.actions import forget_left_contacts, keep_left_contact
from peakend_web.customers.queries import ON_A_PAGE
from peakend_web.models import Person, Response, Service, Survey, Workspace
from peakend_web.store import deliveries, statements, writer
from peakend_web.store.identity import identity, public_name, survey_source
from peakend_web.store.ledger import Counts
from peakend_web.store.quotas import QuotaPlace
from peakend_web.store.rows import AnswerRow

LATE: Final = "late"
"""The reason in `aside` of what came in after its survey was closed."""


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


@transaction.atomic
def publish_survey(*, actor: Person, service: Service, item: str, wave: str = "") -> Survey:
    """Put a survey of the service's current document before people; the same one again is the one that is out
    already.
    """
    require(actor, "publish_survey", service.workspace)
    held = lock_rows(Service.objects.all()).get(pk=service.pk)
    if held.current is None:
        raise Refusal("survey.not_in_document", survey=item)
    questionnaire_of(of_data(held.current.document), item)
    known = Survey.objects.filter(service=held, item=item, wave=wave).order_by("-pk")
    out = known.filter(status=Survey.Status.OPEN).first()
    if out and out.version_id == held.current.pk:
        return out
    token, before = random_code(12), known.first()
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
    transaction.on_commit(partial(survey_cache.forget, out.token if out else token))
    return survey


@transaction.atomic
def close_survey(*, actor: Person, survey: Survey) -> Survey:
    """Take no more answers; what was given stays."""
    kept = _survey_to_change(require(actor, "publish_survey", survey.workspace), survey)
    if kept.status == Survey.Status.OPEN:
        ended, now = Survey.Status.CLOSED, timezone.now()
        for each in (
            kept,
            *Survey.objects.filter(service=kept.service, address=kept.address, status=Survey.Status.REPLACED),
        ):
            each.status, each.closed_at = ended, now
            each.save(update_fields=["status", "closed_at"])
            transaction.on_commit(partial(survey_cache.forget, each.token))
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
    here = require(actor, "publish_survey", survey.workspace)
    kept = _survey_to_change(here, survey)
    if kept.status == Survey.Status.CLOSED:
        if not reopenable_surveys(here, kept.service).filter(pk=kept.pk).exists():
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
        transaction.on_commit(partial(survey_cache.forget, kept.token))
    return kept


def _survey_to_change(here: Standing, survey: Survey) -> Survey:
    return one(lock_rows(visible_surveys(here, survey.service)), pk=survey.pk)


def forget_response(*, response: Response) -> None:
    """Let go of a questionnaire whose answers are being taken back: from what it was begun to when it was finished; of
    where its respondent wanted to be reached, and of its photos.
    """
    forget_left_contacts(workspace=response.workspace, responses=[response.response])
    disk.erase(photos_of_survey(response.survey, response=response.response))
    response.delete()


def forget_photos(*, survey: Survey, response: str, source_key: str) -> None:
    """Let go of the photos of a survey, of one response to it or of one answer, where these are being taken back."""
    disk.erase(photos_of_survey(survey, response=response, source_key=source_key))


def submit(
    *, survey: PublishedSurvey, sent: Submission, respondent: KnownRespondent | None = None
) -> deliveries.Acknowledgement:
    """Keep what a respondent said, on disk before this returns; raises what `delivery_of` does, and DeliveryError."""
    delivery, left = _prepare(survey, sent, respondent)
    if not survey.questionnaire.contacts:
        return writer.deliver(delivery)
    return _keep_with_contact(survey, sent, delivery, left)


def _keep_with_contact(
    survey: PublishedSurvey, sent: Submission, delivery: deliveries.Delivery, left: LeftContact | None
) -> deliveries.Acknowledgement:
    """Keep answers, and apart from them where their respondent wants to be reached, in one transaction: both or
    neither. What comes again, or after the end, changes neither.
    """
    name = public_name(settings.SECRET_KEY, survey.id, sent.response)
    with transaction.atomic():
        ended = Response.objects.filter(survey=survey.id, response=name, completed_us__isnull=False).exists()
        known = writer.deliver(delivery)
        if sent.done and not known.repeated and (sent.amends or not ended):
            workspace = Workspace.objects.get(pk=survey.workspace)
            if left is None:
                forget_left_contacts(workspace=workspace, responses=[name])
            else:
                purpose = purpose_of_asking(survey.questionnaire.service.purposes)
                keep_left_contact(
                    workspace=workspace,
                    response=name,
                    address=left.address,
                    name=left.name,
                    lang=sent.lang,
                    purpose=purpose,
                    how=sent.entered.how if sent.entered else ON_A_PAGE,
                )
    return known


async def submit_soon(*, survey: PublishedSurvey, sent: Submission) -> deliveries.Acknowledgement:
    """The same for an event loop; of a survey that asks for no contact."""
    return await writer.deliver_soon(delivery_of(survey=survey, sent=sent))


def delivery_of(
    *, survey: PublishedSurvey, sent: Submission, respondent: KnownRespondent | None = None
) -> deliveries.Delivery:
    """What a respondent said, as it is to be kept; of whom something is known, with that. Public: whoever has the link
    may answer.

    Raises Problems with everything that is wrong, and then nothing is kept; Gone where the survey is closed and the
    response did not begin before.
    """
    return _prepare(survey, sent, respondent)[0]


def _prepare(
    survey: PublishedSurvey, sent: Submission, respondent: KnownRespondent | None
) -> tuple[deliveries.Delivery, LeftContact | None]:
    """What is to be kept of what a respondent said, and apart from it where they want to be reached."""
    name = public_name(settings.SECRET_KEY, survey.id, sent.response)
    if not survey.is_open and not (_was_heard_before(survey, sent) or _may_come_late(survey, name, sent)):
        raise Gone("survey.closed")
    place, asked = _place(survey, sent.place), survey.questionnaire
    before = said_before(survey, name, fields_said_before(asked, sent))
    whole = replace(sent, answers=(*before, *sent.answers))
    contents = contents_of(asked, whole, survey.full, survey.zones.zone.key)
    if contents.problems:
        raise Problems(contents.problems, asked)
    more = sent.entered.segments if sent.entered else {}
    segments = Segments(asked.survey, name, contents.facts, sent.lang, more)
    there = {given.field for given in before}
    facts = [fact for fact in contents.facts if fact.field.name not in there]
    facts = whole_response(asked, facts, contents.on_the_way) if sent.done else facts
    verdict = verdict_on(survey, sent, contents.facts)
    if not survey.is_open and verdict.aside in (None, QUESTIONABLE):
        verdict = replace(verdict, aside=LATE)
    delivery = deliveries.Delivery(
        workspace=survey.workspace,
        key=identity("survey", survey.id, sent.key),
        fingerprint=sent.fingerprint,
        reply=partial(_reply, name, verdict.puzzle, done=sent.done),
        made_us=sent.received_us,
        answers=[
            _row(survey, place, sent, name, fact, segments=segments, respondent=respondent or NOBODY) for fact in facts
        ],
        response=_response_row(survey, place, name, sent, verdict),
        fields=asked.fields,
        revises=True,
        amends=sent.amends,
        cleared=verdict.cleared,
        quotas=() if sent.entered else _quota_places(survey, contents.quotas),
    )
    return delivery, contents.left


def _was_heard_before(survey: PublishedSurvey, sent: Submission) -> bool:
    """Whether staff type in what was heard before a survey was closed."""
    return sent.entered is not None and sent.entered.at_us <= (survey.closed_us or 0)


def _may_come_late(survey: PublishedSurvey, name: str, sent: Submission) -> bool:
    """Whether answers to a closed survey are kept: they come within fourteen days, and their page was made, or their
    response began, before it was closed.
    """
    closed_us = survey.closed_us or 0
    if sent.received_us - closed_us > LATEST_MS * 1000:
        return False
    opened = read_token(sent.token, survey.id, sent.place or "", sent.response, sent.received_us)
    if isinstance(opened, Opened) and opened.at_us <= closed_us:
        return True
    return Response.objects.filter(survey=survey.id, response=name, started_us__lte=closed_us).exists()


def _quota_places(survey: PublishedSurvey, quotas: Sequence[Quota]) -> tuple[QuotaPlace, ...]:
    wave = survey.wave or ""
    return tuple(QuotaPlace(survey.service, survey.item, wave, each.id, each.at_most) for each in quotas)


def _reply(name: str, puzzle: str, counts: Counts, *, done: bool) -> str:
    """What the page is told; with a puzzle, where it is to solve one. `saved` are the answers that were taken as they
    were sent: one that is older than what is there is not among them, nor one that comes after the end and amends
    nothing; then it is told the `newest` revision that stands there, or that the response was `ended`. Of two to one
    question both are: the later is counted as a revision, and stands.
    """
    older = (("newest", counts.newest), ("ended", counts.ended)) if counts.conflicting else ()
    said = (("puzzle", puzzle), ("over_quota", counts.over_quota), *older)
    more = {key: words for key, words in said if words}
    return json.dumps({"response": name, "saved": counts.stand, "done": done, **more, **counts.as_dict()})


def _place(survey: PublishedSurvey, code: str | None) -> PublishedPlace | None:
    if not code:
        return None
    if code not in survey.places_by_code:
        raise Problems([Refusal("survey.place_unknown", place=code)], survey.questionnaire)
    return survey.places_by_code[code]


def _row(
    survey: PublishedSurvey,
    place: PublishedPlace | None,
    sent: Submission,
    name: str,
    fact: AnswerFact,
    *,
    segments: Segments,
    respondent: KnownRespondent,
) -> AnswerRow:
    field = fact.field
    at_us = sent.entered.at_us if sent.entered else sent.received_us - 1000 * fact.waited_ms
    site, channel = (place.site, place.channel) if place else (respondent.site, None)
    return AnswerRow(
        workspace_id=survey.workspace,
        service_id=survey.service,
        source=survey_source(survey.id),
        source_key=f"{name}:{field.name}",
        revision=fact.revision,
        response=name,
        customer=respondent.customer,
        visit=respondent.visit or name,
        segments=segments.of(field.item),
        respondent_kind=survey.questionnaire.survey.respondents,
        at_us=at_us,
        day=local_day(at_us, survey.zones.at(site)),
        site=site,
        channel=channel,
        survey=survey.item,
        wave=survey.wave,
        item=field.question,
        construct=field.construct,
        role=field.role,
        touchpoint=_touchpoint(field, place.touchpoint if place else respondent.touchpoint),
        state=fact.state,
        value=fact.value,
        low=field.low,
        high=field.high,
        text=fact.text,
    )


def _touchpoint(field: AnswerField, there: str | None) -> str | None:
    """What an answer is about: what its question names, else the touchpoint of the place, or that after which its
    respondent was invited. The whole is about none, wherever it is judged; where it was is kept with the response, and
    as its site and channel.
    """
    return field.touchpoint if field.touchpoint or field.of_the_whole else there


def _response_row(
    survey: PublishedSurvey, place: PublishedPlace | None, name: str, sent: Submission, verdict: Verdict
) -> statements.Values:
    ended = sent.received_us if sent.done else None
    return (
        survey.workspace,
        survey.id,
        name,
        place.id if place else None,
        sent.lang,
        sent.received_us,
        sent.received_us,
        ended,
        mark_of(sent.response) if sent.done else None,
        verdict.aside,
        " ".join(verdict.reasons),
    )
