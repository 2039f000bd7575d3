"""`peakend demo`: an installation with the samples in it, made at the first start, and served."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from peakend_web.running import server
from peakend_web.running.demo import EMAIL, Demo, set_up_demo
from peakend_web.running.views import entry_to

WIDTH = 30


class Command(BaseCommand):
    """Look around on real data."""

    help = "Serve an installation with the samples in it: what 2,831 airport passengers and 104 kiosk users said."
    requires_system_checks = ()
    suppressed_base_arguments = set(server.FRAMEWORK)  # noqa: RUF012 — the framework declares it so

    def add_arguments(self, parser: CommandParser) -> None:
        """Host, port, threads."""
        server.options_of(parser)

    def handle(self, *args: object, **options: object) -> None:
        """Set up what is missing, and serve until interrupted."""
        del args
        server.speak_terminal_language()
        taken = server.reason_not_to_listen(options)
        if taken:
            raise CommandError(taken)
        server.bring_up_to_date(self.stdout)  # type: ignore[arg-type]
        entry = self._greet(set_up_demo(self._progress), options)
        server.open_browser(options, entry)
        server.serve(options)

    def _progress(self, name: str, written: int, total: int) -> None:
        """One line a sample, growing on a terminal, said twice elsewhere."""
        if not total:
            self.stdout.write(_("Importing the sample “%(name)s” …") % {"name": name})
        elif self.stdout.isatty() or written == total:
            done = WIDTH * written // total
            end = "\n" if written == total else "\r"
            self.stdout.write(f"  {'━' * done}{'·' * (WIDTH - done)} {written:,} / {total:,}", ending=end)
        self.stdout.flush()

    def _greet(self, made: Demo, options: dict[str, object]) -> str:
        """Say where it is and how to sign in; returns the way in."""
        entry = entry_to(made.person)
        self.stdout.write("\n  Peakend  " + server.server_address(options, entry) + "\n")
        self.stdout.write(
            _("The link signs you in for a day. Or sign in with:") + f"\n  {EMAIL}\n  {_password(made.password)}\n"
        )
        self.stdout.write(_("Ctrl+C stops it."))
        self.stdout.flush()
        return entry


def _password(password: str | None) -> str:
    """The demo's password, which was made at the first start and is kept beside its data for its owner to read."""
    file = Path(settings.PEAKEND_DATA) / "demo-password"
    if password:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as kept:
            kept.write(password)
    return file.read_text(encoding="ascii") if file.exists() else _("(the password you gave it)")
