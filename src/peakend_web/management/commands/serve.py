"""`peakend serve`: bring the database and the static files up to date, and serve."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from peakend_web.models import Person
from peakend_web.running import serving
from peakend_web.running.views import set_up_code


class Command(BaseCommand):
    """Serve this installation."""

    help = (
        "Bring the database and the static files up to date, and serve. Your data stay in PEAKEND_DATA (default ./var)."
    )
    requires_system_checks = ()
    suppressed_base_arguments = set(serving.FRAMEWORK)  # noqa: RUF012 — the framework declares it so

    def add_arguments(self, parser: CommandParser) -> None:
        """Host, port, threads."""
        serving.options_of(parser)

    def handle(self, *args: object, **options: object) -> None:
        """Serve until interrupted."""
        del args
        serving.speak()
        taken = serving.refuse_taken_port(options)
        if taken:
            raise CommandError(taken)
        serving.bring_up_to_date(self.stdout)  # type: ignore[arg-type]
        first = "/" if Person.objects.exists() else f"/set-up/?code={set_up_code()}"
        self.stdout.write(_("Your data: %(place)s") % {"place": serving.kept_in()})
        self.stdout.write("\n  Peakend  " + serving.address(options, first) + "\n\n" + _("Ctrl+C stops it."))
        self.stdout.flush()
        serving.open_browser(options, first)
        serving.serve(options)
