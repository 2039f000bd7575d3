"""What somebody says of a service when they begin it, and the document that follows from it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from peakend.documents.parts import Text
from peakend.ids import id_from
from peakend.templates import template_text
from peakend.terms import LANGUAGES, Lang

from . import starter, starter_data, template_data
from .steps import Steps

BLANK: Final = "blank"
"""What one begins with who wants no template: one's own steps, or a visit of four touchpoints."""
MOST_SITES: Final = 50
HURTS, PEAK, END = -3.0, 4.0, 3.0
"""The emotions that are planned, at most, where it hurts, and at least for the peak and the end."""


@dataclass(frozen=True)
class Beginning:
    """What is known of a service that begins: the industry, the languages, and in `lang` its name, for whom it is, its
    sites, one a line, and the steps; and by their titles where it hurts, which is the peak, and how it ends.
    """

    lang: Lang
    template: str = BLANK
    languages: Sequence[Lang] = ()
    name: str = ""
    for_whom: str = ""
    sites: str = ""
    steps: Steps = field(default_factory=Steps)
    hurts: str = ""
    peak: str = ""
    end: str = ""

    @property
    def text(self) -> str:
        """The text that the document is written into, with its authors' remarks."""
        return starter(self.lang) if self.template == BLANK else template_text(self.template)

    def data(self) -> dict[str, Any]:
        """The document as plain data. Raises DocumentError `template.unknown`."""
        spoken = [lang for lang in LANGUAGES if lang in {*self.languages, self.lang}]
        own = self.template == BLANK
        data: dict[str, Any] = copy.deepcopy(starter_data(spoken) if own else template_data(self.template, spoken))
        if own and (stages := self.steps.stages(self.lang)):
            _replace_stages(data, stages)
        if self.name.strip():
            data["title"] = {self.lang: self.name.strip()}
        if self.for_whom.strip():
            self._say_for_whom(data, {self.lang: self.for_whom.strip()}, own=own)
        if sites := [*self._sites()]:
            data["sites"] = sites
        self._mark(data, own=own)
        return data

    def _say_for_whom(self, data: dict[str, Any], words: dict[Lang, str], *, own: bool) -> None:
        data["strategy"] = data.get("strategy", {}) | {"for_whom": words}
        if own:
            data["personas"] = [{"id": "customer", "name": words}]
            data["journeys"][0]["persona"] = "customer"

    def _sites(self) -> Iterator[dict[str, Any]]:
        taken: set[str] = set()
        for title in [line.strip() for line in self.sites.splitlines() if line.strip()][:MOST_SITES]:
            id = id_from(title, "site", taken)
            taken.add(id)
            yield {"id": id, "title": {self.lang: title}}

    def _mark(self, data: dict[str, Any], *, own: bool) -> None:
        """Plan the emotions that the three answers speak of. What somebody typed for a step of their own stays."""
        points = [point for stage in data["journeys"][0]["stages"] for point in stage.get("touchpoints", ())]
        for title, mark, emotion in ((self.hurts, "", HURTS), (self.peak, "peak", PEAK), (self.end, "end", END)):
            point = next((point for point in points if title and Text(point["title"])[self.lang] == title), None)
            if point is None:
                continue
            planned = point.get("emotion", {}).get("planned")
            if planned is None or not own:
                bound = min if emotion < 0 else max
                felt = emotion if planned is None else bound(planned, emotion)
                point["emotion"] = {"planned": felt}
            if mark:
                _take_mark(points, mark)
                point["designed_as"] = mark


def _take_mark(points: Sequence[dict[str, Any]], mark: str) -> None:
    """A journey has one peak and one end."""
    for point in points:
        if point.get("designed_as") == mark:
            del point["designed_as"]


def _replace_stages(data: dict[str, Any], stages: list[dict[str, Any]]) -> None:
    """Put in one's own steps, and have the survey ask for these and not for those that it came with."""
    data["journeys"][0]["stages"] = stages
    own = [point["id"] for stage in stages for point in stage["touchpoints"]]
    for item in data["surveys"][0]["items"]:
        if item["kind"] == "touchpoint_rating":
            item["touchpoints"] = own
