"""Which of its tables an area shows on the support pages, as its `support.py` says it; `admin` joins and shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True)
class Table:
    """A table without facts and without a customer's words: the columns of its list, and by what one finds a row."""

    model: type[Model]
    columns: tuple[str, ...]
    search: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
