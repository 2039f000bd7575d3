"""Which rows of the truth count: all but those of an import that is not done, and those that were taken back and wait
to be erased.

Both are decided at one number of the clock, for every row at once, however many there are: an import counts from the
number that it is given at its end (`Import.counted_seq`), and what was taken back ceases to at the number of its
removals. Whoever reads the truth for others to see takes its conditions from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from peakend.facts.sql import quoted_name
from peakend_web.models import Answer, Event, Import, Removal, TakeBack

Model = type[Answer] | type[Event]
ALIAS: Final = "fact"


@dataclass(frozen=True, slots=True)
class Countable:
    """What of a workspace counts at the number `upto` that did not at `after`, beside the rows that are numbered
    between the two.

    `new_imports` are the imports that were done in between; `not_yet` those that still count nowhere; `erasing` is
    whether rows are there that were taken back.
    """

    workspace: int
    after: int
    upto: int
    new_imports: tuple[int, ...]
    not_yet: tuple[int, ...]
    erasing: bool

    def conditions(self, model: Model) -> list[tuple[str, str]]:
        """The rows to be read as conditions, no row in two of them, each with the number at which its rows were born
        for the reader.
        """
        between = (
            f"{ALIAS}.seq > {self.after:d} AND {ALIAS}.seq <= {self.upto:d}{_but((*self.new_imports, *self.not_yet))}"
        )
        ways = [(between, f"{ALIAS}.first_seq")]
        if self.new_imports:
            ways.append((f"{ALIAS}.imported_id IN ({', '.join(map(str, self.new_imports))})", f"{self.upto:d}"))
        return [
            (f"{ALIAS}.workspace_id = {self.workspace:d} AND {way}{self._and_not_taken_back(model)}", born)
            for way, born in ways
        ]

    def every(self, model: Model) -> str:
        """The condition of all rows that count, whenever they came."""
        return f"{ALIAS}.workspace_id = {self.workspace:d}{_but(self.not_yet)}{self._and_not_taken_back(model)}"

    def _and_not_taken_back(self, model: Model) -> str:
        if not self.erasing:
            return ""
        removal, name = quoted_name(Removal._meta.db_table), model._meta.model_name
        gone = f"gone.{quoted_name('table')} = '{name}' AND gone.fact = {ALIAS}.id"
        return f" AND NOT EXISTS (SELECT 1 FROM {removal} gone WHERE {gone})"  # noqa: S608 — our own names


def countable_rows(workspace: int, after: int, upto: int) -> Countable:
    """What counts in a workspace at the number `upto`, as against `after`."""
    of_it = Import.objects.filter(workspace=workspace)
    new_imports = tuple(
        of_it.filter(counted_seq__gt=after, counted_seq__lte=upto).order_by("pk").values_list("pk", flat=True)
    )
    not_yet = tuple(
        of_it.filter(Q(counted_seq=None) | Q(counted_seq__gt=upto)).order_by("pk").values_list("pk", flat=True)
    )
    return Countable(workspace, after, upto, new_imports, not_yet, erasing=is_erasing(workspace))


def is_erasing(workspace: int) -> bool:
    """Whether rows are there that were taken back and are not erased yet."""
    return TakeBack.objects.filter(workspace=workspace, erased_at=None).exists()


def _but(imports: tuple[int, ...]) -> str:
    if not imports:
        return ""
    return f" AND ({ALIAS}.imported_id IS NULL OR {ALIAS}.imported_id NOT IN ({', '.join(map(str, imports))}))"
