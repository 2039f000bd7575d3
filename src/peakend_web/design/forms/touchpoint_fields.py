"""Which fields a touchpoint has, and under which headings they stand: its own, and those of the steps, standards and
promises in it.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from peakend.service.journeys import LANES, SENSES, Behaviours

from .part_fields import Field, Group

STEP: Final = (Field("text"), Field("who", "choice"))
STANDARD: Final = (
    Field("text"),
    Field("freedom", "choice"),
    Field("bend"),
    Field("measure.minutes_at_most", "number"),
    Field("measure.minutes_at_least", "number"),
    Field("measure.score_at_least", "number"),
    Field("measure.share_at_least", "share"),
)
PROMISE: Final = (
    Field("text"),
    Field("where", "choice"),
    Field("otherwise"),
    Field("measure.minutes_at_most", "number"),
    Field("measure.people_at_most", "number"),
    Field("measure.open_days_at_most", "number"),
    Field("measure.share_at_least", "share"),
)
STANDARDS: Final = Field("standards", "parts", inner=STANDARD, single="standard")
PROMISES: Final = Field("promises", "parts", inner=PROMISE, single="promise")
MOMENT: Final = (
    Field("moment_of_truth.trigger"),
    Field("moment_of_truth.thinks", term="map.thinks"),
    Field("moment_of_truth.words"),
    *(Field(f"moment_of_truth.behaviours.{name}", term=f"behaviour.{name}") for name in Behaviours.model_fields),
    Field("moment_of_truth.delight"),
    Field("moment_of_truth.state", "choice", title=_("Progress")),
)
EVIDENCE: Final = tuple(Field(f"evidence.{sense}") for sense in SENSES)
TOUCHPOINT: Final = (
    Group(
        _("What the customer lives through"),
        [
            Field("title", rows=1),
            Field("customer"),
            Field("thinks", term="map.thinks"),
            Field("expects"),
            Field("fears"),
            Field("emotion.planned", "number"),
            Field("emotion.why"),
            Field("designed_as", "choice"),
            Field("channels", "ids"),
            Field("basis", "choice"),
        ],
    ),
    Group(_("Evidence for the five senses"), EVIDENCE),
    Group(
        _("Behind the lines"),
        [
            Field("owner", "choice"),
            Field("takes.minutes", "number", title=_("Designed duration, in minutes")),
            Field("takes.minutes_at_most", "number", title=_("Longest duration still tolerated, in minutes")),
            *(Field(lane, "parts", inner=STEP) for lane in LANES),
        ],
    ),
    Group(_("Standards and promises"), [STANDARDS, PROMISES]),
    Group(_("What may fail"), [Field("fails", "ids")]),
    Group(
        _("The wait"),
        [
            Field("wait", "mark"),
            Field("wait.typical_minutes", "number"),
            Field("wait.promised_minutes", "number"),
            Field("wait.care_after_minutes", "number"),
            Field("wait.text"),
            Field("wait.care"),
        ],
    ),
    Group(_("Moment of truth"), [Field("moment_of_truth", "mark"), *MOMENT]),
)
