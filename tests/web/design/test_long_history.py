"""What a service has behind it (versions, drafts, steps, remarks) makes its pages read no more of the database."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peakend.errors import PeakendError
from peakend.methods import BY_ID
from peakend.service import as_data
from peakend.service.document import dump, of_data
from peakend.service.edits import Edit, WorkingDocument
from peakend.service.edits.effects import effect_of
from peakend.service.edits.kinds import kinds
from peakend.service.edits.names import kind_of
from peakend.service.edits.working_document import names_brought
from peakend_web.base import cache
from peakend_web.base.documents import names_of
from peakend_web.design.actions import drafts, versions
from peakend_web.design.faces import FACES
from peakend_web.design.queries import names_ever, names_in_versions, standing_steps, undo_ends
from peakend_web.models import Draft, DraftStep, Person, Remark, Service, ServiceVersion
from tests.web.conftest import Clinic, browser_of

ROOT = "/w/harbour/outpatient/"
PAGES = (
    "", "journey/", "versions/", "design/", "design/advice/", "design/changes/?since=0", "design/print/",
    "design/present/", "design/touchpoints/wait/", "design/remarks/", "design/remarks/?part=touchpoints:wait",
    *(f"design/faces/{face}/" for face in FACES),
)  # fmt: skip


def read_by(clinic: Clinic, page: str) -> tuple[int, int]:
    """How many queries a page takes that was opened before, and how many rows of services' designs they bring."""
    browser = browser_of(clinic.wu)
    assert b"".join(browser.get(ROOT + page)) or True
    with CaptureQueriesContext(connection) as queries:
        reply = browser.get(ROOT + page)
        b"".join(reply)
    assert reply.status_code == 200, page
    asked = [each["sql"] for each in queries.captured_queries if each["sql"].startswith("SELECT")]
    rows = 0
    with connection.cursor() as cursor:
        for sql in asked:
            if any(
                f'FROM "peakend_web_{table}"' in sql for table in ("serviceversion", "draft", "draftstep", "remark")
            ):
                cursor.execute(sql)
                rows += len(cursor.fetchall())
    return len(queries), rows


def add_history(clinic: Clinic, many: int) -> None:
    """So many versions more, a draft that has so many steps more behind it, and as many remarks that are resolved."""
    first = clinic.service.current
    assert first is not None
    last = clinic.service.versions.latest("number").number
    ServiceVersion.objects.bulk_create(
        ServiceVersion(service=clinic.service, number=last + at, document=first.document, text=first.text,
                       former_names={}, former_parts=[], made_by=clinic.wu)
        for at in range(1, many + 1)
    )  # fmt: skip
    draft = drafts.open_draft(actor=clinic.wu, service=clinic.service)
    DraftStep.objects.bulk_create(
        DraftStep(draft=draft, seq=draft.seq + at, person=clinic.wu, verb="set_text", target="touchpoints:wait",
                  field="title", lang="en", effects=[])
        for at in range(1, many * 5 + 1)
    )  # fmt: skip
    Draft.objects.filter(pk=draft.pk).update(seq=draft.seq + many * 5, folded_seq=draft.seq + many * 5)
    Remark.objects.bulk_create(
        Remark(service=clinic.service, part="touchpoints:wait", words="So be it.", by=clinic.mei,
               resolved_at=first.made_at, resolved_by=clinic.wu)
        for _ in range(many)
    )  # fmt: skip


def test_no_page_of_a_design_reads_more_where_there_is_more_behind_it(clinic: Clinic) -> None:
    add_history(clinic, 60)
    short = {page: read_by(clinic, page) for page in PAGES}
    add_history(clinic, 140)
    assert {page: read_by(clinic, page) for page in PAGES} == short


# --- what is kept is what one finds by reading everything -----------------------------------------------------------


def slow_names(service: Service) -> Mapping[str, Any]:
    """What ids are called: every version read, the one in force last."""
    others = service.versions.exclude(pk=service.current_id).order_by("number")
    names: dict[str, Any] = {}
    for version in (*others, service.current):
        names |= of_data(version.document).names
    return {name: words for name, words in names.items() if name not in BY_ID}


def slow_names_ever(draft: Draft) -> set[str]:
    """The names of all parts with an id of any version, and of whatever came in the draft."""
    steps = draft.steps.filter(verb__in=("add", "move"))
    came = {name for step in steps for effect in step.effects for name in names_brought(effect_of(effect))}
    every = came | slow_names_in_versions(draft.service)
    return {name for name in every if kinds()[kind_of(name)].identity == "id"}


def slow_ends(draft: Draft, person: Person) -> tuple[DraftStep | None, DraftStep | None]:
    """Who has done and undone what, from the first step on."""
    done: list[DraftStep] = []
    undone: list[DraftStep] = []
    for step in draft.steps.filter(person=person).select_related("undoes"):
        if step.undoes is None:
            done.append(step)
            undone.clear()
        else:
            of, to = (done, undone) if step.undoes in done else (undone, done)
            of.remove(step.undoes)
            to.append(step)
    return done[-1] if done else None, undone[-1] if undone else None


def slow_standing(draft: Draft) -> int:
    """How many steps stand, from the first on."""
    does: dict[int, bool] = {}
    standing: set[int] = set()
    for step, undoes in draft.steps.values_list("pk", "undoes"):
        does[step] = undoes is None or not does[undoes]
        standing.discard(undoes)
        standing |= {step} if does[step] else set()
    return len(standing)


def saved(clinic: Clinic, dice: random.Random, at: int) -> ServiceVersion:
    """One more version, in which a touchpoint has come, gone, or is called otherwise; in force or not."""
    last = clinic.service.versions.latest("number")
    data = as_data(of_data(last.document))
    points = data["journeys"][0]["stages"][0].setdefault("touchpoints", [])
    gone = dice.randrange(len(points)) if points and dice.random() < 0.5 else None
    if gone is None:
        points.append({"id": f"place-{dice.randrange(6)}-{at}", "title": {"en": f"Place {at}"}})
    else:
        del points[gone]
    if points:
        dice.choice(points)["title"] = {"en": f"Called {at}"}
    data["constructs"] = [each for each in data.get("constructs", ()) if dice.random() < 0.8]
    document = of_data({key: value for key, value in data.items() if value != []})
    return versions.add_version(
        Service.objects.get(pk=clinic.service.pk), document, dump(document), "", clinic.wu,
        in_force=dice.random() < 0.7,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_what_ids_were_called_is_what_one_finds_in_all_versions(clinic: Clinic, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    for at in range(8):
        made = saved(clinic, dice, at)
        if at == 3:  # up to here nothing was kept with a version of what those before it had
            ServiceVersion.objects.update(former_names=None, former_parts=None)
            cache.forget()
        service = Service.objects.get(pk=clinic.service.pk)
        assert dict(names_of(service.current_id, made.pk)) == slow_names(service)  # type: ignore[arg-type]
        assert {*names_in_versions(service.pk)} == slow_names_in_versions(service)


def slow_names_in_versions(service: Service) -> set[str]:
    return {name for each in service.versions.all() for name in WorkingDocument(each.document).names()}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_undone_next_and_what_was_ever_added_is_what_one_finds_in_all_steps(
    clinic: Clinic, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "FOLD_EVERY", 7)
    dice, people = random.Random(seed), (clinic.wu, clinic.olivia)  # noqa: S311
    draft = drafts.open_draft(actor=clinic.wu, service=clinic.service)
    for at in range(40):
        _do_something(dice, dice.choice(people), draft, at)
        kept = Draft.objects.get()
        assert names_ever(kept) == slow_names_ever(kept)
        assert standing_steps(kept) == slow_standing(kept)
        for person in people:
            ends = undo_ends(kept, person)
            assert (ends.done, ends.undone) == slow_ends(kept, person)
    assert DraftStep.objects.filter(verb="redo").exists()


def _do_something(dice: random.Random, who: Person, draft: Draft, at: int) -> None:
    """Add a touchpoint, name or remove one, undo or redo."""
    what, point = dice.choice(["add", "name", "remove", "undo", "undo", "redo", "redo"]), f"new-{dice.randrange(9)}"
    edits = {
        "add": Edit("add", "stages:arrive", "touchpoints", value={"id": f"new-{at}", "title": {"en": "New"}}),
        "name": Edit("set_text", "touchpoints:wait", "title", "en", f"Called {at}"),
        "remove": Edit("remove", f"touchpoints:{point}"),
    }
    try:
        if what in edits:
            drafts.edit_draft(actor=who, draft=draft, edit=edits[what])
        else:
            drafts.undo_step(actor=who, draft=draft, redo=what == "redo")
    except PeakendError:
        pass  # there is none, or somebody has changed the same
