"""Wu and Olivia edit one map at once, with answers that are late, lost or asked for twice: in the end both screens show
what the draft says, and every step that was acknowledged is there once.

PEAKEND_TWO_PEOPLE=500 does as many verbs of each (`make two-people`).
"""

from __future__ import annotations

import json
import os
import random
import uuid
from dataclasses import dataclass, field
from typing import Any, Final

from django.template.loader import render_to_string
from django.test import Client

from peakend.service.edits import WorkingDocument
from peakend_web.design.actions import drafts
from peakend_web.design.grid.changes import keys_of_column, order_of
from peakend_web.design.grid.table import Piece, pieces
from peakend_web.design.queries import document_at
from peakend_web.design.views.grid import PIECE
from peakend_web.models import AuditEntry, Draft, DraftStep
from tests.web.conftest import Clinic, browser_of

MANY: Final = int(os.environ.get("PEAKEND_TWO_PEOPLE", "30"))
DESIGN: Final = "/w/harbour/outpatient/design/"
WRITTEN: Final = ("customer", "thinks", "expects", "fears", "frontstage", "title")


@dataclass
class Screen:
    """What somebody's page shows, and what it has sent that is not answered yet."""

    client: Client
    dice: random.Random
    seq: int = 0
    order: Any = None
    cells: dict[str, str] = field(default_factory=dict)
    values: dict[tuple[str, str], Any] = field(default_factory=dict)
    unanswered: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    conflicts: int = 0

    def take(self, told: dict[str, Any]) -> None:
        """Show what an answer says, where it is newer than what is shown; as `studio.js` does."""
        if told["seq"] <= self.seq:
            return
        self.seq, self.order = told["seq"], told["order"] or self.order
        self.cells |= {key: html for key, html, _by in told["cells"]}
        for target, path, lang, value, _by in told["fields"]:
            if lang in ("", "en"):
                self.values[target, path] = value

    def poll(self) -> None:
        reply = self.client.get(f"{DESIGN}changes/?since={self.seq}&lang=en")
        self.take(reply.json())

    def act(self) -> None:
        """Send something new, or what was not answered again, and perhaps lose the answer."""
        if not self.unanswered:
            self.unanswered.append({"name": str(uuid.UUID(int=self.dice.getrandbits(128))), **self.any_edit()})
        for asked in list(self.unanswered):
            sent = json.dumps({**asked, "since": self.seq})
            reply = self.client.post(f"{DESIGN}steps/?lang=en", sent, content_type="application/json")
            assert reply.status_code in {200, 409, 410, 422}
            if self.dice.random() < 0.2:  # the answer is lost; the same is asked again later
                return
            self.unanswered.remove(asked)
            if reply.status_code == 200:
                told = reply.json()
                self.acknowledged += [asked["name"]] if told["step"] else []
                self.take(told)
            else:
                self.conflicts += reply.json()["error"] == "web.draft_changed"

    def any_edit(self) -> dict[str, Any]:
        """Some edit of what is on the screen."""
        stages = self.order[0]["stages"]
        stage, points = self.dice.choice(stages)
        points = [point for point in points if point.startswith("touchpoints:")]
        if not points:
            return self.new(stage, "")
        point = self.dice.choice(points)
        verb = self.dice.choice(["write", "write", "write", "feel", "mark", "move", "new", "remove", "undo", "redo"])
        return self.edits(verb, stage, point)

    def edits(self, verb: str, stage: str, point: str) -> dict[str, Any]:
        if verb == "new":
            return self.new(stage, point)
        feeling, mark = self.dice.randint(-5, 5), self.dice.choice(["peak", "end", None])
        around, others = self.dice.choice(self.order[0]["stages"])
        after = self.dice.choice(["", *(each for each in others if each.startswith("touchpoints:"))])
        path = self.dice.choice(WRITTEN)
        text = f"{path} {self.dice.randrange(10**6)}"
        write = {"verb": "set_text", "target": point, "field": path, "lang": "en", "value": text}
        if (point, path) in self.values:
            write["seen"] = self.values[point, path]
        asked: dict[str, dict[str, Any]] = {
            "write": write,
            "feel": {"verb": "set_value", "target": point, "field": "emotion.planned", "value": feeling},
            "mark": {"verb": "set_value", "target": point, "field": "designed_as", "value": mark},
            "move": {"verb": "move", "target": point, "around": around, "after": after},
            "remove": {"verb": "remove", "target": point},
        }
        return asked.get(verb, {"verb": verb})

    def new(self, stage: str, after: str) -> dict[str, Any]:
        title = {"title": {"en": f"New {self.dice.randrange(10**6)}"}}
        return {"verb": "add", "target": stage, "field": "touchpoints", "value": title, "after": after}


def test_in_the_end_both_screens_show_what_the_draft_says_and_every_acknowledged_step_is_there_once(
    clinic: Clinic,
) -> None:
    draft = drafts.open_draft(actor=clinic.wu, service=clinic.service)
    first = order_of(document_at(draft))
    screens = [
        Screen(browser_of(who), random.Random(at + 7), order=first)  # noqa: S311
        for at, who in enumerate((clinic.wu, clinic.olivia))
    ]
    dice = random.Random(3)  # noqa: S311
    for _ in range(2 * MANY):
        screen = dice.choice(screens)
        screen.act()
        if dice.random() < 0.3:
            dice.choice(screens).poll()
    for screen in screens:
        while screen.unanswered:
            screen.act()
    for screen in screens:
        screen.poll()

    kept = [str(name) for name in DraftStep.objects.order_by("seq").values_list("name", flat=True)]
    assert len(kept) == len(set(kept)) == AuditEntry.objects.filter(verb="edit_draft").count()
    assert all(kept.count(name) == 1 for screen in screens for name in screen.acknowledged)
    working = document_at(Draft.objects.get())
    assert len(list(working.names())) == len(set(working.names()))
    truth = {piece.key: piece for piece in pieces(working, all_keys(working), "en")}
    for screen in screens:
        assert (screen.order, screen.seq) == (order_of(working), Draft.objects.get().seq)
        there = {key for column in columns(screen.order) for key in column}
        shown = {key: html for key, html in screen.cells.items() if key in there}
        assert shown == {key: drawn(truth[key]) for key in shown}


def all_keys(working: WorkingDocument) -> list[str]:
    """The keys of all pieces of the grid."""
    return [key for column in columns(order_of(working)) for key in column]


def drawn(piece: Piece) -> str:
    """A piece as the page shows it."""
    return render_to_string(PIECE, {"piece": piece, "editing": True, "lang": "en"}).strip()


def columns(order: Any) -> list[list[str]]:
    """The keys of all cells of a grid in this order."""
    return [keys_of_column(column) for _stage, its in order[0]["stages"] for column in its]
