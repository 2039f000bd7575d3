"""A journey from the steps that somebody types or pastes, one a line, in whatever language.

A line that begins with # is the name of a stage. Where there is none, the steps are laid out in their order over the
five scenes of a visit, for the person to move. A line may end with the planned feeling, from −5 to +5 and with its
sign, or with 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from peakend.ids import id_from
from peakend.service.journeys import EMOTION
from peakend.terms import Lang, label

SCENES: Final = ("draw_in", "enter", "use", "leave", "go_on")
LONGEST: Final = 100
MOST: Final = 60
_BULLET: Final = re.compile(r"^(?:[-–—•*·▪]|\d{1,3}[.)、．]|[（(]\d{1,3}[)）])\s*")
"""What lists begin their lines with."""
_FEELING: Final = re.compile(r"\s+(?:([+\-−＋－])|(?=0$))(\d(?:\.\d)?)$")
Group = tuple[str, Sequence[str]]
"""The name of a stage, and its steps."""


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
        """The stages, each with its touchpoints; none where nothing was typed. At most sixty steps are read, of each
        its first hundred characters.
        """
        names = [
            typed.strip()[:LONGEST] or label(f"scene.{scene}", lang)
            for scene, typed in zip(SCENES, (*self.scenes, "", "", "", "", "")[: len(SCENES)], strict=True)
        ]
        return _parts(_at_most(self._groups(names), MOST), lang)

    def _groups(self, names: Sequence[str]) -> list[Group]:
        pasted = _lines(self.all)
        lines = pasted or [line for typed in (self.before, self.centre, self.after) for line in _lines(typed)]
        if any(line.startswith("#") for line in lines):
            return _under_headings(lines, names[1])
        if pasted:
            return _spread(pasted, names if len(pasted) >= len(names) else names[1 : len(pasted) + 1])
        before, centre, after = (_lines(typed) for typed in (self.before, self.centre, self.after))
        return [
            *_spread(before, names[:2] if len(before) > 1 else names[1:2]),
            *_spread(centre, names[2:3]),
            *_spread(after, names[3:] if len(after) > 1 else names[3:4]),
        ]


def _lines(typed: str) -> list[str]:
    lines = [_BULLET.sub("", line.strip())[:LONGEST].strip() for line in typed.splitlines()]
    return [line for line in lines if line.strip("# ")]


def _under_headings(lines: Sequence[str], first: str) -> list[Group]:
    groups: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("#"):
            groups.append((line.lstrip("# "), []))
        else:
            groups = groups or [(first, [])]
            groups[-1][1].append(line)
    return [*groups]


def _spread(lines: Sequence[str], names: Sequence[str]) -> list[Group]:
    """The steps over these stages, as evenly as they go; stages without a step are left out."""
    places = [at * len(names) // len(lines) for at in range(len(lines))]
    found = [
        (name, [line for line, place in zip(lines, places, strict=True) if place == number])
        for number, name in enumerate(names)
    ]
    return [(name, steps) for name, steps in found if steps]


def _at_most(groups: Sequence[Group], most: int) -> list[Group]:
    """The groups with no more steps than this in all of them."""
    before = list(accumulate((len(steps) for _, steps in groups), initial=0))
    return [(name, steps[: max(0, most - begun)]) for (name, steps), begun in zip(groups, before, strict=False)]


def _parts(groups: Sequence[Group], lang: Lang) -> list[dict[str, Any]]:
    taken: set[str] = set()
    return [
        {
            "id": _id(title, "stage", taken),
            "title": {lang: title},
            "touchpoints": [_touchpoint(step, lang, taken) for step in steps],
        }
        for title, steps in groups
    ]


def _touchpoint(step: str, lang: Lang, taken: set[str]) -> dict[str, Any]:
    title, planned = _feeling_apart(step)
    named = {"id": _id(title, "touchpoint", taken), "title": {lang: title}}
    return named if planned is None else named | {"emotion": {"planned": planned}}


def _feeling_apart(step: str) -> tuple[str, float | None]:
    """The words of a step, and the planned feeling at its end; None where there is none."""
    found = _FEELING.search(step)
    if found is None or float(found[2]) > EMOTION or not step[: found.start()]:
        return step, None
    value = float(found[2])
    return step[: found.start()], -value if value and found[1] in "-−－" else value


def _id(title: str, kind: str, taken: set[str]) -> str:
    id = id_from(title, kind, taken)
    taken.add(id)
    return id
