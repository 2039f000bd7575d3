"""`peakend manage copy`: verify every columnar copy against the truth; with --rebuild, make it anew."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from peakend_web.models import Workspace
from peakend_web.store import columnar


class Command(BaseCommand):
    """The columnar copies: whether they say what the truth says."""

    help = "Verify every workspace's columnar copy against the truth, after making it anew where --rebuild is given."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to rebuild, and which workspace."""
        parser.add_argument("--rebuild", action="store_true")
        parser.add_argument("--workspace", metavar="SLUG")

    def handle(self, *args: object, **options: object) -> None:
        """Rebuild where asked, then verify; fails where a copy differs."""
        del args
        found = Workspace.objects.order_by("slug")
        wanted = found.filter(slug=options["workspace"]) if options["workspace"] else found
        differ = [
            workspace.slug for workspace in wanted if not self._holds(workspace, rebuild=bool(options["rebuild"]))
        ]
        if differ:
            message = (
                "These copies differ from the truth: "
                + ", ".join(differ)
                + ". Make them anew: peakend manage copy --rebuild"
            )
            raise CommandError(message)

    def _holds(self, workspace: Workspace, *, rebuild: bool) -> bool:
        if rebuild:
            columnar.rebuild(workspace.pk)
        differences = columnar.verify(workspace.pk)
        self.stdout.write(
            f"{workspace.slug}: " + ("as the truth" if not differences else "; ".join(map(str, differences)))
        )
        return not differences
