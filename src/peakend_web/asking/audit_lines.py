"""How the page of changes tells of what is done with surveys and the places where they hang."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from peakend.terms import Lang
from peakend_web.base.audit_lines import Row, declare, declare_rows, declare_values
from peakend_web.base.documents import document_of
from peakend_web.models import Place, Survey, SurveyInvitation

declare(
    "design",
    publish_survey=gettext_noop("%(who)s published the survey “%(what)s”."),
    close_survey=gettext_noop("%(who)s closed the survey “%(what)s”."),
    reopen_survey=gettext_noop("%(who)s opened the survey “%(what)s” again."),
    expire_words=gettext_noop("What was written in “%(what)s” was deleted, for its time was over: %(rows)s."),
    expire_photos=gettext_noop("Photos in “%(what)s” were deleted, for their time was over: %(photos)s."),
    add_place=gettext_noop("%(who)s gave the place “%(what)s” a code."),
    rename_place=gettext_noop("%(who)s renamed the place “%(what)s”."),
    retire_place=gettext_noop("%(who)s retired the place “%(what)s”."),
    restore_place=gettext_noop("%(who)s hung the place “%(what)s” up again."),
    enter_answers=gettext_noop("%(who)s entered a customer’s answers to “%(what)s” (%(heard)s)."),
    plan_survey_invitation=gettext_noop("Somebody is to be asked in “%(what)s”."),
    pass_over_survey_invitation=gettext_noop("Somebody was not asked in “%(what)s”."),
    send_survey_invitation=gettext_noop("Somebody was asked in “%(what)s”."),
    hand_out_survey_invitation=gettext_noop("%(who)s made a link to hand out for “%(what)s”."),
    remind_survey_invitation=gettext_noop("Somebody was reminded of “%(what)s”."),
    deliver_survey_invitation=gettext_noop("An invitation to “%(what)s” was delivered."),
    see_survey_invitation=gettext_noop("Somebody opened their link to “%(what)s”."),
    begin_survey_invitation=gettext_noop("Somebody began to answer “%(what)s” by their link."),
    finish_survey_invitation=gettext_noop("Somebody answered “%(what)s” by their link."),
    withdraw_survey_invitation=gettext_noop("%(who)s withdrew an invitation to “%(what)s”."),
    expire_survey_invitation=gettext_noop("An invitation to “%(what)s” expired."),
    word_invitations=gettext_noop("%(who)s changed the words of the invitations to “%(what)s”."),
    release_responses=gettext_noop("%(who)s let responses to “%(what)s” count that were in quarantine: %(responses)s."),
    delete_responses=gettext_noop("%(who)s deleted responses to “%(what)s” that were in quarantine: %(responses)s."),
)


def _survey(survey: Survey, lang: Lang, _sites: Mapping[str, str]) -> str:
    """A survey as the version names it that it was published from."""
    named = document_of(survey.version_id).survey(survey.item)
    return " · ".join(part for part in (named.title[lang] if named else survey.item, survey.wave) if part)


declare_values("heard", paper=_("on paper"), phone=_("by phone"), in_person=_("in person"))


def _invitation(invitation: SurveyInvitation, lang: Lang, _sites: Mapping[str, str]) -> str:
    """An invitation by its survey, as the design calls it now, and its number."""
    current = invitation.service.current_id
    named = document_of(current).survey(invitation.item) if current else None
    title = named.title[lang] if named else invitation.item
    return " · ".join(part for part in (title, invitation.wave, str(invitation.pk)) if part)


declare_rows(
    [
        Row(Survey, _survey, beside=("version",)),
        Row(Place, said="label"),
        Row(SurveyInvitation, _invitation, beside=("service",)),
    ]
)
