"""A hospital whose document asks with several instruments at once, all of them out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peakend.instruments import instrument
from peakend.instruments.expansion import edits_of
from peakend.service import as_data, dump, of_data
from peakend.templates import template
from peakend_web.asking.actions import publish_survey
from peakend_web.models import Service, Survey
from tests.web.conftest import Clinic, service


def hospital_service(clinic: Clinic, ids: Sequence[str], **fields: Any) -> Service:
    """The hospital as a service, with these instruments put into its document one after another; `fields` are what else
    of the document differs from the template.
    """
    document = of_data({**as_data(template("hospital")), **fields})
    for id in ids:
        data = as_data(document)
        for edit in edits_of(instrument(id), document):
            data[edit.field] = [*data.get(edit.field, ()), edit.value]
        document = of_data(data)
    return service(clinic.workspace, dump(document), clinic.olivia)


def surveys_out(clinic: Clinic, ids: Sequence[str], **fields: Any) -> dict[str, Survey]:
    """These instruments as surveys of the hospital that are out, by their ids."""
    made = hospital_service(clinic, ids, **fields)
    return {id: publish_survey(actor=clinic.wu, service=made, item=id) for id in ids}
