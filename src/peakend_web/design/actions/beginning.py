"""The verb by which somebody begins a service: from the template of an industry, or from next to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from peakend.service.document import as_data, dump, loads, of_data
from peakend.templates import in_languages, template_text
from peakend.terms import Lang
from peakend_web.base.grants import require
from peakend_web.design.grants import visible_services
from peakend_web.design.queries import free_name
from peakend_web.design.starters import starter
from peakend_web.design.starters.steps import stages_of
from peakend_web.models import Person, ServiceVersion, Workspace

from .versions import RESERVED_SLUGS, save_service_version

BLANK = "blank"
"""What one begins with who wants no template: a visit of four touchpoints."""


@transaction.atomic
def begin_service(
    *,
    actor: Person,
    workspace: Workspace,
    template: str,
    name: str,
    languages: Sequence[Lang],
    lang: Lang,
    steps: str = "",
) -> ServiceVersion:
    """Make a service from a template, called `name` in the language of whoever begins it; with `steps` from one's own,
    one a line. The template is copied: what becomes of it later changes nothing here. Raises DocumentError
    `template.unknown`.
    """
    here = require(actor, "edit_service", workspace)
    text = starter(lang) if template == BLANK else template_text(template)
    data = as_data(loads(text))
    if template != BLANK:
        data = in_languages(data, languages)
    taken = {*visible_services(here).values_list("slug", flat=True), *RESERVED_SLUGS}
    if stages := stages_of(steps, lang) if template == BLANK else []:
        data["journeys"][0]["stages"] = stages
        _ask_about(data, [point["id"] for stage in stages for point in stage["touchpoints"]])
    data["service"] = free_name(data["service"], taken)
    if name.strip():
        data["title"] = {lang: name.strip()}
    written = dump(of_data(data), base=text)
    return save_service_version(actor=actor, workspace=workspace, text=written, base=0)


def _ask_about(data: dict[str, Any], touchpoints: list[str]) -> None:
    """Have the survey ask for these touchpoints, and not for those that it came with."""
    for item in data["surveys"][0]["items"]:
        if item["kind"] == "touchpoint_rating":
            item["touchpoints"] = touchpoints
