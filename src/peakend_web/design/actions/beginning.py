"""The verb by which somebody begins a service: from the template of an industry, or from next to nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from peakend.service.document import as_data, dump, loads, of_data
from peakend.templates import copy_of
from peakend.terms import Lang
from peakend_web.base.grants import require
from peakend_web.design.grants import visible_services
from peakend_web.design.starters import starter
from peakend_web.models import Person, ServiceVersion, Workspace

from .versions import RESERVED_SLUGS, save_service_version

BLANK = "blank"
"""What one begins with who wants no template: a visit of four touchpoints."""


@transaction.atomic
def begin_service(
    *, actor: Person, workspace: Workspace, template: str, name: str, languages: Sequence[Lang], lang: Lang
) -> ServiceVersion:
    """Make a service from a template, called `name` in the language of whoever begins it. The template is copied: what
    becomes of it later changes nothing here. Raises DocumentError `template.unknown`.
    """
    here = require(actor, "edit_service", workspace)
    text = starter(lang) if template == BLANK else copy_of(template, languages)
    data = as_data(loads(text))
    taken = {*visible_services(here).values_list("slug", flat=True), *RESERVED_SLUGS}
    data["service"] = _free(data["service"], taken)
    if name.strip():
        data["title"] = {lang: name.strip()}
    written = dump(of_data(data), base=text)
    return save_service_version(actor=actor, workspace=workspace, text=written, base=0)


def _free(id: str, taken: set[str]) -> str:
    names = (id, *(f"{id}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
