"""What is known of moments of truth: how each was rated beside the emotion that is planned there, and where the journey
really peaks and ends, beside where that is planned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.figures import number, short_signed_number
from peakend.methods import BY_ID
from peakend.result.words import interval_words
from peakend.service.journeys import Journey, Touchpoint
from peakend.service.schema import ServiceDocument
from peakend.terms import label
from peakend_web.base.languages import BETWEEN_SENTENCES
from peakend_web.findings.inquiry import touchpoints
from peakend_web.findings.inquiry.peak_and_end import PeakAndEnd, peak_and_end, raised_rows
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.stops import Line
from peakend_web.findings.inquiry.touchpoints import joined_names
from peakend_web.findings.words import refusal_words
from peakend_web.store import least_sizes

from . import Known, sources

Mark = Literal["peak", "end"]
MARKS: Final[tuple[Mark, ...]] = ("peak", "end")
NOTHING: Final = "–"
MEMORY: Final = "moments:memory"
"""What is known of how visits are remembered."""


def mark_id(mark: Mark) -> str:
    """Under which name it is said what is known of the peak or the end of the journey; no touchpoint is called so."""
    return f"moments:{mark}"


def known_of_moments(inquiry: Inquiry, document: ServiceDocument) -> dict[str, Known]:
    """What is known of each moment of truth, by the id of its touchpoint, and of the peak and the end of the first
    journey.
    """
    journey = document.journey()
    if journey is None:
        return {}
    with inquiry.naming():
        rows, found = touchpoints.scores(inquiry), peak_and_end(inquiry, document, journey)
        moments = (point for point in document.touchpoints if point.moment_of_truth)
        return {
            **{point.id: _moment(inquiry, point, rows.get(point.id), found) for point in moments},
            **{mark_id(mark): _mark(inquiry, journey, mark, found, rows) for mark in MARKS},
            MEMORY: _memory(inquiry, found.memory),
        }


# --- each moment ------------------------------------------------------------------------------------------------------


def _moment(inquiry: Inquiry, point: Touchpoint, row: Any, found: PeakAndEnd) -> Known:
    """The emotion that is planned, and how it was rated."""
    marks = [label(f"map.{name}", inquiry.lang) for name, ids in found.marks.items() if point.id in ids]
    stands = [_("%(mark)s by rating") % {"mark": mark} for mark in marks]
    lines = [*_planned_emotion(point), _rated(inquiry, row, stands)]
    return Known(lines=lines, sources=sources(inquiry, row))


def _planned_emotion(point: Touchpoint) -> Iterator[Line]:
    if point.emotion:
        yield Line(_("Planned emotion, from −5 to +5"), short_signed_number(point.emotion.planned))


def _rated(inquiry: Inquiry, row: Any, stands: Sequence[str] = ()) -> Line:
    """How a touchpoint was rated, on its own scale, with which of peak, trough and end of the journey it is."""
    if row is None:
        return Line(_("Rated"), NOTHING, _("no answers yet"))
    if row.value is None:
        return Line(_("Rated"), NOTHING, touchpoints.evidence(inquiry, row))
    scale = [_("from %(low)s to %(high)s") % {"low": f"{row.scale[0]:g}", "high": f"{row.scale[1]:g}"}]
    said = [*(scale if row.scale else []), touchpoints.evidence(inquiry, row), *stands]
    return Line(_("Rated"), number(row.value, 2), " · ".join(said), least_sizes.is_pale(row))


# --- where the journey peaks and ends ---------------------------------------------------------------------------------


def _mark(inquiry: Inquiry, journey: Journey, mark: Mark, found: PeakAndEnd, rows: dict[str, Any]) -> Known:
    planned = [point for point in journey.touchpoints if point.designed_as == mark]
    measured = found.marks.get(mark, ())
    shown = dict.fromkeys([*(point.id for point in planned), *measured])
    lines = [_compared(inquiry, mark, _point(journey, id), (planned, measured), rows.get(id)) for id in shown]
    lines += _endings(inquiry, found, planned) if mark == "end" else []
    used = [*(rows.get(id) for id in shown), *(found.endings.values() if mark == "end" else ())]
    return Known(_SENTENCES[mark](inquiry, journey, planned, found, rows), lines, sources=sources(inquiry, *used))


def _compared(
    inquiry: Inquiry, mark: Mark, point: Touchpoint, said: tuple[Sequence[Touchpoint], Sequence[str]], row: Any
) -> Line:
    """A touchpoint that is planned as the peak or the end, or is it by the answers: its planned emotion and its
    rating.
    """
    planned, measured = said
    is_planned, is_measured = point in planned, point.id in measured
    rated = _rated(inquiry, row)
    emotion = []
    if point.emotion:
        emotion = [_("planned emotion %(value)s") % {"value": short_signed_number(point.emotion.planned)}]
    score = [] if rated.value == NOTHING else [_("rated %(value)s") % {"value": rated.value}]
    name = (
        _measured_name(mark) if not is_planned else _("Planned, and the ratings agree") if is_measured else _("Planned")
    )
    return Line(name, point.title[inquiry.lang], " · ".join([*emotion, *score, rated.evidence]), rated.pale)


def _measured_name(mark: Mark) -> str:
    return _("Highest by rating") if mark == "peak" else _("Last one rated")


def _point(journey: Journey, id: str) -> Touchpoint:
    return next(each for each in journey.touchpoints if each.id == id)


def _endings(inquiry: Inquiry, found: PeakAndEnd, planned: Sequence[Touchpoint]) -> Iterator[Line]:
    """Which touchpoint visits were rated at last, of the planned end and of the most frequent one, and how many end
    badly there.
    """
    wanted = dict.fromkeys([*(point.id for point in planned if point.id in found.endings), *list(found.endings)[:1]])
    for id in wanted:
        row = found.endings[id]
        name = _("Visits last rated at “%(name)s”") % {"name": label(id, inquiry.lang)}
        words = _("%(n)s of more than %(all)s") if found.has_more else _("%(n)s of %(all)s")
        yield Line(name, words % {"n": f"{row.n:,}", "all": f"{found.visits:,}"})
        ends = interval_words((row.low, row.high), row.conf, inquiry.lang)
        yield Line(
            _("of these, end below the middle of the scale"),
            f"{number(row.value)}%",
            _("%(interval)s · n %(n)s") % {"interval": ends, "n": f"{row.n:,}"},
            least_sizes.is_pale(row),
        )


def _peak_sentence(
    inquiry: Inquiry, journey: Journey, planned: Sequence[Touchpoint], found: PeakAndEnd, rows: dict[str, Any]
) -> str:
    ids = found.marks.get("peak", ())
    names = [_name_with_mean(inquiry, journey, id, rows[id]) for id in ids if id in rows]
    measured = (
        _("By the answers it is %(names)s.") % {"names": joined_names(names)}
        if names
        else _("By the answers no touchpoint is clearly the highest.")
        if found.marks
        else _("No touchpoint has enough answers to tell where it is.")
    )
    return _joined(
        inquiry,
        _planned_words(inquiry, planned, _("The planned peak is “%(name)s”."), _("No peak is planned.")),
        measured,
    )


def _end_sentence(
    inquiry: Inquiry, journey: Journey, planned: Sequence[Touchpoint], found: PeakAndEnd, rows: dict[str, Any]
) -> str:
    said = _planned_words(inquiry, planned, _("The planned end is “%(name)s”."), _("No end is planned."))
    if found.endings:
        most, row = next(iter(found.endings.items()))
        words = (
            ngettext(
                "Of more than %(all)s rated visit %(n)s was last rated at “%(name)s”.",
                "Of more than %(all)s rated visits %(n)s were last rated at “%(name)s”.",
                found.visits,
            )
            if found.has_more
            else ngettext(
                "Of %(all)s rated visit %(n)s was last rated at “%(name)s”.",
                "Of %(all)s rated visits %(n)s were last rated at “%(name)s”.",
                found.visits,
            )
        )
        measured = words % {
            "all": f"{found.visits:,}",
            "n": f"{row.n:,}",
            "name": label(most, inquiry.lang),
        }
        return _joined(inquiry, said, measured)
    names = [_name_with_mean(inquiry, journey, id, rows[id]) for id in found.marks.get("end", ()) if id in rows]
    measured = (
        _("The last touchpoint that was rated is %(names)s; at which one each visit ended is not known.")
        % {"names": joined_names(names)}
        if names
        else _("At which touchpoint visits end is not known yet.")
    )
    return _joined(inquiry, said, measured)


_SENTENCES: Final = {"peak": _peak_sentence, "end": _end_sentence}


def _planned_words(inquiry: Inquiry, planned: Sequence[Touchpoint], one: str, none: str) -> str:
    return one % {"name": planned[0].title[inquiry.lang]} if planned else none


def _name_with_mean(inquiry: Inquiry, journey: Journey, id: str, row: Any) -> str:
    title = _point(journey, id).title[inquiry.lang]
    return _("“%(name)s” (%(value)s, n %(n)s)") % {"name": title, "value": number(row.value, 2), "n": f"{row.n:,}"}


def _joined(inquiry: Inquiry, *sentences: str) -> str:
    return BETWEEN_SENTENCES[inquiry.lang].join(sentences)


def _memory(inquiry: Inquiry, row: Any) -> Known:
    """Whether peak and end go with what is remembered; or why that cannot be told yet."""
    if row is None:
        return Known(
            _(
                "Whether peak and end decide what is remembered can be seen once visits are rated along the way and, "
                "as a whole, afterwards."
            )
        )
    if row.refused is not None:
        said = [refusal_words.what(row.refused, inquiry.lang), refusal_words.what_to_do(row.refused, inquiry.lang)]
        fields = row.refused.fields
        return Known(
            _joined(inquiry, *filter(None, said)),
            n=fields.get("n", 0),
            needed=fields.get("need") or fields.get("needed") or 0,
        )
    return Known(BY_ID["peak_end"].say(row, inquiry.lang), sources=sources(inquiry, row))


def known_of_raising(inquiry: Inquiry) -> Known | None:
    """What raising the peak, the trough or the end may do, in the method's own words, which say on what condition; None
    where that cannot be seen.
    """
    with inquiry.naming():
        rows = raised_rows(inquiry)
        said = [BY_ID["peak_end"].say(row, inquiry.lang) for row in rows]
        return Known(_joined(inquiry, *said), sources=sources(inquiry, *rows)) if rows else None
