"""Two people edit one map at once while the server is killed: `python -m benchmarks.two_people [--sequences 1000]
[--pairs 4] [--database sqlite|postgres]`.

Each pair, Wu and Olivia, edits a service of its own, one sequence after the other: a draft is begun, both send some
edits at once, undo and redo among them. Connections are cut before anything, a part, or the whole was sent, or before
the answer came; what was not answered is asked for again, some of it on two connections at once. At random moments the
whole process group of the server is killed with SIGKILL and started anew. Then both screens are kept as they are, and
either everything is undone, the last step first, which must give the first document byte for byte, or the draft is
published; and now and then an older version is put into force again, which must be the same bytes as when it was made.
What was kept is looked at in the end by `benchmarks.kept_drafts`.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from benchmarks.lines import CutLine
from benchmarks.screens import WORDS, Screen
from benchmarks.serving import DOCUMENT, Installation, installation, kill, stop

SET_UP: Final = "from benchmarks.kept_drafts import set_up; set_up()"
JUDGE: Final = "from benchmarks.kept_drafts import judge; judge()"
PUBLISHED: Final = 0.3
"""The share of sequences that are published instead of undone."""
PATIENCE_S: Final = 600.0


class GivenUp(Exception):
    """The server has not answered for far too long."""


@dataclass
class Sequence:
    """What the two saw of one draft: on both screens when both had sent all, and what became of it."""

    screens: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    kills: int = 0
    began_as: str = ""
    """What was wrong with the document that the draft began with; nothing where it was as it had to be."""
    end: str = ""
    """published, undone; stuck where somebody has changed the same since so that not all could be undone."""
    ended_as: str = ""
    """Whether the document was the first one, byte for byte: same, or other."""


@dataclass
class Pair:
    """Wu and Olivia at one service."""

    service: str
    lines: list[CutLine]
    dice: random.Random
    verbs: int
    kills: Callable[[], int]
    sequences: list[Sequence] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    """The text of each version, as it was when it was made."""
    documents: dict[int, bytes] = field(default_factory=dict)
    """The document that a draft of each version begins with."""
    current: int = 1
    repeats: int = 0
    conflicts: int = 0
    other: dict[int, int] = field(default_factory=dict)

    @property
    def home(self) -> str:
        return f"/w/harbour/{self.service}/"

    def run(self, sequences: int, until: float = math.inf) -> None:
        """Edit so many drafts, one after the other; as many as begin before a moment of the clock."""
        self.texts[1] = self._text(1)
        while len(self.sequences) < sequences and time.monotonic() < until:
            self.sequences.append(self._sequence())

    def _sequence(self) -> Sequence:
        found, began = Sequence(), self.kills()
        self._until(lambda: self.lines[0].form(f"{self.home}design/begin/", {}))
        first = self._document()
        if self.documents.setdefault(self.current, first) != first:
            found.began_as = f"not as version {self.current} was"
        draft = self._shown_draft()
        screens = [
            Screen(
                line, f"{self.home}design/", self._dice(), draft=draft, order=order_in(first), values=words_in(first)
            )
            for line in self.lines
        ]
        together(*((self._edit, screen) for screen in screens))
        for screen in screens:
            self._until(screen.poll)
        found.screens = [shown_by(screen) for screen in screens]
        found.kills = self.kills() - began
        if self.dice.random() > PUBLISHED or not self._publish(found, draft):
            self._undo(found, screens, first)
        for screen in screens:
            found.asked += screen.asked
            found.acknowledged += screen.acknowledged
            self.repeats, self.conflicts = self.repeats + screen.repeats, self.conflicts + screen.conflicts
            for status, many in screen.other.items():
                self.other[status] = self.other.get(status, 0) + many
        if self.dice.random() < PUBLISHED:
            self._put_in_force(self.dice.choice(sorted(self.texts)))
        return found

    def _edit(self, screen: Screen) -> None:
        """Send some edits, each until it is answered."""
        for _ in range(self.verbs):
            screen.act()
            if screen.dice.random() < 0.3:
                screen.poll()
            time.sleep(screen.dice.uniform(0, 0.03))
        self._settle(screen)

    def _settle(self, screen: Screen) -> None:
        while screen.unanswered:
            self._until(lambda: screen.send() or (not screen.unanswered))

    def _undo(self, found: Sequence, screens: list[Screen], first: bytes) -> None:
        """Undo everything, the last step first, and end the draft."""
        found.end = "undone"
        while standing := [screen for screen in screens if screen.done]:
            last = max(standing, key=lambda screen: screen.done[-1])
            left, refused = len(last.done), last.refused
            last.ask({"verb": "undo"})
            self._settle(last)
            if last.refused > refused or len(last.done) == left:
                found.end = "stuck"
                break
        found.ended_as = "same" if self._document() == first else "other"
        self._until(lambda: self.lines[1].form(f"{self.home}design/drop/", {"draft": screens[0].draft}))

    def _publish(self, found: Sequence, draft: str) -> bool:
        """Publish the draft, and keep what the version says; whether there is one."""
        last, number = self._document(), len(self.texts) + 1
        self._until(lambda: self.lines[0].form(f"{self.home}design/publish/", {"draft": draft}))
        made = self._until(lambda: self.lines[1].get(f"{self.home}versions/{number}/"))
        if made.status == 200:
            self.texts[number], self.documents[number], self.current = made.body.decode(), last, number
            found.end = "published"
        ended = (
            self._until(lambda: self.lines[0].get(f"{self.home}design/changes/?since=0&draft={draft}")).status == 410
        )
        if ended and not found.end:
            found.end, found.ended_as = "undone", "same"  # nothing differed from the version in force
        return bool(ended)

    def _shown_draft(self) -> str:
        """The number of the draft, as the page carries it."""
        page = self._until(lambda: self.lines[1].get(f"{self.home}design/")).body.decode()
        return page.partition('data-draft="')[2].partition('"')[0]

    def _put_in_force(self, number: int) -> None:
        self._until(lambda: self.lines[0].form(f"{self.home}versions/{number}/in-force/", {}))
        self.current = number

    def _document(self) -> bytes:
        """The draft as a file."""
        return self._until(lambda: self.lines[0].get(f"{self.home}design/draft.json")).body

    def _text(self, number: int) -> str:
        return self._until(lambda: self.lines[1].get(f"{self.home}versions/{number}/")).body.decode()

    def changed_versions(self) -> int:
        """How many versions read otherwise than when they were made."""
        return sum(self._text(number) != text for number, text in self.texts.items())

    def _until(self, ask: Callable[[], Any]) -> Any:
        """Ask until an answer comes."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            if reply := ask():
                return reply
            time.sleep(self.dice.uniform(0.02, 0.15))
        raise GivenUp

    def _dice(self) -> random.Random:
        return random.Random(self.dice.getrandbits(64))


def order_in(document: bytes) -> Any:
    """The stages of each journey with their columns, by name, as the page of a document has them."""
    return [
        {
            "journey": f"journeys:{journey['id']}",
            "stages": [
                [name := f"stages:{stage['id']}",
                 [f"touchpoints:{point['id']}" for point in stage.get("touchpoints", ())] or [f"{name}/empty"]]
                for stage in journey.get("stages", ())
            ],
        }
        for journey in json.loads(document)["journeys"]
    ]  # fmt: skip


def words_in(document: bytes) -> dict[tuple[str, str, str], Any]:
    """The words of each touchpoint, by its name, field and language, as they stand in a document."""
    points = [
        point
        for journey in json.loads(document)["journeys"]
        for stage in journey.get("stages", ())
        for point in stage.get("touchpoints", ())
    ]
    return {
        (f"touchpoints:{point['id']}", path, lang): words
        for point in points
        for path in set(WORDS)
        for lang, words in (point[path].items() if isinstance(point.get(path), dict) else ())
    }


def shown_by(screen: Screen) -> dict[str, Any]:
    """A screen as plain data."""
    values = [[*key, value] for key, value in screen.values.items()]
    return {"seq": screen.seq, "order": screen.order, "cells": dict(screen.cells), "values": values}


def together(*work: tuple[Any, ...]) -> None:
    """Do several things at once, each with what is given to it; raises what one of them raised."""
    raised: list[BaseException] = []

    def one(do: Callable[..., None], *given: Any) -> None:
        try:
            do(*given)
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=one, args=each, daemon=True) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


@dataclass(frozen=True)
class Plan:
    """How many pairs edit how many drafts together, with how many verbs of each of the two, and how often the server is
    killed.
    """

    pairs: int
    sequences: int
    verbs: int
    seed: int
    every_s: float
    longest_s: float = math.inf
    """After so long no further draft is begun."""
    most_kills: float = math.inf


def torment(installed: Installation, plan: Plan) -> tuple[list[Pair], int, int]:
    """Let the pairs edit while the server is killed again and again; the pairs, the kills, and how many versions read
    otherwise in the end.
    """
    pairs, seed = plan.pairs, plan.seed
    chance, kills = random.Random(seed), 0
    made = json.loads(installed.python(SET_UP, str(DOCUMENT), str(pairs)).splitlines()[-1])
    people = [
        Pair(
            service,
            [CutLine(installed.port, session, random.Random(seed + 7 * at + who)) for who, session in enumerate(keys)],
            random.Random(seed + 101 * at), plan.verbs, lambda: kills,
        )
        for at, (service, keys) in enumerate(made)
    ]  # fmt: skip
    share = [plan.sequences // pairs + (at < plan.sequences % pairs) for at in range(pairs)]
    installed.extra["PEAKEND_WORKER"] = "0"
    server, over, until = installed.start(), threading.Event(), time.monotonic() + plan.longest_s

    def edit() -> None:
        try:
            together(*((pair.run, many, until) for pair, many in zip(people, share, strict=True)))
        finally:
            over.set()

    editing = threading.Thread(target=edit, daemon=True)
    editing.start()
    try:
        while not over.is_set():
            people[0].lines[0].wait_until_served()
            if over.wait(chance.uniform(0.2, 2 * plan.every_s) if kills < plan.most_kills else None):
                break
            kill(server)
            kills += 1
            server = installed.start()
            if sys.stderr.isatty():
                print(f"\r{kills} kills, {sum(len(each.sequences) for each in people)} drafts", end="", file=sys.stderr)
        editing.join()
        changed = sum(pair.changed_versions() for pair in people)
    finally:
        stop(server)
    return people, kills, changed


def report(installed: Installation, people: list[Pair], kills: int, changed: int) -> int:
    """Print what was found; the number of things that are not as promised."""
    every = [sequence for pair in people for sequence in pair.sequences]
    file = installed.data / "seen.json"
    seen = {pair.service: [asdict(sequence) for sequence in pair.sequences] for pair in people}
    file.write_text(json.dumps(seen), encoding="utf-8")
    found = json.loads(installed.python(JUDGE, str(file)).splitlines()[-1])
    ends = {end: sum(each.end == end for each in every) for end in ("undone", "stuck", "published")}
    other: dict[int, int] = {}
    for pair in people:
        other |= {status: other.get(status, 0) + many for status, many in pair.other.items()}
    print(
        f"{len(every)} drafts of two people, {sum(each.kills > 0 for each in every)} of them while the server was killed "
        f"({kills} kills); {found['steps']} steps, {sum(len(each.acknowledged) for each in every)} acknowledged; "
        f"{sum(pair.repeats for pair in people)} asked for again, {sum(pair.conflicts for pair in people)} clashes shown; "
        f"other statuses {other}"
    )
    print(
        f"undone to the first document {sum(each.ended_as == 'same' for each in every)} of {ends['undone']}, not all could be "
        f"undone {ends['stuck']}, for somebody had changed the same since; published {ends['published']}, "
        f"{sum(len(pair.texts) for pair in people)} versions, of which {changed} read otherwise in the end"
    )
    began = [each.began_as for each in every if each.began_as]
    print(
        f"restored to other bytes {len(began)}; " + "; ".join(f"{name} {many}" for name, many in found["wrong"].items())
    )
    for line in found["told"][:20]:
        print(f"  {line}")
    unlike = sum(each.end == "stuck" or each.ended_as not in {"", "same"} for each in every) - found["out_of_order"]
    return unlike + changed + len(began) + sum(found["wrong"].values())


def main() -> int:
    """Torment, then judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=4)
    parser.add_argument("--verbs", type=int, default=6, help="edits of each of the two in a sequence")
    parser.add_argument("--every", type=float, default=6.0, help="seconds between kills, in the middle")
    parser.add_argument("--minutes", type=float, default=math.inf, help="after which no further draft is begun")
    parser.add_argument("--seed", type=int, default=20261201)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    asked = parser.parse_args()
    with installation(asked.database) as installed:
        plan = Plan(asked.pairs, asked.sequences, asked.verbs, asked.seed, asked.every, 60 * asked.minutes)
        people, kills, changed = torment(installed, plan)
        return report(installed, people, kills, changed)


if __name__ == "__main__":
    raise SystemExit(main())
