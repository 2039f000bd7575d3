"""Whose midnight begins a day."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from peakend_web.base.time_zones import zones_of
from peakend_web.models import Site
from tests.web.conftest import Clinic


def test_a_site_has_its_own_zone_or_the_workspaces(clinic: Clinic) -> None:
    Site.objects.filter(pk=clinic.west.pk).update(timezone="America/New_York")
    zones = zones_of(clinic.workspace)
    assert [zones.at(site) for site in ("east", "west", "nowhere", "", None)] == [
        ZoneInfo(name) for name in ("Asia/Taipei", "America/New_York", "Asia/Taipei", "Asia/Taipei", "Asia/Taipei")
    ]


def test_the_sites_of_another_workspace_are_not_asked(clinic: Clinic) -> None:
    Site.objects.create(workspace=clinic.elsewhere, key="north", timezone="Europe/Paris")
    assert zones_of(clinic.workspace).at("north") == ZoneInfo("Asia/Taipei")
