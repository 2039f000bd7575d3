"""Requests that nobody sends in good faith, generated from the declared addresses: any verb, anybody, and values that
trouble programs.

A request is data, so that one that fails can be made smaller until nothing more can be left out, and be printed.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote

from tests.web.base.hostile_design import PARTS, is_of_the_design, posted
from tests.web.conftest import OUTPATIENT

Value = bytes

WORDS: Final[tuple[Value, ...]] = (
    b"", b" ", b"0", b"-1", b"1", b"00", b"1.5", b"1e308", b"1e999", b"-0", b"9" * 19, b"9" * 20, b"9" * 400,
    b"9" * 5_000, b"0x10", b"1_000", b"null", b"true", b"nan", b"inf", b"-inf", b"undefined", b"\x00", b"a\x00b",
    b"\xff\xfe", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe4\xbd", "９".encode(), "٣".encode(),
    "İ".encode(), "ﬀ".encode(), "\u202e\u200b".encode(), "😀".encode() * 40, "é".encode(), "e\u0301".encode(),
    b"a" * 300, b"a" * 9_000, b"0001-01-01", b"9999-12-31", b"0000-00-00", b"2024-02-30", b"2024-13-01",
    b"2024-06-01", b"10000-01-01", b"-0001-01-01", b"2024-06-01T25:00:00Z", b"9999-12-31T23:59:59Z",
    b"0001-01-01T00:00:00+14:00", b"../../etc/passwd", b"..", b".", b"/", b"//evil.example/", b"%", b"%s%n", b"{}",
    b"{0}", b"{x.__class__}", b"${7*7}", b"{{ 7 }}", b"<script>alert(1)</script>", b"'; DROP TABLE x --", b'"',
    b"\\", b"*", b",", b",,", b"site,site", b"site", b"site,language", b"text", b"value", b"response", b"customer",
    b"at", b"at_us", b"day", b"seq", b"id", b"segments", b"__class__", b"_part", b"main", b"nps", b"csat", b"word",
    b"zh-hant", b"xx", b"\r\nX-Evil: 1", b"\n", b"\t", b"a\x7f\x1b[31m", b"on", b"east", b"recommend", b"wait",
    b"overall", b"why", b"blueprint", b"ring", b"A1", b"A4", b"all", b"touchpoints:wait", b"stages:arrive",
    b"\xef\xbf\xbe",
)  # fmt: skip
NAMES: Final = (
    "by", "page", "from", "to", "site", "channel", "language", "purpose", "value", "text", "response", "customer",
    "measure", "journey", "light", "shape", "group", "of", "part", "across", "at", "lang", "draft", "new", "next",
    "was", "code", "conf", "seed", "rev", "source", "key", "delivery", "wave", "touchpoint", "item", "q", "o", "p",
    "all", "e", "_popup", "_to_field", "view", "lanes", "paper", "scores", "sheets", "sheet", "slide", "since",
    "people", "plain", "bye", "panel", "beside", "worth",
)  # fmt: skip
FIELDS: Final = (
    "email", "password", "current", "code", "name", "workspace", "timezone", "samples", "role", "sites", "label",
    "site", "channel", "touchpoint", "item", "wave", "text", "file", "note", "language", "next", "done", "send",
    "response", "rev", "place", "scope", "recommend", "overall", "why", "lang", "draft", "address", "source",
    "source_key", "delivery", "least_cell", "action", "_selected_action", "resets_after", "base", "confirm",
)  # fmt: skip
HEADERS: Final = (
    "Accept", "Accept-Language", "Accept-Encoding", "Authorization", "Cookie", "X-Forwarded-For",
    "X-Forwarded-Proto", "X-Forwarded-Host", "Host", "Origin", "Referer", "Range", "If-Modified-Since",
    "If-None-Match", "If-Range", "Idempotency-Key", "X-HTTP-Method-Override", "HX-Request", "HX-Current-URL",
    "HX-Target", "User-Agent", "X-CSRFToken", "X-Requested-With", "Content-Encoding", "Transfer-Encoding",
)  # fmt: skip
JUNK: Final = (
    b"unknown", b"1.2.3.4, unknown", b"bytes=0-", b"bytes=9-1,5", b"Basic \xff", b"Bearer ", b"DELETE", b"gzip;q=x",
    b"zh-Hant;q=9,,;", b"sessionid", b"a=b;;=", b"W/", b"https://[", b"http://evil.example", b"//",
    b"Thu, 99 Foo 0000",
)  # fmt: skip
KINDS: Final = (
    "application/x-www-form-urlencoded", "application/json", "application/x-ndjson",
    "multipart/form-data; boundary=b", "multipart/form-data", "multipart/form-data; boundary=" + "b" * 300,
    "text/plain", "text/yaml", "application/octet-stream", "application/json; charset=utf-99",
    "application/x-www-form-urlencoded; charset=utf-16", "", "image/png", "/", "multipart/mixed; boundary=b",
    *(f"text/plain; charset={codec}" for codec in ("hex", "base64", "rot13", "zip", "punycode")),
    *(f"text/plain; charset={codec}" for codec in ("idna", "undefined", "utf-7", "unicode_escape")),
    *(f"application/x-www-form-urlencoded; charset={codec}" for codec in ("hex", "undefined", "idna")),
    *(f"application/x-www-form-urlencoded; charset={codec}" for codec in ("utf-16", "utf-8")),
)  # fmt: skip
VERBS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW")
DOCUMENTED: Final = frozenset(
    {200, 204, 206, 301, 302, 303, 304, 400, 401, 403, 404, 405, 409, 410, 413, 416, 422, 429}
)
"""What a reply may be; and 503 where it says when to come again."""


@dataclass(frozen=True)
class Hostile:
    """One request."""

    who: str
    verb: str
    path: str
    query: tuple[tuple[str, Value], ...] = ()
    headers: tuple[tuple[str, Value], ...] = ()
    kind: str = ""
    body: bytes = b""

    @property
    def where(self) -> str:
        """The path with its query, percent-encoded."""
        asked = "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in self.query)
        return f"{self.path}?{asked}" if asked else self.path

    def __str__(self) -> str:
        body = repr(self.body) if len(self.body) < 2_000 else f"{self.body[:400]!r} … {len(self.body)} bytes"
        return f"{self.who}: {self.verb} {self.where[:600]}\n  headers {self.headers}\n  {self.kind} {body}"


@dataclass(frozen=True)
class World:
    """What requests are made of: the addresses with their verbs, what they may name, and who may ask."""

    addresses: tuple[tuple[str, tuple[str, ...]], ...]
    values: dict[str, Any]
    people: tuple[str, ...]
    keys: tuple[str, ...]
    secrets: dict[str, str]


def requests(world: World, seed: int) -> Iterator[Hostile]:
    """Requests without an end, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311
    while True:
        yield _request(world, chance)


def smaller(request: Hostile) -> Iterator[Hostile]:
    """The same request with something left out."""
    for name in ("headers", "query"):
        parts = getattr(request, name)
        for at in range(len(parts)):
            yield replace(request, **{name: (*parts[:at], *parts[at + 1 :])})
    if request.body:
        yield replace(request, body=b"")
        half = len(request.body) // 2
        yield from (replace(request, body=request.body[:half]), replace(request, body=request.body[half:]))
    if b"\n" in request.body:
        lines = request.body.split(b"\n")
        yield from (
            replace(request, body=b"\n".join((*lines[:at], *lines[at + 1 :]))) for at in range(min(len(lines), 60))
        )


def smallest(request: Hostile, fails: Callable[[Hostile], bool]) -> Hostile:
    """What is left where nothing more can be left out without the failure going away."""
    for _ in range(200):
        following = next((each for each in smaller(request) if fails(each)), None)
        if following is None:
            return request
        request = following
    return request


# --- one request ------------------------------------------------------------------------------------------------------


def _request(world: World, chance: random.Random) -> Hostile:
    pattern, verbs = chance.choice(world.addresses)
    if pattern.startswith("support/") and chance.random() < 0.7:
        pattern, verbs = chance.choice(world.addresses)
    who = _who(world, chance, pattern, verbs)
    verb = chance.choice(verbs) if chance.random() < 0.93 else chance.choice(VERBS)
    if verb == "GET" and chance.random() < 0.1:
        verb = "HEAD"
    request = Hostile(who, verb, _path(world, chance, pattern), _query(chance), _headers(chance))
    if verb == "GET" and chance.random() < 0.05:
        request = replace(request, kind=chance.choice(KINDS))
    if verb in {"POST", "PUT", "PATCH"} or chance.random() < 0.05:
        kind, body = chance.choice(BODIES)(world, chance, pattern)
        kind = kind if chance.random() < 0.9 else chance.choice(KINDS)
        return replace(request, kind=kind, body=_damaged(chance, body))
    return request


def _who(world: World, chance: random.Random, pattern: str, verbs: tuple[str, ...]) -> str:
    """Mostly somebody who may, for whoever may not meets the door alone."""
    if chance.random() < 0.25:
        return chance.choice((*world.people, *world.keys))
    if pattern.startswith("api/"):
        return next(each for each in world.keys if each.startswith("read" if verbs == ("GET",) else "write"))
    return "staff" if pattern.startswith("support/") else chance.choice(("owner", "owner", "manager", "analyst"))


def _path(world: World, chance: random.Random, pattern: str) -> str:
    if chance.random() < 0.03:
        return "/" + "/".join(quote(chance.choice(WORDS), safe="") for _ in range(chance.randint(1, 4)))

    def filled(found: re.Match[str]) -> str:
        known = str(world.values.get(found[1], "no-such")).encode()
        if found[1] in {"part", "aim"} and chance.random() < 0.5:
            known = chance.choice(PARTS).encode()
        return quote(known if chance.random() < 0.85 else chance.choice(WORDS) or b"x", safe="")

    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", filled, pattern)
    return (
        path
        if chance.random() < 0.97
        else path.rstrip("/") + chance.choice(("", "/", "//", "/%2e%2e/", "%00", "%0a", ".json", "?", ";x=y"))
    )


def _query(chance: random.Random) -> tuple[tuple[str, Value], ...]:
    many = chance.choice((0, 0, 0, 1, 1, 2, 3))
    asked = [(chance.choice(NAMES), chance.choice(WORDS)) for _ in range(many)]
    return tuple(asked * chance.choice((1, 1, 1, 2)))


def _headers(chance: random.Random) -> tuple[tuple[str, Value], ...]:
    many = chance.choice((0, 0, 0, 0, 1, 2))
    return tuple(
        (chance.choice(HEADERS), chance.choice(JUNK if chance.random() < 0.6 else WORDS).replace(b"\r\n", b"")[:8_000])
        for _ in range(many)
    )


def _damaged(chance: random.Random, body: bytes) -> bytes:
    if chance.random() < 0.8 or not body:
        return body
    at = chance.randrange(len(body))
    return chance.choice(
        (body[:at], body[:at] + b"\xff" + body[at:], body[:at] + b"\x00" + body[at + 1 :], body[at:], body * 2)
    )


# --- bodies -----------------------------------------------------------------------------------------------------------

Made = tuple[str, bytes]


def _form(world: World, chance: random.Random, pattern: str) -> Made:
    del world, pattern
    fields = chance.sample(FIELDS, chance.randint(1, 12))
    return KINDS[0], "&".join(
        f"{name}={quote(chance.choice(WORDS), safe='')}" for name in fields for _ in range(chance.choice((1, 1, 2)))
    ).encode()


def _multipart(world: World, chance: random.Random, pattern: str) -> Made:
    del world, pattern
    parts = []
    for name in chance.sample(FIELDS, chance.randint(1, 5)):
        file = (
            b'; filename="' + chance.choice(WORDS)[:300].replace(b"\r\n", b"") + b'"' if chance.random() < 0.4 else b""
        )
        content = b"\r\nContent-Type: " + chance.choice(KINDS).encode() if chance.random() < 0.4 else b""
        value = chance.choice((chance.choice(WORDS), _text(chance)))
        parts.append(
            b'--b\r\nContent-Disposition: form-data; name="'
            + name.encode()
            + b'"'
            + file
            + content
            + b"\r\n\r\n"
            + value
            + b"\r\n"
        )
    return KINDS[3], b"".join(parts) + chance.choice(
        (b"--b--\r\n", b"--b--\r\n", b"", b"--b", b"--b\r\nContent-Disposition: x\r\n\r\n")
    )


def _document(world: World, chance: random.Random, pattern: str) -> Made:
    del world, pattern
    return KINDS[0], b"text=" + quote(_text(chance), safe="").encode()


def _text(chance: random.Random) -> bytes:
    """A service document in which something is misspelt, missing or absurd."""
    lines = OUTPATIENT.split("\n")
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(lines))
        lines[at] = chance.choice(DAMAGES)(chance, lines[at])
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _misspelt(chance: random.Random, line: str) -> str:
    keys = re.findall(r"(\w+):", line)
    return (
        line.replace(
            f"{chance.choice(keys)}:", chance.choice(("kidn:", "iid:", "1:", "null:", "[]:", "? :", ":", "<<:")), 1
        )
        if keys
        else line + "x"
    )


def _absurd(chance: random.Random, line: str) -> str:
    value = chance.choice(
        (
            "1e400",
            ".inf",
            "-1",
            "9" * 400,
            "null",
            "[]",
            "{}",
            "[[[]]]",
            "true",
            "!!python/object:x y",
            "&a [*a]",
            "*a",
            "|",
            "'",
            "2024-13-01",
            "0x",
            "～",
            "\U0001f600",
        )
    )
    return re.sub(r": ([^,{}\[\]]+)", f": {value}", line, count=1)


DAMAGES: Final[tuple[Callable[[random.Random, str], str], ...]] = (
    _misspelt, _misspelt, _absurd, _absurd, lambda *_: "", lambda _, line: "   " + line, lambda _,
    line: line + "\n" + line, lambda chance, line: line[: chance.randint(0, len(line))],
)  # fmt: skip


def _answers(world: World, chance: random.Random, pattern: str) -> Made:
    del world, pattern
    answer: dict[str, Any] = {"field": "recommend", "value": 9, "revision": 1}
    sent: dict[str, Any] = {"key": "a-key-of-mine", "response": "mrs-lin-0123456789", "answers": [answer]}
    return KINDS[1], _json(chance, sent, answer)


def _rows(world: World, chance: random.Random, pattern: str) -> Made:
    del world, pattern
    lines = []
    for _ in range(chance.choice((1, 1, 2, 5))):
        row: dict[str, Any] = {
            "response": "r1",
            "item": "recommend",
            "construct": "nps",
            "role": "score",
            "value": 9,
            "low": 0,
            "high": 10,
            "at": "2024-06-01T10:00:00Z",
            "source": "s",
            "source_key": "k1",
            "kind": "arrive",
            "visit": "v1",
            "revision": 0,
        }
        row |= {} if chance.random() < 0.8 else {chance.choice(WORDS).decode("utf-8", "replace"): chance.choice(ODD)}
        lines.append(_json(chance, row, row))
    return KINDS[2], b"\n".join(lines)


ODD: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1.5, 2**53, 2**63, 2**64, 10**400, -(10**400), 1e308, float("nan"), float("inf"), "", " ",
    "\x00", "a\x00", "\ud800", "😀" * 50, "x" * 9_000, "9999-12-31T23:59:59Z", "0001-01-01", "10000-01-01",
    "2024-02-30", "score", "no_such", [], {}, [1], {"a": 1}, [[[[]]]], "NaN", "1e5", "site", "_part",
)  # fmt: skip


def _json(chance: random.Random, whole: dict[str, Any], part: dict[str, Any]) -> bytes:
    for _ in range(chance.choice((0, 1, 1, 2))):
        where = chance.choice((whole, part))
        where[
            chance.choice(
                (
                    *where,
                    "extra",
                    "at_us",
                    "until_us",
                    "day",
                    "weight",
                    "state",
                    "text",
                    "not_used",
                    "ago",
                    "done",
                    "lang",
                    "place",
                    "segments",
                )
            )
        ] = chance.choice(ODD)
    if chance.random() < 0.1 and whole is not part:
        return chance.choice(
            (
                b"[" * 100_000,
                b"{",
                b"null",
                b"[]",
                b'"x"',
                b"\xef\xbb\xbf{}",
                b'{"a":' * 5_000,
                b"1" * 10_000,
                b"",
                b'{"key":"\\ud800"}',
            )
        )
    return json.dumps(whole).encode()


def _fitting(world: World, chance: random.Random, pattern: str) -> Made:
    """What is posted to this address in good faith, but for what is wrong with it."""
    if pattern.startswith("api/"):
        return _rows(world, chance, pattern)
    if pattern.endswith("answers"):
        return _answers(world, chance, pattern)
    if is_of_the_design(pattern):
        return posted(chance, pattern, WORDS)
    return (_document if pattern.endswith("new/") else _form)(world, chance, pattern)


BODIES: Final[tuple[Callable[[World, random.Random, str], Made], ...]] = (
    _fitting,
    _fitting,
    _form,
    _multipart,
    _answers,
)
