"""`peakend manage audit`: whether every workspace's audit is as it was written."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from peakend_web.base.trail import first_broken
from peakend_web.models import AuditEntry, Workspace


class Command(BaseCommand):
    """Check the audits, and print the digest at the end of each: noted down elsewhere, it also shows an end that was
    cut off.
    """

    help = "Check every workspace's trail of changes, and print the digest at its end."

    def handle(self, *args: object, **options: object) -> None:
        """Check all; fails where one does not hold."""
        del args, options
        broken = 0
        for workspace in [None, *Workspace.objects.order_by("slug")]:
            name, found = workspace.slug if workspace else "(installation)", first_broken(workspace)
            last = AuditEntry.objects.filter(workspace=workspace).order_by("-number").first()
            end = f"{last.number} entries, ends with {last.digest}" if last else "no entries"
            self.stdout.write(
                f"{name}: {end}" if found is None else f"{name}: entry {found} is not as it was written, or is missing"
            )
            broken += found is not None
        if broken:
            message = f"{broken} trail(s) do not hold."
            raise CommandError(message)
