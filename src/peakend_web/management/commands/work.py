"""`peakend manage work`: run the jobs in a process of their own, until it is interrupted."""

from __future__ import annotations

import contextlib
import os
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from peakend_web.base.storage import refuse_newer_schema
from peakend_web.running.jobs import Worker


class Command(BaseCommand):
    """Run the jobs: what the outbox holds, cases from low answers, the columnar copy."""

    help = (
        "Run the jobs: what the outbox holds, cases from low answers, the columnar copy. Start servers with "
        "PEAKEND_WORKER=0 then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How a server starts it."""
        parser.add_argument(
            "--beside", action="store_true", help="as a server's own: give way to its requests, and end when it does"
        )

    def handle(self, *args: object, **options: object) -> None:
        """Work until interrupted."""
        del args
        refuse_newer_schema()
        with contextlib.suppress(KeyboardInterrupt):
            if options["beside"]:
                os.nice(10)
                Worker(beside=os.getppid()).run()
            else:
                self.stdout.write("Working; Ctrl+C ends it.")
                Worker().run()
