"""Pseudonyms of customers that are cut out of the facts: what was said and done stays counted, and leads to nobody."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import transaction

from peakend_web.models import Answer, Event

from .deliveries import take_numbers

PORTION: Final = 500
"""Facts that are cut in one transaction, so that people who are answering meanwhile do not wait."""


def cut_pseudonyms(workspace: int, keys: Collection[str]) -> int:
    """Have no fact of a workspace name these customers any more; how many did. Outside any transaction.

    Each fact is revised, so that the columnar copy and all sums follow.
    """
    if not keys:
        return 0
    return sum(_cut(model, workspace, keys) for model in (Answer, Event))


def _cut(model: type[Answer | Event], workspace: int, keys: Collection[str]) -> int:
    found = model.objects.filter(workspace=workspace, customer__in=keys)
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), PORTION):
        with transaction.atomic():
            _cut_portion(model, ids[start : start + PORTION])
    return len(ids)


def _cut_portion(model: type[Answer | Event], ids: list[int]) -> None:
    first = take_numbers(len(ids))
    rows = model.objects.filter(pk__in=ids).only("pk").order_by("pk")
    for at, row in enumerate(rows):
        row.customer, row.seq = None, first + at
        row.save(update_fields=["customer", "seq"])
