"""`peakend manage import_facts FILE WORKSPACE/SERVICE --as EMAIL [--map MAP]`: import a file into a service."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.core.management.base import BaseCommand, CommandError, CommandParser

from peakend.errors import PeakendError
from peakend.facts import Facts, conform
from peakend.figures import many
from peakend.formats.mapping import read_mapped
from peakend_web.listening.actions.imports import import_facts
from peakend_web.models import Person, Service


class Command(BaseCommand):
    """Import answers and events from a file of the fact columns, or from a wide one with its mapping."""

    help = "Import a file into a service: CSV or Parquet of the fact columns, or a wide CSV or XLSX with its mapping."

    def add_arguments(self, parser: CommandParser) -> None:
        """File, service, who does it, mapping."""
        parser.add_argument("file", type=Path)
        parser.add_argument("service", metavar="WORKSPACE/SERVICE")
        parser.add_argument("--as", dest="email", required=True, metavar="EMAIL", help="who imports: a member who may")
        parser.add_argument("--map", type=Path)
        parser.add_argument(
            "--table",
            choices=("answers", "events"),
            default="answers",
            help="what the file holds, where it has no mapping",
        )

    def handle(self, *args: object, **options: Any) -> None:
        """Import; say how many rows were new."""
        del args
        try:
            self._import(**options)
        except PeakendError as error:
            raise CommandError(str(error)) from None

    def _import(self, *, file: Path, service: str, email: str, map: Path | None, table: str, **_: Any) -> None:
        workspace, _slash, slug = service.partition("/")
        target = Service.objects.select_related("workspace").filter(workspace__slug=workspace, slug=slug).first()
        person = Person.objects.filter(email=email.lower()).first()
        if target is None or person is None:
            message = (
                f"There is no service {service}." if target is None else f"There is nobody with the e-mail {email}."
            )
            raise CommandError(message)
        facts = self._facts(file, map, table)
        done = import_facts(
            actor=person,
            service=target,
            name=file.name,
            digest=hashlib.sha256(file.read_bytes()).hexdigest(),
            progress=self._progress,
            days_said=map is not None or _says_days(file),
            **facts,
        )
        if done.was_there:
            then = f"{done.started_at:%Y-%m-%d}, {many(done.written, 'row')}"
            self.stdout.write(f"Nothing new: this file was brought in before, as “{done.name}” ({then}).")
        else:
            revised = f", {done.revised:,} that corrected others by a higher revision" if done.revised else ""
            older = f", {done.older:,} left out, for a later revision of them is there" if done.older else ""
            self.stdout.write(
                f"{many(done.written, 'new row')}, {done.repeated:,} that were there already{revised}{older}."
            )

    def _facts(self, file: Path, mapping: Path | None, table: str) -> dict[str, Facts]:
        if mapping:
            return dict(read_mapped(file, mapping).items())
        return {table: conform(file, table)}  # type: ignore[arg-type]

    def _progress(self, written: int, total: int) -> None:
        self.stdout.write(f"{written:,} / {total:,}", ending="\r" if self.stdout.isatty() and written < total else "\n")


def _says_days(file: Path) -> bool:
    """Whether a file of the fact columns has the local day itself."""
    if file.suffix.lower() in {".parquet", ".pq"}:
        return "day" in pq.read_schema(file).names
    with file.open("rb") as opened:
        header = opened.readline(1_000_000).decode("utf-8-sig", "replace")
    return "day" in {name.strip().strip('"').lower() for name in re.split(r"[,;\t|]", header)}
