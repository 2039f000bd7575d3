"""The database models, one file per area. Models hold no rules: those are in each area's `actions` and `grants`. What a
query and a row must answer alike, such as whether a case is overdue, stands with the model.
"""

from __future__ import annotations

from .asking import Opening, Place, QuotaCount, Response, Survey
from .base import AuditEntry, File, Installation, OutboxEntry, Progress, Remark, Trouble
from .customers import Consent, Contact, Customer
from .design import SUPPLIED, TO_BE, Draft, DraftStep, Service, ServiceVersion, SharedMap, note_in_words
from .invitations import InvitationLink, InvitationText, SurveyInvitation
from .listening import Import, TakeBack
from .people import (
    ApiKey,
    Brand,
    Device,
    Invitation,
    Language,
    Membership,
    Person,
    Role,
    SecondFactor,
    Site,
    Workspace,
)
from .recovery import Case
from .sending import Channel, Message
from .store import Answer, Event, FactClock, IdempotencyKey, Release, Removal

__all__ = [
    "SUPPLIED",
    "TO_BE",
    "Answer",
    "ApiKey",
    "AuditEntry",
    "Brand",
    "Case",
    "Channel",
    "Consent",
    "Contact",
    "Customer",
    "Device",
    "Draft",
    "DraftStep",
    "Event",
    "FactClock",
    "File",
    "IdempotencyKey",
    "Import",
    "Installation",
    "Invitation",
    "InvitationLink",
    "InvitationText",
    "Language",
    "Membership",
    "Message",
    "Opening",
    "OutboxEntry",
    "Person",
    "Place",
    "Progress",
    "QuotaCount",
    "Release",
    "Remark",
    "Removal",
    "Response",
    "Role",
    "SecondFactor",
    "Service",
    "ServiceVersion",
    "SharedMap",
    "Site",
    "Survey",
    "SurveyInvitation",
    "TakeBack",
    "Trouble",
    "Workspace",
    "note_in_words",
]
