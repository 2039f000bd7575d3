"""`peakend manage work`: run the jobs in a process of their own, until it is interrupted."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from peakend_web.jobs import Worker


class Command(BaseCommand):
    """Run the jobs: what the outbox holds, cases from low answers, the columnar copy."""

    help = "Run the jobs: what the outbox holds, cases from low answers, the columnar copy. Start servers with PEAKEND_WORKER=0 then."

    def handle(self, *args: object, **options: object) -> None:
        """Work until interrupted."""
        del args, options
        self.stdout.write("Working; Ctrl+C ends it.")
        Worker().run()
