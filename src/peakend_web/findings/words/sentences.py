"""What a finding says: the rows that say it best, in their own sentences; where none stands out, that none does and
between which figures all lie, with their unit and which way is good; and what has to be kept in mind beside.

The list of findings, a finding's own page and the journey say the same of the same answers: what is compared, and by
which test, is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from peakend import extremes
from peakend.figures import number
from peakend.methods.servqual import OVERALL
from peakend.result import Results
from peakend.terms import label
from peakend_web.base.languages import BETWEEN_SENTENCES
from peakend_web.findings.inquiry import touchpoints
from peakend_web.findings.inquiry.lead_figures import leading_row
from peakend_web.findings.inquiry.method_questions import COMPARING, MethodQuestion, question_of
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.store import least_sizes

from . import refusal_words


@dataclass(frozen=True)
class Statement:
    """The rows that a finding names, its sentences, and the warnings that go with them."""

    rows: Sequence[Any]
    sentences: Sequence[str]
    warnings: Sequence[str]

    def cautions(self, inquiry: Inquiry) -> list[str]:
        """Each warning with what it means, for the finding's own page."""
        return [
            _("Caution, %(name)s: %(meaning)s")
            % {"name": label(each, inquiry.lang), "meaning": self._meaning(each, inquiry)}
            for each in self.warnings
        ]

    @staticmethod
    def _meaning(name: str, inquiry: Inquiry) -> str:
        return refusal_words.caution(name, inquiry.lang)

    def summary(self, inquiry: Inquiry) -> str:
        """The first sentences and the names of the warnings, for a list."""
        names = _(", ").join(label(each, inquiry.lang) for each in self.warnings)
        return BETWEEN_SENTENCES[inquiry.lang].join(
            [*self.sentences[:2], *([_("Caution: %(names)s.") % {"names": names}] if names else [])]
        )


def statement(inquiry: Inquiry, results: Results[Any]) -> Statement:
    """What these results say."""
    asked, rows = question_of(results.method.id), rows_in_question(inquiry, results)
    named = _rows_that_say_it(inquiry, results, rows, asked)
    sentences = [results.sentence(row, inquiry.lang, weighted_first=inquiry.leads_with_weights) for row in named]
    if not named and rows:
        sentences = [_none_stands_out(inquiry, results, rows, asked)]
    elif named and asked.says_scale:
        sentences[-1] += _scale(named, inquiry)
    return Statement(named, sentences, _warnings(named or rows))


def _scale(rows: Sequence[Any], inquiry: Inquiry) -> str:
    """On which scale the figures of these sentences are, in a bracket behind them."""
    scales = {row.scale for row in rows}
    scale = scales.pop() if len(scales) == 1 else None
    if scale is None:
        return ""
    return BETWEEN_SENTENCES[inquiry.lang] + _("Answers from %(low)s to %(high)s, higher is better.") % {
        "low": f"{scale[0]:g}",
        "high": f"{scale[1]:g}",
    }


def rows_in_question(inquiry: Inquiry, results: Results[Any]) -> list[Any]:
    """The rows that have a figure, of what the question is about: of touchpoints where any was rated, else of all."""
    asked = question_of(results.method.id)
    known = [row for row in results if row.refused is None and row.value is not None]
    parts = [row for row in known if getattr(row, asked.whole, None) != OVERALL]
    known = parts if len(parts) > 1 else known
    if not asked.of_touchpoints:
        return known
    places = {touchpoint.id: at for at, touchpoint in enumerate(inquiry.document.touchpoints)}
    return sorted((row for row in known if row.construct in places), key=lambda row: places[row.construct]) or known


def _rows_that_say_it(
    inquiry: Inquiry, results: Results[Any], rows: Sequence[Any], asked: MethodQuestion
) -> Sequence[Any]:
    """The rows that say it best; none where none stands out, and none of several of which all have few answers."""
    if len(rows) < 2:
        return rows
    if results.method.id not in least_sizes.UNITS and not any(least_sizes.is_firm(row) for row in rows):
        return ()
    if asked.telling in COMPARING and asked.on_scale and not touchpoints.comparable_rows(rows):
        return ()
    leading = [leading_row(results.method, row, weighted=inquiry.leads_with_weights) for row in rows]
    plain = {id(one): row for one, row in zip(leading, rows, strict=True)}
    return [plain[id(one)] for one in asked.telling(leading)]


def _none_stands_out(inquiry: Inquiry, results: Results[Any], rows: Sequence[Any], asked: MethodQuestion) -> str:
    """That nothing can be called the highest or the lowest: of few answers, or between which figures all lie."""
    most = max(row.n for row in rows)
    if results.method.id not in least_sizes.UNITS and most < least_sizes.LOW_BASE:
        return _("None has %(needed)s answers yet, so none is named; the most is %(n)s.") % {
            "needed": least_sizes.LOW_BASE,
            "n": most,
        }
    leading = [leading_row(results.method, row, weighted=inquiry.leads_with_weights) for row in rows]
    if asked.level:
        return asked.level(leading)
    if asked.on_scale and not touchpoints.comparable_rows(rows):
        return _("They were asked on different scales and cannot be compared.")
    if asked.of_touchpoints:
        return touchpoints.level_sentence(leading, inquiry.lang)
    head = (
        _("None stands clearly apart from all the others")
        if extremes.ends(leading).differ
        else _("No clear difference")
    )
    return _("%(head)s: %(range)s.") % {"head": head, "range": _range(leading, asked)}


def _range(rows: Sequence[Any], asked: MethodQuestion) -> str:
    """Between which figures all lie, in their unit."""
    ends = sorted(asked.spread.times * end for end in (min(row.value for row in rows), max(row.value for row in rows)))
    said = {"low": number(ends[0], asked.spread.digits), "high": number(ends[1], asked.spread.digits)}
    scale = getattr(rows[0], "scale", None) if asked.on_scale else None
    bounds = {"least": f"{scale[0]:g}", "most": f"{scale[1]:g}"} if scale else {}
    lower = getattr(rows[0], "edition", None) == 1
    words = asked.spread.words if not lower else asked.spread.lower_is_good or asked.spread.words
    return str(words) % {**said, **bounds}


def _warnings(rows: Sequence[Any]) -> list[str]:
    """What every sentence leaves open: the warnings of the rows that are named; of many that are not, those that all
    have.
    """
    if not rows:
        return []
    own = dict.fromkeys(name for row in rows for name in row.warnings if name not in refusal_words.IN_SENTENCES)
    return [name for name in own if len(rows) <= extremes.MOST_TOGETHER or all(name in row.warnings for row in rows)]
