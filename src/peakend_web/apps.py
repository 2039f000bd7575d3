"""The application, as Django knows it."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from django.apps import AppConfig

from peakend_web.base.logs import guard_records

GRANTING: Final = ("store", "people", "design", "asking", "listening", "findings", "recovery")
"""The rooms that give permissions, each in its `grants`."""


class PeakendConfig(AppConfig):
    """One app: the borders that matter run between its rooms, and a test holds them."""

    name = "peakend_web"
    verbose_name = "Peakend"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Before anything is logged, and before anybody is let in: every permission is in the register then, whatever
        else this process imports.
        """
        guard_records()
        for room in GRANTING:
            import_module(f"{self.name}.{room}.grants")  # not above: grants know models, which are loaded only now
