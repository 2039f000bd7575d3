"""What answers find decisive beside the moments of truth that people have named, and what raising a moment may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from peakend.figures import number
from peakend.service.edits.names import name_of
from peakend_web.base.guard import InService
from peakend_web.design.reading import Reading
from peakend_web.findings.queries import Inquiry, Weight, weights_of_touchpoints
from peakend_web.findings.queries.known.moments import known_of_raising

from .face import Beside, Card, Name, Row, Shelf, Table

NAMED: Final = "◆"
"""Named as a moment of truth."""


def _shelf(here: InService, reading: Reading) -> Shelf:
    weights = weights_of_touchpoints(here, reading.service)
    named = [part["id"] for _name, part in reading.parts("touchpoints") if "moment_of_truth" in part]
    deciding = [one.touchpoint for one in weights if one.decides]
    known = {one.touchpoint: one for one in weights}
    ids = [id for id in known if id in deciding or id in named] + [id for id in named if id not in known]
    head: list[Name] = [
        gettext_lazy("Touchpoint"),
        gettext_lazy("Named by the team"),
        gettext_lazy("Shown by the answers"),
        gettext_lazy("Share of what the touchpoints explain"),
        _("Answers"),
    ]
    rows = [_row(reading, id, known.get(id), id in named) for id in ids] if weights else []
    raising = known_of_raising(Inquiry.of_all(here)) if here.service.current_id else None
    return Shelf(
        "beside",
        gettext_lazy("Shown by the answers, and named by the team"),
        cards=[Card("", _("If one moment is rated higher"), known=raising)] if raising else (),
        table=Table(gettext_lazy("What drives the overall rating: answers and team compared"), head, rows),
        lesson=""
        if weights
        else gettext_lazy("Too few answers to see yet which touchpoints drive the overall rating."),
        sentence=_sentence(len(weights), deciding, named) if weights else "",
    )


def _sentence(many: int, deciding: Sequence[str], named: Sequence[str]) -> str:
    """How many touchpoints decide by the answers, and how many of those people have named."""
    both = len(set(deciding) & set(named))
    said = ngettext(
        "By the answers, %(deciding)s of %(many)s touchpoint clearly explains more of the overall rating than the "
        "rest; %(both)s is named as a moment of truth.",
        "By the answers, %(deciding)s of %(many)s touchpoints clearly explain more of the overall rating than the "
        "rest; %(both)s are named as moments of truth.",
        many,
    )
    return said % {"deciding": len(deciding), "many": many, "both": both}


def _row(reading: Reading, id: str, weight: Weight | None, is_named: bool) -> Row:  # noqa: FBT001
    cells = [NAMED if is_named else ""]
    if weight is None:
        cells += ["", _("too few answers"), ""]
    else:
        span = {"share": number(weight.percent), "low": number(weight.low), "high": number(weight.high)}
        share = _("%(share)s%% (%(low)s to %(high)s)") % span
        cells += [NAMED if weight.decides else "", share, f"{weight.n:,}"]
    return Row(reading.title("touchpoints", id), name_of("touchpoints", id), cells)


BESIDE: Final = Beside(gettext_lazy("Compare with what the answers show"), _shelf)
