"""`peakend serve`: bring the database and the static files up to date, and serve."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from peakend_web.models import Person
from peakend_web.running import server
from peakend_web.running.views import set_up_code


class Command(BaseCommand):
    """Serve this installation."""

    help = (
        "Bring the database and the static files up to date, and serve. Your data stay in PEAKEND_DATA (default ./var)."
    )
    requires_system_checks = ()
    suppressed_base_arguments = set(server.FRAMEWORK)  # noqa: RUF012 — the framework declares it so

    def add_arguments(self, parser: CommandParser) -> None:
        """Host, port, threads."""
        server.options_of(parser)

    def handle(self, *args: object, **options: object) -> None:
        """Serve until interrupted."""
        del args
        server.speak_terminal_language()
        taken = server.reason_not_to_listen(options)
        if taken:
            raise CommandError(taken)
        server.bring_up_to_date(self.stdout)  # type: ignore[arg-type]
        first = "/" if Person.objects.exists() else f"/set-up/?code={set_up_code()}"
        self.stdout.write(_("Your data: %(place)s") % {"place": server.place_of_data()})
        self.stdout.write("\n  Peakend  " + server.server_address(options, first) + "\n\n" + _("Ctrl+C stops it."))
        self.stdout.flush()
        server.open_browser(options, first)
        server.serve(options)
