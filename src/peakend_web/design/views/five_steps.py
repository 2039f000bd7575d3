"""The strip of the five steps above the pages of a design: how far each has come, and where it is gone on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from peakend.service.five_steps import Progress, Step
from peakend.service.five_steps import five_steps as progress_of
from peakend.service.schema import ServiceDocument
from peakend_web.base.guard import InService
from peakend_web.design.faces import FACES

TITLES: Final[Mapping[Step, Promise]] = {
    "needs": _("Needs"),
    "journey": _("Journey"),
    "design": _("Service design"),
    "training": _("Training"),
    "feedback": _("Feedback"),
}
SO_FAR: Final[Mapping[Step, Promise]] = {
    "needs": _("Personas with needs: %(ready)s of %(all)s"),
    "journey": _("Touchpoints with a planned emotion: %(ready)s of %(all)s"),
    "design": _("Moments of truth with a standard: %(ready)s of %(all)s"),
    "training": _("Posts with a duty or a course: %(ready)s of %(all)s"),
    "feedback": _("Surveys with questions: %(ready)s of %(all)s"),
}
NOTHING: Final[Mapping[Step, Promise]] = {
    "needs": _("no persona yet"),
    "journey": _("no touchpoint yet"),
    "design": _("no moment of truth yet"),
    "training": _("no post yet"),
    "feedback": _("no survey yet"),
}
WHERE: Final[Mapping[Step, str]] = {"needs": "people", "design": "moments", "training": "people"}
"""The face on which a step is gone on with; the journey is on the map, feedback among the surveys."""


@dataclass(frozen=True)
class FiveStep:
    """A step as the strip shows it; `next` is the first that is not done."""

    title: Promise
    so_far: str
    done: bool
    next: bool
    href: str


def five_steps(here: InService, service: ServiceDocument) -> Sequence[FiveStep]:
    """The five steps of a service, each with its address."""
    found = progress_of(service)
    first = next((one for one in found if not one.done), None)
    return [FiveStep(TITLES[one.step], _so_far(one), one.done, one is first, _address(here, one.step)) for one in found]


def _so_far(one: Progress) -> str:
    return str((SO_FAR if one.all else NOTHING)[one.step]) % {"ready": one.ready, "all": one.all}


def _address(here: InService, step: Step) -> str:
    face = FACES.get(WHERE.get(step, ""))
    name = "surveys" if step == "feedback" else face.name if face else "design"
    return reverse(name, args=(here.workspace.slug, here.service.slug))
