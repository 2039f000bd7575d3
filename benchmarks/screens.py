"""Somebody's page of the journey map without a browser: what it shows, what it sends, and what it has sent that nobody
has answered yet. It asks for the same again, under the same name, until it is answered, as `studio.js` does.
"""

from __future__ import annotations

import json
import random
import uuid
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

WORDS: Final = (*("thinks",) * 5, "customer", "expects", "fears", "frontstage", "title")
"""Fields of words; one of them so often that two people write it at once."""
TITLES: Final = ("Pay", "Wait", "Greet")
"""What new parts are called: so few that two people add the same at once."""
LANGUAGES: Final = ("en", "en", "en", "zh-Hant", "zh-Hans")
VERBS: Final = (
    *("write",) * 5, "clear", "feel", "feel", "mark", "move", "move", "new", "new", "remove", "step", "stage",
    "move stage", "remove stage", "undo", "undo", "redo",
)  # fmt: skip
LONGEST: Final = 1000
"""Characters of two texts that are kept."""
ANSWERED: Final = frozenset({200, 409, 410, 422})
"""Statuses that say something; after any other the same is asked for again."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told


class Line(Protocol):
    """How a page reaches the server; None where no answer came, whatever was done."""

    def get(self, address: str) -> Reply | None: ...

    def post(self, address: str, sent: dict[str, Any]) -> Reply | None: ...


@dataclass
class Screen:
    """What somebody's page shows, and what it has sent that is not answered yet."""

    line: Line
    design: str
    dice: random.Random
    draft: str = ""
    """The number of the draft that the page shows; where it is left out, that which is open."""
    seq: int = 0
    order: Any = None
    cells: dict[str, str] = field(default_factory=dict)
    values: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    unanswered: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    sent: set[str] = field(default_factory=set)
    acknowledged: list[str] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    """One's own steps that stand, by number: the last is the next to be undone."""
    undone: list[int] = field(default_factory=list)
    conflicts: int = 0
    refused: int = 0
    repeats: int = 0
    other: dict[int, int] = field(default_factory=dict)

    def _query(self) -> str:
        return f"lang=en&draft={self.draft}" if self.draft else "lang=en"

    # --- what is shown ------------------------------------------------------------------------------------------------

    def take(self, told: dict[str, Any]) -> None:
        """Show what an answer says, where it is newer than what is shown."""
        if told["seq"] <= self.seq:
            return
        self.seq, self.order = told["seq"], told["order"] or self.order
        self.cells |= {key: html for key, html, _by in told["cells"]}
        self.values |= {(target, path, lang): value for target, path, lang, value, _by in told["fields"]}

    def poll(self) -> bool:
        """Ask for what others changed; whether an answer came."""
        reply = self.line.get(f"{self.design}changes/?since={self.seq}&{self._query()}")
        if reply is None or reply.status not in {200, 204}:
            return False
        if reply.status == 200:
            self.take(reply.told)
        return True

    # --- what is asked for --------------------------------------------------------------------------------------------

    def act(self) -> None:
        """Send something new, or what was not answered again."""
        if not self.unanswered:
            self.ask(self.any_edit())
        self.send()

    def ask(self, edit: dict[str, Any]) -> None:
        """Give an edit its name; it is sent next."""
        self.unanswered.append({"name": str(uuid.UUID(int=self.dice.getrandbits(128))), **edit})
        self.asked.append(self.unanswered[-1]["name"])

    def send(self) -> Reply | None:
        """Send what waits, one after the other, as far as answers come; the last of them."""
        reply = None
        for asked in list(self.unanswered):
            self.repeats += asked["name"] in self.sent
            self.sent.add(asked["name"])
            reply = self.line.post(f"{self.design}steps/?{self._query()}", {**asked, "since": self.seq})
            if reply is None or reply.status not in ANSWERED:
                if reply is not None:
                    self.other[reply.status] = self.other.get(reply.status, 0) + 1
                return None
            self.unanswered.remove(asked)
            self._hear(asked, reply)
        return reply

    def _hear(self, asked: dict[str, Any], reply: Reply) -> None:
        told = reply.told
        if reply.status != 200:
            self.refused += 1
            if told["error"] == "web.draft_changed":
                self._keep_both(asked, told["theirs"])
            return
        if told["step"]:
            self.acknowledged.append(asked["name"])
            self._stack(asked["verb"], told["step"])
        self.take(told)

    def _keep_both(self, asked: dict[str, Any], theirs: str | None) -> None:
        """Both texts are shown; whoever was second keeps both, one below the other."""
        self.conflicts += 1
        both = "\n".join(filter(None, (theirs, asked["value"])))[-LONGEST:].strip()
        self.values[asked["target"], asked["field"], asked["lang"]] = theirs
        again = {key: value for key, value in asked.items() if key != "name"}
        self.ask({**again, "verb": "set_text" if both else "clear_text", "value": both or None, "seen": theirs})

    def _stack(self, verb: str, step: int) -> None:
        """Where somebody stands who may undo and redo."""
        if verb == "undo":
            self.undone.append(self.done.pop())
        elif verb == "redo":
            self.undone.pop()
            self.done.append(step)
        else:
            self.done.append(step)
            self.undone.clear()

    # --- any edit -----------------------------------------------------------------------------------------------------

    def any_edit(self) -> dict[str, Any]:
        """Some edit of what is on the screen, sensible or not."""
        stage, points = self.dice.choice(self.order[0]["stages"])
        points = [point for point in points if point.startswith("touchpoints:")]
        verb = self.dice.choice(VERBS)
        if verb in {"undo", "redo"}:
            return {"verb": verb}
        if "stage" in verb:
            return self._of_stages(verb, stage)
        return self._of_points(verb, stage, self.dice.choice(points)) if points else self._new(stage, "")

    def _of_stages(self, verb: str, stage: str) -> dict[str, Any]:
        journey, stages = self.order[0]["journey"], [name for name, _points in self.order[0]["stages"]]
        if verb == "stage" or (verb == "remove stage" and len(stages) < 3):
            title = {"title": {"en": self.dice.choice(TITLES)}}
            return {"verb": "add", "target": journey, "field": "stages", "value": title, "after": stage}
        after = self.dice.choice(["", *stages])
        moved = {"verb": "move", "target": stage, "around": journey, "after": after}
        return moved if verb == "move stage" else {"verb": "remove", "target": stage}

    def _of_points(self, verb: str, stage: str, point: str) -> dict[str, Any]:
        feeling, mark = self.dice.randint(-5, 5), self.dice.choice(["peak", "end", None])
        around, others = self.dice.choice(self.order[0]["stages"])
        after = self.dice.choice(["", *(each for each in others if each.startswith("touchpoints:"))])
        lane, words = self.dice.choice(["backstage", "support"]), {"text": {"en": f"Does {self._number()}"}}
        asked: dict[str, dict[str, Any]] = {
            "write": self._words(point, self.dice.choice(WORDS), f"Words {self._number()}"),
            "clear": self._words(point, self.dice.choice(WORDS[:-1]), None),
            "feel": {"verb": "set_value", "target": point, "field": "emotion.planned", "value": feeling},
            "mark": {"verb": "set_value", "target": point, "field": "designed_as", "value": mark},
            "move": {"verb": "move", "target": point, "around": around, "after": after},
            "remove": {"verb": "remove", "target": point},
            "step": {"verb": "add", "target": point, "field": lane, "value": words},
        }
        return asked[verb] if verb in asked else self._new(stage, point)

    def _words(self, point: str, path: str, text: str | None) -> dict[str, Any]:
        lang = self.dice.choice(LANGUAGES)
        verb = "set_text" if text else "clear_text"
        seen = self.values.get((point, path, lang))
        return {"verb": verb, "target": point, "field": path, "lang": lang, "value": text, "seen": seen}

    def _new(self, stage: str, after: str) -> dict[str, Any]:
        title = {"title": {"en": self.dice.choice(TITLES)}}
        return {"verb": "add", "target": stage, "field": "touchpoints", "value": title, "after": after}

    def _number(self) -> int:
        return self.dice.randrange(10**6)
