"""Where a survey's page is opened, sent to and left for: by the survey's own link, or by one person's."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from peakend_web.asking.queries.personal_links import PersonalLink
from peakend_web.asking.survey_cache import PublishedSurvey
from peakend_web.base import customer_pages

VERSION = "of"
"""Which version of a survey the page of a personal link was made from."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Those of one version of a survey, for whoever came by its link or by one of their own."""

    survey: PublishedSurvey
    link: PersonalLink | None = None

    @property
    def form(self) -> str:
        """Where a plain form is posted."""
        return self._at("")

    @property
    def seen(self) -> str:
        """Where the page says that somebody has it before their eyes; empty where nobody counts that."""
        return self._at("-seen") if self.link else ""

    @property
    def shelf(self) -> str:
        """Under what the page keeps its answers on the device."""
        return self.link.shelf if self.link else self.survey.token

    @property
    def path(self) -> str:
        """What the addresses begin with that a cookie of the page may go to."""
        return self._path("") if self.link else customer_pages.PATH

    @property
    def thanks_path(self) -> str:
        """The path of the page of thanks."""
        return self._path("-thanks")

    def keep(self, *, amends: bool) -> str:
        """Where the page's script sends answers; of a response that is finished, and shall change, apart."""
        return self._at("-keep", **({"amends": "1"} if amends and not self.link else {}))

    def page(self, place: str | None = "", **asked: str) -> str:
        """The page itself, at a place of the survey."""
        return self._at("", **self._hung(place), **asked)

    def thanks(self, place: str | None = "", **asked: str) -> str:
        """The page of thanks."""
        return self._at("-thanks", **self._hung(place), **asked)

    def start(self, place: str, **asked: str) -> str:
        """Where the page is opened anew: at the place, or anywhere."""
        if self.link:
            return self.page(**asked)
        code = place if self.survey.place_at(place) else self.survey.address
        return _with(reverse("survey", args=[code]), asked)

    def _hung(self, place: str | None) -> dict[str, str]:
        return {"at": place} if place and self.survey.place_at(place) else {}

    def _at(self, suffix: str, **asked: str) -> str:
        return _with(self._path(suffix), ({VERSION: self.survey.token} if self.link else {}) | asked)

    def _path(self, suffix: str) -> str:
        name, token = ("invited", self.link.token) if self.link else ("survey", self.survey.token)
        return reverse(f"{name}{suffix}", args=[token])


def _with(path: str, asked: dict[str, str]) -> str:
    return f"{path}?{urlencode(asked)}" if asked else path
