"""The truth, in tables. Models hold no rules: what may change, and who may change it, is in `actions` and `rules`."""

from __future__ import annotations

from .access import ApiKey, Invitation, SecondFactor
from .cases import Case
from .collection import (
    Answer,
    Event,
    FactClock,
    IdempotencyKey,
    Import,
    Place,
    Release,
    Removal,
    Response,
    Survey,
    TakeBack,
)
from .installation import Installation
from .people import Language, Membership, Person, Role, Site, Workspace
from .records import AuditEntry, OutboxEntry, Progress, Trouble
from .services import SUPPLIED, Service, ServiceVersion, noted

__all__ = [
    "SUPPLIED",
    "Answer",
    "ApiKey",
    "AuditEntry",
    "Case",
    "Event",
    "FactClock",
    "IdempotencyKey",
    "Import",
    "Installation",
    "Invitation",
    "Language",
    "Membership",
    "OutboxEntry",
    "Person",
    "Place",
    "Progress",
    "Release",
    "Removal",
    "Response",
    "Role",
    "SecondFactor",
    "Service",
    "ServiceVersion",
    "Site",
    "Survey",
    "TakeBack",
    "Trouble",
    "Workspace",
    "noted",
]
