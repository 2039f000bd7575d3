"""What a journey map says, before anyone decides how it is laid out: its stops, their scores, the peak, the trough and
the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from peakend.documents.parts import Text
from peakend.errors import PeakendError
from peakend.extremes import Ends, ends
from peakend.service.drawings.curve import Axis, Score, axis_of
from peakend.service.drawings.figure_rows import FigureRow
from peakend.service.drawings.pen import Tone
from peakend.service.drawings.phrases import about
from peakend.service.journeys import EMOTION, SENSES, Journey, Touchpoint
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label
from peakend.thresholds import LOW_BASE

NEUTRAL: Final = 0.5
"""Where no emotion either way stands on the scale of planned emotions, as a share of it."""
PLANNED: Final = tuple(
    ((value + EMOTION) / (2 * EMOTION), f"{value:+d}".replace("-", "−") if value else "0")
    for value in (-4, -2, 0, 2, 4)
)
"""The ticks of that scale."""


@dataclass(frozen=True)
class Stop:
    """One touchpoint on the map."""

    touchpoint: Touchpoint
    title: str
    score: Score | None

    @property
    def designed_emotion(self) -> float | None:
        """The designed emotion, from 0 to 1."""
        emotion = self.touchpoint.emotion
        return None if emotion is None else (emotion.planned + EMOTION) / (2 * EMOTION)

    @property
    def has_score(self) -> bool:
        """Whether it has a measured value."""
        return self.score is not None and self.score.has_value


@dataclass(frozen=True)
class Note:
    """A paragraph in a lane: a quiet word first that says what it is, then the words; or a mark before it."""

    text: str
    lead: str = ""
    mark: str = ""

    @property
    def words(self) -> str:
        """Lead and text as one paragraph."""
        return f"{self.lead} {self.text}" if self.lead else self.text


@dataclass(frozen=True)
class JourneyMap:
    """A journey with its scores in one language, and in `rows` what happened at its touchpoints."""

    service: ServiceDocument
    journey: Journey
    lang: Lang
    scores: Mapping[str, Score]
    dated: str
    rows: Sequence[FigureRow] = ()

    @cached_property
    def stages(self) -> tuple[tuple[str, tuple[Stop, ...]], ...]:
        """Stages with their stops; stages that have none are left out."""
        stages = (
            (stage.title[self.lang], tuple(self._stop(point) for point in stage.touchpoints))
            for stage in self.journey.stages
        )
        return tuple((title, stops) for title, stops in stages if stops)

    def _stop(self, touchpoint: Touchpoint) -> Stop:
        return Stop(touchpoint, touchpoint.title[self.lang], self.scores.get(touchpoint.id))

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """All stops in order."""
        return tuple(stop for _, stops in self.stages for stop in stops)

    @cached_property
    def has_scores(self) -> bool:
        """Whether anything is measured. If not, the planned curve stands in the place of the measured one."""
        return any(stop.has_score for stop in self.stops)

    @cached_property
    def axis(self) -> Axis:
        """The axis of the measured scores, or of the planned emotions where nothing is measured."""
        return axis_of(stop.score for stop in self.stops if stop.score) if self.has_scores else self.plan

    @cached_property
    def plan(self) -> Axis:
        """The axis of the planned emotions, from −5 to 5: the part that is planned, with the level between good and
        bad.
        """
        shares = [NEUTRAL, *(stop.designed_emotion for stop in self.stops if stop.designed_emotion is not None)]
        air = max(0.05, (0.3 - (max(shares) - min(shares))) / 2)
        low, high = max(0.0, min(shares) - air), min(1.0, max(shares) + air)
        return Axis(low, high, tuple(tick for tick in PLANNED if low <= tick[0] <= high))

    @property
    def planned_beside(self) -> bool:
        """Whether the planned curve is drawn beside the measured one, on a strip of its own: it is on another scale."""
        return self.has_scores and any(stop.designed_emotion is not None for stop in self.stops)

    def heights(self) -> list[float | None]:
        """Where each stop stands on the curve that is told, from 0 to 1 of the band; None where it has no value."""
        if not self.has_scores:
            return [
                None if stop.designed_emotion is None else self.plan.along(stop.designed_emotion) for stop in self.stops
            ]
        return [self.axis.along(stop.score.at) if stop.has_score and stop.score else None for stop in self.stops]

    @cached_property
    def stop_scores(self) -> dict[int, Score]:
        """The measured scores, by the place of their stop."""
        return {at: stop.score for at, stop in enumerate(self.stops) if stop.has_score and stop.score}

    @cached_property
    def ends(self) -> Ends:
        """Which of the measured scores stand out. Where they were given on several scales, none does: they cannot be
        compared.
        """
        scores = tuple(self.stop_scores.values())
        return (
            ends(scores, fewest=LOW_BASE)
            if len({(score.scale_low, score.scale_high) for score in scores}) == 1
            else Ends()
        )

    @cached_property
    def marks(self) -> dict[str, tuple[int, ...]]:
        """The stops of the dots: peak, trough and end. Of what is measured, peak and trough are those that stand out,
        so there may be none, or two together; the end is the last stop before what comes after the service, if that has
        a value.
        """
        heights = self.heights()
        end = self._end()
        last: dict[str, tuple[int, ...]] = {"end": (end,)} if heights and heights[end] is not None else {}
        if self.has_scores:
            places = tuple(self.stop_scores)
            found = {"peak": self.ends.highest, "trough": self.ends.lowest}
            return {name: tuple(places[at] for at in group) for name, group in found.items() if group} | last
        known = [(height, at) for at, height in enumerate(heights) if height is not None]
        if not known or max(known)[0] == min(known)[0]:
            return last
        return {
            "peak": (max(known, key=lambda place: place[0])[1],),
            "trough": (min(known, key=lambda place: place[0])[1],),
        } | last

    def _end(self) -> int:
        """The place of the last stop of the service itself; of the last of all where everything comes after it."""
        served = {point.id for stage in self.journey.stages if not stage.after for point in stage.touchpoints}
        places = [at for at, stop in enumerate(self.stops) if stop.touchpoint.id in served]
        return places[-1] if places else len(self.stops) - 1

    def names_at(self, at: int) -> list[str]:
        """Which of the dots a stop is."""
        return [name for name, places in self.marks.items() if at in places]

    def tone_at(self, at: int) -> Tone:
        """The colour of a dot: that of above or below where it stands out."""
        names = self.names_at(at)
        return "above" if "peak" in names else "below" if "trough" in names else "ink"

    @property
    def title(self) -> str:
        """The name of the service and of its journey."""
        return f"{self.service.title[self.lang]} · {self.journey.title[self.lang]}"

    @property
    def headline(self) -> str:
        """One sentence that says what is true, with its numbers."""
        if not self.has_scores:
            return self._designed()
        said = [*self._outstanding(), self._last()]
        return ". ".join(said) + "." if self.lang == "en" else "；".join(said) + "。"

    def _outstanding(self) -> list[str]:
        """What stands out; where nothing does, between which means all lie."""
        if len(self.stop_scores) < 2:
            return [self.figure(at) for at in self.stop_scores]
        names = {
            "peak": {"en": "Highest: ", "zh-Hant": "最高：", "zh-Hans": "最高："},
            "trough": {"en": "Lowest: ", "zh-Hant": "最低：", "zh-Hans": "最低："},
        }
        told = [
            words[self.lang] + self._together(self.marks[name]) for name, words in names.items() if name in self.marks
        ]
        return told or [self._level()]

    def _together(self, places: Sequence[int]) -> str:
        return {"en": " and ", "zh-Hant": "與", "zh-Hans": "和"}[self.lang].join(self.figure(at) for at in places)

    def _level(self) -> str:
        said = label("map.apart" if self.ends.differ else "map.level", self.lang)
        scores = sorted(self.stop_scores.values(), key=lambda score: score.at)
        low, high = (self.number(score.value, score) for score in (scores[0], scores[-1]))
        if len({(score.scale_low, score.scale_high) for score in scores}) > 1:
            return label("map.scales", self.lang)
        return f"{said} ({low}–{high})" if self.lang == "en" else f"{said}（{low}–{high}）"

    def _last(self) -> str:
        """How the service itself ends; that nobody knows where its last stop was not measured."""
        end = self._end()
        told = self.figure(end)
        if not self.stops[end].has_score:
            return {
                "en": f"The end, {told}, is not measured",
                "zh-Hant": f"結尾{told}沒有實測",
                "zh-Hans": f"结尾{told}没有实测",
            }[self.lang]
        return {"en": f"It ends with {told}", "zh-Hant": f"結束於{told}", "zh-Hans": f"结束于{told}"}[self.lang]

    def _designed(self) -> str:
        peak = next((stop.title for stop in self.stops if stop.touchpoint.designed_as == "peak"), None)
        end = next((stop.title for stop in self.stops if stop.touchpoint.designed_as == "end"), None)
        if peak is None or end is None:
            return ""
        match self.lang:
            case "en":
                return f"Planned to peak at “{peak}” and to end with “{end}”."
            case "zh-Hant":
                return f"目標高峰在「{peak}」，目標結尾在「{end}」。"
            case "zh-Hans":
                return f"目标峰值在“{peak}”，目标结尾在“{end}”。"

    def figure(self, at: int) -> str:
        """A stop with its value, interval and n."""
        stop = self.stops[at]
        score = stop.score or Score(value=None)
        name = f"「{stop.title}」" if self.lang == "zh-Hant" else f"“{stop.title}”"
        if not stop.has_score:
            return name
        interval = (
            f"{self.number(score.low, score)}–{self.number(score.high, score)}, " if score.low is not None else ""
        )
        inside = f"{interval}n\u00a0{score.n:,}"
        value = self.number(score.value, score)
        return (
            f"{name} {value} ({inside})"
            if self.lang == "en"
            else f"{name}{value}（{inside.replace(', ', '，', 1) if interval else inside}）"
        )

    def number(self, value: float | None, score: Score) -> str:
        """A number of a score: two places on a short scale, one on a long one."""
        places = 2 if score.scale_high - score.scale_low < 10 else 1
        return "" if value is None else f"{value:.{places}f}".replace("-", "−")

    @property
    def description(self) -> str:
        """The drawing in words: the headline, then every stop in order."""
        parts = [self.headline] if self.headline else []
        for title, stops in self.stages:
            told = [self.figure(self.stops.index(stop)) if stop.has_score else stop.title for stop in stops]
            parts.append(f"{title}: {', '.join(told)}." if self.lang == "en" else f"{title}：{'、'.join(told)}。")
        titles = {stop.touchpoint.id: stop.title for stop in self.stops}
        for row in self.rows:
            told = [f"{titles[place]} {figure.value}" for place, figure in row.figures.items() if place in titles]
            if told:
                parts.append(
                    f"{row.name}: {', '.join(told)}." if self.lang == "en" else f"{row.name}：{'、'.join(told)}。"
                )
        return (" " if self.lang == "en" else "").join(parts)

    @property
    def corner(self) -> tuple[str, ...]:
        """Date, n and source, for the corner of a picture on a wall."""
        counts = [stop.score.n for stop in self.stops if stop.score and stop.has_score]
        source = self.service.source[self.lang] if self.service.source else ""
        return tuple(part for part in (self.dated, self._counts(counts), source) if part)

    def _counts(self, counts: Sequence[int]) -> str:
        if not counts:
            return ""
        span = f"{min(counts):,}–{max(counts):,}" if min(counts) < max(counts) else f"{counts[0]:,}"
        return {
            "en": f"n {span} at each touchpoint",
            "zh-Hant": f"每個接觸點 n = {span}",
            "zh-Hans": f"每个触点 n = {span}",
        }[self.lang]

    def why_none(self, stop: Stop) -> str:
        """What stands where a score is missing: nothing where none was asked, the reason where one was refused."""
        if stop.score is None:
            return ""
        refused = stop.score.refused
        return (
            str(refused)
            if isinstance(refused, str)
            else label("map.few", self.lang)
            if isinstance(refused, PeakendError) or not stop.has_score
            else ""
        )

    def lanes(self) -> Iterator[tuple[str, list[list[Note]]]]:
        """The lanes of the blueprint and the notes beside it: the term of each, and the notes of each stop; empty ones
        are left out.
        """
        for term in MAP_LANES:
            cells = [self.notes(term, stop.touchpoint) for stop in self.stops]
            if any(cells):
                yield term, cells

    def notes(self, term: str, point: Touchpoint) -> list[Note]:
        """What a lane says at a touchpoint."""
        match term:
            case "lane.evidence":
                senses = [(sense, getattr(point.evidence, sense)) for sense in SENSES] if point.evidence else []
                return [Note(text[self.lang], label(f"sense.{sense}", self.lang)) for sense, text in senses if text]
            case "map.fails":
                return [Note(self.service.title_of(name, self.lang), mark="fail") for name in point.fails]
            case "map.waits":
                return self._wait(point)
            case "map.truth":
                return self._truth(point)
        return [Note(text[self.lang]) for text in _texts(term.split(".")[1], point)]

    def _wait(self, point: Touchpoint) -> list[Note]:
        wait = point.wait
        if wait is None:
            return []
        typical = "" if wait.typical_minutes is None else about(wait.typical_minutes, self.lang)
        joint = ": " if self.lang == "en" else "："
        words = joint.join(part for part in (typical, wait.text[self.lang] if wait.text else "") if part)
        return [Note(words, mark="wait")] if words else []

    def _truth(self, point: Touchpoint) -> list[Note]:
        truth = point.moment_of_truth
        if truth is None:
            return []
        given = [("map.thinks", truth.thinks), *_behaviours(point), ("map.delight", truth.delight)]
        return [Note(text[self.lang], label(term, self.lang)) for term, text in given if text]


MAP_LANES: Final = (
    "map.expects", "map.fears", "map.truth", "lane.evidence", "lane.customer", "lane.frontstage", "lane.backstage",
    "lane.support",
    "map.standard", "map.promise", "map.fails", "map.waits",
)  # fmt: skip
"""The lanes in the order in which they lie under the curve: what the customer feels, then the blueprint, then what is
set and what fails.
"""

ABOVE: Final = {
    "lane.frontstage": "line.interaction",
    "lane.backstage": "line.visibility",
    "lane.support": "line.internal",
}
"""The lines of a blueprint, by the lane that lies under each."""


def _texts(key: str, point: Touchpoint) -> tuple[Text, ...]:
    """What stands under a key of a touchpoint, one text a standard, promise or step."""
    match key:
        case "standard":
            return tuple(standard.text for standard in point.all_standards)
        case "promise":
            return tuple(promise.text for promise in point.all_promises)
        case "frontstage" | "backstage" | "support":
            return point.actions(key)
    text: Text | None = getattr(point, key)
    return (text,) if text else ()


def _behaviours(point: Touchpoint) -> list[tuple[str, Text | None]]:
    behaviours = point.moment_of_truth.behaviours if point.moment_of_truth else None
    return (
        [(f"behaviour.{name}", getattr(behaviours, name)) for name in type(behaviours).model_fields]
        if behaviours
        else []
    )
