"""The application, as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig

from peakend_web.base.logs import guard_records


class PeakendConfig(AppConfig):
    """One app: the borders that matter run between its rooms, and a test holds them."""

    name = "peakend_web"
    verbose_name = "Peakend"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Before anything is logged."""
        guard_records()
