"""The audit as people read it: who did what to which thing, by its name, in their language, as each area says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from peakend.documents.parts import Text, is_words
from peakend.terms import Lang, label
from peakend_web.base.audit_lines import DETAILS, GONE, KINDS, ROWS, SENTENCES, VALUES, VERBS
from peakend_web.base.documents import service_title, site_names
from peakend_web.base.forms import TITLES
from peakend_web.base.grants import Standing
from peakend_web.design.queries import visible_services
from peakend_web.models import AuditEntry, Service, note_in_words
from peakend_web.people.audit_lines import LEAVE
from peakend_web.people.queries import audit_entries, audited_rows, entries_about

UNKNOWN = gettext_noop("%(who)s changed something: “%(what)s”.")


@dataclass(frozen=True)
class Line:
    """One line of the audit."""

    number: int
    at: datetime
    sentence: str
    details: Sequence[str]


def lines(here: Standing, entries: Iterable[AuditEntry], lang: Lang) -> list[Line]:
    """Entries of the workspace's audit as sentences."""
    listed = list(entries)
    names = Names(here, listed, lang)
    return [Line(entry.number, entry.at, names.sentence(entry), names.details(entry)) for entry in listed]


def narrow(here: Standing, person: str, kind: str) -> QuerySet[AuditEntry]:
    """The audit, of one person or of one kind where they are named."""
    actor = int(person) if person.isdecimal() and len(person) < 19 else None
    return audit_entries(here, actor, VERBS[kind] if kind in KINDS else None)


class Names:
    """The names of what some entries are about, each looked up once."""

    def __init__(self, here: Standing, entries: Sequence[AuditEntry], lang: Lang) -> None:
        self._here, self._entries, self._lang = here, entries, lang

    def sentence(self, entry: AuditEntry) -> str:
        """Who did what to what."""
        before, after = entry.before or {}, entry.after or {}
        said = Values(
            after,
            who=_who(entry),
            what=self._what(entry),
            role=self._role(after),
            old_role=self._role(before),
            sites=self._sites(after),
            old_sites=self._sites(before),
            rows=_rows(int(after.get("rows", before.get("rows", 0)))),
            address=after.get("address") or _("an unknown address"),
            method=VALUES.get(("method", str(after.get("method")))) or label(str(after.get("method", "")), self._lang),
            service=self._service_called(after.get("service", "")),
        )
        own = entry.verb == "remove_member" and entry.actor is not None and before.get("email") == entry.actor.email
        return _(LEAVE if own else SENTENCES.get(entry.verb, UNKNOWN)) % said

    def details(self, entry: AuditEntry) -> list[str]:
        """What changed from what to what, where the sentence does not say so."""
        before, after = entry.before or {}, entry.after or {}
        changed = [
            (title, _called(name, before.get(name)), _called(name, after.get(name)))
            for name, title in DETAILS.get(entry.verb, {}).items()
            if after.get(name) != before.get(name)
        ]
        return [
            _("%(name)s: %(values)s") % {"name": title, "values": _change(old, new)}
            for title, old, new in changed
            if new not in (None, "")
        ]

    def _what(self, entry: AuditEntry) -> str:
        """The thing's name: as the entry says it, or as it is called now; in words where it is gone."""
        said, row = (entry.after or {}) | (entry.before or {}), ROWS.get(entry.object_type)
        if row and (name := said.get(row.said)):
            return Text(name)[self._lang] if is_words(name) else str(name)
        name = self._names.get((entry.object_type, entry.object_id)) or said.get("email") or said.get("source")
        return str(name or (row.gone if row else GONE))

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        wanted: dict[str, set[str]] = {}
        for entry in self._entries:
            wanted.setdefault(entry.object_type, set()).add(entry.object_id)
        names = {
            (name, str(row.pk)): title(row, self._lang, self._site_names)
            for name, ids in wanted.items()
            if name in ROWS and (title := ROWS[name].title)
            for row in audited_rows(self._here, ROWS[name], ids)
        }
        return self._leavers(wanted.get("membership", set())) | names

    def _leavers(self, memberships: set[str]) -> dict[tuple[str, str], str]:
        """The e-mails of members who left, as the audit itself has them."""
        entries = entries_about(self._here, "membership", memberships)
        emails = [(each.object_id, ((each.before or {}) | (each.after or {})).get("email", "")) for each in entries]
        return {("membership", id): email for id, email in emails if email}

    def _role(self, state: Mapping[str, Any]) -> str:
        return str(TITLES.get(state.get("role", ""), ""))

    def _sites(self, state: Mapping[str, Any]) -> str:
        return _(", ").join(self._site_names.get(key, key) for key in state.get("sites", ())) or _("all sites")

    @cached_property
    def _site_names(self) -> dict[str, str]:
        return site_names(self._here.workspace, self._lang)

    def _service_called(self, slug: str) -> str:
        return next((service_title(each, self._lang) for each in self._services if each.slug == slug), slug)

    @cached_property
    def _services(self) -> list[Service]:
        return list(visible_services(self._here))


class Values(dict[str, Any]):
    """What the names in a sentence stand for: what is worked out here, else what the entry has, called as its area
    says.
    """

    def __init__(self, after: Mapping[str, Any], **known: Any) -> None:
        super().__init__(known)
        self._after = after

    def __missing__(self, name: str) -> Any:
        value = self._after.get(name, "")
        return VALUES.get((name, str(value)), value)


def _who(entry: AuditEntry) -> str:
    """Who did it; where a program did, the name of its key, and not of whoever made that."""
    key = (entry.after or {}).get("key")
    if key:
        return _("The key “%(key)s”") % {"key": key}
    return entry.actor.name if entry.actor else "Peakend"


def _rows(many: int) -> str:
    return ngettext("%(many)s row", "%(many)s rows", many) % {"many": f"{many:,}"}


def _called(name: str, value: Any) -> Any:
    return VALUES.get((name, str(value)), value)


def _change(old: Any, new: Any) -> str:
    return f"{old} → {new}" if old not in (None, "") else note_in_words(str(new))
