"""What brought rows in, and which rows of it count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from peakend_web.base.refusals import Denied
from peakend_web.models import Answer, ApiKey, Event, Import, Removal, Service
from peakend_web.store import countable
from peakend_web.store.countable import Model
from peakend_web.store.identity import is_anothers, program

MODELS: Final[tuple[Model, ...]] = (Answer, Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What brought the rows in: an import, a delivery of a program, or a source, of which a key names one row, or a
    response all that one respondent said.

    With a `program` they are those of the rows that this program brought in itself.
    """

    imported: Import | None = None
    source: str = ""
    source_key: str = ""
    response: str = ""
    delivery: str = ""
    program: str = ""

    @property
    def label(self) -> str:
        """How people call it."""
        return self.imported.name if self.imported is not None else f"{self.source} {self.source_key}".strip()

    def rows(self, service: Service, model: Model) -> QuerySet[Any]:
        """The rows of a service that count and came by it."""
        found = model.objects.filter(workspace=service.workspace_id, service=service)
        if self.imported is not None:
            found = found.filter(imported=self.imported)
        if self.source:
            found = found.filter(source=self.source)
        if self.source_key:
            found = found.filter(source_key=self.source_key)
        if self.response:
            found = found.filter(**{"visit" if model is Event else "response": self.response})
        if self.delivery:
            found = found.filter(Q(delivery=self.delivery) | Q(source=self.delivery))
        if self.program:
            found = found.filter(Q(delivery=self.program) | Q(delivery__startswith=f"{self.program}:"))
        found = found.exclude(imported__isnull=False, imported__counted_seq=None)
        if countable.is_erasing(service.workspace_id):
            found = found.exclude(Removal.of(model))
        return found


def of_program(key: ApiKey, source: str, source_key: str = "") -> Origin:
    """What a program itself brought in under a source. Raises Denied `rows.of_others` for what a survey, a file or
    another program is called.
    """
    if is_anothers(source, key.prefix):
        raise Denied("rows.of_others")
    return Origin(source=source, source_key=source_key, program=program(key.prefix))


def remaining_rows(imported: Import, service: Service) -> int:
    """How many rows that an import brought in still count."""
    return sum(Origin(imported=imported).rows(service, model).count() for model in MODELS)
