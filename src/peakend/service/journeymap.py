"""What a journey map says, before anyone decides how it is laid out: its stops, their scores, the peak, the trough and the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from peakend.draw import LOW_BASE
from peakend.errors import PeakendError
from peakend.service.curve import Axis, Score, axis_of
from peakend.service.parts import Text
from peakend.service.pen import Tone
from peakend.service.schema import EMOTION, SENSES, Journey, Service, Touchpoint
from peakend.terms import Lang, label

LEVEL: Final = 0.5
"""Where no feeling either way stands on the scale of planned emotions, as a share of it."""


@dataclass(frozen=True)
class Stop:
    """One touchpoint on the map."""

    touchpoint: Touchpoint
    title: str
    score: Score | None

    @property
    def planned(self) -> float | None:
        """The designed feeling, from 0 to 1."""
        emotion = self.touchpoint.emotion
        return None if emotion is None else (emotion.planned + EMOTION) / (2 * EMOTION)

    @property
    def scored(self) -> bool:
        """Whether it has a measured value."""
        return self.score is not None and self.score.shown


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
    """A journey with its scores in one language."""

    service: Service
    journey: Journey
    lang: Lang
    scores: Mapping[str, Score]
    dated: str

    @cached_property
    def stages(self) -> tuple[tuple[str, tuple[Stop, ...]], ...]:
        """Stages with their stops; stages that have none are left out."""
        stages = ((stage.title[self.lang], tuple(self._stop(point) for point in stage.touchpoints)) for stage in self.journey.stages)
        return tuple((title, stops) for title, stops in stages if stops)

    def _stop(self, touchpoint: Touchpoint) -> Stop:
        return Stop(touchpoint, touchpoint.title[self.lang], self.scores.get(touchpoint.id))

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """All stops in order."""
        return tuple(stop for _, stops in self.stages for stop in stops)

    @cached_property
    def measured(self) -> bool:
        """Whether anything is measured. If not, the planned curve stands in the place of the measured one."""
        return any(stop.scored for stop in self.stops)

    @cached_property
    def axis(self) -> Axis:
        """The axis of the measured scores, or of the planned emotions where nothing is measured."""
        return axis_of(stop.score for stop in self.stops if stop.score) if self.measured else self.plan

    @cached_property
    def plan(self) -> Axis:
        """The axis of the planned emotions: all of them and the level between good and bad, and no ticks, for it is no measurement."""
        shares = [LEVEL, *(stop.planned for stop in self.stops if stop.planned is not None)]
        air = max(0.05, (0.3 - (max(shares) - min(shares))) / 2)
        return Axis(min(shares) - air, max(shares) + air, ())

    def plans(self) -> list[float | None]:
        """Where the planned curve stands at each stop, from 0 to 1 of the band."""
        return [None if stop.planned is None else self.plan.along(stop.planned) for stop in self.stops]

    def heights(self) -> list[float | None]:
        """Where each stop stands on the curve that is told, from 0 to 1 of the band; None where it has no value."""
        if not self.measured:
            return self.plans()
        return [self.axis.along(stop.score.at) if stop.scored and stop.score else None for stop in self.stops]

    @cached_property
    def marks(self) -> dict[str, int]:
        """The stops of the three dots: peak, trough and end. A flat line has only an end."""
        known = [(height, at) for at, height in enumerate(self.heights()) if height is not None]
        if not known:
            return {}
        end = known[-1][1]
        if max(known)[0] == min(known)[0]:
            return {"end": end}
        return {"peak": max(known, key=lambda place: place[0])[1], "trough": min(known, key=lambda place: place[0])[1], "end": end}

    def names_at(self, at: int) -> list[str]:
        """Which of the three dots a stop is."""
        return [name for name, place in self.marks.items() if place == at]

    def tone_at(self, at: int) -> Tone:
        """The colour of a dot: that of above or below only where there are answers enough to say so."""
        score = self.stops[at].score
        if self.measured and (score is None or score.n < LOW_BASE):
            return "ink"
        names = self.names_at(at)
        return "above" if "peak" in names else "below" if "trough" in names else "ink"

    @property
    def title(self) -> str:
        """The name of the service and of its journey."""
        return f"{self.service.title[self.lang]} · {self.journey.title[self.lang]}"

    @property
    def headline(self) -> str:
        """One sentence that says what is true, with its numbers."""
        if not self.measured:
            return self._designed()
        told = {name: self.figure(at) for name, at in self.marks.items()}
        if "peak" not in told:
            return told["end"]
        match self.lang:
            case "en":
                return f"Highest: {told['peak']}. Lowest: {told['trough']}. It ends with {told['end']}."
            case "zh-Hant":
                return f"最高：{told['peak']}；最低：{told['trough']}；結束於{told['end']}。"
            case "zh-Hans":
                return f"最高：{told['peak']}；最低：{told['trough']}；结束于{told['end']}。"

    def _designed(self) -> str:
        peak = next((stop.title for stop in self.stops if stop.touchpoint.designed_as == "peak"), None)
        end = next((stop.title for stop in self.stops if stop.touchpoint.designed_as == "end"), None)
        if peak is None or end is None:
            return ""
        match self.lang:
            case "en":
                return f"Designed to peak at “{peak}” and to end with “{end}”."
            case "zh-Hant":
                return f"設計的高峰在「{peak}」，結尾在「{end}」。"
            case "zh-Hans":
                return f"设计的峰值在“{peak}”，结尾在“{end}”。"

    def figure(self, at: int) -> str:
        """A stop with its value, interval and n."""
        stop = self.stops[at]
        score = stop.score or Score(value=None)
        name = f"「{stop.title}」" if self.lang == "zh-Hant" else f"“{stop.title}”"
        interval = f"{self.number(score.low, score)}–{self.number(score.high, score)}, " if score.low is not None else ""
        inside = f"{interval}n\u00a0{score.n:,}"
        value = self.number(score.value, score)
        return f"{name} {value} ({inside})" if self.lang == "en" else f"{name}{value}（{inside.replace(', ', '，', 1) if interval else inside}）"

    def number(self, value: float | None, score: Score) -> str:
        """A number of a score: two places on a short scale, one on a long one."""
        places = 2 if score.scale_high - score.scale_low < 10 else 1
        return "" if value is None else f"{value:.{places}f}".replace("-", "−")

    @property
    def description(self) -> str:
        """The drawing in words: the headline, then every stop in order."""
        parts = [self.headline] if self.headline else []
        for title, stops in self.stages:
            told = [self.figure(self.stops.index(stop)) if stop.scored else stop.title for stop in stops]
            parts.append(f"{title}: {', '.join(told)}." if self.lang == "en" else f"{title}：{'、'.join(told)}。")
        return (" " if self.lang == "en" else "").join(parts)

    @property
    def corner(self) -> tuple[str, ...]:
        """Date, n and source, for the corner of a picture on a wall."""
        counts = [stop.score.n for stop in self.stops if stop.score and stop.scored]
        source = self.service.source[self.lang] if self.service.source else ""
        return tuple(part for part in (self.dated, self._counts(counts), source) if part)

    def _counts(self, counts: Sequence[int]) -> str:
        if not counts:
            return ""
        span = f"{min(counts):,}–{max(counts):,}" if min(counts) < max(counts) else f"{counts[0]:,}"
        return {"en": f"n {span} at each touchpoint", "zh-Hant": f"每個接觸點 n = {span}", "zh-Hans": f"每个触点 n = {span}"}[self.lang]

    def why_none(self, stop: Stop) -> str:
        """What stands where a score is missing: nothing where none was asked, the reason where one was refused."""
        if stop.score is None:
            return ""
        refused = stop.score.refused
        return (
            str(refused) if isinstance(refused, str) else label("map.few", self.lang) if isinstance(refused, PeakendError) or not stop.scored else ""
        )

    def lanes(self) -> Iterator[tuple[str, list[list[Note]]]]:
        """The lanes of the blueprint and the notes beside it: the term of each, and the notes of each stop; empty ones are left out."""
        for term in LANES:
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
        key = term.split(".")[1]
        part = getattr(point, key)
        text = part.text if key in {"standard", "promise"} and part else part
        return [Note(text[self.lang])] if text else []

    def _wait(self, point: Touchpoint) -> list[Note]:
        wait = point.wait
        if wait is None:
            return []
        minutes = {"en": "about {:g} min", "zh-Hant": "約 {:g} 分鐘", "zh-Hans": "约 {:g} 分钟"}[self.lang]
        typical = "" if wait.typical_minutes is None else minutes.format(wait.typical_minutes)
        joint = ": " if self.lang == "en" else "："
        words = joint.join(part for part in (typical, wait.text[self.lang] if wait.text else "") if part)
        return [Note(words, mark="wait")] if words else []

    def _truth(self, point: Touchpoint) -> list[Note]:
        truth = point.moment_of_truth
        if truth is None:
            return []
        given = [("map.thinks", truth.thinks), *_behaviours(point), ("map.delight", truth.delight)]
        return [Note(text[self.lang], label(term, self.lang)) for term, text in given if text]


LANES: Final = (
    "map.expects", "map.fears", "map.truth", "lane.evidence", "lane.customer", "lane.frontstage", "lane.backstage", "lane.support",
    "map.standard", "map.promise", "map.fails", "map.waits",
)  # fmt: skip
"""The lanes in the order in which they lie under the curve: what the customer feels, then the blueprint, then what is set and what fails."""

ABOVE: Final = {"lane.frontstage": "line.interaction", "lane.backstage": "line.visibility", "lane.support": "line.internal"}
"""The lines of a blueprint, by the lane that lies under each."""


def _behaviours(point: Touchpoint) -> list[tuple[str, Text | None]]:
    behaviours = point.moment_of_truth.behaviours if point.moment_of_truth else None
    return [(f"behaviour.{name}", getattr(behaviours, name)) for name in type(behaviours).model_fields] if behaviours else []
