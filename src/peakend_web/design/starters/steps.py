"""A journey from the steps that somebody pastes, one a line, in whatever language.

A line that begins with # is the name of a stage. Where there is none, the steps are laid out in their order over the
five scenes of a visit, for the person to move.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.utils.text import slugify

from peakend.terms import Lang, label
from peakend_web.design.queries import free_name

SCENES: Final = ("draw_in", "enter", "use", "leave", "go_on")
LONGEST: Final = 100
MOST: Final = 60
_BULLET: Final = re.compile(r"^(?:[-–—•*·▪]|\d{1,3}[.)、．]|[（(]\d{1,3}[)）])\s*")
"""What lists begin their lines with."""


def stages_of(pasted: str, lang: Lang) -> list[dict[str, Any]]:
    """The stages, each with its touchpoints; none where nothing was pasted. At most sixty steps are read, of each its
    first hundred characters.
    """
    lines = [_BULLET.sub("", line.strip())[:LONGEST].strip() for line in pasted.splitlines()]
    lines = [line for line in lines if line.strip("# ")][:MOST]
    if any(line.startswith("#") for line in lines):
        groups = _under_headings(lines, label("scene.enter", lang))
    else:
        groups = _over_scenes(lines, lang)
    taken: set[str] = set()
    return [
        {
            "id": _id(title, "stage", taken),
            "title": {lang: title},
            "touchpoints": [{"id": _id(step, "touchpoint", taken), "title": {lang: step}} for step in steps],
        }
        for title, steps in groups
    ]


def _under_headings(lines: list[str], first: str) -> list[tuple[str, list[str]]]:
    groups: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("#"):
            groups.append((line.lstrip("# "), []))
        else:
            groups = groups or [(first, [])]
            groups[-1][1].append(line)
    return groups


def _over_scenes(lines: list[str], lang: Lang) -> list[tuple[str, list[str]]]:
    """The steps over the scenes, as evenly as they go; scenes without a step are left out."""
    scenes = SCENES if len(lines) >= len(SCENES) else SCENES[1 : len(lines) + 1]
    places = [at * len(scenes) // len(lines) for at in range(len(lines))] if lines else []
    found = [
        (label(f"scene.{scene}", lang), [line for line, place in zip(lines, places, strict=True) if place == number])
        for number, scene in enumerate(scenes)
    ]
    return [(title, steps) for title, steps in found if steps]


def _id(title: str, kind: str, taken: set[str]) -> str:
    id = free_name(slugify(title)[:40] or kind, taken)
    taken.add(id)
    return id
