"""What `benchmarks.two_people` begins with and, in a process that reads the database when all is over, whether what was
kept is what was promised: each acknowledged step once, with its audit and outbox entries, and both screens as the
draft was.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import django

django.setup()

from django.conf import settings  # noqa: E402 — the settings come first
from django.db import connection  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.test import Client  # noqa: E402

from peakend.service.document import as_data, loads  # noqa: E402
from peakend.service.edits import WorkingDocument  # noqa: E402
from peakend.service.edits.effects import effect_of  # noqa: E402
from peakend.service.edits.kinds import kind_of_list, kinds, part_lists  # noqa: E402
from peakend.service.edits.verbs import undo  # noqa: E402
from peakend_web.base import trail  # noqa: E402
from peakend_web.design.actions.versions import save_service_version  # noqa: E402
from peakend_web.design.grid.changes import order_of  # noqa: E402
from peakend_web.design.grid.table import pieces  # noqa: E402
from peakend_web.design.queries import document_at  # noqa: E402
from peakend_web.design.views.grid import PIECE  # noqa: E402
from peakend_web.models import AuditEntry, Draft, DraftStep, Membership, OutboxEntry, Person, Role, Workspace  # noqa: E402

SLUG: Final = "harbour"
SOUND: Final = {
    "sqlite": "PRAGMA integrity_check",
    "postgresql": "SELECT bt_index_check(c.oid, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
    "JOIN pg_am a ON a.oid = c.relam JOIN pg_class t ON t.oid = i.indrelid WHERE a.amname = 'btree' "
    "AND t.relname LIKE 'peakend_web_%'",
}


def set_up() -> None:
    """Make a service for each pair, and print each with the sessions of its two people."""
    file, pairs = Path(sys.argv[1]), int(sys.argv[2])
    workspace = Workspace.objects.get(slug=SLUG)
    text = file.read_text(encoding="utf-8")
    made = []
    for at in range(pairs):
        people = [
            Person.objects.create_user(f"{name.lower()}-{at}@harbour.example", name=name) for name in ("Wu", "Olivia")
        ]
        for person in people:
            Membership.objects.create(workspace=workspace, person=person, role=Role.OWNER)
        own = text.replace("service: outpatient", f"service: outpatient-{at}")
        version = save_service_version(actor=people[0], workspace=workspace, text=own)
        made.append([version.service.slug, [_session(person) for person in people]])
    print(json.dumps(made))


def _session(person: Person) -> str:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def judge() -> None:
    """Print what is not as promised, counted by kind, and told by its draft."""
    seen = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    wrong: Counter[str] = Counter(
        dict.fromkeys(
            ("acknowledged and missing", "unasked", "gaps", "without audit", "without outbox", "screens unlike the draft",
             "not undone by its effects", "ids twice", "ids again", "versions unlike their draft", "unsound"), 0)
    )  # fmt: skip
    told, out_of_order = [], 0
    for service, sequences in seen.items():
        ever: set[str] = set()
        drafts = list(Draft.objects.filter(service__slug=service).order_by("pk").select_related("base", "published"))
        wrong["gaps"] += abs(len(drafts) - len(sequences))
        for draft, sequence in zip(drafts, sequences, strict=False):
            found = list(_faults(draft, sequence, ever))
            wrong.update(each.partition(":")[0] for each in found)
            told += [f"{service}, draft {draft.pk}: {each}" for each in found]
            out_of_order += sequence["end"] == "stuck" and _is_reordered(draft)
        wrong["without audit"] += _differing(_audited(service), _stepped(drafts))
    wrong["without outbox"] += _unsent()
    workspace = Workspace.objects.get(slug=SLUG)
    wrong["unsound"] += (trail.first_broken(workspace) is not None) + (not _is_sound())
    steps = DraftStep.objects.count()
    print(json.dumps({"wrong": wrong, "told": told, "steps": steps, "out_of_order": out_of_order}, ensure_ascii=False))


def _faults(draft: Draft, sequence: dict[str, Any], ever: set[str]) -> Iterator[str]:
    """What is wrong with one draft; `ever` are the names of all parts in any version by then."""
    steps = list(draft.steps.order_by("seq"))
    kept = Counter(str(step.name) for step in steps)
    yield from ["acknowledged and missing" for name in sequence["acknowledged"] if kept[name] != 1]
    yield from ["unasked" for name in kept if name not in set(sequence["asked"])]
    if [step.seq for step in steps] != list(range(1, draft.seq + 1)):
        yield "gaps"
    yield from _replayed(draft, steps, sequence["screens"], ever)


def _replayed(draft: Draft, steps: list[DraftStep], screens: list[dict[str, Any]], ever: set[str]) -> Iterator[str]:
    """What is wrong where its steps are done again, one after the other, and undone."""
    working = WorkingDocument(draft.base.document)
    first, done, used = as_bytes(working), [], ever | set(working.names())
    yield from _unlike(working, 0, screens)
    for step in steps:
        effects = [effect_of(effect) for effect in step.effects]
        for effect in effects:
            working.take(effect)
        done += effects
        new = {effect.target for effect in effects if step.verb == "add" and effect.does == "put"}
        yield from ["ids again" for _name in new & used]
        used |= new
        yield from _unlike(working, step.seq, screens)
    last, every = as_bytes(working), list(names_in(working.data, "document:"))
    if last != as_bytes(document_at(Draft.objects.get(pk=draft.pk))):
        yield "gaps"
    if len(every) != len(set(every)):
        yield "ids twice"
    if draft.published:
        ever |= set(every)
        if not _says(draft, last):
            yield "versions unlike their draft"
    undo(working, done)
    if as_bytes(working) != first:
        yield "not undone by its effects"


def _says(draft: Draft, last: str) -> bool:
    """Whether the version that a draft was published as is that draft, as data and as text."""
    version = draft.published
    texts = WorkingDocument(as_data(loads(version.text))), WorkingDocument(version.document)
    return all(as_bytes(each) == last for each in texts)


def _unlike(working: WorkingDocument, seq: int, screens: list[dict[str, Any]]) -> Iterator[str]:
    """Whether a screen that had come up to this step shows something else than the draft said by then, and what."""
    steps = [screen["seq"] for screen in screens]
    if len(set(steps)) != 1:
        yield from [f"screens unlike the draft: they are at steps {steps}"] if seq == 0 else []
    elif steps[0] == seq:
        for screen in screens:
            yield from [f"screens unlike the draft: {what}" for what in _differences(working, screen)]


def _differences(working: WorkingDocument, screen: dict[str, Any]) -> Iterator[str]:
    order = order_of(working)
    if screen["order"] != order:
        yield f"{screen['order']} instead of {order}"
    truth = {piece.key: drawn_as(piece) for piece in pieces(working, screen["cells"], "en")}
    cells = {key: without_width(html) for key, html in screen["cells"].items()}
    yield from [f"{key} is {cells[key]}, not {html}" for key, html in truth.items() if cells[key] != html]
    for target, path, lang, value in screen["values"]:
        if working.has(target) and not _is_there(working, target, path, lang, value):
            yield f"{target} {path} {lang} is {value!r}, not {working.value(target, path)!r}"


def _is_there(working: WorkingDocument, target: str, path: str, lang: str, value: Any) -> bool:
    """Whether words or a value on a screen are those of the document; a lane that has become one of steps, and a group
    of keys, are shown by their cells.
    """
    there = working.value(target, path)
    if isinstance(there, list) or isinstance(value, list | dict):
        return True
    return value == ((there.get(lang) if isinstance(there, dict) else None) if lang else there)


def drawn_as(piece: Any) -> str:
    """A piece of the grid as the page shows it."""
    return without_width(render_to_string(PIECE, {"piece": piece, "editing": True, "lang": "en"}).strip())


def without_width(html: str) -> str:
    """A piece without over how many columns it goes: the script of the page sets that by the order of the columns."""
    return re.sub(r' colspan="\d+"', "", html)


def as_bytes(working: WorkingDocument) -> str:
    """A document as the same text wherever it says the same in the same order."""
    return json.dumps(working.data, ensure_ascii=False)


def names_in(data: dict[str, Any], around: str) -> Iterator[str]:
    """The names of all parts that stand in a part, each as often as it stands there."""
    for key in part_lists(kinds()[around.partition(":")[0]].model):
        parts = data.get(key)
        for part in parts if isinstance(parts, list) else ():
            name = kinds()[kind_of_list(key)].name_of(part, around)
            yield name
            yield from names_in(part, name)


def _stepped(drafts: list[Draft]) -> list[tuple[int, dict[str, Any]]]:
    """What the audit of a service's drafts has to say: who, and which step."""
    return [
        (step.person_id,
         {"step": step.seq, "verb": step.verb, "part": step.target, "field": step.field, "lang": step.lang})
        for draft in drafts
        for step in draft.steps.order_by("seq")
    ]  # fmt: skip


def _audited(service: str) -> list[tuple[int, dict[str, Any]]]:
    """What it says."""
    of_service = Draft.objects.filter(service__slug=service).values_list("service_id", flat=True)[:1]
    entries = AuditEntry.objects.filter(verb="edit_draft", object_id__in=[str(id) for id in of_service])
    return [(entry.actor_id, entry.after) for entry in entries.order_by("number")]


def _differing(one: list[Any], other: list[Any]) -> int:
    return abs(len(one) - len(other)) + sum(left != right for left, right in zip(one, other, strict=False))


def _unsent() -> int:
    """How many audit entries of drafts lack their one outbox entry, or have more."""
    sent = Counter(
        payload["audit"] for payload in OutboxEntry.objects.filter(kind="edit_draft").values_list("payload", flat=True)
    )
    audited = Counter(AuditEntry.objects.filter(verb="edit_draft").values_list("number", flat=True))
    return sum(((sent - audited) + (audited - sent)).values())


def _is_sound() -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        cursor.execute(SOUND[connection.vendor])
        return connection.vendor == "postgresql" or cursor.fetchall() == [("ok",)]


def _is_reordered(draft: Draft) -> bool:
    """Whether somebody undid a step after which another's stood."""
    standing: dict[int, int] = {}
    for step in draft.steps.order_by("seq").select_related("undoes"):
        if step.undoes is None:
            standing[step.pk] = step.seq
        elif step.undoes_id in standing:
            if standing.pop(step.undoes_id) < max(standing.values(), default=0):
                return True
        else:
            standing[step.undoes.undoes_id] = step.seq
    return False
