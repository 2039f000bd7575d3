"""How the page of changes tells of what each area does: as its `audit_lines.py` declares it.

The areas are loaded before anything is asked (`apps`), so that the register is complete in every process; `people`
shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from peakend.terms import Lang

KINDS: Final[Mapping[str, str | Promise]] = {
    "people": _("People"),
    "keys": _("Settings and keys"),
    "design": _("Design and surveys"),
    "data": _("Data"),
    "cases": _("Cases"),
    "messages": _("Messages"),
    "customers": _("Customers"),
    "reading": _("What was read"),
    "signing": _("Signing in"),
}
"""What a reader may narrow the page to."""
INSTALLATION: Final = ""
"""The kind of what is done in no workspace, and is told on no page yet."""
GONE: Final = _("something that is gone")


@dataclass(frozen=True, slots=True)
class Row:
    """How a row is called that an entry is about.

    `title` says it of the row as it is now, in a language and with the names of the sites; `table` is read for it with
    what is named in `beside`, and `within` leads from a row to its workspace. `said` is what the entry itself has as
    its name, in one language or in several, which then stands; `gone` is said where there is neither.
    """

    table: type[Model]
    title: Callable[[Any, Lang, Mapping[str, str]], str] | None = None
    within: str = "workspace"
    beside: tuple[str, ...] = ()
    said: str = ""
    gone: str | Promise = GONE


SENTENCES: Final[dict[str, str]] = {}
"""A sentence for each verb; a test holds that none is without."""
VERBS: Final[dict[str, set[str]]] = {kind: set() for kind in (*KINDS, INSTALLATION)}
"""The verbs of each kind."""
ROWS: Final[dict[str, Row]] = {}
"""How rows are called, by the name that entries have for their table."""
DETAILS: Final[dict[str, Mapping[str, str | Promise]]] = {}
"""For a verb that changes what its sentence does not say: what that is, and how it is called."""
VALUES: Final[dict[tuple[str, str], str | Promise]] = {}
"""How a value that an entry has is called, where it is the name of something."""


def declare(kind: str, **sentences: str) -> None:
    """Enter the verbs of a kind with their sentences, in English, as phrases for the translators. In a sentence,
    `%(who)s` is the person, `%(what)s` the row, and any other name is what the entry has under it.

    Raises ImproperlyConfigured for a verb that has its sentence already, and for a kind that there is not.
    """
    if kind not in VERBS or SENTENCES.keys() & sentences.keys():
        message = (
            f"{', '.join(sentences)}: a verb has one sentence, and is of one of the kinds {', '.join(KINDS)}. A new "
            "kind is one line in src/peakend_web/base/audit_lines.py."
        )
        raise ImproperlyConfigured(message)
    SENTENCES.update(sentences)
    VERBS[kind] |= sentences.keys()


def declare_details(verb: str, **names: str | Promise) -> None:
    """Say what of this verb's change is told beside its sentence."""
    DETAILS[verb] = names


def declare_rows(rows: Iterable[Row]) -> None:
    """Enter how rows are called."""
    ROWS.update({str(row.table._meta.model_name): row for row in rows})


def declare_values(name: str, **values: str | Promise) -> None:
    """Say how some values are called that entries have under a name."""
    VALUES.update({(name, value): title for value, title in values.items()})
