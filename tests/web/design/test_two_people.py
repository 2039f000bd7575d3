"""Wu and Olivia edit one map at once, with answers that are late, lost or asked for twice, and with a server that is
killed: in the end both screens show what the draft says, and every step that was acknowledged is there once.

PEAKEND_TWO_PEOPLE=500 does as many verbs of each (`make two-people`, which goes on with a thousand drafts while the
server is killed).
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import dataclass
from typing import Any, Final

import pytest
from benchmarks.screens import Reply, Screen
from benchmarks.serving import Installation
from benchmarks.two_people import Plan, report, torment
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
DRAFTS: Final = 4


@dataclass
class LossyLine:
    """A line to the application in this process, on which one answer in five is lost."""

    client: Client
    dice: random.Random

    def get(self, address: str) -> Reply | None:
        reply = self.client.get(address)
        return Reply(reply.status_code, reply.content)

    def post(self, address: str, sent: dict[str, Any]) -> Reply | None:
        reply = self.client.post(address, json.dumps(sent), content_type="application/json")
        assert reply.status_code in {200, 409, 410, 422}
        return None if self.dice.random() < 0.2 else Reply(reply.status_code, reply.content)


def test_in_the_end_both_screens_show_what_the_draft_says_and_every_acknowledged_step_is_there_once(
    clinic: Clinic,
) -> None:
    draft = drafts.open_draft(actor=clinic.wu, service=clinic.service)
    first = order_of(document_at(draft))
    screens = [
        Screen(LossyLine(browser_of(who), dice), DESIGN, dice, order=first)
        for who, dice in ((clinic.wu, random.Random(7)), (clinic.olivia, random.Random(8)))  # noqa: S311
    ]
    dice = random.Random(3)  # noqa: S311
    for _ in range(2 * MANY):
        screen = dice.choice(screens)
        screen.act()
        if dice.random() < 0.3:
            dice.choice(screens).poll()
    for screen in screens:
        while screen.unanswered:
            screen.send()
    for screen in screens:
        screen.poll()

    kept = [str(name) for name in DraftStep.objects.order_by("seq").values_list("name", flat=True)]
    assert len(kept) == len(set(kept)) == AuditEntry.objects.filter(verb="edit_draft").count()
    acknowledged = [name for screen in screens for name in screen.acknowledged]
    assert {kept.count(name) for name in acknowledged} == {1}
    working = document_at(Draft.objects.get())
    truth = {piece.key: piece for piece in pieces(working, all_keys(working), "en")}
    for screen in screens:
        assert (screen.order, screen.seq) == (order_of(working), Draft.objects.get().seq)
        there = {key for column in columns(screen.order) for key in column}
        shown = {key: html for key, html in screen.cells.items() if key in there}
        assert shown == {key: drawn(truth[key]) for key in shown}


@pytest.mark.apart
def test_a_killed_server_and_cut_connections_lose_no_step_of_two_people_and_undoing_all_gives_the_first_bytes(
    installed: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    people, kills, changed = torment(
        installed, Plan(pairs=2, sequences=DRAFTS, verbs=6, seed=11, every_s=0.8, most_kills=1)
    )
    wrong = report(installed, people, kills, changed)
    assert wrong == 0, capsys.readouterr().out
    assert sum(len(pair.sequences) for pair in people) == DRAFTS


def all_keys(working: WorkingDocument) -> list[str]:
    """The keys of all pieces of the grid."""
    return [key for column in columns(order_of(working)) for key in column]


def drawn(piece: Piece) -> str:
    """A piece as the page shows it."""
    return render_to_string(PIECE, {"piece": piece, "editing": True, "lang": "en"}).strip()


def columns(order: Any) -> list[list[str]]:
    """The keys of all cells of a grid in this order."""
    return [keys_of_column(column) for _stage, its in order[0]["stages"] for column in its]
