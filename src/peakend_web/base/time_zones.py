"""Whose midnight begins a day: the zone of the site where something was, else the workspace's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from peakend_web.models import Site, Workspace


@dataclass(frozen=True, slots=True)
class Zones:
    """The zone of a workspace, and those of its sites that have one of their own."""

    zone: ZoneInfo
    of_sites: Mapping[str, ZoneInfo]

    def at(self, site: str | None) -> ZoneInfo:
        """The zone at a site."""
        return self.of_sites.get(site or "", self.zone)


def zones_of(workspace: Workspace) -> Zones:
    """The zones of a workspace."""
    own = Site.objects.filter(workspace=workspace).exclude(timezone="").values_list("key", "timezone")
    return Zones(ZoneInfo(workspace.timezone), {key: ZoneInfo(zone) for key, zone in own})
