"""A journey as others bring it: names of stages and touchpoints, from a sheet or a list, and nothing more.

Such a list becomes a new service, or the journey of one that is there: a touchpoint that is called as before is the
same one, keeps its id and all that is said of it, and only moves.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from peakend.documents.problems import Problem
from peakend.errors import FormatError
from peakend.ids import fold_case, id_from, plain_id
from peakend.service.document import as_data, of_data
from peakend.service.edits import Edit, WorkingDocument
from peakend.service.edits.kinds import WHOLE
from peakend.service.edits.names import ids_in
from peakend.service.edits.verbs import effects_of
from peakend.service.journeys import EMOTION
from peakend.service.schema import ServiceDocument
from peakend.service.titles import LONGEST_TITLE, new_id
from peakend.terms import LANGUAGES, Lang, label

SCENES: Final = ("draw_in", "enter", "use", "leave", "go_on")
"""The five scenes of a visit, over which steps without stages are laid."""
MOST_STEPS: Final = 300
BEST_SCORE: Final = 5
_BULLET: Final = re.compile(r"^(?:[-–—•*·▪]|\d{1,3}[.)、．]|[（(]\d{1,3}[)）])\s*")
"""What lists begin their lines with."""
_PLANNED: Final = re.compile(r"\s+(?:([+\-−＋－])|(?=0$))(\d(?:\.\d)?)$")
"""The planned emotion at the end of a line, with its sign, or 0."""
_SAME: Final = 0.8
"""From here on two names are so alike (`difflib`, 0 to 1) that one may be the other, mistyped."""


@dataclass(frozen=True)
class Spot:
    """Where something stands in a file: the line of a text, or the row of a sheet."""

    row: int | None = None
    sheet: str = ""

    def doubt(self, id: str, **fields: object) -> Problem:
        """Something here that is passed over, or read otherwise than it stands."""
        place = f"{self.sheet}!A{self.row}" if self.sheet else ""
        return Problem(id, place, None if self.sheet else self.row, level="advice", fields=fields)


@dataclass(frozen=True)
class ListedStep:
    """A touchpoint by its name; perhaps the emotion that is planned there, from −5 to 5, and who takes part in it."""

    title: str
    planned: float | None = None
    actors: tuple[str, ...] = ()
    spot: Spot = field(default=Spot(), compare=False)


Row = tuple[str, ListedStep | None]
"""The name of a stage, empty where it goes on, and a step in it."""


@dataclass(frozen=True)
class ListedStage:
    """A stage by its name, and what stands in it."""

    title: str
    steps: tuple[ListedStep, ...]


@dataclass(frozen=True)
class Listed:
    """A journey that was read: its title where it has one, its stages, and whatever is passed over or read otherwise
    than it stands, each with its place.
    """

    title: str
    stages: tuple[ListedStage, ...]
    doubts: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Brought:
    """The service that a list becomes, and what of the list is doubtful beside what is there."""

    service: ServiceDocument
    doubts: tuple[Problem, ...] = ()


def planned_of(score: int) -> float:
    """The planned emotion, from −5 to 5, of a score from 1 to 5: 1 is −5, 3 is 0, 5 is 5."""
    return (score - 3) * EMOTION / 2


def score_of(planned: float) -> int:
    """The score from 1 to 5 that comes nearest to a planned emotion; halves go away from the middle."""
    steps = abs(planned) * 2 / EMOTION
    return 3 + (1 if planned >= 0 else -1) * int(steps + 0.5)


def step_of(line: str, spot: Spot | None = None) -> ListedStep:
    """A step, with the planned emotion at the end of its line, where there is one: "Wait −3"."""
    spot = spot or Spot()
    found = _PLANNED.search(line)
    if found is None or float(found[2]) > EMOTION or not line[: found.start()]:
        return ListedStep(line, spot=spot)
    value = float(found[2])
    return ListedStep(line[: found.start()], -value if value and found[1] in "-−－" else value, spot=spot)


def without_bullet(line: str) -> str:
    """A line without what lists begin their lines with."""
    return _BULLET.sub("", line.strip())


def gathered(rows: Sequence[Row], lang: Lang) -> tuple[ListedStage, ...]:
    """Stages of rows. Where none is named at all, the steps are laid over the scenes of a visit in their order. Raises
    FormatError `names.none`, and what `require_bounds` does.
    """
    rows = [(stage.strip(), step) for stage, step in rows if stage.strip() or step]
    if not any(step for _, step in rows):
        raise FormatError("names.none")
    require_bounds(rows, MOST_STEPS)
    return in_stages(rows, [label(f"scene.{scene}", lang) for scene in SCENES])


def listed(
    rows: Sequence[Row], spots: Sequence[Spot], lang: Lang, title: str = "", doubts: Sequence[Problem] = ()
) -> Listed:
    """The journey of rows, which stand at `spots`; `doubts` are those of the file's form. Raises as `gathered` does."""
    stages = gathered(rows, lang)
    found = [*_doubtful_stages(rows, spots, label("scene.enter", lang)), *_repeated(rows)]
    return Listed(title, stages, (*doubts, *found))


def _doubtful_stages(rows: Sequence[Row], spots: Sequence[Spot], before: str) -> Iterator[Problem]:
    """Steps before the first stage, stages without a step, and those that come again after another."""
    found: list[tuple[str, Spot, list[ListedStep]]] = []
    for (stage, step), spot in zip(rows, spots, strict=True):
        if not found or (stage.strip() and stage.strip() != found[-1][0]):
            found.append((stage.strip(), spot, []))
        found[-1][2].extend([step] if step else [])
    if len(found) == 1 and not found[0][0]:
        return
    seen: set[str] = set()
    for stage, spot, steps in found:
        if not stage:
            yield from (step.spot.doubt("names.no_stage", name=step.title, stage=before) for step in steps)
        elif not steps:
            yield spot.doubt("names.stage_empty", name=stage)
        elif stage in seen:
            yield spot.doubt("names.stage_again", name=stage)
        seen.add(stage)


def _repeated(rows: Sequence[Row]) -> Iterator[Problem]:
    """Steps that are called as one before."""
    seen: set[str] = set()
    for step in (step for _, step in rows if step):
        if fold_case(step.title) in seen:
            yield step.spot.doubt("names.step_again", name=step.title)
        seen.add(fold_case(step.title))


def require_bounds(rows: Sequence[Row], most: int) -> None:
    """Raises FormatError `names.many` of more rows than that, `names.long` of a name that is longer than a title."""
    if len(rows) > most:
        raise FormatError("names.many", count=len(rows), most=most)
    for name in [name for stage, step in rows for name in (stage, step.title if step else "")]:
        if len(name) > LONGEST_TITLE:
            raise FormatError("names.long", name=f"{name[:40]}…", length=len(name), most=LONGEST_TITLE)


def in_stages(rows: Sequence[Row], scenes: Sequence[str]) -> tuple[ListedStage, ...]:
    """The steps in their stages: one goes on until another is named, and before the first is the scene of entering.
    Where none is named, the steps are laid over the scenes, which are given by their names; few steps begin with the
    second.
    """
    if not any(stage for stage, _ in rows):
        steps = [step for _, step in rows if step]
        return spread(steps, scenes if len(steps) >= len(scenes) else scenes[1 : len(steps) + 1])
    found: list[tuple[str, list[ListedStep]]] = []
    for stage, step in rows:
        if not found or (stage and stage != found[-1][0]):
            found.append((stage or scenes[1], []))
        if step:
            found[-1][1].append(step)
    return tuple(ListedStage(title, tuple(steps)) for title, steps in found)


def spread(steps: Sequence[ListedStep], titles: Sequence[str]) -> tuple[ListedStage, ...]:
    """The steps over the stages of these titles, as evenly as they go; stages without a step are left out."""
    places = [at * len(titles) // len(steps) for at in range(len(steps))]
    held = [tuple(step for step, place in zip(steps, places, strict=True) if place == at) for at in range(len(titles))]
    return tuple(ListedStage(title, inside) for title, inside in zip(titles, held, strict=True) if inside)


def service_of_list(stages: Sequence[ListedStage], title: str, lang: Lang, languages: Sequence[Lang] = ()) -> Brought:
    """A new service with this journey, called `title` in a language; it knows none of those who take part in it."""
    spoken = list(dict.fromkeys([*languages, lang])) if languages else [lang]
    journey = {"id": "journey", "title": {lang: title}, "stages": stages_data(stages, lang)}
    service = id_from(title, "service", ())
    data = {"service": service, "title": {lang: title}, "languages": spoken, "journeys": [journey]}
    steps = [step for stage in stages for step in stage.steps]
    return Brought(of_data(data), tuple(_strangers(steps)))


def _strangers(steps: Sequence[ListedStep], known: Collection[str] = ()) -> Iterator[Problem]:
    """Those who take part and are not known, each where it is first named."""
    told = set(known)
    for step in steps:
        for actor in step.actors:
            if actor not in told:
                told.add(actor)
                yield step.spot.doubt("mermaid.actor", name=actor)


def stages_data(stages: Sequence[ListedStage], lang: Lang) -> list[dict[str, Any]]:
    """New stages with their touchpoints as plain data; no two of them all share an id."""
    taken: set[str] = set()
    return [
        {
            **_named(stage.title, "stage", taken, lang),
            "touchpoints": [_step_data(step, taken, lang) for step in stage.steps],
        }
        for stage in stages
    ]


def _named(title: str, kind: str, taken: set[str], lang: Lang) -> dict[str, Any]:
    id = id_from(title, kind, taken)
    taken.add(id)
    return {"id": id, "title": {lang: title}}


def _step_data(step: ListedStep, taken: set[str], lang: Lang) -> dict[str, Any]:
    emotion = {} if step.planned is None else {"emotion": {"planned": step.planned}}
    return {**_named(step.title, "touchpoint", taken, lang), **emotion}


def journey_replaced(
    service: ServiceDocument, stages: Sequence[ListedStage], lang: Lang, taken: Collection[str] = ()
) -> Brought:
    """The service with its first journey as the list has it: what is called as before stays the same part, what the
    list has not is removed with everything that points to it. `taken` are names such as `touchpoints:pay` that no new
    part may be called.
    """
    own = lang if lang in service.languages else service.languages[0]
    return _Replacing(service, own, taken).done(stages)


class _Replacing:
    """Changes one journey by edits, so that whatever an edit takes along goes with it."""

    def __init__(self, service: ServiceDocument, lang: Lang, taken: Collection[str]) -> None:
        self.working = working = WorkingDocument.of(service)
        if not working.parts(WHOLE, "journeys"):
            first = {"id": "journey", "title": dict(service.title.root)}
            effects_of(working, Edit("add", WHOLE, "journeys", value=first))
        self.lang, self.taken = lang, {*taken, *working.names()}
        self.journey = working.names_in(WHOLE, "journeys")[0]
        self.stages = working.names_in(self.journey, "stages")
        self.nameless = list(_nameless(as_data(service), working.data))
        self.points = [point for stage in self.stages for point in working.names_in(stage, "touchpoints")]
        self.fresh: set[str] = set()
        self.doubts: list[Problem] = []

    def done(self, stages: Sequence[ListedStage]) -> Brought:
        steps = [step for stage in stages for step in stage.steps]
        self.doubts.extend(_strangers(steps, {each for step in steps for each in step.actors if self._is_known(each)}))
        last, used = "", set[str]()
        for stage in stages:
            last = self._place(stage.title, self.journey, "stages", last, [n for n in self.stages if n not in used])
            used.add(last)
            self._fill(last, stage.steps, used)
        gone = [name for name in [*self.points, *self.stages] if name not in used]
        self.doubts.extend(self._mistyped(steps, gone))
        for name in gone:
            if self.working.has(name):
                effects_of(self.working, Edit("remove", name))
        for part in self.nameless:
            part.pop("id", None)
        return Brought(of_data(self.working.data), tuple(self.doubts))

    def _mistyped(self, steps: Sequence[ListedStep], gone: Sequence[str]) -> Iterator[Problem]:
        """New steps that are called nearly as a touchpoint that is removed."""
        old = {title: name for name in gone if name in self.points for title in self._titles(name)}
        for step in steps:
            if step.title in self.fresh:
                for title in difflib.get_close_matches(fold_case(step.title), list(old), n=1, cutoff=_SAME):
                    shown = (self.working.value(old[title], "title") or {}).values()
                    kept = next(words for words in shown if fold_case(words) == title)
                    yield step.spot.doubt("names.like_removed", name=step.title, old=kept)

    def _fill(self, stage: str, steps: Sequence[ListedStep], used: set[str]) -> None:
        before = ""
        for step in steps:
            before = self._place(step.title, stage, "touchpoints", before, [n for n in self.points if n not in used])
            self._compare(before, step)
            used.add(before)
            self._feel(before, step.planned)
            self._take_part(before, step.actors)

    def _compare(self, name: str, step: ListedStep) -> None:
        """What is new is remembered; of what is there and written with other capitals it is said."""
        words = [plain_id(said) for said in (self.working.value(name, "title") or {}).values()]
        if name not in self.points:
            self.fresh.add(step.title)
        elif plain_id(step.title) not in words:
            kept = next(said for said in words if fold_case(said) == fold_case(step.title))
            self.doubts.append(step.spot.doubt("names.other_spelling", name=step.title, kept=kept))

    def _feel(self, name: str, planned: float | None) -> None:
        """The planned emotion, where the list says another than what stands there; what has the same score as that is
        no other, for lists hold but scores.
        """
        there = self.working.value(name, "emotion.planned")
        if planned is not None and (there is None or score_of(there) != score_of(planned)):
            effects_of(self.working, Edit("set_value", name, "emotion.planned", value=planned))

    def _take_part(self, name: str, actors: Sequence[str]) -> None:
        """Who takes part, as far as they are known: the first stakeholder owns it, others are its channels. A channel
        that is called like a stakeholder stays the channel that it is.
        """
        known = [
            (self._known("stakeholders", "name", actor), self._known("channels", "title", actor)) for actor in actors
        ]
        owned, channels_now = self.working.value(name, "owner"), self.working.value(name, "channels") or []
        first = next((at for at, (who, way) in enumerate(known) if who and (owned or way not in channels_now)), None)
        channels = [way for at, (_who, way) in enumerate(known) if way and at != first]
        for key, value in (("owner", None if first is None else known[first][0]), ("channels", channels or None)):
            if value is not None:
                effects_of(self.working, Edit("set_value", name, key, value=value))

    def _is_known(self, actor: str) -> bool:
        return bool(self._known("stakeholders", "name", actor) or self._known("channels", "title", actor))

    def _known(self, key: str, field: str, called: str) -> str:
        parts = self.working.parts(WHOLE, key)
        said = ((str(part["id"]), (part.get(field) or {}).values()) for part in parts)
        return next((id for id, words in said if fold_case(called) in map(fold_case, [id, *words])), "")

    def _place(self, title: str, around: str, key: str, after: str, free: Sequence[str]) -> str:
        """The part of this title, at its place: one that is called so, else a new one."""
        name = next((name for name in free if fold_case(title) in self._titles(name)), "")
        if name:
            effects_of(self.working, Edit("move", name, key, around=around, after=after))
            return name
        part: dict[str, Any] = {"title": {self.lang: title}}
        part = {"id": new_id(part, key, ids_in(self.taken, key)), **part}
        name = self.working.name_in(around, key, part)
        self.taken.add(name)
        effects_of(self.working, Edit("add", around, key, value=part, after=after))
        return name

    def _titles(self, name: str) -> set[str]:
        words = self.working.value(name, "title") or {}
        return {fold_case(words[lang]) for lang in LANGUAGES if lang in words}


def _nameless(data: Any, named: Any) -> Iterator[dict[str, Any]]:
    """The parts that have an id only because they are edited: those of `named` that have none in `data`."""
    if isinstance(data, dict):
        if "id" in named and "id" not in data:
            yield named
        for key, value in data.items():
            yield from _nameless(value, named[key])
    elif isinstance(data, list):
        for value, other in zip(data, named, strict=True):
            yield from _nameless(value, other)
