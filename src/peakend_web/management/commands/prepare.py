"""`peakend manage prepare`: make the generated static files and collect all of them."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from peakend_web.running import static_files


class Command(BaseCommand):
    """Make the chart library out of the installed renderer, and collect the static files."""

    help = "Make the chart library out of the installed renderer, and collect the static files."

    def handle(self, *args: object, **options: object) -> None:
        """Run it; a second time it only looks."""
        del args, options
        static_files.write_static_files()
        self.stdout.write(str(static_files.generated_folder()))
