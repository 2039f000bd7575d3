"""A journey from the steps that somebody types or pastes, one a line, in whatever language.

A line that begins with # is the name of a stage. Where there is none, the steps are laid out in their order over the
five scenes of a visit, for the person to move. A line may end with the planned emotion, from −5 to +5 and with its
sign, or with 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from peakend.formats.journey_lists import (
    SCENES,
    ListedStage,
    Row,
    in_stages,
    require_bounds,
    spread,
    stages_data,
    step_of,
    without_bullet,
)
from peakend.terms import Lang, label

MOST: Final = 60


@dataclass(frozen=True)
class Steps:
    """What customers do, one step a line: before the moment that it is all about, that moment, and after it; or `all`
    of it at once. `scenes` are the names of the five stages, empty ones as they are called everywhere.
    """

    before: str = ""
    centre: str = ""
    after: str = ""
    all: str = ""
    scenes: Sequence[str] = ()

    def stages(self, lang: Lang) -> list[dict[str, Any]]:
        """The stages, each with its touchpoints; none where nothing was typed. Raises FormatError: `names.many` of more
        than sixty lines, `names.long`.
        """
        typed = (*(scene.strip() for scene in self.scenes), "", "", "", "", "")
        names = [name or label(f"scene.{scene}", lang) for scene, name in zip(SCENES, typed, strict=False)]
        return stages_data(self._stages(names), lang)

    def _stages(self, scenes: Sequence[str]) -> tuple[ListedStage, ...]:
        pasted = _rows(self.all)
        typed = [_rows(lines) for lines in (self.before, self.centre, self.after)]
        rows = pasted or [row for part in typed for row in part]
        require_bounds(rows, MOST)
        if pasted or any(stage for stage, _ in rows):
            return in_stages(rows, scenes)
        before, centre, after = ([step for _, step in part if step] for part in typed)
        return (
            *spread(before, scenes[:2] if len(before) > 1 else scenes[1:2]),
            *spread(centre, scenes[2:3]),
            *spread(after, scenes[3:] if len(after) > 1 else scenes[3:4]),
        )


def _rows(typed: str) -> list[Row]:
    lines = [without_bullet(line).strip() for line in typed.splitlines()]
    return [_row(line) for line in lines if line.strip("# ")]


def _row(line: str) -> Row:
    return (line.lstrip("# "), None) if line.startswith("#") else ("", step_of(line))
