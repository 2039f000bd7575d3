"""What pages of the design post, with something in it that nobody sends in good faith."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from peakend_web.design.faces import FACES
from tests.web.conftest import OUTPATIENT

PARTS: Final = (
    "touchpoints:wait", "touchpoints:register", "stages:arrive", "stages:consult", "journeys:visit", "document:",
    "stakeholders:head-nurse", "segments:purpose", "values:purpose/check-up", "items:after-visit/why",
    "surveys:after-visit", "rules:low-recommend", "touchpoints:gone", "personas:gone", "failures:gone", "a:b/c",
    ":", "last",
)  # fmt: skip
FIELDS: Final = (
    "title", "thinks", "customer", "emotion", "emotion.planned", "takes.minutes", "moment_of_truth", "standards",
    "moment_of_truth.thinks", "frontstage", "promises", "owner", "fails", "touchpoints", "stages", "languages",
    "personas", "segment.purpose", "strategy.for_whom", "strategy.personas", "contact_limits.per_month", "exchanges",
    "needs", "id", "service", "peakend", "wait.typical_minutes", "designed_as", "segments",
    "indicators", "weights.x", "no_such", ".",
)  # fmt: skip
VERBS: Final = (
    "set_text", "clear_text", "set_value", "add", "remove", "move", "link", "unlink", "undo", "redo", "restore", "eval",
)  # fmt: skip
VALUES: Final[tuple[Any, ...]] = (
    None, True, 0, -6, 1.5, 10**14, 2**64, "", "Pay", "peak", "x" * 4_001, "\ufffe", "\u202e", "a\x00", [], ["wait"],
    {}, ["en"], {"en": "Pay"}, {"xx": "y"}, {"title": {"en": "Pay"}}, {"id": "wait", "title": {"en": "x"}},
    {"en": ["x"]}, [{"id": "x", "text": {"en": "y"}}], {"minutes": -1},
    [[[[[]]]]], "2024-02-30", {"planned": 3}, {"$": "{{7*7}}"},
)  # fmt: skip
NAME: Final = "0b7e2c1e-4a7e-4d59-9d3e-2f1d5d6c7a8b"
BEGUN: Final = {
    "centre": "Pay", "before": "Wait −3\nAsk", "after": "Leave", "hurts": "Pay", "peak": "Pay", "end": "Leave",
    "name": "Shop", "for_whom": "Families", "sites": "East\nWest", "languages": "en", "token": NAME, "template": "",
}  # fmt: skip
POSTED: Final[Mapping[str, tuple[Mapping[str, str], ...]]] = {
    "design/edit/": (
        {"do": "add", "part": "stages:arrive", "title": "Pay", "token": NAME},
        {"do": "rename", "part": "touchpoints:wait", "title": "Queue"},
        {"do": "move", "part": "touchpoints:wait", "place": "stages:consult|touchpoints:consult"},
        {"do": "remove", "part": "touchpoints:register"},
    ),
    "design/publish/": ({"note": "New", "beside": "1", "draft": "1"}, {"note": ""}),
    "design/undo/": ({"redo": "1", "face": "ring"},),
    "remarks/make/": ({"part": "touchpoints:wait", "field": "thinks", "words": "Why?", "token": NAME},),
    "remarks/<int:remark>/": ({"do": "resolve"}, {"do": "erase"}, {"do": "reopen"}),
    "versions/links/": (
        {"reader": "The board", "until": "2026-12-31", "version": "1", "words": "on", "people": "on", "scores": "on"},
    ),
    "services/begin/": (BEGUN, {**BEGUN, "template": "hotel", "centre": "", "before": "", "after": ""}),
    "services/begin/preview/": (BEGUN, {"steps": "# Arrive\nPark +2\n# Leave\nPay"}),
    "import/": ({"file": OUTPATIENT}, {"file": "stage,step\nArrive,Park\n,Pay"}, {"file": "journey\n  Pay: 3: Me"}),
    "design/faces/edit/": (
        {"part": "touchpoints:wait", "title": "Lost", "name": "Mrs Lin", "text": "In ten minutes", "said": "How long?",
         "side": "outside", "lens": "time", "touchpoint": "wait", "since": "2026-01-01", "start": "express-12",
         "list": "standards", "functional": "a", "dysfunctional": "b", "industry": "c", "practice": "d", "to": "x",
         "token": NAME},
    ),
    "/": (
        {"title": "Queue", "was-title": "Wait to be called", "thinks": "Why?", "was-thinks": "",
         "emotion-planned": "-3", "was-emotion-planned": "", "keep": "both:title",
         "theirs-title": "Line", "go": "zh-Hans", "rescue": "1",
         "designed_as": "peak", "was-designed_as": "", "new-standards": "At once",
         "was-new-standards": "", "token": NAME},
    ),
}  # fmt: skip
"""What is posted in good faith, by the end of the address; the last is what forms of parts post."""
DOING: Final = tuple(sorted({do for face in FACES.values() for do in (*face.changes, "remove")}))


def is_of_the_design(pattern: str) -> bool:
    """Whether pages of the design post to an address."""
    return "/design/" in pattern or pattern.endswith(("services/begin/", "/preview/", "/import/", "/links/"))


def posted(chance: random.Random, pattern: str, odd: tuple[bytes, ...]) -> tuple[str, bytes]:
    """A body for an address of the design, of which a value or two is another than it should be."""
    if pattern.endswith("design/steps/"):
        return "application/json", _step(chance)
    kind = "design/faces/edit/" if "/faces/" in pattern and pattern.endswith("/edit/") else pattern
    known = next((forms for end, forms in POSTED.items() if kind.endswith(end)), POSTED["/"])
    form = {name: value.encode() for name, value in chance.choice(known).items()}
    if kind == "design/faces/edit/":
        form["do"] = chance.choice(DOING).encode()
    for _ in range(chance.choice((0, 1, 1, 2))):
        form[chance.choice(sorted(form))] = chance.choice((*odd, *(part.encode() for part in PARTS)))
    return _file(chance, form["file"]) if "file" in form else _form(form)


def _form(form: Mapping[str, bytes]) -> tuple[str, bytes]:
    sent = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in form.items())
    return "application/x-www-form-urlencoded", sent.encode()


def _file(chance: random.Random, held: bytes) -> tuple[str, bytes]:
    name = chance.choice(("a.yaml", "a.json", "a.csv", "a.mmd", "a.xlsx", "../a", "a.txt\x00", ""))
    data = chance.choice((held, held, b"PK\x03\x04" + held, held.decode(errors="replace").encode("utf-16"), held * 40))
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return "multipart/form-data; boundary=b", head.encode() + data + b"\r\n--b--\r\n"


def _step(chance: random.Random) -> bytes:
    """An edit as the map sends it."""
    sent: dict[str, Any] = {
        "name": f"{chance.getrandbits(128):032x}",
        "verb": chance.choice(VERBS),
        "target": chance.choice(PARTS),
        "field": chance.choice(FIELDS),
        "lang": chance.choice(("en", "zh-Hant", None, "", "xx")),
        "value": chance.choice(VALUES),
        "since": chance.choice((0, 1, -1, 10**9, "1", None)),
    }
    more = {"seen": VALUES, "after": PARTS, "around": PARTS}
    sent |= {name: chance.choice(values) for name, values in more.items() if chance.random() < 0.3}
    if chance.random() < 0.2:
        sent[chance.choice(sorted(sent))] = chance.choice(VALUES)
    return json.dumps(sent).encode()
