"""The audit as people read it: who did what to which thing, by its name and in their language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from peakend.terms import Lang, label
from peakend_web.base.documents import document_of, site_names
from peakend_web.base.forms import TITLES
from peakend_web.base.grants import Standing
from peakend_web.design.queries import visible_services
from peakend_web.models import ApiKey, AuditEntry, Case, Service, Survey, note_in_words

from .queries import audit_entries, audited_rows, entries_about

KINDS: Final[Mapping[str, tuple[Any, frozenset[str]]]] = {
    "people": (
        gettext_lazy("People"),
        frozenset({"invite", "withdraw_invitation", "accept_invitation", "change_role", "remove_member"}),
    ),
    "keys": (
        gettext_lazy("Settings and keys"),
        frozenset({"create_workspace", "change_workspace", "make_key", "revoke_key"}),
    ),
    "design": (
        gettext_lazy("Design and surveys"),
        frozenset({"save_service_version", "publish_survey", "close_survey", "reopen_survey", "add_place"}),
    ),
    "data": (gettext_lazy("Data"), frozenset({"import_facts", "undo_import", "cancel_import", "take_back"})),
    "cases": (gettext_lazy("Cases"), frozenset({"open_case", "join_case", "take_case", "close_case"})),
    "reading": (
        gettext_lazy("What was read"),
        frozenset({"read_words", "read_cases", "read_case", "export_file", "export_rows", "read_by_key"}),
    ),
    "signing": (gettext_lazy("Signing in"), frozenset({"sign_in", "fail_sign_in"})),
}
"""What a reader may narrow the audit to."""

SENTENCES: Final[Mapping[str, str]] = {
    "create_workspace": gettext_noop("%(who)s created the workspace “%(what)s”."),
    "change_workspace": gettext_noop("%(who)s changed the settings of the workspace."),
    "invite": gettext_noop("%(who)s invited %(what)s as %(role)s (%(sites)s)."),
    "withdraw_invitation": gettext_noop("%(who)s revoked the invitation of %(what)s."),
    "accept_invitation": gettext_noop("%(who)s joined as %(role)s (%(sites)s)."),
    "change_role": gettext_noop(
        "%(who)s changed what %(what)s is: %(role)s (%(sites)s), before %(old_role)s (%(old_sites)s)."
    ),
    "remove_member": gettext_noop("%(who)s removed %(what)s from the workspace."),
    "leave": gettext_noop("%(who)s left the workspace."),
    "make_key": gettext_noop("%(who)s made the key “%(what)s” (%(scope)s)."),
    "revoke_key": gettext_noop("%(who)s revoked the key “%(what)s”."),
    "save_service_version": gettext_noop("%(who)s saved version %(number)s of “%(what)s”."),
    "publish_survey": gettext_noop("%(who)s published the survey “%(what)s”."),
    "close_survey": gettext_noop("%(who)s closed the survey “%(what)s”."),
    "reopen_survey": gettext_noop("%(who)s opened the survey “%(what)s” again."),
    "add_place": gettext_noop("%(who)s gave the place “%(what)s” a code."),
    "import_facts": gettext_noop("%(who)s imported the file “%(what)s”: %(rows)s."),
    "cancel_import": gettext_noop("%(who)s cancelled the import of “%(what)s”."),
    "undo_import": gettext_noop("%(who)s took the import of “%(what)s” back: %(rows)s."),
    "take_back": gettext_noop("%(who)s took back what came from “%(what)s”: %(rows)s."),
    "open_case": gettext_noop("A low answer opened the case “%(what)s”."),
    "join_case": gettext_noop("Another low answer of the same person joined the case “%(what)s”."),
    "take_case": gettext_noop("%(who)s took on the case “%(what)s”."),
    "close_case": gettext_noop("%(who)s closed the case “%(what)s”."),
    "read_words": gettext_noop("%(who)s read what customers of “%(what)s” wrote."),
    "read_cases": gettext_noop("%(who)s read the list of cases."),
    "read_case": gettext_noop("%(who)s read the case “%(what)s”."),
    "export_file": gettext_noop("%(who)s downloaded %(file)s of “%(what)s”."),
    "export_rows": gettext_noop("%(who)s downloaded the answers of “%(what)s”: %(rows)s."),
    "read_by_key": gettext_noop("The key “%(what)s” read “%(method)s” of “%(service)s”."),
    "sign_in": gettext_noop("%(who)s signed in from %(address)s."),
    "fail_sign_in": gettext_noop("Somebody failed to sign in as %(what)s from %(address)s."),
    "change_address": gettext_noop("%(who)s changed the public address of the installation."),
    "change_profile": gettext_noop("%(who)s changed their name or language."),
    "change_password": gettext_noop("%(who)s changed their password."),
    "confirm_second_factor": gettext_noop("%(who)s set up an authenticator app."),
    "remove_second_factor": gettext_noop("%(who)s removed their authenticator app."),
    "use_recovery_code": gettext_noop("%(who)s used a recovery code."),
}
"""A sentence for each verb; a test holds that none is without."""

DETAILS: Final[Mapping[str, Any]] = {
    "name": gettext_lazy("Name"),
    "timezone": gettext_lazy("Time zone"),
    "note": gettext_lazy("What changed"),
    "least_cell": gettext_lazy("Fewest people shown"),
}
"""What is told beside a sentence where it changed, and how it is called."""
VERBS_WITH_DETAILS: Final = frozenset({"change_workspace", "save_service_version"})


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
    return audit_entries(here, actor, KINDS[kind][1] if kind in KINDS else None)


class Names:
    """The names of what some entries are about, each looked up once."""

    def __init__(self, here: Standing, entries: Sequence[AuditEntry], lang: Lang) -> None:
        self._here, self._entries, self._lang = here, entries, lang

    def sentence(self, entry: AuditEntry) -> str:
        """Who did what to what."""
        before, after = entry.before or {}, entry.after or {}
        said = {
            "who": _who(entry),
            "what": self._what(entry),
            "role": self._role(after),
            "old_role": self._role(before),
            "sites": self._sites(after),
            "old_sites": self._sites(before),
            "scope": _("Read results") if after.get("scope") == ApiKey.Scope.READ else _("Import answers and events"),
            "number": after.get("number", ""),
            "rows": _rows(int(after.get("rows", before.get("rows", 0)))),
            "file": after.get("file", ""),
            "address": after.get("address") or _("an unknown address"),
            "method": _("Imports and removals")
            if after.get("method") == "imports"
            else label(str(after.get("method", "")), self._lang),
            "service": self._service_called(after.get("service", "")),
        }
        return _(SENTENCES.get(self._verb(entry), gettext_noop("%(who)s changed something: “%(what)s”."))) % said

    def details(self, entry: AuditEntry) -> list[str]:
        """What changed from what to what, where the sentence does not say so."""
        if entry.verb not in VERBS_WITH_DETAILS:
            return []
        before, after = entry.before or {}, entry.after or {}
        changed = [
            (title, before.get(name), after.get(name))
            for name, title in DETAILS.items()
            if after.get(name) != before.get(name)
        ]
        return [
            _("%(name)s: %(values)s") % {"name": title, "values": _change(old, new)}
            for title, old, new in changed
            if new not in (None, "")
        ]

    @staticmethod
    def _verb(entry: AuditEntry) -> str:
        own = (
            entry.verb == "remove_member"
            and entry.actor is not None
            and (entry.before or {}).get("email") == entry.actor.email
        )
        return "leave" if own else entry.verb

    def _what(self, entry: AuditEntry) -> str:
        """The thing's name: as the entry says it, or as it is called now; in words where it is gone."""
        said = (entry.after or {}) | (entry.before or {})
        known = {"invitation": "email", "place": "label", "import": "name", "apikey": "name", "takeback": "import"}.get(
            entry.object_type, ""
        )
        if said.get(known):
            return str(said[known])
        found = self._names.get((entry.object_type, entry.object_id))
        return found or str(
            said.get("email")
            or said.get("source")
            or (_("one source") if entry.object_type == "takeback" else _("something that is gone"))
        )

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        wanted: dict[str, set[str]] = {}
        for entry in self._entries:
            wanted.setdefault(entry.object_type, set()).add(entry.object_id)
        found = {
            (kind, str(row.pk)): NAMES[kind](self, row)
            for kind, ids in wanted.items()
            if kind in NAMES
            for row in audited_rows(self._here, kind, ids)
        }
        return self._leavers(wanted.get("membership", set())) | found

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
        return next((self.title(each) for each in self._services if each.slug == slug), slug)

    @cached_property
    def _services(self) -> list[Service]:
        return list(visible_services(self._here))

    def title(self, service: Service) -> str:
        """A service's name."""
        return str(service.title.get(self._lang) or service.title.get("en") or service.slug)

    def case(self, case: Case) -> str:
        """A case's: what it is about, and where."""
        document = document_of(case.service.current_id) if case.service.current_id else None
        point = document.title_of(case.touchpoint, self._lang) if document and case.touchpoint else ""
        return " · ".join(
            part
            for part in (point or self.title(case.service), self._site_names.get(case.site or "", case.site or ""))
            if part
        )

    def survey(self, survey: Survey) -> str:
        """A survey's, as the version names it that it was published from."""
        found = document_of(survey.version_id).survey(survey.item)
        return " · ".join(part for part in (found.title[self._lang] if found else survey.item, survey.wave) if part)


def _who(entry: AuditEntry) -> str:
    """Who did it; where a program did, the name of its key, and not of whoever made that."""
    key = (entry.after or {}).get("key")
    if key:
        return _("The key “%(key)s”") % {"key": key}
    return entry.actor.name if entry.actor else "Peakend"


def _rows(many: int) -> str:
    return ngettext("%(many)s row", "%(many)s rows", many) % {"many": f"{many:,}"}


def _change(old: Any, new: Any) -> str:
    return f"{old} → {new}" if old not in (None, "") else note_in_words(str(new))


NAMES: Final[Mapping[str, Callable[[Names, Any], str]]] = {
    "workspace": lambda _names, row: str(row.name),
    "membership": lambda _names, row: str(row.person.name),
    "person": lambda _names, row: str(row.name),
    "apikey": lambda _names, row: str(row.name),
    "service": lambda names, row: names.title(row),
    "case": lambda names, row: names.case(row),
    "survey": lambda names, row: names.survey(row),
}
"""How a row is called that an entry is about, by its table."""
