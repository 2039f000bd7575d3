"""The application, as Django knows it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from django.apps import AppConfig

from peakend_web.base.logs import guard_records

AREAS: Final = ("people", "sending", "customers", "design", "asking", "listening", "findings", "recovery")
"""The areas, from below to above: within one transaction, one calls the verbs of those below it alone. What the root
joins of them, it joins by this list.
"""
GRANTING: Final = ("store", *AREAS)
"""The rooms that give permissions, each in its `grants`."""


def modules(layer: str) -> Iterator[tuple[str, Any]]:
    """What is so called in each area that has it, with the area's name, from below to above."""
    for area in AREAS:
        name = f"peakend_web.{area}.{layer}"
        if find_spec(name):
            yield area, import_module(name)


class PeakendConfig(AppConfig):
    """One app: the borders that matter run between its rooms, and a test holds them."""

    name = "peakend_web"
    verbose_name = "Peakend"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Before anything is logged, and before anybody is let in: every permission and every sentence of the audit is
        in its register then, whatever else this process imports.
        """
        guard_records()
        for room in GRANTING:
            import_module(f"{self.name}.{room}.grants")  # not above: grants know models, which are loaded only now
        dict(modules("audit_lines"))
